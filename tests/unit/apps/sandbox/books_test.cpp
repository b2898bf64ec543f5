#include "apps/sandbox/books.h"
#include "tests/unit/apps/sandbox/rig.h"
#include <fstream>
#include <gtest/gtest.h>
#include <unistd.h>

namespace cho40::sandbox {
namespace {

using tests_::json;
using tests_::Rig;

class SandboxBooks : public testing::Test {
protected:
    ~SandboxBooks() override { std::filesystem::remove(file); }

    Books open()
    {
        auto books = Books::open(file);
        EXPECT_TRUE(books) << books.error().detail;
        return std::move(*books);
    }
    static json pay(Rig& rig, int amount)
    {
        return rig
            .post("/bank/payments", {{"bank_bin", "970436"}, {"account_number", "0141000456789"}, {"amount", amount}, {"memo", "tien ca"}})
            .body();
    }
    static std::string day_file(Rig& rig)
    {
        auto const day = Day::of(rig.clock.now()).to_string();
        return rig.get("/providers/daily-file?date=" + day + "&revision=2&rail_account=" + tests_::vietqr_id).text;
    }

    std::filesystem::path const file = std::filesystem::temp_directory_path() / ("cho40_books_" + std::to_string(getpid()) + ".jsonl");
};

TEST_F(SandboxBooks, ABankThatIsStartedAnewStillKnowsTheMoneyOfThisMorning)
{
    std::string reference, before;
    {
        Rig rig(open());
        rig.set_up();
        reference = pay(rig, 45000).at("bank_reference");
        before = day_file(rig);
        EXPECT_NE(before.find("45000"), std::string::npos) << before;
    }
    Rig rig(open());
    EXPECT_EQ(day_file(rig), before);
    auto const next = pay(rig, 30000);  // without another word of setting up
    EXPECT_NE(next.at("bank_reference"), reference) << "a bank never gives a reference twice";
    EXPECT_EQ(next.at("transfers")[0].at("balance"), 45000 + 30000);
    EXPECT_EQ(rig.post("/bank/refunds", {{"bank_reference", reference}}).status, 201);
}

TEST_F(SandboxBooks, WhatIsForgottenOnRequestStaysForgotten)
{
    {
        Rig rig(open());
        rig.set_up();
        pay(rig, 45000);
        EXPECT_EQ(rig.post("/setup/reset", json::object()).status, 204);
    }
    Rig rig(open());
    EXPECT_EQ(pay(rig, 45000).at("code"), "unknown_receiving_account");
}

TEST_F(SandboxBooks, ALineThatTheEndOfTheProgramCutOffIsDropped)
{
    {
        Rig rig(open());
        rig.set_up();
        pay(rig, 45000);
    }
    auto const whole = std::filesystem::file_size(file);
    std::ofstream(file, std::ios::app) << R"({"transfer":{"number":2,"refer)";
    EXPECT_EQ(open().take_lines().size(), 4u);
    EXPECT_EQ(std::filesystem::file_size(file), whole);
}

TEST_F(SandboxBooks, AFileOfSomebodyElseIsRefusedWithItsLine)
{
    std::ofstream(file) << R"({"setup":"/setup/clock","body":"{}"})" << "\nprovider;amount\n";
    auto const books = Books::open(file);
    ASSERT_FALSE(books);
    EXPECT_EQ(books.error().code, Errc::invalid_config);
    EXPECT_NE(books.error().detail.find("line 2"), std::string::npos) << books.error().detail;
}

}  // namespace
}  // namespace cho40::sandbox
