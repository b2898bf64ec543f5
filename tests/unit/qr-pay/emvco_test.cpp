#include "qr-pay/crc16.h"
#include "qr-pay/emvco.h"
#include <algorithm>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace cho40::qr_pay {
namespace {

std::string const account_38 = "38540010A00000072701240006970422011001234567890208QRIBFTTA";

// The body of a payload with its checksum object.
std::string closed(std::string body)
{
    body += "6304";
    return body + crc16_text(body);
}

std::string with(std::string more) { return closed("000201010212" + account_38 + "53037045802VN" + std::move(more)); }

std::string fault_of(std::string_view payload)
{
    auto const qr = decode_qr(payload);
    return qr ? "" : std::string(name_of(qr.error().fault));
}

struct Refusal {
    char const* name;
    std::string payload;
    char const* fault;
};

// In the order of the checks: a row that passes shows that all checks above it passed.
Refusal const refusals[] = {
    {"empty", "", "order"},
    {"not_utf8", "000201\xff", "tlv_malformed"},
    {"id_not_digits", "0002010A0211", "tlv_malformed"},
    {"length_not_digits", "00020101X211", "tlv_malformed"},
    {"value_incomplete", "000201010311", "tlv_malformed"},
    {"dangling", closed("000201") + "6", "tlv_malformed"},
    {"zero_length_before_the_rest_is_looked_at", "00020154006", "zero_length"},
    {"malformed_before_zero_length", "00X20115400", "tlv_malformed"},
    {"first_is_not_00", closed("010211000201"), "order"},
    {"crc_missing",
     "000201"
     "010211",
     "crc_missing"},
    {"crc_not_last", "00020163041234010211", "crc_not_last"},
    {"two_crcs",
     closed("000201"
            "63041234"),
     "duplicate_id"},
    {"crc_of_three", "0002016303ABC", "crc_bad_length"},
    {"crc_not_hex", "0002016304ABCG", "crc_not_hex"},
    {"crc_wrong", "00020163040000", "crc_mismatch"},
    {"two_amounts",
     closed("000201"
            "54011"
            "54012"),
     "duplicate_id"},
    {"version_two", closed("000202"), "unsupported_version"},
    {"initiation_13", closed("000201010213"), "bad_initiation"},
    {"account_template_broken", closed("0002010102112605ABCDE"), "nested_malformed"},
    {"account_template_zero_length", closed("00020101021126040100"), "zero_length"},
    {"account_sub_id_twice", closed("00020101021126100001A0001B"), "duplicate_id"},
    {"vietqr_without_organisation", closed("00020101021138140010A000000727"), "mandatory_missing"},
    {"organisation_broken", closed("00020101021138210010A0000007270103ABC"), "nested_malformed"},
    {"organisation_sub_id_twice", closed("00020101021138280010A00000072701100001A0001B"), "duplicate_id"},
    {"acquirer_of_five", closed("00020101021138320010A000000727011400059704201011"), "bad_format"},
    {"acquirer_missing", closed("00020101021138230010A000000727010501011"), "bad_format"},
    {"account_missing", closed("00020101021138280010A00000072701100006970422"), "mandatory_missing"},
    {"account_of_twenty",
     closed("00020101021138520010A0000007270134000697042201201234567890123456789"
            "0"),
     "bad_length"},
    {"service_unknown",
     closed("00020101021138410010A0000007270115000697042201011"
            "0204ABCD"),
     "bad_service"},
    {"mcc_of_three", with("5203581"), "bad_format"},
    {"currency_letters", closed("000201010212" + account_38 + "5303VND5802VN"), "bad_format"},
    {"country_lower_case", closed("000201010212" + account_38 + "53037045802vn"), "bad_format"},
    {"amount_with_spaces", with("540650 000"), "bad_amount"},
    {"amount_with_comma", with("540650,000"), "bad_amount"},
    {"amount_of_zero", with("54040.00"), "bad_amount"},
    {"amount_two_points", with("54051.2.3"), "bad_amount"},
    {"amount_point_alone", with("5402.5"), "bad_amount"},
    {"amount_of_14", with("541410000000000000"), "bad_amount"},
    {"tip_unknown", with("550204"), "tip_rule"},
    {"tip_asked_and_fixed",
     with("5502015601"
          "5"),
     "tip_rule"},
    {"fixed_fee_missing", with("550202"), "tip_rule"},
    {"fixed_fee_not_an_amount",
     with("5502025601"
          "x"),
     "tip_rule"},
    {"fee_without_indicator",
     with("5601"
          "5"),
     "tip_rule"},
    {"percentage_missing", with("550203"), "tip_rule"},
    {"percentage_zero",
     with("5502035705"
          "00.00"),
     "tip_rule"},
    {"percentage_of_hundred",
     with("5502035703"
          "100"),
     "tip_rule"},
    {"both_fees",
     with("55020256015"
          "57015"),
     "tip_rule"},
    {"additional_broken", with("6203abc"), "nested_malformed"},
    {"additional_zero_length", with("62040800"), "zero_length"},
    {"additional_twice", with("62100801a0801b"), "duplicate_id"},
    {"language_broken", with("6403abc"), "nested_malformed"},
    {"no_account", closed("00020101021153037045802VN"), "mandatory_missing"},
    {"no_currency", closed("000201010212" + account_38 + "5802VN"), "mandatory_missing"},
    {"no_country", closed("000201010212" + account_38 + "5303704"), "mandatory_missing"},
    {"transfer_without_initiation", closed("000201" + account_38 + "53037045802VN"), "mandatory_missing"},
};

class DecodeQr : public testing::TestWithParam<Refusal> {};

TEST_P(DecodeQr, RefusesByTheFirstCheckThatFails) { EXPECT_EQ(fault_of(GetParam().payload), GetParam().fault) << GetParam().payload; }

INSTANTIATE_TEST_SUITE_P(Rows, DecodeQr, testing::ValuesIn(refusals), [](auto const& i) { return std::string(i.param.name); });

TEST(DecodeQr, SaysWhetherThePictureWasReadRightly)
{
    EXPECT_TRUE(decode_qr(closed("000202")).error().crc_ok);
    EXPECT_FALSE(decode_qr("00020263040000").error().crc_ok);
    EXPECT_FALSE(decode_qr("63").error().crc_ok);
    EXPECT_FALSE(decode_qr("\xff\xff\xff\xff").error().crc_ok);
}

TEST(DecodeQr, CountsCharactersAndChecksumsBytes)
{
    auto const qr = decode_qr(
        "00020101021238540010A00000072701240006970422011001234567890208QRIBFTTA53037045405500005802VN5907Cô Hạnh62110807tiền cá6304AFA1");
    ASSERT_TRUE(qr);
    EXPECT_EQ(qr->merchant_name, "Cô Hạnh");
    EXPECT_EQ(*find(*qr->additional, "08"), "tiền cá");
    EXPECT_EQ(qr->issues, (std::vector<std::string>{"59_non_ascii", "62-08_non_ascii"}));
}

struct Warned {
    char const* name;
    std::string payload;
    std::vector<std::string> issues;
};

std::string lower(std::string payload)
{
    for (auto at = payload.size() - 4; at < payload.size(); ++at) payload[at] = static_cast<char>(std::tolower(payload[at]));
    return payload;
}

std::string const push_38 = "38460010A00000072701240006970422011001234567890206QRPUSH";

Warned const warned[] = {
    {"nothing", with("540550000"), {}},
    {"crc_in_lower_case", lower(closed("000201010211" + account_38 + "53037045802VN")), {"crc_lower_case"}},
    {"dynamic_without_amount", with(""), {"dynamic_without_amount"}},
    {"static_with_amount",
     closed("000201010211" + account_38 +
            "5303704540550000"
            "5802VN"),
     {"static_with_amount"}},
    {"other_currency_and_country", closed("000201010211" + account_38 + "53034185802LA"), {"currency_not_704", "country_not_VN"}},
    {"not_in_38", closed("00020101021126" + account_38.substr(2) + "53037045802VN"), {"vietqr_not_in_38"}},
    {"merchant_code_without_merchant",
     closed("000201010211"
            "38520010A00000072701240006970422011001234567890206QRPUSH"
            "53037045802VN"),
     {"missing_for_QRPUSH:52,59,60"}},
    {"cash_without_terminal",
     closed("000201010211"
            "38520010A00000072701240006970422011001234567890206QRCASH"
            "52046011"
            "53037045802VN"
            "5903ABC"
            "6005HANOI"
            "62050501A"),
     {"missing_for_QRCASH:62-07"}},
    {"no_guid",
     closed("000201010211"
            "26050101A" +
            account_38 + "53037045802VN"),
     {"26_without_guid"}},
    {"unexpected_in_organisation",
     closed("000201010211"
            "38590010A000000727012900069704220110012345678902"
            "01X0208QRIBFTTA"
            "53037045802VN"),
     {"38-01_has_unexpected_sub_id:02"}},
    {"long_texts",
     with("540550000"
          "5926ABCDEFGHIJKLMNOPQRSTUVWXYZ"
          "6016ABCDEFGHIJKLMNOP"
          "611112345678901"
          "62300826ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
     {"59_longer_than_25", "60_longer_than_15", "61_longer_than_10", "62-08_longer_than_25"}},
    {"asks_twice",
     with("540550000"
          "62060902AA"),
     {"62-09_not_AME"}},
    {"language_without_name",
     with("540550000"
          "64060002vi"),
     {"64_missing_00_or_01"}},
    {"reserved_id",
     with("540550000"
          "6503abc"),
     {"rfu_id_65_present"}},
    {"free_text_in_80",
     with("540550000"
          "8003123"),
     {"unreserved_80_is_not_a_template"}},
    {"decimals", with("540850000.50"), {"amount_has_decimals_but_VND_exponent_is_0"}},
    {"point_without_decimals", with("540650000."), {}},
};

class DecodeQrWarns : public testing::TestWithParam<Warned> {};

TEST_P(DecodeQrWarns, AboutWhatItAccepts)
{
    auto const qr = decode_qr(GetParam().payload);
    ASSERT_TRUE(qr) << name_of(qr.error().fault) << " " << GetParam().payload;
    EXPECT_EQ(qr->issues, GetParam().issues);
}

INSTANTIATE_TEST_SUITE_P(Rows, DecodeQrWarns, testing::ValuesIn(warned), [](auto const& i) { return std::string(i.param.name); });

TEST(DecodeQr, ReportsEveryAccountOfACode)
{
    auto const qr = decode_qr(closed("000201010211"
                                     "26280010A0000007750110010531"
                                     "4453" +
                                     account_38 + "53037045802VN"));
    ASSERT_TRUE(qr) << name_of(qr.error().fault);
    ASSERT_EQ(qr->merchant_accounts.size(), 2u);
    EXPECT_EQ(qr->merchant_accounts[0].scheme, Scheme::vnpayqr);
    EXPECT_EQ(qr->vietqr()->account, "0123456789");
    EXPECT_EQ(qr->profile, "VIETQR");
}

// Nothing that was changed after printing gets through: the checksum finds every change of one character.
RC_GTEST_PROP(DecodeQr, NoticesEveryChangedCharacter, ())
{
    auto payload = with("540550000"
                        "62130809CQ7K2M4X7");
    auto const at = *rc::gen::inRange<std::size_t>(0, payload.size());
    auto const other = *rc::gen::inRange(0x20, 0x7F);
    RC_PRE(std::toupper(payload[at]) != std::toupper(other));
    payload[at] = static_cast<char>(other);
    RC_ASSERT(!decode_qr(payload));
}

RC_GTEST_PROP(DecodeQr, SurvivesAnything, (std::string const& bytes))
{
    (void)decode_qr(bytes);  // the property is that it comes back
    (void)decode_qr(closed("000201" + bytes));
}

}  // namespace
}  // namespace cho40::qr_pay
