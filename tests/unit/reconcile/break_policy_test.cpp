#include "reconcile/workflow/aging.h"
#include <gtest/gtest.h>

namespace cho40::reconcile {
namespace {

constexpr BreakClass all_classes[] = {
#define CHO40_BREAK_VALUE(name) BreakClass::name,
    CHO40_BREAK_CLASSES(CHO40_BREAK_VALUE)
#undef CHO40_BREAK_VALUE
};

TEST(BreakPolicy, EveryClassCanEnd)
{
    auto const& policy = BreakPolicy::embedded();
    for (auto const kind : all_classes) {
        ASSERT_FALSE(policy.resolutions(kind).empty()) << name_of(kind);
        for (auto const& resolution : policy.resolutions(kind)) {
            EXPECT_FALSE(resolution.name_vi.empty() || resolution.name_en.empty()) << resolution.code;
            EXPECT_EQ(policy.find(kind, resolution.code), &resolution);
        }
    }
    // What may be let go at all (fees reference §8.7): repeated lines, and differences of amounts.
    for (auto const kind : all_classes) {
        for (auto const& resolution : policy.resolutions(kind)) {
            bool const may = kind == BreakClass::DUPLICATE_PROVIDER_LINE || kind == BreakClass::AMOUNT_MISMATCH ||
                             kind == BreakClass::SETTLEMENT_AMOUNT_MISMATCH;
            EXPECT_TRUE(may || !resolution.writes_off) << name_of(kind);
        }
    }
}

TEST(BreakPolicy, RefusesATableThatCannotBe)
{
    auto const line = [](std::string_view resolutions, std::string_view targets) {
        auto const policy = BreakPolicy::parse(resolutions, targets, "cause,name_vi,name_en\n");
        return policy ? std::string("read") : policy.error().pointer.empty() ? policy.error().detail : policy.error().pointer;
    };
    std::string const head = "class,resolution,effect,evidence,name_vi,name_en\n";
    std::string const target_head = "class,target_working_days\n";
    EXPECT_EQ(line(head + "NO_SUCH,a,settle,yes,x,y\n", target_head), "line 2");
    EXPECT_EQ(line(head + "FILE_LATE,a,perhaps,yes,x,y\n", target_head), "line 2");
    EXPECT_EQ(line(head + "FILE_LATE,a,settle,yes,x,y\nFILE_LATE,a,settle,no,x,y\n", target_head), "line 3");
    EXPECT_EQ(line(head, target_head + "FILE_LATE,0\nFILE_LATE,1\n"), "line 3");
    EXPECT_EQ(line(head, target_head + "FILE_LATE,soon\n"), "line 2");
    EXPECT_NE(line(head, target_head).find("MISSING_AT_PROVIDER"), std::string::npos);
}

TEST(Aging, CountsWorkingDaysFromTheDayItWasDue)
{
    struct Row {
        BreakClass kind;
        char const* date;
        char const* today;
        int days;
        std::string_view bucket;
        char const* target;
        int escalation;
    };
    using enum BreakClass;
    for (auto const& row : {
             // Friday's file is due on Saturday, which is Monday; amounts have three working days.
             Row{AMOUNT_MISMATCH, "2026-11-20", "2026-11-20", 0, "0-1", "2026-11-26", 0},
             Row{AMOUNT_MISMATCH, "2026-11-20", "2026-11-23", 0, "0-1", "2026-11-26", 0},
             Row{AMOUNT_MISMATCH, "2026-11-20", "2026-11-24", 1, "0-1", "2026-11-26", 0},
             Row{AMOUNT_MISMATCH, "2026-11-20", "2026-11-25", 2, "2-3", "2026-11-26", 50},
             Row{AMOUNT_MISMATCH, "2026-11-20", "2026-11-26", 3, "2-3", "2026-11-26", 50},
             Row{AMOUNT_MISMATCH, "2026-11-20", "2026-11-27", 4, "4-7", "2026-11-26", 100},
             Row{AMOUNT_MISMATCH, "2026-11-20", "2026-12-02", 7, "4-7", "2026-11-26", 200},
             Row{AMOUNT_MISMATCH, "2026-11-20", "2026-12-14", 15, "8-15", "2026-11-26", 200},
             Row{AMOUNT_MISMATCH, "2026-11-20", "2026-12-15", 16, ">15", "2026-11-26", 200},
             // The same day, and over Tết nobody is late.
             Row{STATUS_MISMATCH, "2026-11-23", "2026-11-24", 0, "0-1", "2026-11-24", 0},
             Row{STATUS_MISMATCH, "2026-11-23", "2026-11-25", 1, "0-1", "2026-11-24", 100},
             Row{STATUS_MISMATCH, "2026-11-23", "2026-11-26", 2, "2-3", "2026-11-24", 200},
             Row{AMOUNT_MISMATCH, "2026-02-12", "2026-02-22", 0, "0-1", "2026-02-25", 0},
             // A batch is overdue a day later.
             Row{MISSING_AT_BANK, "2026-11-23", "2026-11-25", 0, "0-1", "2026-12-02", 0},
         }) {
        auto const aging = aging_of(row.kind, *Day::parse(row.date), *Day::parse(row.today), BreakPolicy::embedded(),
                                    WorkingDays::embedded());
        EXPECT_EQ(aging.working_days, row.days) << row.date << " " << row.today;
        EXPECT_EQ(aging.bucket, row.bucket) << row.date << " " << row.today;
        EXPECT_EQ(aging.target.to_string(), row.target) << row.date << " " << row.today;
        EXPECT_EQ(aging.escalation, row.escalation) << row.date << " " << row.today;
    }
}

}  // namespace
}  // namespace cho40::reconcile
