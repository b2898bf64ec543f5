#pragma once
#include "etax/filing.h"
#include "etax/return_document.h"
#include "ledger/command.h"
#include "merchants/stall.h"
#include <boost/asio/awaitable.hpp>

namespace cho40::etax {

struct TaxReturn {};
struct NoticeTag {};

// One row of the form beside the ledger's figure it answers for.
struct FigureLine {
    std::string row;    // letter of the form
    std::string group, group_name;
    Dong ledger_turnover, revenue;
    int vat_bp = 0;     // before the cut
    Dong vat, pit_revenue, deducted;
    int pit_bp = 0;
    Dong pit;
    std::vector<std::string> rules;
    std::string explanation;  // Vietnamese, one sentence
};

struct ReturnFigures {
    Dong ledger_turnover, revenue, year_to_date_before, threshold, deducted, vat, pit, total_due;
    std::vector<FigureLine> lines;
};

// A return as it is kept: figures never change after drafting, bytes never after signing.
struct StoredReturn {
    explicit StoredReturn(Filing f) : filing(std::move(f)) {}

    ledger::BookId book;               // the household's home book
    Id<TaxReturn> id;
    Id<merchants::Household> household;
    std::string household_name;
    int attempt = 1;                   // counts the returns of a household and period
    std::string form, form_version, form_issued_by;
    Filing filing;
    ReturnFigures figures;
    // The newest row of the household's book that the figures were made of. Rows of other households may follow it and are
    // nobody's business here; of this household's sales up to it every one is in the figures. Nothing when there were none.
    std::optional<std::int64_t> ledger_seq;
    std::string reason;                // code of the present state, or empty
    std::optional<Instant> signed_at;
    std::int64_t document_bytes = 0;
    std::string transaction_id;        // ours, made before the first sending
    std::optional<Instant> sending_since;  // set durably before the bytes leave; still set afterwards: we do not know
    std::optional<Instant> next_check_at;
    int checks = 0;                    // since the last news
    Id<qr_pay::UserTag> created_by;
    Instant created_at, since;
    std::int64_t version = 1;

    [[nodiscard]] Period period() const { return filing.key.period; }
};

struct ReturnStep {
    FilingState state = FilingState::draft;
    std::string reason;
    Instant since;
};

// A notice as it came. It is stored before anybody reads it; reading again gives the same.
struct StoredNotice {
    Id<NoticeTag> id;       // of the return and the bytes: the same notice again changes nothing
    std::string raw;
    Instant received_at;
    bool read = false;
};
[[nodiscard]] Id<NoticeTag> notice_id(Id<TaxReturn> ret, std::string_view raw);

// Rows that travel with ledger commands.
struct NewReturn final : ledger::AttachedRow {
    NewReturn(StoredReturn r, ReturnInput i) : ret(std::move(r)), input(std::move(i)) {}
    StoredReturn ret;
    ReturnInput input;  // enough to build the same document again
};
struct ReturnChanged final : ledger::AttachedRow {
    explicit ReturnChanged(StoredReturn r) : ret(std::move(r)) {}
    StoredReturn ret;
};
struct ReturnEntered final : ledger::AttachedRow {  // a state of the time line
    ReturnEntered(StoredReturn const& r, ReturnStep s, int o) : book(r.book), ret(r.id), version(r.version), order(o), step(std::move(s)) {}
    ledger::BookId book;
    Id<TaxReturn> ret;
    std::int64_t version;
    int order;              // among the states of one version
    ReturnStep step;
};
struct DocumentSigned final : ledger::AttachedRow {
    DocumentSigned(StoredReturn const& r, std::string b) : book(r.book), ret(r.id), bytes(std::move(b)) {}
    ledger::BookId book;
    Id<TaxReturn> ret;
    std::string bytes;
};
struct NewNotice final : ledger::AttachedRow {
    NewNotice(StoredReturn const& r, StoredNotice n, int o) : book(r.book), ret(r.id), order(o), notice(std::move(n)) {}
    ledger::BookId book;
    Id<TaxReturn> ret;
    int order;              // of arrival
    StoredNotice notice;
};
struct NoticeRead final : ledger::AttachedRow {
    NoticeRead(StoredReturn const& r, Id<NoticeTag> n, std::string c, std::optional<bool> p)
        : book(r.book), notice(n), code(std::move(c)), positive(p)
    {
    }
    ledger::BookId book;
    Id<NoticeTag> notice;
    std::string code;       // empty: it could not be read
    std::optional<bool> positive;
};

struct Returns {
    virtual ~Returns() = default;
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::optional<StoredReturn>>> find(Id<TaxReturn> id) = 0;
    // Oldest first.
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::vector<StoredReturn>>> of_period(Id<merchants::Household> household,
                                                                                              Period period) = 0;
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::vector<StoredReturn>>> due(Instant now, int limit) = 0;
    [[nodiscard]] virtual boost::asio::awaitable<Result<ReturnInput>> input(StoredReturn ret) = 0;
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::string>> document(StoredReturn ret) = 0;  // the signed bytes; error not_found
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::vector<StoredNotice>>> notices(StoredReturn ret) = 0;  // oldest first
};

// The paper side: what is written, signed and read. Signing may take a while and happens beside the loop.
struct Papers {
    virtual ~Papers() = default;
    [[nodiscard]] virtual Result<std::string> write(ReturnDocument const& document) const = 0;
    // Errors: signing_failed (no certificate configured, not valid today), certificate_mismatch.
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::string>> sign(std::string document, std::string tax_code) const = 0;
    [[nodiscard]] virtual Result<Notice> read_notice(std::string_view raw) const = 0;
};

// Moves a return by events of its state machine and collects what one ledger command must hold.
class Progress {
public:
    Progress(StoredReturn ret, Instant now, WorkingDays const& calendar)
        : before_(ret.version), ret_(std::move(ret)), now_(now), calendar_(calendar)
    {
    }

    [[nodiscard]] Result<Done> put(FilingEvent const& event, std::string reason = {});
    [[nodiscard]] StoredReturn& ret() { return ret_; }
    [[nodiscard]] std::vector<FilingAction> const& actions() const { return actions_; }
    [[nodiscard]] std::vector<ReturnStep> const& entered() const { return entered_; }
    // The command that makes it durable: guarded by the version the return was read at. Pre: called once.
    [[nodiscard]] ledger::Command command(Random& random);

private:
    std::int64_t before_;
    StoredReturn ret_;
    Instant now_;
    WorkingDays const& calendar_;
    std::vector<FilingAction> actions_;
    std::vector<ReturnStep> entered_;
};

}  // namespace cho40::etax
