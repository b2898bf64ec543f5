#include "fees/schedule.h"
#include "tests/unit/fees/tables_for_tests.h"
#include <map>

namespace cho40::fees {
namespace {

constexpr std::string_view head =
    "procedure_code,procedure_name_vi,procedure_name_en,agency,fee_code,kind,amount_vnd,unit,online_amount_vnd,reduction_rule,"
    "budget_subitem,retained_percent,effective_from,effective_to,legal_basis,confidence\n";

// A good row whose cells a test may change.
std::string row(std::map<std::string, std::string> const& changes)
{
    std::vector<std::pair<std::string, std::string>> cells = {{"procedure_code", "1.004222"},
                                                              {"procedure_name_vi", "Đăng ký"},
                                                              {"procedure_name_en", "Registration"},
                                                              {"agency", "Công an"},
                                                              {"fee_code", "F"},
                                                              {"kind", "le_phi"},
                                                              {"amount_vnd", "20000"},
                                                              {"unit", "per_registration"},
                                                              {"online_amount_vnd", ""},
                                                              {"reduction_rule", ""},
                                                              {"budget_subitem", "2767"},
                                                              {"retained_percent", "0"},
                                                              {"effective_from", "2026-01-01"},
                                                              {"effective_to", ""},
                                                              {"legal_basis", "TT 75/2022"},
                                                              {"confidence", "V2"}};
    std::string line;
    for (auto const& [column, cell] : cells) {
        auto const it = changes.find(column);
        line += (line.empty() ? "" : ",") + (it == changes.end() ? cell : it->second);
    }
    return line + '\n';
}

TEST(Schedule, TheFileOfTheBinaryIsWholeAndRight) { EXPECT_EQ(embedded_tables().rates().size(), 184u); }

TEST(Schedule, EveryThingThatIsCountedHasWords)
{
    for (auto const& rate : embedded_tables().rates()) {
        auto const* thing = std::get_if<PerThing>(&rate.unit);
        if (!thing || thing->once_per_case || rate.kind == FeeKind::gia) continue;
        EXPECT_TRUE(embedded_tables().counted_thing(thing->thing)) << rate.rate_id << ' ' << rate.unit_text;
    }
}

TEST(Schedule, EveryRowCanBeAssessedOnItsFirstDay)
{
    for (auto const& rate : embedded_tables().rates()) {
        auto const day = rate.from.value_or(Day::from(2026, 11, 22));
        auto const found = embedded_tables().rates_on(rate.fee_code, day);
        ASSERT_EQ(found.size(), 1u) << rate.rate_id;
        EXPECT_EQ(found[0]->rate_id, rate.rate_id);
    }
}

struct WrongCell {
    char const* column;
    char const* cell;
    char const* says;
};
void PrintTo(WrongCell const& c, std::ostream* out) { *out << c.column << '=' << c.cell; }

class WrongRow : public testing::TestWithParam<WrongCell> {};

TEST_P(WrongRow, IsNamedByLineAndColumnAndTheOthersAreRead)
{
    auto const csv = std::string(head) + row({{"fee_code", "BEFORE"}}) + row({{GetParam().column, GetParam().cell}}) +
                     row({{"fee_code", "AFTER"}});
    auto const tables = FeeTables::with_schedule(csv);
    ASSERT_FALSE(tables);
    EXPECT_EQ(tables.error().pointer, std::string("line 3, column ") + GetParam().column);
    EXPECT_NE(tables.error().detail.find(GetParam().says), std::string::npos) << tables.error().detail;
    for (auto const& field : tables.error().fields) EXPECT_TRUE(field.pointer.starts_with("line 3, ")) << field.pointer;
}

INSTANTIATE_TEST_SUITE_P(Table, WrongRow,
                         testing::Values(WrongCell{"fee_code", "", "empty"}, WrongCell{"fee_code", "lower", "A-Z"},
                                         WrongCell{"procedure_code", "1004222", "1.004222"}, WrongCell{"procedure_name_vi", "", "empty"},
                                         WrongCell{"agency", "", "empty"}, WrongCell{"kind", "tax", "phi"},
                                         WrongCell{"amount_vnd", "20.000", "whole number"}, WrongCell{"amount_vnd", "-1", "whole number"},
                                         WrongCell{"amount_vnd", "2e4", "whole number"}, WrongCell{"amount_vnd", "", "needed"},
                                         WrongCell{"amount_vnd", "12345678901234", "13 digits"}, WrongCell{"unit", "each", "not a unit"},
                                         WrongCell{"online_amount_vnd", "free", "whole number"}, WrongCell{"reduction_rule", "half", "pct"},
                                         WrongCell{"reduction_rule", "free::nobody", "audiences.csv"},
                                         WrongCell{"reduction_rule", "pct:50#TT99", "acts.csv"},
                                         WrongCell{"budget_subitem", "9999", "not in"}, WrongCell{"budget_subitem", "2716", "not a charge"},
                                         WrongCell{"budget_subitem", "2862", "new money"}, WrongCell{"budget_subitem", "?", "before it"},
                                         WrongCell{"retained_percent", "10", "whole"}, WrongCell{"retained_percent", "101", "0 to 100"},
                                         WrongCell{"effective_from", "01/01/2026", "not a day"},
                                         WrongCell{"effective_to", "2025-12-31", "ends before"}, WrongCell{"legal_basis", "", "empty"},
                                         WrongCell{"confidence", "A", "V1"}, WrongCell{"confidence", "V2;x", "code G"},
                                         WrongCell{"amount_vnd", "1 000", "whole number"}));

TEST(Schedule, ABandTableMustExist)
{
    auto const tables = FeeTables::with_schedule(std::string(head) + row({{"unit", "bands:none"}, {"amount_vnd", ""}}));
    ASSERT_FALSE(tables);
    EXPECT_EQ(tables.error().pointer, "line 2, column unit");
}

TEST(Schedule, TwoRowsOfOneFeeMayNotHoldOnTheSameDay)
{
    auto const tables = FeeTables::with_schedule(std::string(head) + row({{"effective_to", "2026-06-30"}}) +
                                                 row({{"effective_from", "2026-06-30"}}));
    ASSERT_FALSE(tables);
    EXPECT_EQ(tables.error().pointer, "line 3, column effective_from");
}

TEST(Schedule, AllMistakesAreReportedAtOnce)
{
    auto const tables = FeeTables::with_schedule(std::string(head) + row({{"kind", "x"}}) +
                                                 row({{"fee_code", "G"}, {"unit", "x"}, {"agency", ""}}));
    ASSERT_FALSE(tables);
    EXPECT_EQ(tables.error().fields.size(), 3u);
}

TEST(Schedule, AMissingColumnIsNamed)
{
    auto const tables = FeeTables::with_schedule("fee_code,kind\nA,phi\n");
    ASSERT_FALSE(tables);
    EXPECT_EQ(tables.error().code, Errc::invalid_csv);
}

}  // namespace
}  // namespace cho40::fees
