#include "tests/unit/adapters/statements/camt_text.h"
#include <filesystem>
#include <gtest/gtest.h>

// Files made to hurt, and files that are only odd.
namespace cho40::statements {
namespace {

using namespace camt_text;
using tests::read_camt_document;

std::string with(std::string text, std::string const& from, std::string const& to)
{
    for (std::size_t at = 0; (at = text.find(from, at)) != text.npos; at += to.size()) text.replace(at, from.size(), to);
    return text;
}

// UTF-16 of ASCII.
std::string wide(std::string const& ascii, bool big_endian, bool mark)
{
    std::string out;
    auto const put = [&](unsigned char high, unsigned char low) {
        out += static_cast<char>(big_endian ? high : low);
        out += static_cast<char>(big_endian ? low : high);
    };
    if (mark) put(0xFE, 0xFF);
    for (char c : ascii) put(0, static_cast<unsigned char>(c));
    return out;
}

void expect_refused(char const* what, std::string const& bytes, Errc code, char const* line = nullptr)
{
    for (std::size_t const piece : {std::string::npos, std::size_t{1000}, std::size_t{7}}) {
        if (bytes.size() / piece > 100'000) continue;  // long files are not read by the handful
        auto const document = read_camt_document(bytes, piece);
        ASSERT_FALSE(document) << what;
        EXPECT_EQ(errc_name(document.error().code), errc_name(code)) << what << ": " << document.error().detail;
        if (line != nullptr) EXPECT_EQ(document.error().pointer, line) << what;
        EXPECT_TRUE(document.error().pointer.starts_with("line ")) << what;
    }
}

TEST(CamtHostile, EntitiesAndDocumentTypesAreRefusedUnread)
{
    auto const good = statement(entry("1", "<AddtlNtryInf>&lol9;</AddtlNtryInf>"));
    std::string laughs = "<?xml version=\"1.0\"?>\n<!DOCTYPE Document [\n<!ENTITY lol \"lol\">\n";
    for (int i = 1; i < 10; ++i) {
        auto const before = i == 1 ? std::string("&lol;") : "&lol" + std::to_string(i - 1) + ";";
        laughs += "<!ENTITY lol" + std::to_string(i) + " \"";
        for (int j = 0; j < 10; ++j) laughs += before;
        laughs += "\">\n";
    }
    expect_refused("billion laughs", laughs + "]>\n" + good, Errc::xml_forbidden);
    auto const secret = std::filesystem::temp_directory_path() / "cho40_camt_secret";
    std::ofstream(secret) << "s3cret";
    for (auto const& type : {"<!DOCTYPE Document [<!ENTITY lol9 SYSTEM \"file://" + secret.string() + "\">]>\n",
                             std::string("<!DOCTYPE Document SYSTEM \"http://127.0.0.1:1/x.dtd\">\n"),
                             std::string("<!DOCTYPE Document PUBLIC \"-//X\" \"http://127.0.0.1:1/x.dtd\" [<!ENTITY % p SYSTEM "
                                         "\"http://127.0.0.1:1/p\"> %p;]>\n"),
                             std::string("<!DOCTYPE Document [<!ATTLIST Amt Ccy CDATA \"VND\">]>\n")}) {
        expect_refused(type.c_str(), type + good, Errc::xml_forbidden, "line 1");
    }
    std::filesystem::remove(secret);
    expect_refused("an entity nobody declared", good, Errc::xml_malformed);
}

TEST(CamtHostile, AnIncludeIsNotFollowed)
{
    auto const path = std::filesystem::temp_directory_path() / "cho40_camt_include";
    std::ofstream(path) << "s3cret";
    auto const document = read_camt_document(
        statement(entry("1", "<AddtlNtryInf><xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" parse=\"text\" href=\"file://" +
                                 path.string() + "\"/></AddtlNtryInf>")));
    std::filesystem::remove(path);
    ASSERT_TRUE(document) << document.error().detail;
    EXPECT_EQ(document->statements[0].entries[0].additional, "");
}

TEST(CamtHostile, NothingGrowsWithoutBound)
{
    std::string deep = "<Document><BkToCstmrStmt><Stmt>";
    for (int i = 0; i < 100'000; ++i) deep += "<a>";
    expect_refused("deep nesting", deep, Errc::xml_forbidden, "line 1");
    std::string const megabytes(12u << 20, 'x');
    expect_refused("a text of megabytes", statement(entry("1", "<AddtlNtryInf>" + megabytes)), Errc::xml_forbidden, "line 1");
    expect_refused("a text nobody asks for", statement(entry("1", "<Nobody>" + megabytes)), Errc::xml_forbidden, "line 1");
    expect_refused("an attribute of megabytes", statement("<Ntry a=\"" + megabytes + "\"/>"), Errc::xml_malformed);
    expect_refused("a name of megabytes", statement("<" + megabytes + "/>"), Errc::xml_malformed);
    std::string payments = "<NtryDtls>";
    for (std::size_t kept = 0; kept <= camt_entry_bytes_max; kept += sizeof(CamtTransaction)) payments += "<TxDtls/>";
    expect_refused("an entry that is a file of its own", statement(entry("1", payments)), Errc::xml_forbidden);
}

TEST(CamtHostile, TruncatedAnywhereIsNotWellFormed)
{
    auto const whole = sample("genkgo-camt054.v4.xml");
    auto const end = whole.rfind('>');
    for (std::size_t size = 0; size < end; size += 97) { expect_refused("cut", whole.substr(0, size), Errc::xml_malformed); }
    expect_refused("something behind the end", whole + "<Document/>", Errc::xml_malformed);
}

TEST(CamtHostile, EncodingsAreWhatTheFileSays)
{
    auto const bytes = statement(entry("5", "<AddtlNtryInf>tra tien</AddtlNtryInf>"));
    auto const ok = [](std::string const& text, std::string const& narrative) {
        for (std::size_t const piece : {std::string::npos, std::size_t{1}, std::size_t{3}}) {
            auto const document = read_camt_document(text, piece);
            ASSERT_TRUE(document) << document.error().detail;
            EXPECT_EQ(document->statements[0].entries[0].additional, narrative);
        }
    };
    ok("\xEF\xBB\xBF" + bytes, "tra tien");
    ok(wide(bytes, false, true), "tra tien");
    ok(wide(bytes, true, true), "tra tien");
    ok(wide("<?xml version=\"1.0\" encoding=\"UTF-16\"?>" + bytes, false, true), "tra tien");
    ok("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" + with(bytes, "tra", "tr\xE0"), "trà tien");
    expect_refused("bytes that are no UTF-8", with(bytes, "tra", "tr\xE0"), Errc::xml_malformed, "line 1");
    expect_refused("UTF-8 that only says UTF-16", "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\n" + with(bytes, "tra", "tr\xE0"),
                   Errc::xml_malformed);
    expect_refused("an encoding nobody knows", "<?xml version=\"1.0\" encoding=\"X-CHO\"?>" + bytes, Errc::xml_malformed);
    auto const no_text = "<?xml version=\"1.0\" encoding=\"UTF08\"?>\n" + with(bytes, "tra", std::string(200, '\xFF'));
    expect_refused("bytes that are none of the encoding", no_text, Errc::xml_malformed);
    expect_refused("a NUL", with(bytes, "tra", std::string("t\0a", 3)), Errc::xml_malformed);
    expect_refused("half a UTF-16 file", wide(bytes, false, true).substr(0, bytes.size()), Errc::xml_malformed);
}

TEST(CamtHostile, NamesAreTakenWithoutTheirPrefix)
{
    auto const plain = statement(entry("5"), balance("OPBD", "0") + balance("CLBD", "5"));
    auto prefixed = with(with(plain, "</", "</c:"), "<", "<c:");
    prefixed = with(with(prefixed, "<c:/c:", "</c:"), "xmlns=", "xmlns:c=");
    for (auto const& bytes : {prefixed, with(plain, " xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"", ""),
                              with(plain, "camt.053.001.08", "camt.053.001.08.vn.bank")}) {
        auto const document = read_camt_document(bytes);
        ASSERT_TRUE(document) << document.error().detail;
        EXPECT_EQ(document->statements.at(0).entries.at(0).amount->value.to_string(), "5");
        EXPECT_EQ(document->statements[0].balances.size(), 2u);
    }
    expect_refused("a prefix nobody declared", with(plain, "<Acct>", "<c:Acct>"), Errc::xml_malformed, "line 1");
}

TEST(CamtHostile, TwiceTheSameIsNotChosenFrom)
{
    auto const date = std::string("<BookgDt><Dt>2026-11-17</Dt></BookgDt>");
    for (auto const& again : {std::string("<Amt Ccy=\"VND\">6</Amt>"), std::string("<CdtDbtInd>DBIT</CdtDbtInd>"),
                              std::string("<Sts><Cd>BOOK</Cd></Sts>"), std::string("<RvslInd>true</RvslInd><RvslInd>false</RvslInd>"), date,
                              std::string("<AcctSvcrRef>1</AcctSvcrRef><AcctSvcrRef>2</AcctSvcrRef>"),
                              std::string("<NtryDtls><TxDtls><Amt Ccy=\"VND\">1</Amt><Amt Ccy=\"VND\">2</Amt></TxDtls></NtryDtls>"),
                              std::string("<NtryDtls><TxDtls><Refs/><Refs/></TxDtls></NtryDtls>")}) {
        expect_refused(again.c_str(), statement("\n" + entry("5", again)), Errc::invalid_input, "line 2");
    }
    expect_refused("two accounts", with(statement(entry("5")), "</Acct>", "</Acct><Acct><Id><IBAN>2</IBAN></Id></Acct>"),
                   Errc::invalid_input);
    expect_refused("two messages", with(statement(entry("5")), "</Document>", "<BkToCstmrStmt/></Document>"), Errc::xml_malformed);
}

TEST(CamtHostile, ATextIsAllOfItsElement)
{
    EXPECT_EQ(read_camt_document(statement(entry("1<!-- -->00")))->statements[0].entries[0].amount->value.to_string(), "100");
    EXPECT_EQ(read_camt_document(statement(entry("<![CDATA[1]]>00")))->statements[0].entries[0].amount->value.to_string(), "100");
    EXPECT_EQ(read_camt_document(statement(entry("1<?x y?>&#48;0")))->statements[0].entries[0].amount->value.to_string(), "100");
    expect_refused("an element inside", statement(entry("1<x/>00")), Errc::invalid_input, "line 1");
    expect_refused("an element behind", statement(entry("100<x/>")), Errc::invalid_input, "line 1");
    expect_refused("an element before", statement(entry("<x/>100")), Errc::invalid_input, "line 1");
}

TEST(CamtHostile, AnEntryBelongsToAnAccount)
{
    auto const late = with(statement(""), "</Stmt>", "\n" + entry("5") + "</Stmt>");
    expect_refused("an entry before its account", with(with(late, "<Acct>", "<Nobody>"), "</Acct>", "</Nobody>"), Errc::invalid_input,
                   "line 2");
    expect_refused("a statement of no account", with(with(statement(""), "<Acct>", "<Nobody>"), "</Acct>", "</Nobody>"),
                   Errc::invalid_input, "line 1");
}

}  // namespace
}  // namespace cho40::statements
