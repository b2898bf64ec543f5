#include "adapters/xml/document.h"
#include "adapters/xml/writer.h"
#include <gtest/gtest.h>

namespace cho40::xml {
namespace {

TEST(Writer, WritesTheSameBytesEachTime)
{
    Writer w;
    w.open("a", {{"xmlns", "urn:x"}, {"b", "\"<&>\n"}});
    w.text("t", "5 < 6 & 7 > 3 \"đ\"");
    w.text("none", "");
    w.money("m", Dong(-1234567));
    w.flag("f", true);
    w.open("deep");
    w.empty("e", {{"id", "1"}});
    w.close();
    w.close();
    EXPECT_EQ(
        std::move(w).finish(),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a xmlns=\"urn:x\" b=\"&quot;&lt;&amp;>&#xA;\"><t>5 &lt; 6 &amp; 7 &gt; 3 \"đ\"</t><none/>"
        "<m>-1234567</m><f>true</f><deep><e id=\"1\"/></deep></a>");
}

TEST(Writer, WhatIsWrittenIsReadBack)
{
    std::string const text = "a\r\nb & <c> \"d\" 'e' ]]> đ";
    Writer w;
    w.text("t", text, {{"x", text}});
    auto const document = *Document::parse(std::move(w).finish());
    EXPECT_EQ(document.root().text(), text);
    EXPECT_EQ(document.root().attribute("x"), text);
}

}  // namespace
}  // namespace cho40::xml
