#include "fees/remit.h"
#include <algorithm>

namespace cho40::fees {
namespace {

using boost::asio::awaitable;

Error wrong_first_day(Day expected)
{
    return Error(Errc::invalid_period, "the periods follow each other: this one begins on " + expected.to_string(), "/from")
        .vi("Các kỳ nối tiếp nhau: kỳ này bắt đầu từ ngày " + expected.to_vietnamese() + ".");
}

bool is_same_person(Uuid const& id, Uuid const& owner, RemittanceActor const& by) { return by.id == id || by.owner == owner; }

auto maker_cannot_check()
{
    return fail(Error(Errc::maker_cannot_check, "whoever made a remittance, or noted that it came back, cannot decide about it")
                    .vi("Lệnh nộp này do bạn lập hoặc ghi trả lại, cần người khác duyệt."));
}

auto decided_already(RemittanceState state)
{
    return fail(Error(Errc::invalid_state, "this remittance is " + std::string(remittance_state_name(state)) + " already")
                    .vi(state == RemittanceState::approved ? "Lệnh nộp này đã được duyệt." : "Lệnh nộp này đã bị từ chối."));
}

// Two that are made at once read the same count; only one of them can be the next.
ledger::Guard next_of(Id<Agency> agency, std::int64_t made)
{
    return {make_derived_uuid({"remittances of", agency.uuid.to_string()}), made, made + 1};
}

Dong of_kind(PlannedOrder const& order, FeeKind kind)
{
    std::int64_t sum = 0;  // parts of the total
    for (auto const& line : order.lines) sum += line.fee_kind == kind ? line.amount.count() : 0;
    return Dong(sum);
}

Result<RemittanceOrder*> order_named(Remittance& remittance, std::string const& code)
{
    auto const found = std::ranges::find_if(remittance.orders, [&](auto const& order) { return order.code.text() == code; });
    if (found == remittance.orders.end()) {
        return fail(Error(Errc::not_found, "this remittance has no order " + code, "/reference").vi("Không có lệnh nộp mang số này."));
    }
    return &*found;
}

}  // namespace

std::string_view remittance_state_name(RemittanceState state)
{
    switch (state) {
    case RemittanceState::awaiting_approval: return "awaiting_approval";
    case RemittanceState::approved: return "approved";
    case RemittanceState::rejected: return "rejected";
    }
    return "unknown";
}

bool Remittance::is_finished() const
{
    if (state == RemittanceState::rejected) return true;
    if (state == RemittanceState::awaiting_approval) return false;
    return std::ranges::all_of(orders, [](auto const& order) { return order.state == OrderState::confirmed; });
}

std::vector<ledger::Transfer> transfers_for(Remittance const& before, Remittance const& after, Instant now)
{
    using enum ledger::AccountKind;
    using ledger::TransferCode;
    std::vector<ledger::Transfer> out;
    auto const id = after.id.uuid.to_string();
    auto const move = [&](std::string const& what, ledger::AccountKind debit, ledger::AccountKind credit, Dong amount, TransferCode code,
                          std::string const& reference) {
        if (!amount.is_positive()) return;
        out.emplace_back(Id<ledger::Transfer>(make_derived_uuid({"remittance", id, what})), ledger::account_number(after.ordinal, debit),
                         ledger::account_number(after.ordinal, credit), amount, code, reference, now);
    };
    if (before.state != RemittanceState::approved && after.state == RemittanceState::approved) {
        auto const period = after.plan.period.from.to_string() + ".." + after.plan.period.to.to_string();
        move("kept", fees, retained, after.plan.kept, TransferCode::fee_retained, period);
        move("kept back", retained, fees, Dong(-after.plan.kept.count()), TransferCode::fee_retained, period);
        for (auto const& order : after.orders) {
            auto const& code = order.code.text();
            move("due/phi/" + code, fees, budget_due, of_kind(order.plan, FeeKind::phi), TransferCode::budget_ordered, code);
            move("due/le_phi/" + code, charges, budget_due, of_kind(order.plan, FeeKind::le_phi), TransferCode::budget_ordered, code);
        }
    }
    for (std::size_t i = 0; i < after.orders.size() && i < before.orders.size(); ++i) {
        auto const& order = after.orders[i];
        auto const& code = order.code.text();
        auto const attempt = code + "/" + std::to_string(order.attempt);
        bool const had_left = before.orders[i].has_left();
        if (!had_left && order.has_left()) move("paid/" + attempt, budget_due, bank, order.plan.total, TransferCode::budget_paid, code);
        if (had_left && !order.has_left()) move("returned/" + attempt, bank, budget_due, order.plan.total, TransferCode::reversal, code);
    }
    return out;
}

awaitable<Result<Remit::Ready>> Remit::prepare(RegisteredAgency agency, RemittancePeriod period)
{
    if (period.to >= Day::of(clock_.now() - day_settles_in)) {
        co_return fail(Error(Errc::invalid_period, "the period's last day is not over yet", "/to").vi("Ngày cuối kỳ chưa qua."));
    }
    CHO_CO_TRY(auto const chain, co_await sources_.chain_of(agency.book, agency.id));
    std::vector<CarriedOver> carried;
    if (chain.newest) {
        if (chain.newest->state == RemittanceState::awaiting_approval) {
            co_return fail(Error(Errc::invalid_state, "a remittance of this agency waits for approval: decide about it first")
                               .vi("Còn một lệnh nộp đang chờ duyệt, hãy duyệt hoặc từ chối trước."));
        }
        auto const expected = chain.newest->plan.period.to.plus_days(1);
        if (period.from != expected) co_return fail(wrong_first_day(expected));
        carried = chain.newest->plan.carried_out;
    } else {
        // Nothing may be left out before the first period.
        CHO_CO_TRY(auto const first, co_await sources_.first_receipt_day(agency.book, agency.id));
        if (first && *first < period.from) co_return fail(wrong_first_day(*first));
    }
    CHO_CO_TRY(auto const movements, co_await sources_.movements_in(agency.book, agency.id, period));
    Ready ready;
    ready.made = chain.made;
    CHO_CO_TRY(ready.plan, plan_remittance(agency.facts, shares_, period, movements, carried));
    if (ready.plan.items.empty()) {
        co_return fail(Error(Errc::invalid_state, "nothing was collected or given back in this period: choose a later last day")
                           .vi("Trong kỳ không thu và không hoàn khoản nào; hãy chọn ngày cuối kỳ muộn hơn."));
    }
    co_return ready;
}

awaitable<Result<RemittancePlan>> Remit::preview(RegisteredAgency agency, RemittancePeriod period)
{
    CHO_CO_TRY(auto ready, co_await prepare(std::move(agency), period));
    co_return std::move(ready.plan);
}

awaitable<Result<Remittance>> Remit::make(RegisteredAgency agency, RemittancePeriod period, RemittanceActor by,
                                          ledger::Extra<Remittance> extra)
{
    CHO_CO_TRY(auto ready, co_await prepare(agency, period));
    Remittance made;
    made.made_at = made.changed_at = clock_.now();
    made.id = make_id<Remittance>(made.made_at, random_);
    made.book = agency.book;
    made.agency = agency.id;
    made.ordinal = agency.ordinal;
    made.number = ready.made + 1;
    made.plan = std::move(ready.plan);
    for (auto const& planned : made.plan.orders) made.orders.emplace_back(RemittanceCode::draw(random_), planned);
    made.made_by = by.id;
    made.made_by_owner = by.owner;

    ledger::Command command(made.book);
    command.guards.push_back(next_of(made.agency, ready.made));
    command.guards.push_back({made.id.uuid, 0, made.version});
    command.rows.push_back(std::make_shared<NewRemittance>(made));
    for (auto const& order : made.orders) command.rows.push_back(std::make_shared<NewRemittanceCode>(made.book, made.id, order.code));
    extra.add_to(command, made);
    CHO_CO_TRY_DO(co_await ledger_.submit(std::move(command)));
    co_return made;
}

awaitable<Result<Remittance>> Remit::existing(Id<Remittance> id)
{
    CHO_CO_TRY(auto found, co_await sources_.find_remittance(id));
    if (!found) co_return fail(Errc::not_found, "no such remittance");
    co_return *std::move(found);
}

awaitable<Result<Remittance>> Remit::approve(Id<Remittance> id, RemittanceActor by, ledger::Extra<Remittance> extra)
{
    CHO_CO_TRY(auto before, co_await existing(id));
    auto after = before;
    bool const is_first = before.state == RemittanceState::awaiting_approval;
    if (before.state == RemittanceState::rejected) co_return decided_already(before.state);
    if (is_first && is_same_person(before.made_by, before.made_by_owner, by)) co_return maker_cannot_check();
    CHO_CO_TRY_DO(check_sums(before.plan));
    auto const now = clock_.now();
    bool anything = is_first;
    for (auto& order : after.orders) {
        if (order.state != OrderState::due && order.state != OrderState::returned) continue;
        if (order.state == OrderState::returned && is_same_person(order.returned_by, order.returned_by_owner, by))
            co_return maker_cannot_check();
        CHO_CO_TRY(order, give_order(std::move(order), now));
        anything = true;
    }
    if (!anything) co_return decided_already(before.state);
    if (is_first) {
        after.state = RemittanceState::approved;
        after.decided_by = by.id;
        after.decided_at = now;
    }
    co_return co_await write(std::move(before), std::move(after), std::move(extra));
}

awaitable<Result<Remittance>> Remit::reject(Id<Remittance> id, RemittanceActor by, std::string reason, ledger::Extra<Remittance> extra)
{
    CHO_CO_TRY(auto before, co_await existing(id));
    if (before.state != RemittanceState::awaiting_approval) co_return decided_already(before.state);
    if (is_same_person(before.made_by, before.made_by_owner, by)) co_return maker_cannot_check();
    auto after = before;
    for (auto& order : after.orders) { CHO_CO_TRY(order, drop_order(std::move(order))); }
    after.state = RemittanceState::rejected;
    after.reason = std::move(reason);
    after.decided_by = by.id;
    after.decided_at = clock_.now();
    co_return co_await write(std::move(before), std::move(after), std::move(extra));
}

awaitable<Result<Remittance>> Remit::note_returned(Id<Remittance> id, std::string code, std::string why, RemittanceActor by,
                                                   ledger::Extra<Remittance> extra)
{
    CHO_CO_TRY(auto before, co_await existing(id));
    auto after = before;
    CHO_CO_TRY(auto* order, order_named(after, code));
    CHO_CO_TRY(*order, note_order_returned(std::move(*order), std::move(why)));
    order->returned_by = by.id;
    order->returned_by_owner = by.owner;
    co_return co_await write(std::move(before), std::move(after), std::move(extra));
}

awaitable<Result<Remittance>> Remit::confirm(Id<Remittance> id, std::string code, TreasuryPaper paper, ledger::Extra<Remittance> extra)
{
    CHO_CO_TRY(auto before, co_await existing(id));
    auto after = before;
    CHO_CO_TRY(auto* order, order_named(after, code));
    CHO_CO_TRY(*order, fees::note_confirmed(std::move(*order), std::move(paper)));
    co_return co_await write(std::move(before), std::move(after), std::move(extra));
}

namespace {

// The step as a part of a command: of several remittances of one book it may hold several.
void add_step(ledger::Command& command, Remittance const& before, Remittance& after, Instant now)
{
    using enum ledger::AccountKind;
    after.changed_at = now;
    after.version = before.version + 1;
    auto transfers = transfers_for(before, after, now);
    if (!transfers.empty()) {
        for (auto const kind : {retained, budget_due}) command.open.push_back({ledger::account_number(after.ordinal, kind), {}, false});
    }
    std::ranges::move(transfers, std::back_inserter(command.transfers));
    command.guards.push_back({after.id.uuid, before.version, after.version});
    command.rows.push_back(std::make_shared<ChangedRemittance>(after));
}

}  // namespace

awaitable<Result<Remittance>> Remit::write(Remittance before, Remittance after, ledger::Extra<Remittance> extra)
{
    ledger::Command command(after.book);
    add_step(command, before, after, clock_.now());
    extra.add_to(command, after);
    CHO_CO_TRY_DO(co_await ledger_.submit(std::move(command)));
    co_return after;
}

awaitable<Result<Remit::Heard>> Remit::hear(RegisteredAgency agency, std::vector<Remittance> remittances, std::vector<StatementLine> lines,
                                            ledger::Extra<Heard> extra)
{
    Heard heard;
    auto after = remittances;
    struct Place {
        std::size_t remittance, order;
    };
    std::vector<Place> places;
    std::vector<RemittanceOrder> orders;
    for (std::size_t r = 0; r < after.size(); ++r) {
        for (std::size_t o = 0; o < after[r].orders.size(); ++o) {
            places.push_back({r, o});
            orders.push_back(after[r].orders[o]);
            heard.codes.push_back(orders.back().code.text());
        }
    }
    std::vector<bool> is_changed(after.size(), false);
    for (auto const& line : lines) {
        auto const reading = read_statement_line(line, orders);
        heard.readings.push_back(reading);
        if (!reading.order) continue;
        auto const place = places[*reading.order];
        auto& order = orders[*reading.order];
        auto& remittance = after[place.remittance];
        if (reading.meaning == LineMeaning::debited) {
            CHO_CO_TRY(order, note_debited(order, {line.reference, line.day}));
        } else if (reading.meaning == LineMeaning::credited) {
            CHO_CO_TRY(order, note_credited(order, {line.reference, line.day}));
        } else if (reading.meaning == LineMeaning::differs) {
            RemittanceDifference difference{order.code.text(), line.whose, line.amount, line.day, line.reference};
            if (std::ranges::find(remittance.differences, difference) != remittance.differences.end()) continue;
            remittance.differences.push_back(std::move(difference));
        } else continue;
        remittance.orders[place.order] = order;
        is_changed[place.remittance] = true;
    }
    ledger::Command command(agency.book);
    auto const now = clock_.now();
    for (std::size_t r = 0; r < after.size(); ++r) {
        if (!is_changed[r]) continue;
        add_step(command, remittances[r], after[r], now);
        heard.changed.push_back(after[r]);
    }
    extra.add_to(command, heard);
    bool const is_empty = command.transfers.empty() && command.rows.empty() && command.guards.empty();
    if (!is_empty) { CHO_CO_TRY_DO(co_await ledger_.submit(std::move(command))); }
    co_return heard;
}

}  // namespace cho40::fees
