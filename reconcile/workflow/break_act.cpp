#include "reconcile/workflow/break_act.h"
#include "base/text.h"
#include <algorithm>

namespace cho40::reconcile {
namespace {

using enum BreakState;

auto not_now(BreakState state, std::string_view instead_en, std::string_view instead_vi)
{
    return fail(Error(Errc::invalid_state, "the break is " + std::string(name_of(state)) + ": " + std::string(instead_en))
                    .vi("Khoản lệch đang ở trạng thái " + std::string(name_of(state)) + ": " + std::string(instead_vi)));
}

Result<Done> be_open(BreakState state)
{
    if (is_finished(state)) return not_now(state, "reopen it first", "hãy mở lại trước.");
    if (state == PROPOSED) return not_now(state, "approve or reject what is proposed first", "hãy duyệt hoặc từ chối đề nghị trước.");
    return Done{};
}

Result<Done> need_reason(BreakAct const& act)
{
    if (trim(act.reason).empty()) return fail(Error(Errc::required, "say why", "/reason").vi("Hãy ghi lý do."));
    return Done{};
}

// Nobody lets public money go; of the rest, a repeated line (it is no money) and small differences.
Result<Done> may_write_off(BreakFacts const& facts, WriteOffLimit limit)
{
    if (facts.kind == BreakClass::DUPLICATE_PROVIDER_LINE) return Done{};
    if (facts.public_money)
        return fail(
            Error(Errc::forbidden, "public money is never written off here").vi("Không được bỏ qua chênh lệch của tiền ngân sách."));
    auto const difference = Dong(std::abs(facts.delta.count()));
    if (difference > limit.amount) {
        return fail(Error(Errc::limit_exceeded, "a difference of " + dong_text(difference.count()) + " is written off only up to " +
                                                    dong_text(limit.amount.count()))
                        .vi("Chỉ được bỏ qua chênh lệch đến " + dong_text(limit.amount.count()) + "."));
    }
    return Done{};
}

Result<BreakStanding> propose(BreakFacts const& facts, BreakStanding next, BreakAct const& act, BreakActor const& actor,
                              WriteOffLimit limit, Instant now, BreakPolicy const& policy)
{
    CHO_TRY_DO(be_open(next.state));
    auto const* const resolution = policy.find(facts.kind, act.resolution);
    if (!resolution) {
        std::string known;
        for (auto const& one : policy.resolutions(facts.kind)) known += (known.empty() ? "" : ", ") + one.code;
        return fail(Error(Errc::unknown_value, "of " + std::string(name_of(facts.kind)) + ": " + known, "/resolution")
                        .vi("Chọn một trong: " + known));
    }
    CHO_TRY_DO(need_reason(act));
    if (resolution->needs_evidence && !act.evidence)
        return fail(Error(Errc::required, "name the document that proves it", "/evidence").vi("Hãy kèm chứng từ (tên và mã băm SHA-256)."));
    if (resolution->writes_off) CHO_TRY_DO(may_write_off(facts, limit));
    next.state = PROPOSED;
    next.proposal = Proposal{act.resolution, act.reason, act.evidence, actor.id, now};
    return next;
}

Result<Done> may_decide(BreakStanding const& standing, BreakActor const& actor)
{
    if (standing.state != PROPOSED || !standing.proposal) return not_now(standing.state, "nothing is proposed", "chưa có đề nghị nào.");
    if (!actor.is_person) return fail(Error(Errc::forbidden, "a person decides, not a program").vi("Phải do người duyệt."));
    if (standing.proposal->by == actor.id)
        return fail(Error(Errc::maker_cannot_check, "whoever proposed it cannot decide it").vi("Người đề nghị không được tự duyệt."));
    return Done{};
}

Result<BreakStanding> approve(BreakFacts const& facts, BreakStanding next, BreakActor const& actor, WriteOffLimit limit,
                              BreakPolicy const& policy)
{
    CHO_TRY_DO(may_decide(next, actor));
    if (facts.at_stake > actor.approval_limit) {
        return fail(Error(Errc::limit_exceeded,
                          dong_text(facts.at_stake.count()) + " is at stake; you approve up to " + dong_text(actor.approval_limit.count()))
                        .vi("Số tiền liên quan " + dong_text(facts.at_stake.count()) + " vượt hạn mức duyệt của bạn (" +
                            dong_text(actor.approval_limit.count()) + ")."));
    }
    auto const* const resolution = policy.find(facts.kind, next.proposal->resolution);
    bool const writes_off = resolution && resolution->writes_off;
    if (writes_off) CHO_TRY_DO(may_write_off(facts, limit));  // the amount may have changed since
    next.state = writes_off ? WRITTEN_OFF : RESOLVED;
    return next;
}

// Only one's own last act, and only what has not ended the break: that takes a reason and is called reopening.
Result<BreakStanding> undo(BreakStanding const& standing, std::optional<LastAct> const& last, BreakAct const& act, BreakActor const& actor)
{
    CHO_TRY_DO(need_reason(act));
    using enum BreakVerb;
    bool const can_be_undone = last &&
                               (last->verb == assign || last->verb == investigate || last->verb == name_cause || last->verb == propose);
    if (!can_be_undone || is_finished(standing.state))
        return not_now(standing.state, "there is nothing to undo", "không có việc nào để hoàn tác.");
    if (last->by != actor.id)
        return fail(Error(Errc::forbidden, "somebody else did that").vi("Việc này do người khác làm, chỉ người đó được hoàn tác."));
    return last->before;
}

}  // namespace

std::optional<Evidence> evidence_of(std::string name, std::string_view sha256)
{
    auto const bytes = from_hex(sha256);
    Evidence evidence{std::move(name), {}};
    if (!bytes || bytes->size() != evidence.digest.size()) return std::nullopt;
    std::ranges::copy(*bytes, evidence.digest.begin());
    return evidence;
}

Result<BreakStanding> act_on(BreakFacts const& facts, BreakStanding const& standing, std::optional<LastAct> const& last,
                             BreakAct const& act, BreakActor const& actor, WriteOffLimit limit, Instant now, BreakPolicy const& policy)
{
    auto next = standing;
    switch (act.verb) {
    case BreakVerb::assign:
        CHO_TRY_DO(be_open(standing.state));
        next.assignee = act.assignee.value_or(actor.id);
        next.state = ASSIGNED;
        return next;
    case BreakVerb::investigate:
        CHO_TRY_DO(be_open(standing.state));
        next.assignee = actor.id;
        next.state = INVESTIGATING;
        return next;
    case BreakVerb::comment: CHO_TRY_DO(need_reason(act)); return next;
    case BreakVerb::name_cause:
        if (!policy.find_cause(act.cause))
            return fail(Error(Errc::unknown_value, "there is no such cause", "/cause").vi("Không có nguyên nhân này."));
        next.cause = act.cause;
        return next;
    case BreakVerb::propose: return propose(facts, std::move(next), act, actor, limit, now, policy);
    case BreakVerb::approve: return approve(facts, std::move(next), actor, limit, policy);
    case BreakVerb::reject:
        CHO_TRY_DO(may_decide(standing, actor));
        CHO_TRY_DO(need_reason(act));
        next.state = INVESTIGATING;
        next.proposal.reset();
        return next;
    case BreakVerb::reopen:
        CHO_TRY_DO(need_reason(act));
        if (standing.state != RESOLVED && standing.state != WRITTEN_OFF)
            return not_now(standing.state, "only what a person ended is reopened", "chỉ mở lại được khoản do người kết thúc.");
        next.state = REOPENED;
        next.proposal.reset();
        return next;
    case BreakVerb::undo: return undo(standing, last, act, actor);
    }
    return not_now(standing.state, "no such act", "không có việc này.");
}

}  // namespace cho40::reconcile
