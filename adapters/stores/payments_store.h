#pragma once
#include "adapters/postgres/pool.h"
#include "adapters/stores/row_writers.h"
#include "merchants/ports.h"
#include "qr-pay/payer.h"
#include "qr-pay/receive_credit.h"

namespace cho40::stores {

// Payment requests and bank credits.
class PaymentsStore final : public qr_pay::CreditFinder, public merchants::Payments {
public:
    explicit PaymentsStore(postgres::Pool& pool) : pool_(pool) {}

    [[nodiscard]] boost::asio::awaitable<Result<std::vector<qr_pay::CreditFacts>>> find(std::vector<qr_pay::CreditQuery> queries) override;
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<qr_pay::StoredRequest>>> find(Id<qr_pay::PaymentRequest> id) override;
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<qr_pay::StoredRequest>>> due_to_expire(Instant now, int limit) override;

    // Whether a payee has used this client_ref before; the request that carries it.
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<Id<qr_pay::PaymentRequest>>>> by_client_ref(ledger::BookId book,
                                                                                                          Id<qr_pay::Payee> payee,
                                                                                                          std::string client_ref);

    // The request a provider's account was given out for.
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<Id<qr_pay::PaymentRequest>>>> by_virtual_account(ledger::BookId book,
                                                                                                               std::string number);

    struct ListFilter {
        ledger::BookId book;
        Id<qr_pay::Payee> payee;
        std::vector<std::int16_t> states;      // empty: all
        Instant created_from;
        Instant created_to;
        std::optional<Uuid> before;            // older than this id
        int limit = 50;
    };
    // Newest first.
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<qr_pay::StoredRequest>>> list(ListFilter filter);

    // A credit as it is shown to whom it was paid.
    struct CreditView {
        Id<qr_pay::CreditTag> id;
        ledger::BookId book;
        Uuid owner;
        std::optional<Id<qr_pay::PaymentRequest>> request;
        std::optional<Id<qr_pay::PaymentRequest>> suggested;
        Dong amount;
        qr_pay::CreditReason reason = qr_pay::CreditReason::nameless;
        std::vector<std::string> rails;        // every rail that told of it, the first to tell in front
        std::string bank_reference;
        std::string narrative;
        qr_pay::KnownPayer payer;              // by all rails that told of it; of the first only the end of the account is kept: "*5678"
        Instant booked_at;
        Instant received_at;
        Dong refund_due;
        std::optional<qr_pay::Match> match;    // nothing: decided before rules were noted
        std::string suggested_code;
        bool suggested_is_open = false;
        Id<qr_pay::ReceivingAccountTag> account;
        // Where the request stood: filled when the credit was read with its request.
        std::optional<Dong> asked;
        std::string code;
        std::string note;
    };
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<CreditView>>> credits_of(ledger::BookId book,
                                                                                     Id<qr_pay::PaymentRequest> request);
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<CreditView>>> credit(ledger::BookId book, Id<qr_pay::CreditTag> id);
    // A stall's credits booked in [from, to), oldest first.
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<CreditView>>> credits_between(ledger::BookId book, Uuid owner, Instant from,
                                                                                          Instant to);

private:
    boost::asio::awaitable<Result<Done>> add_open(std::vector<qr_pay::CreditQuery> const& queries, std::vector<qr_pay::CreditFacts>& facts);
    [[nodiscard]] boost::asio::awaitable<Result<Done>> add_returned(std::vector<qr_pay::CreditQuery> const& queries,
                                                                    std::vector<bool> const& is_sent_back,
                                                                    std::vector<qr_pay::CreditFacts>& facts);
    [[nodiscard]] boost::asio::awaitable<Result<Done>> add_account_behind(std::vector<qr_pay::CreditQuery> const& queries,
                                                                          std::vector<qr_pay::CreditFacts>& facts);

    postgres::Pool& pool_;
};

void add_payment_writers(RowWriters& writers);

}  // namespace cho40::stores
