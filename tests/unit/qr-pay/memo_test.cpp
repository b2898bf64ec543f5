#include "qr-pay/memo.h"
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace cho40::qr_pay {
namespace {

std::set<std::string, std::less<>> const known = {"CQ7K2M4X7", "CQHN8R3TA"};

struct Case {
    char const* name;
    std::string narrative;
    MemoResult result;
    std::vector<std::string> codes;
};

std::vector<std::string> const first{"CQ7K2M4X7"};

Case const cases[] = {
    {"empty", "", MemoResult::none, {}},
    {"plain", "CQ7K2M4X7 tien ca", MemoResult::match, first},
    {"lower_case", "cq7k2m4x7 tien ca", MemoResult::match, first},
    {"in_the_middle", "tien ca cq7k2m4x7 sap 12", MemoResult::match, first},
    {"accents_around", "Trả tiền cá CQ7K2M4X7 Đợt hai", MemoResult::match, first},
    {"accents_inside", "ĆQ7Ḱ2M4X7", MemoResult::match, first},
    {"decomposed", "tie\xCC\x82\xCC\x80n ca\xCC\x81 CQ7K2M4X7", MemoResult::match, first},
    {"glued_suffix", "CQ7K2M4X7FT26032512345678", MemoResult::match, first},
    {"glued_prefix", "tiencaCQ7K2M4X7", MemoResult::match, first},
    {"one_space_inside", "CQ7K2 M4X7", MemoResult::match, first},
    {"one_line_break_inside", "CQ7K2M\r\n4X7 tien ca", MemoResult::match, first},
    {"one_run_of_signs_inside", "CQ7K2M - 4X7", MemoResult::match, first},
    {"space_after_prefix", "CQ 7K2M4X7", MemoResult::match, first},
    {"twice_the_same", "CQ7K2M4X7 CQ7K2M4X7", MemoResult::match, first},
    {"known_beside_unknown", "CQ7K2M4X7 CQ2222222", MemoResult::match, first},
    {"vietcombank_own", "MBVCB.3278907687.CQ7K2M4X7 tien ca.CT tu 0011004123456 NGUYEN VAN A toi 1017595600 TRAN THI B", MemoResult::match,
     first},
    {"vietcombank_other", "MBVCB.3278907687.123456.CQ7K2M4X7.CT tu 0011004123456 NGUYEN VAN A toi 1017595600 TRAN THI B", MemoResult::match,
     first},
    {"vietcombank_napas", "123456.221126.101530.CQ7K2M4X7 tien ca", MemoResult::match, first},
    {"vietcombank_iso8583", "0200970422112210153020269ABC123456.12345.101530.CQ7K2M4X7", MemoResult::match, first},
    {"wallet_pull", "PARTNER.DIRECT_DEBITS_VCB.MSE.123456789_CQ7K2M4X7", MemoResult::match, first},
    {"techcombank", "CQ7K2M4X7 tien ca FT26032512345678", MemoResult::match, first},
    {"vietinbank", "CT nhanh 247 den: CQ7K2M4X7 tien ca (SAPCA12)", MemoResult::match, first},
    {"bidv", "TKThe :0123456789, tai VCB. CQ7K2M4X7 -CTLNHIDI000012345678-1/1-CRE-002", MemoResult::match, first},
    {"sacombank", "IBFT CQ7K2M4X7", MemoResult::match, first},
    {"acb", "CQ7K2M4X7-221126-10:15:30 123456", MemoResult::match, first},
    {"not_utf8_around", "\xff\xfe tien CQ7K2M4X7 \xe1\xba", MemoResult::match, first},
    {"not_utf8_inside", "CQ7K2\xffM4X7", MemoResult::match, first},

    {"two_codes", "CQHN8R3TA CQ7K2M4X7", MemoResult::ambiguous, {"CQHN8R3TA", "CQ7K2M4X7"}},
    {"two_codes_glued", "CQ7K2M4X7CQHN8R3TA", MemoResult::ambiguous, {"CQ7K2M4X7", "CQHN8R3TA"}},

    {"wrong_check_character", "CQ7K2M4X8 tien ca", MemoResult::none, {}},
    {"two_characters_exchanged", "CQK72M4X7 tien ca", MemoResult::none, {}},
    {"code_of_another_account", "CQ2222222 tien ca", MemoResult::none, {}},
    {"too_short", "CQ7K2M4", MemoResult::none, {}},
    {"default_memo", "NGUYEN VAN A chuyen tien", MemoResult::none, {}},
    {"only_in_the_payers_name",
     "MBVCB.3278907687.chuyen tien.CT tu 0011004123456 CQ7K2M4X7 toi 1017595600 TRAN THI B",
     MemoResult::none,
     {}},
    {"only_in_the_receivers_name",
     "MBVCB.3278907687.chuyen tien.CT tu 0011004123456 NGUYEN VAN A toi 1017595600 CQ7K2M4X7",
     MemoResult::none,
     {}},
    {"name_part_broken_by_a_space",
     "MBVCB.1.chuyen tien.C T tu 0011004123456 NGUYEN VAN A to i 1017595600 CQ7K2M4X7",
     MemoResult::none,
     {}},
    {"name_behind_an_account_with_letters", "CT tu VA12345678 CQ7K2M4X7 toi 1017595600 TRAN THI B", MemoResult::none, {}},
    {"name_behind_letters_between_digits", "CT tu 19ABC0123 CQ7K2M4X7 toi 1017595600 TRAN THI B", MemoResult::none, {}},
    {"name_behind_a_short_account", "CT tu 123 CQ7K2M4X7 toi 1017595600 TRAN THI B", MemoResult::none, {}},
    {"name_behind_an_alias", "CT tu BATHE1 CQ7K2M4X7 toi VA00123456 TRAN THI B", MemoResult::none, {}},
    {"name_behind_a_masked_account", "CT tu xxxxxx1234 CQ7K2M4X7 toi 1017595600", MemoResult::none, {}},
    {"name_cut_off_before_toi", "MBVCB.1.tien ca.CT tu 0011004123456 CQ7K2M4X7", MemoResult::none, {}},
    {"name_of_an_account_with_letters_cut_off", "MBVCB.1.tien ca.CT tu VA12345678 CQ7K2M4X7 to", MemoResult::none, {}},
    {"name_of_a_short_account_cut_off_behind_toi", "CT tu 123 CQ7K2M4X7 toi", MemoResult::none, {}},
    {"account_broken_by_a_space", "CT tu 0 011004123456 CQ7K2M4X7", MemoResult::none, {}},
    {"memo_before_an_account_with_letters", "CQ7K2M4X7 tien ca.CT tu VA12345678 CQHN8R3TA toi 19ABC0123 B", MemoResult::match, first},
    {"payers_own_words_like_names", "MBVCB.1.CT tu t10 CQ7K2M4X7.CT tu 0011004123456 NGUYEN toi 1017595600 B", MemoResult::match, first},
    {"payers_own_evening", "CT tu sap 12 CQ7K2M4X7 toi nay", MemoResult::match, first},
    {"payers_own_number_and_evening", "CT tu 12h CQ7K2M4X7 toi nay", MemoResult::match, first},
    {"payers_own_number", "CT tu 123 CQ7K2M4X7", MemoResult::match, first},
    {"code_behind_ct_tu", "CT tu CQ7K2M4X7 tien ca", MemoResult::match, first},
    {"in_the_memo_and_in_a_name", "CQ7K2M4X7.CT tu 0011004123456 NGUYEN toi 1017595600 CQHN8R3TA", MemoResult::match, first},
    {"words_that_only_look_like_names", "CT tu thien CQ7K2M4X7", MemoResult::match, first},

    {"broken_twice", "CQ7 K2M 4X7", MemoResult::suggest, first},
    {"check_character_cut_off", "tien ca CQ7K2M4X", MemoResult::suggest, first},
    {"broken_twice_beside_a_whole_one", "CQ7 K2M 4X7 CQHN8R3TA", MemoResult::match, {"CQHN8R3TA"}},
    {"two_broken_twice", "CQ7 K2M 4X7 CQ H N8R3TA", MemoResult::none, {}},
};

class ExtractCodes : public testing::TestWithParam<Case> {};

TEST_P(ExtractCodes, FindsWhatThePayerMeantAndNothingElse)
{
    auto const reading = extract_codes(GetParam().narrative, [](std::string_view code) { return known.contains(code); });
    EXPECT_EQ(name_of(reading.result), name_of(GetParam().result));
    EXPECT_EQ(reading.codes, GetParam().codes);
    EXPECT_EQ(reading.why.empty(), GetParam().result != MemoResult::suggest);
}

INSTANTIATE_TEST_SUITE_P(Rows, ExtractCodes, testing::ValuesIn(cases), [](auto const& i) { return std::string(i.param.name); });

TEST(CodesToLookUp, AreTheWellFormedOnes)
{
    auto const codes = codes_to_look_up("CQ7K2M4X7 CQ7K2M4X8 cqhn8r3ta CQ7K2M4X7");
    ASSERT_EQ(codes.size(), 2u);
    EXPECT_EQ(codes[0].text(), "CQ7K2M4X7");
    EXPECT_EQ(codes[1].text(), "CQHN8R3TA");
}

// Any code survives any wrapper, one break and any case.
RC_GTEST_PROP(ExtractCodes, SurvivesWhatBanksDo, ())
{
    auto const code = OrderCode::draw(system_random()).text();
    auto text = code;
    text.insert(*rc::gen::inRange<std::size_t>(0, text.size() + 1), " ");
    if (*rc::gen::arbitrary<bool>())
        std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    auto const before = *rc::gen::elementOf(std::vector<std::string>{"", "MBVCB.3278907687.", "IBFT ", "123456.221126.101530."});
    auto const after = *rc::gen::elementOf(std::vector<std::string>{"", "FT26032512345678", " tien ca", "-221126-10:15:30 123456"});
    auto const reading = extract_codes(before + text + after, [&](std::string_view c) { return c == code; });
    RC_ASSERT(reading.result == MemoResult::match);
    RC_ASSERT(reading.codes == std::vector<std::string>{code});
}

RC_GTEST_PROP(ExtractCodes, SurvivesAnything, (std::string const& bytes))
{
    auto const reading = extract_codes(bytes, [](std::string_view code) { return OrderCode::parse(code).has_value(); });
    RC_ASSERT(reading.codes.empty() == (reading.result == MemoResult::none));
}

}  // namespace
}  // namespace cho40::qr_pay
