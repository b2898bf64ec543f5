#include "adapters/statements/camt_bank_day.h"
#include "adapters/statements/camt_reader.h"
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
using statements::CamtDirection;
using statements::CamtEntry;
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

Json transaction_json(CamtEntry const& entry, CamtTransaction const& tx)
{
    Json json;
    if (tx.amount) put_amount(json, *tx.amount);
    json["direction"] = text_of(*entry.direction);
    // The entry's direction is the one that moved money; a payment that says otherwise is shown to the reader.
    if (tx.direction && tx.direction != entry.direction) json["stated_direction"] = text_of(*tx.direction);
    json["end_to_end_id"] = or_null(tx.end_to_end_id == "NOTPROVIDED" ? std::string() : tx.end_to_end_id);
    json["transaction_id"] = or_null(tx.transaction_id);
    json["instruction_id"] = or_null(tx.instruction_id);
    json["payment_information_id"] = or_null(tx.payment_info_id);
    json["servicer_reference"] = or_null(tx.servicer_ref);
    json["debtor"] = or_null(tx.debtor);
    json["debtor_account"] = or_null(tx.debtor_account);
    json["creditor"] = or_null(tx.creditor);
    json["creditor_account"] = or_null(tx.creditor_account);
    json["remittance"] = or_null(joined(tx.unstructured));
    json["remittance_parts"] = tx.unstructured;
    json["structured_references"] = tx.structured;
    json["additional_info"] = or_null(tx.additional);
    json["return_reason"] = or_null(tx.return_reason);
    return json;
}

Json entry_json(statements::CamtDocument const& document, statements::CamtStatement const& statement, CamtEntry const& entry)
{
    Json json;
    json["type"] = document.type;
    json["version"] = or_null(document.version);
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
    json["batch_id"] = or_null(entry.batch_id);
    json["counterparty"] = or_null(statements::counterparty_of(entry));
    json["narrative"] = or_null(statements::narrative_of(entry));
    json["additional_info"] = or_null(entry.additional);
    json["transactions"] = Json::array();
    for (auto const& tx : entry.transactions) json["transactions"].push_back(transaction_json(entry, tx));
    json["line"] = entry.line;
    return json;
}

void parse_camt(std::string const& name, std::string const& bytes)
{
    auto const document = value_or_stop(statements::read_camt(bytes), name);
    std::size_t pending = 0;
    for (auto const& statement : document.statements) {
        for (auto const& entry : statement.entries) {
            if (entry.booked_money()) print_json(entry_json(document, statement, entry));
            else ++pending;
        }
    }
    if (pending > 0) std::cerr << "cho40: " << name << ": " << pending << " entries are not booked and are left out\n";
    // Parsing shows what the bank sent; whether the sums agree is said beside it.
    auto const day = statements::to_bank_day(document);
    if (day && day->damage) std::cerr << "cho40: " << name << ": " << *day->damage << '\n';
}

void parse_provider(std::string const& name, std::string const& bytes)
{
    auto const file = value_or_stop(statements::read_provider_file(bytes), name);
    for (auto const& line : file.lines) {
        Json json;
        json["type"] = "provider";
        json["file_id"] = line.file_id;
        json["line_no"] = line.line_no;
        json["business_date"] = line.business_date.to_string();
        json["provider_txn_id"] = or_null(line.provider_txn_id);
        json["order_ref"] = or_null(line.order_ref);
        json["kind"] = statements::line_kind(line.kind);
        json["amount_vnd"] = line.amount.count();
        json["fee_vnd"] = line.fee.count();
        json["net_vnd"] = line.net.count();
        json["status"] = statements::line_status(line.status);
        json["txn_time"] = to_local_time(line.at);
        json["settlement_batch"] = or_null(line.batch);
        json["settlement_date"] = line.batch.empty() ? Json() : Json(line.settlement_date.to_string());
        print_json(json);
    }
}

void parse_file(std::string const& name)
{
    auto const bytes = read_input(name);
    auto const first = bytes.find_first_not_of("\xEF\xBB\xBF \t\r\n");
    bool const utf16 = bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF");
    if (first == std::string::npos) throw Stop{Exit::usage, name + " line 1: the file is empty"};
    if (utf16 || bytes[first] == '<') parse_camt(name, bytes);
    else parse_provider(name, bytes);
}

}  // namespace

void add_statement_commands(CLI::App& app)
{
    auto* const statement = app.add_subcommand("statement", "Bank statements and provider files");
    statement->require_subcommand(1);

    auto* const parse = statement->add_subcommand("parse",
                                                  "One JSON object for each booked entry of a camt.052/053/054 or line of a provider file");
    parse->footer("Example: cho40 statement parse tests/data/statements/genkgo-camt053.v8.xml");
    auto const files = std::make_shared<std::vector<std::string>>();
    auto const json = std::make_shared<bool>(true);
    parse->add_option("FILE", *files, "Files; - or none reads standard input");
    parse->add_flag("--json", *json, "JSON is what it always prints");
    parse->callback([files, json] {
        if (files->empty()) files->push_back("-");
        for (auto const& file : *files) parse_file(file);
    });
}

}  // namespace cho40::cli
