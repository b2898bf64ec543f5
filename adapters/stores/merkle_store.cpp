#include "adapters/stores/merkle_store.h"
#include "adapters/stores/head_rows.h"
#include "adapters/stores/journal_rows.h"
#include "adapters/stores/row_readers.h"
#include <algorithm>

namespace cho40::stores {
namespace {

using boost::asio::awaitable;
using ledger::BookId;
using ledger::JournalRow;
using ledger::SignedHead;
using ledger::Transfer;
using postgres::Bytea;
using postgres::Params;
using postgres::Pool;
using postgres::Statement;

constexpr Statement select_rows{"merkle_select_rows", "SELECT " CHO40_JOURNAL_COLUMNS
                                                      " FROM journal j WHERE j.book_id = $1 AND j.seq BETWEEN $2 AND $3 ORDER BY j.seq"};
constexpr Statement select_nodes{"merkle_select_nodes", "SELECT index, hash FROM merkle_node WHERE book_id = $1 AND level = $2 "
                                                        "AND index BETWEEN $3 AND $4 ORDER BY index"};
constexpr Statement select_behind{
    "merkle_select_behind",
    "SELECT b.book_id FROM book b "
    "JOIN LATERAL (SELECT j.seq FROM journal j WHERE j.book_id = b.book_id ORDER BY j.seq DESC LIMIT 1) last ON true "
    "WHERE b.writer_group = $1 "
    "AND last.seq > coalesce((SELECT max(h.size) FROM ledger_head h WHERE h.book_id = b.book_id), 0) ORDER BY b.book_id"};
constexpr Statement select_newest_head{
    "merkle_select_newest_head", "SELECT " CHO40_HEAD_COLUMNS " FROM ledger_head h WHERE h.book_id = $1 ORDER BY h.size DESC LIMIT 1"};
constexpr Statement select_first_head{"merkle_select_first_head",
                                      "SELECT " CHO40_HEAD_COLUMNS
                                      " FROM ledger_head h WHERE h.book_id = $1 AND h.size >= $2 ORDER BY h.size LIMIT 1"};
constexpr Statement find_in_book{"merkle_find_in_book",
                                 "SELECT " CHO40_JOURNAL_COLUMNS " FROM journal j WHERE j.book_id = $1 AND j.transfer_id = $2 "
                                 "AND uuid_hash(j.transfer_id) = uuid_hash($2)"};
constexpr Statement find_anywhere{"merkle_find_anywhere", "SELECT " CHO40_JOURNAL_COLUMNS " FROM journal j WHERE j.transfer_id = $1 "
                                                          "AND uuid_hash(j.transfer_id) = uuid_hash($1) LIMIT 1"};

// In one order, so that two notaries wait for each other instead of locking each other out.
constexpr Statement insert_nodes{"merkle_insert_nodes", "INSERT INTO merkle_node (book_id, level, index, hash) "
                                                        "SELECT * FROM unnest($1::int8[], $2::int2[], $3::int8[], $4::bytea[]) "
                                                        "ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING"};
constexpr Statement insert_heads{
    "merkle_insert_heads",
    "INSERT INTO ledger_head (book_id, size, root, previous, at, key_id, signature) "
    "SELECT * FROM unnest($1::int8[], $2::int8[], $3::bytea[], $4::bytea[], $5::timestamptz[], $6::bytea[], $7::bytea[]) "
    "ORDER BY 1, 2 ON CONFLICT DO NOTHING"};
constexpr Statement select_differing_nodes{"merkle_select_differing",
                                           "SELECT DISTINCT n.book_id FROM merkle_node n "
                                           "JOIN unnest($1::int8[], $2::int2[], $3::int8[], $4::bytea[]) AS u(book_id, level, index, hash) "
                                           "ON n.book_id = u.book_id AND n.level = u.level AND n.index = u.index AND n.hash <> u.hash"};
constexpr Statement select_standing_heads{"merkle_select_standing", "SELECT " CHO40_HEAD_COLUMNS " FROM ledger_head h "
                                                                    "JOIN unnest($1::int8[], $2::int8[]) AS u(book_id, size) "
                                                                    "ON h.book_id = u.book_id AND h.size = u.size"};

template <class Bytes>
Bytea bytea(Bytes const& bytes)
{
    return Bytea(std::string(reinterpret_cast<char const*>(bytes.data()), bytes.size()));
}

// The table's CHECK holds its columns to their lengths.
// Leaves are hashed from the rows as they stand, never from what was hashed before.
awaitable<Result<std::vector<Sha256>>> read_leaves(Pool& pool, BookId book, std::int64_t first, std::int64_t count)
{
    Params params(book.value, first + 1, first + count);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool.read_one(select_rows, std::move(params))));
    std::vector<Sha256> leaves;
    leaves.reserve(static_cast<std::size_t>(rows.size()));
    for (auto const row : rows) {
        auto const journal_row = read_journal_row(row);
        if (journal_row.seq != first + static_cast<std::int64_t>(leaves.size()) + 1) break;  // a gap
        leaves.push_back(ledger::leaf_hash(journal_row));
    }
    co_return leaves;
}

awaitable<Result<std::vector<Sha256>>> read_hashes(Pool& pool, BookId book, int level, std::int64_t first, std::int64_t count)
{
    if (level == 0) co_return co_await read_leaves(pool, book, first, count);
    Params params(book.value, static_cast<std::int16_t>(level), first, first + count - 1);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool.read_one(select_nodes, std::move(params))));
    std::vector<Sha256> nodes;
    nodes.reserve(static_cast<std::size_t>(rows.size()));
    for (auto const row : rows) {
        if (row.get<std::int64_t>(0) != first + static_cast<std::int64_t>(nodes.size())) break;
        nodes.push_back(row.get<Sha256>(1));
    }
    co_return nodes;
}

awaitable<Result<std::optional<SignedHead>>> read_newest_head(Pool& pool, BookId book)
{
    Params params(book.value);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool.read_one(select_newest_head, std::move(params))));
    co_return read_first(rows, read_head);
}

using Pages = std::vector<ledger::NotaryStore::Page>;

Params node_params(Pages const& pages)
{
    std::vector<std::int64_t> books, indexes;
    std::vector<std::int16_t> levels;
    std::vector<Sha256> hashes;
    for (auto const& page : pages) {
        for (auto const& node : page.nodes) {
            books.push_back(page.head.book.value);
            levels.push_back(static_cast<std::int16_t>(node.level));
            indexes.push_back(node.index);
            hashes.push_back(node.hash);
        }
    }
    return Params(books, levels, indexes, hashes);
}

Params head_params(Pages const& pages)
{
    std::vector<std::int64_t> books, sizes;
    std::vector<Sha256> roots, previous;
    std::vector<Instant> times;
    std::vector<Bytea> keys, signatures;
    for (auto const& page : pages) {
        books.push_back(page.head.book.value);
        sizes.push_back(page.head.size);
        roots.push_back(page.head.root);
        previous.push_back(page.head.previous);
        times.push_back(page.head.at);
        keys.push_back(bytea(page.head.key));
        signatures.push_back(bytea(page.head.signature));
    }
    return Params(books, sizes, roots, previous, times, keys, signatures);
}

Params size_params(Pages const& pages)
{
    std::vector<std::int64_t> books, sizes;
    for (auto const& page : pages) {
        books.push_back(page.head.book.value);
        sizes.push_back(page.head.size);
    }
    return Params(books, sizes);
}

}  // namespace

awaitable<Result<std::vector<Sha256>>> MerkleStore::hashes(BookId book, int level, std::int64_t first, std::int64_t count)
{
    co_return co_await read_hashes(pool_, book, level, first, count);
}

awaitable<Result<std::vector<BookId>>> MerkleStore::books_behind()
{
    Params params(group_);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(select_behind, std::move(params))));
    co_return read_all(rows, [](postgres::Row const& row) { return BookId{row.get<std::int64_t>(0)}; });
}

awaitable<Result<std::optional<SignedHead>>> MerkleStore::newest_head(BookId book) { co_return co_await read_newest_head(pool_, book); }

awaitable<Result<std::vector<ledger::NotaryStore::Standing>>> MerkleStore::write(std::vector<Page> const& pages)
{
    postgres::Segment segment;
    segment.add_step(insert_nodes, node_params(pages))
        .add_step(insert_heads, head_params(pages))
        .add_step(select_differing_nodes, node_params(pages))
        .add_step(select_standing_heads, size_params(pages))
        .idempotent();
    CHO_CO_TRY(auto replies, postgres::to_result(co_await pool_.write(std::move(segment))));
    auto const differing = read_all(replies[2], [](postgres::Row const& row) { return BookId{row.get<std::int64_t>(0)}; });
    auto const heads = read_all(replies[3], read_head);
    std::vector<Standing> standing;
    for (auto const& page : pages) {
        Standing one;
        one.nodes_agree = std::ranges::find(differing, page.head.book) == differing.end();
        auto const head = std::ranges::find(heads, page.head.book, &SignedHead::book);
        if (head != heads.end()) one.head = *head;
        standing.push_back(std::move(one));
    }
    co_return standing;
}

awaitable<Result<std::vector<Sha256>>> ProofStore::hashes(BookId book, int level, std::int64_t first, std::int64_t count)
{
    co_return co_await read_hashes(pool_, book, level, first, count);
}

awaitable<Result<std::optional<JournalRow>>> ProofStore::find_row(Id<Transfer> transfer, std::optional<BookId> book)
{
    Params params;
    if (book) params.add(book->value);
    params.add(transfer);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(book ? find_in_book : find_anywhere, std::move(params))));
    co_return read_first(rows, read_journal_row);
}

awaitable<Result<std::optional<JournalRow>>> ProofStore::row_at(BookId book, std::int64_t seq)
{
    Params params(book.value, seq, seq);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(select_rows, std::move(params))));
    co_return read_first(rows, read_journal_row);
}

awaitable<Result<std::optional<SignedHead>>> ProofStore::newest_head(BookId book) { co_return co_await read_newest_head(pool_, book); }

awaitable<Result<std::optional<SignedHead>>> ProofStore::first_head(BookId book, std::int64_t size)
{
    Params params(book.value, size);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(select_first_head, std::move(params))));
    co_return read_first(rows, read_head);
}

}  // namespace cho40::stores
