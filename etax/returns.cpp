#include "etax/returns.h"

namespace cho40::etax {

Id<NoticeTag> notice_id(Id<TaxReturn> ret, std::string_view raw)
{
    return Id<NoticeTag>(make_derived_uuid({"tax_notice", ret.uuid.to_string(), to_hex(sha256(raw))}));
}

Result<Done> Progress::put(FilingEvent const& event, std::string reason)
{
    CHO_TRY(auto step, on(ret_.filing, event, calendar_));
    bool const moved = step.filing.state != ret_.filing.state;
    ret_.filing = std::move(step.filing);
    actions_.insert(actions_.end(), step.actions.begin(), step.actions.end());
    if (moved) {
        ret_.reason = std::move(reason);
        ret_.since = now_;
        ret_.checks = 0;
        entered_.push_back({ret_.filing.state, ret_.reason, now_});
    }
    return Done{};
}

ledger::Command Progress::command(Random& random)
{
    ledger::Command command(ret_.book);
    ret_.version = before_ + 1;
    command.guards.push_back({ret_.id.uuid, before_, ret_.version});
    command.rows.push_back(std::make_shared<ReturnChanged>(ret_));
    int order = 0;
    for (auto const& step : entered_) {
        command.rows.push_back(std::make_shared<ReturnEntered>(ret_, step, order++));
        ledger::Event event;
        event.id = make_uuid7(now_, random);
        event.stream = ret_.household.uuid;
        event.type = "tax_return." + std::string(name_of(step.state));
        event.resource = ret_.id.uuid;
        event.attributes = {{"period", ret_.period().to_string()}, {"version", ret_.version}};
        command.events.push_back(std::move(event));
    }
    return command;
}

}  // namespace cho40::etax
