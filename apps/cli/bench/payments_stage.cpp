#include "apps/cli/bench/payments_stage.h"
#include "adapters/rails/providers/payos.h"
#include <fmt/format.h>

namespace cho40::cli::bench {
namespace {

using nlohmann::json;

constexpr std::size_t connections = 64;
constexpr char checksum_key[] = "bench-checksum-key-0123456789";

}  // namespace

boost::asio::awaitable<Result<PreparedPayments>> prepare_payments(demo::ApiClient& api, std::size_t payments)
{
    PreparedPayments out;
    json market_body = {{"name", "Chợ đo"}, {"ward_code", "06685"}};
    CHO_CO_TRY(auto market, co_await api.post("/v1/markets", std::move(market_body), "bench/market"));
    json rail_body = {{"place", market.at("id")}, {"rail", "payos"}, {"name", "payOS"}, {"channel", "bank"}, {"secret", checksum_key}};
    CHO_CO_TRY(auto rail, co_await api.post("/v1/rail-accounts", std::move(rail_body), "bench/rail"));
    out.address = rail.at("address");
    json household_body = {{"market", market.at("id")}, {"name", "Hộ đo"}, {"owner_name", "Người đo"}, {"tax_code", "022160000099"}};
    CHO_CO_TRY(auto household, co_await api.post("/v1/households", std::move(household_body), "bench/household"));
    struct Stall {
        std::string id, account;
    };
    std::vector<Stall> stalls;
    for (int i = 0; i < 50; ++i) {
        auto const account = fmt::format("77{:08}", i);
        json body = {{"market", market.at("id")},
                     {"household", household.at("id")},
                     {"name", fmt::format("Sạp {}", i)},
                     {"number", std::to_string(i)},
                     {"receiving_account", {{"bank_bin", "970436"}, {"account_number", account}, {"account_name", "NGUOI DO"}}}};
        auto key = fmt::format("bench/stall/{}", i);
        CHO_CO_TRY(auto stall, co_await api.post("/v1/stalls", std::move(body), std::move(key)));
        stalls.push_back({stall.at("id"), account});
        out.stalls.push_back(stalls.back().id);
    }
    out.bodies.resize(payments);
    auto ask = [&](std::size_t i) -> boost::asio::awaitable<Result<Done>> {
        auto const& stall = stalls[i % stalls.size()];
        json body = {{"stall", stall.id}, {"amount", {{"amount", 30500 + 1000 * static_cast<std::int64_t>(i % 50)}, {"currency", "VND"}}}};
        auto key = fmt::format("bench/payment/{}", i);
        CHO_CO_TRY(auto payment, co_await api.post("/v1/payments", std::move(body), std::move(key)));
        qr_pay::BankCredit credit("payos", fmt::format("P{}", i), stall.account, qr_pay::Direction::in,
                                  Dong(payment.at("amount").at("amount").get<std::int64_t>()), SystemClock().now());
        credit.bank_reference = fmt::format("FT{:012}", i);
        credit.memo = payment.at("reference").get<std::string>() + " SAP";
        credit.payer_name = "NGUYEN VAN A";
        out.bodies[i] = rails::payos::webhook_body(credit, static_cast<std::int64_t>(i) + 1000, fmt::format("link{}", i),
                                                   Secret(checksum_key));
        co_return Done{};
    };
    std::function<boost::asio::awaitable<Result<Done>>(std::size_t)> work = ask;
    CHO_CO_TRY_DO(co_await demo::for_each(payments, connections, std::move(work)));
    co_return out;
}

boost::asio::awaitable<Result<Done>> settle(boost::asio::any_io_executor executor, postgres::SharedConnectionInfo info)
{
    constexpr char fill_log_files[] =
        "DO $$ BEGIN FOR i IN 1..64 LOOP PERFORM pg_logical_emit_message(false, 'cho40', ''); PERFORM pg_switch_wal(); END LOOP; END $$";
    CHO_CO_TRY(auto connection, postgres::to_result(co_await postgres::Connection::connect(executor, info)));
    for (auto const* script : {"ANALYZE", fill_log_files, "CHECKPOINT"}) {
        CHO_CO_TRY_DO(postgres::to_result(co_await connection->run_script(script, std::chrono::minutes(2))));
    }
    co_return Done{};
}

}  // namespace cho40::cli::bench
