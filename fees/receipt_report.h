#pragma once
#include "fees/ports.h"
#include "fees/receipt_files.h"
#include "ledger/extra.h"
#include <chrono>
#include <span>

namespace cho40::fees {

// The summary of receipts 01/TH-BLĐT, told to the tax office on the day of issue (NĐ 254/2026, fees.md §5). One report tells what
// happened on one day to one collector's receipts and was in no report before; it is frozen once it is made. What happens later
// that day goes into the next part, what happens on a later day into that day's report, naming the earlier one.
enum class ReportedAs : std::int16_t {
    issued = 1,
    given_back = 2,  // money of it was given back
    sent_back = 3,   // and came back, because the payer's bank did not take it
    cancelled = 4,
    replaced = 5,    // by another receipt, which is a row of its own
};
[[nodiscard]] std::string_view reported_as_name(ReportedAs as);  // "issued"
[[nodiscard]] std::string_view reported_as_vi(ReportedAs as);    // "Mới", as the column of states says it

// The report in which a receipt was told of first.
struct EarlierReport {
    std::int64_t number = 0;
    Day day;
};

// Something that happened to a receipt and that no report tells yet.
struct Unreported {
    StoredReceipt stored{};
    ReportedAs as = ReportedAs::issued;
    Uuid act;            // the refund or the cancellation; nil of the issuing itself
    Instant at;
    std::string reason;  // of a cancellation or replacement
    std::optional<EarlierReport> earlier;  // nothing: the receipt itself is not told of before this report
};

// A line of the table: one fee of one receipt.
struct ReportRow {
    ReportedAs as = ReportedAs::issued;
    Id<Receipt> receipt;
    ReceiptNumber number;
    Day issued_on;
    std::string fee_code, fee_name;
    Dong amount;  // what it adds to the collector's total: below zero when money was given back or the receipt counts no more
    std::optional<ReceiptNumber> related;  // what it replaces, or is replaced by
    std::string explanation;
    std::optional<EarlierReport> earlier;
};

// In the order of the columns' first: by symbol and number, then by what happened.
[[nodiscard]] std::vector<ReportRow> report_rows(std::vector<Unreported> const& items);

struct ReceiptReport {
    Id<ReceiptReport> id;
    ledger::BookId book;
    Id<Agency> agency;
    std::string agency_code, collector_name, collector_tax_code;
    std::int64_t number = 0;  // of the agency's reports, from 1 without gaps
    Day day;
    std::int64_t part = 0;    // of the day, from 1
    std::vector<ReportRow> rows;
    Dong total;               // of the rows
    Uuid made_by;             // nil: made by itself
    Instant made_at;
};

// UTF-8 with a byte order mark, CRLF: what the report is about, the thirteen columns of the form, count and sum. The same report
// gives the same bytes.
[[nodiscard]] std::string report_csv(ReceiptReport const& report);

// With its files as they were made.
struct MadeReport {
    ReceiptReport report;
    std::string csv;
    Sha256 csv_digest{};
    SignedFile xml;  // signed_by empty: no certificate was configured
};

// When what happened on `day` and is in no report goes into one: of earlier days at once; of today from 22:00 on every quarter of an
// hour, in the last quarter of the day every minute, so that hardly anything is told late. `last` is when the day's last part was
// made.
[[nodiscard]] bool report_is_due(Day day, Instant now, std::optional<Instant> last);

struct ReportWriter {
    virtual ~ReportWriter() = default;
    // The report as XML, signed where a certificate is configured.
    [[nodiscard]] virtual boost::asio::awaitable<Result<SignedFile>> write_report(ReceiptReport report) const = 0;
};

struct ReceiptReports {
    // A day of an agency with something in no report.
    struct Open {
        ledger::BookId book;
        Id<Agency> agency;
        Day day;
        std::int64_t count = 0;
        std::optional<Instant> last;  // when the day's last part was made
    };
    // Which numbers come next.
    struct Last {
        std::int64_t number = 0, part = 0;
    };

    virtual ~ReceiptReports() = default;
    // The earliest days first.
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::vector<Open>>> open_days(int limit) = 0;
    // At most `limit`, the earliest first.
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::vector<Unreported>>> unreported(ledger::BookId book, Id<Agency> agency,
                                                                                             Day day, int limit) = 0;
    [[nodiscard]] virtual boost::asio::awaitable<Result<Last>> last_report(ledger::BookId book, Id<Agency> agency, Day day) = 0;
};

struct NewReceiptReport final : ledger::AttachedRow {
    explicit NewReceiptReport(MadeReport m) : made(std::move(m)) {}
    MadeReport made;
};
// That this report tells of something, so that no other one does.
struct Reported final : ledger::AttachedRow {
    Reported(ledger::BookId b, Id<ReceiptReport> p, Unreported const& item)
        : book(b), report(p), receipt(item.stored.receipt.id), as(item.as), act(item.act)
    {
    }
    ledger::BookId book;
    Id<ReceiptReport> report;
    Id<Receipt> receipt;
    ReportedAs as;
    Uuid act;
};

class MakeReceiptReports {
public:
    static constexpr int items_max = 10'000;  // of one report; what is more goes into the next part

    MakeReceiptReports(ReceiptReports& reports, RegisteredAgencies& agencies, ReportWriter const& writer, ledger::Ledger& ledger,
                       Clock const& clock, Random& random)
        : reports_(reports), agencies_(agencies), writer_(writer), ledger_(ledger), clock_(clock), random_(random)
    {
    }

    struct Round {
        std::int64_t made = 0;  // reports
        std::int64_t late = 0;  // receipts and what became of them, of days that are over, in no report when the round began
        bool more = false;
    };
    // Makes what is due.
    [[nodiscard]] boost::asio::awaitable<Result<Round>> round();

    // The next part of a day, now. Errors: not_found (no such agency), invalid_period (a day to come), invalid_state (everything of the
    // day is in a report), stale.
    [[nodiscard]] boost::asio::awaitable<Result<MadeReport>> make(Id<Agency> agency, Day day, Uuid by, ledger::Extra<MadeReport> extra);

private:
    ReceiptReports& reports_;
    RegisteredAgencies& agencies_;
    ReportWriter const& writer_;
    ledger::Ledger& ledger_;
    Clock const& clock_;
    Random& random_;
};

}  // namespace cho40::fees
