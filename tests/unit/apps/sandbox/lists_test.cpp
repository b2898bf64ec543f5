#include "base/digest.h"
#include "tests/unit/apps/sandbox/rig.h"
#include <set>

namespace cho40::sandbox::tests_ {
namespace {

class SandboxLists : public testing::Test {
protected:
    // Five transfers of one day, ten minutes apart, the third told to nobody; and money back for the first.
    SandboxLists()
    {
        rig.connect({"sepay", "casso"}, {{"api_key", "key-of-the-lists"}});
        for (int i = 0; i < 5; ++i) {
            auto const body = rig.post("/bank/payments", {{"bank_bin", "970436"},
                                                          {"account_number", "2141000456789"},
                                                          {"amount", 10'000 + i},
                                                          {"memo", "tien ca"},
                                                          {"wrapper", "plain"},
                                                          {"booked_at", "2026-11-22T03:" + std::to_string(i) + "0:00Z"},
                                                          {"scenario", i == 2 ? "not_told" : "plain"}})
                                  .body();
            references.push_back(body["bank_reference"]);
        }
        EXPECT_EQ(rig.post("/bank/refunds", {{"bank_reference", references[0]}, {"amount", 4'000}}).status, 201);
    }
    json sepay(std::string const& query = "")
    {
        return rig.call(http::Method::get, "/userapi/transactions/list?" + query, "", {{"Authorization", "Bearer key-of-the-lists"}})
            .body();
    }
    json casso(std::string const& query = "")
    {
        return rig.call(http::Method::get, "/v2/transactions?" + query, "", {{"Authorization", "Apikey key-of-the-lists"}}).body();
    }

    Rig rig;
    std::vector<std::string> references;
};

TEST_F(SandboxLists, SePayListsWhatItNeverToldNewestFirst)
{
    auto const list = sepay();
    EXPECT_EQ(list["status"], 200);
    EXPECT_EQ(list["messages"]["success"], true);
    auto const& lines = list["transactions"];
    ASSERT_EQ(lines.size(), 6u);
    EXPECT_EQ(lines[0]["amount_out"], "4000.00");
    EXPECT_EQ(lines[0]["amount_in"], "0.00");
    auto const& third = lines[3];
    EXPECT_EQ(third["reference_number"], references[2]);
    EXPECT_EQ(third["amount_in"], "10002.00");
    EXPECT_EQ(third["transaction_content"], "tien ca");
    EXPECT_EQ(third["transaction_date"], "2026-11-22 10:20:00");
    EXPECT_EQ(third["account_number"], "2141000456789");
    EXPECT_EQ(third["bank_brand_name"], "Vietcombank");
    std::set<std::string> told;
    for (auto const& credit : rig.service.credits) told.insert(credit.bank_reference);
    EXPECT_FALSE(told.contains(references[2]));
}

TEST_F(SandboxLists, BalancesLeadFromOneTransferToTheNext)
{
    auto const lines = sepay()["transactions"];
    auto const dong = [](json const& text) { return std::stoll(text.get<std::string>()); };
    std::int64_t balance = 1'000'000;
    for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
        balance += dong((*line)["amount_in"]) - dong((*line)["amount_out"]);
        EXPECT_EQ(dong((*line)["accumulated"]), balance);
    }
    auto const records = casso("fromDate=2026-11-01&pageSize=100")["data"]["records"];
    EXPECT_EQ(records.size(), lines.size());
    for (auto const& record : records) {
        auto const same = std::ranges::find(lines, record["tid"], [](json const& line) { return line["reference_number"]; });
        ASSERT_NE(same, lines.end());
        EXPECT_EQ(dong((*same)["accumulated"]), record["cusumBalance"].get<std::int64_t>());
    }
    // And those which were told show the hole: the fourth does not follow from the second.
    for (auto const* rail : {"sepay", "casso"}) {
        std::vector<qr_pay::BankCredit> told;
        std::ranges::copy_if(rig.service.credits, std::back_inserter(told), [&](auto const& credit) { return credit.rail == rail; });
        ASSERT_EQ(told.size(), 5u) << rail;
        EXPECT_EQ(told[0].balance->count() + told[1].amount.count(), told[1].balance->count());
        EXPECT_NE(told[1].balance->count() + told[2].amount.count(), told[2].balance->count());
        EXPECT_EQ(told[2].balance->count() + told[3].amount.count(), told[3].balance->count());
        EXPECT_EQ(told[3].balance->count() - told[4].amount.count(), told[4].balance->count());
    }
}

TEST_F(SandboxLists, TheNumbersAreThoseOfTheNotifications)
{
    for (auto const& credit : rig.service.credits) {
        if (credit.rail == "sepay") {
            auto const lines = sepay("reference_number=" + credit.bank_reference)["transactions"];
            ASSERT_EQ(lines.size(), 1u);
            EXPECT_EQ(lines[0]["id"], credit.provider_id);
        } else {
            auto const records = casso("fromDate=2026-11-01&pageSize=100")["data"]["records"];
            auto const same = std::ranges::find(records, json(credit.bank_reference), [](json const& record) { return record["tid"]; });
            ASSERT_NE(same, records.end());
            EXPECT_EQ((*same)["id"].dump(), credit.provider_id);
        }
    }
}

TEST_F(SandboxLists, SePaysFilters)
{
    auto const lines = sepay()["transactions"];
    struct Row {
        std::string query;
        std::size_t count;
    };
    for (auto const& row :
         {Row{"since_id=" + lines[2]["id"].get<std::string>(), 3}, Row{"limit=2", 2}, Row{"account_number=1", 0},
          Row{"account_number=2141000456789&amount_in=10002", 1}, Row{"amount_out=4000", 1},
          Row{"transaction_date_min=2026-11-22%2010:20:00&transaction_date_max=2026-11-22%2010:30:00", 2},
          Row{"transaction_date_max=2026-11-21", 0}, Row{"transaction_date_min=2026-11-22&transaction_date_max=2026-11-22", 5}}) {
        EXPECT_EQ(sepay(row.query)["transactions"].size(), row.count) << row.query;
    }
    for (auto const* wrong : {"limit=0", "limit=5001", "since_id=-1", "transaction_date_min=yesterday"})
        EXPECT_EQ(sepay(wrong)["status"], 400) << wrong;
}

TEST_F(SandboxLists, CassosPages)
{
    std::vector<std::string> seen;
    for (int page = 1; page <= 3; ++page) {
        auto const answer = casso("fromDate=2026-11-22&toDate=2026-11-22&pageSize=2&page=" + std::to_string(page));
        EXPECT_EQ(answer["error"], 0);
        auto const& data = answer["data"];
        EXPECT_EQ(data["totalPages"], 3);
        EXPECT_EQ(data["totalRecords"], 5);
        EXPECT_EQ(data["nextPage"], page < 3 ? json(page + 1) : json());
        for (auto const& record : data["records"]) seen.push_back(record["tid"]);
    }
    EXPECT_EQ(seen, references);
    auto const last = casso("fromDate=2026-11-22&toDate=2026-11-22&sort=DESC&pageSize=1")["data"]["records"][0];
    EXPECT_EQ(last["tid"], references[4]);
    EXPECT_EQ(last["amount"], 10'004);
    EXPECT_EQ(last["when"], "2026-11-22T10:40:00");
    EXPECT_EQ(last["bankSubAccId"], "2141000456789");
    EXPECT_FALSE(last["corresponsiveName"].get<std::string>().empty());
    EXPECT_EQ(casso("fromDate=2026-11-01&pageSize=100&sort=DESC")["data"]["records"][0]["amount"], -4'000);
    EXPECT_EQ(casso("sort=UP")["error"], 400);
}

TEST_F(SandboxLists, OnlyWithTheKeyOfTheRail)
{
    EXPECT_EQ(rig.get("/userapi/transactions/list").status, 401);
    for (auto const& [path, authorization] :
         {std::pair("/userapi/transactions/list", "Apikey key-of-the-lists"), std::pair("/userapi/transactions/list", "Bearer another"),
          std::pair("/v2/transactions", "Bearer key-of-the-lists"), std::pair("/v2/transactions", "Apikey ")})
        EXPECT_EQ(rig.call(http::Method::get, path, "", {{"Authorization", authorization}}).status, 401) << path << authorization;
}

TEST(SandboxApiKeys, FollowFromTheSecretWhereNoneIsGiven)
{
    Rig rig;
    rig.connect({"casso"});
    auto const key = to_hex(sha256("api-key/" + secret_of("casso"))).substr(0, 32);
    EXPECT_EQ(rig.call(http::Method::get, "/v2/transactions", "", {{"Authorization", "Apikey " + key}}).status, 200);
}

}  // namespace
}  // namespace cho40::sandbox::tests_
