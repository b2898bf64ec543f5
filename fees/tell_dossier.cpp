#include "fees/tell_dossier.h"
#include <array>

namespace cho40::fees {

std::chrono::seconds pause_before_next(CaseAnswer::Kind kind, int tries)
{
    using namespace std::chrono_literals;
    constexpr std::array<std::chrono::seconds, 3> quick = {2s, 5s, 15s};
    constexpr std::array<std::chrono::seconds, 4> patient = {1min, 5min, 15min, 30min};
    auto step = static_cast<std::size_t>(std::max(tries, 1) - 1);
    if (kind == CaseAnswer::Kind::no_answer) {
        if (step < quick.size()) return quick[step];
        step -= quick.size();
    }
    return step < patient.size() ? patient[step] : std::chrono::seconds(1h);
}

boost::asio::awaitable<Result<bool>> TellDossiers::round()
{
    CHO_CO_TRY(auto due, co_await notices_.dossiers_to_tell(clock_.now(), at_once));
    for (auto& found : due) CHO_CO_TRY_DO(co_await tell(std::move(found)));
    co_return due.size() == at_once;
}

boost::asio::awaitable<Result<Done>> TellDossiers::tell(NoticeWithAgency found)
{
    PaymentResult result;
    result.notice = found.stored.notice;
    result.paid_at = found.stored.life.paid_at.value_or(found.stored.since);
    CHO_CO_TRY(result.receipts, co_await notices_.receipts_of(found.stored.book, found.stored.notice.id));
    auto answer = co_await portal_.tell(std::move(result));

    // Money may come for the notice meanwhile: then it is read again and the outcome written over what stands now.
    constexpr int attempts_max = 5;
    auto stored = std::move(found.stored);
    for (int attempt = 1;; ++attempt) {
        auto written = co_await write(stored, answer);
        if (written || written.error().code != Errc::stale || attempt == attempts_max) co_return written;
        CHO_CO_TRY(auto again, co_await notices_.find_notice(stored.notice.id));
        if (!again) co_return fail(Errc::not_found, "no such notice");
        stored = std::move(again->stored);
    }
}

boost::asio::awaitable<Result<Done>> TellDossiers::write(StoredNotice stored, CaseAnswer answer)
{
    auto const now = clock_.now();
    bool const told = answer.kind == CaseAnswer::Kind::told;
    NoticeLife life(stored.notice.total, stored.notice.valid_until, stored.life);
    auto after = stored;
    if (told) {
        CHO_CO_TRY_DO(life.on(NoticeLife::DossierTold{now}));
        after.dossier_next_at.reset();
    } else {
        ++after.dossier_tries;
        after.dossier_next_at = now + pause_before_next(answer.kind, after.dossier_tries);
        // People are told of trouble when it is not over in seconds.
        if (answer.kind == CaseAnswer::Kind::refused || *after.dossier_next_at - now >= std::chrono::minutes(1)) {
            CHO_CO_TRY_DO(life.on(NoticeLife::DossierFailed{now, answer.reason}));
        }
    }
    after.life = life.record();
    after.version = stored.version + 1;
    ledger::Command command(stored.book);
    command.guards.push_back(ledger::Guard{stored.notice.id.uuid, stored.version, after.version});
    if (told || after.life.dossier != stored.life.dossier) {
        ledger::Event event;
        event.id = make_uuid7(now, random_);
        event.stream = stored.notice.id.uuid;
        event.type = told ? "dossier.told" : "dossier.delayed";
        event.resource = stored.notice.id.uuid;
        event.attributes = {{"tries", std::int64_t{after.dossier_tries}}, {"version", after.version}};
        command.events.push_back(std::move(event));
    }
    command.rows.push_back(std::make_shared<ChangedNotice>(std::move(after)));
    CHO_CO_TRY_DO(co_await ledger_.submit(std::move(command)));
    co_return Done{};
}

}  // namespace cho40::fees
