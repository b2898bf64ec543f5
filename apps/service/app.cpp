#include "apps/service/app.h"
#include "adapters/api/health.h"
#include "adapters/api/ledger_key.h"
#include "adapters/api/people.h"
#include "adapters/http/openapi_check.h"
#include "adapters/http/static_files.h"
#include "adapters/identity/ledger_key.h"
#include "adapters/postgres/migrations.h"
#include "adapters/stores/fee_schedule_store.h"
#include "adapters/stores/gap_store.h"
#include "adapters/stores/merchant_contracts.h"
#include "adapters/stores/merkle_store.h"
#include "adapters/stores/movement_store.h"
#include "adapters/stores/national_store.h"
#include "adapters/stores/notary_reports.h"
#include "adapters/stores/rail_readings.h"
#include "adapters/stores/receipt_reports_store.h"
#include "adapters/stores/receipts_store.h"
#include "adapters/stores/recon_break_store.h"
#include "adapters/stores/recon_store.h"
#include "adapters/stores/refunds_store.h"
#include "adapters/stores/remittance_store.h"
#include "apps/service/etax_part.h"
#include "apps/service/fees_part.h"
#include "apps/service/ledger_groups.h"
#include "apps/service/ledger_node.h"
#include "apps/service/ledger_reads_part.h"
#include "apps/service/national_part.h"
#include "apps/service/payments_part.h"
#include "apps/service/periodic.h"
#include "apps/service/posting_part.h"
#include "apps/service/receipts_part.h"
#include "apps/service/reconcile_part.h"
#include "apps/service/remittances_part.h"
#include "base/signal.h"
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <filesystem>
#include <unistd.h>

namespace cho40::service {
namespace {

constexpr auto drain_requests_max = std::chrono::seconds(6);
constexpr auto drain_jobs_max = std::chrono::seconds(1);
constexpr auto drain_writer_max = std::chrono::seconds(2);

Result<http::ServerOptions> server_options(config::Config const& config)
{
    http::ServerOptions options;
    auto const& listen = config.server.listen;
    auto const colon = listen.rfind(':');
    unsigned port = 0;
    if (colon != std::string::npos) std::from_chars(listen.data() + colon + 1, listen.data() + listen.size(), port);
    if (colon == std::string::npos || port > 65535) return fail(Errc::invalid_config, "server.listen is written address:port");
    options.address = listen.substr(0, colon);
    options.port = static_cast<std::uint16_t>(port);
    if (!config.server.tls_certificate.empty()) options.tls = http::TlsServerFiles{config.server.tls_certificate, config.server.tls_key};
    options.announce_tls = config.server.public_url.starts_with("https://");
    // screens: no inline code, nothing from elsewhere, no frames, no text that becomes markup. WebAssembly may run, because phones
    // that cannot read codes themselves are given a reader.
    options.content_security_policy =
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        "manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'";
    return options;
}

std::string holder_name()
{
    char host[256] = "";
    gethostname(host, sizeof host - 1);
    return std::string(host) + ":" + std::to_string(getpid());
}

stores::JournalOptions journal_options(config::Config const& config)
{
    stores::JournalOptions options;
    options.writer_group = config.database.writer_group;
    options.holder = holder_name();
    return options;
}

LedgerNode::Options node_options(config::Config const& config)
{
    LedgerNode::Options options;
    options.address = config.server.cluster_address;
    options.check_batches = config.ledger.check_batches || config.installation.demo;
    return options;
}

http::ClientOptions between_options()
{
    http::ClientOptions options;
    options.name = "instances";
    options.connections_max = 8;
    options.waiting_max = 4096;
    return options;
}

stores::RowWriters all_row_writers()
{
    stores::RowWriters writers;
    stores::add_payment_writers(writers);
    stores::add_refund_writers(writers);
    stores::add_merchant_writers(writers);
    stores::add_merchant_contract_writers(writers);
    stores::add_fee_writers(writers);
    stores::add_fee_schedule_writers(writers);
    stores::add_receipt_writers(writers);
    stores::add_receipt_report_writers(writers);
    stores::add_remittance_writers(writers);
    stores::add_tax_writers(writers);
    stores::add_people_writers(writers);
    stores::add_recon_writers(writers);
    stores::add_recon_break_writers(writers);
    stores::add_recon_closing_writers(writers);
    stores::add_audit_writers(writers);
    stores::add_idempotency_writers(writers);
    stores::add_movement_writers(writers);
    stores::add_rail_reading_writers(writers);
    stores::add_gap_writers(writers);
    stores::add_national_writers(writers);
    return writers;
}

}  // namespace

struct App::Inside {
    Inside(config::Config c, boost::asio::any_io_executor e, boost::asio::thread_pool& p, observability::Log const& l,
           postgres::SharedConnectionInfo i, identity::InstallationKey k)
        : config(std::move(c)), executor(e), computing(p), log(l), info(std::move(i)), installation_key(std::move(k)),
          database(e, postgres::PoolOptions{.info = info, .read_connections = static_cast<int>(config.database.connections)}),
          writers(all_row_writers()), between(e, between_options(), metrics), hub(e), ledger_key(installation_key),
          heads(database, config.database.writer_group), notary_reports(log, metrics), proof_store(database),
          proofs{proof_store, ledger_key.public_key()}, node(e, info, database, between, installation_key, journal_options(config),
                                                             node_options(config), LedgerNode::Signing{heads, ledger_key, notary_reports},
                                                             writers, clock, log, [this](ledger::Batch const& batch) { committed(batch); }),
          groups(node, config.database.writer_group, database, between, installation_key, writers, clock), events(database),
          merchants(database), payments(database), people(database), audits(database), idempotency_store(database),
          audit(node, clock, random), passwords(e, p), sign_ins(people, passwords, clock, random), keys(people, installation_key, clock),
          gate(sign_ins, keys, audit), idempotency(idempotency_store, audit, installation_key, clock),
          cursors(installation_key.derive("cursor"), clock), outside(e, http::ClientOptions{.name = "outside"}, metrics),
          services{config,    executor, computing,        clock,      random, log,  metrics,     database, node,    hub,   events,
                   merchants, payments, installation_key, ledger_key, audit,  gate, idempotency, cursors,  outside, proofs},
          people_context{gate, idempotency, sign_ins, passwords, people, audits, node, cursors, clock, random},
          writing(e, "writer", log, metrics), background(e, "background", log, metrics), stopped(e)
    {
        auto fees = std::make_unique<FeesPart>(services);
        auto& agency_rules = fees->rules();
        auto& fees_store = fees->store();
        auto payments_part = std::make_unique<PaymentsPart>(services, agency_rules, fees_store);
        auto national = std::make_unique<NationalPart>(services, *fees, payments_part->intake());
        auto receipts = std::make_unique<ReceiptsPart>(services, *fees);
        auto remittances = std::make_unique<RemittancesPart>(services, *fees);
        parts.push_back(std::move(fees));
        parts.push_back(std::move(receipts));
        parts.push_back(std::move(payments_part));
        parts.push_back(std::move(national));
        parts.push_back(std::move(remittances));
        parts.push_back(std::make_unique<ReconcilePart>(services));
        parts.push_back(std::make_unique<EtaxPart>(services));
        auto reads = std::make_unique<LedgerReadsPart>(services, [this] {
            auto const* writer = node.writer();
            return writer ? &writer->state() : nullptr;
        });
        parts.push_back(std::make_unique<PostingPart>(services, groups, reads->context(), [this] { return node.writer() != nullptr; }));
        parts.push_back(std::move(reads));
    }

    void committed(ledger::Batch const& batch)
    {
        hub.ring(batch);
        batches.add();
        transfers.add(static_cast<double>(batch.journal.size()));
    }

    boost::asio::awaitable<void> watch_events()
    {
        api::EventHub::ReadNews news = [this](ledger::BookId book, std::int64_t after) -> boost::asio::awaitable<Result<api::News>> {
            api::News found{after, {}};
            CHO_CO_TRY(auto const fresh, co_await events.streams_after(book, after));
            for (auto const& one : fresh) {
                found.head = std::max(found.head, one.seq);
                found.streams.push_back(one.stream);
            }
            co_return found;
        };
        api::EventHub::ReadHead head = [this](ledger::BookId book) { return events.head(book); };
        co_await hub.watch(std::move(news), std::move(head));
    }

    config::Config config;
    boost::asio::any_io_executor executor;
    boost::asio::thread_pool& computing;
    observability::Log const& log;
    postgres::SharedConnectionInfo info;
    identity::InstallationKey installation_key;
    SystemClock clock;
    Random& random = system_random();
    observability::Metrics metrics;
    observability::Counter batches = metrics.counter("cho40_ledger_batches_total", "Batches made durable.");
    observability::Counter transfers = metrics.counter("cho40_ledger_transfers_total", "Transfers posted.");
    postgres::Pool database;
    stores::RowWriters writers;
    http::Client between;  // calls to other instances of the installation
    api::EventHub hub;
    identity::LedgerKey ledger_key;
    stores::MerkleStore heads;
    stores::NotaryReports notary_reports;
    stores::ProofStore proof_store;
    api::ProofDesk proofs;
    LedgerNode node;
    LedgerGroups groups;
    stores::EventStore events;
    stores::MerchantsStore merchants;
    stores::PaymentsStore payments;
    stores::PeopleStore people;
    stores::AuditStore audits;
    stores::IdempotencyStore idempotency_store;
    identity::AuditTrail audit;
    identity::Passwords passwords;
    identity::SignIns sign_ins;
    identity::ApiKeys keys;
    identity::Gate gate;
    identity::Idempotency idempotency;
    http::Cursors cursors;
    http::Client outside;
    Services services;
    api::PeopleContext people_context;
    std::vector<std::unique_ptr<Part>> parts;
    http::Router router;
    std::unique_ptr<http::Server> server;
    observability::JobGroup writing;     // drained: what was accepted is still written
    observability::JobGroup background;  // cancelled: rounds that come again
    Signal stopped;
    bool stopping = false;
    bool lease_lost = false;
};

App::App(config::Config config, boost::asio::any_io_executor executor, boost::asio::thread_pool& computing, observability::Log const& log,
         postgres::SharedConnectionInfo info, identity::InstallationKey key)
    : inside_(std::make_unique<Inside>(std::move(config), executor, computing, log, std::move(info), std::move(key)))
{
}

App::~App() = default;

Result<std::unique_ptr<App>> App::make(config::Config config, boost::asio::any_io_executor executor, boost::asio::thread_pool& computing,
                                       observability::Log const& log)
{
    CHO_TRY(auto info, postgres::ConnectionInfo::parse(config.database.url));
    CHO_TRY(auto key, identity::InstallationKey::parse(config.installation.key.expose()));
    auto shared = std::make_shared<postgres::ConnectionInfo>(std::move(info));
    return std::unique_ptr<App>(new App(std::move(config), executor, computing, log, std::move(shared), std::move(key)));
}

boost::asio::awaitable<Result<Done>> App::start()
{
    auto started = co_await bring_up();
    if (!started) {
        inside_->stopping = true;
        co_await take_down();
    }
    co_return started;
}

boost::asio::awaitable<Result<Done>> App::bring_up()
{
    auto& in = *inside_;
    CHO_CO_TRY(auto applied, co_await postgres::migrate(in.executor, in.info));
    for (auto const& name : applied) in.log.info("database.migrated", {{"file", name}});
    CHO_CO_TRY_DO(postgres::to_result(co_await in.database.open()));
    CHO_CO_TRY_DO(co_await in.node.start());
    // The argument, not a capture: the coroutine outlives this function and with it the lambda.
    auto write = [](Inside& in) -> boost::asio::awaitable<void> {
        co_await in.node.write();
        if (in.stopping || !in.node.must_end()) co_return;
        in.lease_lost = true;  // stop rather than answer from books that are old, or broken
        in.stopped.ring();
    };
    in.writing.spawn("ledger.writer", write(in));

    for (auto const& part : in.parts) CHO_CO_TRY_DO(co_await part->prepare());
    add_routes();
    CHO_CO_TRY_DO(http::check_openapi(in.router, api::openapi_document()));
    CHO_CO_TRY(auto options, server_options(in.config));
    in.server = std::make_unique<http::Server>(in.executor, std::move(options), in.router, in.log, in.metrics, in.clock);
    CHO_CO_TRY_DO(in.server->start());
    for (auto const& part : in.parts) part->start_jobs(in.background);
    auto sweeping = [&in]() -> boost::asio::awaitable<Result<bool>> {
        CHO_CO_TRY(auto touched, co_await in.idempotency.sweep());
        co_return touched >= 1000;
    };
    in.background.spawn("events.watch", in.watch_events());
    in.background.spawn("ledger.watch", in.node.watch());
    in.background.spawn("ledger.parts", in.node.keep_parts());
    in.background.spawn("ledger.heads", in.node.sign_heads());
    in.background.spawn("idempotency.sweep", periodically("idempotency.sweep", std::chrono::hours(1), in.log, std::move(sweeping)));
    in.log.info("service.ready", {{"port", in.server->port()}});
    co_return Done{};
}

void App::add_routes()
{
    auto& in = *inside_;
    auto schema_current = [&in]() -> boost::asio::awaitable<Result<Done>> {
        CHO_CO_TRY(auto pending, co_await postgres::pending_migrations(in.executor, in.info));
        if (!pending.empty()) co_return fail(Errc::unavailable, "migrations are pending");
        co_return Done{};
    };
    auto writable = [&in]() -> boost::asio::awaitable<Result<Done>> {
        if (!in.node.can_take_commands()) co_return fail(Errc::writer_lost, "this instance does not write");
        co_return Done{};
    };
    std::vector<api::ReadyCheck> checks;
    checks.push_back({"ledger", std::move(writable)});
    checks.push_back({"database", std::move(schema_current)});
    api::add_health_routes(in.router, in.metrics, std::move(checks), api::openapi_document());
    api::add_ledger_forward_route(in.router, in.installation_key, in.writers, in.clock, [&in] { return in.node.writer(); });
    api::add_ledger_key_route(in.router, in.ledger_key.public_key());
    api::add_people_routes(in.router, in.people_context);
    for (auto const& part : in.parts) part->add_routes(in.router);
    for (auto const* app : {"vendor", "console"}) {
        auto const directory = std::filesystem::path(in.config.server.web_directory) / app;
        http::StaticOptions options;
        options.fallback = "index.html";
        auto files = http::StaticFiles::load(directory, options);
        if (!files) {
            in.log.warning("web.not_built", {{"app", app}, {"directory", directory.string()}});
            continue;
        }
        http::StaticFiles::mount(in.router, std::string("/") + app + "/", std::string("web.") + app,
                                 std::make_shared<http::StaticFiles const>(*std::move(files)));
    }
}

boost::asio::awaitable<int> App::run()
{
    auto& in = *inside_;
    co_await in.stopped.wait();
    in.stopping = true;
    in.log.info("service.draining");
    co_await take_down();
    co_return in.lease_lost ? 3 : 0;
}

// In this order: no new requests, the running ones end, what they queued becomes durable, then the connections close.
boost::asio::awaitable<void> App::take_down()
{
    auto& in = *inside_;
    std::size_t cut = 0;
    if (in.server) cut = co_await in.server->stop(drain_requests_max);
    in.background.cancel();
    co_await in.background.drain(drain_jobs_max);
    in.node.stop();
    auto const cancelled = co_await in.writing.drain(drain_writer_max);
    co_await in.node.rest();
    co_await in.database.close();
    in.log.info("service.stopped", {{"requests_cut", cut}, {"jobs_cancelled", cancelled}});
}

void App::stop() { inside_->stopped.ring(); }

std::uint16_t App::port() const { return inside_->server->port(); }

}  // namespace cho40::service
