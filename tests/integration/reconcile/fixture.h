#pragma once
#include "adapters/api/ids.h"
#include "adapters/api/recon_breaks.h"
#include "adapters/api/recon_closing.h"
#include "adapters/identity/ledger_key.h"
#include "adapters/statements/camt_writer.h"
#include "adapters/statements/provider_file.h"
#include "tests/integration/identity/fixture.h"

namespace cho40::tests {

struct SetClock final : Clock {
    Instant at;
    [[nodiscard]] Instant now() const override { return at; }
};

class ReconInstance : public Instance {
public:
    ReconInstance(Loop& loop, Clock const& clock, boost::asio::thread_pool& computing)
        : Instance(loop, clock, computing, "recon-test"), log_(clock, observability::Level::error, [](std::string_view) {}), store(pool),
          breaks(pool), closings(pool), signer(installation),
          recon{gate, idempotency, trail, cursors, writer, computing, clock,    system_random(),
                log_, metrics_,    store, breaks,  Dong(), {Dong()},  closings, signer}
    {
        stores::add_recon_writers(writers_);
        stores::add_recon_break_writers(writers_);
        stores::add_recon_closing_writers(writers_);
        api::add_recon_routes(router, recon);
        api::add_recon_break_routes(router, recon);
        api::add_recon_closing_routes(router, recon);
        api::add_recon_drill_routes(router, recon);
    }

private:
    observability::Log log_;
    observability::Metrics metrics_;

public:
    stores::ReconStore store;
    stores::ReconBreakStore breaks;
    stores::ReconClosingStore closings;
    identity::LedgerKey signer;
    api::ReconContext recon;
};

// A market with one account collected by a provider and one paid straight to, a day of credits, and files made to order.
class ReconTest : public testing::Test {
protected:
    using json = nlohmann::json;

    ReconTest()
    {
        TestDatabase::instance().truncate_all();
        set_time("2026-11-23T02:00:00Z");  // 09:00 of the day after
        sql().run("INSERT INTO book VALUES (77, 1, 'Cho Hom', 'recon-test', now());"
                  "INSERT INTO market (book_id, market_id, name, address, ward_code, ward_name, created_at) VALUES (77, '" +
                  market +
                  "', 'Cho Hom', '', '00001', '', now());"
                  "INSERT INTO rail_account (book_id, rail_account_id, rail, name, channel, sealed_secret, created_at) VALUES "
                  "(77, '" +
                  provider + "', 'payos', 'PAYOS', 1, '', now()), (77, '" + bank + "', 'vietqr', 'VIETQR', 2, '', now());");
        add_account(collected, "COLLECTED1", 1);
        add_account(direct, "DIRECT1", 2);
        service = std::make_unique<ReconInstance>(loop_, clock_, computing_);
        key = make_key({"recon:read", "recon:write"}, Uuid());
    }

    void set_time(std::string_view at) { clock_.at = *parse_rfc3339(at); }
    static PlainSql& sql() { return TestDatabase::instance().sql(); }
    static Instant at(std::string const& local) { return *parse_local_time(local); }

    static void add_account(std::string const& id, std::string const& number, int channel)
    {
        sql().run("INSERT INTO receiving_account VALUES (77, '" + id + "', 1, '" + id + "', 1, '970436', '" + number + "', 'X', " +
                  std::to_string(channel) + ", now())");
    }

    struct Credit {
        std::string account, rail, provider_id, reference, code;
        int amount;
        std::string booked;  // local
    };
    void add_credit(Credit const& c)
    {
        auto const number = std::to_string(++credits_);
        auto const id = make_uuid7(clock_.at, system_random()).to_string();
        auto request = std::string("NULL");
        if (!c.code.empty()) {
            auto const payment = make_derived_uuid({"payment", c.code}).to_string();
            sql().run(
                "INSERT INTO payment_request (book_id, payment_id, payee_kind, payee_id, owner_ordinal, receiving_account_id, code, asked, state, qr_payload, "
                "created_by, created_at, expires_at, since, version) VALUES (77, '" +
                payment + "', 1, '" + c.account + "', 1, '" + c.account + "', '" + c.code + "', 1000, 4, '', '" + c.account +
                "', now(), now(), now(), 1) ON CONFLICT DO NOTHING");
            request = "'" + payment + "'";
        }
        sql().run(
            "INSERT INTO bank_credit (book_id, credit_id, dedupe_key, receiving_account_id, owner_id, rail_account_id, provider_id, bank_reference, amount, "
            "narrative, squeezed, payer_name, payer_account_tail, payer_bank, booked_at, received_at, payment_id, outcome, reason, refund_due) VALUES (77, '" +
            id + "', 'd" + number + "', '" + c.account + "', '" + c.account + "', '" + c.rail + "', '" + c.provider_id + "', '" +
            c.reference + "', " + std::to_string(c.amount) + ", '', '', '', '', '', '" + c.booked + "+07', now(), " + request +
            ", 1, 'exact', 0)");
    }

    Secret make_key(std::vector<std::string> scopes, Uuid place)
    {
        identity::KeyWish wish;
        wish.name = "recon";
        wish.scopes = std::move(scopes);
        wish.place = place;
        auto made = identity::make_key(wish, service->installation, clock_.now(), system_random()).value();
        identity::AuditEntry entry;
        entry.at = clock_.now();
        entry.id = make_id<identity::AuditRecord>(entry.at, system_random());
        entry.act = "test";
        EXPECT_TRUE(loop_.run(service->people.add_key(made.record, entry)));
        return Secret(std::string(made.text.expose()));
    }

    http::Response call(http::Method method, std::string target, std::string body = {}, std::string type = "application/json")
    {
        http::Request r;
        r.method = method;
        r.method_text = std::string(http::method_name(method));
        r.target = target;
        auto const mark = target.find('?');
        r.path = target.substr(0, mark);
        for (auto rest = mark == target.npos ? std::string() : target.substr(mark + 1); !rest.empty();) {
            auto const end = std::min(rest.find('&'), rest.size());
            auto const equals = rest.find('=');
            r.query.push_back({rest.substr(0, equals), rest.substr(equals + 1, end - equals - 1)});
            rest.erase(0, end + 1);
        }
        r.request_id = "req_0123456789";
        r.peer_address = "10.0.0.1";
        r.body = std::move(body);
        if (method == http::Method::post) {
            r.headers.add("Content-Type", std::move(type));
            r.headers.add("Idempotency-Key",
                          idempotency_key.empty() ? "recon-test-key-" + std::to_string(100000 + ++calls_) : idempotency_key);
        }
        r.headers.add("Authorization", "Bearer " + std::string(key.expose()));
        return service->answer(std::move(r));
    }
    http::Response import(std::string const& side, std::string const& partner, std::string const& date, std::string bytes, int revision = 1)
    {
        return call(http::Method::post,
                    "/v1/recon/files?side=" + side + "&source=" + rla(partner) + "&date=" + date + "&revision=" + std::to_string(revision),
                    std::move(bytes), side == "bank" ? "application/xml" : "text/csv");
    }
    http::Response run(std::string const& partner, std::string const& date)
    {
        return call(http::Method::post, "/v1/recon/runs", R"({"date":")" + date + R"(","partner":")" + rla(partner) + R"("})");
    }
    json breaks(std::string const& query)
    {
        return json::parse(call(http::Method::get, "/v1/recon/breaks?" + query).body_text()).at("data");
    }
    static json body_of(http::Response const& response) { return json::parse(response.body_text()); }
    static std::string rla(std::string const& uuid) { return http::to_text(Id<qr_pay::RailAccountTag>(*Uuid::from_string(uuid))); }

    static reconcile::ProviderLine line(int number, std::string txn, std::string order, int amount, std::string const& local, int fee = 0)
    {
        reconcile::ProviderLine l;
        l.file_id = "F";
        l.line_no = number;
        l.at = at(local);
        l.business_date = Day::of(l.at);
        l.provider_txn_id = std::move(txn);
        l.order_ref = std::move(order);
        l.amount = Dong(amount);
        l.fee = Dong(fee);
        l.net = Dong(amount - fee);
        l.batch = "PAYOS20261122";
        l.settlement_date = l.business_date.plus_days(1);
        return l;
    }
    static reconcile::BankEntry entry(std::string account, std::string reference, int amount, std::string const& local,
                                      std::string narrative)
    {
        reconcile::BankEntry e;
        e.account = std::move(account);
        e.entry_ref = std::move(reference);
        e.booked_at = at(local);
        e.booking_date = e.value_date = Day::of(e.booked_at);
        e.amount = Dong(amount);
        e.counterparty = "NGUYEN VAN A";
        e.narrative = std::move(narrative);
        return e;
    }
    static std::string statement(std::string const& account, Day day, int opening, std::vector<reconcile::BankEntry> entries)
    {
        statements::AccountDays days;
        days.statement_id = account + day.to_string();
        days.created_at = day.end();
        days.account = account;
        days.from = days.to = day;
        days.opening = Dong(opening);
        days.entries = std::move(entries);
        return statements::write_camt053(days).value();
    }

    Loop loop_;
    SetClock clock_;
    boost::asio::thread_pool computing_{1};
    int calls_ = 0;
    int credits_ = 0;
    std::string idempotency_key;

    std::string const market = "0193a000-0000-7000-8000-000000000001";
    std::string const provider = "0193a000-0000-7000-8000-000000000002";
    std::string const bank = "0193a000-0000-7000-8000-000000000003";
    std::string const collected = "0193a000-0000-7000-8000-000000000004";
    std::string const direct = "0193a000-0000-7000-8000-000000000005";
    std::string const today = "2026-11-22";
    Day const day = Day::from(2026, 11, 22);
    std::unique_ptr<ReconInstance> service;
    Secret key{""};
};

}  // namespace cho40::tests
