#include "qr-pay/bank_credit.h"
#include <gtest/gtest.h>

namespace cho40::qr_pay {
namespace {

using namespace literals;
using namespace std::chrono_literals;

Instant const ten_o_clock{std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + 3h};

BankCredit credit(std::string rail, std::string id, std::string reference, Instant at = ten_o_clock)
{
    BankCredit c(std::move(rail), std::move(id), "0123456789", Direction::in, 45000_vnd, at);
    c.bank_reference = std::move(reference);
    c.memo = "CQ7K2M4X7 tien ca";
    return c;
}

TEST(DedupeKey, IsTheSameOnEveryRailWhateverTheSpelling)
{
    auto const a = credit("payos", "p1", "FT26032512345");
    auto b = credit("vietqr", "v9", "ft 2603-2512345");
    EXPECT_EQ(dedupe_key(a), dedupe_key(b));
    EXPECT_NE(provider_key(a), provider_key(b));
    b.account_number = "9999";
    EXPECT_NE(dedupe_key(a), dedupe_key(b));
}

TEST(DedupeKey, KeepsMoneyOutApartFromMoneyIn)
{
    auto const in = credit("payos", "p1", "FT1");
    auto out = in;
    out.direction = Direction::out;
    EXPECT_NE(dedupe_key(in), dedupe_key(out));
}

TEST(DedupeKey, WithoutABankReferenceIsTheProvidersOwn)
{
    EXPECT_NE(dedupe_key(credit("payos", "p1", "")), dedupe_key(credit("payos", "p2", "")));
    EXPECT_EQ(dedupe_key(credit("payos", "p1", " - ")), provider_key(credit("payos", "p1", "")));
}

struct Pair {
    char const* name;
    void (*change)(BankCredit& other);
    bool same;
};

Pair const pairs[] = {
    {"nothing_differs", [](BankCredit&) {}, true},
    {"memo_wrapped_and_upper_case", [](BankCredit& c) { c.memo = "CQ7K2 M4X7 TIEN-CÁ"; }, true},
    {"two_minutes_apart", [](BankCredit& c) { c.booked_at += 2min; }, true},
    {"two_minutes_before", [](BankCredit& c) { c.booked_at -= 2min; }, true},
    {"references_of_another_kind", [](BankCredit& c) { c.bank_reference = "998877"; }, true},
    {"reference_missing", [](BankCredit& c) { c.bank_reference = ""; }, true},
    {"same_rail", [](BankCredit& c) { c.rail = "payos"; }, false},
    {"other_account", [](BankCredit& c) { c.account_number = "0123456780"; }, false},
    {"other_amount", [](BankCredit& c) { c.amount = 45001_vnd; }, false},
    {"other_direction", [](BankCredit& c) { c.direction = Direction::out; }, false},
    {"too_far_apart", [](BankCredit& c) { c.booked_at += 2min + 1us; }, false},
    {"other_memo", [](BankCredit& c) { c.memo = "tien rau"; }, false},
    {"two_bank_numbers_of_one_kind", [](BankCredit& c) { c.bank_reference = "FT26032512346"; }, false},
};

class SameTransfer : public testing::TestWithParam<Pair> {};

TEST_P(SameTransfer, LinksAcrossRailsOnlyWhatAgrees)
{
    auto const a = credit("payos", "p1", "FT26032512345");
    auto b = credit("vietqr", "v1", "FT26032512345");
    GetParam().change(b);
    EXPECT_EQ(may_be_same_transfer(a, b), GetParam().same);
    EXPECT_EQ(may_be_same_transfer(b, a), GetParam().same);
}

INSTANTIATE_TEST_SUITE_P(Rows, SameTransfer, testing::ValuesIn(pairs), [](auto const& i) { return std::string(i.param.name); });

}  // namespace
}  // namespace cho40::qr_pay
