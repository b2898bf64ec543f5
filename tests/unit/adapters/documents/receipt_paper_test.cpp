#include "adapters/documents/receipt_paper.h"
#include "base/vietnamese_number.h"
#include "tests/unit/adapters/documents/readers.h"

namespace cho40::documents {
namespace {

using namespace literals;
using fees::Receipt;
using fees::ReceiptEntryKind;

constexpr std::array papers = {ReceiptPaper::a5, ReceiptPaper::a4, ReceiptPaper::slip_80mm, ReceiptPaper::slip_58mm};
constexpr std::string_view link = "https://cho40.example/verify?code=W3HT9KQ27MPA";

Receipt receipt()
{
    Receipt r{};
    r.number = {fees::ReceiptForm::no_printed_value, "26TBP", 12};
    r.issued_at = *parse_rfc3339("2026-11-22T03:18:00Z");
    r.collector_name = "Sở Tài chính - Phòng Đăng ký kinh doanh";
    r.collector_tax_code = "5701990026";
    r.collector_address = "phường Hạ Long, tỉnh Quảng Ninh";
    r.kind = fees::FeeKind::phi;
    r.payer_name = "Nguyễn Thị Thế";
    r.dossier_code = "H49.20-261122-0007";
    r.notice_code = "K7M2PQ94XYTB";
    r.lines = {{"BR_PUB", "Công bố nội dung đăng ký doanh nghiệp", "Publication", "2266", 100'000_vnd},
               {"BR_EXT", "Cung cấp thông tin doanh nghiệp", "Extract", "2266", 35'000_vnd}};
    r.total = 135'000_vnd;
    r.words = amount_in_words(r.total);
    r.lookup_code = "W3HT9KQ27MPA";
    r.digest = receipt_digest(r);
    return r;
}

// The text of the page with its line breaks made spaces: it may have been wrapped anywhere.
std::string words_of(Receipt const& r, ReceiptPaper paper, std::string const& signed_by = {})
{
    auto const pdf = receipt_pdf({r, std::string(link), signed_by}, paper);
    EXPECT_TRUE(pdf) << pdf.error().detail;
    auto text = tests::text_in_pdf(*pdf);
    std::ranges::replace(text, '\n', ' ');
    return text;
}

void expect_words(std::string const& text, std::initializer_list<char const*> wanted)
{
    for (auto const* one : wanted) EXPECT_NE(text.find(one), text.npos) << one << "\n" << text;
}

TEST(ReceiptPaper, SaysAllThatTheDecreeAsksForOnEveryPaper)
{
    for (auto const paper : papers) {
        expect_words(words_of(receipt(), paper, "CN=Trung tâm Phục vụ hành chính công"),
                     {"BIÊN LAI THU PHÍ",
                      "Mẫu số: EBL01",
                      "Ký hiệu: 26TBP",
                      "Số: 00000012",
                      "Sở Tài chính - Phòng Đăng ký kinh doanh",
                      "Mã số thuế: 5701990026",
                      "phường Hạ Long",
                      "Nguyễn Thị Thế",
                      "H49.20-261122-0007",
                      "K7M2-PQ94-XYTB",
                      "Công bố nội dung đăng ký doanh nghiệp",
                      "Cung cấp thông tin doanh nghiệp",
                      "2266",
                      "100.000 đ",
                      "35.000 đ",
                      "135.000 đ",
                      "Số tiền bằng chữ: Một trăm ba mươi lăm nghìn đồng.",
                      "Ngày 22 tháng 11 năm 2026",
                      "W3HT-9KQ2-7MPA",
                      "cho40.example/verify",
                      "Ký số bởi: CN=Trung tâm Phục vụ hành chính công"});
    }
}

TEST(ReceiptPaper, ACodeThatBothReadersReadLeadsToItsVerification)
{
    for (auto const paper : papers) {
        tests::PictureFile const picture(tests::rasterised(*receipt_pdf({receipt(), std::string(link), {}}, paper), 203), ".png");
        EXPECT_EQ(tests::read_by_zbar(picture.path()), tests::Codes{std::string(link)});
        EXPECT_EQ(tests::read_by_zxing(picture.path()), tests::Codes{std::string(link)});
    }
}

TEST(ReceiptPaper, SaysWhatBecameOfIt)
{
    auto cancelled = receipt();
    ASSERT_TRUE(cancel_receipt(cancelled, "thu nhầm hồ sơ"));
    auto replaced = receipt();
    ASSERT_TRUE(replace_receipt(replaced, {fees::ReceiptForm::no_printed_value, "26TBP", 15}, "sai tên người nộp"));
    auto replacing = receipt();
    replacing.replaces = fees::ReceiptNumber{fees::ReceiptForm::no_printed_value, "26TBP", 11};
    auto refunded = receipt();
    refunded.entries = {{ReceiptEntryKind::given_back, Uuid{{1}}, 35'000_vnd, {{2, 35'000_vnd}}, *parse_rfc3339("2026-11-23T01:00:00Z")}};
    auto charge = receipt();
    charge.kind = fees::FeeKind::le_phi;
    charge.delegate = fees::Delegate{"Bưu điện tỉnh Quảng Ninh", "539 Lê Thánh Tông"};
    for (auto const paper : papers) {
        expect_words(words_of(cancelled, paper), {"ĐÃ HỦY", "thu nhầm hồ sơ"});
        expect_words(words_of(replaced, paper), {"ĐÃ ĐƯỢC THAY THẾ bởi biên lai EBL01 26TBP 15", "sai tên người nộp"});
        expect_words(words_of(replacing, paper), {"Thay thế cho biên lai EBL01 26TBP 11"});
        expect_words(words_of(refunded, paper),
                     {"ĐÃ HOÀN 35.000 đ", "còn giá trị 100.000 đ", "23/11/2026 08:00: hoàn cho người nộp 35.000 đ"});
        expect_words(words_of(charge, paper), {"BIÊN LAI THU LỆ PHÍ", "Bưu điện tỉnh Quảng Ninh, 539 Lê Thánh Tông"});
        auto const live = words_of(receipt(), paper);
        for (auto const* never : {"HỦY", "THAY THẾ", "HOÀN", "Sau khi lập", "Ký số"}) EXPECT_EQ(live.find(never), live.npos) << never;
    }
}

TEST(ReceiptPaper, IsOnePageOfItsSizeHoweverMuchIsOnIt)
{
    auto longest = receipt();
    std::string const name =
        "Phí thẩm định hồ sơ cấp giấy chứng nhận đủ điều kiện kinh doanh có điều kiện đối với cơ sở sản xuất, chế biến ";
    longest.lines.assign(20, {"X", name + name, "X", "2266", 499'999'999_vnd});
    longest.collector_name = name;
    struct Size {
        ReceiptPaper paper;
        double width_mm;
        double height_mm;  // 0: any
    };
    for (auto const& [paper, width_mm, height_mm] : {Size{ReceiptPaper::a5, 148, 210}, Size{ReceiptPaper::a4, 210, 297},
                                                     Size{ReceiptPaper::slip_80mm, 80, 0}, Size{ReceiptPaper::slip_58mm, 58, 0}}) {
        for (auto const& r : {receipt(), longest}) {
            auto const pdf = *receipt_pdf({r, std::string(link), {}}, paper);
            tests::PictureFile const file(pdf, ".pdf");
            EXPECT_EQ(tests::output_of("pdfinfo " + file.path() + " | grep -c '^Pages: *1$'"), "1\n");
            auto const size = tests::output_of("pdfinfo " + file.path() + " | sed -n 's/^Page size: *//p'");
            double width = 0;
            double height = 0;
            ASSERT_EQ(std::sscanf(size.c_str(), "%lf x %lf", &width, &height), 2) << size;
            EXPECT_NEAR(width, width_mm / 25.4 * 72, 0.5);
            if (height_mm > 0) EXPECT_NEAR(height, height_mm / 25.4 * 72, 0.5);
            // The last thing on the page is on the page: nothing was pushed over its edge.
            EXPECT_NE(tests::text_in_pdf(pdf).find("SHA-256"), std::string::npos);
            tests::PictureFile const picture(tests::rasterised(pdf, 203), ".png");
            EXPECT_EQ(tests::read_by_zbar(picture.path()), tests::Codes{std::string(link)});
        }
    }
}

TEST(ReceiptPaper, TheSameReceiptIsTheSameBytesAndHidesNothing)
{
    auto r = receipt();
    EXPECT_EQ(*receipt_pdf({r, std::string(link), {}}, ReceiptPaper::a5), *receipt_pdf({r, std::string(link), {}}, ReceiptPaper::a5));
    r.payer_name = "Nguyễn\u202E Thế";
    expect_words(words_of(r, ReceiptPaper::slip_58mm), {"Nguyễn<U+202E> Thế"});
}

TEST(ReceiptPaper, AnotherPaperIsNone)
{
    EXPECT_EQ(receipt_paper_named("58mm"), ReceiptPaper::slip_58mm);
    for (auto const* name : {"", "A5", "letter", "100mm"}) EXPECT_FALSE(receipt_paper_named(name)) << name;
}

}  // namespace
}  // namespace cho40::documents
