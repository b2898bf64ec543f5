#include "tests/support/source_tree.h"
#include "tests/unit/adapters/pages/markup.h"
#include "tests/unit/adapters/pages/sample_views.h"
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <set>

namespace cho40::pages {
namespace {

namespace fs = std::filesystem;

std::string as_is(std::string words) { return words; }

fs::path golden_folder() { return tests::source_tree() / "tests/unit/adapters/pages/golden"; }

std::string read(fs::path const& path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

class Pages : public testing::TestWithParam<Language> {};

TEST_P(Pages, AreWhatTheyWere)
{
    bool const renew = std::getenv("CHO40_RENEW_GOLDEN") != nullptr;
    for (auto const& page : sample_pages(GetParam(), as_is)) {
        auto const file = golden_folder() / (page.name + '.' + std::string(language_tag(GetParam())) + ".html");
        if (renew) {
            std::ofstream(file, std::ios::binary) << page.bytes;
            continue;
        }
        EXPECT_EQ(read(file), page.bytes) << file
                                          << "\nto renew: CHO40_RENEW_GOLDEN=1 build/dev/bin/tests_unit_pages, then look at the difference";
    }
}

TEST_P(Pages, HaveEveryTagClosedAndEveryIdOnce)
{
    for (auto const& page : sample_pages(GetParam(), as_is)) {
        auto const markup = read_markup(page.bytes);
        EXPECT_EQ(markup.fault, "") << page.name;
        std::set<std::string> ids;
        for (auto const& id : markup.values_of("id")) EXPECT_TRUE(ids.insert(id).second) << page.name << ": id " << id << " twice";
        for (auto const* attribute : {"for", "aria-describedby", "aria-labelledby"}) {
            for (auto const& list : markup.values_of(attribute)) {
                std::istringstream words(list);
                for (std::string id; words >> id;) EXPECT_TRUE(ids.contains(id)) << page.name << ": nothing has the id " << id;
            }
        }
    }
}

TEST_P(Pages, KeepTheContentSecurityPolicyAndTheRulesOfEveryPage)
{
    for (auto const& page : sample_pages(GetParam(), as_is)) {
        auto const markup = read_markup(page.bytes);
        EXPECT_TRUE(page.bytes.starts_with("<!doctype html>\n<html lang=\"" + std::string(language_tag(GetParam())) + "\">")) << page.name;
        EXPECT_EQ(markup.count("style"), 0u) << page.name;
        EXPECT_EQ(markup.count("h1"), 1u) << page.name;
        EXPECT_EQ(markup.count("main"), 1u) << page.name;
        EXPECT_EQ(markup.count("title"), 1u) << page.name;
        EXPECT_NE(page.bytes.find("class=\"skip\" href=\"#content\""), std::string::npos) << page.name;
        for (auto const& element : markup.elements) {
            for (auto const& [name, value] : element.attributes) {
                EXPECT_FALSE(name.starts_with("on")) << page.name << ": " << name;
                EXPECT_NE(name, "style") << page.name;
                if (name == "href" || name == "src" || name == "action") {
                    EXPECT_TRUE((value.starts_with('/') && !value.starts_with("//")) || value.starts_with('#') || value.starts_with("tel:"))
                        << page.name << ": " << value;
                }
            }
            if (element.name == "script") { EXPECT_TRUE(element.attributes.contains("src")) << page.name << ": an inline script"; }
            if (element.name == "button") EXPECT_TRUE(element.attributes.contains("type")) << page.name;
        }
    }
}

// Without scripts: whatever waits reloads itself, and every hidden control is one that only a script can serve.
TEST(PagesWithoutScripts, WaitAndResultReloadThemselves)
{
    for (auto const& page : sample_pages(Language::vi, as_is)) {
        bool const waits = page.name.starts_with("wait") || page.name.starts_with("national_") || page.name == "result_pending" ||
                           page.name == "result_failed_surplus";
        EXPECT_EQ(page.bytes.find("<noscript><meta http-equiv=\"refresh\"") != std::string::npos, waits) << page.name;
    }
}

TEST(PagesInEnglish, KeepTheLanguageOnEveryWayOn)
{
    for (auto const& page : sample_pages(Language::en, as_is)) {
        for (auto const& element : read_markup(page.bytes).elements) {
            bool const own_page = element.attributes.contains("hreflang");
            for (auto const* name : {"href", "action"}) {
                auto const it = element.attributes.find(name);
                if (it == element.attributes.end() || !it->second.starts_with('/') || it->second.starts_with("/assets/") || own_page)
                    continue;
                bool const by_field = element.attributes.contains("method") && element.attributes.at("method") == "get";
                bool const file = element.attributes.contains("download") || it->second.ends_with(".png") ||
                                  it->second.find("/pdf?") != std::string::npos;
                EXPECT_TRUE(by_field || file || it->second.find("lang=en") != std::string::npos) << page.name << ": " << it->second;
            }
        }
    }
}

TEST(DemoBanner, StandsOnlyOnPagesOfADemonstration)
{
    PageContext context;
    EXPECT_EQ(home_page(context, {}).find("class=\"demo\""), std::string::npos);
    context.demo = true;
    EXPECT_NE(home_page(context, {}).find("Bản thử: tiền và hồ sơ ở đây không có thật."), std::string::npos);
}

TEST(MaskedName, ShowsTheFamilyNameAndInitials)
{
    EXPECT_EQ(masked_name("Nguyễn Văn An"), "Nguyễn V. A.");
    EXPECT_EQ(masked_name("Trần Đức Ân"), "Trần Đ. Â.");
    EXPECT_EQ(masked_name("  Thế "), "Thế");
    EXPECT_EQ(masked_name(""), "");
}

TEST(DuePage, NamesTheDayThatMidnightEnds)
{
    for (auto const& page : sample_pages(Language::vi, as_is)) {
        if (page.name != "due_part_paid") continue;
        EXPECT_NE(page.bytes.find("có hiệu lực đến hết ngày 30/11/2026."), std::string::npos);
        EXPECT_EQ(page.bytes.find("00:00"), std::string::npos);
    }
}

TEST(FeeQuotePage, NeverCallsFreeWhatNobodyKnows)
{
    for (auto const& page : sample_pages(Language::vi, as_is)) {
        bool const unknown = page.name == "fees_quote_unknown", missing = page.name == "fees_quote_value_missing";
        if (!unknown && !missing) continue;
        EXPECT_NE(page.bytes.find("Chưa biết tổng số tiền"), std::string::npos) << page.name;
        EXPECT_EQ(page.bytes.find("Không phải nộp"), std::string::npos) << page.name;
        EXPECT_EQ(page.bytes.find("<p class=\"due-amount\">Miễn"), std::string::npos) << page.name;
        EXPECT_EQ(page.bytes.find("hãy hỏi quầy tiếp nhận") != std::string::npos, unknown) << page.name;
    }
}

TEST(FeeQuotePage, SaysOfEveryReliefWhatBecameOfIt)
{
    for (auto const& page : sample_pages(Language::vi, as_is)) {
        if (page.name != "fees_quote") continue;
        EXPECT_NE(page.bytes.find("Không phải nộp tiền"), std::string::npos);
        EXPECT_NE(page.bytes.find("Được áp dụng."), std::string::npos);
        EXPECT_NE(page.bytes.find("Không dùng: đã có mức lợi hơn, các mức không cộng lại."), std::string::npos);
    }
}

TEST(FeeQuotePage, KeepsFeesAndChargesApart)
{
    for (auto const& page : sample_pages(Language::en, as_is)) {
        if (page.name != "fees_quote_two_kinds") continue;
        EXPECT_NE(page.bytes.find("<li>Fee: 100.000\u00A0đ</li><li>Charge: 25.000\u00A0đ</li>"), std::string::npos);
        EXPECT_NE(page.bytes.find("125.000\u00A0đ"), std::string::npos);
    }
}

TEST(WaitPage, ShowsNoCodeWhileThePaymentIsInDoubt)
{
    for (auto const& page : sample_pages(Language::vi, as_is)) {
        if (page.name == "wait_in_doubt") EXPECT_EQ(page.bytes.find("class=\"qr\""), std::string::npos);
        if (page.name == "wait") EXPECT_NE(page.bytes.find("class=\"qr\""), std::string::npos);
    }
}

INSTANTIATE_TEST_SUITE_P(Languages, Pages, testing::Values(Language::vi, Language::en));

}  // namespace
}  // namespace cho40::pages
