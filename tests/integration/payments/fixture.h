#pragma once
#include "adapters/stores/inbox_store.h"
#include "adapters/stores/ledger_journal.h"
#include "adapters/stores/merchants_store.h"
#include "adapters/stores/payments_store.h"
#include "ledger/writer.h"
#include "merchants/register.h"
#include "merchants/stall_rules.h"
#include "qr-pay/intake.h"
#include "qr-pay/request_payment.h"
#include "tests/support/loop.h"
#include "tests/support/postgres.h"
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <gtest/gtest.h>

namespace cho40::qr_pay {

struct HandClock final : Clock {
    Instant at = Day::from(2026, 11, 23).begin() + std::chrono::hours(9);
    Instant now() const override { return at; }
};

// Stalls that are paid over real tables and the real writer; an instance's intake comes and goes.
class Payments : public ::testing::Test {
protected:
    Payments()
    {
        database.truncate_all();
        EXPECT_TRUE(run(pool.open()));
        EXPECT_TRUE(run(writer.start()));
        boost::asio::co_spawn(loop.executor(), writer.run(), [](std::exception_ptr) {});
        merchants::Market facts;
        facts.book = merchants::draw_book(system_random());
        facts.name = "Chợ Hạ Long I";
        facts.ward_code = "06652";
        market = *run(registration.market(std::move(facts), {}));
        merchants::Household owner;
        owner.book = market.book;
        owner.tax_code = "022087654321";
        owner.name = owner.owner_name = "Nguyễn Thị Thế";
        household = *run(registration.household(std::move(owner), {}));
        for (auto const* rail : {"payos", "vietqr"}) {
            merchants::RailAccount account;
            account.book = market.book;
            account.rail = account.name = rail;
            account.sealed_secret = "x";
            rails[rail] = run(registration.rail_account(std::move(account), {}))->id;
        }
    }
    ~Payments() override
    {
        writer.stop();
        journal.give_up();
        loop.run(pool.close());
        loop.drain();
    }

    // co_spawn makes an empty result first, which not every type of ours allows.
    template <class T>
    T run(boost::asio::awaitable<T> work)
    {
        auto wrapped = [](boost::asio::awaitable<T> inner) -> boost::asio::awaitable<std::optional<T>> {
            co_return co_await std::move(inner);
        };
        return *loop.run(wrapped(std::move(work)));
    }

    merchants::StallWithAccount make_stall()
    {
        merchants::Stall facts;
        facts.book = market.book;
        facts.market = market.id;
        facts.household = household.id;
        facts.number = std::to_string(++stalls_made);
        facts.name = "Sạp " + facts.number;
        facts.activity_group = "a";
        merchants::NewAccountFacts account{"970436", "10175" + std::to_string(10000 + stalls_made), "NGUYEN THI THE",
                                           merchants::Channel::bank, ""};
        return *run(registration.stall(std::move(facts), std::move(account), {}));
    }

    StoredRequest ask(merchants::StallWithAccount const& stall, Dong amount, std::string virtual_account = {})
    {
        PaymentOrder order;
        order.book = market.book;
        order.payee = Id<Payee>(stall.stall.id.uuid);
        order.account = stall.account;
        order.amount = amount;
        order.virtual_account = std::move(virtual_account);
        auto made = run(request_payment(std::move(order), {}));
        EXPECT_TRUE(made) << made.error().detail;
        return *std::move(made);
    }

    Notification told(merchants::StallWithAccount const& stall, std::string rail, std::string reference, Dong amount, std::string memo)
    {
        BankCredit credit(rail, reference, stall.account.account_number, Direction::in, amount, clock.now());
        credit.bank_reference = std::move(reference);
        credit.memo = std::move(memo);
        Notification notification(market.book, make_id<InboxTag>(clock.now(), system_random()), rails.at(rail), std::move(credit));
        notification.headers = "{}";
        notification.body = "{}";
        notification.received_at = clock.now();
        return notification;
    }

    std::string sql(std::string const& question) { return database.sql().value(question); }

    tests::TestDatabase& database = tests::TestDatabase::instance();
    tests::Loop loop;
    HandClock clock;
    observability::Log log{clock, observability::Level::error, [](std::string_view) {}};
    stores::RowWriters writers = [] {
        stores::RowWriters all;
        stores::add_payment_writers(all);
        stores::add_merchant_writers(all);
        return all;
    }();
    postgres::Pool pool{loop.executor(), postgres::PoolOptions{.info = database.info(), .read_connections = 2}};
    stores::LedgerJournal journal{loop.executor(), database.info(), stores::JournalOptions{.writer_group = "main", .holder = "test"},
                                  writers,         clock,           log};
    ledger::Writer writer{loop.executor(), journal, clock};
    stores::PaymentsStore payments{pool};
    stores::MerchantsStore merchants_store{pool};
    RequestPayment request_payment{writer, clock, system_random()};
    merchants::Register registration{writer, merchants_store, clock, system_random()};
    merchants::StallRules stall_rules;
    ReceiveCredit receive{payments, writer, stall_rules, stall_rules, clock, system_random()};
    merchants::Market market;
    merchants::Household household;
    std::map<std::string, Id<RailAccountTag>> rails;
    int stalls_made = 0;
};

// One instance of the service: what it keeps and matches, until it is killed.
class Instance {
public:
    Instance(tests::Loop& loop, postgres::Pool& pool, ReceiveCredit& receive, Clock const& clock)
        : inbox(pool), intake(loop.executor(), inbox, receive, clock, limits())
    {
        spawn(loop, intake.keep(), keeping_);
        spawn(loop, intake.match(), matching_);
    }
    void stop_matching() { matching_.emit(boost::asio::cancellation_type::terminal); }
    void stop()
    {
        keeping_.emit(boost::asio::cancellation_type::terminal);
        matching_.emit(boost::asio::cancellation_type::terminal);
    }

    stores::InboxStore inbox;
    Intake intake;

private:
    static Intake::Limits limits()
    {
        Intake::Limits limits;
        limits.batch_max = 7;
        limits.patience = std::chrono::milliseconds(20'000);
        limits.settled = std::chrono::seconds(0);
        return limits;
    }
    static void spawn(tests::Loop& loop, boost::asio::awaitable<void> work, boost::asio::cancellation_signal& stop)
    {
        boost::asio::co_spawn(loop.executor(), std::move(work),
                              boost::asio::bind_cancellation_slot(stop.slot(), [](std::exception_ptr) {}));
    }

    boost::asio::cancellation_signal keeping_, matching_;
};

}  // namespace cho40::qr_pay
