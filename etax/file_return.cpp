#include "etax/file_return.h"
#include "base/text.h"
#include "etax/obligations.h"
#include "etax/tax_offices.h"
#include <algorithm>
#include <fmt/format.h>

namespace cho40::etax {
namespace {

std::string percent(int basis_points)
{
    return basis_points % 100 == 0 ? fmt::format("{} %", basis_points / 100)
                                   : fmt::format("{},{} %", basis_points / 100, fmt::format("{:02}", basis_points % 100));
}

BusinessLocation location_of(TurnoverStall const& at)
{
    BusinessLocation place;
    place.code = at.stall.location_code;
    place.name = at.stall.name;
    place.address = at.market_address.empty() ? at.market_name : at.market_address;
    place.ward_code = at.ward_code;
    place.ward = at.ward_name;
    place.province_code = Province().code;
    place.province = Province().name;
    return place;
}

constexpr std::string_view head_location = "00999";

Result<ReturnInput> input_of(merchants::Household const& household, Period period, HouseholdTurnover const& turnover, FilingNumber number,
                             Day today)
{
    ReturnInput in{.number = number,
                   .software = {},
                   .office = {},
                   .taxpayer = {},
                   .locations = {},
                   .trade = {},
                   .made_on = today,
                   .signer = household.owner_name,
                   .signed_on = today,
                   .figures = {.period = period, .lines = {}, .earlier = {}, .expenses = Dong(), .allocation = {}, .known_on = {}},
                   .filed_before = {}};
    CHO_TRY(in.office, tax_office_of(household.ward_code, today));
    auto& t = in.taxpayer;
    t.tax_code = household.tax_code;
    t.old_tax_code = household.old_tax_code;
    t.name = household.name;
    t.address = household.address;
    t.ward = household.ward_name;
    t.province_code = Province().code;
    t.province = Province().name;
    in.figures.expects_above = household.expects_above;
    in.figures.lines = revenue_lines(turnover, period.first_day().month(), period.last_day().month());
    if (period.first_day().month() > 1) {
        in.figures.earlier = revenue_lines(turnover, 1, period.first_day().month() - 1);
        std::erase_if(in.figures.earlier, [](ActivityRevenue const& l) { return l.revenue.is_zero(); });
    }
    for (auto const& at : turnover.stalls) {
        auto const known = [&](BusinessLocation const& l) { return l.code == at.stall.location_code; };
        if (std::ranges::none_of(in.locations, known)) in.locations.push_back(location_of(at));
    }
    // The head location first; without one of that code the first serves.
    auto const head = std::ranges::find(in.locations, head_location, &BusinessLocation::code);
    if (head != in.locations.end()) std::rotate(in.locations.begin(), head, head + 1);
    if (!in.locations.empty()) in.locations.front().is_head = true;
    return in;
}

FigureLine line_of(ReturnRow const& row)
{
    auto const& tax = row.tax;
    FigureLine line;
    line.row = row.form.letter.empty() ? tax.activity.group : row.form.letter;
    line.group = tax.activity.group;
    line.group_name = tax.group_name_vi;
    line.ledger_turnover = tax.activity.revenue;
    line.revenue = tax.vat_revenue;
    line.vat_bp = tax.vat_bp;
    line.vat = tax.vat;
    line.pit_revenue = tax.pit_revenue;
    line.deducted = tax.deducted;
    line.pit_bp = tax.pit_bp;
    line.pit = tax.pit;
    line.rules = {tax.rate_id};
    line.explanation = fmt::format("GTGT: {} × {}{} = {}. TNCN: ({} − {}) × {} = {}.", dong_text(tax.vat_revenue.count()),
                                   percent(tax.vat_bp), tax.activity.vat_cut ? " (giảm 20 %)" : "", dong_text(tax.vat.count()),
                                   dong_text(tax.pit_revenue.count()), dong_text(tax.deducted.count()), percent(tax.pit_bp),
                                   dong_text(tax.pit.count()));
    return line;
}

Result<ReturnFigures> figures_of(ReturnDocument const& document, HouseholdTurnover const& turnover, RateBook const& rates)
{
    auto const period = document.key.period;
    CHO_TRY(auto const threshold, rates.threshold(ThresholdKind::vat_and_pit_exempt, period.last_day()));
    ReturnFigures f;
    f.ledger_turnover = turnover.of(period);
    f.revenue = document.totals.revenue;
    f.year_to_date_before = turnover.before(period);
    f.threshold = threshold.amount;
    f.deducted = document.totals.deducted;
    f.vat = document.totals.vat;
    f.pit = document.totals.pit;
    f.total_due = document.to_pay;
    for (auto const& location : document.locations) {
        for (auto const& row : location.rows) f.lines.push_back(line_of(row));
    }
    return f;
}

std::vector<EarlierFiling> filings_of(std::vector<StoredReturn> const& all, std::optional<Id<TaxReturn>> except = std::nullopt)
{
    std::vector<EarlierFiling> out;
    for (auto const& r : all) {
        if (!except || r.id != *except) out.push_back({r.filing.key.number, r.filing.state});
    }
    return out;
}

// One of two returns of a period that are made, or sent, at the same moment wins.
ledger::Guard slot(std::string_view what, StoredReturn const& r, std::int64_t taken)
{
    return {make_derived_uuid({what, r.household.uuid.to_string(), r.period().to_string()}), taken, taken + 1};
}

}  // namespace

Result<ReturnDocument> document_of(ReturnInput input, FilingTools const& tools)
{
    return prepare_return(std::move(input), tools.rates, tools.forms, tools.calendar);
}

boost::asio::awaitable<Result<StoredReturn>> DraftReturn::operator()(merchants::Household household, Period period, Id<qr_pay::UserTag> by,
                                                                     ledger::Extra<StoredReturn> extra)
{
    auto const now = tools_.clock.now();
    auto const today = Day::of(now);
    CHO_CO_TRY_DO(require_open(period, today, tools_.calendar));
    CHO_CO_TRY(auto const earlier, co_await tools_.returns.of_period(household.id, period));
    auto const filings = filings_of(earlier);
    CHO_CO_TRY(auto const number, next_number(filings, today, due_day(period, tools_.calendar)));
    CHO_CO_TRY(auto const turnover, co_await tools_.turnovers.of(household.id, period.year()));
    CHO_CO_TRY(auto input, input_of(household, period, turnover, number, today));
    if (input.figures.lines.empty()) {
        co_return fail(Error(Errc::nothing_to_file, "the household has no stall and so no turnover here")
                           .vi("Hộ này chưa có sạp nên chưa có doanh thu để kê khai."));
    }
    if (number.type == FilingType::supplementary) {
        // A correction shows the difference to the last accepted return.
        for (auto const& r : earlier) {
            if (!is_finished(r.filing.state) || r.filing.state == FilingState::refused_business ||
                r.filing.state == FilingState::refused_technical)
                continue;
            CHO_CO_TRY(auto const before, co_await tools_.returns.input(r));
            CHO_CO_TRY(auto const document, document_of(before, tools_));
            input.filed_before.clear();
            for (auto const& p : document.payments) input.filed_before.push_back({p.place.code, p.subitem.code, p.amount});
        }
    }
    CHO_CO_TRY(auto const document, document_of(input, tools_));
    CHO_CO_TRY(auto figures, figures_of(document, turnover, tools_.rates));

    Filing filing{.key = document.key, .due = document.due};
    StoredReturn made(std::move(filing));
    made.book = household.book;
    made.id = make_id<TaxReturn>(now, tools_.random);
    made.household = household.id;
    made.household_name = household.name;
    made.attempt = static_cast<int>(earlier.size()) + 1;
    made.form = document.form.form;
    made.form_version = document.form.version;
    made.form_issued_by = document.form.issued_by;
    made.figures = std::move(figures);
    made.ledger_seq = turnover.last_row(household.book, period.last_day().month());
    made.transaction_id = "CHO40-" + made.id.uuid.to_base32();
    made.created_by = by;
    made.created_at = made.since = now;

    ledger::Command command(made.book);
    command.guards.push_back({made.id.uuid, 0, 1});
    command.guards.push_back(slot("tax_return.draft", made, made.attempt - 1));
    command.rows.push_back(std::make_shared<NewReturn>(made, std::move(input)));
    command.rows.push_back(std::make_shared<ReturnEntered>(made, ReturnStep{FilingState::draft, "", now}, 0));
    extra.add_to(command, made);
    CHO_CO_TRY_DO(co_await tools_.ledger.submit(std::move(command)));
    co_return made;
}

boost::asio::awaitable<Result<StoredReturn>> SubmitReturn::operator()(StoredReturn draft, ledger::Extra<StoredReturn> extra)
{
    auto const now = tools_.clock.now();
    auto const was = draft.filing.state;
    if (was != FilingState::draft && !(was == FilingState::signed_ && has_gateway_)) {
        co_return fail(Errc::invalid_state, fmt::format("a return that is {} cannot be submitted", name_of(was)));
    }
    CHO_CO_TRY(auto const all, co_await tools_.returns.of_period(draft.household, draft.period()));
    auto const others = filings_of(all, draft.id);
    CHO_CO_TRY(auto const number, next_number(others, Day::of(now), draft.filing.due));
    if (number != draft.filing.key.number) {
        co_return fail(Error(Errc::already_filed, "another return of this period was accepted since; draft again")
                           .vi("Một tờ khai khác của kỳ này đã được chấp nhận; hãy lập lại."));
    }

    std::string bytes;
    if (was == FilingState::draft) {
        CHO_CO_TRY(auto input, co_await tools_.returns.input(draft));
        input.made_on = input.signed_on = Day::of(now);
        CHO_CO_TRY(auto const document, document_of(std::move(input), tools_));
        if (document.totals.vat != draft.figures.vat || document.totals.pit != draft.figures.pit) {
            co_return fail(Errc::invalid_state, "the rates have changed since this was drafted; draft again");
        }
        CHO_CO_TRY(auto plain, tools_.papers.write(document));
        CHO_CO_TRY(bytes, co_await tools_.papers.sign(std::move(plain), draft.filing.key.tax_code));
    }

    Progress progress(std::move(draft), now, tools_.calendar);
    auto& ret = progress.ret();
    if (!bytes.empty()) {
        ret.signed_at = now;
        ret.document_bytes = static_cast<std::int64_t>(bytes.size());
        CHO_CO_TRY_DO(progress.put(event::Signed{sha256(bytes)}));
    }
    if (has_gateway_) {
        CHO_CO_TRY_DO(progress.put(event::Queued{}));
        ret.next_check_at = now;
    }
    auto command = progress.command(tools_.random);
    if (!bytes.empty()) command.rows.push_back(std::make_shared<DocumentSigned>(ret, std::move(bytes)));
    if (has_gateway_) {
        auto const sent = std::ranges::count_if(
            others, [](EarlierFiling const& e) { return e.state != FilingState::draft && e.state != FilingState::signed_; });
        command.guards.push_back(slot("tax_return.submit", ret, sent));
    }
    extra.add_to(command, ret);
    CHO_CO_TRY_DO(co_await tools_.ledger.submit(std::move(command)));
    co_return ret;
}

}  // namespace cho40::etax
