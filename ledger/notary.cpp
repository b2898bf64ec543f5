#include "ledger/notary.h"
#include "base/check.h"
#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cho40::ledger {
namespace {

constexpr std::int64_t nodes_at_once = 256;
constexpr int tries_max = 5;

Error halted_error(BookId book)
{
    return Error(Errc::books_broken, "the heads of book " + std::to_string(book.value) + " and its rows do not agree; see the log");
}

}  // namespace

std::string_view head_alarm_name(HeadAlarm alarm)
{
    switch (alarm) {
    case HeadAlarm::root_differs: return "root_differs";
    case HeadAlarm::node_differs: return "node_differs";
    case HeadAlarm::head_forged: return "head_forged";
    case HeadAlarm::rows_missing: return "rows_missing";
    }
    CHO_CHECK(false);
}

// One coroutine at a time reads and writes; the others wait here. on_committed() never waits.
class Notary::Turn {
public:
    static boost::asio::awaitable<Turn> take(Notary& notary)
    {
        while (notary.busy_) {
            boost::system::error_code woken;
            co_await notary.free_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
        }
        notary.busy_ = true;
        co_return Turn(notary);
    }
    Turn(Turn&& other) noexcept : notary_(std::exchange(other.notary_, nullptr)) {}
    Turn& operator=(Turn&&) = delete;
    ~Turn()
    {
        if (!notary_) return;
        notary_->busy_ = false;
        notary_->free_.cancel_one();
    }

private:
    explicit Turn(Notary& notary) : notary_(&notary) {}
    Notary* notary_;
};

Notary::Notary(boost::asio::any_io_executor executor, NotaryStore& store, HeadSigner const& signer, Clock const& clock, NotaryWatch& watch,
               NotaryLimits limits)
    : executor_(executor), store_(store), signer_(signer), clock_(clock), watch_(watch), limits_(limits),
      free_(executor, boost::asio::steady_timer::time_point::max())
{
}

void Notary::on_committed(std::span<JournalRow const> rows)
{
    Log* log = nullptr;
    BookId book;
    for (auto const& row : rows) {
        if (!log || row.book != book) {
            book = row.book;
            auto const [found, is_new] = logs_.try_emplace(book);
            log = &found->second;
            if (is_new && row.seq == 1) log->loaded = log->live = true;  // a book begins: there is nothing to read
        }
        if (!log->halted && row.seq > log->told) take(*log, row.seq, leaf_hash(row));
    }
}

void Notary::take(Log& log, std::int64_t seq, Sha256 const& leaf)
{
    log.told = seq;
    log.grew = true;
    if (log.live && seq == log.tree.size() + 1) {
        log.tree.append(leaf, log.unwritten);
        if (log.unwritten.size() > limits_.nodes_unwritten) forget(log);
        return;
    }
    log.live = false;
    bool const follows = !log.ahead.empty() && seq == log.ahead_from + static_cast<std::int64_t>(log.ahead.size()) + 1;
    if (!follows || log.ahead.size() >= limits_.rows_ahead) {
        log.ahead.clear();
        log.ahead_from = seq - 1;
    }
    log.ahead.push_back(leaf);
}

// The rows told while the tree was behind, once it has reached the first of them.
void Notary::take_ahead(Log& log)
{
    if (log.ahead.empty() || log.ahead_from > log.tree.size()) return;
    auto const known = std::min(log.tree.size() - log.ahead_from, static_cast<std::int64_t>(log.ahead.size()));
    for (auto leaf = log.ahead.begin() + known; leaf != log.ahead.end(); ++leaf) log.tree.append(*leaf, log.unwritten);
    log.ahead.clear();
    log.ahead.shrink_to_fit();
}

// Nobody takes the nodes off us: rather read them again than grow.
void Notary::forget(Log& log)
{
    log.tree = MerkleFrontier();
    log.loaded = log.live = false;
    log.unwritten.clear();
}

void Notary::halt(Log& log, HeadAlarm alarm, BookId book, std::int64_t size)
{
    log.halted = true;
    forget(log);
    log.ahead.clear();
    watch_.on_alarm(alarm, book, size);
}

boost::asio::awaitable<Result<Done>> Notary::start()
{
    auto const turn = co_await Turn::take(*this);
    CHO_CO_TRY(auto books, co_await store_.books_behind());
    for (auto const book : books) logs_.try_emplace(book);
    co_return Done{};
}

boost::asio::awaitable<Result<bool>> Notary::round()
{
    auto const turn = co_await Turn::take(*this);
    std::vector<BookId> books;
    for (auto const& [book, log] : logs_) {
        if (!log.halted && (log.grew || !log.live || !log.newest_known)) books.push_back(book);
    }
    std::vector<NotaryStore::Page> pages;
    std::optional<Error> error;  // of one book; the others are signed all the same
    bool more = false;
    for (std::size_t i = 0; i < books.size(); ++i) {
        auto const done = co_await advance(books[i], pages);
        if (!done) error = done.error();
        more = more || (done && !*done);
        if (pages.size() < limits_.pages_at_once && i + 1 < books.size()) continue;
        auto const written = co_await write(std::exchange(pages, {}));
        if (!written) error = written.error();
    }
    drop_idle_books();
    if (error) co_return fail(*std::move(error));
    co_return more;
}

boost::asio::awaitable<Result<SignedHead>> Notary::sign_now(BookId book)
{
    auto const turn = co_await Turn::take(*this);
    auto& log = logs_.try_emplace(book).first->second;
    for (int tries = 0; tries < tries_max && !log.halted;) {
        std::vector<NotaryStore::Page> pages;
        CHO_CO_TRY(bool const done, co_await advance(book, pages));
        auto const wanted = log.tree.size();
        CHO_CO_TRY_DO(co_await write(std::move(pages)));
        if (log.halted || !done) continue;
        if (wanted == 0) {
            logs_.erase(book);
            co_return fail(Errc::not_found, "book " + std::to_string(book.value) + " has no rows");
        }
        if (log.newest_known && log.covered() >= wanted) co_return *log.newest;
        ++tries;  // another instance was quicker; what it signed is looked at next
    }
    if (log.halted) co_return fail(halted_error(book));
    co_return fail(Errc::unavailable, "another instance signs the heads of book " + std::to_string(book.value));
}

// Brings a book up to date, and adds what is to be written for it.
boost::asio::awaitable<Result<bool>> Notary::advance(BookId book, std::vector<NotaryStore::Page>& pages)
{
    auto& log = logs_.at(book);
    log.grew = false;
    bool live = log.live;
    if (!live) { CHO_CO_TRY(live, co_await catch_up(book, log)); }
    if (!log.halted && !log.newest_known) CHO_CO_TRY_DO(co_await check_newest(book, log));
    if (log.halted) co_return true;
    if (log.newest_known && log.tree.size() > log.covered()) pages.push_back(next_page(book, log));
    co_return live&& log.newest_known;
}

boost::asio::awaitable<Result<Done>> Notary::load(BookId book, Log& log)
{
    MerkleFrontier tree;
    for (auto level = kept_levels.rbegin(); level != kept_levels.rend(); ++level) {
        for (bool more = true; more;) {
            CHO_CO_TRY(auto nodes, co_await store_.hashes(book, *level, tree.size() >> *level, nodes_at_once));
            for (auto const& node : nodes) tree.append_subtree(*level, node);
            more = static_cast<std::int64_t>(nodes.size()) == nodes_at_once;
        }
    }
    log.tree = std::move(tree);
    log.loaded = true;
    co_return Done{};
}

boost::asio::awaitable<Result<bool>> Notary::catch_up(BookId book, Log& log)
{
    if (!log.loaded) CHO_CO_TRY_DO(co_await load(book, log));
    for (std::int64_t read = 0; read < limits_.rows_a_round;) {
        take_ahead(log);
        auto const wanted = std::min(limits_.rows_at_once, limits_.rows_a_round - read);
        CHO_CO_TRY(auto leaves, co_await store_.hashes(book, 0, log.tree.size(), wanted));
        for (auto const& leaf : leaves) log.tree.append(leaf, log.unwritten);
        auto const count = static_cast<std::int64_t>(leaves.size());
        read += count;
        if (count == wanted) continue;
        take_ahead(log);
        if (log.tree.size() >= log.told) {  // nothing was told since, for nothing was awaited since
            log.told = log.tree.size();
            log.live = true;
            co_return true;
        }
        if (count == 0) {
            halt(log, HeadAlarm::rows_missing, book, log.tree.size());
            co_return true;
        }
    }
    co_return false;
}

// Signs nothing on top of a head that is not ours or does not hold.
boost::asio::awaitable<Result<Done>> Notary::check_newest(BookId book, Log& log)
{
    CHO_CO_TRY(auto newest, co_await store_.newest_head(book));
    if (newest) {
        if (newest->key == signer_.id() && !is_signed_by(signer_, *newest)) {
            halt(log, HeadAlarm::head_forged, book, newest->size);
            co_return Done{};
        }
        if (newest->size > log.tree.size()) {  // another instance is ahead of us: read on, from the journal
            log.told = std::max(log.told, newest->size);
            log.live = false;
            co_return Done{};
        }
        auto const root = co_await root_of(store_, book, newest->size);
        if (!root && root.error().code != Errc::books_broken) co_return fail(root.error());
        if (!root || *root != newest->root) {
            halt(log, root ? HeadAlarm::root_differs : HeadAlarm::rows_missing, book, newest->size);
            co_return Done{};
        }
    }
    log.newest = newest;
    log.newest_known = true;
    co_return Done{};
}

NotaryStore::Page Notary::next_page(BookId book, Log& log)
{
    NotaryStore::Page page;
    page.nodes = std::exchange(log.unwritten, {});
    page.head.book = book;
    page.head.size = log.tree.size();
    page.head.root = log.tree.root();
    if (log.newest) page.head.previous = head_hash(*log.newest);
    page.head.at = clock_.now();
    page.head = sign_head(signer_, std::move(page.head));
    return page;
}

boost::asio::awaitable<Result<Done>> Notary::write(std::vector<NotaryStore::Page> pages)
{
    if (pages.empty()) co_return Done{};
    auto const standing = co_await store_.write(pages);
    for (std::size_t i = 0; i < pages.size(); ++i) {
        auto const& page = pages[i];
        auto& log = logs_.at(page.head.book);
        if (!standing) {  // perhaps it stands, perhaps not: look before the next head, and offer the nodes again
            log.unwritten.insert(log.unwritten.begin(), page.nodes.begin(), page.nodes.end());
            log.newest_known = false;
            continue;
        }
        auto const& now = (*standing)[i];
        if (!now.nodes_agree) {
            halt(log, HeadAlarm::node_differs, page.head.book, page.head.size);
        } else if (now.head && now.head->root != page.head.root) {
            halt(log, HeadAlarm::root_differs, page.head.book, page.head.size);
        } else if (now.head) {
            log.newest = now.head;
            if (*now.head == page.head) watch_.on_signed(page.head);
        } else {
            log.newest_known = false;
        }
    }
    if (!standing) co_return fail(standing.error());
    co_return Done{};
}

void Notary::drop_idle_books()
{
    for (auto log = logs_.begin(); log != logs_.end() && logs_.size() > limits_.books;) {
        auto const& it = log->second;
        bool const idle = it.live && !it.grew && it.newest_known && it.covered() == it.tree.size();
        log = idle ? logs_.erase(log) : std::next(log);
    }
}

}  // namespace cho40::ledger
