#include "adapters/statements/pain_writer.h"
#include "adapters/strict_json/strict_json.h"
#include "apps/cli/io.h"
#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>

namespace cho40::cli {
namespace {

using nlohmann::json;
using statements::ChargeBearer;
using statements::PayoutBank;
using statements::PayoutOrder;
using statements::PayoutParty;
using statements::PayoutTransfer;

// The members of a JSON order. What is wrong is noted and reading goes on, so that one run tells of everything.
class OrderReader {
public:
    PayoutOrder read(json const& in)
    {
        PayoutOrder order;
        if (!object("", in, {"id", "created_at", "execution_date", "charges", "debtor", "transfers"})) return order;
        order.id = text("", in, "id");
        take(order.created_at, "", in, "created_at", parse_rfc3339);
        take(order.execution, "", in, "execution_date", Day::parse);
        order.charges = charges(in);
        if (auto const* const debtor = member("", in, "debtor")) order.debtor = party("/debtor", *debtor);
        auto const* const transfers = member("", in, "transfers");
        if (transfers == nullptr) return order;
        if (!transfers->is_array()) {
            wrong("/transfers", Errc::wrong_type, "must be a list");
            return order;
        }
        for (std::size_t i = 0; i < transfers->size(); ++i) {
            order.transfers.push_back(transfer("/transfers/" + std::to_string(i), (*transfers)[i]));
        }
        return order;
    }

    std::vector<FieldError> problems;

private:
    void wrong(std::string pointer, Errc code, std::string detail) { problems.push_back({std::move(pointer), code, std::move(detail)}); }

    bool object(std::string const& at, json const& in, std::initializer_list<std::string_view> known)
    {
        if (!in.is_object()) {
            wrong(at, Errc::wrong_type, "must be an object");
            return false;
        }
        for (auto const& [name, value] : in.items()) {
            if (std::ranges::find(known, name) == known.end()) {
                wrong(strict_json::pointer(at, name), Errc::unknown_field, "is not a member of an order");
            }
        }
        return true;
    }

    json const* member(std::string const& at, json const& in, char const* name, bool may_be_missing = false)
    {
        auto const it = in.find(name);
        if (it != in.end() && !it->is_null()) return &*it;
        if (!may_be_missing) wrong(strict_json::pointer(at, name), Errc::required, "is missing");
        return nullptr;
    }

    std::string text(std::string const& at, json const& in, char const* name, bool may_be_missing = false)
    {
        auto const* const value = member(at, in, name, may_be_missing);
        if (value == nullptr) return {};
        if (value->is_string()) return value->get<std::string>();
        wrong(strict_json::pointer(at, name), Errc::wrong_type, "must be a text");
        return {};
    }

    template <class T, class Parse>
    void take(T& target, std::string const& at, json const& in, char const* name, Parse parse)
    {
        auto const value = text(at, in, name);
        if (value.empty()) return;
        if (auto parsed = parse(value)) target = *parsed;
        else wrong(strict_json::pointer(at, name), parsed.error().code, parsed.error().detail);
    }

    ChargeBearer charges(json const& in)
    {
        auto const value = text("", in, "charges", true);
        if (value.empty() || value == "debtor") return ChargeBearer::debtor;
        if (value == "creditor") return ChargeBearer::creditor;
        if (value != "shared") wrong("/charges", Errc::unknown_value, "must be debtor, creditor or shared");
        return ChargeBearer::shared;
    }

    PayoutParty party(std::string const& at, json const& in)
    {
        PayoutParty party;
        if (!object(at, in, {"name", "account", "bank"})) return party;
        party.name = text(at, in, "name");
        party.account = text(at, in, "account");
        auto const* const bank = member(at, in, "bank");
        if (bank == nullptr || !object(at + "/bank", *bank, {"bin", "bic"})) return party;
        party.bank.bin = text(at + "/bank", *bank, "bin", true);
        party.bank.bic = text(at + "/bank", *bank, "bic", true);
        return party;
    }

    PayoutTransfer transfer(std::string const& at, json const& in)
    {
        PayoutTransfer transfer;
        if (!object(at, in, {"end_to_end_id", "amount_vnd", "creditor", "remittance"})) return transfer;
        transfer.end_to_end_id = text(at, in, "end_to_end_id");
        if (auto const* const amount = member(at, in, "amount_vnd")) {
            // Of what JSON calls an integer, 64 bits; the parser gives larger ones as unsigned or as a fraction.
            bool const is_whole = amount->is_number_integer() &&
                                  (!amount->is_number_unsigned() || amount->get<std::uint64_t>() <= std::uint64_t{INT64_MAX});
            if (is_whole) transfer.amount = Dong(amount->get<std::int64_t>());
            else wrong(at + "/amount_vnd", Errc::wrong_type, "must be a whole number of đồng");
        }
        if (auto const* const creditor = member(at, in, "creditor")) transfer.creditor = party(at + "/creditor", *creditor);
        transfer.remittance = text(at, in, "remittance", true);
        return transfer;
    }
};

// "FILE line 12: /transfers/3/amount_vnd: must be above 0", one a line, in the order of the file.
[[noreturn]] void stop(std::string const& name, std::string const& bytes, std::vector<FieldError> const& problems)
{
    std::multimap<std::size_t, std::string> lines;
    for (auto const& problem : problems) {
        auto const where = problem.pointer.empty() ? std::string("the order") : problem.pointer;
        lines.emplace(strict_json::line_of(bytes, problem.pointer),
                      where + ": " + problem.detail + " (" + std::string(errc_name(problem.code)) + ")");
    }
    std::string message;
    for (auto const& [line, what] : lines) {
        if (!message.empty()) message += "\ncho40: ";
        message += name + " line " + std::to_string(line) + ": " + what;
    }
    throw Stop{Exit::usage, message};
}

void write_order(std::string const& name, std::string const& out)
{
    auto const bytes = read_input(name);
    auto const in = value_or_stop(strict_json::parse(bytes), name);
    OrderReader reader;
    auto const order = reader.read(in);
    if (!reader.problems.empty()) stop(name, bytes, reader.problems);
    auto const xml = statements::write_pain001(order);
    if (!xml) stop(name, bytes, xml.error().fields);
    write_file(out, *xml);
}

}  // namespace

void add_payout_commands(CLI::App& app)
{
    auto* const payout = app.add_subcommand("payout", "Orders to a bank to pay out");
    payout->require_subcommand(1);

    auto* const write = payout->add_subcommand("write", "A credit transfer order (ISO 20022 pain.001.001.09) from a JSON order");
    write->footer("Example: cho40 payout write tests/data/payouts/market-week.json --out market-week.xml");
    auto const file = std::make_shared<std::string>("-");
    auto const out = std::make_shared<std::string>("-");
    write->add_option("FILE", *file, "The order; - or none reads standard input");
    write->add_option("--out", *out, "Where the file for the bank goes; - is standard output");
    write->callback([file, out] { write_order(*file, *out); });
}

}  // namespace cho40::cli
