#include "adapters/identity/gate.h"
#include "adapters/identity/needs.h"
#include "adapters/stores/ledger_journal.h"
#include "adapters/stores/merchants_store.h"
#include "adapters/stores/tax_store.h"
#include "adapters/tax_gateway/http_gateway.h"
#include "adapters/tax_gateway/notice_xml.h"
#include "adapters/tax_gateway/papers.h"
#include "adapters/tax_gateway/rates_json.h"
#include "etax/file_return.h"
#include "etax/forward_returns.h"
#include "ledger/writer.h"
#include "merchants/note_cash_sale.h"
#include "tests/support/live_server.h"
#include "tests/support/loop.h"
#include "tests/support/postgres.h"
#include "tests/support/throwaway_identity.h"
#include <filesystem>
#include <fstream>

namespace cho40 {
namespace {

using etax::FilingState;
using etax::StoredReturn;
using nlohmann::json;
using tests::TestDatabase;

struct SetClock final : Clock {
    Instant at = *parse_rfc3339("2026-10-12T03:00:00Z");
    [[nodiscard]] Instant now() const override { return at; }
};

// A forwarding provider that does as it is told, on a thread of its own.
struct FakeGateway {
    std::mutex lock;
    int lost = 0;               // so many submissions vanish and are not answered
    bool keeps_lost = false;    // they vanish for us alone: the filing arrived
    int refuse_with = 0;
    std::vector<std::string> puts;
    std::map<std::string, std::string> filings;
    std::vector<etax::Notice> notices;
    int polls = 0;

    void add_routes(http::Router& router)
    {
        http::RouteOptions options;
        options.documented = false;
        router.add(
            http::Method::put, "/tvan/filings/{id}", "fake.put",
            [this](http::Request request) -> boost::asio::awaitable<Result<http::Response>> {
                std::lock_guard const guard(lock);
                puts.push_back(request.body);
                if (refuse_with) co_return http::Response::json({{"code", "IHTKK-9999"}, {"detail", "no"}}, refuse_with);
                bool const vanishes = lost > 0 && lost-- > 0;
                if (!vanishes || keeps_lost) filings[request.path_value("id")] = request.body;
                if (vanishes) co_return http::Response(http::Response::hang_up);
                co_return http::Response::json({{"transaction_id", request.path_value("id")}}, 202);
            },
            options);
        router.add(
            http::Method::get, "/tvan/filings/{id}/notices", "fake.notices",
            [this](http::Request request) -> boost::asio::awaitable<Result<http::Response>> {
                std::lock_guard const guard(lock);
                ++polls;
                if (!filings.contains(request.path_value("id"))) co_return fail(Errc::not_found, "never came");
                json list = json::array();
                for (auto const& n : notices) {
                    list.push_back(
                        {{"code", n.code}, {"content_base64", to_base64(tax_gateway::write_notice(n))}, {"at", "2026-10-12T03:00:00Z"}});
                }
                co_return http::Response::json({{"notices", std::move(list)}});
            },
            options);
    }
    void say(std::string code, bool positive)
    {
        std::lock_guard const guard(lock);
        etax::Notice n;
        n.code = code;
        n.kind = code == "843" ? etax::NoticeKind::received : etax::NoticeKind::result;
        n.title = code == "843" ? "Thông báo tiếp nhận" : "Thông báo chấp nhận";
        n.number = "1/TB-TĐT";
        n.day = Day::from(2026, 10, 12);
        n.office_code = "22500";
        n.office_name = "Thuế tỉnh Quảng Ninh";
        n.recipient_code = "022080000000";
        n.recipient_name = "HỘ KINH DOANH MẪU";
        n.positive = positive;
        n.transaction_code = "10820260000000001";
        if (code == "844" && positive) n.filed_at = *parse_rfc3339("2026-10-12T03:00:05Z");
        if (!positive) n.reasons.push_back({"Hồ sơ", "Sai số liệu", "Lập lại tờ khai", ""});
        notices.push_back(std::move(n));
    }
};

class Filing : public testing::Test {
protected:
    Filing()
        : log_(clock, observability::Level::error, [](std::string_view) {}), pool(loop.executor(), options()),
          journal(loop.executor(), TestDatabase::instance().info(), stores::JournalOptions{.writer_group = "etax-test", .holder = "test"},
                  writers, clock, log_),
          writer(loop.executor(), journal, clock), store(pool), merchants(pool), registration(writer, merchants, clock, random),
          note_cash_sale(writer, clock, random), server([this](http::Router& router) { fake.add_routes(router); }),
          client(loop.executor(), {.name = "etax"}, metrics), gateway(client, server.url(""), std::chrono::seconds(5)),
          identity(tests::make_throwaway_identity("CCCD:022080000000")), papers(computing, signer(), wall),
          tools{writer, store, store, papers, tax_gateway::embedded_rates(), etax::FormTables::embedded(), WorkingDays::embedded(),
                clock,  random},
          draft(tools), submit(tools, true), forward(writer, store, gateway, papers, tools.calendar, clock, random, {})
    {
        stores::add_merchant_writers(writers);
        stores::add_tax_writers(writers);
        TestDatabase::instance().truncate_all();
        EXPECT_TRUE(run(pool.open()));
        auto const started = run(writer.start());
        EXPECT_TRUE(started) << started.error().detail;
        boost::asio::co_spawn(loop.executor(), writer.run(), [this](std::exception_ptr) { writer_ended = true; });
        make_household();
    }
    ~Filing() override
    {
        writer.stop();
        loop.run(close());
        client.close_idle();
        loop.drain();
    }
    boost::asio::awaitable<void> close()
    {
        co_await tests::eventually([this] { return writer_ended; });
        co_await pool.close();
    }
    static postgres::PoolOptions options()
    {
        postgres::PoolOptions o;
        o.info = TestDatabase::instance().info();
        return o;
    }
    std::shared_ptr<xml::Signer const> signer()
    {
        auto made = xml::FileSigner::from_pem(Secret(identity.key_pem), identity.certificate_pem);
        EXPECT_TRUE(made);
        return std::make_shared<xml::FileSigner>(*made);
    }

    template <class T>
    T run(boost::asio::awaitable<T> work)
    {
        return loop.run(std::move(work));
    }

    merchants::StallWithAccount make_stall(std::string number, std::string group)
    {
        merchants::Stall facts;
        facts.book = market.book;
        facts.market = market.id;
        facts.household = household.id;
        facts.number = number;
        facts.name = "Quầy " + number;
        facts.activity_group = group;
        merchants::NewAccountFacts account{"970436", "10000000" + number, "CHO HA LONG", merchants::Channel::bank, ""};
        auto made = run(registration.stall(facts, account, {}));
        EXPECT_TRUE(made) << made.error().detail;
        return *made;
    }
    void make_household()
    {
        merchants::Market m;
        m.book = merchants::draw_book(random);
        m.name = "Chợ Hạ Long I";
        m.ward_code = "06685";
        m.ward_name = "Phường Hồng Gai";
        market = *run(registration.market(m, {}));
        merchants::Household h;
        h.book = market.book;
        h.tax_code = "022080000000";
        h.name = "HỘ KINH DOANH MẪU";
        h.owner_name = "Chủ hộ mẫu";
        h.address = "Quầy 12";
        h.ward_code = "06685";
        h.ward_name = "Phường Hồng Gai";
        household = *run(registration.household(h, {}));
        goods.emplace(make_stall("12", "a"));
        food.emplace(make_stall("13", "d"));
    }
    void sell(merchants::StallWithAccount const& stall, std::int64_t amount, Day day)
    {
        merchants::CashSale sale;
        sale.amount = Dong(amount);
        sale.sold_on = day;
        auto const noted = run(note_cash_sale(stall, sale, {}));
        ASSERT_TRUE(noted) << noted.error().detail;
    }
    // etax reference §1.5: 700 m before the quarter, then goods 420 m and catering 180 m.
    void sell_the_year()
    {
        sell(*goods, 330'000'000, Day::from(2026, 2, 10));
        sell(*goods, 170'000'000, Day::from(2026, 5, 20));
        sell(*food, 200'000'000, Day::from(2026, 6, 30));  // the last day before the quarter
        sell(*goods, 300'000'000, Day::from(2026, 7, 1));  // and its first
        sell(*goods, 120'000'000, Day::from(2026, 9, 30));
        sell(*food, 180'000'000, Day::from(2026, 8, 15));
        sell(*food, 999'000'000, Day::from(2025, 8, 15));  // of another year
        sell(*food, 5'000'000, Day::from(2026, 10, 2));    // after the quarter
    }
    Result<StoredReturn> make_draft(std::string const& period)
    {
        return run(draft(household, *etax::Period::parse(period), Id<qr_pay::UserTag>(), {}));
    }
    StoredReturn queued()
    {
        sell_the_year();
        auto made = make_draft("2026-Q3");
        EXPECT_TRUE(made) << made.error().detail;
        auto sent = run(submit(*made, {}));
        EXPECT_TRUE(sent) << sent.error().detail;
        return *sent;
    }
    StoredReturn now_stands(Id<etax::TaxReturn> id) { return **run(store.find(id)); }
    // The job's next round: waits until the return is due, then one step.
    StoredReturn go_on(Id<etax::TaxReturn> id)
    {
        auto const before = now_stands(id);
        if (!before.next_check_at) return before;
        clock.at = std::max(clock.at, *before.next_check_at);
        auto const due = *run(store.due(clock.at, 10));
        EXPECT_EQ(due.size(), 1u);
        auto const news = run(forward.step(before));
        EXPECT_TRUE(news) << news.error().detail;
        return now_stands(id);
    }
    std::vector<FilingState> states(StoredReturn const& ret)
    {
        std::vector<FilingState> out;
        auto const steps = run(store.steps(ret));
        for (auto const& s : *steps) out.push_back(s.state);
        return out;
    }

    tests::Loop loop;
    SetClock clock;
    SystemClock wall;
    Random& random = system_random();
    observability::Log log_;
    observability::Metrics metrics;
    stores::RowWriters writers;
    postgres::Pool pool;
    stores::LedgerJournal journal;
    ledger::Writer writer;
    bool writer_ended = false;
    stores::TaxStore store;
    stores::MerchantsStore merchants;
    merchants::Register registration;
    merchants::NoteCashSale note_cash_sale;
    FakeGateway fake;
    tests::LiveServer server;
    http::Client client;
    tax_gateway::HttpGateway gateway;
    boost::asio::thread_pool computing{1};
    tests::ThrowawayIdentity identity;
    tax_gateway::XmlPapers papers;
    etax::FilingTools tools;
    etax::DraftReturn draft;
    etax::SubmitReturn submit;
    etax::ForwardReturns forward;
    merchants::Market market;
    merchants::Household household;
    std::optional<merchants::StallWithAccount> goods, food;
};

TEST_F(Filing, FiguresComeOutOfTheLedger)
{
    sell_the_year();
    auto const made = make_draft("2026-Q3");
    ASSERT_TRUE(made) << made.error().detail;
    auto const stored = now_stands(made->id);
    auto const& f = stored.figures;
    EXPECT_EQ(f.ledger_turnover, Dong(600'000'000));
    EXPECT_EQ(f.revenue, Dong(600'000'000));
    EXPECT_EQ(f.year_to_date_before, Dong(700'000'000));
    EXPECT_EQ(f.threshold, Dong(1'000'000'000));
    EXPECT_EQ(f.deducted, Dong(300'000'000));
    EXPECT_EQ(f.vat, Dong(9'600'000));
    EXPECT_EQ(f.pit, Dong(1'500'000));
    EXPECT_EQ(f.total_due, Dong(11'100'000));
    ASSERT_EQ(f.lines.size(), 2u);
    for (auto const& line : f.lines) {
        EXPECT_EQ(line.ledger_turnover, Dong(line.group == "a" ? 420'000'000 : 180'000'000));
        EXPECT_EQ(line.vat, Dong(line.group == "a" ? 4'200'000 : 5'400'000));
        EXPECT_EQ(line.deducted, Dong(line.group == "a" ? 120'000'000 : 180'000'000));
        EXPECT_EQ(line.pit, Dong(line.group == "a" ? 1'500'000 : 0));
    }
    EXPECT_EQ(stored.form_version, "TT50/2026");
    EXPECT_EQ(states(stored), std::vector{FilingState::draft});
}

// The xmlsec1 tool shares no code with ours.
TEST_F(Filing, SubmittedDocumentVerifiesAndIsFrozen)
{
    auto const ret = queued();
    auto const bytes = *run(store.document(ret));
    EXPECT_EQ(sha256(bytes), ret.filing.digest);
    auto const folder = std::filesystem::temp_directory_path() / ("cho40-etax-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "return.xml", std::ios::binary) << bytes;
    std::ofstream(folder / "cert.pem", std::ios::binary) << identity.certificate_pem;
    auto const command = "xmlsec1 --verify --trusted-pem " + (folder / "cert.pem").string() +
                         " --id-attr:id http://kekhaithue.gdt.gov.vn/TKhaiThue:HSoKhaiThue " + (folder / "return.xml").string() +
                         " >/dev/null 2>&1";
    EXPECT_EQ(std::system(command.c_str()), 0);
    std::filesystem::remove_all(folder);

    auto const again = run(submit(now_stands(ret.id), {}));
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, Errc::invalid_state);
    auto const second = make_draft("2026-Q3");
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Errc::already_filed);
}

TEST_F(Filing, ReceiptIsNoAcceptanceAndAcceptanceEndsIt)
{
    auto const id = queued().id;
    EXPECT_EQ(go_on(id).filing.state, FilingState::sent);
    EXPECT_EQ(go_on(id).filing.state, FilingState::sent);  // nothing yet
    fake.say("843", true);
    auto ret = go_on(id);
    EXPECT_EQ(ret.filing.state, FilingState::received);
    EXPECT_FALSE(etax::is_finished(ret.filing.state));
    EXPECT_EQ(go_on(id).version, ret.version + 1);  // the same notice again: only asked
    fake.say("844", true);
    ret = go_on(id);
    EXPECT_EQ(ret.filing.state, FilingState::accepted);
    EXPECT_EQ(ret.filing.transaction_code, "10820260000000001");
    EXPECT_EQ(ret.filing.filed_at, *parse_rfc3339("2026-10-12T03:00:05Z"));
    EXPECT_FALSE(ret.next_check_at);
    using enum FilingState;
    EXPECT_EQ(states(ret), (std::vector{FilingState::draft, signed_, FilingState::queued, sent, received, accepted}));
    auto const notices = *run(store.notices(ret));
    ASSERT_EQ(notices.size(), 2u);
    EXPECT_EQ(notices[0].raw, tax_gateway::write_notice(fake.notices[0]));
    EXPECT_TRUE(notices[1].read);
    EXPECT_EQ(fake.puts.size(), 1u);
}

TEST_F(Filing, RefusalOpensThePeriodAgain)
{
    auto const id = queued().id;
    go_on(id);
    fake.say("843", true);
    fake.say("844", false);
    auto const ret = go_on(id);
    EXPECT_EQ(ret.filing.state, FilingState::refused_business);
    ASSERT_EQ(ret.filing.reasons.size(), 1u);
    EXPECT_EQ(ret.filing.reasons[0].error, "Sai số liệu");
    EXPECT_FALSE(ret.next_check_at);
    auto const next = make_draft("2026-Q3");
    ASSERT_TRUE(next) << next.error().detail;
    EXPECT_EQ(next->filing.key.number, (etax::FilingNumber{etax::FilingType::official, 0}));
    EXPECT_EQ(next->attempt, 2);
}

TEST_F(Filing, SilenceIsAskedAndTheSameBytesAreSentOnlyWhenNothingArrived)
{
    fake.lost = 1;
    auto const id = queued().id;
    auto ret = go_on(id);
    EXPECT_EQ(ret.filing.state, FilingState::transport_unknown);
    EXPECT_EQ(ret.reason, "no_answer");
    EXPECT_EQ(fake.puts.size(), 1u);
    ret = go_on(id);
    EXPECT_EQ(fake.polls, 1);
    EXPECT_EQ(ret.filing.state, FilingState::queued);
    ret = go_on(id);
    EXPECT_EQ(ret.filing.state, FilingState::sent);
    ASSERT_EQ(fake.puts.size(), 2u);
    EXPECT_EQ(fake.puts[0], fake.puts[1]);
}

TEST_F(Filing, LostAnswerOfAFilingThatArrivedIsNotSentAgain)
{
    fake.lost = 1;
    fake.keeps_lost = true;
    auto const id = queued().id;
    EXPECT_EQ(go_on(id).filing.state, FilingState::transport_unknown);
    fake.say("843", true);
    EXPECT_EQ(go_on(id).filing.state, FilingState::received);
    EXPECT_EQ(fake.puts.size(), 1u);
}

TEST_F(Filing, CrashWhileSendingIsAskedAbout)
{
    auto const id = queued().id;
    TestDatabase::instance().sql().run("UPDATE tax_return SET sending_since = now()");
    auto const ret = go_on(id);
    EXPECT_EQ(ret.filing.state, FilingState::transport_unknown);
    EXPECT_EQ(fake.puts.size(), 0u);
    EXPECT_FALSE(ret.sending_since);
}

struct GatewayVerdict {
    int status;
    FilingState state;
};
class FilingRefused : public Filing, public testing::WithParamInterface<GatewayVerdict> {};

TEST_P(FilingRefused, ByTheGateway)
{
    fake.refuse_with = GetParam().status;
    EXPECT_EQ(go_on(queued().id).filing.state, GetParam().state);
}
INSTANTIATE_TEST_SUITE_P(Status, FilingRefused,
                         testing::Values(GatewayVerdict{422, FilingState::refused_technical}, GatewayVerdict{409, FilingState::conflict},
                                         GatewayVerdict{503, FilingState::transport_unknown}));

TEST_F(Filing, LaterChecksComeMoreRarely)
{
    auto const id = queued().id;
    auto ret = go_on(id);
    auto last = std::chrono::microseconds(0);
    for (int i = 0; i < 14; ++i) {
        auto const pause = *ret.next_check_at - clock.at;
        EXPECT_GE(pause, last);
        EXPECT_LE(pause, std::chrono::minutes(15));
        last = pause;
        ret = go_on(id);
    }
    EXPECT_EQ(last, std::chrono::minutes(15));
}

TEST_F(Filing, NothingIsStoredForWhatCannotBeFiled)
{
    auto const none = make_draft("2026-Q3");
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, Errc::nothing_to_file);
    sell(*goods, 400'000'000, Day::from(2026, 7, 1));
    sell(*food, 600'000'000, Day::from(2026, 8, 1));  // exactly one billion is exempt
    auto const under = make_draft("2026-Q3");
    ASSERT_FALSE(under);
    EXPECT_EQ(under.error().code, Errc::nothing_to_file);
    auto const early = make_draft("2026-Q4");
    ASSERT_FALSE(early);
    EXPECT_EQ(early.error().code, Errc::period_not_open);
    EXPECT_EQ(TestDatabase::instance().sql().value("SELECT count(*) FROM tax_return"), "0");
    sell(*food, 1, Day::from(2026, 9, 30));
    EXPECT_TRUE(make_draft("2026-Q3"));
}

TEST_F(Filing, WithoutAGatewayAReturnIsSignedAndWaits)
{
    sell_the_year();
    etax::SubmitReturn sign_only(tools, false);
    auto const made = run(sign_only(*make_draft("2026-Q3"), {}));
    ASSERT_TRUE(made) << made.error().detail;
    EXPECT_EQ(made->filing.state, FilingState::signed_);
    EXPECT_FALSE(made->next_check_at);
    auto const bytes = *run(store.document(*made));
    auto const later = run(submit(now_stands(made->id), {}));
    ASSERT_TRUE(later) << later.error().detail;
    EXPECT_EQ(later->filing.state, FilingState::queued);
    EXPECT_EQ(*run(store.document(*later)), bytes);
}

TEST(FilingRights, OnlyTheHouseholdAndOperatorsFile)
{
    struct Row {
        identity::Role role;
        bool files, reads;
    };
    for (auto const& row : {Row{identity::Role::vendor, true, true}, Row{identity::Role::operator_, true, true},
                            Row{identity::Role::tax_officer, false, true}, Row{identity::Role::market_board, false, false},
                            Row{identity::Role::agency, false, false}, Row{identity::Role::vendor_staff, false, false}}) {
        identity::Principal who;
        who.kind = identity::Principal::Kind::user;
        who.grants = {{row.role, Uuid{}}};
        for (auto const* operation : {"tax_returns.create", "tax_returns.submit"}) {
            auto const admitted = identity::check_need(who, *identity::need_of(operation));
            EXPECT_EQ(admitted.has_value(), row.files) << operation << identity::role_name(row.role);
            if (!admitted) EXPECT_EQ(admitted.error().code, Errc::forbidden);
        }
        EXPECT_EQ(identity::check_need(who, *identity::need_of("tax_returns.read")).has_value(), row.reads)
            << identity::role_name(row.role);
    }
}

}  // namespace
}  // namespace cho40
