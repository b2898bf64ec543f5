#include "adapters/rails/order_reference.h"
#include "adapters/rails/providers/payos.h"
#include "adapters/rails/providers/sepay.h"
#include "adapters/rails/providers/vietqr.h"
#include "adapters/rails/verify.h"
#include "base/digest.h"
#include "tests/support/source_tree.h"
#include "tests/unit/adapters/rails/cases.h"
#include <filesystem>
#include <set>

namespace cho40::rails::tests_ {
namespace {

// The build makes the list from the files; a file whose rail has another name would be found under neither.
TEST(Rails, EveryFileOfProvidersIsARailOfItsName)
{
    std::set<std::string> files;
    for (auto const& entry : std::filesystem::directory_iterator(cho40::tests::source_tree() / "adapters/rails/providers")) {
        if (entry.path().extension() == ".cpp") files.insert(entry.path().stem().string());
    }
    std::set<std::string> names;
    for (auto const* rail : all_rails()) {
        names.emplace(rail->name());
        EXPECT_EQ(find_rail(rail->name()), rail);
    }
    EXPECT_EQ(names, files);
    EXPECT_EQ(names, (std::set<std::string>{"casso", "momo", "payos", "sepay", "vietqr", "vnpay", "zalopay"}));
}

TEST(Rails, EveryRailSaysWhatOthersNeedToKnow)
{
    for (auto const* rail : all_rails()) {
        auto const& facts = rail->facts();
        SCOPED_TRACE(facts.name);
        EXPECT_FALSE(facts.title.empty());
        EXPECT_FALSE(facts.proof.empty());
        EXPECT_FALSE(facts.secret_form.empty());
        EXPECT_FALSE(facts.secret_form_vi.empty());
        std::set<std::string_view> suffixes;
        bool hears = false;
        for (auto const& door : facts.doors) {
            EXPECT_TRUE(door.path.empty() || door.path.front() == '/');
            EXPECT_TRUE(suffixes.insert(door.suffix).second) << "two operations of one name";
            hears |= door.use == Door::Use::notification;
        }
        EXPECT_TRUE(hears);
        EXPECT_EQ(rail->accepted(Taken()).status, facts.success_status);
        EXPECT_FALSE(rail->is_secret(""));
        EXPECT_FALSE(rail->is_secret("short"));
        EXPECT_FALSE(rail->is_secret("none"));
    }
}

TEST(Rails, OnlyARailThatSaysSoAnswersByTheOrder)
{
    for (auto const* rail : all_rails()) {
        auto const expected = rail->accepted(Taken(Outcome::recorded, "x"));
        bool differs = false;
        for (auto const outcome : {Outcome::order_settled, Outcome::order_unknown, Outcome::amount_differs}) {
            auto const reply = rail->accepted(Taken(outcome, "x"));
            differs |= reply.status != expected.status || reply.body != expected.body;
        }
        EXPECT_EQ(differs, rail->facts().answer_tells_of_order) << rail->name();
    }
}

TEST(Rails, NothingFromInsideReachesAProvider)
{
    for (auto const* rail : all_rails()) {
        auto const reply = rail->refused(Error(Errc::stale, "23514 violates check constraint"));
        EXPECT_EQ(reply.body.find("constraint"), std::string::npos) << rail->name();
        EXPECT_TRUE(json::accept(reply.body)) << rail->name();
    }
}

TEST(Verify, TheSecretOfBeforeCountsBesideTheNewOne)
{
    RailSecret const secrets[] = {RailSecret("hmac:new secret"), RailSecret("hmac:old secret")};
    for (std::size_t used = 0; used < 2; ++used) {
        auto const verified = verify(sepay::rail(), sepay::notification(sale("sepay", "1"), secrets[used], now), secrets);
        ASSERT_TRUE(verified);
        EXPECT_EQ(verified->secret, used);
        EXPECT_EQ(verified->message.transfers.size(), 1u);
    }
    auto const other = verify(sepay::rail(), sepay::notification(sale("sepay", "1"), RailSecret("hmac:another"), now), secrets);
    EXPECT_EQ(other.error().code, Errc::bad_signature);
    auto const ended = verify(sepay::rail(), sepay::notification(sale("sepay", "1"), secrets[1], now), std::span(secrets).first(1));
    EXPECT_EQ(ended.error().code, Errc::bad_signature);
}

// What an old secret proves but nobody can read is told as that, and not as a wrong signature of the new one.
TEST(Verify, TheErrorIsOfTheSecretThatProvedTheSender)
{
    RailSecret const secrets[] = {RailSecret("hmac:new secret"), RailSecret("hmac:old secret")};
    RawNotification raw;
    raw.body = R"({"id":1,"transferType":"in","transferAmount":0})";
    raw.headers = {{"X-SePay-Timestamp", "1795317331"},
                   {"X-SePay-Signature", "sha256=" + sepay::signature("1795317331", raw.body, "old secret")}};
    EXPECT_EQ(verify(sepay::rail(), raw, secrets).error().code, Errc::amount_not_positive);
}

TEST(Verify, ATokenStaysWithTheSecretItWasAskedForWith)
{
    RailSecret const secrets[] = {RailSecret("market:new password"), RailSecret("market:old password")};
    RawNotification ask;
    ask.received_at = now;
    ask.headers = {{"Authorization", vietqr::basic_authorization(secrets[1])}};
    auto const given = give_token(vietqr::rail(), ask, secrets);
    ASSERT_TRUE(given);
    EXPECT_EQ(given->secret, 1u);
    auto const token = json::parse(given->reply.body).at("access_token").get<std::string>();
    EXPECT_FALSE(vietqr::is_token_valid(token, secrets[0], now));
    EXPECT_TRUE(vietqr::is_token_valid(token, secrets[1], now));
    ask.headers = {{"Authorization", vietqr::basic_authorization(RailSecret("market:guessed"))}};
    auto const refused = give_token(vietqr::rail(), ask, secrets);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::unauthenticated);
    EXPECT_EQ(vietqr::rail().refused(refused.error()).status, 401);
    EXPECT_EQ(give_token(payos::rail(), ask, secrets).error().code, Errc::not_found);
}

TEST(Verify, TheClockWindowIsClosedBothWays)
{
    RailMessage message;
    EXPECT_TRUE(check_clock(message, now)) << "a rail that signs no time";
    struct Row {
        std::chrono::milliseconds before;
        bool good;
    };
    for (auto const& row : {Row{0s, true}, Row{300s, true}, Row{300'001ms, false}, Row{-300s, true}, Row{-300'001ms, false},
                            Row{24h, false}, Row{-24h, false}}) {
        message.signed_at = SignedTime{now - row.before, "#header/X"};
        auto const judged = check_clock(message, now);
        EXPECT_EQ(judged.has_value(), row.good) << row.before.count();
        if (judged) continue;
        EXPECT_EQ(judged.error().code, Errc::bad_signature);
        EXPECT_EQ(judged.error().pointer, "#header/X");
        EXPECT_NE(judged.error().detail.find(row.before > 0s ? "before it came" : "after it came"), std::string::npos);
    }
}

TEST(OrderReference, FindsOurCodeAmongThePartsOfAnOrderId)
{
    EXPECT_EQ(order_code_in("CQ7K2M4X7"), "CQ7K2M4X7");
    EXPECT_EQ(order_code_in("261122_CQ7K2M4X7"), "CQ7K2M4X7");
    EXPECT_EQ(order_code_in("CQ7K2M4X7-2"), "CQ7K2M4X7");
    EXPECT_EQ(order_code_in("CQ7K2M4X7_CQ7K2M4X7"), "CQ7K2M4X7");
    EXPECT_EQ(order_code_in("CQ7K2M4X72"), "") << "digits that are glued to it make it another text";
    EXPECT_EQ(order_code_in("CQ7K2M4X8"), "") << "wrong check character";
    EXPECT_EQ(order_code_in("1716257871703"), "");
    EXPECT_EQ(order_code_in(""), "");
    EXPECT_EQ(order_code_in("đơn hàng"), "");
}

}  // namespace
}  // namespace cho40::rails::tests_
