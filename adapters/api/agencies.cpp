#include "adapters/api/fee_json.h"
#include "adapters/api/fees.h"
#include "adapters/api/ids.h"
#include "adapters/http/json_reader.h"
#include "adapters/http/json_writer.h"
#include "etax/tax_code.h"
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using fees::RegisteredAgency;
using http::Request;

// The two letters of "26TAA".
std::optional<std::string> letters_of(http::ObjectReader& in, std::string_view name)
{
    auto const symbol = in.optional_text(name, {5, 5});
    if (!symbol) return std::nullopt;
    auto const letters = symbol->substr(3);
    auto const digit = [](char c) { return c >= '0' && c <= '9'; };
    if (!digit((*symbol)[0]) || !digit((*symbol)[1]) || (*symbol)[2] != 'T' || !fees::are_symbol_letters(letters)) {
        in.refuse(name, Errc::invalid_format, "a receipt symbol is like 26TAA", "Ký hiệu biên lai có dạng 26TAA.");
    }
    return letters;
}

// What the caller did not say is taken from the list of agencies we know.
fees::Agency read_agency(http::ObjectReader& in, fees::Agencies const& known, bool& through_provider)
{
    fees::Agency facts{};
    facts.code = in.text("code", {3, 40});
    if (auto const* listed = known.find(facts.code)) facts = *listed;
    bool const listed = !facts.name_vi.empty();
    if (listed) facts.name_vi = in.optional_text("name", {1, 160}).value_or(facts.name_vi);
    else facts.name_vi = in.text("name", {1, 160});
    if (auto const code = in.optional_text("tax_code", {10, 14})) {
        auto const checked = etax::check_tax_code(*code);
        if (!checked.valid) in.refuse("tax_code", Errc::tax_code_invalid, etax::explain(checked), "Mã số thuế không đúng.");
        facts.tax_code = checked.canonical;
    }
    if (auto const address = in.optional_text("address", {1, 240})) facts.address = *address;
    if (!listed || in.has("receiving_account")) {
        auto account = in.object("receiving_account");
        facts.bank_bin = account.text("bank_bin", {6, 6});
        facts.account_number = account.text("account_number", {4, 19});
        facts.account_name = account.text("account_name", {1, 50});
        through_provider = account.optional_one_of<bool>("channel", {{"bank", false}, {"provider", true}}).value_or(false);
    }
    auto const phi = letters_of(in, "receipt_series");
    auto const le_phi = letters_of(in, "receipt_series_le_phi");
    if (phi) facts.letters_phi = facts.letters_le_phi = *phi;  // one series serves both kinds unless a second is named
    if (le_phi) facts.letters_le_phi = *le_phi;
    if (facts.letters_phi.empty()) facts.letters_phi = "AA";
    if (facts.letters_le_phi.empty()) facts.letters_le_phi = facts.letters_phi;
    return facts;
}

Answering create(FeeContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto in = body.root();
    RegisteredAgency facts;
    facts.facts = read_agency(in, context.known_agencies, facts.through_provider);
    CHO_CO_TRY_DO(body.finish());
    facts.book = merchants::draw_book(context.random);
    identity::UseCase<RegisteredAgency> work = [&context, facts](auto extra) { return context.register_agency(facts, std::move(extra)); };
    identity::AnswerOf<RegisteredAgency> answer = [](RegisteredAgency const& made) {
        identity::Answer out(201, http::dump_json(agency_json(made, made.created_at)), identity::AuditTarget{"agc", made.id.uuid});
        out.etag = http::etag(made.version);
        return out;
    };
    co_return co_await context.idempotency.run(std::move(request), std::move(principal), facts.book, std::move(work), std::move(answer));
}

}  // namespace

void add_agency_routes(http::Router& router, FeeContext& context)
{
    router.add(http::Method::post, "/v1/agencies", "agencies.create",
               [&context](Request request) { return create(context, std::move(request)); });
}

FindPlace find_agency_book(stores::FeesStore& store)
{
    return [&store](std::string place) -> boost::asio::awaitable<Result<ledger::BookId>> {
        CHO_CO_TRY(auto id, http::parse_id<fees::Agency>(place));
        CHO_CO_TRY(auto agency, co_await store.find_agency(id));
        if (!agency) co_return fail(Errc::not_found, "no such agency");
        co_return agency->book;
    };
}

}  // namespace cho40::api
