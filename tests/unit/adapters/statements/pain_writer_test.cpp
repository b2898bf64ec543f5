#include "adapters/statements/pain_writer.h"
#include <gtest/gtest.h>
#include <regex>

// That what is written is valid is held against schemas in tests/unit/apps/cli/payout_schema.py.
namespace cho40::statements {
namespace {

PayoutTransfer some_transfer(int number, std::int64_t amount)
{
    return {"PAY-" + std::to_string(number), Dong(amount), {"Nguyễn Thị Thế", "1017595600", {"970436", ""}}, "tiền bán hàng"};
}

PayoutOrder some_order()
{
    PayoutOrder order;
    order.id = "CQN-1";
    order.created_at = *parse_local_time("2026-11-23 16:30:00");
    order.execution = Day::from(2026, 11, 24);
    order.debtor = {"Ban quản lý chợ Hạ Long 1", "0141000123456", {"970436", "BFTVVNVX"}};
    order.transfers = {some_transfer(1, 1'845'000), some_transfer(2, 920'500)};
    return order;
}

std::vector<std::string> texts_of(std::string const& xml, std::string const& element)
{
    std::vector<std::string> found;
    std::regex const pattern("<" + element + "[^>]*>([^<]*)</" + element + ">");
    for (std::sregex_iterator it(xml.begin(), xml.end(), pattern); it != std::sregex_iterator(); ++it) found.push_back((*it)[1]);
    return found;
}

using Texts = std::vector<std::string>;

TEST(PainWriter, CountsAndSumsAgreeWithTheContent)
{
    auto const xml = write_pain001(some_order());
    ASSERT_TRUE(xml) << xml.error().detail;
    EXPECT_EQ(texts_of(*xml, "InstdAmt"), (Texts{"1845000", "920500"}));
    EXPECT_EQ(texts_of(*xml, "NbOfTxs"), (Texts{"2", "2"})) << "of the message and of its batch";
    EXPECT_EQ(texts_of(*xml, "CtrlSum"), (Texts{"2765500", "2765500"}));
    EXPECT_EQ(texts_of(*xml, "MsgId"), Texts{"CQN-1"});
    EXPECT_EQ(texts_of(*xml, "CreDtTm"), Texts{"2026-11-23T16:30:00+07:00"});
    EXPECT_EQ(texts_of(*xml, "Dt"), Texts{"2026-11-24"});
    EXPECT_EQ(texts_of(*xml, "EndToEndId"), (Texts{"PAY-1", "PAY-2"}));
    EXPECT_EQ(texts_of(*xml, "MmbId"), (Texts{"970436", "970436", "970436"}));
    EXPECT_EQ(texts_of(*xml, "BICFI"), Texts{"BFTVVNVX"});
}

TEST(PainWriter, SameOrderSameBytes) { EXPECT_EQ(*write_pain001(some_order()), *write_pain001(some_order())); }

TEST(PainWriter, WhoPaysTheChargesIsSaid)
{
    for (auto const& [charges, code] :
         {std::pair{ChargeBearer::debtor, "DEBT"}, {ChargeBearer::creditor, "CRED"}, {ChargeBearer::shared, "SHAR"}}) {
        auto order = some_order();
        order.charges = charges;
        EXPECT_EQ(texts_of(*write_pain001(order), "ChrgBr"), Texts{code});
    }
}

TEST(PainWriter, TextsLoseTheirAccentsAndNothingElse)
{
    auto const xml = write_pain001(some_order());
    EXPECT_EQ(texts_of(*xml, "Nm"), (Texts{"Ban quan ly cho Ha Long 1", "Ban quan ly cho Ha Long 1", "Nguyen Thi The", "Nguyen Thi The"}));
    EXPECT_EQ(texts_of(*xml, "Ustrd"), (Texts{"tien ban hang", "tien ban hang"}));
    auto order = some_order();
    order.transfers.resize(1);
    order.transfers[0].remittance = " ";
    EXPECT_EQ(texts_of(*write_pain001(order), "Ustrd"), Texts{}) << "an empty one is left out";
}

TEST(BankText, IsTheLatinSetOfBanks)
{
    EXPECT_EQ(*to_bank_text("Đường Lê Lợi, số 5/7 (chợ) - a:b?c.d'e+f"), "Duong Le Loi, so 5/7 (cho) - a:b?c.d'e+f");
    EXPECT_EQ(*to_bank_text("Pho\xCC\x9B\xCC\x89"), "Pho") << "also where the accents stand apart";
    for (char const* text : {"rau & củ", "a_b", "a\nb", "5€", "a–b", "<b>", "日本", "a\tb", "😀"}) {
        auto const bank = to_bank_text(text);
        ASSERT_FALSE(bank) << text;
        EXPECT_EQ(bank.error().code, Errc::invalid_format);
    }
    EXPECT_EQ(to_bank_text("giá 5€").error().detail, "banks do not take \"€\": letters, digits, spaces and / - ? : ( ) . , ' + only");
    EXPECT_EQ(to_bank_text("\xFF").error().code, Errc::invalid_utf8);
}

TEST(PayoutOrder, IsRefusedWithEveryFieldThatIsWrong)
{
    struct Row {
        void (*spoil)(PayoutOrder&);
        char const* pointer;
        Errc code;
    };
    Row const rows[] = {
        {[](PayoutOrder& o) { o.id = std::string(36, 'A'); }, "/id", Errc::text_too_long},
        {[](PayoutOrder& o) { o.id = ""; }, "/id", Errc::required},
        {[](PayoutOrder& o) { o.id = "/A"; }, "/id", Errc::invalid_format},
        {[](PayoutOrder& o) { o.id = "A//B"; }, "/id", Errc::invalid_format},
        {[](PayoutOrder& o) { o.id = "A "; }, "/id", Errc::invalid_format},
        {[](PayoutOrder& o) { o.id = "Chợ"; }, "/id", Errc::invalid_format},
        {[](PayoutOrder& o) { o.execution = Day::from(2026, 11, 22); }, "/execution_date", Errc::invalid_date},
        {[](PayoutOrder& o) { o.debtor.name = " "; }, "/debtor/name", Errc::required},
        {[](PayoutOrder& o) { o.debtor.name = std::string(71, 'A'); }, "/debtor/name", Errc::text_too_long},
        {[](PayoutOrder& o) { o.debtor.account = "0141-000"; }, "/debtor/account", Errc::invalid_format},
        {[](PayoutOrder& o) { o.debtor.account = ""; }, "/debtor/account", Errc::invalid_format},
        {[](PayoutOrder& o) { o.debtor.account = std::string(35, '1'); }, "/debtor/account", Errc::invalid_format},
        {[](PayoutOrder& o) { o.debtor.bank = {}; }, "/debtor/bank", Errc::required},
        {[](PayoutOrder& o) { o.debtor.bank.bin = "97043"; }, "/debtor/bank/bin", Errc::invalid_format},
        {[](PayoutOrder& o) { o.debtor.bank.bic = "BFTVVNVX1"; }, "/debtor/bank/bic", Errc::invalid_format},
        {[](PayoutOrder& o) { o.debtor.bank.bic = "bftvvnvx"; }, "/debtor/bank/bic", Errc::invalid_format},
        {[](PayoutOrder& o) { o.transfers.clear(); }, "/transfers", Errc::too_few},
        {[](PayoutOrder& o) { o.transfers[1].amount = Dong(0); }, "/transfers/1/amount_vnd", Errc::amount_not_positive},
        {[](PayoutOrder& o) { o.transfers[1].amount = Dong(-5); }, "/transfers/1/amount_vnd", Errc::amount_not_positive},
        {[](PayoutOrder& o) { o.transfers[1].end_to_end_id = "PAY-1"; }, "/transfers/1/end_to_end_id", Errc::invalid_input},
        {[](PayoutOrder& o) { o.transfers[1].end_to_end_id = std::string(36, 'A'); }, "/transfers/1/end_to_end_id", Errc::text_too_long},
        {[](PayoutOrder& o) { o.transfers[0].creditor.name = "Rau & củ"; }, "/transfers/0/creditor/name", Errc::invalid_format},
        {[](PayoutOrder& o) { o.transfers[0].remittance = std::string(141, 'A'); }, "/transfers/0/remittance", Errc::text_too_long},
        {[](PayoutOrder& o) { o.transfers[0].amount = o.transfers[1].amount = Dong(600'000'000'000'000'000); }, "/transfers",
         Errc::amount_overflow},
        {[](PayoutOrder& o) { o.transfers.resize(payout_transfers_max + 1); }, "/transfers", Errc::too_many},
    };
    for (auto const& row : rows) {
        auto order = some_order();
        row.spoil(order);
        auto const xml = write_pain001(order);
        ASSERT_FALSE(xml) << row.pointer;
        EXPECT_EQ(xml.error().code, Errc::validation_failed);
        ASSERT_FALSE(xml.error().fields.empty());
        EXPECT_EQ(xml.error().fields[0].pointer, row.pointer) << xml.error().fields[0].detail;
        EXPECT_EQ(errc_name(xml.error().fields[0].code), errc_name(row.code)) << row.pointer;
    }
    auto order = some_order();
    order.id = "";
    order.transfers[0].amount = Dong(0);
    order.transfers[1].creditor.bank = {};
    EXPECT_EQ(write_pain001(order).error().fields.size(), 3u);
}

TEST(PayoutOrder, LengthsAreThoseOfWhatIsWritten)
{
    auto order = some_order();
    std::string accented;
    for (int i = 0; i < 140; ++i) accented += "ỗ";
    order.transfers[0].remittance = accented;
    EXPECT_TRUE(write_pain001(order)) << "140 letters, though three times as many bytes before";
}

}  // namespace
}  // namespace cho40::statements
