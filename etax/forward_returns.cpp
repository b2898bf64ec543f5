#include "etax/forward_returns.h"
#include <algorithm>

namespace cho40::etax {
namespace {

std::string reason_of(GatewayAnswer const& answer) { return answer.detail.empty() ? answer.code : answer.detail; }

std::string reason_code(Notice const& notice)
{
    if (notice.positive != false && notice.kind != NoticeKind::invalid) return "";
    return notice.kind == NoticeKind::result ? "authority_refused" : "not_received";
}

}  // namespace

boost::asio::awaitable<Result<ForwardNews>> ForwardReturns::step(StoredReturn ret)
{
    if (ret.filing.state == FilingState::queued) co_return co_await send(std::move(ret));
    co_return co_await ask(std::move(ret));
}

boost::asio::awaitable<Result<ForwardNews>> ForwardReturns::send(StoredReturn ret)
{
    auto const now = clock_.now();
    if (ret.sending_since) {
        // Somebody began to send and never wrote down how it ended.
        Progress lost(std::move(ret), now, calendar_);
        lost.ret().sending_since.reset();
        CHO_CO_TRY_DO(lost.put(event::TransportLost{now}, "no_answer"));
        lost.ret().next_check_at = now;
        std::vector<std::shared_ptr<ledger::AttachedRow const>> nothing;
        co_return co_await commit(std::move(lost), std::move(nothing));
    }
    CHO_CO_TRY(auto bytes, co_await returns_.document(ret));
    Progress leaving(std::move(ret), now, calendar_);
    leaving.ret().sending_since = now;
    auto mark = leaving.command(random_);
    CHO_CO_TRY_DO(co_await ledger_.submit(std::move(mark)));

    auto transaction = leaving.ret().transaction_id;
    auto answer = co_await gateway_.submit(std::move(bytes), std::move(transaction));
    auto const then = clock_.now();
    Progress progress(leaving.ret(), then, calendar_);
    progress.ret().sending_since.reset();
    std::vector<std::string> notices;
    if (!answer) {
        // It never left us: the configuration is wrong. Try again, slowly.
        schedule(progress);
        std::vector<std::shared_ptr<ledger::AttachedRow const>> nothing;
        CHO_CO_TRY_DO(co_await commit(std::move(progress), std::move(nothing)));
        co_return tl::unexpected<Error>(std::move(answer).error());
    }
    switch (answer->outcome) {
    case GatewayOutcome::sent: CHO_CO_TRY_DO(progress.put(event::Sent{then})); break;
    case GatewayOutcome::unknown: CHO_CO_TRY_DO(progress.put(event::TransportLost{then}, "no_answer")); break;
    case GatewayOutcome::refused:
        if (answer->fault == GatewayFault::duplicate) {
            CHO_CO_TRY_DO(progress.put(event::Duplicate{answer->their_digest, then}, "authority_differs"));
        } else {
            CHO_CO_TRY_DO(progress.put(event::GatewayRefused{reason_of(*answer)}, "gateway_refused"));
        }
        break;
    }
    notices = std::move(answer->notices);
    co_return co_await take_in(std::move(progress), std::move(notices));
}

boost::asio::awaitable<Result<ForwardNews>> ForwardReturns::ask(StoredReturn ret)
{
    auto transaction = ret.transaction_id;
    CHO_CO_TRY(auto answer, co_await gateway_.poll(std::move(transaction)));
    auto const now = clock_.now();
    Progress progress(std::move(ret), now, calendar_);
    switch (answer.outcome) {
    case GatewayOutcome::sent:
        if (progress.ret().filing.state == FilingState::transport_unknown) CHO_CO_TRY_DO(progress.put(event::Sent{now}));
        break;
    case GatewayOutcome::refused: CHO_CO_TRY_DO(progress.put(event::NotArrived{now}, "not_arrived")); break;
    case GatewayOutcome::unknown: break;
    }
    auto notices = std::move(answer.notices);
    co_return co_await take_in(std::move(progress), std::move(notices));
}

// First the raw bytes of what is new, durably; then what they say.
boost::asio::awaitable<Result<ForwardNews>> ForwardReturns::take_in(Progress progress, std::vector<std::string> notices)
{
    auto const now = clock_.now();
    CHO_CO_TRY(auto known, co_await returns_.notices(progress.ret()));
    std::vector<std::shared_ptr<ledger::AttachedRow const>> arrived;
    for (auto& raw : notices) {
        StoredNotice notice;
        notice.id = notice_id(progress.ret().id, raw);
        if (std::ranges::any_of(known, [&](StoredNotice const& n) { return n.id == notice.id; })) continue;
        notice.raw = std::move(raw);
        notice.received_at = now;
        arrived.push_back(std::make_shared<NewNotice>(progress.ret(), notice, static_cast<int>(known.size())));
        known.push_back(std::move(notice));
    }
    bool const unread = std::ranges::any_of(known, [](StoredNotice const& n) { return !n.read; });
    if (!unread) {
        CHO_CO_TRY_DO(progress.put(event::Tick{now}));
        schedule(progress);
        co_return co_await commit(std::move(progress), std::move(arrived));
    }
    auto stored = progress.command(random_);
    stored.rows.insert(stored.rows.end(), arrived.begin(), arrived.end());
    CHO_CO_TRY_DO(co_await ledger_.submit(std::move(stored)));

    Progress reading(progress.ret(), now, calendar_);
    std::vector<std::shared_ptr<ledger::AttachedRow const>> rows;
    for (auto const& notice : known) {
        if (notice.read) continue;
        auto const read = papers_.read_notice(notice.raw);
        rows.push_back(std::make_shared<NoticeRead>(reading.ret(), notice.id, read ? read->code : std::string(),
                                                    read ? read->positive : std::nullopt));
        if (read) CHO_CO_TRY_DO(reading.put(event::NoticeArrived{*read, notice.received_at}, reason_code(*read)));
    }
    CHO_CO_TRY_DO(reading.put(event::Tick{now}));
    schedule(reading);
    auto news = co_await commit(std::move(reading), std::move(rows));
    if (news) news->actions.insert(news->actions.end(), progress.actions().begin(), progress.actions().end());
    co_return news;
}

boost::asio::awaitable<Result<ForwardNews>> ForwardReturns::commit(Progress progress,
                                                                   std::vector<std::shared_ptr<ledger::AttachedRow const>> rows)
{
    auto command = progress.command(random_);
    command.rows.insert(command.rows.end(), rows.begin(), rows.end());
    CHO_CO_TRY_DO(co_await ledger_.submit(std::move(command)));
    ForwardNews news;
    news.ret = progress.ret().id;
    news.state = progress.ret().filing.state;
    news.actions = progress.actions();
    co_return news;
}

void ForwardReturns::schedule(Progress& progress) const
{
    auto& ret = progress.ret();
    auto const state = ret.filing.state;
    if (is_finished(state) || state == FilingState::conflict || state == FilingState::draft || state == FilingState::signed_) {
        ret.next_check_at.reset();
        return;
    }
    auto pause = policy_.first_pause;
    for (int i = 0; i < ret.checks && pause < policy_.longest_pause; ++i) pause *= 2;
    ++ret.checks;
    ret.next_check_at = clock_.now() + std::min(pause, policy_.longest_pause);
}

}  // namespace cho40::etax
