#include "adapters/stores/payments_rows.h"
#include "adapters/stores/payments_store.h"
#include "adapters/stores/refunds_statements.h"
#include "adapters/stores/refunds_store.h"
#include "adapters/stores/row_readers.h"
#include "qr-pay/find_refund.h"

// What many credits at once are decided by: one look for all of them.
namespace cho40::stores {
namespace {

using postgres::Row;
using postgres::Segment;
using postgres::Statement;
using qr_pay::CreditFacts;
using qr_pay::CreditQuery;

// $1 which query, $2 book, $3 account number, $4 virtual account ("" where none): the account a credit came to.
#define CHO40_ASKED "unnest($1::int8[], $2::int8[], $3::text[], $4::text[]"
#define CHO40_ACCOUNT                                                                                                                      \
    "CROSS JOIN LATERAL (SELECT * FROM receiving_account x WHERE x.book_id = q.b AND x.account_number IN (q.n, q.v) "                      \
    "ORDER BY x.account_number = q.v DESC LIMIT 1) a "
constexpr Statement find_accounts{"pay_find_accounts",
                                  "SELECT q.i, a.book_id, a.receiving_account_id, a.owner_kind, a.owner_id, a.owner_ordinal, a.bank_bin, "
                                  "a.account_number, a.holder_name FROM " CHO40_ASKED ") AS q(i, b, n, v) " CHO40_ACCOUNT};
// Credits, and (without an id) transfers that were told before as refunds sent back.
constexpr Statement find_known{"pay_find_known_credits",
                               "WITH q AS MATERIALIZED (SELECT * FROM unnest($1::int8[], $2::int8[], $3::bytea[]) AS q(i, b, d)) "
                               "SELECT q.i, c.credit_id, c.inbox_id, c.amount, c.reason FROM q "
                               "JOIN bank_credit c ON c.book_id = q.b AND c.dedupe_key = q.d UNION ALL "
                               "SELECT q.i, NULL, NULL, 0, '' FROM q JOIN refund f ON f.book_id = q.b AND f.return_key = q.d"};
constexpr Statement find_alike{
    "pay_find_alike_credits",
    "SELECT q.i, c.credit_id, r.rail, c.provider_id, a.account_number, c.amount, c.booked_at, c.bank_reference, c.narrative, "
    "ARRAY(SELECT t.rail FROM rail_match m JOIN rail_inbox n ON n.book_id = m.book_id AND n.inbox_id = m.inbox_id "
    "JOIN rail_account t ON t.book_id = n.book_id AND t.rail_account_id = n.rail_account_id "
    "WHERE m.book_id = c.book_id AND m.credit_id = c.credit_id AND m.outcome IN ('repeated', 'linked')), "
    "(SELECT count(*) FROM rail_match m WHERE m.book_id = c.book_id AND m.credit_id = c.credit_id AND m.outcome = 'linked') "
    "FROM " CHO40_ASKED ", $5::int8[], $6::text[], $7::timestamptz[], $8::timestamptz[]) AS q(i, b, n, v, m, s, f, t) " CHO40_ACCOUNT
    "JOIN bank_credit c ON c.book_id = a.book_id AND c.receiving_account_id = a.receiving_account_id AND c.amount = q.m "
    "AND c.booked_at >= q.f AND c.booked_at < q.t AND hashtext(c.squeezed) = hashtext(q.s) AND c.squeezed = q.s "
    "JOIN rail_account r ON r.book_id = c.book_id AND r.rail_account_id = c.rail_account_id"};
constexpr Statement find_by_code{"pay_find_requests_by_code",
                                 "SELECT " CHO40_REQUEST_COLUMNS CHO40_NO_DUPLICATES ", q.i "
                                 "FROM " CHO40_ASKED ", $5::text[]) AS q(i, b, n, v, c) "
                                 "JOIN payment_request p ON p.book_id = q.b AND p.code = q.c "
                                 "JOIN receiving_account a ON a.book_id = p.book_id AND a.receiving_account_id = p.receiving_account_id "
                                 "WHERE a.account_number IN (q.n, q.v)"};
// Of the notifications themselves.
constexpr Statement find_matched{"pay_find_matched",
                                 "SELECT q.i, m.outcome, m.credit_id FROM unnest($1::int8[], $2::int8[], $3::uuid[]) AS q(i, b, n) "
                                 "JOIN rail_match m ON m.book_id = q.b AND m.inbox_id = q.n"};
constexpr Statement find_by_virtual_account{
    "pay_find_requests_by_virtual_account",
    "SELECT " CHO40_REQUEST_COLUMNS CHO40_NO_DUPLICATES ", q.i FROM unnest($1::int8[], $2::int8[], $3::text[]) AS q(i, b, v) "
    "JOIN payment_request p ON p.book_id = q.b AND p.virtual_account = q.v AND p.virtual_account <> ''"};
// Two of them are as good as many: a suggestion is made when there is one.
constexpr Statement find_open{"pay_find_open_requests",
                              "SELECT " CHO40_REQUEST_COLUMNS CHO40_NO_DUPLICATES ", q.i "
                              "FROM " CHO40_ASKED
                              ", $5::int8[], $6::timestamptz[], $7::timestamptz[]) AS q(i, b, n, v, m, f, t) " CHO40_ACCOUNT
                              "CROSS JOIN LATERAL (SELECT x.payment_id FROM open_request x WHERE x.book_id = a.book_id "
                              "AND x.receiving_account_id = a.receiving_account_id AND x.lacking = q.m "
                              "AND x.created_at >= q.f AND x.created_at <= q.t LIMIT 2) o "
                              "JOIN payment_request p ON p.book_id = a.book_id AND p.payment_id = o.payment_id"};

constexpr Statement find_account_behind{
    "pay_find_account_behind", "SELECT q.i, a.account_number FROM unnest($1::int8[], $2::int8[], $3::text[]) AS q(i, b, v) "
                               "JOIN payment_request p ON p.book_id = q.b AND p.virtual_account = q.v AND p.virtual_account <> '' "
                               "JOIN receiving_account a ON a.book_id = p.book_id AND a.receiving_account_id = p.receiving_account_id "
                               "UNION ALL SELECT q.i, a.account_number FROM unnest($1::int8[], $2::int8[], $3::text[]) AS q(i, b, v) "
                               "JOIN receiving_account a ON a.book_id = q.b AND a.provider_account = q.v AND a.provider_account <> ''"};

constexpr int request_columns = 22;  // of CHO40_REQUEST_COLUMNS and the duplicates

// The columns of the queries that a statement asks with; each holds one value for each query taken.
struct Asked {
    std::vector<std::int64_t> index, book;
    std::vector<std::string_view> number, virtual_account, text;
    std::vector<Dong> amount;
    std::vector<Instant> from, to;
    std::vector<Sha256> dedupe;
    std::vector<Uuid> inbox;

    void take(std::size_t i, CreditQuery const& q)
    {
        index.push_back(static_cast<std::int64_t>(i));
        book.push_back(q.book.value);
        number.push_back(q.account_number);
        virtual_account.push_back(q.virtual_account);
    }
};

qr_pay::ReceivingAccount read_account(Row const& row)
{
    qr_pay::ReceivingAccount account;
    account.book = ledger::BookId{row.get<std::int64_t>(1)};
    account.id = row.get<Id<qr_pay::ReceivingAccountTag>>(2);
    account.owner_kind = static_cast<qr_pay::OwnerKind>(row.get<std::int16_t>(3));
    account.owner = row.get<Id<qr_pay::Owner>>(4);
    account.ordinal = ledger::OwnerOrdinal{row.get<std::int64_t>(5)};
    account.bank_bin = row.get<std::string>(6);
    account.account_number = row.get<std::string>(7);
    account.holder_name = row.get<std::string>(8);
    return account;
}

qr_pay::StoredCredit read_alike(Row const& row)
{
    qr_pay::BankCredit credit(row.get<std::string>(2), row.get<std::string>(3), row.get<std::string>(4), qr_pay::Direction::in,
                              row.get<Dong>(5), row.get<Instant>(6));
    credit.bank_reference = row.get<std::string>(7);
    credit.memo = row.get<std::string>(8);
    qr_pay::StoredCredit stored(row.get<Id<qr_pay::CreditTag>>(1), std::move(credit));
    stored.retold_by = row.get<std::vector<std::string>>(9);
    stored.links = row.get<std::int64_t>(10);
    return stored;
}

Instant span_begin(std::int64_t span) { return Instant(span * qr_pay::alike_span); }

}  // namespace

boost::asio::awaitable<Result<std::vector<CreditFacts>>> PaymentsStore::find(std::vector<CreditQuery> queries)
{
    Asked all, codes, virtual_accounts, refund_codes;
    for (std::size_t i = 0; i < queries.size(); ++i) {
        auto const& q = queries[i];
        all.take(i, q);
        all.dedupe.push_back(q.dedupe);
        all.inbox.push_back(q.inbox.uuid);
        all.amount.push_back(q.amount);
        all.text.push_back(q.squeezed_memo);
        auto const span = qr_pay::alike_span_of(q.booked_at);
        all.from.push_back(span_begin(span - 1));
        all.to.push_back(span_begin(span + 2));
        auto& of_codes = q.direction == qr_pay::Direction::out ? refund_codes : codes;
        for (auto const& code : q.codes) {
            of_codes.take(i, q);
            of_codes.text.push_back(code);
        }
        if (!q.virtual_account.empty()) virtual_accounts.take(i, q);
    }
    Segment segment;
    segment.add(find_accounts, all.index, all.book, all.number, all.virtual_account);
    segment.add(find_known, all.index, all.book, all.dedupe);
    segment.add(find_alike, all.index, all.book, all.number, all.virtual_account, all.amount, all.text, all.from, all.to);
    segment.add(find_by_code, codes.index, codes.book, codes.number, codes.virtual_account, codes.text);
    if (!refund_codes.index.empty()) {
        segment.add(sql::refunds_by_code, refund_codes.index, refund_codes.book, refund_codes.number, refund_codes.text);
    }
    if (!virtual_accounts.index.empty()) {
        segment.add(find_by_virtual_account, virtual_accounts.index, virtual_accounts.book, virtual_accounts.virtual_account);
    }
    segment.add(find_matched, all.index, all.book, all.inbox);  // last: whatever the others show of them, it shows too
    CHO_CO_TRY(auto const replies, postgres::to_result(co_await pool_.read(std::move(segment))));

    std::vector<CreditFacts> facts(queries.size());
    auto const of = [&](Row const& row, int column) -> CreditFacts& {
        return facts[static_cast<std::size_t>(row.get<std::int64_t>(column))];
    };
    for (auto const row : replies[0]) of(row, 0).account = read_account(row);
    std::vector<bool> is_sent_back(queries.size());
    for (auto const row : replies[1]) {
        auto const credit = row.get<std::optional<Id<qr_pay::CreditTag>>>(1);
        if (!credit) {
            is_sent_back[static_cast<std::size_t>(row.get<std::int64_t>(0))] = true;
            continue;
        }
        auto const reason = qr_pay::credit_reason_named(row.get<std::string_view>(4)).value_or(qr_pay::CreditReason::nameless);
        of(row, 0).known = qr_pay::KnownCredit{*credit, row.get<std::optional<Id<qr_pay::InboxTag>>>(2), row.get<Dong>(3), reason};
    }
    for (auto const row : replies[2]) of(row, 0).alike.push_back(read_alike(row));
    auto const matched = replies.size() - 1;
    for (auto const row : replies[matched]) {
        auto const outcome = qr_pay::inbox_outcome_named(row.get<std::string_view>(1));
        if (!outcome || qr_pay::is_asked_again(*outcome)) continue;
        qr_pay::Received received;
        received.outcome = *outcome;
        if (auto const credit = row.get<std::optional<Id<qr_pay::CreditTag>>>(2)) received.credit = *credit;
        of(row, 0).matched = received;
    }
    std::size_t const refunds = refund_codes.index.empty() ? matched : 4;
    for (std::size_t reply = 3; reply < matched; ++reply) {
        for (auto const row : replies[reply]) {
            if (reply == refunds) of(row, sql::refund_columns).refunds.push_back(read_refund(row));
            else of(row, request_columns).requests.push_back(read_request(row));
        }
    }
    CHO_CO_TRY_DO(co_await add_returned(queries, is_sent_back, facts));
    CHO_CO_TRY_DO(co_await add_open(queries, facts));
    CHO_CO_TRY_DO(co_await add_account_behind(queries, facts));
    co_return facts;
}

// Some providers tell the account that was given out for a request as the receiving account itself, others a name of their own.
boost::asio::awaitable<Result<Done>> PaymentsStore::add_account_behind(std::vector<CreditQuery> const& queries,
                                                                       std::vector<CreditFacts>& facts)
{
    Asked unknown;
    for (std::size_t i = 0; i < queries.size(); ++i) {
        if (!facts[i].account && queries[i].virtual_account.empty()) unknown.take(i, queries[i]);
    }
    if (unknown.index.empty()) co_return Done{};
    Segment segment;
    segment.add(find_account_behind, unknown.index, unknown.book, unknown.number);
    CHO_CO_TRY(auto const replies, postgres::to_result(co_await pool_.read(std::move(segment))));
    for (auto const row : replies[0]) {
        facts[static_cast<std::size_t>(row.get<std::int64_t>(0))].account_behind = row.get<std::string>(1);
    }
    co_return Done{};
}

// Refunds that the bank may have sent back. Money that names a request is looked at only when it was told as such before.
boost::asio::awaitable<Result<Done>> PaymentsStore::add_returned(std::vector<CreditQuery> const& queries,
                                                                 std::vector<bool> const& is_sent_back, std::vector<CreditFacts>& facts)
{
    Asked codes, transfers;
    for (std::size_t i = 0; i < queries.size(); ++i) {
        auto const& q = queries[i];
        auto const& f = facts[i];
        if (q.direction == qr_pay::Direction::out || f.known || (!f.requests.empty() && !is_sent_back[i])) continue;
        for (auto const& code : q.codes) {
            codes.take(i, q);
            codes.text.push_back(code);
        }
        for (auto const& key : qr_pay::refund_keys_of(q)) {
            transfers.take(i, q);
            transfers.dedupe.push_back(key);
        }
    }
    if (transfers.index.empty()) co_return Done{};
    Segment segment;
    segment.add(sql::refunds_by_code, codes.index, codes.book, codes.number, codes.text);
    segment.add(sql::refunds_by_transfer, transfers.index, transfers.book, transfers.dedupe);
    CHO_CO_TRY(auto const replies, postgres::to_result(co_await pool_.read(std::move(segment))));
    for (auto const& reply : replies) {
        for (auto const row : reply)
            facts[static_cast<std::size_t>(row.get<std::int64_t>(sql::refund_columns))].refunds.push_back(read_refund(row));
    }
    co_return Done{};
}

// Only what nothing else explains is compared with what is open.
boost::asio::awaitable<Result<Done>> PaymentsStore::add_open(std::vector<CreditQuery> const& queries, std::vector<CreditFacts>& facts)
{
    Asked unexplained;
    for (std::size_t i = 0; i < queries.size(); ++i) {
        auto const& f = facts[i];
        if (!f.account || f.known || !f.requests.empty()) continue;
        unexplained.take(i, queries[i]);
        unexplained.amount.push_back(queries[i].amount);
        unexplained.from.push_back(queries[i].booked_at - qr_pay::suggestion_window);
        unexplained.to.push_back(queries[i].booked_at + qr_pay::suggestion_skew_max);
    }
    if (unexplained.index.empty()) co_return Done{};
    Segment segment;
    segment.add(find_open, unexplained.index, unexplained.book, unexplained.number, unexplained.virtual_account, unexplained.amount,
                unexplained.from, unexplained.to);
    CHO_CO_TRY(auto const replies, postgres::to_result(co_await pool_.read(std::move(segment))));
    for (auto const row : replies[0]) {
        facts[static_cast<std::size_t>(row.get<std::int64_t>(request_columns))].open.push_back(read_request(row).request);
    }
    co_return Done{};
}

}  // namespace cho40::stores
