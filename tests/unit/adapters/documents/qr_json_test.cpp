#include "adapters/documents/qr_json.h"
#include "qr-pay/crc16.h"
#include "tests/support/source_tree.h"
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace cho40::documents {
namespace {

using nlohmann::json;

json const& vectors()
{
    static json const all = [] {
        std::ifstream in(tests::test_data() / "qr/vectors.json");
        return json::parse(in);
    }();
    return all;
}

class QrVector : public testing::TestWithParam<std::size_t> {};

// Payloads from specifications, libraries and shops with their decoding, worked out apart from this program.
TEST_P(QrVector, DecodesExactlyAsExpected)
{
    auto const& vector = vectors().at(GetParam());
    auto const reading = qr_pay::decode_qr(vector.at("payload").get<std::string>());
    json const expected{{"valid", vector.at("valid")}, {"decoded", vector.at("decoded")}};
    EXPECT_EQ(json(qr_json(reading)), expected) << vector.at("source");
}

INSTANTIATE_TEST_SUITE_P(All, QrVector, testing::Range<std::size_t>(0, 62));

TEST(QrVectors, AreAllRun) { EXPECT_EQ(vectors().size(), 62u); }

TEST(QrJson, FreeTextIn80IsKeptAsText)
{
    std::string const body = "00020101021138540010A00000072701240006970422011001234567890208QRIBFTTA53037045802VN80031236304";
    auto const json = qr_json(qr_pay::decode_qr(body + qr_pay::crc16_text(body)));
    ASSERT_EQ(json.at("valid"), true) << json;
    EXPECT_EQ(json.at("decoded").at("unreserved").at("80"), "123");
    EXPECT_EQ(json.at("decoded").at("issues").at(0), "unreserved_80_is_not_a_template");
}

}  // namespace
}  // namespace cho40::documents
