#include "adapters/xml/document.h"
#include "adapters/xml/sign.h"
#include "adapters/xml/verify.h"
#include "tests/support/throwaway_identity.h"
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <unistd.h>

namespace cho40::xml {
namespace {

std::string const filing =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<HSoThueDTu xmlns=\"http://kekhaithue.gdt.gov.vn/TKhaiThue\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n"
    "  <HSoKhaiThue id=\"ID_1\"><tenNNT>Hộ kinh doanh Chợ Hạ Long &amp; con</tenNNT><CTiet id=\"ID_1\"/><ct28/></HSoKhaiThue>\n  <CKyDTu/>\n</HSoThueDTu>\n";

tests::ThrowawayIdentity const& identity()
{
    static auto const one = tests::make_throwaway_identity("MST:5709000030");
    return one;
}

FileSigner const& signer()
{
    static auto const one = *FileSigner::from_pem(Secret(identity().key_pem), identity().certificate_pem);
    return one;
}

VerifyReport verify_bytes(std::string const& bytes) { return verify(*Document::parse(bytes), {SystemClock().now(), {}}); }

// The xmlsec1 tool shares no code with ours: 0 when it accepts the document's `nth` signature.
int xmlsec1_verdict(std::string const& bytes, std::string const& id_element = "http://kekhaithue.gdt.gov.vn/TKhaiThue:HSoKhaiThue",
                    int nth = 1)
{
    auto const folder = std::filesystem::temp_directory_path() / ("cho40-xml-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "doc.xml", std::ios::binary) << bytes;
    std::ofstream(folder / "cert.pem", std::ios::binary) << identity().certificate_pem;
    auto const command = "xmlsec1 --verify --trusted-pem " + (folder / "cert.pem").string() + " --id-attr:id " + id_element +
                         " --node-xpath \"(//*[local-name()='Signature'])[" + std::to_string(nth) + "]\" " + (folder / "doc.xml").string() +
                         " >/dev/null 2>&1";
    auto const verdict = std::system(command.c_str());
    std::filesystem::remove_all(folder);
    return verdict;
}

TEST(Sign, IsAcceptedByAnIndependentTool)
{
    auto const bytes = sign(filing, signer());
    ASSERT_TRUE(bytes) << bytes.error().detail;
    EXPECT_EQ(xmlsec1_verdict(*bytes), 0);

    auto changed = *bytes;
    changed.replace(changed.find("Long"), 4, "Lonh");
    EXPECT_NE(xmlsec1_verdict(changed), 0);
    EXPECT_FALSE(verify_bytes(changed).ok);
}

TEST(Sign, LeavesEveryOtherByteAlone)
{
    for (auto const& form : {filing, "\xEF\xBB\xBF" + filing}) {
        auto const bytes = *sign(form, signer());
        auto const at = bytes.find("<ds:Signature");
        auto const end = bytes.find("</ds:Signature>") + 15;
        EXPECT_EQ(bytes.substr(0, at) + bytes.substr(end),
                  form.substr(0, form.find("<CKyDTu/>")) + "<CKyDTu></CKyDTu>" + form.substr(form.find("<CKyDTu/>") + 9));
    }
}

TEST(Sign, GivesTheSameBytesForTheSameInput) { EXPECT_EQ(*sign(filing, signer()), *sign(filing, signer())); }

TEST(Sign, FindsOrMakesThePlaceOfTheSignature)
{
    auto with = [](std::string const& text) {
        auto form = filing;
        form.replace(form.find("<CKyDTu/>"), 9, text);
        return form;
    };
    for (auto const* text : {"<CKyDTu />", "<CKyDTu></CKyDTu>", "<CKyDTu>\n</CKyDTu >", ""}) {
        auto const bytes = sign(with(text), signer());
        ASSERT_TRUE(bytes) << text << bytes.error().detail;
        EXPECT_EQ(xmlsec1_verdict(*bytes), 0) << text;
        EXPECT_EQ(Document::parse(*bytes)->root().children("CKyDTu").size(), 1u);
    }
}

TEST(Sign, ASecondSignatureDoesNotBreakTheFirst)
{
    auto const provider_identity = tests::make_throwaway_identity("MST:0107001729");
    auto const provider = *FileSigner::from_pem(Secret(provider_identity.key_pem), provider_identity.certificate_pem);
    auto const bytes = *sign(*sign(filing, provider), signer());
    auto const report = verify_bytes(bytes);
    EXPECT_TRUE(report.ok);
    ASSERT_EQ(report.signatures.size(), 2u);
    EXPECT_EQ(report.signatures[0].signer_code->code, "0107001729");
    EXPECT_EQ(report.signatures[1].signer_code->code, "5709000030");
    EXPECT_EQ(xmlsec1_verdict(bytes, "http://kekhaithue.gdt.gov.vn/TKhaiThue:HSoKhaiThue", 2), 0);
}

TEST(Sign, CarriesTheSigningTimeWhenAsked)
{
    auto const when = *parse_rfc3339("2026-10-12T01:02:03Z");
    auto const bytes = *sign(filing, signer(), {.signed_info = C14n::inclusive_with_comments, .signing_time = when});
    EXPECT_NE(bytes.find("<SigningTime>2026-10-12T08:02:03</SigningTime>"), bytes.npos);
    EXPECT_EQ(xmlsec1_verdict(bytes), 0);
    EXPECT_EQ(verify_bytes(bytes).signatures[0].signing_time, when);
}

TEST(Sign, SignsNoticesToo)
{
    std::string const notice =
        "<TBaoThueDTu xmlns=\"http://kekhaithue.gdt.gov.vn/TBaoThue\"><TBaoThue Id=\"_NODE_TO_SIGN\"><a/></TBaoThue></TBaoThueDTu>";
    auto const bytes = *sign(notice, signer());
    auto const report = verify_bytes(bytes);
    EXPECT_TRUE(report.ok);
    EXPECT_EQ(report.signatures[0].reference, "#_NODE_TO_SIGN");
}

TEST(Sign, RefusesWhatItCannotSignRightly)
{
    struct Row {
        char const* what;
        std::string text;
        Errc code;
    };
    for (auto const& row :
         {Row{"not XML", "x", Errc::xml_malformed}, Row{"a DOCTYPE", "<!DOCTYPE a><a/>", Errc::xml_forbidden},
          Row{"another document", "<a/>", Errc::signature_invalid},
          Row{"no id", "<HSoThueDTu xmlns=\"urn:x\"><HSoKhaiThue/></HSoThueDTu>", Errc::signature_invalid},
          Row{"two parts", "<HSoThueDTu xmlns=\"urn:x\"><HSoKhaiThue id=\"a\"/><HSoKhaiThue id=\"b\"/></HSoThueDTu>",
              Errc::signature_invalid},
          Row{"an id twice", "<HSoThueDTu xmlns=\"urn:x\"><HSoKhaiThue id=\"a\"/><X id=\"a\"/></HSoThueDTu>", Errc::signature_invalid},
          Row{"a prefix", "<t:HSoThueDTu xmlns:t=\"urn:x\"><t:HSoKhaiThue id=\"a\"/></t:HSoThueDTu>", Errc::signing_failed},
          Row{"text after the root", filing + "<!-- more -->", Errc::signing_failed},
          Row{"a part in a comment", "<HSoThueDTu xmlns=\"urn:x\"><HSoKhaiThue id=\"a\"/><CKyDTu/><!-- <b/> --></HSoThueDTu>",
              Errc::internal_error},
          Row{"an invoice", "<HDon><DLHDon Id=\"a\"/></HDon>", Errc::signing_failed}}) {
        auto const bytes = sign(row.text, signer());
        ASSERT_FALSE(bytes) << row.what;
        EXPECT_EQ(errc_name(bytes.error().code), errc_name(row.code)) << row.what << ": " << bytes.error().detail;
    }
}

TEST(FileSigner, RefusesKeysThatAreNoGood)
{
    auto const other = tests::make_throwaway_identity("MST:0107001729");
    auto const weak = tests::make_throwaway_identity("MST:0107001729", 1024);
    EXPECT_EQ(FileSigner::from_pem(Secret(other.key_pem), identity().certificate_pem).error().code, Errc::certificate_mismatch);
    EXPECT_EQ(FileSigner::from_pem(Secret(weak.key_pem), weak.certificate_pem).error().code, Errc::signing_failed);
    EXPECT_EQ(FileSigner::from_pem(Secret("x"), other.certificate_pem).error().code, Errc::signing_failed);
    EXPECT_EQ(FileSigner::from_pem(Secret(other.key_pem), "x").error().code, Errc::invalid_input);
}

}  // namespace
}  // namespace cho40::xml
