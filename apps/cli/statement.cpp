#include "adapters/statements/camt_bank_day.h"
#include "adapters/statements/fields.h"
#include "adapters/statements/provider_file.h"
#include "apps/cli/io.h"
#include "base/text.h"
#include <CLI/CLI.hpp>
#include <iostream>
#include <nlohmann/json.hpp>

namespace cho40::cli {
namespace {

using Json = nlohmann::ordered_json;
using statements::CamtAmount;
using statements::CamtCharges;
using statements::CamtDirection;
using statements::CamtEntry;
using statements::CamtMessage;
using statements::CamtStatement;
using statements::CamtTransaction;

char const* text_of(CamtDirection direction) { return direction == CamtDirection::credit ? "CRDT" : "DBIT"; }

Json or_null(std::string const& text) { return text.empty() ? Json() : Json(text); }

// Amounts are texts: a JSON number may become a float on the way.
void put_amount(Json& json, CamtAmount const& amount)
{
    json["amount"] = amount.value.to_string();
    json["currency"] = amount.currency;
    if (amount.currency != "VND") return;
    if (auto const dong = amount.value.to_dong()) json["amount_vnd"] = dong->count();
}

void put_date(Json& json, char const* day, char const* time, std::optional<statements::CamtDate> const& date)
{
    json[day] = date ? Json(date->text.substr(0, 10)) : Json();
    if (date && date->at) json[time] = to_rfc3339(*date->at);
}

std::string joined(std::vector<std::string> const& parts)
{
    std::string text;
    for (auto const& part : parts) text += part;
    return std::string(trim(text));
}

Json charges_json(CamtCharges const& charges)
{
    auto list = Json::array();
    for (auto const& charge : charges.records) {
        Json json;
        if (charge.amount) put_amount(json, *charge.amount);
        json["direction"] = text_of(charge.direction.value_or(CamtDirection::debit));
        json["included"] = charge.included ? Json(*charge.included) : Json();
        json["kind"] = or_null(charge.kind);
        json["bearer"] = or_null(charge.bearer);
        list.push_back(std::move(json));
    }
    return list;
}

Json total_json(std::optional<CamtAmount> const& amount)
{
    Json json;
    if (amount) put_amount(json, *amount);
    return json;
}

Json transaction_json(CamtEntry const& entry, CamtTransaction const& tx)
{
    Json json;
    if (tx.amount) put_amount(json, *tx.amount);
    json["direction"] = text_of(*entry.direction);
    // The entry's direction is the one that moved money; a payment that says otherwise is shown to the reader.
    if (tx.direction && tx.direction != entry.direction) json["stated_direction"] = text_of(*tx.direction);
    json["end_to_end_id"] = or_null(tx.end_to_end_id == "NOTPROVIDED" ? std::string() : tx.end_to_end_id);
    json["uetr"] = or_null(tx.uetr);
    json["transaction_id"] = or_null(tx.transaction_id);
    json["instruction_id"] = or_null(tx.instruction_id);
    json["payment_information_id"] = or_null(tx.payment_info_id);
    json["message_id"] = or_null(tx.message_id);
    json["clearing_reference"] = or_null(tx.clearing_ref);
    json["processing_id"] = or_null(tx.processing_id);
    json["servicer_reference"] = or_null(tx.servicer_ref);
    json["servicer_transaction_id"] = or_null(tx.servicer_transaction_id);
    json["debtor"] = or_null(tx.debtor);
    json["debtor_account"] = or_null(tx.debtor_account);
    json["debtor_bank"] = or_null(tx.debtor_bank);
    json["creditor"] = or_null(tx.creditor);
    json["creditor_account"] = or_null(tx.creditor_account);
    json["creditor_bank"] = or_null(tx.creditor_bank);
    json["remittance"] = or_null(joined(tx.unstructured));
    json["remittance_parts"] = tx.unstructured;
    json["structured_references"] = tx.structured;
    json["additional_info"] = or_null(tx.additional);
    json["charges"] = charges_json(tx.charges);
    json["charges_total"] = total_json(tx.charges.total);
    json["return_reason"] = or_null(tx.return_reason);
    json["return_info"] = or_null(tx.return_text);
    return json;
}

Json entry_json(CamtMessage const& message, CamtStatement const& statement, CamtEntry const& entry)
{
    Json json;
    json["type"] = message.type;
    json["version"] = or_null(message.version);
    json["statement"] = statement.id;
    json["account"] = statement.account;
    json["entry_ref"] = or_null(entry.servicer_ref);
    json["reference"] = or_null(entry.reference);
    put_amount(json, *entry.amount);
    json["direction"] = text_of(*entry.direction);
    json["reversal"] = entry.reversal;
    json["status"] = entry.status;
    put_date(json, "booking_date", "booked_at", entry.booked);
    put_date(json, "value_date", "valued_at", entry.value);
    json["bank_transaction_code"] = or_null(entry.code);
    json["batch_id"] = or_null(entry.batch.id);
    json["batch_count"] = or_null(entry.batch.count);
    json["batch_total"] = total_json(entry.batch.total);
    json["charges"] = charges_json(entry.charges);
    json["charges_total"] = total_json(entry.charges.total);
    json["counterparty"] = or_null(statements::counterparty_of(entry));
    json["narrative"] = or_null(statements::narrative_of(entry));
    json["additional_info"] = or_null(entry.additional);
    json["transactions"] = Json::array();
    for (auto const& tx : entry.transactions) json["transactions"].push_back(transaction_json(entry, tx));
    json["line"] = entry.line;
    return json;
}

// Prints booked entries as they are read. Whether the sums agree is said beside it, at the end.
class EntryPrinter final : public statements::CamtListener {
public:
    explicit EntryPrinter(std::string name) : name_(std::move(name)) {}

    Result<Done> entry(CamtMessage const& message, CamtStatement const& statement, CamtEntry entry) override
    {
        if (entry.booked_money()) {
            print_json(entry_json(message, statement, entry));
            ++printed_;
            note_currency(statement, entry);
        }
        any_entry_ = true;
        return check(sums_.entry(message, statement, std::move(entry)));
    }

    Result<Done> statement(CamtMessage const& message, CamtStatement const& statement) override
    {
        currency_.clear();
        if (!std::exchange(any_entry_, false)) say("the statement at line " + std::to_string(statement.line) + " has no entries");
        return check(sums_.statement(message, statement));
    }

    // Whether every statement keeps to one currency and its sums agree.
    [[nodiscard]] bool conclude()
    {
        auto const& day = sums_.conclude();
        if (mixed_) say(*mixed_);
        if (!foreign_.empty()) say("entries are in " + foreign_ + ", not in VND: no amount_vnd is given and their sums are not checked");
        if (day.pending > 0) say(std::to_string(day.pending) + " entries are not booked and are left out");
        if (day.repeated > 0) say(std::to_string(day.repeated) + " entries were in an earlier report of the same account already");
        if (day.damage) say(*day.damage);
        if (unchecked_) say("the sums were not checked: " + *unchecked_);
        return !mixed_ && !day.sums_disagree;
    }

    [[nodiscard]] std::size_t printed() const { return printed_; }

private:
    // Entries of several currencies in one statement cannot be added up to anything.
    void note_currency(CamtStatement const& statement, CamtEntry const& entry)
    {
        auto const& currency = entry.amount->currency;
        if (currency != "VND" && foreign_.find(currency) == std::string::npos) foreign_ += (foreign_.empty() ? "" : ", ") + currency;
        if (currency_.empty()) currency_ = currency;
        if (currency != currency_ && !mixed_) {
            mixed_ = "the entry at line " + std::to_string(entry.line) + " is in " + currency + ", those before it in account " +
                     statement.account + " in " + currency_;
        }
    }

    // What cannot become a record can be shown all the same.
    Result<Done> check(Result<Done> done)
    {
        if (!done && !unchecked_) unchecked_ = done.error().pointer + ": " + done.error().detail;
        return Done{};
    }

    void say(std::string const& what) const { std::cerr << "cho40: " << name_ << ": " << what << '\n'; }

    std::string name_;
    statements::BankDayBuilder sums_{[](reconcile::BankEntry const&) {}};
    std::size_t printed_ = 0;
    bool any_entry_ = false;
    std::optional<std::string> unchecked_, mixed_;
    std::string currency_;  // of the statement being read
    std::string foreign_;   // currencies that are not VND, as they came
};

// Whether every statement keeps to one currency and its sums agree.
bool parse_camt(std::string const& name, std::string_view head, Input& input)
{
    EntryPrinter printer(name);
    statements::CamtReader reader(printer);
    auto const or_stop = [&](auto result) {
        if (result) return;
        auto message = message_of(result.error(), name);
        if (printer.printed() > 0) {
            message += "; the " + std::to_string(printer.printed()) + " entries printed are a part of a file that is not whole";
        }
        throw Stop{Exit::usage, std::move(message)};
    };
    for (auto piece = head; !piece.empty(); piece = input.next()) or_stop(reader.feed(piece));
    or_stop(reader.finish());
    return printer.conclude();
}

void parse_provider(std::string const& name, std::string const& bytes)
{
    auto const file = value_or_stop(statements::read_provider_file(bytes), name);
    for (auto const& line : file.lines) {
        Json json;
        json["type"] = "provider";
        json["file_id"] = line.file_id.str();
        json["line_no"] = line.line_no;
        json["business_date"] = line.business_date.to_string();
        json["provider_txn_id"] = or_null(line.provider_txn_id.str());
        json["order_ref"] = or_null(line.order_ref.str());
        json["kind"] = statements::line_kind(line.kind);
        json["amount_vnd"] = line.amount.count();
        json["fee_vnd"] = line.fee.count();
        json["net_vnd"] = line.net.count();
        json["status"] = statements::line_status(line.status);
        json["txn_time"] = to_local_time(line.at);
        json["settlement_batch"] = or_null(line.batch.str());
        json["settlement_date"] = line.batch.empty() ? Json() : Json(line.settlement_date.to_string());
        print_json(json);
    }
}

// Whether every statement keeps to one currency and its sums agree.
bool parse_file(std::string const& name)
{
    Input input(name);
    std::string head;
    auto first = std::string::npos;
    do {
        auto const piece = input.next();
        if (piece.empty()) throw Stop{Exit::usage, name + " line 1: the file is empty"};
        head += piece;
        first = head.find_first_not_of("\xEF\xBB\xBF \t\r\n");
    } while (first == std::string::npos);
    bool const utf16 = head.starts_with("\xFF\xFE") || head.starts_with("\xFE\xFF");
    if (utf16 || head[first] == '<') return parse_camt(name, head, input);
    for (auto piece = input.next(); !piece.empty(); piece = input.next()) head += piece;
    parse_provider(name, head);
    return true;
}

}  // namespace

void add_statement_commands(CLI::App& app)
{
    auto* const statement = app.add_subcommand("statement", "Bank statements and provider files");
    statement->require_subcommand(1);

    auto* const parse = statement->add_subcommand("parse",
                                                  "One JSON object for each booked entry of a camt.052/053/054 or line of a provider file");
    parse->footer("Exit 1 when a statement has entries in several currencies, or its sums do not agree (balances with entries, an entry\n"
                  "with its payments); pages that are missing, entries that are not booked and the like are told on standard error.\n"
                  "Example: cho40 statement parse tests/data/statements/genkgo-camt053.v8.xml");
    auto const files = std::make_shared<std::vector<std::string>>();
    auto const json = std::make_shared<bool>(true);
    parse->add_option("FILE", *files, "Files; - or none reads standard input");
    parse->add_flag("--json", *json, "JSON is what it always prints");
    parse->callback([files, json] {
        if (files->empty()) files->push_back("-");
        bool all_agree = true;
        for (auto const& file : *files) all_agree = parse_file(file) && all_agree;
        if (!all_agree) throw Stop{Exit::negative, {}};
    });
}

}  // namespace cho40::cli
