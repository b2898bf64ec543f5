#include "apps/service/rail_lists.h"
#include "adapters/api/ids.h"
#include "adapters/rails/signature.h"
#include <algorithm>
#include <nlohmann/json.hpp>

namespace cho40::service {
namespace {

using boost::asio::awaitable;
using qr_pay::InboxOutcome;
using qr_pay::Notification;
using stores::RailReading;

constexpr auto deadline = std::chrono::seconds(20);
// For a call and the posting of a page. Whoever takes longer loses the turn and nothing else; an instance that died holds the
// others up no longer than this.
constexpr auto turn_max = std::chrono::seconds(45);
// Providers allow two or three calls a second.
constexpr auto between_pages = std::chrono::seconds(1);
constexpr auto back_off_max = std::chrono::minutes(15);
constexpr auto new_accounts_every = std::chrono::seconds(5);
constexpr std::size_t at_once = 200;  // given to the intake, so that notifications are not held up by a long page

std::chrono::seconds back_off(int failures, std::chrono::seconds first)
{
    auto pause = first;
    for (int i = 1; i < failures && pause < back_off_max; ++i) pause *= 2;
    return std::min<std::chrono::seconds>(pause, back_off_max);
}

std::string_view outcome_of_status(int status)
{
    if (status == 429) return "rate_limited";
    if (status == 401 || status == 403) return "unauthorized";
    return status >= 500 ? "upstream_error" : "refused";
}

bool was_known(std::optional<qr_pay::Received> const& received)
{
    return received && (received->outcome == InboxOutcome::repeated || received->outcome == InboxOutcome::linked);
}

}  // namespace

struct RailLists::Answer {
    explicit Answer(std::string_view how) : outcome(how) {}
    std::string outcome;       // what it is counted as; "read" when there is a body
    std::string target, body;
    std::chrono::seconds wait{0};  // at least, as the provider wishes
};

awaitable<Result<bool>> RailLists::turn()
{
    CHO_CO_TRY_DO(co_await begin_polling());
    if (!has_lists_) co_return false;
    auto const now = parts_.clock.now();
    CHO_CO_TRY(auto taken, co_await parts_.readings.take_turn(now, now + turn_max));
    if (!taken) co_return false;
    auto& reading = taken->reading;
    CHO_CO_TRY(auto const entry, co_await parts_.directory.find({}, reading.rail_account));
    auto const* const list = entry->rail->list();
    // The access was taken away, or another instance knows of it already: it is looked at again.
    if (!list || !entry->list_key) {
        reading.due_at = now + options_.pause;
        CHO_CO_TRY_DO(co_await parts_.readings.end_turn(*std::move(taken)));
        co_return true;
    }
    auto const overlap = reading.purpose == RailReading::Purpose::poll ? options_.overlap : std::chrono::seconds(0);
    rails::ListWindow const window{reading.from - overlap, reading.to.value_or(reading.begun_at.value_or(now))};
    auto answer = co_await ask(*list, *entry, window, reading.place);
    std::optional<rails::ListPage> page;
    if (answer.outcome == "read") {
        auto read = list->read(answer.body, window, reading.place);
        if (read) page = *std::move(read);
        else answer.outcome = errc_name(read.error().code);
    }
    count(entry->rail->name(), answer.outcome);
    if (!page) {
        put_off(*taken, *entry, answer);
    } else {
        auto next = std::move(page->next);
        auto const lines = co_await take(*entry, *std::move(page), answer);
        if (lines) {
            reading.lines.read += lines->read;
            reading.lines.fresh += lines->fresh;
            reading.lines.known += lines->known;
            reading.lines.unreadable += lines->unreadable;
            advance(*taken, *entry, std::move(next));
        } else {
            answer.outcome = errc_name(lines.error().code);  // not durable, or not all of it: the page is read again
            put_off(*taken, *entry, answer);
        }
    }
    CHO_CO_TRY_DO(co_await parts_.readings.end_turn(*std::move(taken)));
    co_return true;
}

awaitable<Result<Done>> RailLists::begin_polling()
{
    auto const now = parts_.clock.now();
    if (looked_for_new_at_ && now - *looked_for_new_at_ < new_accounts_every) co_return Done{};
    looked_for_new_at_ = now;
    CHO_CO_TRY_DO(co_await parts_.directory.load());
    std::vector<RailReading> readings;
    for (auto const& entry : parts_.directory.all()) {
        if (!entry->list_key || !entry->rail->list()) continue;
        RailReading reading;
        reading.book = entry->account.book;
        reading.id = stores::polling_of(entry->account.id);
        reading.rail_account = entry->account.id;
        reading.from = reading.due_at = reading.created_at = now;
        readings.push_back(std::move(reading));
    }
    has_lists_ = !readings.empty();
    if (!has_lists_) co_return Done{};
    co_return co_await parts_.readings.add(std::move(readings));
}

awaitable<RailLists::Answer> RailLists::ask(rails::TransferList const& list, Entry const& entry, rails::ListWindow window,
                                            std::string place)
{
    auto const call = list.ask(window, place, *entry.list_key);
    http::Outgoing request(http::Method::get, entry.account.list->url + call.target);
    request.headers.set("Authorization", call.authorization.expose());
    request.headers.set("Accept", "application/json");
    request.deadline = deadline;
    auto const called = co_await parts_.client.call(std::move(request));
    Answer answer("read");
    answer.target = call.target;
    if (!called.response) {
        answer.outcome = errc_name(called.response.error().code);
    } else if (called.response->status == 200) {
        answer.body = called.response->body_text();
    } else {
        answer.outcome = outcome_of_status(called.response->status);
        for (auto const name : {list.retry_header(), std::string_view("Retry-After")}) {
            auto const seconds = rails::digits(called.response->headers.get(name));
            if (seconds) answer.wait = std::max(answer.wait, std::chrono::seconds(std::min<std::int64_t>(*seconds, 3600)));
        }
    }
    co_return answer;
}

awaitable<Result<RailReading::Lines>> RailLists::take(Entry const& entry, rails::ListPage page, Answer const& answer)
{
    RailReading::Lines lines;
    lines.unreadable = static_cast<std::int64_t>(page.unreadable.size());
    lines.read = static_cast<std::int64_t>(page.transfers.size()) + lines.unreadable;
    if (!page.unreadable.empty()) {
        auto const& first = page.unreadable.front();
        parts_.log.warning("rails.list_line_unreadable", {{"rail", entry.rail->name()},
                                                          {"account", http::to_text(entry.account.id)},
                                                          {"lines", page.unreadable.size()},
                                                          {"code", errc_name(first.code)},
                                                          {"at", first.pointer}});
    }
    std::vector<Notification> told;
    for (auto& transfer : page.transfers) {
        auto const id = make_id<qr_pay::InboxTag>(parts_.clock.now(), parts_.random);
        told.emplace_back(entry.account.book, id, entry.account.id, std::move(transfer));
    }
    // The oldest first, as notifications would have come.
    std::ranges::stable_sort(told, {}, [](Notification const& n) { return n.credit.booked_at; });
    std::vector<Notification const*> asked_about;
    for (auto const& notification : told) asked_about.push_back(&notification);
    CHO_CO_TRY(auto const are_told, co_await parts_.inbox.are_told(std::move(asked_about)));
    std::vector<Notification> news;
    for (std::size_t i = 0; i < told.size(); ++i) {
        if (are_told[i]) ++lines.known;
        else news.push_back(std::move(told[i]));
    }
    if (!news.empty()) news.front().body = answer.body;
    auto const headers = nlohmann::json{{"List", answer.target}}.dump();
    for (std::size_t begin = 0; begin < news.size(); begin += at_once) {
        auto const end = std::min(begin + at_once, news.size());
        std::vector<Notification> some(std::make_move_iterator(news.begin() + static_cast<std::ptrdiff_t>(begin)),
                                       std::make_move_iterator(news.begin() + static_cast<std::ptrdiff_t>(end)));
        for (auto& notification : some) {
            notification.headers = headers;
            notification.received_at = parts_.clock.now();
        }
        // Told in other words before, it may be known all the same: only the match says.
        auto const received = co_await parts_.intake.take(some, true);
        if (received) {
            for (auto const& one : *received) ++(was_known(one) ? lines.known : lines.fresh);
            continue;
        }
        if (received.error().code != Errc::internal_error) co_return tl::unexpected<Error>(received.error());
        // One that cannot be kept as it is must not hold up the list for ever.
        for (auto& notification : some) {
            std::vector<Notification> one;
            one.push_back(std::move(notification));
            auto const alone = co_await parts_.intake.take(std::move(one), true);
            if (alone) ++(was_known(alone->front()) ? lines.known : lines.fresh);
            else if (alone.error().code == Errc::internal_error) ++lines.unreadable;
            else co_return tl::unexpected<Error>(alone.error());
        }
    }
    auto const add = [&](char const* outcome, std::int64_t n) {
        parts_.metrics
            .counter("cho40_rail_list_lines_total", "Transfers in providers' lists by what they were.",
                     {{"rail", std::string(entry.rail->name())}, {"outcome", outcome}})
            .add(static_cast<double>(n));
    };
    add("new", lines.fresh);
    add("known", lines.known);
    add("unreadable", lines.unreadable);
    if (lines.fresh > 0) {
        parts_.log.info("rails.list_told_news",
                        {{"rail", entry.rail->name()}, {"account", http::to_text(entry.account.id)}, {"transfers", lines.fresh}});
    }
    co_return lines;
}

// Not sooner than the provider wishes; the longer, the more often it went wrong.
void RailLists::put_off(Turn& turn, Entry const& entry, Answer const& answer)
{
    auto& reading = turn.reading;
    ++reading.failures;
    reading.last_error = answer.outcome;
    auto const pause = std::max(answer.wait, back_off(reading.failures, std::min(options_.pause, std::chrono::seconds(10))));
    reading.due_at = parts_.clock.now() + pause;
    parts_.log.warning("rails.list_not_read", {{"rail", entry.rail->name()},
                                               {"account", http::to_text(entry.account.id)},
                                               {"outcome", answer.outcome},
                                               {"again_in_seconds", pause.count()}});
}

void RailLists::advance(Turn& turn, Entry const& entry, std::optional<std::string> next)
{
    auto& reading = turn.reading;
    auto const now = parts_.clock.now();
    reading.failures = 0;
    reading.last_error.clear();
    if (next) {
        reading.place = *std::move(next);
        reading.due_at = now + between_pages;
        return;
    }
    reading.place.clear();
    if (reading.purpose != RailReading::Purpose::poll) {
        reading.finished_at = now;
        return;
    }
    reading.from = reading.begun_at.value_or(now);
    reading.due_at = now + options_.pause;
    parts_.heartbeats.listed(entry.account.book, entry.account.id, entry.account.rail, reading.from);
}

void RailLists::count(std::string_view rail, std::string_view outcome)
{
    parts_.metrics
        .counter("cho40_rail_list_calls_total", "Calls of providers' lists by how they ended.",
                 {{"rail", std::string(rail)}, {"outcome", std::string(outcome)}})
        .add();
}

}  // namespace cho40::service
