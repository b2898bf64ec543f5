#include "adapters/rails/providers/casso.h"
#include "adapters/rails/providers/sepay.h"
#include "adapters/rails/transfer_list.h"
#include "tests/unit/adapters/rails/cases.h"
#include <algorithm>
#include <set>

namespace cho40::rails::tests_ {
namespace {

using qr_pay::BankCredit;
using qr_pay::Direction;

ListWindow const today{Day::from(2026, 11, 22).begin(), Day::from(2026, 11, 22).end()};
TransferList const& sepay_list = *sepay::rail().list();
TransferList const& casso_list = *casso::rail().list();

json sepay_line(BankCredit const& credit)
{
    auto const decimal = [](std::int64_t count) { return std::to_string(count) + ".00"; };
    bool const in = credit.direction == Direction::in;
    return {{"id", credit.provider_id},
            {"bank_brand_name", "Vietcombank"},
            {"account_number", credit.account_number},
            {"transaction_date", to_local_time(credit.booked_at)},
            {"amount_out", decimal(in ? 0 : credit.amount.count())},
            {"amount_in", decimal(in ? credit.amount.count() : 0)},
            {"accumulated", decimal(credit.balance ? credit.balance->count() : 0)},
            {"transaction_content", credit.memo},
            {"reference_number", credit.bank_reference},
            {"code", nullptr},
            {"sub_account", nullptr},
            {"bank_account_id", "19"}};
}

std::string sepay_answer(json lines)
{
    return json{{"status", 200}, {"error", nullptr}, {"messages", {{"success", true}}}, {"transactions", std::move(lines)}}.dump();
}

json casso_line(BankCredit const& credit)
{
    auto when = to_local_time(credit.booked_at);
    when[10] = 'T';
    return {{"id", std::stoll(credit.provider_id)},
            {"tid", credit.bank_reference},
            {"description", credit.memo},
            {"amount", credit.direction == Direction::in ? credit.amount.count() : -credit.amount.count()},
            {"cusumBalance", credit.balance ? json(credit.balance->count()) : json()},
            {"when", when},
            {"bankSubAccId", credit.account_number},
            {"virtualAccount", credit.virtual_account},
            {"corresponsiveName", credit.payer_name},
            {"corresponsiveAccount", credit.payer_account},
            {"corresponsiveBankId", credit.payer_bank},
            {"corresponsiveBankName", ""}};
}

std::string casso_answer(json records, int pages = 1)
{
    return json{{"error", 0}, {"message", "success"}, {"data", {{"page", 1}, {"totalPages", pages}, {"records", std::move(records)}}}}
        .dump();
}

BankCredit one(Direction direction = Direction::in)
{
    BankCredit credit("sepay", "49682", "0071000888888", direction, Dong(18067000), *parse_rfc3339("2026-11-22T03:15:30Z"));
    credit.bank_reference = "677760.050523.080001";
    credit.memo = "CQ7K2M4XJ DUONG THUY ANH chuyen tien";
    credit.balance = Dong(1200541768);
    return credit;
}

TEST(SepayList, AsksForAWindowOfVietnamsTimeAndShowsItsTokenInTheHeaderAlone)
{
    ListWindow const window{*parse_rfc3339("2026-11-22T02:00:00Z"), *parse_rfc3339("2026-11-22T03:15:30.5Z")};
    auto const call = sepay_list.ask(window, "", Secret("TOKEN"));
    EXPECT_EQ(call.target,
              "/userapi/transactions/list?transaction_date_min=2026-11-22%2009:00:00&transaction_date_max=2026-11-22%2010:15:31"
              "&limit=1000");
    EXPECT_EQ(call.authorization.expose(), "Bearer TOKEN");
}

TEST(SepayList, SaysTheSameAsTheNotification)
{
    for (auto const direction : {Direction::in, Direction::out}) {
        auto const credit = one(direction);
        RailSecret const secret("apikey:key-of-the-market");
        auto const told = sepay::rail().read(sepay::notification(credit, secret, credit.booked_at), secret);
        auto const listed = sepay_list.read(sepay_answer(json::array({sepay_line(credit)})), today, "");
        ASSERT_TRUE(told && listed);
        ASSERT_EQ(listed->transfers.size(), 1u);
        auto const& a = told->transfers.at(0);
        auto const& b = listed->transfers.at(0);
        EXPECT_EQ(told_key(a), told_key(b));
        EXPECT_EQ(dedupe_key(a), dedupe_key(b));
        EXPECT_EQ(std::tie(a.memo, a.balance, a.virtual_account, a.order_code),
                  std::tie(b.memo, b.balance, b.virtual_account, b.order_code));
        EXPECT_FALSE(listed->next);
    }
}

struct AmountCase {
    char const* name;
    json in;
    std::optional<std::int64_t> amount;  // nothing: the line means nothing
};
class SepayAmounts : public testing::TestWithParam<AmountCase> {};
TEST_P(SepayAmounts, AreWholeDongOrNothing)
{
    auto line = sepay_line(one());
    line["amount_in"] = GetParam().in;
    auto const page = sepay_list.read(sepay_answer(json::array({line, sepay_line(one())})), today, "");
    ASSERT_TRUE(page);
    ASSERT_EQ(page->transfers.size(), GetParam().amount ? 2u : 1u) << "one bad line does not take the others with it";
    if (GetParam().amount) EXPECT_EQ(page->transfers[0].amount, Dong(*GetParam().amount));
    else EXPECT_EQ(page->unreadable.at(0).pointer.substr(0, 16), "/transactions/0/");
}
INSTANTIATE_TEST_SUITE_P(All, SepayAmounts,
                         testing::Values(AmountCase{"decimal", "18067000.00", 18067000}, AmountCase{"text", "50", 50},
                                         AmountCase{"whole", 50000, 50000}, AmountCase{"point_zero", 50000.0, 50000},
                                         AmountCase{"half", "0.50", {}}, AmountCase{"float_half", 0.5, {}}, AmountCase{"zero", "0.00", {}},
                                         AmountCase{"nothing", nullptr, {}}, AmountCase{"words", "12k", {}}, AmountCase{"point", "12.", {}},
                                         AmountCase{"below", "-5.00", {}}, AmountCase{"too_large", "99999999999999.00", {}},
                                         AmountCase{"beyond", "99999999999999999999", {}}, AmountCase{"huge_float", 1e30, {}},
                                         AmountCase{"a_list", json::array(), {}}),
                         [](auto const& info) { return info.param.name; });

TEST(SepayList, ABalanceOfZeroIsUnknown)
{
    auto credit = one();
    credit.balance.reset();
    auto const page = sepay_list.read(sepay_answer(json::array({sepay_line(credit)})), today, "");
    ASSERT_TRUE(page);
    EXPECT_FALSE(page->transfers.at(0).balance);
}

TEST(SepayList, WhatIsNoListIsRefused)
{
    for (auto const* body : {"", "[]", "{}", "{\"transactions\":{}}", "<html>", "{\"transactions\":[]} {}", "\xff"}) {
        EXPECT_FALSE(sepay_list.read(body, today, "")) << body;
    }
    auto const page = sepay_list.read(sepay_answer(json::array({1, nullptr, "x"})), today, "");
    ASSERT_TRUE(page);
    EXPECT_EQ(page->unreadable.size(), 3u);
}

// A provider that answers as SePay does: the newest of the window first, at most a thousand.
std::string answer_of(std::vector<BankCredit> const& all, std::string const& target)
{
    auto const moment = [&](std::string const& name) {
        auto text = target.substr(target.find(name + "=") + name.size() + 1, 21);
        return *parse_local_time(text.replace(text.find("%20"), 3, " "));
    };
    auto lines = json::array();
    for (auto it = all.rbegin(); it != all.rend() && lines.size() < 1000; ++it) {
        if (it->booked_at >= moment("transaction_date_min") && it->booked_at <= moment("transaction_date_max"))
            lines.push_back(sepay_line(*it));
    }
    return sepay_answer(std::move(lines));
}

struct Spread {
    std::size_t count;
    std::int64_t seconds;  // over which they are spread
};
class SepayPages : public testing::TestWithParam<Spread> {};
TEST_P(SepayPages, TogetherTellAllOfTheWindowAndEnd)
{
    auto const [count, seconds] = GetParam();
    std::vector<BankCredit> all;
    std::set<std::string> wanted;
    for (std::size_t i = 0; i < count; ++i) {
        auto credit = one();
        credit.provider_id = std::to_string(1000 + i);
        credit.booked_at = today.from + std::chrono::seconds(seconds * static_cast<std::int64_t>(i) / static_cast<std::int64_t>(count));
        all.push_back(credit);
        wanted.insert(credit.provider_id);
    }
    std::set<std::string> heard;
    std::string place;
    for (int calls = 0;; ++calls) {
        ASSERT_LT(calls, 6);
        auto const page = sepay_list.read(answer_of(all, sepay_list.ask(today, place, Secret("TOKEN")).target), today, place);
        ASSERT_TRUE(page) << page.error().detail;
        for (auto const& credit : page->transfers) heard.insert(credit.provider_id);
        if (!page->next) break;
        ASSERT_NE(*page->next, place);
        place = *page->next;
    }
    EXPECT_EQ(heard, wanted);
}
INSTANTIATE_TEST_SUITE_P(All, SepayPages,
                         testing::Values(Spread{0, 1}, Spread{999, 80000}, Spread{1000, 80000}, Spread{1001, 80000}, Spread{2100, 80000},
                                         Spread{2100, 7}));

TEST(SepayList, AFullListOfTheOldestFirstIsRefusedBeforeItHidesAnything)
{
    auto lines = json::array();
    for (int i = 0; i < 1000; ++i) {
        auto credit = one();
        credit.booked_at = today.from + std::chrono::seconds(i);
        lines.push_back(sepay_line(credit));
    }
    auto const page = sepay_list.read(sepay_answer(lines), today, "");
    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().code, Errc::unknown_value);
}

TEST(CassoList, AsksForDaysInPages)
{
    ListWindow const window{*parse_rfc3339("2026-11-21T16:59:59Z"), *parse_rfc3339("2026-11-21T17:00:00Z")};
    EXPECT_EQ(casso_list.ask(window, "", Secret("KEY")).target,
              "/v2/transactions?fromDate=2026-11-21&toDate=2026-11-22&page=1&pageSize=100&sort=DESC");
    EXPECT_NE(casso_list.ask(window, "7", Secret("KEY")).target.find("&page=7&"), std::string::npos);
    EXPECT_EQ(casso_list.ask(window, "7", Secret("KEY")).authorization.expose(), "Apikey KEY");
}

TEST(CassoList, SaysTheSameAsTheNotificationOfBothGenerations)
{
    for (auto const* const key : {"casso-checksum-key", "v1:key-of-the-market"}) {
        for (auto const direction : {Direction::in, Direction::out}) {
            auto credit = one(direction);
            credit.rail = "casso";
            RailSecret const secret(key);
            auto const told = casso::rail().read(casso::notification(credit, secret, credit.booked_at), secret);
            auto const listed = casso_list.read(casso_answer(json::array({casso_line(credit)})), today, "");
            ASSERT_TRUE(told && listed);
            EXPECT_EQ(told_key(told->transfers.at(0)), told_key(listed->transfers.at(0)));
            EXPECT_EQ(dedupe_key(told->transfers.at(0)), dedupe_key(listed->transfers.at(0)));
            EXPECT_EQ(told->transfers.at(0).balance, listed->transfers.at(0).balance);
        }
    }
}

TEST(CassoList, ThePublishedAnswerReads)
{
    auto const page = casso_list.read(
        R"({"error":0,"message":"success","data":{"page":4,"pageSize":10,"nextPage":5,"prevPage":3,"totalPages":35,"totalRecords":341,"records":[)"
        R"({"id":5789,"tid":"TF2104152395814062","description":"Khanhnm chuyen tien","amount":-193000,"cusum_balance":1070904,"when":"2021-04-15T00:00:00","bankSubAccId":"8007041027107","paymentChannel":"","virtualAccount":"","virtualAccountName":"","corresponsiveName":"","corresponsiveAccount":"","corresponsiveBankId":"","corresponsiveBankName":"","accountId":733,"bankCodeName":"acb_digi"},)"
        R"({"id":5790,"tid":"TF2104152997602811","description":"Chuyen tien nap momo","amount":-350000,"cusumBalance":"720904","when":"2021-04-15","bankSubAccId":"8007041027107"}]}})",
        ListWindow{Day::from(2021, 4, 15).begin(), Day::from(2021, 4, 15).end()}, "4");
    ASSERT_TRUE(page) << page.error().detail;
    ASSERT_EQ(page->transfers.size(), 2u);
    auto const& first = page->transfers[0];
    EXPECT_EQ(first.direction, Direction::out);
    EXPECT_EQ(first.amount, Dong(193000));
    EXPECT_EQ(first.balance, Dong(1070904));
    EXPECT_EQ(first.account_number, "8007041027107");
    EXPECT_EQ(first.bank_reference, "TF2104152395814062");
    EXPECT_EQ(page->transfers[1].balance, Dong(720904));
    EXPECT_EQ(page->transfers[1].booked_at, Day::from(2021, 4, 15).begin());
    EXPECT_EQ(page->next, "5");
}

TEST(CassoList, EndsWhereTheWindowBegins)
{
    auto credit = one();
    credit.rail = "casso";
    auto const answer = casso_answer(json::array({casso_line(credit)}), 9);
    ListWindow const later{credit.booked_at + std::chrono::seconds(1), today.to}, earlier{credit.booked_at, today.to};
    EXPECT_FALSE(casso_list.read(answer, later, "3")->next);
    EXPECT_EQ(casso_list.read(answer, earlier, "3")->next, "4");
    EXPECT_FALSE(casso_list.read(answer, earlier, "9")->next);
    EXPECT_FALSE(casso_list.read(casso_answer(json::array(), 9), earlier, "3")->next);
    // Without a time nobody knows on which side of the window's beginning it lies.
    credit.booked_at = today.from;
    EXPECT_TRUE(casso_list.read(casso_answer(json::array({casso_line(credit)}), 9), later, "3")->next);
}

TEST(CassoList, WhatIsNoListIsRefused)
{
    for (auto const* body : {"", "{}", R"({"error":401,"message":"Unauthorized"})", R"({"error":0,"data":[]})",
                             R"({"error":0,"data":{"records":1}})", R"({"error":0,"data":{"records":[]}})"}) {
        EXPECT_FALSE(casso_list.read(body, today, "")) << body;
    }
}

TEST(TransferLists, OnlyWhereTheProviderHasOne)
{
    std::set<std::string_view> with;
    for (auto const* rail : all_rails()) {
        if (rail->list()) with.insert(rail->name());
    }
    EXPECT_EQ(with, (std::set<std::string_view>{"casso", "sepay"}));
}

}  // namespace
}  // namespace cho40::rails::tests_
