#include "base/text.h"
#include "qr-pay/emvco.h"
#include "qr-pay/vietqr.h"
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace cho40::qr_pay {
namespace {

using namespace literals;

QrRequest request() { return QrRequest("970422", "0123456789"); }

TEST(EncodeVietQr, WritesTheReferencePayloads)
{
    EXPECT_EQ(*encode(request()), "00020101021138540010A00000072701240006970422011001234567890208QRIBFTTA53037045802VN6304B1A7");

    auto dynamic = request();
    dynamic.amount = 50000_vnd;
    dynamic.memo = "CQN7K2M4 tien ca";
    EXPECT_EQ(
        *encode(dynamic),
        "00020101021238540010A00000072701240006970422011001234567890208QRIBFTTA53037045405500005802VN62200816CQN7K2M4 tien ca6304E802");

    auto padded = request();
    padded.amount = 109300_vnd;
    EXPECT_EQ(*encode(padded), "00020101021238540010A00000072701240006970422011001234567890208QRIBFTTA530370454061093005802VN63040D96");
}

TEST(EncodeVietQr, WritesPlainTextWhateverItIsGiven)
{
    auto r = request();
    r.amount = 50000_vnd;
    r.memo = "  Tiền  cá – Đợt 2!";
    r.name = "Cô Hạnh";
    r.city = "Hạ Long";
    r.mcc = "5499";
    auto const qr = decode_qr(*encode(r));
    ASSERT_TRUE(qr);
    EXPECT_EQ(*find(*qr->additional, "08"), "Tien ca Dot 2");
    EXPECT_EQ(qr->merchant_name, "Co Hanh");
    EXPECT_EQ(qr->merchant_city, "Ha Long");
    EXPECT_EQ(qr->mcc, "5499");
    EXPECT_TRUE(qr->issues.empty());
}

TEST(EncodeVietQr, AMerchantCodeConforms)
{
    auto r = request();
    r.service = QrService::merchant_payment;
    r.name = "PHUONG CAC";
    r.city = "HANOI";
    auto const qr = decode_qr(*encode(r));
    ASSERT_TRUE(qr);
    EXPECT_EQ(qr->vietqr()->service, "QRPUSH");
    EXPECT_EQ(qr->mcc, "0000");
    EXPECT_TRUE(qr->issues.empty());

    r.service = QrService::cash;
    EXPECT_EQ(encode(r).error().pointer, "/reference_label");
    r.reference_label = "R1";
    r.terminal_label = "ATM7";
    EXPECT_TRUE(decode_qr(*encode(r))->issues.empty());
}

struct Refused {
    char const* name;
    void (*change)(QrRequest&);
    Errc code;
    char const* pointer;
};

Refused const refused[] = {
    {"bin_of_five", [](QrRequest& r) { r.bin = "97042"; }, Errc::invalid_input, "/bin"},
    {"bin_letters", [](QrRequest& r) { r.bin = "97042A"; }, Errc::invalid_input, "/bin"},
    {"account_empty", [](QrRequest& r) { r.account = ""; }, Errc::invalid_input, "/account"},
    {"account_of_twenty", [](QrRequest& r) { r.account = std::string(20, '1'); }, Errc::invalid_input, "/account"},
    {"account_with_space", [](QrRequest& r) { r.account = "12 34"; }, Errc::invalid_input, "/account"},
    {"amount_zero", [](QrRequest& r) { r.amount = Dong(); }, Errc::amount_not_positive, "/amount"},
    {"amount_negative", [](QrRequest& r) { r.amount = Dong(-1); }, Errc::amount_not_positive, "/amount"},
    {"amount_of_14_digits", [](QrRequest& r) { r.amount = Dong(10'000'000'000'000); }, Errc::amount_overflow, "/amount"},
    {"memo_of_26", [](QrRequest& r) { r.memo = std::string(26, 'a'); }, Errc::text_too_long, "/memo"},
    {"memo_of_signs", [](QrRequest& r) { r.memo = "!?"; }, Errc::invalid_input, "/memo"},
    {"memo_not_utf8", [](QrRequest& r) { r.memo = "\xff"; }, Errc::invalid_utf8, "/memo"},
    {"name_of_26", [](QrRequest& r) { r.name = std::string(26, 'a'); }, Errc::text_too_long, "/name"},
    {"city_of_16", [](QrRequest& r) { r.city = std::string(16, 'a'); }, Errc::text_too_long, "/city"},
    {"mcc_letters", [](QrRequest& r) { r.mcc = "58A2"; }, Errc::invalid_input, "/mcc"},
    {"merchant_without_name", [](QrRequest& r) { r.service = QrService::merchant_payment; }, Errc::invalid_input, "/name"},
};

class EncodeVietQrRefuses : public testing::TestWithParam<Refused> {};

TEST_P(EncodeVietQrRefuses, WithThePlace)
{
    auto r = request();
    GetParam().change(r);
    auto const payload = encode(r);
    ASSERT_FALSE(payload);
    EXPECT_EQ(payload.error().code, GetParam().code);
    EXPECT_EQ(payload.error().pointer, GetParam().pointer);
}

INSTANTIATE_TEST_SUITE_P(Rows, EncodeVietQrRefuses, testing::ValuesIn(refused), [](auto const& i) { return std::string(i.param.name); });

RC_GTEST_PROP(EncodeVietQr, IsReadBackAsItWasMeant, ())
{
    auto r = QrRequest(*rc::gen::container<std::string>(6, rc::gen::inRange('0', ':')),
                       *rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::elementOf(std::string("0123456789ABCxyz")))));
    RC_PRE(r.account.size() <= 19u);
    r.amount = Dong(*rc::gen::inRange<std::int64_t>(1, 10'000'000'000'000));
    r.memo = memo_for(OrderCode::draw(system_random()), *rc::gen::container<std::string>(rc::gen::inRange(' ', '~')));
    auto const payload = encode(r);
    RC_ASSERT(payload.has_value());
    auto const qr = decode_qr(*payload);
    RC_ASSERT(qr.has_value());
    RC_ASSERT(qr->issues.empty());
    RC_ASSERT(qr->vietqr()->acquirer == r.bin);
    RC_ASSERT(qr->vietqr()->account == r.account);
    RC_ASSERT(qr->amount == std::to_string(r.amount->count()));
    RC_ASSERT(*find(*qr->additional, "08") == r.memo);
    RC_ASSERT(std::ranges::is_sorted(qr->root));
}

TEST(MemoFor, PutsTheCodeFirstAndKeepsWholeWords)
{
    auto const code = *OrderCode::parse("CQ7K2M4X7");
    EXPECT_EQ(memo_for(code, ""), "CQ7K2M4X7");
    EXPECT_EQ(memo_for(code, "tiền cá, sạp 12"), "CQ7K2M4X7 tien ca sap 12");
    EXPECT_EQ(memo_for(code, "tiền cá, sạp 123"), "CQ7K2M4X7 tien ca sap 123");
    EXPECT_EQ(memo_for(code, "tiền cá, sạp 1234"), "CQ7K2M4X7 tien ca sap");
    EXPECT_EQ(memo_for(code, "motchuratlarataidanglam"), "CQ7K2M4X7");
}

TEST(QrService, NamesReadBack)
{
    for (auto const* name : {"QRIBFTTA", "QRIBFTTC", "QRPUSH", "QRCASH"}) EXPECT_EQ(name_of(*qr_service_named(name)), name);
    EXPECT_FALSE(qr_service_named("qrpush"));
}

}  // namespace
}  // namespace cho40::qr_pay
