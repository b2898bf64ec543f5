#include "apps/cli/demo/day.h"
#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

namespace cho40::cli::demo {
namespace {

using nlohmann::json;

// A day that is played twice has grown: its second file replaces the first one under the next revision, as a provider
// sends a corrected one. The same or a lower revision with other bytes would rightly be held as a conflict.
boost::asio::awaitable<Result<int>> next_revision(Stage stage, std::string side, RailAccount partner, std::string day)
{
    auto path = "/v1/recon/days/" + day + "?partner=" + partner.id;
    CHO_CO_TRY(auto known, co_await stage.service.get(std::move(path)));
    int newest = 0;
    for (auto const& file : known.at("files")) {
        if (file.at("side") == side) newest = std::max(newest, file.at("revision").get<int>());
    }
    co_return newest + 1;
}

boost::asio::awaitable<Result<json>> fetch_and_upload(Stage stage, std::string from, std::string side, RailAccount partner, std::string day)
{
    CHO_CO_TRY(auto const revision, co_await next_revision(stage, side, partner, day));
    http::Outgoing fetch(http::Method::get, fmt::format("{}?rail_account={}&date={}&revision={}", from, partner.id, day, revision));
    fetch.deadline = std::chrono::seconds(60);
    CHO_CO_TRY(auto file, co_await stage.sandbox.call(std::move(fetch)));
    auto const type = side == "bank" ? std::string("application/xml") : std::string("text/csv");
    auto path = fmt::format("/v1/recon/files?side={}&source={}&date={}&revision={}", side, partner.id, day, revision);
    // The same bytes are the same intention; a file that has grown since is another one.
    auto key = key_for(std::string(file.body_text())) + path;
    std::string bytes(file.body_text());
    co_return co_await stage.service.post_bytes(std::move(path), std::move(bytes), type, std::move(key));
}

}  // namespace

boost::asio::awaitable<Result<std::vector<ReconPlayed>>> play_reconciliation(Stage stage, Pilot const& pilot)
{
    std::vector<ReconPlayed> out;
    auto const day = Day::of(stage.clock.now()).to_string();
    Progress progress("Đối soát", static_cast<std::int64_t>(pilot.markets.size()) * 2);
    for (auto const& market : pilot.markets) {
        for (auto const* partner : {&market.collector, &market.vietqr}) {
            if (partner->channel == "provider") {
                CHO_CO_TRY_DO(co_await fetch_and_upload(stage, "/providers/daily-file", "provider", *partner, day));
            }
            CHO_CO_TRY_DO(co_await fetch_and_upload(stage, "/bank/camt053", "bank", *partner, day));
            json body = {{"date", day}, {"partner", partner->id}};
            auto key = fmt::format("{}/recon/{}/{}", stage.run, partner->id, stage.clock.now().time_since_epoch().count());
            CHO_CO_TRY(auto run, co_await stage.service.post("/v1/recon/runs", std::move(body), std::move(key)));
            ReconPlayed played;
            played.partner = partner->id;
            played.name = market.name + " · " + partner->rail;
            played.matched = run.at("matched").at("count");
            played.waiting = run.at("waiting").at("count");
            for (auto const& row : run.at("breaks")) played.breaks += row.at("count").get<std::int64_t>();
            for (auto const& row : run.at("equations")) played.equations_hold = played.equations_hold && row.at("holds").get<bool>();
            out.push_back(std::move(played));
            progress.step();
        }
    }
    progress.done(std::to_string(out.size()) + " lượt đối soát");
    co_return out;
}

boost::asio::awaitable<Result<TaxPlayed>> play_filing(Stage stage, Pilot const& pilot)
{
    TaxPlayed played;
    played.period = "2026-Q3";
    CHO_CO_TRY(auto turnover,
               co_await stage.service.get("/v1/tax/households/" + pilot.big_household + "/turnover?period=" + played.period));
    if (turnover.at("total").at("amount").get<std::int64_t>() == 0) {
        // Takings of the year so far, noted by the stall for the days they belong to.
        struct Takings {
            char const* day;
            std::int64_t amount;
        };
        constexpr Takings takings[] = {{"2026-02-10", 330'000'000},
                                       {"2026-05-20", 370'000'000},
                                       {"2026-07-15", 150'000'000},
                                       {"2026-08-15", 160'000'000},
                                       {"2026-09-15", 110'000'000}};
        for (auto const& t : takings) {
            json body = {{"amount", {{"amount", t.amount}, {"currency", "VND"}}}, {"sold_on", t.day}, {"note", "Doanh thu tiền mặt"}};
            auto key = fmt::format("pilot/cash/{}/{}", pilot.big_stall.id, t.day);
            CHO_CO_TRY_DO(co_await stage.service.post("/v1/stalls/" + pilot.big_stall.id + "/cash-sales", std::move(body), std::move(key)));
        }
    }
    auto list_path = "/v1/tax-returns?household=" + pilot.big_household;
    CHO_CO_TRY(auto known, co_await stage.service.get(std::move(list_path)));
    json filing;
    for (auto const& r : known.at("data")) {
        if (r.at("period") == played.period) filing = r;
    }
    if (filing.is_null()) {
        json body = {{"household", pilot.big_household}, {"period", played.period}};
        auto key = "pilot/return/" + pilot.big_household + "/" + played.period;
        CHO_CO_TRY(filing, co_await stage.service.post("/v1/tax-returns", std::move(body), std::move(key)));
    }
    std::string const id = filing.at("id");
    auto const state = filing.at("state").at("name").get<std::string>();
    if (state == "draft" || state == "signed") {
        auto key = "pilot/submission/" + id;
        CHO_CO_TRY_DO(co_await stage.service.post("/v1/tax-returns/" + id + "/submission", json::object(), std::move(key)));
    }
    Progress progress("Nộp tờ khai thuế", 1);
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    for (int round = 0; round < 200; ++round) {
        CHO_CO_TRY(filing, co_await stage.service.get("/v1/tax-returns/" + id));
        if (filing.at("state").at("name") == "accepted" || filing.at("state").at("finished").get<bool>()) break;
        timer.expires_after(std::chrono::milliseconds(300));
        co_await timer.async_wait(boost::asio::use_awaitable);
    }
    progress.step();
    played.household = filing.at("household").at("name");
    played.state = filing.at("state").at("name");
    auto const& figures = filing.at("figures");
    played.turnover = Dong(figures.at("ledger_turnover").at("amount").get<std::int64_t>());
    played.vat = Dong(figures.at("vat").at("amount").get<std::int64_t>());
    played.pit = Dong(figures.at("pit").at("amount").get<std::int64_t>());
    for (auto const& notice : filing.at("notices")) played.notices.push_back(notice.at("code"));
    played.state_text = played.state == "accepted" ? "cơ quan thuế đã chấp nhận" : "chưa được chấp nhận (" + played.state + ")";
    progress.done(played.state_text);
    co_return played;
}

}  // namespace cho40::cli::demo
