#include "adapters/stores/receipts_store.h"
#include "adapters/stores/fees_statements.h"
#include "adapters/stores/receipt_rows.h"
#include "adapters/stores/row_readers.h"

namespace cho40::stores {
namespace {

using boost::asio::awaitable;
using fees::Receipt;
using fees::SignedFile;
using fees::StoredReceipt;
using postgres::Bytea;
using postgres::Params;
using postgres::Row;
using postgres::Statement;
using postgres::to_result;

constexpr Statement find_by_code{"rct_by_code", CHO40_RECEIPT_SELECT "WHERE lookup_code = $1"};
constexpr Statement find_unsigned{"rct_unsigned", CHO40_RECEIPT_SELECT "WHERE NOT is_signed ORDER BY receipt_id LIMIT $1"};
constexpr Statement find_file{"rct_file",
                              "SELECT xml, digest, signed_by, signed_at FROM receipt_file WHERE book_id = $1 AND receipt_id = $2"};
constexpr Statement insert_files{
    "rct_insert_files", "WITH u AS (SELECT * FROM unnest($1::int8[], $2::uuid[], $3::bytea[], $4::bytea[], $5::text[], $6::timestamptz[]) "
                        "AS x(b, i, xml, digest, signer, at)), "
                        "marked AS (UPDATE receipt SET is_signed = true FROM u WHERE book_id = u.b AND receipt_id = u.i) "
                        "INSERT INTO receipt_file (book_id, receipt_id, xml, digest, signed_by, signed_at) SELECT * FROM u"};

SignedFile read_file(Row const& row)
{
    SignedFile file;
    file.xml = row.get<Bytea>(0).bytes;
    file.digest = row.get<Sha256>(1);
    file.signed_by = row.get<std::string>(2);
    file.signed_at = row.get<Instant>(3);
    return file;
}

}  // namespace

awaitable<Result<std::vector<StoredReceipt>>> ReceiptsStore::unsigned_receipts(int limit)
{
    Params params(static_cast<std::int64_t>(limit));
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(find_unsigned, std::move(params))));
    co_return read_all(rows, read_stored_receipt);
}

awaitable<Result<std::optional<SignedFile>>> ReceiptsStore::file_of(ledger::BookId book, Id<Receipt> receipt)
{
    Params params(book.value, receipt);
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(find_file, std::move(params))));
    co_return read_first(rows, read_file);
}

awaitable<Result<std::optional<StoredReceipt>>> ReceiptsStore::with_code(std::string lookup_code)
{
    Params params(lookup_code);
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(find_by_code, std::move(params))));
    co_return read_first(rows, read_stored_receipt);
}

void add_receipt_writers(RowWriters& writers)
{
    constexpr int after_receipts = 30;
    writers.add<fees::NewReceiptFile>(
        insert_files,
        [](auto rows) {
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.receipt.uuid; }));
            p.add(column<Bytea>(rows, [](auto const& r) { return Bytea(r.file.xml); }));
            p.add(column<Sha256>(rows, [](auto const& r) { return r.file.digest; }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.file.signed_by); }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.file.signed_at; }));
            return p;
        },
        after_receipts);
}

}  // namespace cho40::stores
