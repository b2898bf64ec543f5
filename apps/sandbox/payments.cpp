#include "apps/sandbox/payments.h"
#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cho40::sandbox {
namespace {

namespace asio = boost::asio;
using std::chrono::seconds;

constexpr seconds waited_for_max{5};                       // later steps go on beside
constexpr seconds request_lifetime = std::chrono::minutes(15);  // the service's own default

asio::awaitable<void> sleep(std::chrono::milliseconds time)
{
    if (time.count() <= 0) co_return;
    asio::steady_timer timer(co_await asio::this_coro::executor, time);
    co_await timer.async_wait(asio::use_awaitable);
}

}  // namespace

Payments::Report Payments::open(Scenario scenario, std::string_view answer)
{
    auto report = std::make_shared<PaymentReport>();
    report->number = reports_.size() + 1;
    report->scenario = scenario;
    report->outcome = answer;
    reports_.push_back(report);
    return report;
}

Result<std::vector<RailAccount>> Payments::tellers(PaymentOrder const& order, ReceivingAccount const& account) const
{
    std::vector<RailAccount> out;
    for (auto const& id : order.rails.value_or(account.rail_accounts)) {
        if (std::ranges::find(account.rail_accounts, id) == account.rail_accounts.end()) {
            return fail(Errc::invalid_input, "the rail account " + id + " does not tell of this receiving account", "/rails");
        }
        CHO_TRY(auto found, bank_.rail_account(id));
        out.push_back(std::move(found));
    }
    return out;
}

asio::awaitable<Result<PaymentReport>> Payments::pay(PaymentOrder order)
{
    CHO_CO_TRY(auto const account, bank_.receiving_account(order.bank_bin, order.account_number));
    CHO_CO_TRY(auto const rails, tellers(order, account));
    for (auto const& ordered : order.faults) {
        if (!ordered.rail_account.empty() && std::ranges::find(rails, ordered.rail_account, &RailAccount::id) == rails.end())
            co_return fail(Errc::invalid_input, "the rail account " + ordered.rail_account + " does not tell of this payment", "/faults");
    }
    auto until_late = request_lifetime;
    if (order.expires_at) until_late = std::max(seconds(0), std::chrono::ceil<seconds>(*order.expires_at - bank_.now()));
    auto const plan = plan_of(order.scenario.value_or(scenario_of(order.amount)), order.amount, until_late);
    auto const report = open(plan.scenario, plan.answer);
    bool const wait = order.wait || plan.tell_before_answer;
    for (auto const& step : plan.steps) {
        if (wait && step.after <= waited_for_max) {
            CHO_CO_TRY_DO(co_await run(step, order, rails, report));
        } else if (!jobs_.spawn("payments.step", run_later(step, order, rails, report))) {
            co_return fail(Errc::unavailable, "the sandbox is shutting down");
        }
    }
    co_return *report;
}

asio::awaitable<void> Payments::run_later(Step step, PaymentOrder order, std::vector<RailAccount> rails, Report report)
{
    // The order was looked through before; what can fail now is an account that a reset took away.
    auto const done = co_await run(step, std::move(order), std::move(rails), report);
    if (!done) report->outcome = "failed";
}

asio::awaitable<Result<Done>> Payments::run(Step step, PaymentOrder order, std::vector<RailAccount> rails, Report report)
{
    co_await sleep(step.after.count() * second_);
    TransferOrder booking;
    booking.bank_bin = std::move(order.bank_bin);
    booking.account_number = std::move(order.account_number);
    booking.amount = step.amount;
    if (step.with_memo) booking.payer_memo = std::move(order.memo);
    booking.wrapper = std::move(order.wrapper);
    booking.payer = std::move(order.payer);
    booking.booked_at = order.booked_at;
    booking.failed = step.fails;
    CHO_CO_TRY(auto transfer, bank_.book(std::move(booking)));
    report->transfers.push_back(transfer);
    report->outcome = step.fails ? "failed" : "paid";
    if (step.fails) co_return Done{};
    if (step.last_rail_first) std::ranges::reverse(rails);
    Audience audience{std::move(rails), std::move(order.faults), order.repeat};
    co_await tell(step, std::move(transfer), std::move(audience), report);
    co_return Done{};
}

TellingFaults Payments::faults_of(Step const& step, RailAccount const& rail, Transfer const& transfer, Audience const& audience) const
{
    for (auto const& ordered : audience.faults) {
        if (ordered.rail_account.empty() || ordered.rail_account == rail.id) return ordered.faults;
    }
    return step.faults == TellingFaults() ? rail_faults_.of(rail.id, transfer, bank_.dice()) : step.faults;
}

asio::awaitable<void> Payments::tell(Step step, Transfer transfer, Audience audience, Report report)
{
    auto const times = std::max(step.notices, audience.repeat);
    for (int i = 0; i < times; ++i) {
        if (i > 0) co_await sleep(step.between.count() * second_);
        for (auto const& rail : audience.rails) {
            auto const faults = faults_of(step, rail, transfer, audience);
            for (int told = 0; told <= faults.duplicates; ++told) {
                auto delivery = co_await notifier_.tell(rail, transfer, faults);
                report->notifications.push_back(std::move(delivery));
            }
        }
    }
}

asio::awaitable<Result<PaymentReport>> Payments::refund(RefundOrder order)
{
    CHO_CO_TRY(auto const paid, bank_.transfer(order.reference));
    auto const wanted = order.amount.value_or(paid.amount);
    std::int64_t back = wanted.count();
    for (auto const& transfer : bank_.transfers()) {
        if (transfer.refunds == order.reference && !transfer.failed) back += transfer.amount.count();
    }
    if (paid.failed || paid.flow == Flow::out || back > paid.amount.count()) {
        co_return fail(Errc::invalid_state, "there is not so much to pay back for this transfer", "/amount");
    }
    bool const fails = scenario_of(paid.amount) == Scenario::refund_fails;
    auto const report = open(fails ? Scenario::refund_fails : Scenario::plain, fails ? "accepted" : "paid");
    TransferOrder booking;
    booking.bank_bin = paid.bank_bin;
    booking.account_number = paid.account_number;
    booking.flow = Flow::out;
    booking.amount = wanted;
    booking.payer_memo = order.memo.empty() ? "HOAN TIEN " + paid.order_code : std::move(order.memo);
    booking.wrapper = "plain";
    booking.payer = paid.payer;
    booking.refunds = order.reference;
    booking.failed = fails;
    if (fails) {
        auto later = [](Payments& self, TransferOrder order, Report about) -> asio::awaitable<void> {
            co_await sleep(2 * self.second_);
            auto booked = self.bank_.book(std::move(order));
            if (booked) about->transfers.push_back(std::move(*booked));
            about->outcome = "failed";
        };
        if (!jobs_.spawn("payments.refund", later(*this, std::move(booking), report)))
            co_return fail(Errc::unavailable, "the sandbox is shutting down");
        co_return *report;
    }
    CHO_CO_TRY(auto transfer, bank_.book(std::move(booking)));
    report->transfers.push_back(transfer);
    CHO_CO_TRY(auto const account, bank_.receiving_account(paid.bank_bin, paid.account_number));
    CHO_CO_TRY(auto rails, tellers(PaymentOrder(), account));
    Audience audience{std::move(rails), {}, 1};
    auto telling = tell(Step(), std::move(transfer), std::move(audience), report);
    if (order.wait) {
        co_await std::move(telling);
    } else if (!jobs_.spawn("payments.tell", std::move(telling))) {
        co_return fail(Errc::unavailable, "the sandbox is shutting down");
    }
    co_return *report;
}

Result<PaymentReport> Payments::find(std::uint64_t number) const
{
    if (number == 0 || number > reports_.size()) return fail(Errc::not_found, "there is no such payment");
    return *reports_[number - 1];
}

}  // namespace cho40::sandbox
