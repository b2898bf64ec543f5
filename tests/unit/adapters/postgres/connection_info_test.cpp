#include "adapters/postgres/connection_info.h"
#include <gtest/gtest.h>

namespace cho40::postgres {
namespace {

std::string value(ConnectionInfo const& info, std::size_t host, std::string const& name)
{
    std::string found = "(none)";
    for (auto const& k : info.keywords(host)) {
        if (k.name == name) {
            EXPECT_EQ(found, "(none)") << name << " is given twice";
            found = k.value;
        }
    }
    return found;
}

TEST(ConnectionInfo, SplitsHostsAndSharesOnePort)
{
    auto const info = ConnectionInfo::parse("host=db1,db2,db3 port=5432 dbname=cho40 user=app");
    ASSERT_TRUE(info);
    ASSERT_EQ(info->host_count(), 3u);
    EXPECT_EQ(value(*info, 1, "host"), "db2");
    EXPECT_EQ(value(*info, 2, "port"), "5432");
    EXPECT_EQ(value(*info, 2, "dbname"), "cho40");
}

TEST(ConnectionInfo, GivesEachHostItsPort)
{
    auto const info = ConnectionInfo::parse("postgresql://app@db1:5001,db2:5002/cho40");
    ASSERT_TRUE(info);
    EXPECT_EQ(value(*info, 0, "port"), "5001");
    EXPECT_EQ(value(*info, 1, "port"), "5002");
    EXPECT_EQ(value(*info, 1, "user"), "app");
}

TEST(ConnectionInfo, AddsWhatTheRulesDemandAndKeepsWhatIsGiven)
{
    auto const info = ConnectionInfo::parse("host=/run/pg dbname=cho40 keepalives_idle=9 application_name=mine");
    ASSERT_TRUE(info);
    EXPECT_EQ(value(*info, 0, "target_session_attrs"), "read-write");
    EXPECT_EQ(value(*info, 0, "tcp_user_timeout"), "3000");
    EXPECT_EQ(value(*info, 0, "keepalives_idle"), "9");
    EXPECT_EQ(value(*info, 0, "application_name"), "mine");
    EXPECT_EQ(value(*info, 0, "client_encoding"), "UTF8");
}

TEST(ConnectionInfo, AFailedHostComesLast)
{
    auto info = *ConnectionInfo::parse("host=a,b,c");
    info.demote(0);
    EXPECT_EQ(info.order(), (std::vector<std::size_t>{1, 2, 0}));
    info.demote(2);
    EXPECT_EQ(info.order(), (std::vector<std::size_t>{1, 0, 2}));
    info.demote(2);
    EXPECT_EQ(info.order(), (std::vector<std::size_t>{1, 0, 2}));
}

TEST(ConnectionInfo, RefusesNonsenseWithoutRepeatingIt)
{
    for (std::string text : {"host=a password=geheim nonsense", "geheim", "host=a,b port=1,2,3 password=geheim",
                             "host=a,b hostaddr=1.1.1.1 password=geheim"}) {
        auto const info = ConnectionInfo::parse(text);
        ASSERT_FALSE(info) << text;
        EXPECT_EQ(info.error().code, Errc::invalid_config);
        EXPECT_EQ(info.error().detail.find("geheim"), std::string::npos);
    }
}

}  // namespace
}  // namespace cho40::postgres
