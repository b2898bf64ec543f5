#pragma once
#include "adapters/postgres/pool.h"
#include "adapters/postgres/rows.h"
#include "adapters/stores/payments_store.h"
#include "adapters/stores/row_writers.h"
#include "qr-pay/payer.h"
#include "qr-pay/refund_calls.h"
#include "qr-pay/refund_outflow.h"

namespace cho40::stores {

// Refunds, and what of a payment can still be refunded.
class RefundsStore final : public qr_pay::RefundSources {
public:
    explicit RefundsStore(postgres::Pool& pool) : pool_(pool) {}

    [[nodiscard]] boost::asio::awaitable<Result<std::optional<qr_pay::RefundFacts>>> find(Id<qr_pay::Refund> id) override;
    // Of a payment, a credit or a notice; oldest first.
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<qr_pay::StoredRefund>>> of(ledger::BookId book, Uuid subject);
    // What a refund of the payment is decided by, read at one moment.
    [[nodiscard]] boost::asio::awaitable<Result<qr_pay::RefundBasis>> basis(qr_pay::StoredRequest request);
    // The same of nameless money, which came to this account.
    [[nodiscard]] boost::asio::awaitable<Result<qr_pay::RefundBasis>> basis(PaymentsStore::CreditView credit,
                                                                            qr_pay::ReceivingAccount account);
    // Those of a stall whose transfer was booked in [from, to), oldest first.
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<qr_pay::StoredRefund>>> paid_between(ledger::BookId book, Uuid payee,
                                                                                                 Instant from, Instant to);

    // The refund that the outgoing transfer with this reference paid, if one did.
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<Id<qr_pay::Refund>>>> paid_by(ledger::BookId book, std::string account_number,
                                                                                            std::string bank_reference);

    // Who paid, as all rails that told of the money know it. Personal data: only for who makes the transfer back.
    enum class PayerDoubt { none, not_told, several, contradicted };
    struct Payer {
        PayerDoubt doubt = PayerDoubt::none;  // but for none the account is not to be paid
        qr_pay::KnownPayer known;             // empty when several paid
    };
    [[nodiscard]] boost::asio::awaitable<Result<Payer>> payer_of(ledger::BookId book, Uuid subject);

    // With every transfer that named it, out or back in, in the order they were told.
    struct Told {
        qr_pay::StoredRefund stored;
        std::vector<qr_pay::RefundMovement> told;
    };
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<Told>>> with_tellings(std::vector<qr_pay::StoredRefund> refunds);
    // of(), with them.
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<Told>>> told_of(ledger::BookId book, Uuid subject);
    // Those of a payee for which money left in [from, to) that is not simply theirs.
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<Told>>> differing_between(ledger::BookId book, Uuid payee, Instant from,
                                                                                      Instant to);
    // Those of a payee that were asked for before then and are not paid yet.
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<Told>>> open_of(ledger::BookId book, Uuid payee, Instant before);

    // One that waits for a second person, with what that person decides by.
    struct Waiting {
        qr_pay::StoredRefund stored;
        std::string stall_number, stall_name, market_name, agency_name;  // of whose it is; "" of the others
        Uuid market;                                                     // nil of an agency
        std::string asked_by;                                            // the name of the person or the key; "" when gone
        std::string reference;                                           // of the payment; "" of other money
        std::optional<Dong> received;                                    // for that payment
    };
    struct WaitingFilter {
        std::vector<Uuid> payees, markets;
        bool everywhere = false;
        std::optional<Uuid> after;
        int limit = 50;
    };
    // Oldest first.
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<Waiting>>> waiting(WaitingFilter filter);

    // Too much, or a second payment, that nobody has asked to give back yet.
    struct Surplus {
        Id<qr_pay::PaymentRequest> payment;
        std::string code;
        Dong left;
        Instant since;  // when the first of it was booked
    };
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<Surplus>>> surpluses_of(ledger::BookId book, Uuid stall, Instant before);

    [[nodiscard]] boost::asio::awaitable<Result<std::vector<qr_pay::RefundSource>>> sources_of(ledger::BookId book, Uuid subject) override;
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<qr_pay::RefundFacts>>> to_call(int limit) override;

    // The sealed secret of a rail account's refund call; nothing where it has none.
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<std::string>>> access_of(ledger::BookId book,
                                                                                       Id<qr_pay::RailAccountTag> rail_account);

private:
    postgres::Pool& pool_;
};

// How a provider's refund call is made for a rail account; told again, the newer one counts.
struct RefundAccess final : ledger::AttachedRow {
    RefundAccess(ledger::BookId b, Id<qr_pay::RailAccountTag> r, std::string s, Instant at)
        : book(b), rail_account(r), sealed_secret(std::move(s)), created_at(at)
    {
    }
    ledger::BookId book;
    Id<qr_pay::RailAccountTag> rail_account;
    std::string sealed_secret;
    Instant created_at;
};

[[nodiscard]] qr_pay::RefundFacts read_refund(postgres::Row const& row);
void add_refund_writers(RowWriters& writers);

}  // namespace cho40::stores
