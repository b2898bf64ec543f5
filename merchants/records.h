#pragma once
#include "merchants/stall.h"
#include <optional>

namespace cho40::merchants {

// How a provider's money reaches the owner (fees reference §8.1).
enum class Channel : std::int16_t {
    provider = 1,  // the provider collects and settles in batches: compared with its file, then batches with the bank
    bank = 2,      // straight to the owner's bank account: compared with the bank's statement
};

// Where an aggregator calls us.
struct RailAccount {
    ledger::BookId book;
    Id<qr_pay::RailAccountTag> id;
    std::string rail;  // "payos", "vietqr", …
    std::string name;
    Channel channel = Channel::bank;
    Uuid market;  // whose money comes over it: a market's or an agency's; the other is nil, and both are while it is made
    Uuid agency;
    std::string sealed_secret;  // opened at the edge only
    Instant secret_since;
    struct PreviousSecret {
        std::string sealed;
        Instant until;  // it counts before this moment
    };
    std::optional<PreviousSecret> previous_secret;  // the one that sealed_secret has replaced
    struct ListAccess {
        std::string url;  // of the provider, without a path
        std::string sealed_key;
    };
    std::optional<ListAccess> list;  // how its list is read; nothing: it only tells
    std::int64_t version = 1;
    Instant created_at;
    Instant changed_at;
};

// Rows of this module that travel with ledger commands.
struct NewMarket final : ledger::AttachedRow {
    explicit NewMarket(Market m, Instant at) : market(std::move(m)), created_at(at) {}
    Market market;
    Instant created_at;
};
struct NewHousehold final : ledger::AttachedRow {
    explicit NewHousehold(Household h, Instant at) : household(std::move(h)), created_at(at) {}
    Household household;
    Instant created_at;
};
struct NewStall final : ledger::AttachedRow {
    explicit NewStall(StallWithAccount s, Instant at) : stall(std::move(s)), created_at(at) {}
    StallWithAccount stall;
    Instant created_at;
};
struct NewReceivingAccount final : ledger::AttachedRow {
    NewReceivingAccount(qr_pay::ReceivingAccount a, Channel c, std::string p, Instant at)
        : account(std::move(a)), channel(c), provider_account(std::move(p)), created_at(at)
    {
    }
    qr_pay::ReceivingAccount account;
    Channel channel;
    std::string provider_account;  // "" where it is the account's number
    Instant created_at;
};
struct NewRailAccount final : ledger::AttachedRow {
    explicit NewRailAccount(RailAccount r) : rail_account(std::move(r)) {}
    RailAccount rail_account;
};
struct ChangedRailSecrets final : ledger::AttachedRow {
    explicit ChangedRailSecrets(RailAccount r) : rail_account(std::move(r)) {}
    RailAccount rail_account;
};
struct NewBook final : ledger::AttachedRow {
    NewBook(ledger::BookId b, ledger::BookKind k, std::string n, Uuid o, Instant at)
        : book(b), kind(k), name(std::move(n)), owner(o), created_at(at)
    {
    }
    ledger::BookId book;
    ledger::BookKind kind;
    std::string name;
    Uuid owner;  // of a general book: whoever made it; nil: nobody in particular
    Instant created_at;
};

struct CashSale {
    ledger::BookId book;
    Id<CashSale> id;
    Id<Stall> stall;
    Dong amount;
    Day sold_on;
    std::string note;
    Id<qr_pay::UserTag> noted_by;
    Instant noted_at;
};
struct NewCashSale final : ledger::AttachedRow {
    explicit NewCashSale(CashSale s) : sale(std::move(s)) {}
    CashSale sale;
};

}  // namespace cho40::merchants
