#include "ledger/between_books.h"
#include "base/check.h"
#include <algorithm>

namespace cho40::ledger {
namespace {

using boost::asio::awaitable;

// With the book it comes from: under two writers the same id may have left two books, as two movements.
Id<Transfer> arrival_id(Movement const& m)
{
    return Id<Transfer>(make_following_uuid(m.id.uuid, "between books: arrive from " + std::to_string(m.from.value)));
}

Command step(BookId book)
{
    Command command(book);
    command.over_transit = true;
    return command;
}

Transfer transfer(Movement const& m, AccountNumber debit, AccountNumber credit)
{
    return Transfer(m.id, debit, credit, m.amount, m.code, m.reference, m.event_at);
}

Command end_hold(Movement const& m, TransferKind kind, std::string_view name, Instant event_at, MovementEnd end)
{
    auto command = step(m.from);
    Transfer t(Id<Transfer>(make_following_uuid(m.id.uuid, name)), AccountNumber{}, AccountNumber{}, Dong(), m.code, m.reference, event_at);
    t.kind = kind;
    t.pending = m.id;
    command.transfers.push_back(std::move(t));
    command.rows.push_back(std::make_shared<MovementEnded>(m, end));
    return command;
}

// Both ways to decide name the same entity: whichever comes second is refused as stale.
void decide(Command& command, Movement const& m, std::optional<Errc> turned_away)
{
    command.guards.push_back({arrival_id(m).uuid, 0, 1});
    command.rows.push_back(std::make_shared<MovementDecided>(m, turned_away));
}

}  // namespace

Command leave(Movement const& m)
{
    auto command = step(m.from);
    command.open.push_back(Account{transit_account(m.to)});
    auto t = transfer(m, transit_account(m.to), m.credit);
    t.kind = TransferKind::pending;  // without a timeout: it ends when the other book has decided, and not before
    command.transfers.push_back(std::move(t));
    command.rows.push_back(std::make_shared<MovementLeft>(m));
    return command;
}

Command arrive(Movement const& m)
{
    auto command = step(m.to);
    command.open.push_back(Account{transit_account(m.from)});
    auto t = transfer(m, m.debit, transit_account(m.from));
    t.id = arrival_id(m);
    command.transfers.push_back(std::move(t));
    decide(command, m, std::nullopt);
    return command;
}

Command turn_away(Movement const& m, Errc why)
{
    auto command = step(m.to);
    decide(command, m, why);
    return command;
}

Command settle(Movement const& m, std::int64_t arrived_seq, Instant event_at)
{
    return end_hold(m, TransferKind::post, "between books: settle", event_at, {MovementState::posted, std::nullopt, arrived_seq});
}

Command give_back(Movement const& m, Errc why, Instant event_at)
{
    return end_hold(m, TransferKind::undo, "between books: give back", event_at, {MovementState::refused, why, 0});
}

bool refuses_for_good(Errc code)
{
    switch (code) {
    case Errc::account_unknown:
    case Errc::account_closed:
    case Errc::insufficient_funds:
    case Errc::limit_exceeded:
    case Errc::amount_overflow:
    case Errc::period_closed:
    case Errc::transfer_differs:
    case Errc::invalid_input: return true;
    default: return false;
    }
}

Command Journey::command() const
{
    CHO_CHECK(submits());
    if (next_ == Step::arrive) return arrive(movement_);
    if (next_ == Step::turn_away) return turn_away(movement_, why_);
    if (next_ == Step::settle) return settle(movement_, arrived_seq_, event_at_);
    return give_back(movement_, why_, event_at_);
}

void Journey::end(Result<MovementEnd> result)
{
    result_ = std::move(result);
    next_ = Step::none;
}

void Journey::put_off(Error why) { end(tl::unexpected<Error>(std::move(why))); }

void Journey::answered(Result<Receipt> const& answer, Instant now)
{
    CHO_CHECK(submits());
    // Others may work on the same movement, but each command that is refused tells what they did: four are enough, and one
    // more when a period was closed meanwhile.
    constexpr int commands_max = 6;
    if (!answer && ++commands_ == commands_max) return put_off(answer.error());
    bool const decides = next_ == Step::arrive || next_ == Step::turn_away;
    if (!answer) {
        auto const code = answer.error().code;
        if (decides && code == Errc::stale) {
            next_ = Step::look_up_decision;
        } else if (next_ == Step::arrive && refuses_for_good(code)) {
            why_ = code;
            next_ = Step::turn_away;
        } else if (!decides && code == Errc::period_closed && event_at_ < now) {
            event_at_ = now;  // the period it happened in was closed while it was under way: it ends in the open one
        } else if (!decides && (code == Errc::transfer_differs || code == Errc::pending_finished || code == Errc::pending_not_found)) {
            next_ = Step::look_up_end;
        } else {
            put_off(answer.error());
        }
        return;
    }
    switch (next_) {
    case Step::arrive:
        arrived_seq_ = answer->last_seq;
        next_ = Step::settle;
        return;
    case Step::turn_away: next_ = Step::give_back; return;
    case Step::settle: return end(MovementEnd{MovementState::posted, std::nullopt, arrived_seq_});
    default: return end(MovementEnd{MovementState::refused, why_, 0});
    }
}

void Journey::decided(std::optional<MovementDecided> const& decision)
{
    CHO_CHECK(next_ == Step::look_up_decision);
    if (!decision) return put_off(Error(Errc::stale, "the book it goes to could not decide; try again"));
    if (decision->turned_away) why_ = *decision->turned_away;
    // What has arrived is told again, for the answer that says where.
    next_ = decision->turned_away ? Step::give_back : Step::arrive;
}

void Journey::found(std::optional<MovementReport> const& report)
{
    CHO_CHECK(next_ == Step::look_up_end);
    if (report && report->end.state != MovementState::under_way) return end(report->end);
    put_off(Error(Errc::books_broken, "its hold has ended and it has not; run `cho40 ledger verify`"));
}

awaitable<void> Carrier::look_up(Journey& journey)
{
    auto const& m = journey.movement();
    if (journey.next() == Journey::Step::look_up_decision) {
        auto const decision = co_await store_.decision(m);
        decision ? journey.decided(*decision) : journey.put_off(decision.error());
    } else {
        auto const report = co_await store_.find(m.from, m.id);
        report ? journey.found(*report) : journey.put_off(report.error());
    }
}

awaitable<std::vector<Result<MovementEnd>>> Carrier::carry(std::vector<Movement> movements)
{
    std::vector<Journey> journeys;
    for (auto& m : movements) journeys.emplace_back(std::move(m));
    for (;;) {
        std::vector<Journey*> asking;
        std::vector<Command> commands;
        for (auto& journey : journeys) {
            if (!journey.submits()) continue;
            asking.push_back(&journey);
            commands.push_back(journey.command());
        }
        if (asking.empty()) break;
        auto const answers = co_await ledger_.submit_all(std::move(commands));
        for (std::size_t i = 0; i < asking.size(); ++i) {
            asking[i]->answered(answers[i], clock_.now());
            if (!asking[i]->submits() && asking[i]->next() != Journey::Step::none) co_await look_up(*asking[i]);
        }
    }
    std::vector<Result<MovementEnd>> results;
    for (auto const& journey : journeys) results.push_back(journey.result());
    co_return results;
}

awaitable<Result<Done>> Carrier::round()
{
    MovementStore::Place place;
    for (;;) {
        auto const now = clock_.now();
        CHO_CO_TRY(auto const page, co_await store_.under_way(now - limits_.grace, place, limits_.at_once));
        if (page.empty()) co_return Done{};
        place = {page.back().movement.from, page.back().left_seq};
        std::vector<Movement> ready;
        for (auto const& report : page) {
            auto const pause = pauses_.find(report.movement.to);
            if (pause == pauses_.end() || pause->second.until <= now) ready.push_back(report.movement);
        }
        auto const results = co_await carry(ready);
        for (std::size_t i = 0; i < ready.size(); ++i) note(ready[i], results[i]);
        if (page.size() < limits_.at_once) co_return Done{};
    }
}

void Carrier::note(Movement const& movement, Result<MovementEnd> const& result)
{
    if (result) {
        pauses_.erase(movement.to);
        watch_.on_ended(movement, *result);
        return;
    }
    watch_.on_put_off(movement, result.error());
    auto const now = clock_.now();
    auto const [pause, first] = pauses_.try_emplace(movement.to, Pause{now + limits_.again_first, limits_.again_first});
    if (first || pause->second.until > now) return;  // of several on the way there, one counts
    auto const length = std::min(pause->second.length * 2, limits_.again_last);
    pause->second = {now + length, length};
}

}  // namespace cho40::ledger
