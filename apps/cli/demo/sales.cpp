#include "apps/cli/demo/day.h"
#include "base/digest.h"
#include <fmt/format.h>
#include <random>

namespace cho40::cli::demo {
namespace {

using nlohmann::json;
template <class T>
using Await = boost::asio::awaitable<Result<T>>;

enum class Habit { exact, short_left, short_topped, over, late, twice, nameless, repeated };

// Out of a thousand buyers.
constexpr std::pair<Habit, int> habits[] = {{Habit::short_left, 10}, {Habit::short_topped, 20}, {Habit::over, 20},    {Habit::late, 10},
                                            {Habit::twice, 10},      {Habit::nameless, 30},     {Habit::repeated, 30}};

struct Sale {
    std::size_t number = 0;
    Habit habit = Habit::exact;
    Dong amount;
    Stall const* stall = nullptr;
};

std::vector<Sale> plan(Stage const& stage, Pilot const& pilot, std::size_t payments)
{
    std::vector<Stall const*> stalls;
    for (auto const& market : pilot.markets) {
        for (auto const& stall : market.stalls) stalls.push_back(&stall);
    }
    auto const digest = sha256(stage.seed);
    std::mt19937_64 draw((std::uint64_t{digest[0]} << 24) | (std::uint64_t{digest[1]} << 16) | (std::uint64_t{digest[2]} << 8) | digest[3]);
    std::vector<Sale> sales(payments);
    for (std::size_t i = 0; i < payments; ++i) {
        auto& sale = sales[i];
        sale.number = i;
        sale.stall = stalls[draw() % stalls.size()];
        sale.amount = Dong(static_cast<std::int64_t>(10 + draw() % 290) * 1000 + 500);  // never a magic amount
        auto dice = static_cast<int>(draw() % 1000);
        for (auto const& [habit, share] : habits) {
            if (dice < share) {
                sale.habit = habit;
                break;
            }
            dice -= share;
        }
    }
    return sales;
}

class Buyer {
public:
    Buyer(Stage& stage, Played& played) : stage_(stage), played_(played) {}

    Await<Done> buy(Sale sale)
    {
        if (sale.habit == Habit::nameless) {
            json body = {{"bank_bin", sale.stall->bank_bin},
                         {"account_number", sale.stall->account_number},
                         {"amount", sale.amount.count()},
                         {"memo", "mua hang"}};
            CHO_CO_TRY_DO(co_await pay(std::move(body), sale, "nameless"));
            played_.nameless.add(sale.amount);
            co_return Done{};
        }
        json ask = {{"stall", sale.stall->id}, {"amount", {{"amount", sale.amount.count()}, {"currency", "VND"}}}};
        auto intention = fmt::format("{}/ask/{}", stage_.run, sale.number);
        CHO_CO_TRY(auto payment, co_await stage_.service.post("/v1/payments", std::move(ask), std::move(intention)));
        ++played_.requests;
        std::string const payload = payment.at("qr").at("payload");
        auto const part = Dong(sale.amount.count() / 2);
        switch (sale.habit) {
        case Habit::short_left:
            CHO_CO_TRY_DO(co_await pay(of(payload, part), sale, "short"));
            played_.short_.add(part);
            break;
        case Habit::short_topped:
            CHO_CO_TRY_DO(co_await pay(of(payload, part), sale, "short"));
            played_.short_.add(part);
            CHO_CO_TRY_DO(co_await pay(of(payload, *subtract(sale.amount, part)), sale, "rest"));
            played_.matched.add(*subtract(sale.amount, part));
            break;
        case Habit::over:
            CHO_CO_TRY_DO(co_await pay(of(payload, *add(sale.amount, Dong(5000))), sale, "over"));
            played_.over.add(*add(sale.amount, Dong(5000)));
            break;
        case Habit::late: {
            auto path = "/v1/payments/" + payment.at("id").get<std::string>() + "/cancellation";
            auto key = fmt::format("{}/cancel/{}", stage_.run, sale.number);
            CHO_CO_TRY_DO(co_await stage_.service.post(std::move(path), json::object(), std::move(key)));
            CHO_CO_TRY_DO(co_await pay(of(payload, sale.amount), sale, "late"));
            played_.late.add(sale.amount);
            break;
        }
        case Habit::twice:
            CHO_CO_TRY_DO(co_await pay(of(payload, sale.amount), sale, "first"));
            CHO_CO_TRY_DO(co_await pay(of(payload, sale.amount), sale, "second"));
            played_.matched.add(sale.amount);
            played_.duplicate.add(sale.amount);
            break;
        case Habit::repeated: {
            auto body = of(payload, sale.amount);
            body["repeat"] = 5;
            CHO_CO_TRY_DO(co_await pay(std::move(body), sale, "repeated"));
            played_.matched.add(sale.amount);
            break;
        }
        case Habit::exact:
        case Habit::nameless:
            CHO_CO_TRY_DO(co_await pay(of(payload, sale.amount), sale, "exact"));
            played_.matched.add(sale.amount);
            break;
        }
        co_return Done{};
    }

private:
    static json of(std::string const& payload, Dong amount) { return {{"payload", payload}, {"amount", amount.count()}}; }

    Await<Done> pay(json body, Sale sale, std::string what)
    {
        body["payer"] = {{"name", "KHACH HANG"}, {"account", fmt::format("88{:08}", sale.number)}, {"bank_bin", "970422"}};
        auto key = fmt::format("{}/pay/{}/{}", stage_.run, sale.number, what);
        CHO_CO_TRY(auto paid, co_await stage_.sandbox.post("/bank/payments", std::move(body), std::move(key)));
        for (auto const& told : paid.value("notifications", json::array())) {
            ++played_.notifications;
            if (told.value("status", 0) / 100 != 2) {
                co_return fail(Errc::upstream_error, "a notification was not accepted: " + told.dump());
            }
        }
        co_return Done{};
    }

    Stage& stage_;
    Played& played_;
};

void add(CountSum& to, json const& from)
{
    to.count += from.at("count").get<std::int64_t>();
    to.dong += from.at("sum").at("amount").get<std::int64_t>();
}

}  // namespace

Await<Played> play_sales(Stage stage, Pilot const& pilot, std::size_t payments)
{
    Played played;
    auto const sales = plan(stage, pilot, payments);
    Progress progress("Bán hàng qua QR", static_cast<std::int64_t>(payments));
    auto work = [&](std::size_t i) -> boost::asio::awaitable<Result<Done>> {
        Buyer buyer(stage, played);
        CHO_CO_TRY_DO(co_await buyer.buy(sales[i]));
        progress.step();
        co_return Done{};
    };
    std::function<boost::asio::awaitable<Result<Done>>(std::size_t)> named = work;
    CHO_CO_TRY_DO(co_await for_each(payments, stage.at_once, std::move(named)));
    progress.done(fmt::format("{} lượt mua, {} thông báo ngân hàng", payments, played.notifications));
    co_return played;
}

Await<Played> read_day_books(Stage stage, Pilot const& pilot)
{
    std::vector<std::string> stalls;
    for (auto const& market : pilot.markets) {
        for (auto const& stall : market.stalls) stalls.push_back(stall.id);
    }
    Played read;
    auto work = [&](std::size_t i) -> boost::asio::awaitable<Result<Done>> {
        CHO_CO_TRY(auto book, co_await stage.service.get("/v1/stalls/" + stalls[i] + "/day-book"));
        for (auto const& kind : book.at("totals").at("by_kind")) {
            auto const name = kind.at("kind").get<std::string>();
            if (name == "matched") add(read.matched, kind);
            if (name == "short") add(read.short_, kind);
            if (name == "over") add(read.over, kind);
            if (name == "late") add(read.late, kind);
            if (name == "duplicate") add(read.duplicate, kind);
            if (name == "nameless") add(read.nameless, kind);
        }
        co_return Done{};
    };
    std::function<boost::asio::awaitable<Result<Done>>(std::size_t)> named = work;
    CHO_CO_TRY_DO(co_await for_each(stalls.size(), 16, std::move(named)));
    co_return read;
}

}  // namespace cho40::cli::demo
