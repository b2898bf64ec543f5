#include "fees/assess.h"
#include "fees/create_notice.h"
#include "tests/unit/fees/tables_for_tests.h"
#include <functional>
#include <map>
#include <rapidcheck/gtest.h>

namespace cho40::fees {
namespace {

using namespace literals;

constexpr Day today = Day::from(2026, 11, 22);

struct Case {
    char const* name;
    char const* fee_code;
    std::function<void(AssessmentRequest&)> with;
    std::int64_t due;
};

void PrintTo(Case const& c, std::ostream* out) { *out << c.name; }

AssessmentRequest request_for(char const* fee_code)
{
    AssessmentRequest r;
    r.fee_code = fee_code;
    r.day = today;
    return r;
}

class Assess : public testing::TestWithParam<Case> {};

TEST_P(Assess, IsWhatTheActSays)
{
    auto request = request_for(GetParam().fee_code);
    GetParam().with(request);

    auto const a = assess(embedded_tables(), request);

    ASSERT_TRUE(a) << a.error().detail;
    ASSERT_TRUE(a->due) << unknown_because_name(a->unknown_because);
    EXPECT_EQ(a->due->count(), GetParam().due) << a->explanation_en;
    EXPECT_EQ(a->knowledge, GetParam().due == 0 ? Knowledge::known_free : Knowledge::known);
    EXPECT_FALSE(a->explanation_vi.empty());
}

auto const plain = [](AssessmentRequest&) {};
auto const online = [](AssessmentRequest& r) { r.channel = Channel::online; };
auto const digital = [](AssessmentRequest& r) {
    r.channel = Channel::online;
    r.personas = {"digital_citizen"};
};
auto on(Day day, std::function<void(AssessmentRequest&)> more = plain)
{
    return [day, more](AssessmentRequest& r) {
        more(r);
        r.day = day;
    };
}
auto pages(std::int64_t pages, std::int64_t copies)
{
    return [=](AssessmentRequest& r) {
        r.pages = pages;
        r.copies = copies;
    };
}
auto value(std::int64_t dong)
{
    return [=](AssessmentRequest& r) { r.value = Dong(dong); };
}
auto quantity(std::int64_t things)
{
    return [=](AssessmentRequest& r) { r.quantity_milli = things * 1000; };
}
auto persona(char const* key)
{
    return [=](AssessmentRequest& r) { r.personas = {key}; };
}

// The numbered cases of fees.md §2.5; 16, 17 and 20 are two lines each, 21 is NotAFee below.
INSTANTIATE_TEST_SUITE_P(
    Section2_5, Assess,
    testing::Values(
        Case{"01_copy_of_5_pages", "CERT_COPY", pages(5, 1), 7'000}, Case{"02_three_copies", "CERT_COPY", pages(5, 3), 21'000},
        Case{"03_cap_per_copy", "CERT_COPY", pages(300, 1), 200'000}, Case{"04_two_signatures_one_case", "CERT_SIGN", quantity(2), 10'000},
        Case{"05_sale_3_5_bn", "NOT_VAL", value(3'500'000'000), 2'450'000},
        Case{"06_sale_400_bn", "NOT_VAL", value(400'000'000'000), 70'000'000},
        Case{"07_enforcement_18_bn", "ENFORCE", value(18'000'000'000), 245'300'000}, Case{"08_passport_counter", "PP_NEW", plain, 100'000},
        Case{"08_passport_online", "PP_NEW", online, 100'000}, Case{"09_passport_digital", "PP_NEW", digital, 0},
        Case{"10_passport_2027", "PP_NEW", on(Day::from(2027, 1, 1)), 200'000},
        Case{"11_digital_after_it_ended", "PP_NEW", on(Day::from(2027, 3, 1), digital), 200'000},
        Case{"12_passport_lost", "PP_LOST", plain, 200'000},
        Case{"13_licence_2025", "DL_SWAP", on(Day::from(2025, 10, 15), online), 115'000},
        Case{"13_licence_2026", "DL_SWAP", online, 135'000}, Case{"13_licence_digital", "DL_SWAP", digital, 0},
        Case{"14_identity_last_day", "ID_LOST", on(Day::from(2026, 12, 31)), 35'000},
        Case{"14_identity_full_price", "ID_LOST", on(Day::from(2027, 1, 1)), 70'000},
        Case{"15_residence_counter", "RES_PERM", plain, 20'000}, Case{"15_residence_online", "RES_PERM", online, 10'000},
        Case{"16_enterprise_charge", "BR_REG", plain, 25'000}, Case{"16_publication_fee", "BR_PUB", plain, 100'000},
        Case{"17_enterprise_online", "BR_REG", online, 0}, Case{"17_publication_online", "BR_PUB", online, 100'000},
        Case{"18_visa_in_usd", "VISA_90", [](AssessmentRequest& r) { r.vnd_per_usd = 26'150_vnd; }, 1'307'500},
        Case{"19_gravel_2025", "ENV_GRAVEL", on(Day::from(2025, 12, 15), quantity(120)), 900'000},
        Case{"19_gravel_2026", "ENV_GRAVEL", on(Day::from(2026, 1, 15), quantity(120)), 1'080'000},
        Case{"20_student_record", "CR_STD", persona("student"), 100'000}, Case{"20_third_slip", "CR_EXTRA", quantity(3), 5'000}));

INSTANTIATE_TEST_SUITE_P(
    More, Assess,
    testing::Values(Case{"digital_at_the_counter_pays", "PP_NEW", persona("digital_citizen"), 100'000},
                    Case{"first_day_of_digital", "DL_SWAP", on(Day::from(2026, 8, 15), digital), 0},
                    Case{"day_before_digital", "DL_SWAP", on(Day::from(2026, 8, 14), digital), 135'000},
                    Case{"old_online_discount_and_tt64", "PP_NEW", on(Day::from(2025, 12, 31), online), 100'000},
                    Case{"old_online_discount_alone", "PP_NEW", on(Day::from(2025, 1, 2), online), 180'000},
                    Case{"first_identity_card_is_free", "ID_FIRST", plain, 0}, Case{"child_is_free", "RES_PERM", persona("children"), 0},
                    Case{"two_slips_are_the_main_fee", "CR_EXTRA", quantity(2), 0}, Case{"unknown_range_but_free", "VR_SWAP", digital, 0},
                    Case{"local_amount_but_free", "CS_QN", persona("poor"), 0},
                    Case{"salvage_pays_sixty", "ENV_GRAVEL",
                         [](AssessmentRequest& r) {
                             r.quantity_milli = 120'500;
                             r.personas = {"salvage"};
                         },
                         650'700},
                    Case{"half_a_percent", "REG_LAND", value(1'234'567'890), 6'172'839},
                    Case{"rounded_once_half_up", "REG_MC2", value(150), 2}, Case{"just_below_half", "REG_MC2", value(149), 1},
                    Case{"zero_percent_needs_no_value", "REG_EV", plain, 0},
                    Case{"road_use_to_whole_thousands", "ROAD_P", [](AssessmentRequest& r) { r.quantity_milli = 1'500; }, 195'000},
                    Case{"road_use_half_goes_up", "ROAD_P", [](AssessmentRequest& r) { r.quantity_milli = 50; }, 7'000},
                    Case{"translation_two_copies", "NOT_TRANS", pages(4, 2), 4 * 10'000 + 2 * 5'000 + 2 * 3'000},
                    Case{"translation_cap_spares_the_first", "NOT_TRANS", pages(100, 2), 100 * 10'000 + 200'000},
                    Case{"several_cases", "CERT_SIGN", [](AssessmentRequest& r) { r.cases = 3; }, 30'000},
                    Case{"small_enforcement_is_free", "ENFORCE", value(4'680'000), 0}));

struct SeveralLines {
    char const* name;
    std::vector<std::pair<char const*, std::int64_t>> lines;  // fee code and quantity
    Channel channel;
    std::vector<std::string> personas;
    std::int64_t phi, le_phi;
};

// Cases 16, 17 and 20 as they are asked: several lines of one case, phí and lệ phí never in one sum of a receipt.
TEST(Assess, CasesOfSeveralLinesAddUpByKind)
{
    for (auto const& c : {SeveralLines{"16", {{"BR_REG", 1}, {"BR_PUB", 1}}, Channel::counter, {}, 100'000, 25'000},
                          SeveralLines{"17", {{"BR_REG", 1}, {"BR_PUB", 1}}, Channel::online, {}, 100'000, 0},
                          SeveralLines{"20", {{"CR_STD", 1}, {"CR_EXTRA", 3}}, Channel::counter, {"student"}, 105'000, 0}}) {
        LinesOrder order;
        order.day = today;
        order.channel = c.channel;
        order.personas = c.personas;
        for (auto const& [code, things] : c.lines) {
            LineOrder line;
            line.fee_code = code;
            line.quantity = things;
            order.lines.push_back(std::move(line));
        }

        auto const lines = assess_lines(embedded_tables(), order);

        ASSERT_TRUE(lines) << c.name;
        std::map<FeeKind, std::int64_t> sums;
        for (auto const& line : *lines) sums[line.result.kind] += line.result.due.value().count();
        EXPECT_EQ(sums[FeeKind::phi], c.phi) << c.name;
        EXPECT_EQ(sums[FeeKind::le_phi], c.le_phi) << c.name;
    }
}

TEST(Assess, ASingleBestReliefIsUsedAndTheOtherNamed)
{
    auto request = request_for("PP_NEW");
    digital(request);

    auto const a = assess(embedded_tables(), request);

    ASSERT_TRUE(a);
    ASSERT_TRUE(a->relief_used());
    EXPECT_EQ(a->relief_used()->relief.id(), "free::digital_citizen#TT117");
    ASSERT_EQ(a->reliefs.size(), 2u);
    EXPECT_EQ(a->reliefs[0].verdict, ReliefOutcome::Verdict::not_better);
    EXPECT_EQ(a->reliefs[0].due, 100'000_vnd);
    EXPECT_EQ(a->base, 200'000_vnd);
    EXPECT_EQ(a->explanation_vi,
              "Cấp hộ chiếu phổ thông ở trong nước - cấp mới: mức thu 200.000 đ theo TT 28/2026/TT-BTC, sửa đổi bởi "
              "TT 81/2026; được áp dụng: miễn cho công dân số nộp hồ sơ trực tuyến "
              "theo NQ 66.22/2026/NQ-CP và TT 117/2026/TT-BTC (đến 28/02/2027). Không phải nộp tiền. Không cộng thêm: còn 50% theo TT "
              "64/2025/TT-BTC (đến 31/12/2026) (chỉ hưởng một ưu đãi có lợi nhất).");
    EXPECT_EQ(a->explanation_en,
              "Ordinary passport, first issue or renewal: rate 200.000 đ by TT 28/2026/TT-BTC as amended by TT 81/2026; applied: free for: "
              "digital citizen filing online under Resolution 66.22/2026/NQ-CP and Circular 117/2026/TT-BTC (until 28/02/2027). Nothing to "
              "pay. Not added: 50% of it under Circular 64/2025/TT-BTC (until 31/12/2026) (only the single best relief applies).");
}

struct UnknownCase {
    char const* name;
    char const* fee_code;
    std::function<void(AssessmentRequest&)> with;
    UnknownBecause because;
};
void PrintTo(UnknownCase const& c, std::ostream* out) { *out << c.name; }

class AssessUnknown : public testing::TestWithParam<UnknownCase> {};

TEST_P(AssessUnknown, IsNeverShownAsFreeAndNeverPaidOnline)
{
    auto request = request_for(GetParam().fee_code);
    GetParam().with(request);

    auto const a = assess(embedded_tables(), request);

    ASSERT_TRUE(a) << a.error().detail;
    EXPECT_EQ(a->knowledge, Knowledge::unknown);
    EXPECT_EQ(a->unknown_because, GetParam().because) << unknown_because_name(a->unknown_because);
    EXPECT_FALSE(a->due);
    EXPECT_FALSE(a->payable_online());
}

INSTANTIATE_TEST_SUITE_P(
    Table, AssessUnknown,
    testing::Values(UnknownCase{"abolished", "LICENCE_1", plain, UnknownBecause::no_rate_on_day},
                    UnknownCase{"not_yet", "ID_LOST", on(Day::from(2020, 1, 1)), UnknownBecause::no_rate_on_day},
                    UnknownCase{"local", "HB_REG", plain, UnknownBecause::set_locally},
                    UnknownCase{"other_province", "HB_REG_HN", plain, UnknownBecause::other_province},
                    UnknownCase{"other_province_free_group", "CS_LATE_HN", persona("poor"), UnknownBecause::other_province},
                    UnknownCase{"circular", "PP_PASS", plain, UnknownBecause::see_circular},
                    UnknownCase{"range", "VR_SWAP", plain, UnknownBecause::range_only},
                    UnknownCase{"percentage", "FIRE_DESIGN", value(1'000'000'000), UnknownBecause::percentage_not_known},
                    UnknownCase{"province_may_raise", "REG_CAR", value(500'000'000), UnknownBecause::percentage_not_known},
                    UnknownCase{"no_value", "NOT_VAL", plain, UnknownBecause::value_missing},
                    UnknownCase{"no_exchange_rate", "VISA_1", plain, UnknownBecause::exchange_rate_missing},
                    UnknownCase{"lease_below_the_bands", "NOT_LEASE", value(100'000'000), UnknownBecause::value_outside_bands},
                    UnknownCase{"near_a_limit_that_may_have_moved", "ENFORCE", value(4'680'001), UnknownBecause::free_limit_uncertain}));

TEST(Assess, NotAFee)
{
    auto const a = assess(embedded_tables(), request_for("MKT_STALL"));
    ASSERT_FALSE(a);
    EXPECT_EQ(a.error().code, Errc::not_a_fee);
}

TEST(Assess, AnUnknownCodeIsAnError)
{
    auto const a = assess(embedded_tables(), request_for("NO_SUCH_FEE"));
    ASSERT_FALSE(a);
    EXPECT_EQ(a.error().code, Errc::fee_unknown);
}

TEST(Assess, EveryNumberOutsideItsBoundsIsNamed)
{
    auto request = request_for("CERT_COPY");
    request.pages = 0;
    request.copies = -1;
    request.value = Dong(-5);
    auto const a = assess(embedded_tables(), request);
    ASSERT_FALSE(a);
    EXPECT_EQ(a.error().code, Errc::validation_failed);
    EXPECT_EQ(a.error().fields.size(), 3u);
}

TEST(Assess, AConditionNobodyConfirmedStopsOnlinePaymentOnly)
{
    auto request = request_for("REG_LAND");
    digital(request);
    request.value = 2'000'000'000_vnd;
    auto const a = assess(embedded_tables(), request);
    ASSERT_TRUE(a);
    EXPECT_EQ(a->due, 9'000'000_vnd);
    EXPECT_FALSE(a->payable_online());

    request.conditions_confirmed = true;
    auto const confirmed = assess(embedded_tables(), request);
    ASSERT_TRUE(confirmed);
    EXPECT_TRUE(confirmed->payable_online());
}

TEST(Assess, PartsOfAnEnforcementAddUpToTheFeeOfTheWhole)
{
    auto whole = request_for("ENFORCE");
    whole.value = 18'000'000'000_vnd;
    auto first = whole;
    first.value = 6'000'000'000_vnd;
    auto second = whole;
    second.value = 12'000'000'000_vnd;
    second.value_paid_before = first.value;

    auto const a = assess(embedded_tables(), whole);
    auto const b = assess(embedded_tables(), first);
    auto const c = assess(embedded_tables(), second);

    ASSERT_TRUE(a && b && c);
    EXPECT_EQ(a->due->count(), b->due->count() + c->due->count());
}

TEST(Assess, PersonasAreReadKindlyAndUnknownOnesRefused)
{
    EXPECT_EQ(*parse_persona(embedded_tables(), "digital-citizen"), std::optional<std::string>("digital_citizen"));
    EXPECT_EQ(*parse_persona(embedded_tables(), "ordinary"), std::optional<std::string>());
    EXPECT_FALSE(parse_persona(embedded_tables(), "digitalcitizen"));
}

RC_GTEST_PROP(AssessProperty, ReliefNeverRaisesAndNeverGoesBelowZero, ())
{
    auto const& tables = embedded_tables();
    auto const& rate = tables.rates()[*rc::gen::inRange<std::size_t>(0, tables.rates().size())];
    RC_PRE(rate.kind != FeeKind::gia);
    AssessmentRequest r = request_for(rate.fee_code.c_str());
    r.day = Day::from(2024, 1, 1).plus_days(*rc::gen::inRange(0, 1500));
    r.channel = *rc::gen::element(Channel::counter, Channel::online);
    r.quantity_milli = *rc::gen::inRange<std::int64_t>(0, 1'000'000'001);
    r.pages = *rc::gen::inRange<std::int64_t>(1, 1'000'001);
    r.copies = *rc::gen::inRange<std::int64_t>(1, 1'000'001);
    r.value = Dong(*rc::gen::inRange<std::int64_t>(0, 10'000'000'000'000));
    r.vnd_per_usd = Dong(*rc::gen::inRange<std::int64_t>(1, 1'000'001));
    if (*rc::gen::arbitrary<bool>()) r.personas = {"digital_citizen", "poor", "salvage"};

    auto const a = assess(tables, r);

    RC_ASSERT(a.has_value());
    RC_ASSERT(a->due.has_value() == (a->knowledge != Knowledge::unknown));
    if (a->due) {
        RC_ASSERT(*a->due >= Dong());
        if (a->base) RC_ASSERT(*a->due <= *a->base);
        for (auto const& relief : a->reliefs) {
            if (relief.due) RC_ASSERT(*a->due <= *relief.due);
        }
    }
}

}  // namespace
}  // namespace cho40::fees
