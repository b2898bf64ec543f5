#include "fees/create_notice.h"
#include "fees/receipt_room.h"
#include <algorithm>

namespace cho40::fees {
namespace {

// The name of the procedure a fee belongs to; where the code is not in the schedule, the name of its first fee.
void name_procedure(FeeNotice& draft, FeeTables const& tables)
{
    auto const& rates = tables.rates();
    auto const it = std::ranges::find(rates, draft.procedure_code, &Rate::procedure_code);
    if (!draft.procedure_code.empty() && it != rates.end()) {
        draft.procedure_name_vi = it->procedure_name_vi;
        draft.procedure_name_en = it->procedure_name_en;
    } else if (!draft.lines.empty()) {
        draft.procedure_name_vi = draft.lines.front().name_vi;
        draft.procedure_name_en = draft.lines.front().name_en;
    }
}

}  // namespace

Result<std::vector<AssessedLine>> assess_lines(FeeTables const& tables, LinesOrder const& order)
{
    std::vector<AssessedLine> out;
    for (std::size_t i = 0; i < order.lines.size(); ++i) {
        auto const& line = order.lines[i];
        AssessmentRequest request;
        request.fee_code = line.fee_code;
        request.day = order.day;
        request.channel = order.channel;
        request.personas = order.personas;
        request.quantity_milli = line.quantity * 1000;
        request.pages = line.pages.value_or(1);
        request.copies = line.quantity;
        request.value = line.value;
        request.vnd_per_usd = order.vnd_per_usd;
        request.conditions_confirmed = order.conditions_confirmed;
        auto result = assess(tables, request);
        if (!result) {
            auto error = std::move(result).error();
            error.pointer = "/lines/" + std::to_string(i) + (error.pointer.empty() ? "/fee_code" : error.pointer);
            return tl::unexpected<Error>(std::move(error));
        }
        auto const* rate = tables.any_rate(line.fee_code);
        out.push_back(AssessedLine{line, rate ? rate->unit_text : std::string(), *std::move(result)});
    }
    return out;
}

boost::asio::awaitable<Result<StoredNotice>> CreateNotice::operator()(NoticeOrder order, ledger::Extra<StoredNotice> extra)
{
    auto const tables = tables_.current();
    CHO_CO_TRY(auto lines, assess_lines(*tables, order.lines));
    auto const now = clock_.now();
    StoredNotice stored;
    stored.book = order.agency.book;
    stored.agency = order.agency.id;
    stored.channel = order.lines.channel;
    stored.personas = order.lines.personas;
    stored.created_by = order.created_by;
    stored.since = now;
    FeeNotice draft{};
    draft.id = make_id<FeeNotice>(now, random_);
    draft.code = LookupCode::draw(random_).text();
    draft.agency_code = order.agency.facts.code;
    draft.agency_name_vi = order.agency.facts.name_vi;
    draft.agency_name_en = order.agency.facts.name_en;
    draft.dossier_code = order.dossier_code;
    draft.procedure_code = order.procedure_code;
    draft.payer_name = order.payer_name;
    draft.issued_at = now;
    draft.valid_until = order.due_day.end();
    draft.due_day = order.due_day;
    for (auto& line : lines) {
        stored.asked.push_back(line.asked);
        stored.units.push_back(line.unit);
        draft.lines.push_back(std::move(line.result));
    }
    name_procedure(draft, *tables);
    CHO_CO_TRY(stored.notice, FeeNotice::make(std::move(draft)));
    CHO_CO_TRY_DO(co_await require_room(numbers_, order.agency, stored.notice, now));

    ledger::Command command(stored.book);
    command.guards.push_back(ledger::Guard{stored.notice.id.uuid, 0, stored.version});
    command.guards.push_back(ledger::Guard{make_derived_uuid({"notice-code", stored.notice.code}), 0, 1});
    command.rows.push_back(std::make_shared<NewNotice>(stored));
    ledger::Event event;
    event.id = make_uuid7(now, random_);
    event.stream = stored.notice.id.uuid;
    event.type = "notice.created";
    event.resource = stored.notice.id.uuid;
    event.attributes = {{"total", stored.notice.total.count()}, {"version", stored.version}};
    command.events.push_back(std::move(event));
    extra.add_to(command, stored);
    CHO_CO_TRY_DO(co_await ledger_.submit(std::move(command)));
    co_return stored;
}

}  // namespace cho40::fees
