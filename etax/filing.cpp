#include "etax/filing.h"
#include "base/check.h"
#include <algorithm>
#include <fmt/format.h>

namespace cho40::etax {
namespace {

struct StateName {
    FilingState state;
    std::string_view name;
};
constexpr std::array state_names = {
    StateName{FilingState::draft, "draft"},
    StateName{FilingState::signed_, "signed"},
    StateName{FilingState::queued, "queued"},
    StateName{FilingState::sent, "sent"},
    StateName{FilingState::transport_unknown, "transport_unknown"},
    StateName{FilingState::received, "received"},
    StateName{FilingState::accepted, "accepted"},
    StateName{FilingState::accepted_by_law, "accepted_by_law"},
    StateName{FilingState::refused_technical, "refused_technical"},
    StateName{FilingState::refused_business, "refused_business"},
    StateName{FilingState::conflict, "conflict"},
    StateName{FilingState::settled, "settled"},
    StateName{FilingState::superseded, "superseded"},
};

bool is_accepted(FilingState s) { return s == FilingState::accepted || s == FilingState::accepted_by_law || s == FilingState::settled; }
bool is_refused(FilingState s) { return s == FilingState::refused_business || s == FilingState::refused_technical; }
bool may_have_left(FilingState s)
{
    return s == FilingState::queued || s == FilingState::sent || s == FilingState::transport_unknown || s == FilingState::received;
}

// One transition. Each overload answers one event.
class Machine {
public:
    Machine(Filing const& filing, WorkingDays const& calendar, FilingPolicy const& policy)
        : step_{filing, {}, false}, calendar_(calendar), policy_(policy)
    {
    }

    Result<FilingStep> operator()(event::Signed const& e)
    {
        if (state() != FilingState::draft) return not_now("signed");
        step_.filing.digest = e.digest;
        return to(FilingState::signed_);
    }

    Result<FilingStep> operator()(event::Queued const&)
    {
        if (state() == FilingState::queued) return same();
        if (state() != FilingState::signed_) return not_now("queued");
        return to(FilingState::queued, {FilingAction::send});
    }

    Result<FilingStep> operator()(event::Sent const& e)
    {
        // After a resend the gateway says "taken" again; a notice may have overtaken its answer.
        if (!may_have_left(state()) && !is_accepted(state()) && !is_refused(state()) && state() != FilingState::conflict)
            return not_now("sent");
        if (!step_.filing.sent_at) {
            step_.filing.sent_at = e.at;
            step_.changed = true;
        }
        if (state() == FilingState::queued || state() == FilingState::transport_unknown) return to(FilingState::sent, {FilingAction::poll});
        return std::move(step_);
    }

    Result<FilingStep> operator()(event::TransportLost const& e)
    {
        if (state() == FilingState::draft || state() == FilingState::signed_) return not_now("sent");
        if (state() != FilingState::queued && state() != FilingState::sent) return same();
        // It may have arrived: ask, never send again blindly.
        if (!step_.filing.sent_at) step_.filing.sent_at = e.at;
        return to(FilingState::transport_unknown, {FilingAction::poll});
    }

    Result<FilingStep> operator()(event::NotArrived const&)
    {
        // Only doubt is settled by this answer; after a receipt it is the other side's mistake.
        if (state() != FilingState::transport_unknown) return same();
        return to(FilingState::queued, {FilingAction::resend_same_bytes});
    }

    Result<FilingStep> operator()(event::GatewayRefused const& e)
    {
        if (!may_have_left(state())) return same();
        if (state() == FilingState::received) return conflict();
        return refuse(FilingState::refused_technical, {NoticeReason{"", e.reason, "", ""}});
    }

    Result<FilingStep> operator()(event::NoticeArrived const& e)
    {
        if (state() == FilingState::draft || state() == FilingState::signed_) return not_now("answered");
        auto const& n = e.notice;
        switch (n.kind) {
        case NoticeKind::received: return n.positive == false ? not_received(n) : received(n, e.at);
        case NoticeKind::receipt_2026: return n.positive == false ? not_received(n) : received(n, e.at);
        case NoticeKind::result:
            if (!n.positive) return same();  // neither yes nor no decides nothing
            return *n.positive ? accepted(n) : refused(n);
        case NoticeKind::invalid: return not_received(n);
        case NoticeKind::incident:
        case NoticeKind::other: break;
        }
        return same();
    }

    Result<FilingStep> operator()(event::Duplicate const& e)
    {
        if (!may_have_left(state())) return same();
        if (!e.their_digest || !step_.filing.digest || *e.their_digest != *step_.filing.digest) return conflict();
        if (state() == FilingState::received) return same();
        step_.filing.received_at = e.at;
        return to(FilingState::received, {FilingAction::poll});
    }

    Result<FilingStep> operator()(event::Paid const&)
    {
        if (state() == FilingState::settled) return same();
        if (!is_accepted(state())) return not_now("settled");
        return to(FilingState::settled);
    }

    Result<FilingStep> operator()(event::Superseded const& e)
    {
        if (state() == FilingState::superseded) return same();
        auto const& mine = step_.filing.key.number;
        // A second official return before the due day replaces the first; otherwise only a higher number does.
        bool const replaces = e.by.number > mine.number || (e.by.type == FilingType::official && mine.type == FilingType::official);
        if (!is_accepted(state()) || !replaces) return not_now("superseded");
        return to(FilingState::superseded);
    }

    Result<FilingStep> operator()(event::Tick const& e)
    {
        auto& f = step_.filing;
        if (f.state == FilingState::received && policy_.receipt_counts_after_one_working_day && f.received_at &&
            one_working_day_over(*f.received_at, e.now)) {
            if (!f.filed_at) f.filed_at = f.received_at;
            return to(FilingState::accepted_by_law);
        }
        if (f.state == FilingState::sent || f.state == FilingState::transport_unknown) {
            step_.actions.push_back(FilingAction::poll);
            if (!f.silence_alerted && f.sent_at && one_working_day_over(*f.sent_at, e.now)) {
                f.silence_alerted = step_.changed = true;
                step_.actions.push_back(FilingAction::alert_silence);
            }
        }
        bool const unsure = f.state != FilingState::received && !is_finished(f.state);
        if (unsure && !f.escalated && Day::of(e.now) >= f.due.plus_days(-1)) {
            f.escalated = step_.changed = true;
            step_.actions.push_back(FilingAction::escalate);
        }
        return std::move(step_);
    }

private:
    [[nodiscard]] FilingState state() const { return step_.filing.state; }

    Result<FilingStep> same() { return std::move(step_); }

    Result<FilingStep> to(FilingState next, std::vector<FilingAction> actions = {})
    {
        step_.filing.state = next;
        step_.actions = std::move(actions);
        step_.changed = true;
        return std::move(step_);
    }

    Result<FilingStep> conflict() { return to(FilingState::conflict, {FilingAction::call_a_person}); }

    tl::unexpected<Error> not_now(std::string_view verb) const
    {
        return fail(Errc::invalid_state, fmt::format("a filing that is {} cannot be {}", name_of(state()), verb));
    }

    Result<FilingStep> received(Notice const& n, Instant at)
    {
        if (is_refused(state())) return conflict();
        if (!may_have_left(state())) return same();
        if (state() == FilingState::received) return same();
        step_.filing.received_at = at;
        if (n.filed_at) step_.filing.filed_at = n.filed_at;
        if (!n.transaction_code.empty()) step_.filing.transaction_code = n.transaction_code;
        return to(FilingState::received);
    }

    Result<FilingStep> accepted(Notice const& n)
    {
        if (is_refused(state())) return conflict();
        if (state() == FilingState::accepted_by_law) return to(FilingState::accepted);
        if (!may_have_left(state())) return same();
        // The legal time is ngayNopThucTe, not the time of the signature on the notice.
        step_.filing.filed_at = n.filed_at;
        if (!n.transaction_code.empty()) step_.filing.transaction_code = n.transaction_code;
        return to(FilingState::accepted);
    }

    Result<FilingStep> refused(Notice const& n)
    {
        if (is_accepted(state()) || state() == FilingState::superseded) return conflict();
        if (!may_have_left(state())) return same();
        return refuse(FilingState::refused_business, n.reasons);
    }

    Result<FilingStep> not_received(Notice const& n)
    {
        if (is_accepted(state()) || state() == FilingState::superseded) return conflict();
        if (!may_have_left(state())) return same();
        return refuse(FilingState::refused_technical, n.reasons);
    }

    Result<FilingStep> refuse(FilingState how, std::vector<NoticeReason> reasons)
    {
        step_.filing.reasons = std::move(reasons);
        return to(how, {FilingAction::reopen_draft});
    }

    // The authority answers within one working day: the same hour of the next day offices are open.
    [[nodiscard]] bool one_working_day_over(Instant since, Instant now) const
    {
        auto const day = Day::of(since);
        auto const deadline = calendar_.add_working_days(day, 1).begin() + (since - day.begin());
        return now > deadline;
    }

    FilingStep step_;
    WorkingDays const& calendar_;
    FilingPolicy const& policy_;
};

}  // namespace

std::string_view name_of(FilingState state)
{
    for (auto const& row : state_names)
        if (row.state == state) return row.name;
    return "";
}

std::optional<FilingState> filing_state_from(std::string_view name)
{
    for (auto const& row : state_names)
        if (row.name == name) return row.state;
    return std::nullopt;
}

bool is_finished(FilingState state) { return is_accepted(state) || is_refused(state) || state == FilingState::superseded; }

bool is_in_flight(FilingState state) { return may_have_left(state) || state == FilingState::conflict; }

Result<FilingStep> on(Filing const& filing, FilingEvent const& event, WorkingDays const& calendar, FilingPolicy const& policy)
{
    return std::visit(Machine(filing, calendar, policy), event);
}

Result<FilingNumber> next_number(std::span<EarlierFiling const> earlier, Day today, Day due)
{
    std::optional<int> last_accepted;
    for (auto const& e : earlier) {
        if (is_in_flight(e.state)) {
            return fail(Error(Errc::already_filed, "a return for this period is on its way; wait for the answer of the authority")
                            .vi("Tờ khai của kỳ này đang được gửi đi; hãy chờ cơ quan thuế trả lời."));
        }
        if (is_accepted(e.state) || e.state == FilingState::superseded)
            last_accepted = std::max(last_accepted.value_or(0), e.number.number);
    }
    if (!last_accepted || (*last_accepted == 0 && today <= due)) return FilingNumber{FilingType::official, 0};
    return FilingNumber{FilingType::supplementary, *last_accepted + 1};
}

}  // namespace cho40::etax
