#include "ledger/proof.h"
#include <gtest/gtest.h>

namespace cho40::ledger {
namespace {

// Others check these bytes with programs of their own: they never change.
TEST(SignedHead, TheSignedBytesAreAsDocumented)
{
    SignedHead head;
    head.book = BookId{12};
    head.size = 4711;
    head.root = sha256("root");
    head.at = Instant(std::chrono::microseconds(1'795'000'000'000'003));
    head.key = {0x8d, 0x1f, 0, 1, 2, 3, 4, 0xff};
    EXPECT_EQ(signed_bytes(head), "cho40 ledger head v1\nbook 12\nsize 4711\nroot " + to_hex(sha256("root")) + "\nprevious " +
                                      std::string(64, '0') + "\nat 1795000000000003\nkey 8d1f0001020304ff\n");
    EXPECT_EQ(head_hash(head), sha256(signed_bytes(head)));
}

TEST(SignedHead, TheBytesOfARowAreAsDocumented)
{
    JournalRow row;
    row.book = BookId{1};
    row.seq = 2;
    row.transfer = Transfer(Id<Transfer>(*Uuid::from_string("00010203-0405-0607-0809-0a0b0c0d0e0f")), AccountNumber{16}, AccountNumber{18},
                            Dong(45'000), TransferCode::sale, "CQ", Instant(std::chrono::microseconds(3)));
    row.transfer.flags.closing_debit = true;
    row.debit_balance = Dong(45'000);
    row.credit_balance = Dong(-45'000);
    row.recorded_at = Instant(std::chrono::microseconds(4));
    auto const bytes = row_bytes(row);
    EXPECT_EQ(to_hex(bytes), "0000000000000001"
                             "0000000000000002"
                             "000102030405060708090a0b0c0d0e0f"
                             "0001"
                             "0004"
                             "0000000000000010"
                             "0000000000000012"
                             "000000000000afc8"
                             "000000000000afc8"
                             "ffffffffffff5038"
                             "00000064"
                             "0000000000000003"
                             "0000000000000004"
                             "00000000000000000000000000000000"
                             "0000000000000000"
                             "00000002"
                             "4351");
    EXPECT_EQ(leaf_hash(row), leaf_hash(bytes));
}

TEST(SignedHead, EveryFaultHasANameAndASentence)
{
    for (int i = 0; i <= static_cast<int>(ProofFault::later_path_wrong); ++i) {
        auto const fault = static_cast<ProofFault>(i);
        EXPECT_FALSE(proof_fault_name(fault).empty());
        EXPECT_FALSE(proof_fault_text(fault).empty());
    }
}

}  // namespace
}  // namespace cho40::ledger
