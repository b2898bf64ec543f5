#include "apps/sandbox/national_platform.h"
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace cho40::sandbox {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

constexpr auto reference = "dvcH49142611220007261122093015";

NationalPlatform platform()
{
    NationalPlatform platform;
    NationalPartner partner;
    partner.name = "QN0001";
    partner.secret = "demo-secret";
    partner.token = "token";
    platform.put(std::move(partner));
    return platform;
}

// The messages of the reference with the checksums it prints.
json init()
{
    return {{"LoaiBanTin", "INIT"},
            {"PhienBan", "1.0.6"},
            {"MaDoiTac", "QN0001"},
            {"MaThamChieu", reference},
            {"SoTien", "135000"},
            {"LoaiHinhThanhToan", "PAY"},
            {"MaKenhThanhToan", "1"},
            {"MaThietBi", "1"},
            {"NgonNgu", "vi-VN"},
            {"MaTienTe", "VND"},
            {"MaNganHang", "PAYMENT"},
            {"ThongTinGiaoDich", "THANH TOAN HO SO H49.14-261122-0007"},
            {"ThoiGianGD", "20261122093015"},
            {"Ip", "203.0.113.10"},
            {"MaXacThuc", "358591604bc5ffd9d71e792950fc968acd478d11e16b6934bd5ebcd9e0e1e6ac"},
            {"ThongTinBienLai", {{"PhiLePhi", json::array({{{"SoTien", "100000"}}, {{"SoTien", "35000"}}})}}}};
}

Errc refusal(NationalPlatform& platform, json const& message, std::string_view authorization = "Bearer token")
{
    auto const taken = platform.take(message.dump(), authorization);
    EXPECT_FALSE(taken);
    return taken ? Errc::internal_error : taken.error().code;
}

TEST(SandboxNational, TakesTheMessageOfTheReferenceOnce)
{
    auto side = platform();
    EXPECT_EQ(side.take(init().dump(), "Bearer token").value(), std::string("/dvcqg/pay/") + reference);
    EXPECT_EQ(refusal(side, init()), Errc::invalid_state);
    EXPECT_EQ(side.attempt(reference)->told.size(), 2u);
}

TEST(SandboxNational, RefusesWhatIsNotProvedOrDoesNotSum)
{
    auto side = platform();
    EXPECT_EQ(refusal(side, init(), "Bearer other"), Errc::unauthenticated);
    auto changed = init();
    changed["SoTien"] = "1000";
    EXPECT_EQ(refusal(side, changed), Errc::bad_signature);
    auto one_line = init();
    one_line["ThongTinBienLai"]["PhiLePhi"].erase(0);
    EXPECT_EQ(refusal(side, one_line), Errc::validation_failed);
    EXPECT_EQ(side.attempt(reference), nullptr);
}

TEST(SandboxNational, AQuestionHasToRepeatTheTimeOfInit)
{
    auto side = platform();
    ASSERT_TRUE(side.take(init().dump(), "Bearer token"));
    json const other_time = {
        {"LoaiBanTin", "QUERY"},          {"PhienBan", "1.0.6"},
        {"MaDoiTac", "QN0001"},           {"MaThamChieu", reference},
        {"ThoiGianGD", "20261122094500"}, {"MaXacThuc", "61b03849593ce388684cd273e65fb4000f38f4f2c751758422363ed4e97ef8f8"}};
    EXPECT_EQ(refusal(side, other_time), Errc::not_found) << "proved, and about nothing";
}

TEST(SandboxNational, TellsAsTheReferencePrintsIt)
{
    auto side = platform();
    ASSERT_TRUE(side.take(init().dump(), "Bearer token"));
    auto const paid_at = Day::from(2026, 11, 22).begin() + 9h + 31min + 22s;
    ASSERT_TRUE(side.end(reference, true, paid_at));
    NationalTelling telling;
    telling.transaction = "PG20261122000123";
    auto const call = json::parse(side.result_call(reference, telling, paid_at).value());
    EXPECT_EQ(call["MaXacThuc"], "52fbedd38ccde0fd10806b1053d9ca168dbf61d933c89078026170f2595fdf35");
}

TEST(SandboxNational, ATwelveHourClockWritesTheMorning)
{
    auto side = platform();
    ASSERT_TRUE(side.take(init().dump(), "Bearer token"));
    NationalTelling telling;
    telling.twelve_hours = true;
    auto const written = [&](std::chrono::hours hour) {
        auto const at = Day::from(2026, 11, 22).begin() + hour;
        EXPECT_TRUE(side.end(reference, true, at));
        return json::parse(side.result_call(reference, telling, at).value())["ThoiGianGD"].get<std::string>();
    };
    EXPECT_EQ(written(15h), "20261122030000");
    EXPECT_EQ(written(12h), "20261122120000");
    EXPECT_EQ(written(0h), "20261122120000");
    EXPECT_EQ(written(9h), "20261122090000");
}

}  // namespace
}  // namespace cho40::sandbox
