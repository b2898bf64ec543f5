#pragma once
#include "adapters/rails/verify.h"
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>

// What every rail's tests have in common.
namespace cho40::rails::tests_ {

using nlohmann::json;
using namespace std::chrono_literals;

inline Instant const now{std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + 3h + 15min + 31s};
inline json const left_out(json::value_t::discarded);

// 45 000 đ for an order, with everything that any rail can tell.
inline qr_pay::BankCredit sale(std::string rail, std::string provider_id, std::string account = "0123456789")
{
    qr_pay::BankCredit credit(std::move(rail), std::move(provider_id), std::move(account), qr_pay::Direction::in, Dong(45000), now - 31s);
    credit.memo = "CQ7K2M4X7 tien ca";
    credit.bank_reference = "FT26326123456";
    credit.provider_order = "CQ7K2M4X7";
    credit.order_code = "CQ7K2M4X7";
    return credit;
}

// A member of an object changed, or taken away with left_out.
inline json with(json object, char const* name, json value)
{
    if (value.is_discarded()) object.erase(name);
    else object[name] = std::move(value);
    return object;
}

inline void set_header(RawNotification& raw, std::string_view name, std::string value)
{
    std::erase_if(raw.headers, [&](auto const& header) { return header.first == name; });
    if (!value.empty()) raw.headers.emplace_back(name, std::move(value));
}

struct Refused {
    char const* name;
    RawNotification raw;
    Errc code;
    std::string pointer;
};
inline void PrintTo(Refused const& row, std::ostream* out) { *out << row.name; }
inline std::string name_of_row(testing::TestParamInfo<Refused> const& info) { return info.param.name; }

inline void expect_refused(Rail const& rail, Refused const& row, RailSecret const& secret)
{
    auto const message = rail.read(row.raw, secret);
    ASSERT_FALSE(message);
    EXPECT_EQ(errc_name(message.error().code), errc_name(row.code)) << message.error().detail;
    EXPECT_EQ(message.error().pointer, row.pointer);
}

inline int status_of(Rail const& rail, Errc code) { return rail.refused(Error(code, "in words")).status; }
inline json body_of(Rail const& rail, Errc code) { return json::parse(rail.refused(Error(code, "in words")).body); }

}  // namespace cho40::rails::tests_
