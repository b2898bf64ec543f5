#include "tests/chaos/poster.h"
#include "base/spawn.h"
#include <fmt/format.h>
#include <unistd.h>

namespace cho40::chaos {
namespace {

using boost::asio::awaitable;
using ledger::Receipt;

constexpr std::int64_t bulk = 300;  // by COPY; what is smaller goes as one segment
constexpr int single_lanes = 4;
constexpr int bulk_lanes = 2;
constexpr std::int64_t single_share = 8;  // of the commands one in so many is posted alone, most of them after the bulks
constexpr auto start_patience = std::chrono::seconds(60);

// A row of somebody's table that must stand when the command does, and only then.
struct Mark final : ledger::AttachedRow {
    Mark(std::string p, std::int64_t n) : poster(std::move(p)), number(n) {}
    std::string poster;
    std::int64_t number;
};
constexpr postgres::Statement insert_marks{
    "chaos_insert_marks", "INSERT INTO chaos_mark (poster, number) SELECT p, n FROM unnest($1::text[], $2::int8[]) AS u(p, n)"};

stores::RowWriters mark_writers()
{
    stores::RowWriters writers;
    writers.add<Mark>(insert_marks, [](auto rows) {
        return postgres::Params(stores::column<std::string>(rows, [](auto const& r) { return r.poster; }),
                                stores::column<std::int64_t>(rows, [](auto const& r) { return r.number; }));
    });
    return writers;
}

// A batch is large after few commands, a part is full after few batches: what is rare elsewhere is common here.
constexpr ledger::WriterLimits limits{.queue_max = 64'000, .batch_max = 400, .overlap_from = 200};
stores::JournalOptions options(std::string const& holder)
{
    stores::JournalOptions options;
    options.writer_group = "chaos";
    options.holder = holder;
    options.part_rows = 1'500;
    return options;
}

ledger::Command command_of(Asked const& asked, std::string const& poster)
{
    ledger::Command command(book);
    command.transfers = asked.transfers;
    if (asked.number % 3 == 0) command.rows.push_back(std::make_shared<Mark>(poster, asked.number));
    if (asked.number % 5 == 0) {
        ledger::Event event;
        event.id = make_derived_uuid({"chaos event", poster, std::to_string(asked.number)});
        event.stream = make_derived_uuid({"chaos stream", poster});
        event.type = "chaos.posted";
        event.resource = asked.transfers[0].id.uuid;
        event.attributes = {{"number", asked.number}};
        command.events.push_back(std::move(event));
    }
    return command;
}

// Lines, each with one write: whoever reads them may kill us between two.
void say(std::string const& line)
{
    auto const text = line + "\n";
    if (write(STDOUT_FILENO, text.data(), text.size()) < 0) _exit(static_cast<int>(Ending::wrong));
}

bool is_rule(Errc code)
{
    return code == Errc::insufficient_funds || code == Errc::limit_exceeded || code == Errc::pending_finished ||
           code == Errc::pending_expired || code == Errc::pending_not_found;
}

postgres::SharedConnectionInfo parse(std::string const& url)
{
    return std::make_shared<postgres::ConnectionInfo>(postgres::ConnectionInfo::parse(url, "cho40-chaos").value());
}

}  // namespace

Poster::Poster(Settings settings)
    : settings_(std::move(settings)), record_(settings_.folder, settings_.name), dice_(settings_.seed),
      log_(clock_, observability::Level::info, [](std::string_view line) { fmt::print(stderr, "{}", line); }),
      info_(parse(settings_.database)), writers_(mark_writers()),
      journal_(loop_.executor(), info_, options(settings_.name), writers_, clock_, log_),
      writer_(loop_.executor(), journal_, clock_, limits), singles_left_(settings_.commands / single_share),
      bulked_left_(settings_.commands - singles_left_)
{
}

Poster::~Poster() = default;

Ending Poster::run() { return loop_.run(live()); }

awaitable<Ending> Poster::live()
{
    if (!co_await start()) co_return is_wrong_ ? Ending::wrong : Ending::no_start;
    say(fmt::format("writing {}", journal_.epoch()));
    bool ended = false;
    spawn(loop_.executor(), [](ledger::Writer& writer, bool& over) -> awaitable<void> {
        co_await writer.run();
        over = true;
    }(writer_, ended));
    lane(keep_parts());
    co_await open_accounts();
    co_await ask_again();
    for (int i = 0; i < single_lanes; ++i) lane(post_singles());
    for (int i = 0; i < bulk_lanes; ++i) lane(post_bulks());
    boost::asio::steady_timer timer(loop_.executor());
    while (running_ > 1) {  // one of them keeps the parts, to the end
        timer.expires_after(std::chrono::milliseconds(2));
        co_await timer.async_wait(boost::asio::use_awaitable);
    }
    bool const lost = !writer_.is_writing();
    writer_.stop();
    while (!ended || running_ > 0) {
        timer.expires_after(std::chrono::milliseconds(2));
        co_await timer.async_wait(boost::asio::use_awaitable);
    }
    if (is_wrong_) co_return Ending::wrong;
    co_return lost ? Ending::lease_lost : Ending::done;
}

awaitable<bool> Poster::start()
{
    auto const until = std::chrono::steady_clock::now() + start_patience;
    boost::asio::steady_timer timer(loop_.executor());
    for (;;) {
        auto const started = co_await writer_.start();
        if (started) co_return true;
        fmt::print(stderr, "cannot start: {}\n", started.error().detail);
        if (started.error().code == Errc::books_broken) wrong(started.error().detail);
        if (is_wrong_ || std::chrono::steady_clock::now() > until) co_return false;
        timer.expires_after(std::chrono::milliseconds(50));
        co_await timer.async_wait(boost::asio::use_awaitable);
    }
}

void Poster::lane(awaitable<void> work)
{
    ++running_;
    spawn(loop_.executor(), [](Poster& poster, awaitable<void> inner) -> awaitable<void> {
        co_await std::move(inner);
        --poster.running_;
    }(*this, std::move(work)));
}

awaitable<void> Poster::keep_parts()
{
    boost::asio::steady_timer timer(loop_.executor());
    while (goes_on()) {
        writer_.tick();
        for (auto const& [sealed_book, seq] : co_await journal_.keep_parts()) writer_.drop_entries(sealed_book, seq);
        timer.expires_after(std::chrono::milliseconds(20));
        co_await timer.async_wait(boost::asio::use_awaitable);
    }
}

awaitable<void> Poster::open_accounts()
{
    ledger::Command command(book);
    for (std::int64_t n = 1; n <= accounts; ++n) {
        auto const limit = n <= limited_accounts ? ledger::credits_must_not_exceed_debits : ledger::Limits{};
        command.open.push_back(ledger::Account{ledger::AccountNumber{n}, limit});
    }
    auto const opened = co_await writer_.submit(std::move(command));
    if (!opened && !is_undecided(opened.error().code)) wrong("the accounts cannot be opened: " + opened.error().detail);
}

awaitable<void> Poster::ask_again()
{
    auto const rest = record_.unanswered();
    for (std::size_t i = 0; i < rest.size() && goes_on(); i += bulk) {
        auto const first = rest.begin() + static_cast<std::ptrdiff_t>(i);
        co_await post(std::vector<Asked>(first, first + static_cast<std::ptrdiff_t>(std::min<std::size_t>(bulk, rest.size() - i))));
    }
}

awaitable<void> Poster::post_singles()
{
    while (goes_on() && singles_left_ > 0) {
        if (dice_.one_in(8)) co_await repeat_one();
        --singles_left_;
        std::vector<Asked> commands{dice_.command(record_, clock_.now())};
        record_.ask(commands);
        co_await post(std::move(commands));
    }
}

awaitable<void> Poster::post_bulks()
{
    while (goes_on() && bulked_left_ > 0) {
        std::vector<Asked> commands;
        for (std::int64_t i = 0; i < bulk; ++i) commands.push_back(dice_.command(record_, clock_.now()));
        bulked_left_ -= bulk;
        record_.ask(commands);
        // The same id twice in one batch: one of them is a repetition.
        for (int i = 0; i < 5; ++i) commands.push_back(commands[static_cast<std::size_t>(dice_.below(bulk))]);
        co_await post(std::move(commands));
    }
}

awaitable<void> Poster::post(std::vector<Asked> commands)
{
    std::vector<ledger::Command> copies;
    for (auto const& asked : commands) copies.push_back(command_of(asked, settings_.name));
    auto const answers = co_await writer_.submit_all(std::move(copies));
    judge(commands, answers);
    record_.answer(commands, answers);
    for (auto const& answer : answers) answers_ += answer || !is_undecided(answer.error().code);
    say(fmt::format("answered {}", answers_));
}

// What was accepted once is accepted again with the same answer, however long ago, and refused when it is not the same.
awaitable<void> Poster::repeat_one()
{
    auto const* found = dice_.accepted(record_);
    if (!found) co_return;
    auto const asked = *found;
    auto const before = record_.answered().at(asked.number);
    auto const again = co_await writer_.submit(command_of(asked, settings_.name));
    if (!again) {
        if (!is_undecided(again.error().code))
            wrong(fmt::format("command {} was accepted and is refused now: {}", asked.number, again.error().detail));
        co_return;
    }
    if (!again->replayed || again->last_seq != before.last_seq) {
        wrong(fmt::format("command {} stands at {} and was posted again at {}", asked.number, before.last_seq, again->last_seq));
    }
    auto other = asked;
    if (other.transfers[0].kind != ledger::TransferKind::posted) co_return;
    other.transfers[0].amount = Dong(other.transfers[0].amount.count() + 1);
    auto const differs = co_await writer_.submit(command_of(other, settings_.name));
    if (differs) wrong(fmt::format("command {} was accepted again with another amount", asked.number));
    else if (differs.error().code != Errc::transfer_differs && !is_undecided(differs.error().code)) {
        wrong(fmt::format("command {} with another amount: {}", asked.number, differs.error().detail));
    }
}

void Poster::judge(std::vector<Asked> const& commands, std::vector<Result<Receipt>> const& answers)
{
    std::map<std::int64_t, std::int64_t> accepted;
    for (std::size_t i = 0; i < commands.size(); ++i) {
        auto const number = commands[i].number;
        if (!answers[i]) {
            auto const& error = answers[i].error();
            if (is_rule(error.code) || is_undecided(error.code) || (settings_.refusals && error.code == Errc::stale)) continue;
            wrong(fmt::format("command {} was refused: {}", number, error.detail));
            continue;
        }
        auto const [first, is_first] = accepted.emplace(number, answers[i]->last_seq);
        if (!is_first && (first->second != answers[i]->last_seq || !answers[i]->replayed)) {
            wrong(fmt::format("command {} was posted twice in one batch, at {} and {}", number, first->second, answers[i]->last_seq));
        }
    }
}

void Poster::wrong(std::string const& what)
{
    fmt::print(stderr, "wrong: {}\n", what);
    is_wrong_ = true;
}

}  // namespace cho40::chaos
