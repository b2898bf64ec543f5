#include "adapters/receipts/receipt_xml.h"
#include "adapters/receipts/signed_papers.h"
#include "adapters/xml/verify.h"
#include "tests/support/run.h"
#include "tests/unit/adapters/receipts/samples.h"
#include <gtest/gtest.h>

namespace cho40::receipts {
namespace {

using fees::Receipt;
using tests::sample_receipt;
using tests::xmlsec1_verdict;

std::string const part = std::string(receipt_namespace) + ":BLai";

// Signed as the service does it, beside the loop.
Result<fees::SignedFile> signed_file(Receipt const& receipt, std::shared_ptr<xml::Signer const> signer)
{
    boost::asio::thread_pool computing(1);
    SystemClock const clock;
    SignedPapers const papers(computing, std::move(signer), clock);
    return tests::run(papers.sign_receipt(receipt));
}

std::shared_ptr<xml::Signer const> signer() { return std::make_shared<xml::FileSigner>(tests::sample_signer()); }

TEST(ReceiptXml, HoldsEveryFieldOfTheReceipt)
{
    auto r = sample_receipt();
    r.replaces = fees::ReceiptNumber{fees::ReceiptForm::no_printed_value, "26TBP", 11};
    r.delegate = fees::Delegate{"Bưu điện tỉnh", "539 Lê Thánh Tông"};
    auto const document = xml::Document::parse(receipt_xml(r));
    ASSERT_TRUE(document) << document.error().detail;
    auto const receipt = document->root().child("BLai");
    auto const heading = receipt.child("TTChung");
    EXPECT_EQ(heading.child("TBLai").value(), "Biên lai thu phí");
    EXPECT_EQ(heading.child("KHMSBLai").value(), "EBL01");
    EXPECT_EQ(heading.child("KHBLai").value(), "26TBP");
    EXPECT_EQ(heading.child("SBLai").value(), "12");
    EXPECT_EQ(heading.child("NLap").value(), "2026-11-22");
    EXPECT_EQ(heading.child("DVTTe").value(), "VND");
    EXPECT_EQ(heading.child("BLLQuan").child("SBLai").value(), "11");
    EXPECT_EQ(receipt.child("NThu").child("Ten").value(), r.collector_name);
    EXPECT_EQ(receipt.child("NThu").child("MST").value(), "5701990026");
    EXPECT_EQ(receipt.child("NThu").child("DChi").value(), r.collector_address);
    EXPECT_EQ(receipt.child("NUQThu").child("Ten").value(), "Bưu điện tỉnh");
    EXPECT_EQ(receipt.child("NNop").child("Ten").value(), r.payer_name);
    EXPECT_EQ(receipt.child("NNop").child("MHSo").value(), r.dossier_code);
    auto const line = receipt.child("DSKThu").child("KThu");
    EXPECT_EQ(line.child("TKThu").value(), r.lines[0].name_vi);
    EXPECT_EQ(line.child("TMuc").value(), "2266");
    EXPECT_EQ(line.child("STien").value(), "100000");
    EXPECT_EQ(receipt.child("TToan").child("TgTien").value(), "100000");
    EXPECT_EQ(receipt.child("TToan").child("TgTienChu").value(), "một trăm nghìn đồng");
    EXPECT_EQ(receipt.child("DauNDung").value(), r.digest);
}

TEST(ReceiptXml, IsTheSameWhateverBecomesOfTheReceipt)
{
    auto const issued = sample_receipt();
    auto later = issued;
    later.entries = {{fees::ReceiptEntryKind::given_back, Uuid{{1}}, Dong(100'000), {{1, Dong(100'000)}}, later.issued_at}};
    ASSERT_TRUE(cancel_receipt(later, "thu nhầm"));
    EXPECT_EQ(receipt_xml(later), receipt_xml(issued));
}

TEST(SignedReceipt, IsAcceptedByAnIndependentToolAndNotOnceChanged)
{
    auto const file = signed_file(sample_receipt(), signer());
    ASSERT_TRUE(file) << file.error().detail;
    EXPECT_EQ(xmlsec1_verdict(file->xml, part), 0);
    EXPECT_EQ(to_hex(sha256(file->xml)), to_hex(file->digest));
    EXPECT_EQ(file->signed_by, tests::sample_signer().certificate().subject());

    auto const report = xml::verify(*xml::Document::parse(file->xml), {SystemClock().now(), {}});
    ASSERT_EQ(report.signatures.size(), 1u);
    EXPECT_TRUE(report.ok) << report.why;
    EXPECT_EQ(report.signatures[0].algorithm, "rsa-sha256");
    EXPECT_EQ(report.signatures[0].signer_code->code, "5700100000");

    for (auto const& [what, instead] : {std::pair("<STien>100000<", "<STien>900000<"), std::pair("<SBLai>12<", "<SBLai>13<")}) {
        auto changed = file->xml;
        auto const at = changed.find(what);
        ASSERT_NE(at, changed.npos) << what;
        changed.replace(at, std::string_view(what).size(), instead);
        EXPECT_NE(xmlsec1_verdict(changed, part), 0) << what;
        EXPECT_FALSE(xml::verify(*xml::Document::parse(changed), {SystemClock().now(), {}}).ok);
    }
}

TEST(SignedReceipt, WithoutACertificateNothingIsSigned)
{
    auto const file = signed_file(sample_receipt(), nullptr);
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code, Errc::signing_failed);
}

}  // namespace
}  // namespace cho40::receipts
