#include "etax/period.h"
#include <gtest/gtest.h>

namespace cho40::etax {
namespace {

TEST(Period, KnowsItsDaysAndHowAFormWritesIt)
{
    struct Row {
        std::string text, first, last, kind, form;
    };
    for (auto const& row :
         {Row{"2026-Q3", "2026-07-01", "2026-09-30", "Q", "3/2026"}, Row{"2026-02", "2026-02-01", "2026-02-28", "M", "02/2026"},
          Row{"2028-02", "2028-02-01", "2028-02-29", "M", "02/2028"}, Row{"2026-12", "2026-12-01", "2026-12-31", "M", "12/2026"},
          Row{"2026-Q4", "2026-10-01", "2026-12-31", "Q", "4/2026"}, Row{"2026", "2026-01-01", "2026-12-31", "Y", "2026"}}) {
        auto const period = Period::parse(row.text);
        ASSERT_TRUE(period) << row.text;
        EXPECT_EQ(period->first_day().to_string(), row.first);
        EXPECT_EQ(period->last_day().to_string(), row.last);
        EXPECT_EQ(period->form_kind(), row.kind);
        EXPECT_EQ(period->form_text(), row.form);
        EXPECT_EQ(period->to_string(), row.text);
        auto const again = Period::parse_form(row.kind, row.form);
        ASSERT_TRUE(again) << row.form;
        EXPECT_EQ(*again, *period);
    }
}

TEST(Period, RefusesWhatIsNoPeriod)
{
    for (auto const* text : {"", "26", "2026-13", "2026-00", "2026-Q5", "2026-Q0", "2026-Q", "2026-Q12", "2026/07", "1999", "2100-01",
                             "20260", "2026-7", "abcd"}) {
        auto const period = Period::parse(text);
        ASSERT_FALSE(period) << text;
        EXPECT_EQ(period.error().code, Errc::invalid_period);
    }
    EXPECT_FALSE(Period::parse_form("Q", "2026"));
    EXPECT_FALSE(Period::parse_form("Y", "1/2026"));
    EXPECT_FALSE(Period::parse_form("D", "1/2026"));
}

}  // namespace
}  // namespace cho40::etax
