#include "qr-pay/refund_calls.h"
#include "qr-pay/refund_posting.h"

namespace cho40::qr_pay {

boost::asio::awaitable<Result<bool>> RefundCalls::can_call(ledger::BookId book, Uuid subject)
{
    CHO_CO_TRY(auto source, co_await source_of(book, subject));
    co_return source.has_value();
}

boost::asio::awaitable<Result<std::optional<RefundSource>>> RefundCalls::source_of(ledger::BookId book, Uuid subject)
{
    CHO_CO_TRY(auto sources, co_await sources_.sources_of(book, subject));
    if (sources.size() != 1 || sources.front().bank_reference.empty()) co_return std::nullopt;
    CHO_CO_TRY(auto const callable, co_await provider_.can_call(book, sources.front().rail_account));
    if (!callable) co_return std::nullopt;
    co_return std::move(sources.front());
}

boost::asio::awaitable<Result<bool>> RefundCalls::call_due()
{
    constexpr int at_once = 20;
    CHO_CO_TRY(auto waiting, co_await sources_.to_call(at_once));
    for (auto& refund : waiting) CHO_CO_TRY_DO(co_await call_one(std::move(refund)));
    co_return waiting.size() == at_once;
}

boost::asio::awaitable<Result<Done>> RefundCalls::call_one(RefundFacts refund)
{
    auto const id = refund.stored.refund.id;
    CHO_CO_TRY(auto source, co_await source_of(refund.stored.book, refund.stored.subject));
    RefundCall call;
    if (source) {
        call.book = refund.stored.book;
        call.rail_account = source->rail_account;
        call.bank_reference = source->bank_reference;
        call.bank_bin = source->bank_bin;
        call.account_number = source->account_number;
        call.amount = refund.stored.refund.amount;
        call.is_part = call.amount < source->amount;
        call.code = refund.stored.refund.code.text();
    }
    auto begun = begin_call(refund.stored.refund);
    auto const written = co_await write(std::move(refund), std::move(begun), "provider_called");
    if (!written) {
        // Another instance calls it, or it was cancelled.
        bool const is_ours = written.error().code != Errc::stale && written.error().code != Errc::invalid_state;
        co_return is_ours ? Result<Done>(tl::unexpected(written.error())) : Done{};
    }
    // The access was taken away since the refund was asked for: surely nothing was sent.
    auto outcome = RefundCallOutcome::refused;
    if (source) outcome = co_await provider_.call(std::move(call));
    if (outcome == RefundCallOutcome::unknown) co_return Done{};
    // The bank may have told of the transfer meanwhile, or other refunds of the payment may have changed.
    constexpr int tries_max = 5;
    for (int i = 0; i < tries_max; ++i) {
        CHO_CO_TRY(auto now_facts, co_await sources_.find(id));
        if (!now_facts || now_facts->stored.refund.state != RefundState::in_doubt) co_return Done{};
        bool const taken = outcome == RefundCallOutcome::taken;
        auto after = taken ? note_sent(now_facts->stored.refund) : note_refused(now_facts->stored.refund);
        std::string reason = taken ? "provider_accepted" : "provider_refused";
        auto const noted = co_await write(*std::move(now_facts), std::move(after), std::move(reason));
        if (noted || noted.error().code != Errc::stale) co_return noted;
    }
    co_return Done{};
}

boost::asio::awaitable<Result<Done>> RefundCalls::write(RefundFacts before, Result<Refund> after, std::string reason)
{
    if (!after) co_return tl::unexpected<Error>(std::move(after).error());
    auto const now = clock_.now();
    auto stored = before.stored;
    stored.refund = *std::move(after);
    stored.state_reason = std::move(reason);
    stored.since = now;
    auto command = refund_command(before.stored.refund, stored, before.changes, now, random_);
    CHO_CO_TRY_DO(co_await ledger_.submit(std::move(command)));
    co_return Done{};
}

}  // namespace cho40::qr_pay
