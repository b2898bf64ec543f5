#include "adapters/postgres/connection.h"
#include "adapters/postgres/copy.h"
#include "tests/support/loop.h"
#include "tests/support/postgres.h"
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace cho40::postgres {
namespace {

using tests::Loop;
using tests::TestDatabase;

struct Stall {};

class Values : public testing::Test {
protected:
    void SetUp() override { connection = *loop.run(Connection::connect(loop.executor(), TestDatabase::instance().info())); }

    // What the server gives back for one parameter sent to it.
    template <class T>
    T echo(Statement statement, T const& value)
    {
        auto rows = loop.run(connection->execute(statement, Params(value)));
        if (!rows) throw std::runtime_error(rows.error().message);
        return (*rows)[0].template get<T>(0);
    }

    Loop loop;
    std::unique_ptr<Connection> connection;
};

constexpr Statement echo_int8{"echo_int8", "SELECT $1::int8"};
constexpr Statement echo_int4{"echo_int4", "SELECT $1::int4"};
constexpr Statement echo_int2{"echo_int2", "SELECT $1::int2"};
constexpr Statement echo_bool{"echo_bool", "SELECT $1::bool"};
constexpr Statement echo_text{"echo_text", "SELECT $1::text"};
constexpr Statement echo_bytea{"echo_bytea", "SELECT $1::bytea"};
constexpr Statement echo_uuid{"echo_uuid", "SELECT $1::uuid"};
constexpr Statement echo_time{"echo_time", "SELECT $1::timestamptz"};
constexpr Statement echo_date{"echo_date", "SELECT $1::date"};
constexpr Statement echo_json{"echo_json", "SELECT $1::jsonb"};
constexpr Statement echo_int8s{"echo_int8s", "SELECT $1::int8[]"};
constexpr Statement echo_texts{"echo_texts", "SELECT $1::text[]"};
constexpr Statement echo_uuids{"echo_uuids", "SELECT $1::uuid[]"};
constexpr Statement echo_byteas{"echo_byteas", "SELECT $1::bytea[]"};
constexpr Statement echo_times{"echo_times", "SELECT $1::timestamptz[]"};
constexpr Statement echo_bools{"echo_bools", "SELECT $1::bool[]"};

TEST_F(Values, ComeBackAsTheyWereSent)
{
    for (auto v : {INT64_MIN, std::int64_t{-1}, std::int64_t{0}, INT64_MAX}) EXPECT_EQ(echo(echo_int8, v), v);
    for (auto v : {INT32_MIN, -1, 0, INT32_MAX}) EXPECT_EQ(echo(echo_int4, std::int32_t{v}), v);
    for (auto v : {std::int16_t{INT16_MIN}, std::int16_t{7}}) EXPECT_EQ(echo(echo_int2, v), v);
    for (auto v : {true, false}) EXPECT_EQ(echo(echo_bool, v), v);
    for (std::string v : {"", "cà phê sữa đá", "it's \"quoted\"; -- \\"}) EXPECT_EQ(echo(echo_text, v), v);
    for (auto v : {Bytea(""), Bytea(std::string("\0\xff\x01", 3))}) EXPECT_EQ(echo(echo_bytea, v), v);
    EXPECT_EQ(echo(echo_int8, Dong(-45000)), Dong(-45000));
    auto const id = Id<Stall>(*Uuid::from_string("0192f0c1-2345-7abc-8def-0123456789ab"));
    EXPECT_EQ(echo(echo_uuid, id), id);
    auto const digest = sha256("cho");
    EXPECT_EQ(echo(echo_bytea, digest), digest);
    EXPECT_EQ(echo(echo_json, Json("{\"a\": [1, null, \"đ\"]}")), Json("{\"a\": [1, null, \"đ\"]}"));
    for (auto v : {*parse_rfc3339("1975-04-30T11:30:00.000001Z"), *parse_rfc3339("2026-11-22T03:15:30.120Z"),
                   *parse_rfc3339("2099-12-31T23:59:59.999999Z")})
        EXPECT_EQ(echo(echo_time, v), v);
    for (auto v : {Day::from(1975, 4, 30), Day::from(2000, 1, 1), Day::from(2024, 2, 29), Day::from(2099, 12, 31)})
        EXPECT_EQ(echo(echo_date, v), v);
}

TEST_F(Values, MeanWhatTheServerThinksTheyMean)
{
    constexpr Statement as_text{"as_text", "SELECT concat_ws('|', $1::timestamptz AT TIME ZONE 'UTC', $2::date, $3::uuid, $4::int8)"};
    auto const at = *parse_rfc3339("2026-11-22T03:15:30.12Z");
    auto const id = *Uuid::from_string("0192f0c1-2345-7abc-8def-0123456789ab");
    auto const rows = loop.run(connection->execute(as_text, Params(at, Day::from(2026, 11, 22), id, Dong(45000))));
    ASSERT_TRUE(rows) << rows.error().message;
    EXPECT_EQ((*rows)[0].get<std::string>(0), "2026-11-22 03:15:30.12|2026-11-22|0192f0c1-2345-7abc-8def-0123456789ab|45000");
}

TEST_F(Values, NullIsAnEmptyOptional)
{
    EXPECT_EQ(echo(echo_int8, std::optional<Dong>()), std::nullopt);
    EXPECT_EQ(echo(echo_int8, std::optional<Dong>(Dong(5))), Dong(5));
    EXPECT_EQ(echo(echo_text, std::optional<std::string>()), std::nullopt);
    EXPECT_EQ(echo(echo_text, std::optional<std::string>("")), "");
    EXPECT_EQ(echo(echo_time, std::optional<Instant>()), std::nullopt);
    EXPECT_EQ(echo(echo_date, std::optional<Day>()), std::nullopt);
    EXPECT_EQ(echo(echo_uuid, std::optional<Uuid>()), std::nullopt);
}

TEST_F(Values, ArraysComeBackAsTheyWereSent)
{
    EXPECT_EQ(echo(echo_int8s, std::vector<Dong>{Dong(1), Dong(-2)}), (std::vector<Dong>{Dong(1), Dong(-2)}));
    EXPECT_EQ(echo(echo_int8s, std::vector<std::int64_t>{}), std::vector<std::int64_t>{});
    EXPECT_EQ(echo(echo_texts, std::vector<std::string>{"a,b", "", "{\"x\"}"}), (std::vector<std::string>{"a,b", "", "{\"x\"}"}));
    EXPECT_EQ(echo(echo_uuids, std::vector<Uuid>(3)), std::vector<Uuid>(3));
    EXPECT_EQ(echo(echo_byteas, std::vector<Bytea>{Bytea(std::string(3, '\0'))}), std::vector<Bytea>{Bytea(std::string(3, '\0'))});
    EXPECT_EQ(echo(echo_times, std::vector<Instant>(2)), std::vector<Instant>(2));
    EXPECT_EQ(echo(echo_bools, std::vector<bool>{true, false, true}), (std::vector<bool>{true, false, true}));
    std::vector<std::optional<std::string>> const holes{"a", std::nullopt, "c"};
    EXPECT_EQ(echo(echo_texts, holes), holes);
}

RC_GTEST_FIXTURE_PROP(Values, AnyIntegersAndBytesSurvive, (std::vector<std::int64_t> const& numbers, std::string const& bytes))
{
    RC_ASSERT(echo(echo_int8s, numbers) == numbers);
    RC_ASSERT(echo(echo_bytea, Bytea(bytes)).bytes == bytes);
}

TEST_F(Values, ColumnsOfAnotherTypeAreNoticed)
{
    constexpr Statement mixed{"mixed", "SELECT 'x'::text, NULL::int8, 3000000000::int8, 1.5::numeric, 'infinity'::timestamptz"};
    auto const rows = *loop.run(connection->execute(mixed, Params()));
    auto const row = rows[0];
    EXPECT_THROW((void)row.get<Dong>(0), std::logic_error);
    EXPECT_THROW((void)row.get<Dong>(1), std::logic_error);
    EXPECT_THROW((void)row.get<std::int32_t>(2), std::logic_error);
    EXPECT_THROW((void)row.get<Dong>(3), std::logic_error);
    EXPECT_THROW((void)row.get<Instant>(4), std::logic_error);
    EXPECT_THROW((void)row.get<Dong>(5), std::logic_error);
    EXPECT_THROW((void)row.get<Dong>(-1), std::logic_error);
    EXPECT_EQ(row.get<std::int64_t>(2), 3000000000);
}

TEST_F(Values, SmallColumnsTakeWideParametersWithARangeCheck)
{
    TestDatabase::instance().sql().run("CREATE TABLE IF NOT EXISTS narrow (small smallint, mid integer, doc jsonb)");
    constexpr Statement insert{"narrow_insert", "INSERT INTO narrow (small, mid, doc) VALUES ($1, $2, $3)"};
    EXPECT_TRUE(loop.run(connection->execute(insert, Params(std::int64_t{7}, std::int64_t{8}, Json("{}")))));
    auto const refused = loop.run(connection->execute(insert, Params(std::int64_t{70000}, std::int64_t{8}, Json("{}"))));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().sqlstate, "22003");
    EXPECT_EQ(refused.error().outcome, Outcome::refused);
}

TEST_F(Values, TheSameStatementWithOtherTypesIsPreparedApart)
{
    constexpr Statement size{"param_size", "SELECT $1::text"};
    EXPECT_EQ((*loop.run(connection->execute(size, Params(std::int32_t{5}))))[0].get<std::string>(0), "5");
    EXPECT_EQ((*loop.run(connection->execute(size, Params(std::int64_t{1} << 40))))[0].get<std::string>(0), "1099511627776");
    EXPECT_EQ((*loop.run(connection->execute(size, Params(std::int32_t{6}))))[0].get<std::string>(0), "6");
}

TEST_F(Values, ATextWithANulByteIsRefusedAndNotCut)
{
    auto const refused = loop.run(connection->execute(echo_text, Params(std::string("a\0b", 3))));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().sqlstate, "22021");
    EXPECT_TRUE(connection->usable());
}

TEST_F(Values, CopyWritesEveryTypeAndNull)
{
    TestDatabase::instance().sql().run("DROP TABLE IF EXISTS copied; CREATE TABLE copied "
                                       "(a int2, b int4, c int8, d uuid, e bytea, f text, g timestamptz, h bool, i date, j int8, k jsonb)");
    CopyRows rows(11);
    rows.begin_row();
    rows.add(std::int16_t{1});
    rows.add(std::int32_t{2});
    rows.add(Dong(3));
    rows.add(*Uuid::from_string("0192f0c1-2345-7abc-8def-0123456789ab"));
    rows.add(Bytea("\x01\x02"));
    rows.add("chợ");
    rows.add(*parse_rfc3339("2026-11-22T03:15:30Z"));
    rows.add(true);
    rows.add(Day::from(2026, 11, 22));
    rows.null();
    rows.add(Json("[1]"));
    auto const written = loop.run(connection->copy_in("COPY copied FROM STDIN (FORMAT binary)", rows.finish()));
    ASSERT_TRUE(written) << written.error().message;
    EXPECT_EQ(*written, 1);
    EXPECT_EQ(TestDatabase::instance().sql().value("SET timezone = 'UTC'; SELECT copied::text FROM copied"),
              "(1,2,3,0192f0c1-2345-7abc-8def-0123456789ab,\"\\\\x0102\",chợ,\"2026-11-22 03:15:30+00\",t,2026-11-22,,[1])");
}

}  // namespace
}  // namespace cho40::postgres
