#include "adapters/xml/canonical.h"
#include "adapters/xml/signed_kinds.h"
#include "base/digest.h"
#include "base/text.h"
#include <gtest/gtest.h>
#include <openssl/evp.h>

namespace cho40::xml {
namespace {

std::string const filing =
    "<HSoThueDTu xmlns=\"http://kekhaithue.gdt.gov.vn/TKhaiThue\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">"
    "<HSoKhaiThue id=\"ID_1\"><tenNNT>Hộ kinh doanh Chợ Hạ Long</tenNNT><ct28/></HSoKhaiThue><CKyDTu/></HSoThueDTu>";

std::string base64_digest(std::string const& bytes, EVP_MD const* md)
{
    std::string out(64, '\0');
    unsigned size = 0;
    EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(out.data()), &size, md, nullptr);
    return to_base64(out.substr(0, size));
}

std::string octets(std::string const& text, C14n method)
{
    auto const document = *Document::parse(text);
    return *canonical(document, find_signed_part(document)->element, method);
}

std::string in_nfd(std::string text)
{
    // The one text of the vector, letter by letter decomposed.
    auto replace = [&text](std::string_view from, std::string_view to) {
        for (auto at = text.find(from); at != text.npos; at = text.find(from, at + to.size())) text.replace(at, from.size(), to);
    };
    replace("ộ", "o\u0323\u0302");
    replace("ợ", "o\u031B\u0323");
    replace("ạ", "a\u0323");
    return text;
}

TEST(Canonical, AgreesWithThePublishedDigestVectors)
{
    auto const correct = octets(filing, C14n::inclusive);
    EXPECT_EQ(correct.size(), 199u);
    EXPECT_EQ(
        correct,
        "<HSoKhaiThue xmlns=\"http://kekhaithue.gdt.gov.vn/TKhaiThue\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" id=\"ID_1\">"
        "<tenNNT>Hộ kinh doanh Chợ Hạ Long</tenNNT><ct28></ct28></HSoKhaiThue>");
    EXPECT_EQ(base64_digest(correct, EVP_sha256()), "12EI5lCbLLn5VQImVObJTqJr8tWACYWY3JlAzN73Vq8=");
    EXPECT_EQ(base64_digest(correct, EVP_sha1()), "iICPLpEJndk5q50h9Vdvl2Y15FE=");

    auto const nfd = octets(in_nfd(filing), C14n::inclusive);
    EXPECT_EQ(nfd.size(), 203u);
    EXPECT_EQ(base64_digest(nfd, EVP_sha256()), "wsUvUX4i4SvP82sz7+D2d5nWLxURJAVjkEnnIN/0Ybc=");
    EXPECT_EQ(base64_digest(nfd, EVP_sha1()), "uS+p38v8PGidoG1yQYqLEWNyG28=");

    auto const exclusive = octets(filing, C14n::exclusive);
    EXPECT_EQ(base64_digest(exclusive, EVP_sha256()), "YHtKik0JImgRixWiQd6QXfjHqyEBIKfF2z+Kjk966q0=");
    EXPECT_EQ(base64_digest(exclusive, EVP_sha1()), "KR8kF06X3XAJ+yC2S1fqZ6coUJU=");
}

TEST(Canonical, DependsOnTheNamespacesAround)
{
    auto wrapped = filing;
    wrapped.replace(wrapped.find(" xmlns:xsi"), 0, " xmlns:env=\"urn:envelope\"");
    EXPECT_NE(octets(wrapped, C14n::inclusive), octets(filing, C14n::inclusive));
    EXPECT_EQ(octets(wrapped, C14n::exclusive), octets(filing, C14n::exclusive));
}

TEST(Canonical, LeavesOutCommentsUnlessAsked)
{
    auto commented = filing;
    commented.replace(commented.find("<ct28/>"), 0, "<!-- c -->");
    EXPECT_EQ(octets(commented, C14n::inclusive), octets(filing, C14n::inclusive));
    EXPECT_NE(octets(commented, C14n::inclusive_with_comments), octets(filing, C14n::inclusive));
}

}  // namespace
}  // namespace cho40::xml
