#include "adapters/api/day_book.h"
#include "adapters/api/ids.h"
#include "adapters/api/refund_json.h"
#include "adapters/api/refund_outflow_json.h"
#include "adapters/http/json_writer.h"
#include "merchants/day_book.h"
#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>

namespace cho40::api {
namespace {

using http::Request;
using http::Response;
using merchants::DayLine;
using merchants::LineKind;
using merchants::Owed;
using merchants::OwedKind;
using merchants::StallWithAccount;
using nlohmann::json;
using qr_pay::StoredRefund;

json count_and_sum(merchants::CountAndSum const& c) { return {{"count", c.count}, {"sum", http::money_json(c.sum)}}; }

std::string tail_of(std::string const& reference) { return reference.size() > 4 ? reference.substr(reference.size() - 4) : reference; }

void name_subject(StoredRefund const& stored, Uuid& payment, Uuid& credit)
{
    if (stored.subject_kind == qr_pay::RefundSubject::payment) payment = stored.subject;
    if (stored.subject_kind == qr_pay::RefundSubject::credit) credit = stored.subject;
}

// Each transfer of the day that left under a refund's code and is not simply that refund.
void add_differing(std::vector<DayLine>& lines, stores::RefundsStore::Told const& refund, Day day, http::Language language)
{
    auto const outflow = qr_pay::outflow_of(refund.stored, refund.told);
    auto const words = outflow_words(refund.stored, outflow, language);
    for (auto const& movement : outflow.movements) {
        auto const at = movement.transfer.booked_at;
        if (at < day.begin() || at >= day.end()) continue;
        DayLine line;
        line.at = at;
        line.kind = LineKind::refund_differs;
        line.amount = movement.transfer.amount;
        line.asked = refund.stored.refund.amount;
        name_subject(refund.stored, line.payment, line.credit);
        line.reference = refund.stored.refund.code.text();
        line.trace_tail = tail_of(movement.transfer.bank_reference);
        line.note = refund.stored.reason_text;
        line.what_is_wrong = words.text;
        line.what_next = words.next;
        lines.push_back(std::move(line));
    }
}

boost::asio::awaitable<Result<std::vector<DayLine>>> lines_of(Context& context, StallWithAccount stall, Day day, http::Language language)
{
    CHO_CO_TRY(auto credits, co_await context.payments.credits_between(stall.stall.book, stall.stall.id.uuid, day.begin(), day.end()));
    CHO_CO_TRY(auto cash, co_await context.merchants.cash_sales(stall.stall.book, stall.stall.id, day));
    std::vector<DayLine> lines;
    for (auto const& c : credits) {
        DayLine line;
        line.at = c.booked_at;
        line.kind = merchants::line_kind_of(c.reason);
        line.amount = c.amount;
        line.asked = c.asked;
        line.payment = c.request ? c.request->uuid : Uuid{};
        line.credit = c.id.uuid;
        line.payer = c.payer.name;
        line.reference = c.code;
        line.trace_tail = tail_of(c.bank_reference);
        line.note = c.note;
        lines.push_back(std::move(line));
    }
    for (auto const& c : cash) {
        DayLine line;
        line.at = day == Day::of(c.noted_at) ? c.noted_at : day.begin() + std::chrono::hours(12);
        line.kind = LineKind::cash;
        line.amount = c.amount;
        line.cash_sale = c.id.uuid;
        line.note = c.note;
        lines.push_back(std::move(line));
    }
    CHO_CO_TRY(auto refunds, co_await context.refunds.paid_between(stall.stall.book, stall.stall.id.uuid, day.begin(), day.end()));
    for (auto const& stored : refunds) {
        DayLine line;
        line.at = stored.transfer->booked_at;
        line.kind = LineKind::refund;
        line.amount = stored.refund.amount;
        name_subject(stored, line.payment, line.credit);
        line.reference = stored.refund.code.text();
        line.note = stored.reason_text;
        lines.push_back(std::move(line));
    }
    CHO_CO_TRY(auto differing, co_await context.refunds.differing_between(stall.stall.book, stall.stall.id.uuid, day.begin(), day.end()));
    for (auto const& refund : differing) add_differing(lines, refund, day, language);
    std::ranges::sort(lines, [](DayLine const& a, DayLine const& b) { return a.at != b.at ? a.at > b.at : a.credit > b.credit; });
    co_return lines;
}

json id_or_null(std::string_view prefix, Uuid const& uuid) { return uuid.is_nil() ? json(nullptr) : json(http::id_text(prefix, uuid)); }

// What the stall has to give back, oldest first: as it stands now, of what came and was asked for by the end of the day.
boost::asio::awaitable<Result<std::vector<Owed>>> owed_by(Context& context, StallWithAccount stall, Day day, http::Language language)
{
    std::vector<Owed> owed;
    CHO_CO_TRY(auto refunds, co_await context.refunds.open_of(stall.stall.book, stall.stall.id.uuid, day.end()));
    for (auto const& [stored, told] : refunds) {
        Owed one;
        one.kind = OwedKind::refund;
        one.amount = stored.refund.amount;
        one.since = stored.refund.created_at;
        one.refund = stored.refund.id.uuid;
        name_subject(stored, one.payment, one.credit);
        one.reference = stored.refund.code.text();
        one.state = qr_pay::name_of(stored.refund.state);
        auto const words = outflow_words(stored, qr_pay::outflow_of(stored, told), language);
        one.text = words.text.empty() ? refund_next_text(stored, language) : words.text + " " + words.next;
        owed.push_back(std::move(one));
    }
    CHO_CO_TRY(auto surpluses, co_await context.refunds.surpluses_of(stall.stall.book, stall.stall.id.uuid, day.end()));
    for (auto const& surplus : surpluses) {
        Owed one;
        one.kind = OwedKind::surplus;
        one.amount = surplus.left;
        one.since = surplus.since;
        one.payment = surplus.payment.uuid;
        one.reference = surplus.code;
        one.text = language == http::Language::vi ? "Khách trả dư hoặc trả hai lần. Mở khoản này và bấm “Hoàn tiền”."
                                                  : "The payer sent too much, or twice. Open it and press “Refund”.";
        owed.push_back(std::move(one));
    }
    std::ranges::sort(owed, {}, [](Owed const& one) { return std::tie(one.since, one.reference); });
    co_return owed;
}

json owed_json(Owed const& owed)
{
    return {{"kind", merchants::name_of(owed.kind)},
            {"amount", http::money_json(owed.amount)},
            {"since", http::instant_json(owed.since)},
            {"payment", id_or_null("pay", owed.payment)},
            {"credit", id_or_null("crd", owed.credit)},
            {"refund", id_or_null("rfd", owed.refund)},
            {"reference", owed.reference},
            {"state", http::text_or_null(owed.state)},
            {"text", owed.text}};
}

json line_json(DayLine const& line)
{
    return {{"at", http::instant_json(line.at)},
            {"kind", merchants::name_of(line.kind)},
            {"amount", http::money_json(line.amount)},
            {"asked", http::money_json(line.asked)},
            {"payment", id_or_null("pay", line.payment)},
            {"credit", id_or_null("crd", line.credit)},
            {"cash_sale", id_or_null("csh", line.cash_sale)},
            {"payer", http::text_or_null(line.payer)},
            {"reference", http::text_or_null(line.reference)},
            {"trace_tail", http::text_or_null(line.trace_tail)},
            {"note", http::text_or_null(line.note)},
            {"problem", line.what_is_wrong.empty() ? json(nullptr) : json{{"text", line.what_is_wrong}, {"next", line.what_next}}},
            {"needs_attention", merchants::needs_attention(line.kind)}};
}

}  // namespace

Answering day_book(Context& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY(auto stall, co_await stall_in_path(context, request, std::move(principal)));
    auto const now = context.clock.now();
    auto day = Day::of(now);
    if (auto const text = request.query_value("date")) {
        auto parsed = Day::parse(*text);
        if (!parsed) co_return fail(Errc::invalid_date, "a day is written YYYY-MM-DD", "#query/date");
        day = *parsed;
    }
    CHO_CO_TRY(auto lines, co_await lines_of(context, stall, day, request.language));
    CHO_CO_TRY(auto const owed, co_await owed_by(context, stall, day, request.language));
    CHO_CO_TRY(auto const known_as_of, co_await context.heartbeats.known_as_of(stall.stall.book, Id<qr_pay::Owner>(stall.stall.id.uuid)));
    CHO_CO_TRY(auto const gaps, co_await context.gaps.of_account(stall.stall.book, stall.account.account_number, day));
    json money_gaps = json::array();
    for (auto const& gap : gaps) {
        money_gaps.push_back({{"from", http::instant_json(std::min(gap.last_booked_at, gap.first_booked_at))},
                              {"to", http::instant_json(std::max(gap.last_booked_at, gap.first_booked_at))},
                              {"being_asked", gap.has_list}});
    }
    auto const totals = merchants::add_up(lines);

    // The same weekday a week ago, up to the same time of day when the day is still running.
    auto const week_before = day.plus_days(-7);
    auto const until = day == Day::of(now) ? now - std::chrono::hours(24 * 7) : week_before.end();
    CHO_CO_TRY(auto before, co_await lines_of(context, stall, week_before, request.language));
    std::erase_if(before, [&](DayLine const& line) { return line.at >= until; });
    auto const compared = merchants::add_up(before);
    std::int64_t difference_bp = 0;
    if (compared.all.sum.is_positive()) {
        auto const ratio = multiply_half_up(totals.all.sum, 10000, compared.all.sum.count());
        difference_bp = ratio ? ratio->count() - 10000 : 0;
    }

    json by_kind = json::array();
    for (auto kind : merchants::line_kinds) {
        auto row = count_and_sum(totals.by_kind[static_cast<std::size_t>(kind)]);
        row["kind"] = merchants::name_of(kind);
        by_kind.push_back(std::move(row));
    }
    json hours = json::array();
    for (std::size_t hour = 0; hour < totals.by_hour.size(); ++hour) {
        auto row = count_and_sum(totals.by_hour[hour]);
        row["hour"] = hour;
        hours.push_back(std::move(row));
    }
    json rendered = json::array();
    for (auto const& line : lines) rendered.push_back(line_json(line));
    json to_give_back = json::array();
    for (auto const& one : owed) to_give_back.push_back(owed_json(one));
    json out = {{"object", "day_book"},
                {"stall", http::to_text(stall.stall.id)},
                {"date", http::day_json(day)},
                {"as_of", http::instant_json(now)},
                {"money_known_as_of", known_as_of ? http::instant_json(*known_as_of) : json()},
                {"money_gaps", std::move(money_gaps)},
                {"totals",
                 {{"all", count_and_sum(totals.all)},
                  {"bank", count_and_sum(totals.bank)},
                  {"cash", count_and_sum(totals.cash)},
                  {"refund_due", count_and_sum(merchants::add_up(owed))},
                  {"refunded", count_and_sum(totals.refunded)},
                  {"by_kind", std::move(by_kind)}}},
                {"hours", std::move(hours)},
                {"compared",
                 {{"date", http::day_json(week_before)},
                  {"count", compared.all.count},
                  {"sum", http::money_json(compared.all.sum)},
                  {"until", http::instant_json(until)},
                  {"difference_bp", difference_bp}}},
                {"to_give_back", std::move(to_give_back)},
                {"lines", std::move(rendered)},
                {"page", http::page_json(std::nullopt)}};
    co_return Response::json(out);
}

}  // namespace cho40::api
