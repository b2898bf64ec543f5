#include "tests/integration/identity/fixture.h"
#include <cstdio>
#include <sys/wait.h>

namespace cho40::tests {
namespace {

using nlohmann::json;

struct Ran {
    int code = -1;
    std::string out;
};

// The tool as people start it; standard error goes nowhere.
Ran cho40(std::string const& arguments, std::string const& input = "", std::string const& environment = "")
{
    auto const command = "printf '%s' '" + input + "' | " + environment + " '" CHO40_TOOL "' user " + arguments + " 2>/dev/null";
    Ran ran;
    auto* pipe = popen(command.c_str(), "r");
    char buffer[4096];
    while (auto const n = fread(buffer, 1, sizeof buffer, pipe)) ran.out.append(buffer, n);
    ran.code = WEXITSTATUS(pclose(pipe));
    return ran;
}

class CommandLineTest : public IdentityTest {
protected:
    std::string database_ = " --database '" + TestDatabase::instance().url() + "'";
    std::string installation_ = "CHO40_INSTALLATION_KEY=" + std::string(64, 'a');
};

TEST_F(CommandLineTest, APersonMadeHereSignsInThere)
{
    EXPECT_EQ(cho40("add operator --name Operator --role operator" + database_, "cá song nướng muối").code, 0);
    Instance service(loop_, clock_, computing_);
    EXPECT_FALSE(sign_in(service, "operator").cookie.empty());
    auto const list = json::parse(cho40("list --json" + database_).out);
    ASSERT_EQ(list.size(), 1U);
    EXPECT_EQ(list[0].at("roles"), json::array({"operator"}));
    EXPECT_EQ(cho40("grant operator tax_officer" + database_).code, 0);
    EXPECT_EQ(json::parse(cho40("list --json" + database_).out)[0].at("roles").size(), 2U);
    EXPECT_EQ(cho40("grant operator tax_officer --take-back" + database_).code, 0);
    EXPECT_EQ(cho40("grant operator tax_officer --take-back" + database_).code, 1);
    EXPECT_EQ(cho40("disable operator" + database_).code, 0);
    EXPECT_EQ(json::parse(cho40("list --json" + database_).out)[0].at("disabled"), true);
    EXPECT_EQ(sql().value("SELECT string_agg(act, ' ' ORDER BY audit_id) FROM audit_entry WHERE actor_kind = 'system'"),
              "users.create users.grant users.take_back users.take_back users.disable");
}

TEST_F(CommandLineTest, WrongUse)
{
    EXPECT_EQ(cho40("add x --name X --role operator" + database_, "cá song nướng muối").code, 2);
    EXPECT_EQ(cho40("add operator --name X --role king" + database_, "cá song nướng muối").code, 2);
    EXPECT_EQ(cho40("add operator --name X --role vendor" + database_, "cá song nướng muối").code, 2);
    EXPECT_EQ(cho40("add operator --name X --role operator" + database_, "matkhau123456").code, 2);
    EXPECT_EQ(cho40("add operator --name X --role operator" + database_, "").code, 2);
    EXPECT_EQ(cho40("disable nobody" + database_).code, 1);
    EXPECT_EQ(cho40("list --database 'host=/nowhere dbname=x'").code, 3);
    EXPECT_EQ(cho40("add operator --name X --role operator --generate" + database_).code, 0);
    EXPECT_EQ(cho40("add operator --name X --role operator --generate" + database_).code, 1) << "the login is taken";
    EXPECT_EQ(sql().value("SELECT count(*) FROM app_user"), "1");
}

TEST_F(CommandLineTest, AKeyIsShownOnceAndWorks)
{
    auto const made = cho40("key add 'audit reader' --scope admin:read --json" + database_, "", installation_);
    ASSERT_EQ(made.code, 0) << made.out;
    auto const view = json::parse(made.out);
    Instance service(loop_, clock_, computing_);
    auto asks = request(http::Method::get, "/v1/audit");
    asks.headers.add("Authorization", "Bearer " + view.at("key").get<std::string>());
    EXPECT_EQ(service.answer(asks).status, 200);
    EXPECT_EQ(cho40("key list --json" + database_).out.find(view.at("key").get<std::string>()), std::string::npos);
    EXPECT_EQ(cho40("key revoke " + view.at("id").get<std::string>() + database_).code, 0);
    Instance later(loop_, clock_, computing_);  // this one trusts the key for a second still
    EXPECT_EQ(later.answer(asks).status, 401);
    EXPECT_EQ(cho40("key add x --scope everything" + database_, "", installation_).code, 2);
    EXPECT_EQ(cho40("key add x --scope admin:read" + database_, "", "env -u CHO40_INSTALLATION_KEY").code, 2);
}

}  // namespace
}  // namespace cho40::tests
