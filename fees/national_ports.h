#pragma once
#include "fees/national_payment.h"
#include "fees/records.h"
#include <boost/asio/awaitable.hpp>

namespace cho40::fees {

// What the platform answered to the call that opens an attempt.
struct NationalOpening {
    enum class Kind {
        opened,    // pay_url holds where the payer goes
        refused,   // it said no, or surely never heard of it: no money can come of it
        no_answer  // it may have heard: only a question tells
    };
    Kind kind = Kind::no_answer;
    std::string pay_url;
    std::string reason;  // a stable code or the platform's own; "" when opened
};

struct NationalBillAnswer {
    std::string bytes;   // "" when there is none to be had yet
    std::string reason;  // why, then
};

// The platform of one collector. Every call has a deadline and none is made twice by the implementation.
struct NationalPlatform {
    virtual ~NationalPlatform() = default;
    [[nodiscard]] virtual boost::asio::awaitable<NationalOpening> open(NationalPayment payment, StoredNotice notice,
                                                                       RegisteredAgency agency) = 0;
    // Kind::unknown where there is no clear answer; its code says why.
    [[nodiscard]] virtual boost::asio::awaitable<NationalResult> ask(NationalPayment payment) = 0;
    [[nodiscard]] virtual boost::asio::awaitable<NationalBillAnswer> bill(NationalPayment payment) = 0;
};

struct NationalPayments {
    virtual ~NationalPayments() = default;
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::optional<NationalPayment>>> find_national(Id<NationalPayment> id) = 0;
    // The rail account through which a collector's money of the platform comes; nothing where it takes none.
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::optional<Id<qr_pay::RailAccountTag>>>> platform_of(ledger::BookId book,
                                                                                                                Id<Agency> agency) = 0;
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::int64_t>> open_attempts(ledger::BookId book, Id<FeeNotice> notice) = 0;
    // An attempt that is to be looked at now, and nobody else looks at until then.
    struct Turn {
        NationalPayment payment;
        Instant until;
    };
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::optional<Turn>>> take_turn(Instant now, Instant until) = 0;
    // Ends a turn that changed nothing; nothing is written when it had lasted too long.
    [[nodiscard]] virtual boost::asio::awaitable<Result<Done>> end_turn(Turn turn, std::optional<Instant> look_at, std::string said) = 0;
};

// What is counted and told to those who operate the service.
struct NationalReports {
    virtual ~NationalReports() = default;
    // act: "open", "query", "bill"
    virtual void asked(NationalPayment const& payment, std::string_view act, std::string_view outcome) = 0;
    virtual void ended(NationalPayment const& payment) = 0;
    // More money than one attempt can bring.
    virtual void second_money(NationalPayment const& payment) = 0;
};

}  // namespace cho40::fees
