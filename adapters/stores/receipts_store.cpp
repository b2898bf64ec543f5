#include "adapters/stores/receipts_store.h"
#include "adapters/stores/fees_statements.h"
#include "adapters/stores/receipt_rows.h"
#include "adapters/stores/row_readers.h"

namespace cho40::stores {
namespace {

using boost::asio::awaitable;
using fees::Receipt;
using fees::ReceiptCancellation;
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

constexpr Statement find_by_id{"rct_by_id", CHO40_RECEIPT_SELECT "WHERE receipt_id = $1"};
constexpr Statement find_cancellations{
    "rct_cancellations",
    "SELECT cancellation_id, kind, reason_code, reason, payer_name, dossier_code, state, proposed_by, proposed_by_owner, proposed_at, "
    "decided_by, decided_at, refusal, replacement_id, version, book_id, receipt_id FROM receipt_cancellation "
    "WHERE book_id = $1 AND receipt_id = $2 ORDER BY cancellation_id"};
constexpr Statement insert_cancellations{
    "rct_insert_cancellations",
    "INSERT INTO receipt_cancellation (book_id, cancellation_id, receipt_id, kind, reason_code, reason, payer_name, dossier_code, state, "
    "proposed_by, proposed_by_owner, proposed_at, version) "
    "SELECT * FROM unnest($1::int8[], $2::uuid[], $3::uuid[], $4::int2[], $5::text[], $6::text[], $7::text[], $8::text[], $9::int2[], "
    "$10::uuid[], $11::uuid[], $12::timestamptz[], $13::int8[])"};
constexpr Statement decide_cancellations{
    "rct_decide_cancellations",
    "UPDATE receipt_cancellation c SET state = u.s, decided_by = u.d, decided_at = u.t, refusal = u.w, replacement_id = u.r, version = u.v "
    "FROM unnest($1::int8[], $2::uuid[], $3::int2[], $4::uuid[], $5::timestamptz[], $6::text[], $7::uuid[], $8::int8[]) "
    "AS u(b, i, s, d, t, w, r, v) WHERE c.book_id = u.b AND c.cancellation_id = u.i"};
constexpr Statement update_receipts{"rct_update",
                                    "UPDATE receipt SET state = u.s, state_reason = u.w, replaced_by = u.r "
                                    "FROM unnest($1::int8[], $2::uuid[], $3::int2[], $4::text[], $5::uuid[]) AS u(b, i, s, w, r) "
                                    "WHERE book_id = u.b AND receipt_id = u.i"};

ReceiptCancellation read_cancellation(Row const& row)
{
    ReceiptCancellation c;
    c.id = row.get<Id<ReceiptCancellation>>(0);
    c.wish.kind = static_cast<fees::CancellationKind>(row.get<std::int16_t>(1));
    c.wish.reason_code = row.get<std::string>(2);
    c.wish.reason = row.get<std::string>(3);
    c.wish.payer_name = row.get<std::string>(4);
    c.wish.dossier_code = row.get<std::string>(5);
    c.state = static_cast<fees::CancellationState>(row.get<std::int16_t>(6));
    c.proposed_by = row.get<Uuid>(7);
    c.proposed_by_owner = row.get<Uuid>(8);
    c.proposed_at = row.get<Instant>(9);
    c.decided_by = row.get<std::optional<Uuid>>(10).value_or(Uuid{});
    c.decided_at = row.get<std::optional<Instant>>(11);
    c.refusal = row.get<std::string>(12);
    c.replacement = row.get<std::optional<Id<Receipt>>>(13);
    c.version = row.get<std::int64_t>(14);
    c.book = ledger::BookId{row.get<std::int64_t>(15)};
    c.receipt = row.get<Id<Receipt>>(16);
    return c;
}

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

awaitable<Result<std::optional<StoredReceipt>>> ReceiptsStore::find_receipt(Id<Receipt> id)
{
    Params params(id);
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(find_by_id, std::move(params))));
    co_return read_first(rows, read_stored_receipt);
}

awaitable<Result<std::vector<ReceiptCancellation>>> ReceiptsStore::cancellations_of(ledger::BookId book, Id<Receipt> receipt)
{
    Params params(book.value, receipt);
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(find_cancellations, std::move(params))));
    co_return read_all(rows, read_cancellation);
}

awaitable<Result<std::vector<qr_pay::StoredRefund>>> ReceiptsStore::refunds_of(ledger::BookId book, Id<fees::FeeNotice> notice)
{
    co_return co_await refunds_.of(book, notice.uuid);
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
    auto const optional = [](Uuid const& id) { return id.is_nil() ? std::nullopt : std::optional(id); };
    writers.add<fees::ChangedReceipt>(
        update_receipts,
        [](auto rows) {
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.stored.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.stored.receipt.id.uuid; }));
            p.add(column<std::int16_t>(rows, [](auto const& r) { return static_cast<std::int16_t>(r.stored.receipt.state); }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.stored.receipt.state_reason); }));
            p.add(column<std::optional<Uuid>>(
                rows, [](auto const& r) { return r.stored.replaced_by ? std::optional(r.stored.replaced_by->uuid) : std::nullopt; }));
            return p;
        },
        after_receipts);
    writers.add<fees::NewReceiptCancellation>(
        insert_cancellations,
        [](auto rows) {
            auto const text = [&](auto member) {
                return column<std::string_view>(rows, [member](auto const& r) { return std::string_view(r.cancellation.wish.*member); });
            };
            using W = fees::CancellationWish;
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.cancellation.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.cancellation.id.uuid; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.cancellation.receipt.uuid; }));
            p.add(column<std::int16_t>(rows, [](auto const& r) { return static_cast<std::int16_t>(r.cancellation.wish.kind); }));
            for (auto member : {&W::reason_code, &W::reason, &W::payer_name, &W::dossier_code}) p.add(text(member));
            p.add(column<std::int16_t>(rows, [](auto const& r) { return static_cast<std::int16_t>(r.cancellation.state); }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.cancellation.proposed_by; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.cancellation.proposed_by_owner; }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.cancellation.proposed_at; }));
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.cancellation.version; }));
            return p;
        },
        after_receipts);
    writers.add<fees::DecidedReceiptCancellation>(
        decide_cancellations,
        [optional](auto rows) {
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.cancellation.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.cancellation.id.uuid; }));
            p.add(column<std::int16_t>(rows, [](auto const& r) { return static_cast<std::int16_t>(r.cancellation.state); }));
            p.add(column<std::optional<Uuid>>(rows, [optional](auto const& r) { return optional(r.cancellation.decided_by); }));
            p.add(column<std::optional<Instant>>(rows, [](auto const& r) { return r.cancellation.decided_at; }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.cancellation.refusal); }));
            p.add(column<std::optional<Uuid>>(rows, [](auto const& r) {
                return r.cancellation.replacement ? std::optional(r.cancellation.replacement->uuid) : std::nullopt;
            }));
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.cancellation.version; }));
            return p;
        },
        after_receipts + 1);
}

}  // namespace cho40::stores
