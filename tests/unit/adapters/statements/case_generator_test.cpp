#include "adapters/statements/case_generator.h"
#include <gtest/gtest.h>

namespace cho40::statements {
namespace {

std::filesystem::path const folder = std::filesystem::temp_directory_path() / ("cho40-generated-" + std::to_string(::getpid()));

// The engine must find what the generator put in; the two share no code that decides.
TEST(Generator, TheEngineFindsWhatWasPutIn)
{
    auto const settings = *reconcile::settings_for("VNP", Day::from(2026, 11, 16));
    std::set<reconcile::BreakClass> seen;
    for (std::uint64_t seed : {1u, 2u, 3u}) {
        auto const generated = generate_case({1500, seed});
        ASSERT_TRUE(generated);
        ASSERT_TRUE(write_case(*generated, folder));
        auto read = read_case_folder(folder);
        ASSERT_TRUE(read) << read.error().detail;
        auto answers = answer_case(*std::move(read), settings);
        ASSERT_TRUE(answers) << answers.error().detail;
        auto expected = generated->answer.result;
        auto& found = answers->front().result;
        for (auto* result : {&expected, &found}) {
            for (auto& b : result->breaks) b.why.clear(), seen.insert(b.kind), std::ranges::sort(b.internal);
            std::ranges::sort(result->internal_provider, {}, &reconcile::InternalProviderMatch::internal);
            std::ranges::sort(result->internal_bank, {}, &reconcile::InternalBankMatch::internal);
            std::ranges::sort(result->provider_bank, {}, &reconcile::ProviderBankMatch::batch);
            std::ranges::sort(result->pending, {}, &reconcile::PendingItem::batch);
            std::ranges::sort(result->breaks, {}, [](auto const& b) { return std::tie(b.kind, b.internal, b.provider, b.bank, b.batch); });
        }
        EXPECT_EQ(reconcile::canonical_text(found), reconcile::canonical_text(expected)) << "seed " << seed;
    }
    EXPECT_GE(seen.size(), 6u) << "a day without breaks proves little";
    std::filesystem::remove_all(folder);
}

// Enough records for the run to use threads.
TEST(Generator, ALargeDayIsAnsweredTheSameWay)
{
    auto const settings = *reconcile::settings_for("VNP", Day::from(2026, 11, 16));
    GeneratorSettings large;
    large.payments = 12'000;
    large.seed = 4;
    large.csv_statement = true;
    auto const generated = generate_case(large);
    ASSERT_TRUE(generated);
    ASSERT_TRUE(write_case(*generated, folder));
    EXPECT_FALSE(std::filesystem::exists(folder / "camt053.xml"));
    auto read = read_case_folder(folder);
    ASSERT_TRUE(read) << read.error().detail;
    auto answers = answer_case(*std::move(read), settings);
    ASSERT_TRUE(answers) << answers.error().detail;
    auto const& expected = generated->answer.result;
    auto const& found = answers->front().result;
    EXPECT_EQ(found.totals, expected.totals);
    EXPECT_EQ(found.internal_provider.size(), expected.internal_provider.size());
    EXPECT_EQ(found.internal_bank.size(), expected.internal_bank.size());
    EXPECT_EQ(found.breaks.size(), expected.breaks.size());
    std::filesystem::remove_all(folder);
}

TEST(Generator, SameSeedSameDay)
{
    auto const a = generate_case({200, 7});
    auto const b = generate_case({200, 7});
    auto const c = generate_case({200, 8});
    ASSERT_TRUE(a && b && c);
    EXPECT_EQ(write_answers({a->answer}), write_answers({b->answer}));
    EXPECT_NE(write_answers({a->answer}), write_answers({c->answer}));
    EXPECT_EQ(generate_case({0, 1}).error().code, Errc::invalid_input);
    EXPECT_EQ(generate_case({6'000'000, 1}).error().code, Errc::invalid_input);
}

}  // namespace
}  // namespace cho40::statements
