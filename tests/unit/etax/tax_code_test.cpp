#include "etax/tax_code.h"
#include "tests/support/source_tree.h"
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace cho40::etax {
namespace {

TEST(TaxCode, AgreesWithEveryPublishedVector)
{
    std::ifstream in(tests::test_data() / "etax/mst-vectors.json");
    auto const file = nlohmann::json::parse(in);
    ASSERT_GT(file["vectors"].size(), 30u);
    for (auto const& v : file["vectors"]) {
        auto const check = check_tax_code(v["input"].get<std::string>());
        auto const name = v["id"].get<std::string>();
        EXPECT_EQ(check.valid, v["valid"].get<bool>()) << name;
        EXPECT_EQ(check.valid ? name_of(check.kind) : name_of(check.fault), v["kind_or_error"].get<std::string>()) << name;
        EXPECT_EQ(check.canonical, v["canonical"].is_null() ? "" : v["canonical"].get<std::string>()) << name;
        EXPECT_EQ(check.warnings, v.value("warnings", std::vector<std::string>())) << name;
    }
}

TEST(TaxCode, ReportsTheFirstFaultInTheAgreedOrder)
{
    EXPECT_EQ(check_tax_code("x").fault, TaxCodeFault::non_digit);                   // before LENGTH
    EXPECT_EQ(check_tax_code("0100000000-000").fault, TaxCodeFault::sequence_zero);  // before BRANCH_ZERO
    EXPECT_EQ(check_tax_code("5701000110-000").fault, TaxCodeFault::branch_zero);    // before NO_CHECK_DIGIT
    EXPECT_EQ(check_tax_code(" .-\t\xC2\xA0").fault, TaxCodeFault::empty);
    EXPECT_EQ(check_tax_code("\xC2").fault, TaxCodeFault::non_digit);  // half a character
}

RC_GTEST_PROP(TaxCodeProperty, TheCanonicalFormIsAFixedPoint, ())
{
    auto const size = *rc::gen::element<std::size_t>(10, 12, 13);
    auto const text = *rc::gen::container<std::string>(size, rc::gen::inRange('0', static_cast<char>('9' + 1)));
    auto const check = check_tax_code(text);
    RC_PRE(check.valid);
    RC_ASSERT(check_tax_code(check.canonical).canonical == check.canonical);
}

RC_GTEST_PROP(TaxCodeProperty, NoBytesHurt, (std::string const& bytes))
{
    auto const check = check_tax_code(bytes);
    RC_ASSERT(check.valid == !check.canonical.empty());
}

RC_GTEST_PROP(TaxCodeProperty, AnySingleWrongDigitIsFound, ())
{
    std::string code = "0100109106";
    auto const at = *rc::gen::inRange<std::size_t>(0, code.size());
    auto const digit = static_cast<char>('0' + *rc::gen::inRange(0, 10));
    RC_PRE(code[at] != digit);
    code[at] = digit;
    RC_ASSERT(!check_tax_code(code).valid);
}

RC_GTEST_PROP(TaxCodeProperty, SeparatorsChangeNothing, ())
{
    auto const code = *rc::gen::element<std::string>("0100109106", "0107001729001", "022185000000");
    std::string spread;
    for (char c : code) spread += *rc::gen::element<std::string>("", " ", ".", "-", "\xC2\xA0", "\t") + c;
    RC_ASSERT(check_tax_code(spread).canonical == check_tax_code(code).canonical);
}

}  // namespace
}  // namespace cho40::etax
