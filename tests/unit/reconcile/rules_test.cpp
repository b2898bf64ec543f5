#include "scene.h"
#include <gtest/gtest.h>

namespace cho40::reconcile::tests {
namespace {

struct Case {
    char const* sentence;  // the rule the case is about
    char const* scene;
    char const* told;
};

void PrintTo(Case const& c, std::ostream* out) { *out << c.sentence; }

class Rules : public testing::TestWithParam<Case> {};

TEST_P(Rules, TellWhereEveryRecordWent)
{
    auto const scene = read_scene(GetParam().scene);
    auto const result = reconcile_day(scene.input, *settings_for("VNP", Day::from(2026, 11, 16)));
    ASSERT_TRUE(result) << result.error().detail;
    EXPECT_EQ(joined(told(*result), '\n'), joined(sorted_lines(GetParam().told), '\n')) << GetParam().sentence;
}

Case const provider_cases[] = {
    {"R1: same provider_txn_id and kind",
     "i P1 ok 50000 16T08:00 order=CQAAAA111 txn=V1\n"
     "l 1 ok 50000 16T08:00 order=OTHER txn=V1",
     "R1 P1 16:1"},
    {"R1 does not pair a payment with a refund",
     "i P1 ok 50000 16T08:00 txn=V1\n"
     "l 1 ok 50000 16T08:00 txn=V1 refund",
     "MISSING_AT_PROVIDER P1 -50000\n"
     "MISSING_INTERNAL 16:1 -50000"},
    {"R1: a pair whose amounts differ keeps the pair and opens a break",
     "i P1 ok 50000 16T08:00 txn=V1\n"
     "l 1 ok 45000 16T08:00 txn=V1",
     "R1 P1 16:1\n"
     "AMOUNT_MISMATCH P1 16:1 -5000"},
    {"R1 before R2: a later row with the id wins over an earlier one with the order code",
     "i P1 ok 50000 16T08:00 order=CQAAAA111\n"
     "i P2 ok 50000 16T09:00 order=CQAAAA111 txn=V1\n"
     "l 1 ok 50000 16T08:00 order=CQAAAA111 txn=V1",
     "R1 P2 16:1\n"
     "MISSING_AT_PROVIDER P1 -50000"},
    {"R2: no provider id here, same order code, kind and amount",
     "i P1 ok 50000 16T08:00 order=CQAAAA111\n"
     "l 1 ok 50000 16T08:01 order=CQAAAA111 txn=V1",
     "R2 P1 16:1"},
    {"R2: ascending time, so twins are not swapped",
     "i P2 ok 50000 16T09:00 order=CQAAAA111\n"
     "i P1 ok 50000 16T08:00 order=CQAAAA111\n"
     "l 1 ok 50000 16T09:00:10 order=CQAAAA111 txn=V2\n"
     "l 2 ok 50000 16T08:00:10 order=CQAAAA111 txn=V1",
     "R2 P1 16:2\n"
     "R2 P2 16:1"},
    {"R2: at most 24 hours apart, to the second",
     "i P1 ok 50000 16T08:00 order=CQAAAA111\n"
     "l 1 ok 50000 17T08:00 order=CQAAAA111 txn=V1\n"
     "files 16 17",
     "R2 P1 17:1 DATE_SHIFT"},
    {"R2 is not for rows that know their provider id; R3 pairs them when they are alone, without a break when amounts agree",
     "i P1 ok 50000 16T08:00 order=CQAAAA111 txn=V9\n"
     "l 1 ok 50000 16T08:00 order=CQAAAA111 txn=V1",
     "R3 P1 16:1"},
    {"R2: a failed attempt does not take the line of the good one",
     "i P1 ok 50000 16T08:01 order=CQAAAA111\n"
     "l 1 failed 50000 16T08:00 order=CQAAAA111 txn=V1\n"
     "l 2 ok 50000 16T08:01 order=CQAAAA111 txn=V2",
     "R2 P1 16:2"},
    {"R3: order code alone, one to one: pair and amount break",
     "i P1 ok 50000 16T08:00 order=CQAAAA111\n"
     "l 1 ok 55000 16T08:00 order=CQAAAA111 txn=V1",
     "R3 P1 16:1\n"
     "AMOUNT_MISMATCH P1 16:1 5000"},
    {"R3: two left on one side are not paired by a guess",
     "i P1 ok 50000 16T08:00 order=CQAAAA111\n"
     "l 1 ok 20000 16T08:00 order=CQAAAA111 txn=V1\n"
     "l 2 ok 30000 16T08:01 order=CQAAAA111 txn=V2",
     "MISSING_AT_PROVIDER P1 -50000\n"
     "MISSING_INTERNAL 16:1 20000\n"
     "MISSING_INTERNAL 16:2 30000"},
    {"equal amount alone never matches",
     "i P1 ok 50000 16T08:00 order=CQAAAA111\n"
     "l 1 ok 50000 16T08:00 txn=V1",
     "MISSING_AT_PROVIDER P1 -50000\n"
     "MISSING_INTERNAL 16:1 50000"},
    {"a failed line that pairs with a row that did not succeed is a clean match",
     "i P1 failed 50000 16T08:00 txn=V1\n"
     "i P2 pending 50000 16T08:00 order=CQAAAA222\n"
     "l 1 failed 50000 16T08:00 txn=V1\n"
     "l 2 failed 50000 16T08:00 order=CQAAAA222 txn=V2",
     "R1 P1 16:1\n"
     "R2 P2 16:2"},
    {"failed there, unknown here; failed here, unknown there: ignored",
     "i P1 failed 50000 16T08:00 txn=V1\n"
     "i P2 pending 50000 16T08:00 order=CQAAAA222\n"
     "l 1 failed 50000 16T08:00 order=CQAAAA999 txn=V9",
     ""},
    {"paid there, pending here",
     "i P1 pending 50000 16T08:00 txn=V1\n"
     "l 1 ok 50000 16T08:00 txn=V1",
     "R1 P1 16:1\n"
     "STATUS_MISMATCH P1 16:1 0"},
    {"paid here, failed there: the amount of what failed says nothing",
     "i P1 ok 50000 16T08:00 txn=V1\n"
     "l 1 failed 50000 16T08:00 txn=V1",
     "R1 P1 16:1\n"
     "STATUS_MISMATCH P1 16:1 0"},
    {"paid there only and another amount: both comparisons speak",
     "i P1 failed 50000 16T08:00 txn=V1\n"
     "l 1 ok 52000 16T08:00 txn=V1",
     "R1 P1 16:1\n"
     "STATUS_MISMATCH P1 16:1 2000\n"
     "AMOUNT_MISMATCH P1 16:1 2000"},
    {"second real money for one order",
     "i P1 ok 50000 16T08:00 order=CQAAAA111 txn=V1\n"
     "l 1 ok 50000 16T08:00 order=CQAAAA111 txn=V1\n"
     "l 2 ok 30000 16T08:05 order=CQAAAA111 txn=V2",
     "R1 P1 16:1\n"
     "DUPLICATE_PAYMENT 16:2 30000"},
    {"two attempts that both succeeded and are both known here are two payments",
     "i P1 ok 50000 16T08:00 order=CQAAAA111 txn=V1\n"
     "i P2 ok 50000 16T08:01 order=CQAAAA111 txn=V2\n"
     "l 1 ok 50000 16T08:00 order=CQAAAA111 txn=V1\n"
     "l 2 ok 50000 16T08:01 order=CQAAAA111 txn=V2",
     "R1 P1 16:1\n"
     "R1 P2 16:2"},
    {"the same line again is dropped, over all files in force",
     "i P1 ok 50000 16T08:00 txn=V1\n"
     "l 1 ok 50000 16T08:00 txn=V1\n"
     "l 2 ok 50000 16T08:00 txn=V1\n"
     "l 1 ok 50000 16T08:00 txn=V1 day=17",
     "R1 P1 16:1\n"
     "DUPLICATE_PROVIDER_LINE 16:2 0\n"
     "DUPLICATE_PROVIDER_LINE 17:1 0"},
    {"same key, other content: the first stays",
     "i P1 ok 50000 16T08:00 txn=V1\n"
     "l 1 ok 50000 16T08:00 txn=V1\n"
     "l 2 ok 60000 16T08:00 txn=V1",
     "R1 P1 16:1\n"
     "CONFLICTING_DUPLICATE 16:1+16:2 10000"},
    {"a refund has a key of its own and counts down",
     "i P1 ok 50000 16T08:00 order=CQAAAA111 txn=V1\n"
     "i P2 ok 20000 16T09:00 order=CQAAAA111 txn=V2 refund parent=P1\n"
     "l 1 ok 50000 16T08:00 order=CQAAAA111 txn=V1\n"
     "l 2 ok 20000 16T09:00 order=CQAAAA111 txn=V2 refund",
     "R1 P1 16:1\n"
     "R1 P2 16:2"},
    {"a refund without a code goes by the order of its payment",
     "i P1 ok 50000 16T08:00 order=CQAAAA111 txn=V1\n"
     "i P2 ok 20000 16T09:00 refund parent=P1\n"
     "l 1 ok 50000 16T08:00 order=CQAAAA111 txn=V1\n"
     "l 2 ok 20000 16T09:00 order=CQAAAA111 txn=V2 refund",
     "R1 P1 16:1\n"
     "R2 P2 16:2"},
    {"lonely refunds: money that left without us is missing, money we still have is not",
     "i P1 ok 20000 16T09:00 txn=V1 refund\n"
     "l 1 ok 30000 16T09:00 txn=V2 refund",
     "MISSING_AT_PROVIDER P1 20000\n"
     "MISSING_INTERNAL 16:1 -30000"},
    {"a refund paired with another amount: more went out than we know",
     "i P1 ok 20000 16T09:00 txn=V1 refund\n"
     "l 1 ok 30000 16T09:00 txn=V1 refund",
     "R1 P1 16:1\n"
     "AMOUNT_MISMATCH P1 16:1 -10000"},
    {"a pair in two days is a match with DATE_SHIFT",
     "i P1 ok 50000 16T23:59:50 txn=V1\n"
     "l 1 ok 50000 17T00:00:05 txn=V1\n"
     "files 16 17",
     "R1 P1 17:1 DATE_SHIFT"},
};
INSTANTIATE_TEST_SUITE_P(Provider, Rules, testing::ValuesIn(provider_cases));

Case const waiting_cases[] = {
    {"the file is not due: its payments wait, nothing is late",
     "i P1 ok 50000 16T08:00 txn=V1\n"
     "asof 17T09:59:59",
     "wait PENDING_PROVIDER_FILE P1"},
    {"the file is overdue: one break for the file, not one for each payment",
     "i P1 ok 50000 16T08:00 txn=V1\n"
     "i P2 ok 30000 16T08:00 txn=V2\n"
     "asof 17T10:01",
     "wait PENDING_PROVIDER_FILE P1\n"
     "wait PENDING_PROVIDER_FILE P2\n"
     "FILE_LATE 2026-11-16 0"},
    {"any credit from that provider waits with it; one from somebody else does not",
     "i P1 ok 50000 16T08:00 txn=V1\n"
     "b E1 + 49750 17T10:15 from=PSP text=QT_VNPA\n"
     "b E2 + 49750 17T10:15 from=TRAN_B text=QT_VNPA\n"
     "covered 17\n"
     "asof 18T10:00",
     "wait PENDING_PROVIDER_FILE P1\n"
     "wait PENDING_PROVIDER_FILE E1\n"
     "FILE_LATE 2026-11-16 0\n"
     "BANK_UNIDENTIFIED E2 49750"},
    {"within 15 minutes of midnight both neighbouring files are needed",
     "i P1 ok 50000 16T23:45 txn=V1\n"
     "i P2 ok 50000 16T23:44:59 txn=V2\n"
     "i P3 ok 50000 17T00:15 txn=V3\n"
     "files 16\n"
     "asof 17T12:00",
     "wait PENDING_PROVIDER_FILE P1\n"
     "MISSING_AT_PROVIDER P2 -50000\n"
     "wait PENDING_PROVIDER_FILE P3"},
    {"with both files in it is missing",
     "i P1 ok 50000 16T23:50 txn=V1\n"
     "i P2 ok 50000 17T00:10 txn=V2\n"
     "files 16 17",
     "MISSING_AT_PROVIDER P1 -50000\n"
     "MISSING_AT_PROVIDER P2 -50000"},
    {"a neighbour file that a payment waits for can be late itself",
     "i P1 ok 50000 16T23:50 txn=V1\n"
     "files 16\n"
     "asof 18T12:00",
     "wait PENDING_PROVIDER_FILE P1\n"
     "FILE_LATE 2026-11-17 0"},
    {"a batch waits until a statement covers its settlement date + 1",
     "l 1 ok 50000 16T08:00 txn=V1 batch=VNPA settle=17\n"
     "i P1 ok 50000 16T08:00 txn=V1\n"
     "covered 17",
     "R1 P1 16:1\n"
     "wait PENDING_BANK =VNPA"},
    {"then it is missing",
     "l 1 ok 50000 16T08:00 txn=V1 fee=250 batch=VNPA settle=17\n"
     "i P1 ok 50000 16T08:00 txn=V1\n"
     "covered 18",
     "R1 P1 16:1\n"
     "MISSING_AT_BANK =VNPA -49750"},
    {"no statement at all: everything at the bank waits",
     "i P1 ok 50000 16T08:00 order=CQAAAA111 bank\n"
     "asof 20T10:00",
     "wait PENDING_BANK P1"},
    {"a direct transfer is overdue the same way; one that did not succeed here is not",
     "i P1 ok 50000 16T08:00 order=CQAAAA111 bank\n"
     "i P2 failed 50000 16T08:00 order=CQAAAA222 bank\n"
     "i P3 pending 50000 16T08:00 order=CQAAAA333 bank\n"
     "i P4 ok 10000 16T08:00 order=CQAAAA111 refund bank\n"
     "covered 17",
     "MISSING_AT_BANK P1 -50000\n"
     "MISSING_AT_BANK P4 10000"},
};
INSTANTIATE_TEST_SUITE_P(Waiting, Rules, testing::ValuesIn(waiting_cases));

std::string const batch_of_two = "i P1 ok 60000 16T08:00 txn=V1\ni P2 ok 40000 16T09:00 txn=V2\n"
                                 "l 1 ok 60000 16T08:00 txn=V1 fee=300 batch=VNP20261116A settle=17\n"
                                 "l 2 ok 40000 16T09:00 txn=V2 fee=200 batch=VNP20261116A settle=17\n";
std::string const paired = "R1 P1 16:1\nR1 P2 16:2\n";

struct BankCase {
    char const* sentence;
    std::string scene;
    std::string told;
};

class Settlement : public testing::TestWithParam<BankCase> {};

void PrintTo(BankCase const& c, std::ostream* out) { *out << c.sentence; }

TEST_P(Settlement, TellsWhereEveryRecordWent)
{
    auto const scene = read_scene(GetParam().scene);
    auto const result = reconcile_day(scene.input, *settings_for("VNP", Day::from(2026, 11, 16)));
    ASSERT_TRUE(result) << result.error().detail;
    EXPECT_EQ(joined(told(*result), '\n'), joined(sorted_lines(GetParam().told), '\n')) << GetParam().sentence;
}

BankCase const settlement_cases[] = {
    {"S1: the batch id in the narrative, cut by spaces and accents of the bank",
     batch_of_two + "b E1 + 99500 17T10:00 text=Quyết_toán_vnp2026-1116_a\ncovered 18", paired + "S1 VNP20261116A 99500 E1"},
    {"S1: several entries that name it add up, and a debit counts down",
     batch_of_two +
         "b E1 + 60000 17T10:00 text=VNP20261116A_1/2\nb E2 + 40000 17T10:01 text=VNP20261116A_2/2\nb E3 - 500 18T10:00 text=DC_VNP20261116A\ncovered 18",
     paired + "S1 VNP20261116A 99500 E1+E2+E3 SPLIT"},
    {"S2: named, and the sum differs", batch_of_two + "b E1 + 99000 17T10:00 text=VNP20261116A\ncovered 18",
     paired + "S2 VNP20261116A 99500 E1\nSETTLEMENT_AMOUNT_MISMATCH E1 =VNP20261116A -500"},
    {"S2 over a split", batch_of_two + "b E1 + 60000 17T10:00 text=VNP20261116A\nb E2 + 40000 17T10:01 text=VNP20261116A\ncovered 18",
     paired + "S2 VNP20261116A 99500 E1+E2 SPLIT\nSETTLEMENT_AMOUNT_MISMATCH E1+E2 =VNP20261116A 500"},
    {"S3: no batch id, known counterparty, equal amount, three days at most",
     batch_of_two + "b E1 + 99500 20T10:00 from=PSP text=QUYET_TOAN\ncovered 20", paired + "S3 VNP20261116A 99500 E1 NO_REFERENCE"},
    {"S3: the fourth day is too late", batch_of_two + "b E1 + 99500 21T10:00 from=PSP text=QUYET_TOAN\ncovered 21",
     paired + "MISSING_AT_BANK =VNP20261116A -99500\nBANK_UNIDENTIFIED E1 99500"},
    {"S3: never before the settlement date", batch_of_two + "b E1 + 99500 16T10:00 from=PSP text=QUYET_TOAN\ncovered 18",
     paired + "MISSING_AT_BANK =VNP20261116A -99500\nBANK_UNIDENTIFIED E1 99500"},
    {"S3: not from a stranger", batch_of_two + "b E1 + 99500 17T10:00 from=CTY_KHAC text=QUYET_TOAN\ncovered 18",
     paired + "MISSING_AT_BANK =VNP20261116A -99500\nBANK_UNIDENTIFIED E1 99500"},
    {"S3: the name of the partner in another spelling",
     batch_of_two + "b E1 + 99500 17T10:00 from=Cty_CP_Giải_pháp_Thanh_toán_VN text=QT\ncovered 18",
     paired + "S3 VNP20261116A 99500 E1 NO_REFERENCE"},
    {"S3: two entries for one batch are ambiguous and name it",
     batch_of_two + "b E1 + 99500 17T10:00 from=PSP\nb E2 + 99500 18T10:00 from=PSP\ncovered 18",
     paired + "AMBIGUOUS E1+E2 =VNP20261116A 199000"},
    {"S3: one entry for two batches is ambiguous; the batches stay missing",
     "l 1 ok 50000 16T08:00 txn=V1 batch=VNPA settle=17\nl 2 ok 50000 16T08:00 txn=V2 batch=VNPB settle=18\n"
     "i P1 ok 50000 16T08:00 txn=V1\ni P2 ok 50000 16T08:00 txn=V2\nb E1 + 50000 18T10:00 from=PSP\ncovered 19",
     paired + "AMBIGUOUS E1 50000\nMISSING_AT_BANK =VNPA -50000\nMISSING_AT_BANK =VNPB -50000"},
    {"S3: equal amounts far apart are two clean matches",
     "l 1 ok 50000 11T08:00 txn=V1 batch=VNPA settle=12\nl 2 ok 50000 16T08:00 txn=V2 batch=VNPB settle=17\n"
     "i P1 ok 50000 11T08:00 txn=V1\ni P2 ok 50000 16T08:00 txn=V2\nb E1 + 50000 12T10:00 from=PSP\nb E2 + 50000 17T10:00 from=PSP\ncovered 18",
     "R1 P1 11:1\nR1 P2 16:2\nS3 VNPA 50000 E1 NO_REFERENCE\nS3 VNPB 50000 E2 NO_REFERENCE"},
    {"the sign of the net decides the direction",
     "i P1 ok 50000 16T08:00 txn=V1 refund\nl 1 ok 50000 16T08:00 txn=V1 refund batch=VNPR settle=17\n"
     "b E1 - 50000 17T10:00 from=PSP text=THU_HOI_VNPR\ncovered 18",
     "R1 P1 16:1\nS1 VNPR -50000 E1"},
    {"only active lines make the net: failed and repeated ones do not",
     "i P1 ok 50000 16T08:00 txn=V1\nl 1 ok 50000 16T08:00 txn=V1 batch=VNPA settle=17\nl 2 ok 50000 16T08:00 txn=V1 batch=VNPA settle=17\n"
     "l 3 failed 70000 16T08:00 txn=V3 batch=VNPA settle=17\nb E1 + 50000 17T10:00 text=VNPA\ncovered 18",
     "R1 P1 16:1\nDUPLICATE_PROVIDER_LINE 16:2 0\nS1 VNPA 50000 E1"},
    {"a batch that nets to nothing needs no entry",
     "i P1 ok 50000 16T08:00 txn=V1\ni P2 ok 50000 16T09:00 txn=V2 refund\nl 1 ok 50000 16T08:00 txn=V1 batch=VNPA settle=17\n"
     "l 2 ok 50000 16T09:00 txn=V2 refund batch=VNPA settle=17\ncovered 18",
     "R1 P1 16:1\nR1 P2 16:2"},
    {"an entry that names two batches is ambiguous",
     "i P1 ok 50000 16T08:00 txn=V1\ni P2 ok 40000 16T08:00 txn=V2\nl 1 ok 50000 16T08:00 txn=V1 batch=VNPA1 settle=17\n"
     "l 2 ok 40000 16T08:00 txn=V2 batch=VNPB1 settle=17\nb E1 + 90000 17T10:00 text=VNPA1,VNPB1\ncovered 17",
     paired + "AMBIGUOUS E1 90000\nwait PENDING_BANK =VNPA1\nwait PENDING_BANK =VNPB1"},
    {"a batch id inside a longer one is not named",
     "i P1 ok 50000 16T08:00 txn=V1\ni P2 ok 40000 16T08:00 txn=V2\nl 1 ok 50000 16T08:00 txn=V1 batch=VNPA settle=17\n"
     "l 2 ok 40000 16T08:00 txn=V2 batch=VNPA2 settle=17\nb E1 + 40000 17T10:00 text=VNPA2\nb E2 + 50000 17T10:00 text=VNPA\ncovered 18",
     paired + "S1 VNPA 50000 E2\nS1 VNPA2 40000 E1"},
};
INSTANTIATE_TEST_SUITE_P(Batches, Settlement, testing::ValuesIn(settlement_cases));

BankCase const order_cases[] = {
    {"B0: money without a code is found by the bank's reference",
     "i P1 ok 45000 17T11:00 bank ref=FT-1\nb FT1 + 45000 17T11:00 text=tien_rau\ncovered 18", "B0 P1 FT1"},
    {"B0 before B1: the reference names the transfer, the code only the order",
     "i P1 ok 45000 17T11:00 order=CQJK5M6N7 bank ref=E2\nb E1 + 45000 17T10:00 text=CQJK5M6N7\nb E2 + 45000 17T11:00 text=CQJK5M6N7\ncovered 18",
     "B0 P1 E2\nDUPLICATE_PAYMENT E1 45000"},
    {"B0: amounts that differ keep the pair and open a break",
     "i P1 ok 45000 17T11:00 bank ref=E1\nb E1 + 40000 17T11:00 text=x\ncovered 18", "B0 P1 E1\nAMOUNT_MISMATCH P1 E1 -5000"},
    {"B0: a reference is one account's", "i P1 ok 45000 17T11:00 bank ref=E1\nb E1 + 45000 17T11:00 text=x account=2\ncovered 18",
     "MISSING_AT_BANK P1 -45000\nBANK_UNIDENTIFIED E1 45000"},
    {"B0: what two rows claim belongs to neither",
     "i P1 ok 45000 17T11:00 bank ref=E1\ni P2 ok 45000 17T11:00 bank ref=E1\nb E1 + 45000 17T11:00 text=x\ncovered 18",
     "MISSING_AT_BANK P1 -45000\nMISSING_AT_BANK P2 -45000\nBANK_UNIDENTIFIED E1 45000"},
    {"B0: what the bank took back is not there",
     "i P1 ok 45000 17T11:00 bank ref=E1\nb E1 + 45000 17T11:00 text=x\nb E2 - 45000 17T11:01 text=HUY_E1 rev\ncovered 18",
     "MISSING_AT_BANK P1 -45000\nBANK_REVERSED E1+E2 0"},
    {"B0 is for direct transfers",
     "i P1 ok 45000 17T11:00 txn=V1 ref=E1\nfiles 16\nasof 17T12:00\nb E1 + 45000 17T11:00 text=x\ncovered 18",
     "wait PENDING_PROVIDER_FILE P1\nBANK_UNIDENTIFIED E1 45000"},
    {"B1: the code inside the squeezed narrative, split and glued",
     "i P1 ok 45000 17T11:00 order=CQJK5M6N7 bank\nb E1 + 45000 17T11:00 text=CT_nhanh_247_den:_cqjk5_m6n7FT2426\ncovered 18", "B1 P1 E1"},
    {"B2: same code, other amount", "i P1 ok 45000 17T11:00 order=CQJK5M6N7 bank\nb E1 + 44000 17T11:00 text=CQJK5M6N7\ncovered 18",
     "B2 P1 E1\nAMOUNT_MISMATCH P1 E1 -1000"},
    {"a truncated code never matches", "i P1 ok 45000 17T11:00 order=CQJK5M6N7 bank\nb E1 + 45000 17T11:00 text=CQJK5M6N\ncovered 18",
     "MISSING_AT_BANK P1 -45000\nBANK_UNIDENTIFIED E1 45000"},
    {"several codes: a person decides, and the rows named are not missing as well",
     "i P1 ok 45000 17T11:00 order=CQJK5M6N7 bank\ni P2 ok 11000 17T11:00 order=CQKM6N7P8 bank\nb E1 + 56000 17T11:05 text=CQJK5M6N7_CQKM6N7P8\ncovered 18",
     "AMBIGUOUS P1+P2 E1 56000"},
    {"of two credits for one order the earlier booked is the payment, the later the duplicate",
     "i P1 ok 45000 17T11:00 order=CQJK5M6N7 bank\nb E1 + 45000 17T12:00 text=CQJK5M6N7\nb E2 + 45000 17T11:01 text=CQJK5M6N7\ncovered 18",
     "B1 P1 E2\nDUPLICATE_PAYMENT E1 45000"},
    {"a transfer for an order that was paid through the provider is its second payment",
     "i P1 ok 45000 17T11:00 order=CQJK5M6N7 txn=V1\nl 1 ok 45000 17T11:00 order=CQJK5M6N7 txn=V1\nb E1 + 45000 17T12:00 text=CQJK5M6N7\ncovered 18",
     "R1 P1 17:1\nDUPLICATE_PAYMENT E1 45000"},
    {"and the other way round",
     "i P1 ok 45000 17T11:00 order=CQJK5M6N7 bank\nl 1 ok 45000 17T12:00 order=CQJK5M6N7 txn=V1\nb E1 + 45000 17T11:00 text=CQJK5M6N7\ncovered 18",
     "B1 P1 E1\nDUPLICATE_PAYMENT 17:1 45000"},
    {"equal amount alone never matches at the bank",
     "i P1 ok 45000 17T11:00 order=CQJK5M6N7 bank\nb E1 + 45000 17T11:00 text=tien_ca\ncovered 18",
     "MISSING_AT_BANK P1 -45000\nBANK_UNIDENTIFIED E1 45000"},
    {"paid at the bank, pending here", "i P1 pending 45000 17T11:00 order=CQJK5M6N7 bank\nb E1 + 45000 17T11:00 text=CQJK5M6N7\ncovered 18",
     "B1 P1 E1\nSTATUS_MISMATCH P1 E1 0"},
    {"the row that succeeded has the credit",
     "i P1 failed 45000 17T10:00 order=CQJK5M6N7 bank\ni P2 ok 45000 17T11:00 order=CQJK5M6N7 bank\nb E1 + 45000 17T11:00 text=CQJK5M6N7\ncovered 18",
     "B1 P2 E1"},
    {"a refund goes out as a debit",
     "i P1 ok 45000 17T11:00 order=CQJK5M6N7 bank\ni P2 ok 45000 17T12:00 order=CQJK5M6N7 bank refund parent=P1\n"
     "b E1 + 45000 17T11:00 text=CQJK5M6N7\nb E2 - 45000 17T12:00 text=HOAN_CQJK5M6N7\ncovered 18",
     "B1 P1 E1\nB1 P2 E2"},
    {"a pair over midnight at the bank", "i P1 ok 45000 17T23:59 order=CQJK5M6N7 bank\nb E1 + 45000 18T00:00:30 text=CQJK5M6N7\ncovered 18",
     "B1 P1 E1 DATE_SHIFT"},
    {"an entry of another currency", "b E1 + 1 17T11:00 text=CQJK5M6N7 usd\ni P1 ok 45000 17T11:00 order=CQJK5M6N7 bank\ncovered 17",
     "CURRENCY_MISMATCH E1 0\nwait PENDING_BANK P1"},
    {"statements overlap: an entry of another currency counts once",
     "b E1 + 1 17T11:00 text=a usd\nb E1 + 1 17T11:00 text=a usd\ncovered 18", "CURRENCY_MISMATCH E1 0"},
    {"the same reference on two days, both of another currency", "b E1 + 1 17T11:00 text=a usd\nb E1 + 1 18T11:00 text=b usd\ncovered 18",
     "CONFLICTING_DUPLICATE E1+E1 0\nCURRENCY_MISMATCH E1 0"},
    {"statements overlap: an entry counts once",
     "i P1 ok 45000 17T11:00 order=CQJK5M6N7 bank\nb E1 + 45000 17T11:00 text=CQJK5M6N7\nb E1 + 45000 17T11:00 text=CQJK5M6N7\ncovered 18",
     "B1 P1 E1"},
    {"references are unique in an account only", "b E1 + 45000 17T11:00 text=a\nb E1 + 46000 17T11:00 text=b account=2\ncovered 18",
     "BANK_UNIDENTIFIED E1 45000\nBANK_UNIDENTIFIED E1 46000"},
    {"the same reference with other content", "b E1 + 45000 17T11:00 text=a\nb E1 + 46000 17T11:00 text=a\ncovered 18",
     "BANK_UNIDENTIFIED E1 45000\nCONFLICTING_DUPLICATE E1+E1 1000"},
};
INSTANTIATE_TEST_SUITE_P(Orders, Settlement, testing::ValuesIn(order_cases));

BankCase const reversal_cases[] = {
    {"the reversal names what it undoes, in another account's words",
     "b E101 + 500 17T10:00 from=A\nb E102 + 500 17T11:00 from=A\nb E103 - 500 17T12:00 from=NGAN_HANG text=DAO_E101 rev\ncovered 18",
     "BANK_REVERSED E101+E103 0\nBANK_UNIDENTIFIED E102 500"},
    {"unnamed: the latest earlier entry of that amount and counterparty",
     "b E101 + 500 17T10:00 from=A\nb E102 + 500 17T11:00 from=A\nb E103 - 500 17T12:00 from=A rev\nb E104 + 500 17T13:00 from=A\ncovered 18",
     "BANK_REVERSED E102+E103 0\nBANK_UNIDENTIFIED E101 500\nBANK_UNIDENTIFIED E104 500"},
    {"two reversals undo two entries",
     "b E101 + 500 17T10:00 from=A\nb E102 + 500 17T11:00 from=A\nb E103 - 500 17T12:00 from=A rev\nb E104 - 500 17T13:00 from=A rev\ncovered 18",
     "BANK_REVERSED E102+E103 0\nBANK_REVERSED E101+E104 0"},
    {"a reversal without its entry leaves the pool alone",
     "b E103 - 500 17T12:00 from=A rev text=CQJK5M6N7\ni P1 ok 500 17T11:00 order=CQJK5M6N7 bank refund\ncovered 17",
     "BANK_UNIDENTIFIED E103 -500\nwait PENDING_BANK P1"},
    {"a plain debit of equal amount is not a reversal", "b E101 + 500 17T10:00 from=A\nb E103 - 500 17T12:00 from=A\ncovered 18",
     "BANK_UNIDENTIFIED E101 500\nBANK_UNIDENTIFIED E103 -500"},
    {"another counterparty's entry is not undone", "b E101 + 500 17T10:00 from=A\nb E103 - 500 17T12:00 from=B rev\ncovered 18",
     "BANK_UNIDENTIFIED E101 500\nBANK_UNIDENTIFIED E103 -500"},
    {"a debit can be undone too", "b E101 - 500 17T10:00 from=A\nb E103 + 500 17T12:00 from=A rev\ncovered 18",
     "BANK_REVERSED E101+E103 0"},
    {"booked at the same moment", "b E103 - 500 17T10:00 from=A rev\nb E104 + 500 17T10:00 from=A\ncovered 18",
     "BANK_REVERSED E104+E103 0"},
    {"not across accounts", "b E101 + 500 17T10:00 from=A account=2\nb E103 - 500 17T12:00 from=A rev\ncovered 18",
     "BANK_UNIDENTIFIED E101 500\nBANK_UNIDENTIFIED E103 -500"},
    {"what the reversed credit paid is unpaid again and waits or is missing",
     batch_of_two + "b E101 + 99500 17T10:00 from=PSP text=VNP20261116A\nb E102 - 99500 17T12:00 from=PSP rev text=E101\ncovered 17",
     paired + "BANK_REVERSED E101+E102 0\nwait PENDING_BANK =VNP20261116A"},
};
INSTANTIATE_TEST_SUITE_P(Reversals, Settlement, testing::ValuesIn(reversal_cases));

TEST(Engine, RefusesTwoRowsOfOneId)
{
    auto const scene = read_scene("i P1 ok 1 16T08:00\ni P1 ok 2 16T08:00");
    EXPECT_EQ(reconcile_day(scene.input, Settings()).error().code, Errc::invalid_input);
}

TEST(Engine, StopsWhenTheDayDoesNotFit64Bits)
{
    auto const scene = read_scene("i P1 ok 9000000000000000000 16T08:00\ni P2 ok 9000000000000000000 16T08:00");
    EXPECT_EQ(reconcile_day(scene.input, Settings()).error().code, Errc::amount_overflow);
}

TEST(Engine, HeldFilesAreBreaks)
{
    RunInput input;
    input.held = {{BreakClass::FILE_CONFLICT, "provider-2.csv", "held"}, {BreakClass::FILE_INTEGRITY, "bank.csv", "cut"}};
    auto const result = reconcile_day(input, Settings());
    ASSERT_TRUE(result);
    EXPECT_EQ(joined(told(*result), '\n'), "FILE_CONFLICT provider-2.csv 0\nFILE_INTEGRITY bank.csv 0");
    for (auto const& b : result->breaks) EXPECT_TRUE(blocks_closing(b.kind));
}

}  // namespace
}  // namespace cho40::reconcile::tests
