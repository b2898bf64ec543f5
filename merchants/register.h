#pragma once
#include "ledger/extra.h"
#include "ledger/ports.h"
#include "merchants/records.h"

namespace cho40::merchants {

// What the counter of ordinals in a book knows: the next stall's place in the chart of accounts.
struct Ordinals {
    virtual ~Ordinals() = default;
    // One more than the highest ordinal any owner of the book has had. Two callers may be told the same; the ledger's
    // guard lets one of them through and the other asks again.
    [[nodiscard]] virtual boost::asio::awaitable<Result<ledger::OwnerOrdinal>> next(ledger::BookId book) = 0;
};

struct NewAccountFacts {
    std::string bank_bin;
    std::string account_number;
    std::string holder_name;
    Channel channel = Channel::bank;
    // What the provider calls it in its notifications, where that is not the account's number: VNPAY's terminal, MoMo's partner
    // code, ZaloPay's app_id. 1 to 64 characters; of channel provider alone. "" for none.
    std::string provider_account;
};

// Brings markets, households and stalls into being. Errors: invalid_input, stale (an account number that is in use, or
// a clash that did not settle), and what the ledger answers.
class Register {
public:
    Register(ledger::Ledger& ledger, Ordinals& ordinals, Clock const& clock, Random& random)
        : ledger_(ledger), ordinals_(ordinals), clock_(clock), random_(random)
    {
    }

    // Each market has a book of its own.
    [[nodiscard]] boost::asio::awaitable<Result<Market>> market(Market facts, ledger::Extra<Market> extra);
    [[nodiscard]] boost::asio::awaitable<Result<Household>> household(Household facts, ledger::Extra<Household> extra);
    [[nodiscard]] boost::asio::awaitable<Result<StallWithAccount>> stall(Stall facts, NewAccountFacts account,
                                                                         ledger::Extra<StallWithAccount> extra);
    [[nodiscard]] boost::asio::awaitable<Result<RailAccount>> rail_account(RailAccount facts, ledger::Extra<RailAccount> extra);

    // A new secret in the place of the current one, which counts beside it until `previous_until` (not at all when that is
    // past). A secret that was the one of before until now ends. Error: stale, when the account was changed meanwhile.
    [[nodiscard]] boost::asio::awaitable<Result<RailAccount>> renew_secret(RailAccount account, std::string sealed_secret,
                                                                           Instant previous_until, ledger::Extra<RailAccount> extra);
    // The current secret was given once more: it stays the current one, and the one it has replaced, while it counts, counts until
    // `previous_until`. A secret never becomes the one before itself. Error: stale.
    [[nodiscard]] boost::asio::awaitable<Result<RailAccount>> keep_secret(RailAccount account, Instant previous_until,
                                                                          ledger::Extra<RailAccount> extra);
    // Until when the secret of before counts; a moment that is past ends it. Errors: invalid_state (there is none that counts
    // still), stale.
    [[nodiscard]] boost::asio::awaitable<Result<RailAccount>> limit_previous_secret(RailAccount account, Instant until,
                                                                                    ledger::Extra<RailAccount> extra);

    // How the provider's list is read, from now on. Error: stale.
    [[nodiscard]] boost::asio::awaitable<Result<RailAccount>> set_list_access(RailAccount account, RailAccount::ListAccess list,
                                                                              ledger::Extra<RailAccount> extra);

private:
    boost::asio::awaitable<Result<RailAccount>> change_secrets(RailAccount made, Instant now, ledger::Extra<RailAccount> extra);

    ledger::Ledger& ledger_;
    Ordinals& ordinals_;
    Clock const& clock_;
    Random& random_;
};

// A book's number: 62 random bits, so that books spread evenly over shards and nobody can count them.
[[nodiscard]] ledger::BookId draw_book(Random& random);

// Guards that keep an ordinal and an account number from being taken twice at the same moment.
[[nodiscard]] std::vector<ledger::Guard> guards_of_owner(ledger::BookId book, ledger::OwnerOrdinal ordinal, std::string const& bank_bin,
                                                         std::string const& account_number);

}  // namespace cho40::merchants
