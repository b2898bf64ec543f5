#include "fees/notice.h"
#include "base/text.h"
#include <algorithm>
#include <array>

namespace cho40::fees {
namespace {

constexpr std::size_t lines_max = 20;
constexpr std::size_t name_length_max = 200;

Result<Done> check_text(std::string const& text, char const* pointer, bool required)
{
    if (text.empty() && required) return fail(Errc::validation_failed, "must not be empty", pointer);
    if (!is_valid_utf8(text)) return fail(Errc::invalid_utf8, "is not UTF-8", pointer);
    if (count_code_points(text) > name_length_max) return fail(Errc::text_too_long, "at most 200 characters", pointer);
    return Done{};
}

}  // namespace

Result<FeeNotice> FeeNotice::make(FeeNotice draft)
{
    if (draft.lines.empty() || draft.lines.size() > lines_max) return fail(Errc::validation_failed, "1 to 20 lines are needed", "/lines");
    CHO_TRY_DO(check_text(draft.code, "/code", true));
    CHO_TRY_DO(check_text(draft.agency_code, "/agency_code", true));
    CHO_TRY_DO(check_text(draft.payer_name, "/payer_name", true));
    CHO_TRY_DO(check_text(draft.dossier_code, "/dossier_code", true));
    CHO_TRY_DO(check_text(draft.procedure_name_vi, "/procedure_name_vi", true));
    CHO_TRY_DO(check_text(draft.procedure_name_en, "/procedure_name_en", false));
    if (draft.valid_until <= draft.issued_at) return fail(Errc::validation_failed, "must be later than issued_at", "/valid_until");
    Dong total;
    for (std::size_t i = 0; i < draft.lines.size(); ++i) {
        auto const& line = draft.lines[i];
        if (!line.payable_online()) {
            return fail(Error(Errc::fee_amount_unknown, line.explanation_en, "/lines/" + std::to_string(i)).vi(line.explanation_vi));
        }
        CHO_TRY(total, add(total, *line.due));
    }
    if (!total.is_positive()) {
        return fail(Error(Errc::notice_not_payable, "nothing is due: no notice is needed", "/lines")
                        .vi("Không phải nộp tiền, không cần giấy báo."));
    }
    draft.total = total;
    return draft;
}

Dong FeeNotice::total_of(FeeKind kind) const
{
    std::int64_t sum = 0;  // cannot overflow: make() added more than this
    for (auto const& line : lines) {
        if (line.kind == kind && line.due) sum += line.due->count();
    }
    return Dong(sum);
}

std::string_view notice_state_name(NoticeState state)
{
    constexpr std::array<std::string_view, 5> names = {"unpaid", "waiting", "paid", "refunded", "cancelled"};
    return names[static_cast<std::size_t>(state)];
}

std::string_view dossier_tick_name(DossierTick tick)
{
    constexpr std::array<std::string_view, 4> names = {"not_yet", "pending", "told", "failed"};
    return names[static_cast<std::size_t>(tick)];
}

Result<std::vector<NoticeLife::Action>> NoticeLife::on(Event const& event)
{
    return std::visit([this](auto const& e) { return handle(e); }, event);
}

NoticeLife::Outcome NoticeLife::handle(PayingStarted const& event)
{
    if (!payable()) { return fail(Errc::notice_not_payable, "the notice is " + std::string(notice_state_name(record_.state))); }
    if (expired(event.at)) return fail(Errc::notice_not_payable, "the amount is no longer valid; ask the agency for a new notice");
    record_.state = NoticeState::waiting;
    return std::vector<Action>{};
}

NoticeLife::Outcome NoticeLife::handle(MoneyReceived const& event)
{
    if (!event.amount.is_positive()) return fail(Errc::amount_not_positive, "a payment is more than 0 đồng");
    if (std::ranges::find(record_.seen, event.payment) != record_.seen.end()) return std::vector<Action>{};
    CHO_TRY(auto received, add(record_.received, event.amount));
    record_.seen.push_back(event.payment);
    record_.received = received;
    if (!payable()) {
        record_.owed_back = Dong(record_.owed_back.count() + event.amount.count());
        return std::vector<Action>{OweBack{event.payment, event.amount}};
    }
    record_.state = NoticeState::waiting;
    if (record_.received < due_) return std::vector<Action>{};
    record_.state = NoticeState::paid;
    record_.paid_at = event.at;
    record_.dossier = DossierTick::pending;
    std::vector<Action> actions = {IssueReceipts{}, TellDossier{}};
    if (due_ < record_.received) {
        record_.owed_back = Dong(record_.received.count() - due_.count());
        actions.emplace_back(OweBack{event.payment, record_.owed_back});
    }
    return actions;
}

// What was receipted is given back of a paid notice only, in part or whole; what is owed to the payer whenever it is owed.
NoticeLife::Outcome NoticeLife::handle(Refunded const& event)
{
    if (!event.amount.is_positive()) return fail(Errc::amount_not_positive, "a refund is more than 0 đồng");
    if (std::ranges::find(record_.seen, event.refund) != record_.seen.end()) return std::vector<Action>{};
    auto const held = record_.received.count() - record_.given_back.count();
    bool const is_within = event.from_owed <= event.amount && event.from_owed <= record_.owed_back;
    auto const receipted = Dong(event.amount.count() - event.from_owed.count());
    if (!is_within || receipted.count() > held - record_.owed_back.count()) return fail(Errc::limit_exceeded, "more than was received");
    if (receipted.is_positive() && record_.state != NoticeState::paid) {
        return fail(Errc::invalid_state, "of a notice that is " + std::string(notice_state_name(record_.state)) +
                                             " only what is owed to the payer can be given back");
    }
    record_.seen.push_back(event.refund);
    record_.given_back = Dong(record_.given_back.count() + event.amount.count());
    record_.owed_back = Dong(record_.owed_back.count() - event.from_owed.count());
    if (receipted.is_zero()) return std::vector<Action>{};
    std::vector<Action> actions = {NoteOnReceipts{}};
    bool const dues_are_left = record_.received.count() > record_.given_back.count() + record_.owed_back.count();
    if (dues_are_left) return actions;
    record_.state = NoticeState::refunded;
    actions.emplace_back(TellDossierRefunded{});
    return actions;
}

NoticeLife::Outcome NoticeLife::handle(RefundSentBack const& event)
{
    auto const counted = std::ranges::find(record_.seen, event.refund);
    if (counted == record_.seen.end()) return std::vector<Action>{};
    record_.seen.erase(counted);
    record_.given_back = Dong(record_.given_back.count() - event.amount.count());
    record_.owed_back = Dong(record_.owed_back.count() + event.from_owed.count());
    bool const was_receipted = event.from_owed < event.amount;
    if (!was_receipted) return std::vector<Action>{};
    if (record_.state == NoticeState::refunded) record_.state = NoticeState::paid;
    return std::vector<Action>{NoteOnReceipts{}};
}

NoticeLife::Outcome NoticeLife::handle(Cancelled const& event)
{
    if (record_.state == NoticeState::cancelled) return std::vector<Action>{};
    if (!payable()) {
        return fail(Errc::invalid_state,
                    "a notice that is " + std::string(notice_state_name(record_.state)) + " cannot be cancelled; it can be refunded");
    }
    record_.state = NoticeState::cancelled;
    record_.reason = event.reason;
    record_.owed_back = record_.received;
    if (record_.received.is_zero()) return std::vector<Action>{};
    return std::vector<Action>{OweBack{record_.seen.back(), record_.received}};
}

NoticeLife::Outcome NoticeLife::handle(DossierTold const& event)
{
    if (record_.dossier == DossierTick::not_yet) return fail(Errc::invalid_state, "nothing was to be told to the portal");
    if (record_.dossier == DossierTick::told) return std::vector<Action>{};
    record_.dossier = DossierTick::told;
    record_.told_at = event.at;
    record_.reason.clear();
    return std::vector<Action>{};
}

NoticeLife::Outcome NoticeLife::handle(DossierFailed const& event)
{
    if (record_.dossier == DossierTick::not_yet) return fail(Errc::invalid_state, "nothing was to be told to the portal");
    if (record_.dossier == DossierTick::told) return std::vector<Action>{};  // a late refusal does not undo what the portal confirmed
    record_.dossier = DossierTick::failed;
    record_.reason = event.reason;
    return std::vector<Action>{};
}

NoticeLife::Outcome NoticeLife::handle(DossierRetried const&)
{
    if (record_.dossier == DossierTick::not_yet) return fail(Errc::invalid_state, "nothing was to be told to the portal");
    if (record_.dossier == DossierTick::told) return std::vector<Action>{};
    record_.dossier = DossierTick::pending;
    return std::vector<Action>{TellDossier{}};
}

}  // namespace cho40::fees
