#include "apps/cli/demo/day.h"
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

namespace cho40::cli::demo {
namespace {

using nlohmann::json;

struct Errand {
    char const* procedure;
    char const* fee;
    int pages;
    char const* applicant;
};
constexpr Errand errands[] = {
    {"2.000815", "CERT_COPY", 5, "Nguyễn Văn An"},
    {"1.001456", "PP_NEW", 0, "Trần Thị Bích"},
};

// The text of the QR on the waiting page: it stands in the page for screen readers and copying.
std::string payload_in(std::string_view page)
{
    auto const at = page.find("000201");
    if (at == std::string_view::npos) return {};
    auto const end = page.find_first_of("\"<&\n", at);
    return std::string(page.substr(at, end - at));
}

}  // namespace

boost::asio::awaitable<Result<FeesPlayed>> play_fees(Stage stage, Pilot const& pilot, std::size_t notices)
{
    FeesPlayed played;
    if (pilot.agencies.empty() || notices == 0) co_return played;
    Progress progress("Nộp phí, lệ phí", static_cast<std::int64_t>(notices));
    auto const due = Day::of(stage.clock.now()).plus_days(10).to_string();
    for (std::size_t i = 0; i < notices; ++i) {
        auto const& errand = errands[i % std::size(errands)];
        auto const& agency = pilot.agencies[i % std::size(errands) == 1 ? 0 : 1 % pilot.agencies.size()];
        json line = {{"fee_code", errand.fee}};
        if (errand.pages > 0) line["pages"] = errand.pages;
        json body = {{"agency", agency.id},
                     {"channel", "counter"},
                     {"due_date", due},
                     {"lines", json::array({line})},
                     {"dossier",
                      {{"code", fmt::format("{}-261122-{:04}", agency.code, i + 1)},
                       {"procedure_code", errand.procedure},
                       {"applicant_name", errand.applicant}}}};
        auto key = fmt::format("{}/notice/{}", stage.run, i);
        CHO_CO_TRY(auto notice, co_await stage.service.post("/v1/fee-notices", std::move(body), std::move(key)));
        ++played.notices;
        std::string const code = notice.at("code");
        // The citizen's browser, without scripts: the page, the button, the QR.
        http::Outgoing look(http::Method::get, "/pay/" + code);
        CHO_CO_TRY_DO(co_await stage.service.call(std::move(look)));
        auto started = co_await stage.service.post_form("/pay/" + code + "/payment", "idempotency_key=" + key_for(stage.run + code));
        if (!started) co_return tl::unexpected<Error>(std::move(started).error());
        http::Outgoing wait(http::Method::get, "/pay/" + code + "/wait");
        CHO_CO_TRY(auto page, co_await stage.service.call(std::move(wait)));
        auto const payload = payload_in(page.body_text());
        if (payload.empty()) co_return fail(Errc::upstream_error, "the waiting page of " + code + " shows no QR text");
        json pay = {{"payload", payload}, {"payer", {{"name", "NGUOI NOP"}, {"account", "0123"}, {"bank_bin", "970415"}}}};
        auto pay_key = fmt::format("{}/notice-pay/{}", stage.run, i);
        CHO_CO_TRY_DO(co_await stage.sandbox.post("/bank/payments", std::move(pay), std::move(pay_key)));
        // Both ticks: money received at once, written to the case soon after.
        boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
        json state;
        for (int round = 0; round < 100; ++round) {
            CHO_CO_TRY(state, co_await stage.service.get("/v1/pay/" + code + "/state"));
            if (!state.at("written_at").is_null()) break;
            timer.expires_after(std::chrono::milliseconds(200));
            co_await timer.async_wait(boost::asio::use_awaitable);
        }
        if (state.at("received_at").is_null()) co_return fail(Errc::upstream_error, "notice " + code + " is not paid: " + state.dump());
        ++played.paid;
        played.written += !state.at("written_at").is_null();
        played.receipts += static_cast<std::int64_t>(state.at("receipts").size());
        played.money.add(Dong(state.at("received").at("amount").get<std::int64_t>()));
        for (auto const& receipt : state.at("receipts")) {
            http::Outgoing verify(http::Method::get, "/receipt/" + receipt.at("code").get<std::string>());
            CHO_CO_TRY_DO(co_await stage.service.call(std::move(verify)));
        }
        progress.step();
    }
    progress.done(fmt::format("{} thông báo, {} biên lai", played.notices, played.receipts));
    co_return played;
}

}  // namespace cho40::cli::demo
