#include "adapters/statements/camt_bank_day.h"
#include "adapters/statements/camt_writer.h"
#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace cho40::statements {
namespace {

AccountDays some_days(std::vector<reconcile::BankEntry> entries)
{
    AccountDays days;
    days.statement_id = "CQN-20261118-1";
    days.created_at = *parse_local_time("2026-11-18 01:00:00");
    days.account = "0141";
    days.from = Day::from(2026, 11, 17);
    days.to = Day::from(2026, 11, 17);
    days.opening = Dong(-1000);
    days.entries = std::move(entries);
    return days;
}

reconcile::BankEntry some_entry(int number, int amount, std::string narrative)
{
    reconcile::BankEntry e;
    e.account = "0141";
    e.entry_ref = "E" + std::to_string(number);
    e.booked_at = *parse_local_time("2026-11-17 10:15:00");
    e.booking_date = Day::of(e.booked_at);
    e.value_date = e.booking_date;
    e.direction = number % 2 ? reconcile::Direction::credit : reconcile::Direction::debit;
    e.amount = Dong(amount);
    e.reversal = number % 3 == 0;
    e.counterparty = number % 5 ? "CTY <A> & \"B\"" : "";
    e.narrative = std::move(narrative);
    return e;
}

TEST(CamtWriter, WhatIsWrittenIsReadBack)
{
    auto const ok = rc::check([] {
        std::vector<reconcile::BankEntry> entries;
        auto const words = rc::gen::container<std::string>(rc::gen::element('a', 'Z', '7', ' ', '<', '&', '"', '.'));
        for (int i = *rc::gen::inRange(0, 6); i > 0; --i) {
            auto narrative = "x" + *words + "Phở bò đặc biệt " + std::string(*rc::gen::inRange<std::size_t>(0, 200), 'k') + "x";
            entries.push_back(some_entry(i, *rc::gen::inRange(1, 1000000), std::move(narrative)));
        }
        auto const bytes = write_camt053(some_days(entries));
        RC_ASSERT(bytes.has_value());
        auto const day = read_bank_day(*bytes);
        RC_ASSERT(day.has_value());
        RC_ASSERT(day->message.version == "08");
        RC_ASSERT(!day->damage);
        RC_ASSERT(day->entries.size() == entries.size());
        for (std::size_t i = 0; i < entries.size(); ++i) {
            auto const& a = entries[i];
            auto const& b = day->entries[i];
            RC_ASSERT(a.entry_ref == b.entry_ref);
            RC_ASSERT(a.amount == b.amount);
            RC_ASSERT(a.direction == b.direction);
            RC_ASSERT(a.reversal == b.reversal);
            RC_ASSERT(a.narrative == b.narrative);
            RC_ASSERT(a.counterparty == b.counterparty);
            RC_ASSERT(a.booked_at == b.booked_at);
            RC_ASSERT(a.account == b.account);
        }
        RC_ASSERT(day->balances.size() == 1u);
        RC_ASSERT(day->balances[0].opening == Dong(-1000));
    });
    EXPECT_TRUE(ok);
}

TEST(CamtWriter, WritesOneAccountInDongOnly)
{
    for (auto change : {+[](reconcile::BankEntry& e) { e.account = "2"; }, +[](reconcile::BankEntry& e) { e.currency = "USD"; },
                        +[](reconcile::BankEntry& e) { e.amount = Dong(); }}) {
        auto entry = some_entry(1, 5, "");
        change(entry);
        EXPECT_EQ(write_camt053(some_days({entry})).error().code, Errc::invalid_input);
    }
}

}  // namespace
}  // namespace cho40::statements
