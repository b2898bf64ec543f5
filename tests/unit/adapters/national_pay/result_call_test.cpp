#include "adapters/national_pay/checksum.h"
#include "adapters/national_pay/result_call.h"
#include "tests/unit/adapters/national_pay/payment_for_tests.h"
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

namespace cho40::national_pay {
namespace {

using nlohmann::json;

ResultCall told()
{
    return {"CONFIRM",          "00",  "QN0001",         "dvcH49142611220007261122093015",      "135000", "VND",
            "PG20261122000123", "VCB", "20261122093122", "THANH TOAN HO SO H49.14-261122-0007", 0};
}

json message() { return json::parse(signed_result_call(told(), account.secret)); }

TEST(NationalResultCall, TheVectorIsRead)
{
    auto const body = message();
    EXPECT_EQ(body["MaXacThuc"], "52fbedd38ccde0fd10806b1053d9ca168dbf61d933c89078026170f2595fdf35");
    auto const read = read_result_call(body.dump(), account);
    ASSERT_TRUE(read) << read.error().detail;
    EXPECT_EQ(difference(*read, payment(), account), "");
    auto const result = result_of(*read);
    EXPECT_EQ(result.kind, fees::NationalResult::Kind::paid);
    EXPECT_EQ(result.transaction, "PG20261122000123");
    EXPECT_EQ(to_rfc3339(result.told_paid_at.value()), "2026-11-22T02:31:22.000Z");
}

TEST(NationalResultCall, EveryFieldIsUnderTheChecksum)
{
    for (auto const* name : {"LoaiBanTin", "MaLoi", "MaDoiTac", "MaThamChieu", "SoTien", "MaTienTe", "MaGiaoDich", "MaNganHang",
                             "ThoiGianGD", "ThongTinGiaoDich", "MaXacThuc"}) {
        auto body = message();
        body[name] = body[name].get<std::string>() + "1";
        auto const changed = read_result_call(body.dump(), account);
        ASSERT_FALSE(changed) << name;
        EXPECT_EQ(changed.error().code, Errc::bad_signature) << name;
        body.erase(name);
        auto const without = read_result_call(body.dump(), account);
        ASSERT_FALSE(without) << name;
        EXPECT_EQ(without.error().code, Errc::required) << name;
        EXPECT_EQ(without.error().pointer, std::string("/") + name);
    }
}

TEST(NationalResultCall, AnAmountMayBeWrittenAsANumber)
{
    auto body = message();
    body["SoTien"] = 135000;
    EXPECT_TRUE(read_result_call(body.dump(), account));
}

// An HMAC over the same text is another number: whoever takes the hash for one is refused.
TEST(NationalResultCall, AnHmacIsNoChecksum)
{
    auto body = message();
    body["MaXacThuc"] = hmac_sha256_hex("demo-secret", "CONFIRM|00|QN0001|dvcH49142611220007261122093015|135000|VND|PG20261122000123|VCB|"
                                                       "20261122093122|THANH TOAN HO SO H49.14-261122-0007");
    EXPECT_EQ(read_result_call(body.dump(), account).error().code, Errc::bad_signature);
}

TEST(NationalResultCall, TheSecretOfBeforeCountsWhileItIsGiven)
{
    auto renewed = account;
    renewed.secret = Secret("new-secret");
    auto const old = message().dump();
    EXPECT_EQ(read_result_call(old, renewed).error().code, Errc::bad_signature);
    renewed.previous_secret = Secret("demo-secret");
    auto const read = read_result_call(old, renewed);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->secret, 1u);
    EXPECT_EQ(read_result_call(signed_result_call(told(), renewed.secret), renewed)->secret, 0u);
}

TEST(NationalResultCall, EveryFigureIsHeldAgainstOurs)
{
    auto const differs = [](auto change) {
        auto call = told();
        change(call);
        return difference(call, payment(), account);
    };
    EXPECT_EQ(differs([](auto& c) { c.amount = "1000"; }), "amount");
    EXPECT_EQ(differs([](auto& c) { c.amount = "0135000"; }), "amount");
    EXPECT_EQ(differs([](auto& c) { c.currency = "USD"; }), "currency");
    EXPECT_EQ(differs([](auto& c) { c.partner = "QN0002"; }), "partner");
    EXPECT_EQ(differs([](auto& c) { c.reference = "dvcX"; }), "reference");
}

TEST(NationalResultCall, GarbageIsRefusedWithoutAnEcho)
{
    for (auto const* body : {"", "null", "[]", "{", "{\"MaLoi\":{}}", "\xff", "{\"LoaiBanTin\":1.5}"}) {
        auto const read = read_result_call(body, account);
        ASSERT_FALSE(read) << body;
        EXPECT_EQ(read.error().detail.find("demo-secret"), std::string::npos);
    }
    auto body = message();
    body["MaGiaoDich"] = std::string(501, 'x');
    EXPECT_EQ(read_result_call(body.dump(), account).error().code, Errc::text_too_long);
}

// One byte changed anywhere in an authentic call: it is refused, or says what it said.
RC_GTEST_PROP(NationalResultCall, NothingIsChangedUnnoticed, ())
{
    auto body = message().dump();
    auto const place = *rc::gen::inRange<std::size_t>(0, body.size());
    body[place] = static_cast<char>(*rc::gen::inRange(0, 256));
    auto const read = read_result_call(body, account);
    if (!read) return;
    RC_ASSERT(difference(*read, payment(), account).empty());
    RC_ASSERT(read->code == told().code);
    RC_ASSERT(read->transaction == told().transaction);
}

RC_GTEST_PROP(NationalResultCall, NoBytesProveThemselves, (std::string const& bytes)) { RC_ASSERT(!read_result_call(bytes, account)); }

TEST(NationalResultCall, AReplyIsSignedToo)
{
    auto const at = Instant(std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + std::chrono::hours(8));
    auto const reply = json::parse(reply_body(reply_code::taken, "OK", account, at));
    EXPECT_EQ(reply["MaLoi"], "00");
    EXPECT_EQ(reply["ThoiGianGD"], "20261122150000");
    EXPECT_EQ(reply["MaXacThuc"], checksum({"00", "OK", "QN0001", "20261122150000"}, account.secret));
}

}  // namespace
}  // namespace cho40::national_pay
