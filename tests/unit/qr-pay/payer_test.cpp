#include "qr-pay/payer.h"
#include <gtest/gtest.h>

namespace cho40::qr_pay {
namespace {

KnownPayer merged(std::vector<ToldPayer> told) { return merge_payers(told); }

TEST(Payer, WhatOneRailLeavesOutAnotherFillsIn)
{
    auto const known = merged({{"casso", "", "", ""}, {"payos", "NGUYEN VAN A", "", ""}, {"vietqr", "", "0123456789", "970422"}});
    EXPECT_EQ(known.name, "NGUYEN VAN A");
    EXPECT_EQ(known.account, "0123456789");
    EXPECT_EQ(known.bank, "970422");
    EXPECT_TRUE(known.contradictions.empty());
}

TEST(Payer, WhatIsToldDifferentlyIsKeptBesideWhatWasToldFirst)
{
    auto const known = merged({{"payos", "NGUYEN VAN A", "0123456789", "970422"},
                               {"vietqr", "TRAN THI B", "9876543210", "970436"},
                               {"vietqr", "TRAN THI B", "9876543210", "970436"}});
    EXPECT_EQ(known.name, "NGUYEN VAN A");
    EXPECT_EQ(known.account, "0123456789");
    EXPECT_EQ(known.bank, "970422");
    std::vector<PayerContradiction> const kept = {
        {PayerFact::name, "vietqr", "TRAN THI B"}, {PayerFact::account, "vietqr", "9876543210"}, {PayerFact::bank, "vietqr", "970436"}};
    EXPECT_EQ(known.contradictions, kept);
    EXPECT_TRUE(known.contradicts(PayerFact::account));
}

struct Pair {
    char const *first, *second, *known;
    bool contradicts;
};

TEST(Payer, MaskedAccountsFitByTheirVisibleEnd)
{
    for (auto const& [first, second, known, contradicts] : {
             Pair{"*6789", "0123456789", "0123456789", false}, Pair{"0123456789", "xxxxxx6789", "0123456789", false},
             Pair{"xxxxxx6780", "0123456789", "xxxxxx6780", true}, Pair{"XXXX56789", "****6789", "XXXX56789", false},
             Pair{"0123 456 789", "0123456789", "0123 456 789", false},
             Pair{"VQRX456789", "456789", "VQRX456789", true},  // no mask: a letter of its own
             Pair{"*89", "0123456789", "*89", true},            // two figures say too little
         }) {
        auto const merge = merged({{"payos", "", first, ""}, {"vietqr", "", second, ""}});
        EXPECT_EQ(merge.account, known) << first << ' ' << second;
        EXPECT_EQ(merge.contradicts(PayerFact::account), contradicts) << first << ' ' << second;
    }
}

TEST(Payer, NothingCanBeSentToAMaskedAccount)
{
    EXPECT_TRUE(is_masked_account("xxxxxx6789"));
    EXPECT_TRUE(is_masked_account("*6789"));
    EXPECT_FALSE(is_masked_account("0123456789"));
    EXPECT_FALSE(is_masked_account("VQRX456789"));
}

TEST(Payer, BanksAreTheSameByNumberAndByName)
{
    for (auto const& [first, second, known, contradicts] : {
             Pair{"MBBank", "970422", "970422", false},
             Pair{"970422", "mbbank", "970422", false},
             Pair{"970422", "Ngân hàng nào đó", "970422", false},
             Pair{"Ngân hàng nào đó", "970422", "970422", false},
             Pair{"970422", "970436", "970422", true},
         }) {
        auto const merge = merged({{"payos", "", "", first}, {"vietqr", "", "", second}});
        EXPECT_EQ(merge.bank, known) << first << ' ' << second;
        EXPECT_EQ(merge.contradicts(PayerFact::bank), contradicts) << first << ' ' << second;
    }
    EXPECT_EQ(bank_bin_told("CIMB"), "");  // two acquirer numbers
    EXPECT_EQ(bank_bin_told("HSBC"), "458761");
}

TEST(Payer, NamesMayBeCutAndWrittenOtherwise)
{
    for (auto const& [first, second, known, contradicts] : {
             Pair{"Nguyễn Văn Ánh", "NGUYEN VAN ANH", "Nguyễn Văn Ánh", false},
             Pair{"NGUYEN VAN", "NGUYEN VAN ANH", "NGUYEN VAN ANH", false},
             Pair{"NGUYEN VAN ANH", "NGUYEN VAN", "NGUYEN VAN ANH", false},
             Pair{"LE", "LE VAN TAM", "LE", true},
         }) {
        auto const merge = merged({{"payos", first, "", ""}, {"vietqr", second, "", ""}});
        EXPECT_EQ(merge.name, known) << first << ' ' << second;
        EXPECT_EQ(merge.contradicts(PayerFact::name), contradicts) << first << ' ' << second;
    }
}

}  // namespace
}  // namespace cho40::qr_pay
