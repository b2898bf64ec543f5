#include "adapters/xml/document.h"
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace cho40::xml {
namespace {

TEST(Document, ReadsElementsWhereverTheyStand)
{
    auto const document = *Document::parse(
        "\xEF\xBB\xBF<?xml version=\"1.0\"?>\n<a xmlns=\"urn:x\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n"
        " <b Id=\"1\">  x<!-- y --><![CDATA[z]]> </b><c xsi:nil=\"true\"/><b/>\n</a>");
    auto const root = document.root();
    EXPECT_EQ(root.name(), "a");
    EXPECT_EQ(root.ns(), "urn:x");
    EXPECT_EQ(root.child("b").value(), "xz");
    EXPECT_EQ(root.child("b").attribute("Id"), "1");
    EXPECT_EQ(root.child("b").attribute("id"), std::nullopt);
    EXPECT_EQ(root.child("b").line(), 3);
    EXPECT_TRUE(root.child("c").is_nil());
    EXPECT_FALSE(root.child("b").is_nil());
    EXPECT_EQ(root.children("b").size(), 2u);
    EXPECT_EQ(root.descendants("b").size(), 2u);
    EXPECT_EQ(root.child("no").child("no").text(), "");
    EXPECT_FALSE(root.child("no"));
}

TEST(Document, RefusesWhatCouldReachOutOrExplode)
{
    struct Row {
        std::string text;
        Errc code;
    };
    std::string deep;
    for (int i = 0; i < 100; ++i) deep += "<a>";
    for (int i = 0; i < 100; ++i) deep += "</a>";
    for (auto const& row :
         {Row{"<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", Errc::xml_forbidden},
          Row{"<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>", Errc::xml_forbidden},
          Row{"<?xml version=\"1.0\"?>\n<!DOCTYPE a PUBLIC \"x\" \"http://127.0.0.1/x\"><a/>", Errc::xml_forbidden},
          Row{deep, Errc::xml_forbidden}, Row{"<a>&unknown;</a>", Errc::xml_malformed}, Row{"<a><b></a>", Errc::xml_malformed},
          Row{"<a b='1' b='2'/>", Errc::xml_malformed}, Row{"", Errc::xml_malformed}, Row{"plain", Errc::xml_malformed},
          Row{"<a/><b/>", Errc::xml_malformed}, Row{"<a>\xff</a>", Errc::xml_malformed}}) {
        auto const document = Document::parse(row.text);
        ASSERT_FALSE(document) << row.text.substr(0, 60);
        EXPECT_EQ(document.error().code, row.code) << row.text.substr(0, 60) << document.error().detail;
    }
    EXPECT_EQ(Document::parse("<a/>", {.bytes = 3, .depth = 64}).error().code, Errc::xml_forbidden);
}

TEST(Document, SaysOnWhichLineItIsBroken) { EXPECT_EQ(Document::parse("<a>\n<b>\n</a>").error().pointer, "line 3"); }

RC_GTEST_PROP(DocumentProperty, NoBytesHurt, (std::string const& bytes))
{
    (void)Document::parse(bytes);  // only that it returns
    (void)Document::parse("<a>" + bytes + "</a>");
}

}  // namespace
}  // namespace cho40::xml
