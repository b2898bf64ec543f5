#include "qr-pay/emvco.h"
#include "qr-pay/stall_codes.h"
#include <algorithm>
#include <gtest/gtest.h>

namespace cho40::qr_pay {
namespace {

MerchantTerms terms() { return {"970436", "M0000123456", "5411", "Cô Hạnh – Cá tươi", "Hạ Long"}; }

std::vector<std::string> wrong_members(MerchantTerms const& terms)
{
    std::vector<std::string> members;
    for (auto const& fault : faults_of(terms)) members.push_back(fault.pointer + " " + std::string(errc_name(fault.code)));
    return members;
}

TEST(StallCodes, TheTransferCodeIsStaticAndNamesTheStall)
{
    auto const qr = decode_qr(*transfer_sign_code("970436", "1017595600", sign_memo("B4")));
    ASSERT_TRUE(qr);
    EXPECT_EQ(qr->initiation, Initiation::static_code);
    EXPECT_EQ(qr->vietqr()->service, "QRIBFTTA");
    EXPECT_EQ(qr->vietqr()->account, "1017595600");
    EXPECT_EQ(*find(*qr->additional, "08"), "SAP B4");
    EXPECT_FALSE(qr->amount);
    EXPECT_TRUE(qr->issues.empty());
}

TEST(StallCodes, TheMerchantCodeHasAllThatForeignAppsAskFor)
{
    auto const payload = *merchant_sign_code(terms(), sign_memo("12"));
    auto const qr = decode_qr(payload);
    ASSERT_TRUE(qr);
    EXPECT_EQ(qr->vietqr()->service, "QRPUSH");
    EXPECT_EQ(qr->vietqr()->acquirer, "970436");
    EXPECT_EQ(qr->vietqr()->account, "M0000123456");
    EXPECT_EQ(qr->mcc, "5411");
    EXPECT_EQ(qr->merchant_name, "Co Hanh Ca tuoi");
    EXPECT_EQ(qr->merchant_city, "Ha Long");
    EXPECT_TRUE(qr->issues.empty());
    EXPECT_TRUE(std::ranges::all_of(payload, [](unsigned char c) { return c >= 0x20 && c < 0x7F; })) << payload;
}

TEST(StallCodes, TheMemoIsPlainAndShort)
{
    EXPECT_EQ(sign_memo("12"), "SAP 12");
    EXPECT_EQ(sign_memo("Đ-4 bis"), "SAP D 4 bis");
    EXPECT_EQ(sign_memo("–"), "SAP");
    EXPECT_LE(sign_memo(std::string(60, '9')).size(), 25u);
}

TEST(StallCodes, EveryWrongMemberOfAContractIsNamedAtOnce)
{
    EXPECT_EQ(wrong_members(terms()), std::vector<std::string>{});
    EXPECT_EQ(wrong_members({"97043", "M 1", "541", "–", "Thành phố Hạ Long, tỉnh Quảng Ninh"}),
              (std::vector<std::string>{"/acquirer_bin invalid_format", "/merchant_id invalid_format", "/mcc invalid_format",
                                        "/name invalid_format", "/city text_too_long"}));
    EXPECT_EQ(
        wrong_members({"970436", std::string(20, '1'), "54a1", std::string(26, 'a'), "\xff"}),
        (std::vector<std::string>{"/merchant_id invalid_format", "/mcc invalid_format", "/name text_too_long", "/city invalid_utf8"}));
    for (auto const& fault : faults_of({})) EXPECT_FALSE(fault.detail_vi.empty()) << fault.pointer;
    EXPECT_EQ(faults_of({}).size(), 5u);
}

TEST(StallCodes, AContractWithoutFaultsAlwaysMakesACode)
{
    auto longest = MerchantTerms{"970436", std::string(19, 'M'), "0000", std::string(25, 'N'), std::string(15, 'C')};
    EXPECT_TRUE(faults_of(longest).empty());
    EXPECT_TRUE(merchant_sign_code(longest, std::string(25, 'S')));
}

}  // namespace
}  // namespace cho40::qr_pay
