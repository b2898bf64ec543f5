#include "reconcile/workflow/day_close.h"
#include "reconcile/sum.h"
#include <algorithm>
#include <map>

namespace cho40::reconcile {
namespace {

class Changes {
public:
    void figure(AdjustmentKind kind, CountSum const& was, CountSum const& is)
    {
        if (was.count == is.count && was.sum == is.sum) return;
        add(kind, {}, is.count - was.count, is.sum, was.sum);
    }
    void add(AdjustmentKind kind, std::string subject, std::int64_t count, Dong is, Dong was)
    {
        Sum sum;
        sum.add(is);
        sum.subtract(was);
        auto const difference = sum.total();
        if (!difference) overflow_ = difference.error();
        else found_.push_back({kind, std::move(subject), count, *difference});
    }
    [[nodiscard]] Result<std::vector<Adjustment>> finish() &&
    {
        if (overflow_) return fail(*std::move(overflow_));
        return std::move(found_);
    }

private:
    std::vector<Adjustment> found_;
    std::optional<Error> overflow_;
};

void compare_files(Changes& changes, DaySheet const& frozen, DaySheet const& now)
{
    auto const has = [](DaySheet const& sheet, std::string const& id) {
        return std::ranges::find(sheet.files, id, &SheetFile::id) != sheet.files.end();
    };
    for (auto const& file : now.files) {
        if (file.date == now.day && !has(frozen, file.id)) changes.add(AdjustmentKind::file_added, file.id, file.lines, file.sum, Dong());
    }
    for (auto const& file : frozen.files) {
        if (!has(now, file.id)) changes.add(AdjustmentKind::file_withdrawn, file.id, -file.lines, Dong(), file.sum);
    }
}

void compare_breaks(Changes& changes, DaySheet const& frozen, DaySheet const& now)
{
    std::map<std::string_view, SheetBreak const*> before;
    for (auto const& one : frozen.breaks) before.emplace(one.id, &one);
    for (auto const& one : now.breaks) {
        auto const known = before.find(one.id);
        if (known == before.end()) {
            changes.add(AdjustmentKind::break_opened, one.id, 1, one.delta, Dong());
            continue;
        }
        auto const& was = *known->second;
        if (was.delta != one.delta || was.at_stake != one.at_stake)
            changes.add(AdjustmentKind::break_changed, one.id, 0, one.delta, was.delta);
        if (was.ended == one.ended) continue;
        if (one.ended) changes.add(AdjustmentKind::break_ended, one.id, was.ended ? 0 : -1, Dong(), was.ended ? Dong() : was.delta);
        else changes.add(AdjustmentKind::break_reopened, one.id, 1, one.delta, Dong());
    }
}

}  // namespace

Result<Done> may_close(DaySheet const& sheet, Day today)
{
    if (sheet.day >= today) {
        return fail(Error(Errc::invalid_state, "the day is not over; it can be closed from " + sheet.day.plus_days(1).to_string())
                        .vi("Ngày chưa kết thúc, chỉ khoá được từ " + sheet.day.plus_days(1).to_vietnamese() + "."));
    }
    Error refused(Errc::invalid_state, {});
    for (auto const& found : sheet.breaks) {
        if (found.ended || !blocks_closing(found.kind)) continue;
        auto const name = std::string(name_of(found.kind));
        refused.fields.push_back({found.id, Errc::invalid_state, name + " is open: end it first", name + " còn mở: hãy xử lý trước."});
    }
    if (refused.fields.empty()) return Done{};
    auto const count = std::to_string(refused.fields.size());
    refused.detail = count + " open breaks keep the day from being closed";
    refused.detail_vi = "Còn " + count + " khoản lệch chặn việc khoá ngày; xử lý xong rồi lập lại.";
    return fail(std::move(refused));
}

Result<std::vector<Adjustment>> changes_between(DaySheet const& frozen, DaySheet const& now)
{
    Changes changes;
    changes.figure(AdjustmentKind::ledger, frozen.ledger, now.ledger);
    for (auto const [kind, side] : {std::pair(AdjustmentKind::provider, Side::provider), std::pair(AdjustmentKind::bank, Side::bank)}) {
        CHO_TRY(auto const was, frozen.lines_of(side));
        CHO_TRY(auto const is, now.lines_of(side));
        changes.figure(kind, was, is);
    }
    changes.figure(AdjustmentKind::matched, frozen.matched, now.matched);
    changes.figure(AdjustmentKind::waiting, frozen.waiting, now.waiting);
    compare_files(changes, frozen, now);
    compare_breaks(changes, frozen, now);
    return std::move(changes).finish();
}

Result<Done> may_decide(ClosingActor const& prepared_by, ClosingActor const& actor)
{
    if (!actor.is_person) return fail(Error(Errc::forbidden, "a person signs, not a program").vi("Phải do người ký."));
    if (actor.id == prepared_by.id || actor.id == prepared_by.owner)
        return fail(Error(Errc::maker_cannot_check, "whoever prepared the sheet cannot sign or reject it")
                        .vi("Người lập không được tự ký hoặc tự trả lại."));
    return Done{};
}

std::string signed_bytes(ClosingWords const& words)
{
    return "cho40 reconciliation day v1\nclosing " + words.closing + "\nsheet " + to_hex(words.sheet) + "\nprepared " + words.prepared_by +
           "\nsigned " + words.signed_by + "\nat " + std::to_string(words.at.time_since_epoch().count()) + "\n";
}

}  // namespace cho40::reconcile
