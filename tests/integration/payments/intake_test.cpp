// From a kept notification to the books: in any order, from two rails at once, with instances that end in between.
#include "tests/integration/payments/fixture.h"
#include <functional>
#include <random>

namespace cho40::qr_pay {
namespace {

using namespace literals;
using Taken = Result<std::vector<std::optional<Received>>>;

// As the stall's, but for some credits that they never have an answer to.
class RulesThatRefuse final : public PayeeRules {
public:
    RulesThatRefuse(PayeeRules& rules, std::function<bool(BankCredit const&)> refuses) : rules_(rules), refuses_(std::move(refuses)) {}
    boost::asio::awaitable<Result<Consequences>> consequences(Booking booking) override
    {
        if (refuses_(booking.credit)) co_return fail(Errc::internal_error, "refused");
        co_return co_await rules_.consequences(std::move(booking));
    }

private:
    PayeeRules& rules_;
    std::function<bool(BankCredit const&)> refuses_;
};

class IntakeTest : public Payments {
protected:
    Taken take(Instance& instance, std::vector<Notification> notifications) { return run(instance.intake.take(std::move(notifications))); }
    // All at once, each a message of its own; when all are answered.
    std::vector<Taken> take_at_once(std::vector<Instance*> const& instances, std::vector<Notification> notifications)
    {
        std::vector<std::optional<Taken>> answers(notifications.size());
        for (std::size_t i = 0; i < notifications.size(); ++i) {
            std::vector<Notification> one;
            one.push_back(std::move(notifications[i]));
            boost::asio::co_spawn(loop.executor(), instances[i % instances.size()]->intake.take(std::move(one)),
                                  [&answers, i](std::exception_ptr e, Taken taken) {
                                      if (e) std::rethrow_exception(e);
                                      answers[i] = std::move(taken);
                                  });
        }
        auto const all = [&] { return std::ranges::all_of(answers, [](auto const& a) { return a.has_value(); }); };
        EXPECT_TRUE(run(tests::eventually(all)));
        std::vector<Taken> out;
        for (auto& a : answers) out.push_back(*std::move(a));
        return out;
    }
    void end(Instance& instance)
    {
        instance.stop();
        loop.drain();
    }
};

TEST_F(IntakeTest, WhatCameIsAnsweredBookedAndExplained)
{
    auto const stall = make_stall();
    auto const request = ask(stall, 45000_vnd);
    Instance instance(loop, pool, receive, clock);
    auto const memo = "Trả tiền cá " + request.request.code.text() + " sap 12";
    std::vector<Notification> message;
    message.push_back(told(stall, "payos", "FT1", 45000_vnd, memo));
    auto const taken = take(instance, std::move(message));
    ASSERT_TRUE(taken && (*taken)[0]);
    EXPECT_EQ((*taken)[0]->outcome, InboxOutcome::booked);
    EXPECT_EQ(sql("SELECT concat_ws(' ', match_rule, match_version, substr(narrative, match_from + 1, match_length)) FROM bank_credit"),
              "3 " + std::to_string(match_rules_version) + " " + request.request.code.text());
    EXPECT_EQ(sql("SELECT outcome FROM rail_match"), "booked");

    std::vector<Notification> again;
    again.push_back(told(stall, "payos", "FT1", 45000_vnd, memo));
    auto const repeated = take(instance, std::move(again));
    ASSERT_TRUE(repeated && (*repeated)[0]);
    EXPECT_EQ((*repeated)[0]->outcome, InboxOutcome::repeated);
    EXPECT_EQ((*repeated)[0]->credit, (*taken)[0]->credit);
    EXPECT_EQ(sql("SELECT count(*) || ' ' || sum(repeats) FROM rail_inbox"), "1 1");

    // The same reference with another amount is no repeat and no new money: a person has to look.
    std::vector<Notification> other;
    other.push_back(told(stall, "payos", "FT1", 46000_vnd, memo));
    auto const differs = take(instance, std::move(other));
    ASSERT_TRUE(differs && (*differs)[0]);
    EXPECT_EQ((*differs)[0]->outcome, InboxOutcome::differs);
    EXPECT_EQ(sql("SELECT sum(amount) FROM bank_credit"), "45000");
    end(instance);
}

TEST_F(IntakeTest, TheAccountThatWasGivenOutForARequestPaysItWhateverTheMemoSays)
{
    auto const stall = make_stall();
    auto const request = ask(stall, 45000_vnd, "VA0001");
    EXPECT_NE(request.qr_payload.find("0106VA0001"), std::string::npos) << "the code asks for money there: " << request.qr_payload;
    Instance instance(loop, pool, receive, clock);
    auto notification = told(stall, "payos", "FT1", 45000_vnd, "chuyen tien");
    notification.credit.virtual_account = "VA0001";
    std::vector<Notification> message;
    message.push_back(std::move(notification));
    auto const taken = take(instance, std::move(message));
    ASSERT_TRUE(taken && (*taken)[0]);
    EXPECT_EQ((*taken)[0]->reason, CreditReason::exact);
    EXPECT_EQ(sql("SELECT match_rule FROM bank_credit"), "1");
    end(instance);
}

TEST_F(IntakeTest, AnAccountGivenOutForARequestMayBeToldAsTheAccountItself)
{
    auto const stall = make_stall();
    (void)ask(stall, 45000_vnd, "VA0001");
    Instance instance(loop, pool, receive, clock);
    auto notification = told(stall, "payos", "FT1", 45000_vnd, "chuyen tien");
    notification.credit.account_number = "VA0001";
    std::vector<Notification> message;
    message.push_back(std::move(notification));
    auto const taken = take(instance, std::move(message));
    ASSERT_TRUE(taken && (*taken)[0]);
    EXPECT_EQ((*taken)[0]->reason, CreditReason::exact);
    EXPECT_EQ(sql("SELECT match_rule FROM bank_credit"), "1");
    // The other rail names the account the money came to: it is the same money.
    std::vector<Notification> other;
    other.push_back(told(stall, "vietqr", "FT1", 45000_vnd, "chuyen tien"));
    auto const repeated = take(instance, std::move(other));
    ASSERT_TRUE(repeated && (*repeated)[0]);
    EXPECT_EQ((*repeated)[0]->outcome, InboxOutcome::repeated);
    EXPECT_EQ(sql("SELECT sum(amount) FROM bank_credit"), "45000");
    end(instance);
}

TEST_F(IntakeTest, WhatTheDatabaseRefusesTakesNobodyWithIt)
{
    auto const stall = make_stall();
    Instance instance(loop, pool, receive, clock);
    constexpr std::size_t poisoned = 4;
    std::vector<Notification> messages;
    for (std::size_t i = 0; i < 9; ++i) {
        auto const memo = "hang " + std::to_string(i) + (i == poisoned ? "\xff" : "");
        messages.push_back(told(stall, "payos", "FT" + std::to_string(i), 45000_vnd, memo));
    }
    auto const answers = take_at_once({&instance}, std::move(messages));
    for (std::size_t i = 0; i < answers.size(); ++i) EXPECT_EQ(answers[i].has_value(), i != poisoned) << i;
    EXPECT_EQ(sql("SELECT count(*) || ' ' || sum(amount) FROM bank_credit"), "8 360000");
    end(instance);
}

TEST_F(IntakeTest, WhatCannotBeMatchedStandsInNobodysWay)
{
    auto const stall = make_stall();
    {
        Instance first(loop, pool, receive, clock);
        first.stop_matching();
        for (int i = 0; i < 3; ++i) {
            std::vector<Notification> message;
            for (int k = 0; k < 400; ++k) {
                message.push_back(told(stall, "payos", "FT" + std::to_string(i * 400 + k), 45000_vnd, "hang " + std::to_string(k)));
            }
            (void)take(first, std::move(message));
            clock.at += std::chrono::seconds(1);
        }
        end(first);
    }
    ASSERT_EQ(sql("SELECT count(*) FROM rail_inbox"), "1200");
    RulesThatRefuse rules(stall_rules, [](BankCredit const& credit) { return std::stoi(credit.bank_reference.substr(2)) < 1000; });
    ReceiveCredit refusing{payments, writer, rules, rules, clock, system_random()};
    Instance second(loop, pool, refusing, clock);
    for (int turn = 0; turn < 3; ++turn) (void)run(second.intake.sweep());
    EXPECT_EQ(sql("SELECT count(*) FROM bank_credit"), "200");
    end(second);
}

TEST_F(IntakeTest, WhatIsForNobodyIsKeptUntilItIsForSomebody)
{
    auto const nobody = [&] {
        auto stall = make_stall();
        stall.account.account_number = "1017510002";  // the next stall's
        return stall;
    }();
    Instance instance(loop, pool, receive, clock);
    std::vector<Notification> message;
    message.push_back(told(nobody, "payos", "FT1", 45000_vnd, "chuyen tien"));
    auto const taken = take(instance, std::move(message));
    ASSERT_TRUE(taken && (*taken)[0]);
    EXPECT_EQ((*taken)[0]->outcome, InboxOutcome::unknown_account);
    ASSERT_TRUE(run(instance.intake.sweep()));
    EXPECT_EQ(sql("SELECT count(*) FROM bank_credit"), "0");
    auto const stall = make_stall();
    ASSERT_EQ(stall.account.account_number, "1017510002");
    ASSERT_TRUE(run(instance.intake.sweep()));
    EXPECT_EQ(sql("SELECT outcome FROM rail_match"), "booked");
    EXPECT_EQ(sql("SELECT sum(amount) FROM bank_credit"), "45000");
    end(instance);
}

// Each of two rails tells each transfer, at the same moment to two instances, and neither's reference says it is the same.
TEST_F(IntakeTest, TwoRailsAtOneMomentTellOneTransfer)
{
    auto const stall = make_stall();
    Instance first(loop, pool, receive, clock);
    Instance second(loop, pool, receive, clock);
    std::vector<Notification> all;
    for (int i = 0; i < 20; ++i) {
        auto const n = std::to_string(i);
        all.push_back(told(stall, "payos", "FT2632700" + n, 45000_vnd, "NGUYEN VAN A chuyen tien " + n));
        all.push_back(told(stall, "vietqr", "VCB." + n + "-" + n, 45000_vnd, "NGUYEN VAN A chuyen tien " + n));
    }
    for (auto const& taken : take_at_once({&first, &second}, std::move(all))) ASSERT_TRUE(taken && (*taken)[0]);
    EXPECT_EQ(sql("SELECT count(*) || ' ' || sum(amount) FROM bank_credit"), "20 900000");
    EXPECT_EQ(
        sql("SELECT string_agg(outcome || ' ' || n, ', ' ORDER BY outcome) FROM (SELECT outcome, count(*) n FROM rail_match GROUP BY 1) x"),
        "booked 20, linked 20");
    end(first);
    end(second);
}

// The second rail tells it again before anybody found out that the first had told it: still one transfer.
TEST_F(IntakeTest, WhatIsLinkedAndToldAgainAtOneMomentIsBookedOnce)
{
    auto const stall = make_stall();
    Instance first(loop, pool, receive, clock);
    Instance second(loop, pool, receive, clock);
    for (int i = 0; i < 20; ++i) {
        auto const memo = "NGUYEN VAN A chuyen tien " + std::to_string(i);
        std::vector<Notification> before;
        before.push_back(told(stall, "payos", "FT2632700" + std::to_string(i), 45000_vnd, memo));
        ASSERT_TRUE(take(first, std::move(before)));
        std::vector<Notification> again;
        for (int n = 0; n < 4; ++n) again.push_back(told(stall, "vietqr", "VCB." + std::to_string(i) + "-1", 45000_vnd, memo));
        for (auto const& taken : take_at_once({&first, &second}, std::move(again))) ASSERT_TRUE(taken);
        // And swept by an instance that took it for left behind.
        std::vector<Notification> swept;
        swept.push_back(told(stall, "vietqr", "VCB." + std::to_string(i) + "-1", 45000_vnd, memo));
        swept[0].id = Id<InboxTag>(
            *Uuid::from_string(sql("SELECT inbox_id FROM rail_match WHERE outcome = 'linked' ORDER BY inbox_id DESC LIMIT 1")));
        for (auto const& received : run(receive(std::move(swept)))) ASSERT_TRUE(received);
    }
    EXPECT_EQ(sql("SELECT count(*) || ' ' || sum(amount) FROM bank_credit"), "20 900000");
    end(first);
    end(second);
}

// A buyer pays twice with the same words, and both rails tell both: two transfers, whoever is heard first.
TEST_F(IntakeTest, TwoTransfersThatAreAlikeAreTwoWhoeverTellsThemFirst)
{
    auto const stall = make_stall();
    std::array<std::pair<char const*, char const*>, 4> const all{
        {{"payos", "FT26327001"}, {"payos", "FT26327002"}, {"vietqr", "VCB.1-1"}, {"vietqr", "VCB.2-2"}}};
    std::array<int, 4> order{0, 1, 2, 3};
    int round = 0;
    Instance instance(loop, pool, receive, clock);
    do {
        for (bool const at_once : {false, true}) {
            auto const memo = "NGUYEN VAN A chuyen tien " + std::to_string(++round);
            std::vector<Notification> notifications;
            for (int const i : order) {
                auto const& [rail, reference] = all[static_cast<std::size_t>(i)];
                notifications.push_back(told(stall, rail, reference + std::string(".") + std::to_string(100 + round), 45000_vnd, memo));
            }
            if (at_once) {
                take_at_once({&instance}, std::move(notifications));
            } else {
                for (auto& n : notifications) {
                    std::vector<Notification> one;
                    one.push_back(std::move(n));
                    ASSERT_TRUE(take(instance, std::move(one)));
                }
            }
            EXPECT_EQ(sql("SELECT count(*) FROM bank_credit WHERE narrative = '" + memo + "'"), "2") << round;
        }
    } while (std::ranges::next_permutation(order).found);
    end(instance);
}

// What a day brings, told in whatever order and pieces, by instances that end before they matched: the books say the same.
TEST_F(IntakeTest, TheResultDoesNotDependOnOrderOrRestarts)
{
    struct Transfer {
        int request;  // -1: names none
        Dong amount;
        std::string reference, memo;
        bool by_both_rails = false;
    };
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        std::mt19937_64 plan(seed);
        constexpr int requests = 6;
        std::array<Dong, requests> asked;
        for (auto& amount : asked) amount = Dong(static_cast<std::int64_t>(10 + plan() % 90) * 1000);
        std::vector<Transfer> day;
        for (int r = 0; r < requests; ++r) {
            auto const part = Dong(asked[static_cast<std::size_t>(r)].count() / 5);
            auto const whole = asked[static_cast<std::size_t>(r)];
            std::vector<Dong> amounts;
            switch (plan() % 6) {
            case 0: amounts = {whole}; break;
            case 1: amounts = {part, Dong(whole.count() - part.count())}; break;
            case 2: amounts = {part}; break;
            case 3: amounts = {whole, whole}; break;
            case 4: amounts = {Dong(whole.count() + 7000)}; break;
            default: amounts = {part, whole, part}; break;
            }
            for (auto const amount : amounts) day.push_back({r, amount, {}, "sap 12", plan() % 2 == 0});
        }
        for (int i = 0; i < 4; ++i)
            day.push_back({-1, Dong(5000 + static_cast<std::int64_t>(plan() % 3) * 1000), {}, "LE THI C chuyen tien", i % 2 == 0});
        for (std::size_t i = 0; i < day.size(); ++i) day[i].reference = "FT2632" + std::to_string(7'000'000 + seed * 1000 + i);

        std::optional<std::string> expected;
        for (int variant = 0; variant < 4; ++variant) {
            std::mt19937_64 dice(seed * 100 + static_cast<std::uint64_t>(variant));
            auto const stall = make_stall();
            std::vector<StoredRequest> made;
            for (auto const amount : asked) made.push_back(ask(stall, amount));
            std::vector<Notification> all;
            for (auto const& t : day) {
                auto const memo = t.request < 0 ? t.memo : made[static_cast<std::size_t>(t.request)].request.code.text() + " " + t.memo;
                all.push_back(told(stall, "payos", t.reference, t.amount, memo));
                if (t.by_both_rails) all.push_back(told(stall, "vietqr", "ft-" + t.reference.substr(2), t.amount, memo));
                if (dice() % 3 == 0) all.push_back(told(stall, "payos", t.reference, t.amount, memo));
            }
            std::ranges::shuffle(all, dice);
            for (std::size_t at = 0; at < all.size();) {
                Instance instance(loop, pool, receive, clock);
                bool const ends_early = dice() % 3 == 0;
                if (ends_early) {
                    // Kept and then gone, as a kill leaves it.
                    std::vector<Notification const*> kept;
                    for (auto i = at; i < std::min(all.size(), at + 3); ++i) kept.push_back(&all[i]);
                    ASSERT_TRUE(run(instance.inbox.keep(std::move(kept))));
                    at += 3;
                } else {
                    auto const n = std::min(all.size() - at, 1 + dice() % 9);
                    std::vector<Notification> some(all.begin() + static_cast<std::ptrdiff_t>(at),
                                                   all.begin() + static_cast<std::ptrdiff_t>(at + n));
                    take_at_once({&instance}, std::move(some));
                    at += n;
                }
                end(instance);
            }
            Instance last(loop, pool, receive, clock);
            clock.at += std::chrono::seconds(1);
            auto const caught_up = run(last.intake.catch_up());
            ASSERT_TRUE(caught_up) << caught_up.error().detail;
            end(last);

            std::string summary;
            for (auto const& request : made) {
                auto const id = request.request.id.uuid.to_string();
                summary += sql("SELECT concat_ws(' ', (SELECT count(*) FROM bank_credit WHERE payment_id = p.payment_id), "
                               "(SELECT sum(amount) FROM bank_credit WHERE payment_id = p.payment_id), "
                               "(SELECT sum(refund_due) FROM bank_credit WHERE payment_id = p.payment_id), "
                               "greatest(0, asked - received), state IN (2, 3)) FROM payment_request p WHERE payment_id = '" +
                               id + "'") +
                           "\n";
            }
            // What still waits for money is what open_request says it is, with what it lacks.
            EXPECT_EQ(sql("SELECT count(*) FROM (SELECT payment_id, asked - waived - received FROM payment_request "
                          "WHERE state IN (0, 1, 2, 3)) p(i, l) FULL JOIN open_request o ON o.payment_id = p.i AND o.lacking = p.l "
                          "WHERE p.i IS NULL OR o.payment_id IS NULL"),
                      "0");
            auto const owner = stall.stall.id.uuid.to_string();
            summary += sql("SELECT concat_ws(' ', count(*), sum(amount)) FROM bank_credit WHERE owner_id = '" + owner +
                           "' AND payment_id IS NULL");
            for (auto const kind : {ledger::AccountKind::bank, ledger::AccountKind::sales, ledger::AccountKind::nameless_sales,
                                    ledger::AccountKind::refund_due}) {
                auto const balance = writer.state().balance(market.book, ledger::account_number(stall.stall.ordinal, kind));
                summary += "\n" + std::to_string(balance ? balance->posted.count() : -1);
            }
            if (!expected) expected = summary;
            EXPECT_EQ(summary, *expected) << "seed " << seed << ", variant " << variant;
        }
    }
}

}  // namespace
}  // namespace cho40::qr_pay
