#pragma once
#include "adapters/http/server.h"
#include "adapters/identity/api_keys.h"
#include "adapters/identity/sign_ins.h"
#include "adapters/stores/audit_store.h"
#include "adapters/stores/idempotency_store.h"
#include "adapters/stores/ledger_journal.h"
#include "adapters/stores/people_store.h"
#include "apps/service/services.h"
#include "ledger/writer.h"

namespace cho40::service {

// The composition root: builds everything from the configuration, runs it, and takes it down in order.
class App {
public:
    // Errors: invalid_config (connection string, installation key).
    [[nodiscard]] static Result<std::unique_ptr<App>> make(config::Config config, boost::asio::any_io_executor executor,
                                                           boost::asio::thread_pool& computing, observability::Log const& log);
    ~App();

    // Migrates, takes the ledger over, starts to listen. Errors: what is missing or wrong, in words.
    [[nodiscard]] boost::asio::awaitable<Result<Done>> start();
    // Ends when stop() was called and everything is drained, or when the ledger's lease is lost. The exit code.
    [[nodiscard]] boost::asio::awaitable<int> run();
    void stop();

    [[nodiscard]] std::uint16_t port() const;

private:
    App(config::Config config, boost::asio::any_io_executor executor, boost::asio::thread_pool& computing, observability::Log const& log,
        postgres::SharedConnectionInfo info, identity::InstallationKey key);
    void add_routes();
    boost::asio::awaitable<Result<Done>> bring_up();
    boost::asio::awaitable<void> take_down();

    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace cho40::service
