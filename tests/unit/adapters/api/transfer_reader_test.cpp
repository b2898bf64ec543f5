#include "adapters/api/transfer_reader.h"
#include "adapters/strict_json/strict_json.h"
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <random>

namespace cho40::api {
namespace {

using nlohmann::json;

struct Noon final : Clock {
    [[nodiscard]] Instant now() const override { return *parse_rfc3339("2026-11-22T12:00:00Z"); }
};
Noon const noon;

constexpr auto id = "trf_01jd2w6x3kfq7m5v8t4r2n0abc";  // an UUIDv7 of 2024-11-19

json line() { return {{"id", id}, {"debit", 1}, {"credit", 2}, {"amount", {{"amount", 45000}, {"currency", "VND"}}}}; }
json one()
{
    auto body = line();
    body["book"] = "77";
    return body;
}
Result<OneTransfer> read_one(std::string text)
{
    TransferReader reader(noon);
    return reader.read_one(text);
}
Result<BulkTransfers> read_bulk(std::string text)
{
    TransferReader reader(noon);
    return reader.read_bulk(text);
}

TEST(TransferReader, ReadsEveryMember)
{
    auto body = one();
    body.update({{"kind", "pending"},
                 {"code", 1200},
                 {"reference", "Hóa đơn 17"},
                 {"event_at", "2026-11-22T03:15:30.120Z"},
                 {"timeout_s", 60},
                 {"flags", {"balancing_debit", "closing_credit"}}});
    auto const read = read_one(body.dump());
    ASSERT_TRUE(read) << read.error().detail;
    auto const& t = read->line.transfer;
    EXPECT_EQ(read->book.value, 77);
    EXPECT_EQ(t.kind, ledger::TransferKind::pending);
    EXPECT_EQ(t.debit.value, 1);
    EXPECT_EQ(t.credit.value, 2);
    EXPECT_EQ(t.amount, Dong(45000));
    EXPECT_EQ(static_cast<int>(t.code), 1200);
    EXPECT_EQ(t.reference, "Hóa đơn 17");
    EXPECT_EQ(t.event_at, parse_rfc3339("2026-11-22T03:15:30.120Z").value());
    EXPECT_EQ(t.timeout, std::chrono::seconds(60));
    EXPECT_TRUE(t.flags.balancing_debit && t.flags.closing_credit);
    EXPECT_FALSE(t.flags.balancing_credit || t.flags.closing_debit);
}

TEST(TransferReader, WhatIsLeftOutIsTheSameOnEveryRetry)
{
    auto const first = read_one(one().dump()).value();
    EXPECT_EQ(first.line.transfer.event_at, parse_rfc3339("2024-11-19T18:50:57.523Z").value());
    EXPECT_EQ(static_cast<std::int64_t>(first.line.transfer.code), general_code_min);
    EXPECT_EQ(read_one(one().dump())->line.transfer, first.line.transfer);
}

TEST(TransferReader, NothingHappenedLaterThanAMinuteFromNow)
{
    auto body = one();
    for (auto const* known : {"1900-01-01T00:00:00Z", "2026-11-22T12:00:59.999999Z", "2026-11-22T12:01:00Z"}) {
        body["event_at"] = known;
        EXPECT_TRUE(read_one(body.dump())) << known;
    }
    for (auto const* ahead : {"2026-11-22T12:01:00.000001Z", "2026-11-22T11:02:00-01:00", "9999-12-31T23:59:59Z"}) {
        body["event_at"] = ahead;
        auto const read = read_one(body.dump());
        ASSERT_FALSE(read) << ahead;
        EXPECT_EQ(read.error().fields.at(0).pointer, "/event_at");
        EXPECT_EQ(read.error().fields.at(0).code, Errc::invalid_date);
    }
}

TEST(TransferReader, WhatCannotBeReadCountsAsLinked)
{
    auto const linked = [](std::string const& value) {
        return read_bulk(R"({"book":"77","transfers":[)" + value + "]}")->lines.at(0).linked;
    };
    EXPECT_FALSE(linked("{}"));
    EXPECT_FALSE(linked(R"({"linked":false,"debit":"x"})"));
    for (auto const* unclear : {"null", "17", "[]", R"({"linked":"yes"})", R"({"linked":null})", R"({"linked":true,"linked":false})"}) {
        EXPECT_TRUE(linked(unclear)) << unclear;
    }
}

TEST(TransferReader, TextIsNormalised)
{
    auto body = one();
    body["reference"] = "Ho\xCC\x81"
                        "a";  // o and a combining accent
    EXPECT_EQ(read_one(body.dump())->line.transfer.reference, "H\xC3\xB3"
                                                              "a");
}

TEST(TransferReader, EscapedNamesAndValuesAreTheSame)
{
    auto text = one().dump();
    text.replace(text.find("\"debit\""), 7, "\"\\u0064ebit\"");
    text.replace(text.find("trf_"), 4, "\\u0074rf_");
    auto const read = read_one(text);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->line.transfer, read_one(one().dump())->line.transfer);
}

TEST(TransferReader, ABadLineSaysSoAndItsNeighboursAreRead)
{
    auto bad = line();
    bad["debit"] = {1, {{"a", nullptr}, {"b", true}, {"c", 1.5e300}}};
    bad["more"] = "x";
    json const body = {{"transfers", {line(), bad, 17, line()}}, {"book", "77"}};
    auto const bulk = read_bulk(body.dump());
    ASSERT_TRUE(bulk) << bulk.error().detail;
    ASSERT_EQ(bulk->lines.size(), 4U);
    EXPECT_TRUE(bulk->lines[0].faults.empty());
    ASSERT_EQ(bulk->lines[1].faults.size(), 2U);
    EXPECT_EQ(bulk->lines[1].faults[0].pointer, "/debit");
    EXPECT_EQ(bulk->lines[1].faults[1].pointer, "/more");
    EXPECT_EQ(bulk->lines[2].faults[0].code, Errc::wrong_type);
    EXPECT_TRUE(bulk->lines[3].faults.empty());
}

TEST(TransferReader, WhatNobodyReadsMustBeJsonAllTheSame)
{
    auto const with = [](std::string const& value) {
        return R"({"book":"77","transfers":[{"what":)" + value + "}," + line().dump() + "]}";
    };
    EXPECT_TRUE(read_bulk(with("{\"a\":[1,2.5,null,true,\"x\"]}")));
    for (auto const* value :
         {"tru", "nul", "[1}", "{1]", "01", "1x", "\"\\x\"", "[1,]", "{\"a\"}", "{\"a\":}", "-", "\"\\ud800\"", "+1", "[,1]"}) {
        auto const read = read_bulk(with(value));
        ASSERT_FALSE(read) << value;
        EXPECT_EQ(read.error().code, Errc::invalid_json) << value;
    }
    std::string deep(40, '[');
    deep.append(40, ']');
    EXPECT_FALSE(read_bulk(with(deep)));
}

// Whatever happens to a good body on its way: what is still read as right is JSON for the strict reader too, and says the same.
TEST(TransferReader, NeverReadsWhatStrictJsonRefuses)
{
    auto rich = one();
    rich.update({{"kind", "pending"}, {"reference", "Hóa đơn"}, {"timeout_s", 60}, {"flags", {"balancing_debit"}}});
    auto const good = rich.dump();
    std::mt19937 random(20261122);  // NOLINT: the same on every run
    constexpr std::string_view pieces = "{}[]\",:\\0129.-eE tfn\xC3\xFF";
    TransferReader reader(noon);
    int accepted = 0;
    for (int i = 0; i < 20'000; ++i) {
        auto text = good;
        for (auto changes = 1 + random() % 3; changes > 0; --changes) {
            auto const at = random() % text.size();
            switch (random() % 3) {
            case 0: text[at] = pieces[random() % pieces.size()]; break;
            case 1: text.insert(at, 1, pieces[random() % pieces.size()]); break;
            default: text.erase(at, 1); break;
            }
        }
        auto const read = reader.read_one(text);
        if (!read) continue;
        ++accepted;
        auto const strict = strict_json::parse(text);
        ASSERT_TRUE(strict) << text;
        EXPECT_EQ(strict->at("debit").get<std::int64_t>(), read->line.transfer.debit.value) << text;
        EXPECT_EQ(strict->at("amount").at("amount").get<std::int64_t>(), read->line.transfer.amount.count()) << text;
    }
    EXPECT_GT(accepted, 50);
}

}  // namespace
}  // namespace cho40::api
