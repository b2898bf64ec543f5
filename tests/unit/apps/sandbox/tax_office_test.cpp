#include "adapters/tax_gateway/notice_xml.h"
#include "base/digest.h"
#include "tests/support/source_tree.h"
#include "tests/unit/apps/sandbox/rig.h"
#include <fstream>

namespace cho40::sandbox::tests_ {
namespace {

using http::Method;

std::string sample(std::string const& name)
{
    std::ifstream in(tests::test_data() / "etax" / name, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
}

std::string const good = sample("05-hsothuedtu-profile-rsa-sha256-resigned.xml");
std::string const tampered = sample("06-hsothuedtu-tampered-must-fail.xml");
std::string const without_signature = sample("03-hsothuedtu-01gtgt-htkk469-redacted.xml");

std::vector<etax::Notice> notices_in(Rig::Answer const& answer)
{
    std::vector<etax::Notice> out;
    EXPECT_EQ(answer.status, 200) << answer.text;
    auto const body = answer.body();
    for (auto const& notice : body["notices"]) {
        auto read = tax_gateway::read_notice(from_base64(notice["content_base64"].get<std::string>()).value());
        EXPECT_TRUE(read) << read.error().detail;
        EXPECT_EQ(notice["code"], json(read->code));
        out.push_back(*read);
    }
    return out;
}

std::string path_of(std::string const& transaction) { return "/tvan/filings/" + transaction + "/notices"; }

std::vector<etax::Notice> poll(Rig& rig, std::string const& transaction) { return notices_in(rig.get(path_of(transaction))); }

// Polls until there are so many, as the service does.
std::vector<etax::Notice> poll_for(Rig& rig, std::string const& transaction, std::size_t count)
{
    auto out = notices_in(rig.ask_until(path_of(transaction), [count](json const& body) { return body["notices"].size() >= count; }));
    EXPECT_EQ(out.size(), count);
    return out;
}

TEST(SandboxTaxOffice, ReceivesThenAccepts)
{
    Rig rig;
    auto const put = rig.call(Method::put, "/tvan/filings/T1", good);
    EXPECT_EQ(put.status, 202) << put.text;
    EXPECT_EQ(put.body()["transaction_id"], "T1");
    EXPECT_EQ(put.body()["digest"], to_hex(sha256(good)));

    auto const first = poll(rig, "T1");
    ASSERT_GE(first.size(), 1u);
    EXPECT_EQ(first[0].kind, etax::NoticeKind::received);
    EXPECT_EQ(first[0].recipient_code, "5709000030");
    EXPECT_EQ(first[0].transaction_code, "T1");
    EXPECT_EQ(first[0].dossiers.at(0).period, "01/2021");

    auto const second = poll(rig, "T1");
    ASSERT_EQ(second.size(), 2u);
    EXPECT_EQ(second[1].kind, etax::NoticeKind::result);
    EXPECT_EQ(second[1].positive, true);
    EXPECT_TRUE(second[1].accepted_at && second[1].filed_at);
    EXPECT_EQ(poll(rig, "T1"), second);
}

TEST(SandboxTaxOffice, TheSameBytesAgainAreTheSameFilingAndOthersAreRefused)
{
    Rig rig;
    EXPECT_EQ(rig.call(Method::put, "/tvan/filings/T1", good).status, 202);
    EXPECT_EQ(rig.call(Method::put, "/tvan/filings/T1", good).status, 200);
    auto const other = rig.call(Method::put, "/tvan/filings/T1", good + "\n");
    EXPECT_EQ(other.status, 409);
    EXPECT_EQ(other.body()["code"], "file_conflict");
    EXPECT_EQ(rig.get("/tvan/filings/T2/notices").status, 404);
}

TEST(SandboxTaxOffice, RefusesWhatIsNotProperlySigned)
{
    Rig rig;
    for (auto const& [transaction, bytes] :
         {std::pair(std::string("tampered"), tampered), std::pair(std::string("unsigned"), without_signature)}) {
        ASSERT_EQ(rig.call(Method::put, "/tvan/filings/" + transaction, bytes).status, 202);
        auto const notices = poll_for(rig, transaction, 2);
        EXPECT_EQ(notices.at(0).code, "843");
        EXPECT_EQ(notices.at(1).positive, false) << transaction;
        EXPECT_FALSE(notices.at(1).reasons.empty()) << transaction;
        EXPECT_FALSE(notices.at(1).accepted_at) << transaction;
    }
    ASSERT_EQ(rig.call(Method::put, "/tvan/filings/garbage", "<HSoThueDTu>").status, 202);
    auto const notices = poll_for(rig, "garbage", 1);
    EXPECT_EQ(notices.at(0).kind, etax::NoticeKind::invalid);
    EXPECT_FALSE(notices.at(0).reasons.empty());
}

TEST(SandboxTaxOffice, PlaysItsScenarios)
{
    Rig rig;
    auto const put = [&](std::string const& name) {
        return rig.call(Method::put, "/tvan/filings/" + name, good, {{"Test-Scenario", name}}).status;
    };
    EXPECT_EQ(put("refuse_business"), 202);
    EXPECT_EQ(poll_for(rig, "refuse_business", 2).at(1).positive, false);
    EXPECT_EQ(put("refuse_technical"), 202);
    EXPECT_EQ(poll_for(rig, "refuse_technical", 1).at(0).code, "213");
    EXPECT_EQ(put("silent"), 202);
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(poll(rig, "silent").empty());
    EXPECT_EQ(put("slow"), 202);
    EXPECT_EQ(poll_for(rig, "slow", 2).at(1).positive, true);
    EXPECT_EQ(put("timeout_then_received"), 504);
    EXPECT_EQ(poll_for(rig, "timeout_then_received", 2).at(1).positive, true);
    EXPECT_EQ(rig.call(Method::put, "/tvan/filings/x", good, {{"Test-Scenario", "strike"}}).body()["code"], "unknown_value");
}

TEST(SandboxTaxOffice, AScenarioCanBeSetForATaxpayer)
{
    Rig rig;
    EXPECT_EQ(rig.post("/setup/etax", {{"taxpayer", "5709000030"}, {"scenario", "refuse_business"}}).status, 200);
    ASSERT_EQ(rig.call(Method::put, "/tvan/filings/A", good).status, 202);
    EXPECT_EQ(poll_for(rig, "A", 2).at(1).positive, false);
    EXPECT_EQ(rig.post("/setup/etax", {{"taxpayer", "5709000030"}, {"scenario", nullptr}}).status, 200);
    ASSERT_EQ(rig.call(Method::put, "/tvan/filings/B", good).status, 202);
    EXPECT_EQ(poll_for(rig, "B", 2).at(1).positive, true);
}

TEST(SandboxTaxOffice, ALostAnswerLosesNoFiling)
{
    Rig rig;
    EXPECT_EQ(rig.call(Method::put, "/tvan/filings/T1", good, {{"Test-Fault", "drop=after_commit"}}).status, 0);
    EXPECT_EQ(rig.call(Method::put, "/tvan/filings/T1", good).status, 200);
}

}  // namespace
}  // namespace cho40::sandbox::tests_
