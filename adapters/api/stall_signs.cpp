#include "adapters/api/stall_signs.h"
#include "adapters/api/ids.h"
#include "adapters/api/payment_json.h"
#include "adapters/api/payments.h"
#include "adapters/api/resource_json.h"
#include "adapters/documents/qr_picture.h"
#include "adapters/documents/stall_sign.h"
#include "adapters/http/json_reader.h"
#include "adapters/http/json_writer.h"
#include "base/offload.h"
#include "qr-pay/banks.h"
#include "qr-pay/sign_check.h"
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using http::Request;
using http::Response;
using merchants::MerchantContract;
using merchants::StallWithAccount;
using nlohmann::json;
using qr_pay::PaymentAddress;

boost::asio::awaitable<Result<StallWithAccount>> admit_to_stall(SignDesk& desk, Request const& request)
{
    CHO_CO_TRY(auto principal, co_await desk.context.gate.admit(request));
    auto id = http::parse_id<merchants::Stall>(request.path_value("stall"));
    if (!id) co_return tl::unexpected<Error>(id.error());
    co_return co_await own_stall(desk.context, std::move(principal), *id);
}

std::string bank_name(std::string const& bin)
{
    auto const* bank = qr_pay::Banks::current().find(bin);
    return bank ? bank->short_name : bin;
}

json contract_json(MerchantContract const& c, MerchantContract const* in_force)
{
    json view = {{"id", http::id_text("mct", c.id.uuid)},
                 {"stall", http::to_text(c.stall)},
                 {"acquirer_bin", c.terms.acquirer_bin},
                 {"acquirer_name", bank_name(c.terms.acquirer_bin)},
                 {"merchant_id", c.terms.merchant_id},
                 {"mcc", c.terms.mcc},
                 {"name", c.terms.name},
                 {"city", c.terms.city},
                 {"valid_from", http::day_json(c.valid_from)},
                 {"valid_to", c.valid_to ? http::day_json(*c.valid_to) : json(nullptr)},
                 {"in_force", in_force && in_force->id == c.id}};
    stamp(view, "merchant_contract", 1, c.registered_at, c.registered_at);
    return view;
}

Answering read(SignDesk& desk, Request request)
{
    CHO_CO_TRY(auto const stall, co_await admit_to_stall(desk, request));
    CHO_CO_TRY(auto const contracts, co_await desk.contracts.of_stall(stall.stall.id));
    auto const* in_force = merchants::contract_on(contracts, Day::of(desk.context.clock.now()));
    auto view = stall_json(stall);
    for (auto const& contract : contracts) view["merchant_contracts"].push_back(contract_json(contract, in_force));
    auto const version = stall.stall.version + static_cast<std::int64_t>(contracts.size());
    view["version"] = version;
    if (!contracts.empty()) view["updated_at"] = http::instant_json(contracts.back().registered_at);
    co_return Response::json(view).header("ETag", http::etag(version));
}

std::string own_code_memo(StallWithAccount const& stall) { return qr_pay::sign_memo(stall.stall.number); }

Result<std::string> transfer_code(StallWithAccount const& stall)
{
    return qr_pay::transfer_sign_code(stall.account.bank_bin, stall.account.account_number, own_code_memo(stall));
}

std::string shown_as(StallWithAccount const& stall, std::string_view ending)
{
    return "inline; filename=\"" + http::to_text(stall.stall.id) + "." + std::string(ending) + "\"";
}

Answering sign_pdf(SignDesk& desk, Request request)
{
    CHO_CO_TRY(auto const stall, co_await admit_to_stall(desk, request));
    CHO_CO_TRY_DO(http::only_query(request, {"size"}));
    auto const size = documents::sign_size_named(request.query_value("size").value_or("A5"));
    if (!size) {
        Error refused(Errc::validation_failed, "a member of the query is not understood");
        refused.fields.push_back({"#query/size", Errc::unknown_value, "A5 or A6", "A5 hoặc A6."});
        co_return fail(std::move(refused));
    }
    auto const today = Day::of(desk.context.clock.now());
    CHO_CO_TRY(auto const contracts, co_await desk.contracts.of_stall(stall.stall.id));
    documents::StallSign sign;
    sign.stall = stall.stall.name;
    sign.alias = "Sạp " + stall.stall.number + " · Stall " + stall.stall.number;
    sign.market = stall.market_name;
    CHO_CO_TRY(sign.transfer_code, transfer_code(stall));
    if (auto const* contract = merchants::contract_on(contracts, today)) {
        CHO_CO_TRY(sign.merchant_code, qr_pay::merchant_sign_code(contract->terms, own_code_memo(stall)));
    }
    auto const draw = [sign = std::move(sign), size = *size, today] { return std::optional(documents::stall_sign_pdf(sign, size, today)); };
    auto const drawn = co_await offload(desk.computing, draw);
    CHO_CO_TRY(auto pdf, *drawn);
    co_return Response::bytes(std::move(pdf), "application/pdf").header("Content-Disposition", shown_as(stall, "pdf"));
}

Answering sign_svg(SignDesk& desk, Request request)
{
    CHO_CO_TRY(auto const stall, co_await admit_to_stall(desk, request));
    CHO_CO_TRY(auto const code, transfer_code(stall));
    CHO_CO_TRY(auto svg, documents::qr_svg(code, "VietQR " + stall.stall.name));
    co_return Response::bytes(std::move(svg), "image/svg+xml").header("Content-Disposition", shown_as(stall, "svg"));
}

Answering sign_png(SignDesk& desk, Request request)
{
    CHO_CO_TRY(auto const stall, co_await admit_to_stall(desk, request));
    CHO_CO_TRY(auto const code, transfer_code(stall));
    CHO_CO_TRY(auto png, documents::qr_png(code));
    co_return Response::bytes(std::move(png), "image/png").header("Content-Disposition", shown_as(stall, "png"));
}

// What is registered for the stall, and who else is paid on the addresses of a scanned code.
struct Registered {
    std::vector<qr_pay::RegisteredAddress> addresses;
    std::map<Uuid, StallWithAccount> stalls;
};

boost::asio::awaitable<Result<Registered>> registered_for(SignDesk& desk, StallWithAccount own, std::vector<PaymentAddress> addresses)
{
    CHO_CO_TRY(auto ids, co_await desk.contracts.stalls_paid_on(addresses));
    CHO_CO_TRY(auto contracts, co_await desk.contracts.of_stalls_with(addresses));
    std::map<Uuid, std::vector<MerchantContract>> of_stall;
    for (auto& contract : contracts) of_stall[contract.stall.uuid].push_back(std::move(contract));
    for (auto const& [stall, held] : of_stall) ids.push_back(stall);
    ids.push_back(own.stall.id.uuid);
    CHO_CO_TRY(auto const stalls, co_await desk.context.merchants.stalls(std::move(ids)));

    auto const today = Day::of(desk.context.clock.now());
    Registered found;
    for (auto const& stall : stalls) {
        Id<qr_pay::Owner> const owner(stall.stall.id.uuid);
        found.addresses.push_back({{PaymentAddress::Kind::account, stall.account.bank_bin, stall.account.account_number}, owner});
        auto const held = of_stall.find(stall.stall.id.uuid);
        auto const* contract = held == of_stall.end() ? nullptr : merchants::contract_on(held->second, today);
        if (contract) found.addresses.push_back({contract->address(), owner});
        found.stalls.emplace(stall.stall.id.uuid, stall);
    }
    co_return found;
}

json account_json(qr_pay::MerchantAccount const& account)
{
    bool const vietqr = account.scheme == qr_pay::Scheme::vietqr;
    auto const& number = account.account;
    return {{"scheme", qr_pay::name_of(account.scheme)},
            {"service", vietqr ? json(account.service) : json(nullptr)},
            {"bank_bin", vietqr ? json(account.acquirer) : json(nullptr)},
            {"bank_name", vietqr ? json(bank_name(account.acquirer)) : json(nullptr)},
            {"account_number_masked",
             vietqr ? json("•••• " + number.substr(number.size() - std::min<std::size_t>(4, number.size()))) : json(nullptr)}};
}

json check_json(qr_pay::SignCheck const& check, StallWithAccount const& own, std::map<Uuid, StallWithAccount> const& stalls)
{
    json out = {{"object", "sign_check"},
                {"stall", http::to_text(own.stall.id)},
                {"verdict", qr_pay::name_of(check.verdict)},
                {"account", check.account ? account_json(*check.account) : json(nullptr)},
                {"other_stall", nullptr},
                {"unreadable", nullptr},
                {"differences", json::array()}};
    if (check.owner) {
        auto const& other = stalls.at(check.owner->uuid);
        out["other_stall"] = {{"number", other.stall.number}, {"name", other.stall.name}, {"market_name", other.market_name}};
    }
    if (check.refusal) {
        out["unreadable"] = {{"error", qr_pay::name_of(check.refusal->fault)},
                             {"crc_ok", check.refusal->crc_ok},
                             {"begins_as_payment_code", check.begins_as_payment_code}};
    }
    for (auto const& [kind, value] : check.differences) out["differences"].push_back({{"what", qr_pay::name_of(kind)}, {"value", value}});
    return out;
}

Answering check(SignDesk& desk, Request request)
{
    CHO_CO_TRY(auto const stall, co_await admit_to_stall(desk, request));
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    constexpr std::size_t symbol_characters_max = 7089;  // no QR symbol holds more, whatever it is about
    auto const payload = body.root().text("payload", {1, symbol_characters_max});
    CHO_CO_TRY_DO(body.finish());
    CHO_CO_TRY(auto const registered, co_await registered_for(desk, stall, qr_pay::addresses_in(payload)));
    auto const seen = qr_pay::check_sign(payload, Id<qr_pay::Owner>(stall.stall.id.uuid), registered.addresses, own_code_memo(stall));
    co_return Response::json(check_json(seen, stall, registered.stalls));
}

Answering register_contract(SignDesk& desk, Request request)
{
    CHO_CO_TRY(auto principal, co_await desk.context.gate.admit(request));
    CHO_CO_TRY(auto const id, http::parse_id<merchants::Stall>(request.path_value("stall")));
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto in = body.root();
    constexpr http::TextLimit text{1, 64};  // what a code has room for is less, and the domain says how much
    MerchantContract facts;
    facts.terms.acquirer_bin = in.text("acquirer_bin", text);
    facts.terms.merchant_id = in.text("merchant_id", text);
    facts.terms.mcc = in.text("mcc", text);
    facts.terms.name = in.text("name", text);
    facts.terms.city = in.text("city", text);
    auto const today = Day::of(desk.context.clock.now());
    facts.valid_from = in.optional_day("valid_from").value_or(today);
    facts.valid_to = in.optional_day("valid_to");
    CHO_CO_TRY_DO(body.finish());
    CHO_CO_TRY(auto const stall, co_await own_stall(desk.context, principal, id));
    facts.book = stall.stall.book;
    facts.stall = stall.stall.id;
    facts.registered_by = Id<qr_pay::UserTag>(principal.id);
    identity::UseCase<MerchantContract> work = [&desk, facts](auto extra) { return desk.register_contract(facts, std::move(extra)); };
    identity::AnswerOf<MerchantContract> answer = [today](MerchantContract const& made) {
        auto const* in_force = merchants::contract_on({&made, 1}, today);
        return identity::Answer(201, http::dump_json(contract_json(made, in_force)), identity::AuditTarget{"mct", made.id.uuid});
    };
    co_return co_await desk.context.idempotency.run(std::move(request), std::move(principal), facts.book, std::move(work),
                                                    std::move(answer));
}

}  // namespace

void add_stall_sign_routes(http::Router& router, SignDesk& desk)
{
    using enum http::Method;
    auto const with = handlers_of(desk);
    router.add(get, "/v1/stalls/{stall}", "stalls.read", with(read));
    router.add(get, "/v1/stalls/{stall}/sign.pdf", "stalls.sign_pdf", with(sign_pdf));
    router.add(get, "/v1/stalls/{stall}/sign.svg", "stalls.sign_svg", with(sign_svg));
    router.add(get, "/v1/stalls/{stall}/sign.png", "stalls.sign_png", with(sign_png));
    router.add(post, "/v1/stalls/{stall}/sign-checks", "sign_checks.create", with(check));
    router.add(post, "/v1/stalls/{stall}/merchant-contracts", "merchant_contracts.create", with(register_contract));
}

}  // namespace cho40::api
