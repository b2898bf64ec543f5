#include "adapters/xml/sign.h"
#include "adapters/xml/verify.h"
#include "base/digest.h"
#include "tests/support/source_tree.h"
#include "tests/support/throwaway_identity.h"
#include <algorithm>
#include <fstream>
#include <gtest/gtest.h>

namespace cho40::xml {
namespace {

std::string sample(std::string const& name)
{
    std::ifstream in(tests::test_data() / "etax" / name, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
}

VerifyReport report_on(std::string const& bytes, std::vector<Certificate> anchors = {})
{
    return verify(*Document::parse(bytes), {*parse_rfc3339("2026-11-23T00:00:00Z"), std::move(anchors)});
}

std::string replaced(std::string text, std::string_view from, std::string_view to)
{
    auto const at = text.find(from);
    EXPECT_NE(at, text.npos) << from;
    return text.replace(at, from.size(), to);
}

bool warns(SignatureReport const& report, std::string_view warning)
{
    return std::ranges::find(report.warnings, warning) != report.warnings.end();
}

std::string const good = sample("05-hsothuedtu-profile-rsa-sha256-resigned.xml");

TEST(Verify, AcceptsTheSignedSample)
{
    auto const report = report_on(good);
    EXPECT_TRUE(report.ok);
    ASSERT_EQ(report.signatures.size(), 1u);
    auto const& s = report.signatures[0];
    EXPECT_TRUE(s.valid) << s.why;
    EXPECT_EQ(s.reference, "#ID_1");
    EXPECT_EQ(s.algorithm, "rsa-sha256");
    EXPECT_EQ(s.digest, "sha256");
    EXPECT_EQ(s.signer, "UID=MST:5709000030,CN=CONG TY MAU HA LONG (TEST ONLY),L=QUANG NINH,C=VN");
    EXPECT_EQ(s.signer_code->kind, "MST");
    EXPECT_EQ(s.signer_code->code, "5709000030");
    EXPECT_EQ(s.warnings, std::vector<std::string>{"issuer_not_checked"});
}

TEST(Verify, RefusesTheTamperedSample)
{
    auto const report = report_on(sample("06-hsothuedtu-tampered-must-fail.xml"));
    EXPECT_FALSE(report.ok);
    EXPECT_NE(report.signatures[0].why.find("digest"), std::string::npos);
    EXPECT_FALSE(report.signatures[0].signer.empty());
}

TEST(Verify, SaysThatAnUnsignedDocumentIsUnsigned)
{
    auto const report = report_on(sample("03-hsothuedtu-01gtgt-htkk469-redacted.xml"));
    EXPECT_FALSE(report.ok);
    EXPECT_EQ(report.why, "the document is not signed");
}

TEST(Verify, AsksWhoIssuedTheCertificateWhenAnchorsAreGiven)
{
    auto const own = *Certificate::from_pem(sample("test-signer-cert.pem"));
    auto const foreign = *Certificate::from_pem(tests::make_throwaway_identity("MST:0107001729").certificate_pem);
    EXPECT_TRUE(report_on(good, {own}).ok);
    EXPECT_EQ(report_on(good, {own}).signatures[0].trusted, true);
    EXPECT_FALSE(report_on(good, {foreign}).ok);
}

TEST(Verify, FlagsACertificateOutOfItsTime)
{
    auto const report = verify(*Document::parse(good), {*parse_rfc3339("2021-02-19T00:00:00Z"), {}});
    EXPECT_TRUE(report.ok);
    EXPECT_TRUE(warns(report.signatures[0], "certificate_not_valid_at_signing"));
}

TEST(Verify, RefusesEveryWayOfDeceiving)
{
    struct Row {
        char const* what;
        std::string text;
    };
    auto const signed_info = [](std::string_view from, std::string_view to) { return replaced(good, from, to); };
    auto const part_begin = good.find("<HSoKhaiThue"), part_end = good.find("</HSoKhaiThue>") + 14;
    auto const part = good.substr(part_begin, part_end - part_begin);
    auto const false_part = replaced(part, "<ct25>3000000<", "<ct25>1<");
    auto moved = good;
    moved.replace(part_begin, part.size(), false_part);
    for (auto const& row : {
             Row{"the true part moved into an Object, a false one in its place",
                 replaced(moved, "</ds:KeyInfo>", "</ds:KeyInfo><ds:Object Id=\"ID_1\">" + part + "</ds:Object>")},
             Row{"the true part beside a false one", replaced(good, "<HSoKhaiThue", replaced(false_part, "ID_1", "ID_2") + "<HSoKhaiThue")},
             Row{"the true part as another child of the root",
                 replaced(moved, "<CKyDTu>", replaced(replaced(part, "<HSoKhaiThue", "<Khac"), "</HSoKhaiThue", "</Khac") + "<CKyDTu>")},
             Row{"a reference that covers only a row",
                 replaced(replaced(good, "URI=\"#ID_1\"", "URI=\"#ROW\""), "<CTieuTKhaiChinh>", "<CTieuTKhaiChinh id=\"ROW\">")},
             Row{"a reference to the whole document", signed_info("URI=\"#ID_1\"", "URI=\"\"")},
             Row{"a reference to a file", signed_info("URI=\"#ID_1\"", "URI=\"file:///etc/passwd\"")},
             Row{"an XPointer", signed_info("URI=\"#ID_1\"", "URI=\"#xpointer(id('ID_1'))\"")},
             Row{"a transform that runs code",
                 signed_info("http://www.w3.org/2000/09/xmldsig#enveloped-signature", "http://www.w3.org/TR/1999/REC-xslt-19991116")},
             Row{"a MAC instead of a signature",
                 signed_info("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2000/09/xmldsig#hmac-sha1")},
             Row{"MD5", signed_info("http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2001/04/xmldsig-more#md5")},
             Row{"an unknown canonicalisation",
                 signed_info("http://www.w3.org/TR/2001/REC-xml-c14n-20010315", "http://www.w3.org/2006/12/xml-c14n11")},
             Row{"a changed signature value", signed_info("qtb+/6Z2", "qtb+/6Z3")},
             Row{"a broken signature value", signed_info("qtb+/6Z2", "****")},
             Row{"no certificate",
                 replaced(replaced(good, "<ds:X509Certificate>", "<ds:X509SKI>"), "</ds:X509Certificate>", "</ds:X509SKI>")},
             Row{"a broken certificate", signed_info("<ds:X509Certificate>MIID", "<ds:X509Certificate>AAAA")},
             Row{"no SignedInfo", replaced(replaced(good, "<ds:SignedInfo>", "<ds:Info>"), "</ds:SignedInfo>", "</ds:Info>")},
             Row{"no reference",
                 [] {
                     auto text = good;
                     auto const from = text.find("<ds:Reference"), to = text.find("</ds:Reference>") + 15;
                     return text.erase(from, to - from);
                 }()},
         }) {
        auto const document = Document::parse(row.text);
        ASSERT_TRUE(document) << row.what;
        auto const report = verify(*document, {*parse_rfc3339("2026-11-23T00:00:00Z"), {}});
        EXPECT_FALSE(report.ok) << row.what;
        EXPECT_FALSE(report.why.empty() && report.signatures[0].why.empty()) << row.what;
    }
}

TEST(Verify, RefusesACertificateOfAnotherKey)
{
    auto const other = *Certificate::from_pem(tests::make_throwaway_identity("MST:0107001729").certificate_pem);
    auto const from = good.find("<ds:X509Certificate>") + 20, to = good.find("</ds:X509Certificate>");
    auto text = good;
    text.replace(from, to - from, to_base64(other.der()));
    EXPECT_FALSE(report_on(text).ok);
}

TEST(Verify, ReadsACommentInAFigureTheWayItWasSigned)
{
    // Canonical XML drops the comment, so the signature holds; the reader must then see the whole figure.
    auto const text = replaced(good, "<ct25>3000000<", "<ct25>300<!-- x -->0000<");
    EXPECT_TRUE(report_on(text).ok);
    EXPECT_EQ(Document::parse(text)->root().descendants("ct25")[0].value(), "3000000");
}

// A document signed with SHA-1 the way software of 2021 did, made with the independent tool.
TEST(Verify, AcceptsSha1OfOldDocumentsWithAWarning)
{
    auto const identity = tests::make_throwaway_identity("MST:5709000030");
    auto const key = testing::TempDir() + "/cho40-old.key", doc = testing::TempDir() + "/cho40-old.xml",
               out = testing::TempDir() + "/cho40-old-signed.xml";
    std::ofstream(key) << identity.key_pem;
    std::ofstream(key + ".crt") << identity.certificate_pem;
    auto const from = good.find("<ds:KeyInfo>"), to = good.find("</ds:KeyInfo>");
    auto text = good;
    text.replace(from, to - from, "<ds:KeyInfo><ds:X509Data/>");
    text = replaced(text, "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2000/09/xmldsig#rsa-sha1");
    text = replaced(text, "http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2000/09/xmldsig#sha1");
    text = replaced(text, "REC-xml-c14n-20010315", "REC-xml-c14n-20010315#WithComments");
    for (auto const* tag : {"DigestValue", "SignatureValue"}) {
        auto const begin = text.find("<ds:" + std::string(tag) + ">") + std::string(tag).size() + 5,
                   end = text.find("</ds:" + std::string(tag));
        text.erase(begin, end - begin);
    }
    std::ofstream(doc, std::ios::binary) << text;
    auto const command = "xmlsec1 --sign --privkey-pem " + key + "," + key +
                         ".crt --id-attr:id http://kekhaithue.gdt.gov.vn/TKhaiThue:HSoKhaiThue --output " + out + " " + doc +
                         " 2>/dev/null";
    ASSERT_EQ(std::system(command.c_str()), 0);
    std::ifstream in(out, std::ios::binary);
    auto const report = report_on(std::string(std::istreambuf_iterator<char>(in), {}));
    ASSERT_EQ(report.signatures.size(), 1u);
    EXPECT_TRUE(report.ok) << report.signatures[0].why;
    EXPECT_EQ(report.signatures[0].algorithm, "rsa-sha1");
    EXPECT_TRUE(warns(report.signatures[0], "sha1"));
    for (auto const& file : {key, key + ".crt", doc, out}) std::remove(file.c_str());
}

}  // namespace
}  // namespace cho40::xml
