#include "adapters/documents/qr_picture.h"
#include "adapters/documents/stall_sign.h"
#include "qr-pay/stall_codes.h"
#include "qr-pay/vietqr.h"
#include "tests/unit/adapters/documents/readers.h"

namespace cho40::documents {
namespace {

using namespace literals;
using tests::Codes;

Day const day = Day::from(2026, 9, 22);

struct Payload {
    char const* what;
    std::string text;
};

std::string encoded(qr_pay::QrService service, std::optional<Dong> amount, std::string const& memo, std::string const& name = {},
                    std::string const& city = {})
{
    qr_pay::QrRequest request("970436", "1017595600");
    request.service = service;
    request.amount = amount;
    request.memo = memo;
    request.name = name;
    request.city = city;
    return *qr_pay::encode(request);
}

// The longest that encode() can be brought to write: every member at its limit.
std::string longest(qr_pay::QrService service)
{
    qr_pay::QrRequest request("970436", std::string(19, '8'));
    request.service = service;
    request.amount = 9999999999999_vnd;
    request.memo = "CQ7K2M4X7 " + std::string(15, 'm');
    request.name = std::string(25, 'N');
    request.city = std::string(15, 'C');
    request.mcc = "5411";
    request.reference_label = std::string(25, 'R');
    request.terminal_label = std::string(25, 'T');
    return *qr_pay::encode(request);
}

std::vector<Payload> payloads()
{
    using enum qr_pay::QrService;
    return {
        {"static", encoded(transfer_to_account, {}, "")},
        {"static with the stall's memo", encoded(transfer_to_account, {}, "SAP 12")},
        {"with an amount and an order code", encoded(transfer_to_account, 45000_vnd, "CQ7K2M4X7 tien ca")},
        {"one đồng", encoded(transfer_to_account, 1_vnd, "CQ7K2M4X7")},
        {"from a text with accents", encoded(transfer_to_account, 50000_vnd, "Tiền cá – Đợt 2!", "Cô Hạnh", "Hạ Long")},
        {"a merchant's", encoded(merchant_payment, {}, "SAP 12", "Co Hanh", "Ha Long")},
        {"the longest transfer", longest(transfer_to_account)},
        {"the longest of a merchant", longest(merchant_payment)},
        {"the longest of a cash machine", longest(cash)},
    };
}

StallSign sign_with(std::string transfer, std::string merchant = {})
{
    StallSign sign;
    sign.stall = "Cá tươi Bà Thế";
    sign.alias = "Sạp 12 · Stall 12";
    sign.market = "Chợ Hạ Long I";
    sign.transfer_code = std::move(transfer);
    sign.merchant_code = std::move(merchant);
    return sign;
}

std::string merchant_code() { return *qr_pay::merchant_sign_code({"970415", "M0000123456", "5411", "Co Hanh", "Ha Long"}, "SAP 12"); }
std::string transfer_code() { return *qr_pay::transfer_sign_code("970436", "1017595600", "SAP 12"); }

// Both readers, or the text says which one did not.
void expect_read(std::string const& png, Codes expected, std::string const& where)
{
    tests::PictureFile const file(png, ".png");
    std::ranges::sort(expected);
    EXPECT_EQ(tests::read_by_zbar(file.path()), expected) << "zbar, " << where;
    EXPECT_EQ(tests::read_by_zxing(file.path()), expected) << "zxing, " << where;
}

TEST(QrPictures, EveryPayloadIsPlainAsciiAndReadByBothReaders)
{
    for (auto const& [what, text] : payloads()) {
        EXPECT_TRUE(std::ranges::all_of(text, [](unsigned char c) { return c >= 0x20 && c < 0x7F; })) << what;
        expect_read(*qr_png(text), {text}, std::string(what) + ", png");
        expect_read(*qr_png(text, 3), {text}, std::string(what) + ", small png");
    }
}

TEST(StallSign, EverySignIsReadByBothReadersAsPrinted)
{
    for (auto const& [what, text] : payloads()) {
        auto const transfer = text.find("QRIBFTTA") != text.npos;
        if (!transfer && text.find("QRPUSH") == text.npos) continue;
        auto const sign = transfer ? sign_with(text) : sign_with({}, text);
        for (auto const& [size, name, dots] : {std::tuple(SignSize::a5, "A5", 100), std::tuple(SignSize::a6, "A6", 150)}) {
            expect_read(tests::rasterised(*stall_sign_pdf(sign, size, day), dots), {text}, std::string(what) + ", " + name);
        }
    }
}

TEST(StallSign, BothCodesOfASignForTouristsAreRead)
{
    for (auto const& [transfer, merchant] :
         {std::pair(transfer_code(), merchant_code()),
          std::pair(longest(qr_pay::QrService::transfer_to_account), longest(qr_pay::QrService::merchant_payment))}) {
        auto const sign = sign_with(transfer, merchant);
        expect_read(tests::rasterised(*stall_sign_pdf(sign, SignSize::a5, day), 150), {transfer, merchant}, "A5");
        expect_read(tests::rasterised(*stall_sign_pdf(sign, SignSize::a6, day), 200), {transfer, merchant}, "A6");
    }
}

// The text of the page with its line breaks made spaces: a name may have been wrapped.
std::string words_of(std::string const& pdf)
{
    auto text = tests::text_in_pdf(pdf);
    std::ranges::replace(text, '\n', ' ');
    return text;
}

TEST(StallSign, ItsTextCanBeSelectedAndSaysWhoIsPaid)
{
    auto const one = words_of(*stall_sign_pdf(sign_with(transfer_code()), SignSize::a5, day));
    for (auto const* wanted : {"Chợ Hạ Long I", "Cá tươi Bà Thế", "Sạp 12 · Stall 12", "Quét mã để trả tiền", "Scan to pay",
                               "Vietcombank · tài khoản …5600", "nhập số tiền", "enter the amount", "In 22/09/2026"}) {
        EXPECT_NE(one.find(wanted), one.npos) << wanted << "\n" << one;
    }
    EXPECT_LT(one.find("Quét mã để trả tiền"), one.find("Scan to pay"));
    EXPECT_EQ(one.find("1017595600"), one.npos) << "the whole number is in the code, not on the paper";
    EXPECT_EQ(one.find("nước ngoài"), one.npos);

    auto const two = words_of(*stall_sign_pdf(sign_with(transfer_code(), merchant_code()), SignSize::a6, day));
    for (auto const* wanted :
         {"Khách Việt Nam", "Khách nước ngoài", "Foreign visitors", "Vietcombank", "tài khoản …5600", "VietinBank", "mã đơn vị …3456"}) {
        EXPECT_NE(two.find(wanted), two.npos) << wanted << "\n" << two;
    }

    auto const fixed = words_of(
        *stall_sign_pdf(sign_with(encoded(qr_pay::QrService::transfer_to_account, 5000_vnd, "GUI XE")), SignSize::a5, day));
    EXPECT_NE(fixed.find("5.000 đ"), fixed.npos);
    EXPECT_NE(fixed.find("xem lại số tiền"), fixed.npos);
    EXPECT_EQ(fixed.find("nhập số tiền"), fixed.npos);
}

TEST(StallSign, ALongNameIsShownWholeAndTheCodeStaysReadable)
{
    auto sign = sign_with(transfer_code(), merchant_code());
    sign.stall = "Cơ sở kinh doanh hải sản tươi sống, khô và đông lạnh gia đình Nguyễn Thị Hoàng Ngọc Phương Thảo – chi nhánh Cẩm Phả số 2";
    sign.market = "Trung tâm thương mại – Chợ đầu mối nông sản, thủy hải sản và hàng tiêu dùng tổng hợp phường Cẩm Phả, tỉnh Quảng Ninh";
    for (auto size : {SignSize::a5, SignSize::a6}) {
        auto const pdf = *stall_sign_pdf(sign, size, day);
        auto const words = words_of(pdf);
        EXPECT_NE(words.find(sign.stall), words.npos) << words;
        EXPECT_NE(words.find(sign.market), words.npos) << words;
        expect_read(tests::rasterised(pdf, 200), {sign.transfer_code, sign.merchant_code}, "long name");
    }
    sign.stall = std::string(120, 'W');  // one word without a place to break it
    auto const text = tests::text_in_pdf(*stall_sign_pdf(sign, SignSize::a6, day));
    EXPECT_EQ(std::ranges::count(text, 'W'), 120) << text;
    for (auto const* added : {"W-", "W…"}) EXPECT_EQ(text.find(added), text.npos) << text;
}

TEST(StallSign, HidesNothingThatAnEyeDoesNotSee)
{
    auto sign = sign_with(transfer_code());
    sign.stall = "Bà Thế\u202E\u200B";
    EXPECT_NE(words_of(*stall_sign_pdf(sign, SignSize::a5, day)).find("Bà Thế<U+202E><U+200B>"), std::string::npos);
    sign.stall.clear();
    sign.alias.clear();
    sign.market.clear();
    EXPECT_NE(words_of(*stall_sign_pdf(sign, SignSize::a5, day)).find("Trả bằng mã QR"), std::string::npos);
}

TEST(StallSign, ShowsOfAShortNumberOnlyItsEnd)
{
    auto const words = words_of(*stall_sign_pdf(sign_with(*qr_pay::transfer_sign_code("970436", "A1B2", "")), SignSize::a5, day));
    EXPECT_NE(words.find("…B2"), words.npos) << words;
    EXPECT_EQ(words.find("A1B2"), words.npos);
}

TEST(StallSign, TheSameSignIsTheSameBytesAndItsFontsAreInIt)
{
    auto const sign = sign_with(transfer_code(), merchant_code());
    auto const pdf = *stall_sign_pdf(sign, SignSize::a5, day);
    EXPECT_EQ(pdf, *stall_sign_pdf(sign, SignSize::a5, day));
    EXPECT_NE(pdf, *stall_sign_pdf(sign, SignSize::a5, day.plus_days(1)));
    tests::PictureFile const file(pdf, ".pdf");
    auto const fonts = tests::output_of("pdffonts " + file.path() + " | tail -n +3 | awk '{print $(NF-4)}' | sort -u");
    EXPECT_EQ(fonts, "yes\n");
    for (auto const& [size, dimensions] : {std::pair(SignSize::a5, "419.528 x 595.276"), std::pair(SignSize::a6, "297.638 x 419.528")}) {
        tests::PictureFile const sized(*stall_sign_pdf(sign, size, day), ".pdf");
        auto const info = tests::output_of("pdfinfo " + sized.path());
        EXPECT_NE(info.find("Pages:           1\n"), info.npos) << info;
        EXPECT_NE(info.find(dimensions), info.npos) << info;
    }
}

TEST(StallSign, RefusesWhatIsNoCodeOfItsKind)
{
    auto const error = [](StallSign const& sign) {
        auto const pdf = stall_sign_pdf(sign, SignSize::a5, day);
        return pdf ? "none" : std::string(errc_name(pdf.error().code)) + " " + pdf.error().pointer;
    };
    EXPECT_EQ(error(sign_with("")), "invalid_input /transfer_code");
    EXPECT_EQ(error(sign_with("hello")), "invalid_input /transfer_code");
    EXPECT_EQ(error(sign_with(merchant_code())), "invalid_input /transfer_code");
    EXPECT_EQ(error(sign_with(transfer_code(), transfer_code())), "invalid_input /merchant_code");
    auto accents = std::string(
        "00020101021238540010A00000072701240006970422011001234567890208QRIBFTTA53037045405500005802VN5907Cô Hạnh62110807tiền cá6304AFA1");
    EXPECT_EQ(error(sign_with(accents)), "invalid_input /transfer_code") << "valid, but only ASCII is printed";
    auto sign = sign_with(transfer_code());
    sign.market = "\xff";
    EXPECT_EQ(error(sign), "invalid_utf8 ");
    EXPECT_EQ(sign_size_named("A6"), SignSize::a6);
    EXPECT_FALSE(sign_size_named("A4"));
}

}  // namespace
}  // namespace cho40::documents
