#include "adapters/http/json_reader.h"
#include "adapters/http/json_writer.h"
#include "apps/sandbox/faults.h"
#include "apps/sandbox/routes.h"
#include "qr-pay/emvco.h"
#include <charconv>
#include <nlohmann/json.hpp>

namespace cho40::sandbox {
namespace {

using http::JsonBody;
using http::Request;
using http::Response;
using nlohmann::json;
using Answering = boost::asio::awaitable<Result<Response>>;

// What a payer's app reads off the code.
Result<Done> read_payload(std::string_view payload, PaymentOrder& order)
{
    auto const wrong = [](std::string detail) { return fail(Errc::qr_invalid, std::move(detail), "/payload"); };
    auto const code = qr_pay::decode_qr(payload);
    if (!code) return wrong("the code cannot be read: " + std::string(qr_pay::name_of(code.error().fault)));
    auto const* account = code->vietqr();
    if (account == nullptr) return wrong("the code names no VietQR account");
    order.bank_bin = account->acquirer;
    order.account_number = account->account;
    if (code->additional) {
        if (auto const* memo = qr_pay::find(*code->additional, "08")) order.memo = *memo;
    }
    if (!code->amount) return Done{};
    std::int64_t amount = 0;
    auto const& text = *code->amount;
    auto const [rest, error] = std::from_chars(text.data(), text.data() + text.size(), amount);
    // "45000", or "45000.00" of careless writers.
    auto const fraction = std::string_view(rest, static_cast<std::size_t>(text.data() + text.size() - rest));
    if (error != std::errc() || amount < 1 || fraction.find_first_not_of(".0") != fraction.npos)
        return wrong("the amount is not whole đồng");
    order.amount = Dong(amount);
    return Done{};
}

json transfer_json(Transfer const& transfer)
{
    return {{"bank_reference", transfer.reference},
            {"amount", transfer.amount.count()},
            {"booked_at", http::instant_json(transfer.booked_at)},
            {"memo", transfer.memo},
            {"direction", transfer.flow == Flow::in ? "in" : "out"},
            {"balance", transfer.balance.count()},
            {"failed", transfer.failed}};
}

// The first transfer stands in front: most payments have one.
json report_json(PaymentReport const& report)
{
    json out{{"payment", report.number},  {"scenario", name_of(report.scenario)},
             {"outcome", report.outcome}, {"bank_reference", nullptr},
             {"amount", nullptr},         {"booked_at", nullptr}};
    auto transfers = json::array();
    for (auto const& transfer : report.transfers) transfers.push_back(transfer_json(transfer));
    if (!report.transfers.empty() && !report.transfers.front().failed) {
        for (auto const* name : {"bank_reference", "amount", "booked_at"}) out[name] = transfers.front()[name];
    }
    out["transfers"] = std::move(transfers);
    auto notifications = json::array();
    for (auto const& told : report.notifications)
        notifications.push_back(
            {{"rail_account", told.rail_account}, {"status", told.status}, {"body", told.body}, {"content", told.content}});
    out["notifications"] = std::move(notifications);
    return out;
}

Response answer(PaymentReport const& report, int status) { return Response::json_text(http::dump_json(report_json(report)), status); }

Answering pay(Payments& payments, Request request)
{
    CHO_CO_TRY(auto body, JsonBody::parse(request.body));
    auto in = body.root();
    PaymentOrder order;
    auto const payload = in.optional_text("payload", {1, 4000});
    auto const bank_bin = in.optional_text("bank_bin", {6, 6});
    auto const account_number = in.optional_text("account_number", {1, 19});
    auto const amount = in.optional_dong("amount");
    auto const memo = in.optional_text("memo", {0, 210});
    if (auto payer = in.optional_object("payer")) {
        order.payer.name = payer->optional_text("name", {1, 140}).value_or("");
        order.payer.account = payer->optional_text("account", {1, 34}).value_or("");
        order.payer.bank_bin = payer->optional_text("bank_bin", {6, 6}).value_or("");
    }
    order.wrapper = in.optional_text("wrapper", {1, 40}).value_or("");
    order.booked_at = in.optional_instant("booked_at");
    order.expires_at = in.optional_instant("expires_at");
    auto const scenario = in.optional_text("scenario", {1, 40});
    order.repeat = static_cast<int>(in.optional_whole("repeat", {1, 100}).value_or(1));
    if (in.has("rails")) order.rails = in.texts("rails", {0, 20}, {1, 64});
    in.optional_each("faults", {0, 20}, [&order](http::ObjectReader fault) {
        OrderedFaults ordered;
        ordered.rail_account = fault.optional_text("rail_account", {1, 64}).value_or("");
        ordered.faults = read_telling_faults(fault);
        order.faults.push_back(std::move(ordered));
    });
    order.wait = in.optional_truth("wait").value_or(true);
    if (!payload && !bank_bin) in.refuse("bank_bin", Errc::required, "give payload, or bank_bin, account_number and amount");
    if (!payload && bank_bin && !account_number) in.refuse("account_number", Errc::required, "is needed beside bank_bin");
    if (payload && bank_bin) in.refuse("bank_bin", Errc::invalid_input, "give payload or bank_bin, not both");
    CHO_CO_TRY_DO(body.finish());

    if (payload) {
        CHO_CO_TRY_DO(read_payload(*payload, order));
    } else {
        order.bank_bin = *bank_bin;
        order.account_number = *account_number;
    }
    if (amount) order.amount = *amount;
    if (memo) order.memo = *memo;
    if (!order.amount.is_positive()) co_return fail(Errc::required, "the code has no amount, so the payer must give one", "/amount");
    if (scenario) { CHO_CO_TRY(order.scenario, scenario_named(*scenario)); }
    CHO_CO_TRY(auto const report, co_await payments.pay(std::move(order)));
    co_return answer(report, 201);
}

Answering show_payment(Payments& payments, Request request)
{
    auto const& text = request.path_value("payment");
    std::uint64_t number = 0;
    auto const [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || rest != text.data() + text.size()) co_return fail(Errc::not_found, "there is no such payment");
    CHO_CO_TRY(auto const report, payments.find(number));
    co_return answer(report, 200);
}

Answering refund(Payments& payments, Request request)
{
    CHO_CO_TRY(auto body, JsonBody::parse(request.body));
    auto in = body.root();
    RefundOrder order;
    order.reference = in.text("bank_reference", {1, 64});
    order.amount = in.optional_dong("amount");
    order.memo = in.optional_text("memo", {1, 210}).value_or("");
    order.wait = in.optional_truth("wait").value_or(true);
    CHO_CO_TRY_DO(body.finish());
    CHO_CO_TRY(auto const report, co_await payments.refund(std::move(order)));
    co_return answer(report, 201);
}

struct FileQuery {
    RailAccount account;
    Day day;
};

Result<FileQuery> read_query(Bank const& bank, Request const& request)
{
    auto const id = request.query_value("rail_account");
    auto const date = request.query_value("date");
    if (!id) return fail(Errc::required, "which rail account?", "#query/rail_account");
    if (!date) return fail(Errc::required, "which day (YYYY-MM-DD)?", "#query/date");
    CHO_TRY(auto account, bank.rail_account(*id));
    auto const day = Day::parse(*date);
    if (!day) return fail(Errc::invalid_date, day.error().detail, "#query/date");
    return FileQuery{std::move(account), *day};
}

Answering camt053(Bank& bank, DayFiles& files, Request request)
{
    CHO_CO_TRY(auto const query, read_query(bank, request));
    CHO_CO_TRY(auto document, files.camt053(query.account, query.day));
    co_return Response::bytes(std::move(document), "application/xml");
}

Answering daily_file(Bank& bank, DayFiles& files, Request request)
{
    CHO_CO_TRY(auto const query, read_query(bank, request));
    auto const text = request.query_value("revision").value_or("1");
    int revision = 0;
    auto const [rest, error] = std::from_chars(text.data(), text.data() + text.size(), revision);
    if (error != std::errc() || rest != text.data() + text.size() || revision < 1 || revision > 99) {
        co_return fail(Errc::invalid_input, "a revision is a number from 1 to 99", "#query/revision");
    }
    co_return Response::bytes(files.daily_file(query.account, query.day, revision), "text/csv; charset=utf-8");
}

}  // namespace

void add_bank_routes(http::Router& router, Bank& bank, Payments& payments, DayFiles& files)
{
    using enum http::Method;
    http::RouteOptions about_route;
    about_route.documented = false;
    about_route.quiet = true;
    router.add(post, "/bank/payments", "bank.pay", with_faults([&payments](Request request) { return pay(payments, std::move(request)); }),
               about_route);
    router.add(get, "/bank/payments/{payment}", "bank.payment",
               with_faults([&payments](Request request) { return show_payment(payments, std::move(request)); }), about_route);
    router.add(post, "/bank/refunds", "bank.refund",
               with_faults([&payments](Request request) { return refund(payments, std::move(request)); }), about_route);
    router.add(get, "/bank/camt053", "bank.camt053",
               with_faults([&bank, &files](Request request) { return camt053(bank, files, std::move(request)); }), about_route);
    router.add(get, "/providers/daily-file", "providers.daily_file",
               with_faults([&bank, &files](Request request) { return daily_file(bank, files, std::move(request)); }), about_route);
}

}  // namespace cho40::sandbox
