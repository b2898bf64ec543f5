#include "base/text.h"
#include "base/time.h"
#include "qr-pay/crc16.h"
#include "qr-pay/sign_check.h"
#include "qr-pay/stall_codes.h"
#include "qr-pay/vietqr.h"
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace cho40::qr_pay {
namespace {

using namespace literals;
using Kind = SignDifference::Kind;

Id<Owner> owner(std::string_view name) { return Id<Owner>(make_derived_uuid({"sign check test", name})); }
Id<Owner> const ours = owner("ours"), neighbour = owner("neighbour");

MerchantTerms const terms{"970436", "M0000123456", "5411", "Co Hanh", "Ha Long"};
std::vector<RegisteredAddress> const registered = {
    {{PaymentAddress::Kind::account, "970436", "1017595600"}, ours},      {{PaymentAddress::Kind::merchant, "970436", "M0000123456"}, ours},
    {{PaymentAddress::Kind::account, "970422", "0123456789"}, neighbour}, {{PaymentAddress::Kind::merchant, "970422", "SHARED"}, neighbour},
    {{PaymentAddress::Kind::merchant, "970422", "SHARED"}, ours},
};

SignCheck check(std::string_view payload) { return check_sign(payload, ours, registered, "SAP 12"); }
std::string_view verdict(std::string_view payload) { return name_of(check(payload).verdict); }

std::string differences(std::string_view payload)
{
    std::string out;
    for (auto const& d : check(payload).differences) out += std::string(name_of(d.kind)) + "=" + d.value + ";";
    return out;
}

QrRequest own_request() { return QrRequest("970436", "1017595600"); }
std::string own_code() { return *transfer_sign_code("970436", "1017595600", "SAP 12"); }

// A payload whose objects are given, with the checksum that belongs to it.
std::string sealed(std::string objects)
{
    objects += "6304";
    return objects + crc16_text(objects);
}
std::string const own_38 = "38540010A00000072701240006970436011010175956000208QRIBFTTA";

struct Row {
    char const* what;
    std::string payload;
    char const* verdict;
    std::string differences;
};

TEST(SignCheck, TellsEachKindOfCodeFromTheOthers)
{
    auto fixed = own_request();
    fixed.amount = 45000_vnd;
    fixed.memo = "CQ7K2M4X7 tien ca";
    auto small_memo = own_request();
    small_memo.memo = "sap 12";
    auto other_memo = own_request();
    other_memo.memo = "SAP 13";
    auto renamed = own_request();
    renamed.name = "NGUYEN VAN KE GIAN";
    auto card = own_request();
    card.service = QrService::transfer_to_card;
    auto damaged = own_code();
    damaged.back() = damaged.back() == '0' ? '1' : '0';
    auto strangers_damaged = *transfer_sign_code("970415", "1017595600", "");
    strangers_damaged.back() = strangers_damaged.back() == '0' ? '1' : '0';
    auto unreadable_crc = own_code();
    unreadable_crc.replace(unreadable_crc.size() - 4, 4, "ZZ?!");

    std::vector<Row> const rows = {
        {"the sign itself", own_code(), "right_stall", ""},
        {"pasted with white space around it", " \n" + own_code() + "\r\n", "right_stall", ""},
        {"a code of the bank's app, without a memo", *encode(own_request()), "right_stall", ""},
        {"the memo in small letters", *encode(small_memo), "right_stall", ""},
        {"the right account under any name", *encode(renamed), "right_stall", ""},
        {"the merchant contract", *merchant_sign_code(terms, "SAP 12"), "right_stall", ""},
        {"a merchant id two stalls share", *merchant_sign_code({"970422", "SHARED", "5411", "A", "B"}, "SAP 12"), "right_stall", ""},
        {"an old order's code", *encode(fixed), "right_stall", "amount_fixed=45000;single_use=12;other_memo=CQ7K2M4X7 tien ca;"},
        {"another stall's memo", *encode(other_memo), "right_stall", "other_memo=SAP 13;"},
        {"an amount in a static code",
         sealed("000201010211" + own_38 +
                "5303704540510000"
                "5802VN"),
         "right_stall", "amount_fixed=10000;"},
        {"a memo that the payer is asked for", sealed("000201010211" + own_38 + "53037045802VN62070803***"), "right_stall", ""},
        {"a reference for one bill", sealed("000201010211" + own_38 + "53037045802VN62100506HD1234"), "right_stall", "one_bill=HD1234;"},
        {"a tip", sealed("000201010211" + own_38 + "53037045502015802VN"), "right_stall", "extra_charge=01;"},
        {"dollars", sealed("000201010211" + own_38 + "53038405802VN"), "right_stall", "other_currency=840;"},
        {"another country", sealed("000201010211" + own_38 + "53037045802KH"), "right_stall", "other_country=KH;"},
        {"a damaged checksum", damaged, "right_stall", "crc_damaged=" + damaged.substr(damaged.size() - 4) + ";"},
        {"an unreadable checksum", unreadable_crc, "right_stall", "crc_damaged=ZZ?!;"},
        {"the neighbour's sign", *transfer_sign_code("970422", "0123456789", "SAP 14"), "another_stall", ""},
        {"nobody's account", *transfer_sign_code("970415", "999999999999", "SAP 12"), "unknown_account", ""},
        {"our number at another bank", *transfer_sign_code("970415", "1017595600", "SAP 12"), "unknown_account", ""},
        {"our account number as a merchant id", *merchant_sign_code({"970436", "1017595600", "5411", "A", "B"}, ""), "unknown_account", ""},
        {"our merchant id as an account", *transfer_sign_code("970436", "M0000123456", ""), "unknown_account", ""},
        {"our number as a card", *encode(card), "unknown_account", ""},
        {"small letters are another number", *transfer_sign_code("970436", "m0000123456", ""), "unknown_account", ""},
        {"another network beside our account",
         sealed("000201010211"
                "26220010A0000007750104EVIL" +
                own_38 + "53037045802VN"),
         "unknown_account", ""},
        {"the neighbour's account beside ours",
         sealed("000201010211" + own_38 + "39540010A00000072701240006970422011001234567890208QRIBFTTA53037045802VN"), "another_stall", ""},
        {"a Thai code",
         sealed("00020101021129370016A000000677010111011300668012345675303764"
                "5802TH"),
         "unknown_account", ""},
        {"a stranger's damaged code", strangers_damaged, "not_a_payment_code", ""},
        {"a web address", "https://cho40.vn/pay/1", "not_a_payment_code", ""},
        {"nothing", "", "not_a_payment_code", ""},
        {"not UTF-8", "\xff\xff\xff\xff", "not_a_payment_code", ""},
        {"our code cut short", own_code().substr(0, 60), "not_a_payment_code", ""},
    };
    for (auto const& row : rows) {
        SCOPED_TRACE(row.what);
        EXPECT_EQ(verdict(row.payload), row.verdict);
        EXPECT_EQ(differences(row.payload), row.differences);
    }
}

TEST(SignCheck, SaysWhichAccountItWas)
{
    auto const stranger = check(*transfer_sign_code("970415", "999999999999", ""));
    ASSERT_TRUE(stranger.account);
    EXPECT_EQ(stranger.account->acquirer, "970415");
    EXPECT_EQ(stranger.account->account, "999999999999");
    EXPECT_FALSE(stranger.owner);
    EXPECT_FALSE(stranger.refusal);

    auto const other = check(*transfer_sign_code("970422", "0123456789", ""));
    EXPECT_EQ(other.owner, neighbour);

    auto const nothing = check("https://cho40.vn");
    ASSERT_TRUE(nothing.refusal);
    EXPECT_EQ(nothing.refusal->fault, QrFault::tlv_malformed);
    EXPECT_FALSE(nothing.account);
    auto strangers_damaged = *transfer_sign_code("970415", "999999999999", "");
    strangers_damaged.back() = strangers_damaged.back() == '0' ? '1' : '0';
    EXPECT_EQ(check(strangers_damaged).refusal->fault, QrFault::crc_mismatch);
}

TEST(SignCheck, NamesWhatIsToBeLookedUp)
{
    EXPECT_EQ(addresses_in(" " + own_code()), (std::vector<PaymentAddress>{{PaymentAddress::Kind::account, "970436", "1017595600"}}));
    EXPECT_EQ(addresses_in(*merchant_sign_code(terms, "")),
              (std::vector<PaymentAddress>{{PaymentAddress::Kind::merchant, "970436", "M0000123456"}}));
    EXPECT_EQ(addresses_in("hello"), std::vector<PaymentAddress>{});
}

// Whatever is scanned: only a code that names a registered account and nothing else is the right stall's.
RC_GTEST_PROP(SignCheck, OneChangedCharacterNeverPassesUnseen, ())
{
    auto const good = own_code();
    auto const at = *rc::gen::inRange<std::size_t>(0, good.size());
    auto const to = *rc::gen::inRange<char>(0x20, 0x7F);
    RC_PRE(good[at] != to);
    auto changed = good;
    changed[at] = to;
    auto const seen = check(changed);
    RC_ASSERT(seen.verdict != SignVerdict::right_stall || !seen.differences.empty() || to_ascii_upper(changed) == good);
}

// A torn sign is scanned again; a text about something else is taken down at once.
TEST(SignCheck, WhatIsNoPaymentCodeSaysWhetherItBeganAsOne)
{
    auto const whole = *transfer_sign_code("970436", "1017595600", "SAP 12");
    auto crc_of_a_stranger = *transfer_sign_code("970415", "1017595600", "");
    crc_of_a_stranger.back() = crc_of_a_stranger.back() == '0' ? '1' : '0';
    std::vector<std::pair<std::string, bool>> const rows = {
        {whole.substr(0, 30), true},
        {" " + whole.substr(0, whole.size() - 1), true},
        {crc_of_a_stranger, true},
        {"0002", true},
        {"https://cho40.vn", false},
        {"000", false},
        {"", false},
        {"2|99|0901234567", false},
    };
    for (auto const& [payload, begins] : rows) {
        auto const check = check_sign(payload, Id<Owner>(), {}, "");
        EXPECT_EQ(check.verdict, SignVerdict::not_a_payment_code) << payload;
        EXPECT_EQ(check.begins_as_payment_code, begins) << payload;
    }
    EXPECT_FALSE(check_sign(whole, Id<Owner>(), {}, "SAP 12").begins_as_payment_code);
}

}  // namespace
}  // namespace cho40::qr_pay
