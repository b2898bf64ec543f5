#pragma once
#include "base/uuid.h"
#include "ledger/chart.h"
#include "qr-pay/records.h"
#include <string>

namespace cho40::merchants {

struct Market {
    ledger::BookId book;
    Id<Market> id;
    std::string name;
    std::string address;
    std::string ward_code;  // five digits, QĐ 19/2025/QĐ-TTg
    std::string ward_name;
};

// A household business (hộ kinh doanh): the taxpayer behind one or several stalls.
struct Household {
    ledger::BookId book;     // its home book
    Id<Household> id;
    std::string tax_code;    // since 01/07/2025 the owner's personal number
    std::string old_tax_code;
    std::string name;
    std::string owner_name;
    std::string address;
    std::string ward_code;
    std::string ward_name;
    bool expects_above = false;  // the owner expects to pass the yearly threshold: files from the first period
};

struct Stall {
    ledger::BookId book;
    Id<Stall> id;
    ledger::OwnerOrdinal ordinal;
    Id<Market> market;
    Id<Household> household;
    std::string number;
    std::string name;
    std::string activity_group;  // row of the tax tables: a … e
    bool vat_reduced = false;
    std::string location_code = "00999";
    std::int64_t version = 1;
};

struct StallWithAccount {
    Stall stall;
    qr_pay::ReceivingAccount account;
    std::string market_name;
    std::string household_name;
};

}  // namespace cho40::merchants
