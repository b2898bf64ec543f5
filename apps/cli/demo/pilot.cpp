#include "apps/cli/demo/pilot.h"
#include "adapters/rails/rail.h"
#include "base/csv.h"
#include "base/digest.h"
#include "base/text.h"
#include <fmt/format.h>
#include <map>

namespace cho40::cli::demo {
namespace {

using nlohmann::json;
template <class T>
using Await = boost::asio::awaitable<Result<T>>;

std::string derived(Secret const& seed, std::string_view use, std::size_t length)
{
    return hmac_sha256_hex(seed.expose(), use).substr(0, length);
}

// In the form that the rail asks for.
std::string secret_for(std::string const& rail, Secret const& seed, std::string const& use)
{
    if (rail == "vietqr") return "cho40:" + derived(seed, use, 24);
    auto const key = derived(seed, use, 48);
    if (rail == "sepay") return "hmac:" + key;
    if (rail == "momo") return derived(seed, use + "/access", 16) + ":" + key;
    return key;
}

// Stalls are spread over rails by their account numbers, so that loading again finds each where it was.
RailAccount const& teller_for(Market const& market, std::string const& account_number)
{
    std::size_t sum = 0;
    for (char const c : account_number) sum = sum * 7 + static_cast<unsigned char>(c);
    return market.tellers[sum / 16 % market.tellers.size()];
}

Await<RailAccount> add_rail(Stage stage, std::string place, std::string rail, std::string channel, std::string name, Secret seed)
{
    RailAccount account;
    account.rail = rail;
    account.channel = channel;
    auto const use = "rail/" + rail + "/" + channel + "/" + place;
    account.secret = secret_for(rail, seed, use);
    json body = {{"place", place}, {"rail", rail}, {"name", name}, {"channel", channel}, {"secret", account.secret}};
    auto intention = "pilot/" + use;
    CHO_CO_TRY(auto made, co_await stage.service.post("/v1/rail-accounts", std::move(body), std::move(intention)));
    account.id = made.at("id");
    account.address = made.at("address");
    json told = {{"id", account.id},         {"rail", rail},       {"address", account.address},
                 {"secret", account.secret}, {"channel", channel}, {"name", name}};
    bool const has_list = rails::find_rail(rail)->list() != nullptr;
    auto const list_key = derived(seed, use + "/list", 32);
    if (has_list) told["api_key"] = list_key;
    bool const refunds = rail == "vietqr";
    json const refund_access = {
        {"user", "cho40"}, {"password", derived(seed, use + "/refund", 24)}, {"key", derived(seed, use + "/refund-key", 32)}};
    if (refunds) told["refund_access"] = refund_access;
    auto key = "sandbox/" + account.id;
    CHO_CO_TRY_DO(co_await stage.sandbox.post("/setup/rail-accounts", std::move(told), std::move(key)));
    if (has_list) {
        auto path = "/v1/rail-accounts/" + account.id + "/list-access";
        json access = {{"url", stage.sandbox.base()}, {"key", list_key}};
        auto list_intention = "pilot/" + use + "/list/" + stage.sandbox.base();
        CHO_CO_TRY_DO(co_await stage.service.post(std::move(path), std::move(access), std::move(list_intention)));
    }
    if (refunds) {
        auto path = "/v1/rail-accounts/" + account.id + "/refund-access";
        auto access = refund_access;
        auto refund_intention = "pilot/" + use + "/refund";
        CHO_CO_TRY_DO(co_await stage.service.post(std::move(path), std::move(access), std::move(refund_intention)));
    }
    co_return account;
}

Await<Done> tell_receiving(Stage stage, std::string bin, std::string number, std::string holder, std::vector<std::string> rails,
                           std::string provider_account = {})
{
    json body = {{"bank_bin", bin}, {"account_number", number}, {"holder_name", holder}, {"rail_accounts", rails}};
    if (!provider_account.empty()) body["provider_account"] = provider_account;
    auto key = "sandbox/receiving/" + bin + "/" + number;
    CHO_CO_TRY_DO(co_await stage.sandbox.post("/setup/receiving-accounts", std::move(body), std::move(key)));
    co_return Done{};
}

struct StallFacts {
    std::string key, number, name, owner, tax_code, activity, bank_bin, account_number, channel;
    bool expects_above = false;
};

std::string holder_of(std::string const& owner) { return to_ascii_upper(strip_accents(owner)); }

Await<Stall> add_stall(Stage stage, Market market, StallFacts facts)
{
    json household = {{"market", market.id},
                      {"name", "Hộ kinh doanh " + facts.owner},
                      {"owner_name", facts.owner},
                      {"tax_code", facts.tax_code},
                      {"expects_above", facts.expects_above}};
    auto household_key = "pilot/household/" + facts.key;
    CHO_CO_TRY(auto owner, co_await stage.service.post("/v1/households", std::move(household), std::move(household_key)));
    json body = {{"market", market.id},
                 {"household", owner.at("id")},
                 {"name", facts.name},
                 {"number", facts.number},
                 {"activity", facts.activity},
                 {"receiving_account",
                  {{"bank_bin", facts.bank_bin},
                   {"account_number", facts.account_number},
                   {"account_name", holder_of(facts.owner)},
                   {"channel", facts.channel}}}};
    // VNPAY and MoMo know the stall by a terminal or a partner code of their own; its code names the account, which any app can pay.
    bool const has_contract = facts.channel == "provider" && market.collector.rail != "payos";
    auto const provider_account = has_contract
                                      ? to_ascii_upper(market.collector.rail) + facts.account_number.substr(facts.account_number.size() - 6)
                                      : std::string();
    if (has_contract) body["receiving_account"]["provider_account"] = provider_account;
    auto stall_key = "pilot/stall/" + facts.key;
    CHO_CO_TRY(auto made, co_await stage.service.post("/v1/stalls", std::move(body), std::move(stall_key)));
    // Money that goes straight to the bank account is told by two rails, as in life; collected money only by its provider.
    std::vector<std::string> rails = facts.channel == "provider"
                                         ? std::vector{market.collector.id}
                                         : std::vector{market.vietqr.id, teller_for(market, facts.account_number).id};
    CHO_CO_TRY_DO(
        co_await tell_receiving(stage, facts.bank_bin, facts.account_number, holder_of(facts.owner), std::move(rails), provider_account));
    Stall stall;
    stall.id = made.at("id");
    stall.name = facts.name;
    stall.number = facts.number;
    stall.market = market.id;
    stall.household = owner.at("id");
    stall.bank_bin = facts.bank_bin;
    stall.account_number = facts.account_number;
    stall.channel = facts.channel;
    co_return stall;
}

Await<Done> add_user(Stage stage, Pilot& pilot, std::string login, std::string name, json body, Secret seed, std::string who)
{
    SignIn sign_in{login, derived(seed, "password/" + login, 12) + "-cho", std::move(who)};
    body["login"] = login;
    body["name"] = name;
    body["password"] = sign_in.password;
    auto key = "pilot/user/" + login;
    CHO_CO_TRY_DO(co_await stage.service.post("/v1/users", std::move(body), std::move(key)));
    pilot.sign_ins.push_back(std::move(sign_in));
    co_return Done{};
}

}  // namespace

Await<Pilot> load_pilot(Stage stage, PilotFiles files, Secret seed, Secret portal_secret)
{
    if (!portal_secret.expose().empty()) {
        json portal = {{"secret", portal_secret.expose()}};
        CHO_CO_TRY_DO(co_await stage.sandbox.post("/setup/portal", std::move(portal), "sandbox/portal"));
    }
    CHO_CO_TRY(auto markets, CsvTable::parse(files.markets, {"key", "name", "address", "ward", "ward_code"}));
    CHO_CO_TRY(auto stalls, CsvTable::parse(files.stalls, {"market", "number", "name", "owner", "tax_code", "activity", "bank_bin",
                                                           "account_number", "channel", "big"}));
    CHO_CO_TRY(auto agencies, CsvTable::parse(files.agencies, {"code", "name", "bank_bin", "account_number", "account_name"}));
    CHO_CO_TRY(auto users, CsvTable::parse(files.users, {"login", "name", "role", "place"}));

    Pilot pilot;
    std::map<std::string, std::size_t> market_at;
    std::map<std::string, std::string> place_id;  // "market key/stall number" or an agency's code
    for (auto const& row : markets.rows()) {
        Market market;
        market.name = row["name"];
        json body = {{"name", row["name"]}, {"address", row["address"]}, {"ward", row["ward"]}, {"ward_code", row["ward_code"]}};
        auto key = "pilot/market/" + row["key"];
        CHO_CO_TRY(auto made, co_await stage.service.post("/v1/markets", std::move(body), std::move(key)));
        market.id = made.at("id");
        // One for each market: the day's reconciliation takes all that was collected in a market for one partner's.
        constexpr std::pair<char const*, char const*> collectors[] = {{"payos", "payOS "}, {"momo", "MoMo "}, {"vnpay", "VNPAY "}};
        auto const& [collects, title_of_collector] = collectors[pilot.markets.size() % std::size(collectors)];
        CHO_CO_TRY(market.collector, co_await add_rail(stage, market.id, collects, "provider", title_of_collector + market.name, seed));
        for (auto const& [rail, title] : {std::pair("payos", "payOS báo có "), {"sepay", "SePay "}, {"casso", "Casso "}}) {
            CHO_CO_TRY(auto teller, co_await add_rail(stage, market.id, rail, "bank", title + market.name, seed));
            market.tellers.push_back(std::move(teller));
        }
        CHO_CO_TRY(market.vietqr, co_await add_rail(stage, market.id, "vietqr", "bank", "VietQR " + market.name, seed));
        market_at[row["key"]] = pilot.markets.size();
        place_id[row["key"]] = market.id;
        pilot.markets.push_back(std::move(market));
    }
    for (auto const& row : stalls.rows()) {
        auto const it = market_at.find(row["market"]);
        if (it == market_at.end())
            co_return fail(Errc::invalid_csv, "unknown market " + row["market"], "stalls.csv line " + std::to_string(row.line()));
        auto& market = pilot.markets[it->second];
        StallFacts facts{row["market"] + "/" + row["number"],
                         row["number"],
                         row["name"],
                         row["owner"],
                         row["tax_code"],
                         row["activity"],
                         row["bank_bin"],
                         row["account_number"],
                         row["channel"],
                         row["big"] == "1"};
        bool const big = facts.expects_above;
        CHO_CO_TRY(auto stall, co_await add_stall(stage, market, std::move(facts)));
        place_id[row["market"] + "/" + row["number"]] = stall.id;
        if (big) {
            pilot.big_household = stall.household;
            pilot.big_stall = stall;
        }
        market.stalls.push_back(std::move(stall));
    }
    for (auto const& row : agencies.rows()) {
        json body = {{"name", row["name"]},
                     {"code", row["code"]},
                     {"receiving_account",
                      {{"bank_bin", row["bank_bin"]}, {"account_number", row["account_number"]}, {"account_name", row["account_name"]}}}};
        auto key = "pilot/agency/" + row["code"];
        CHO_CO_TRY(auto made, co_await stage.service.post("/v1/agencies", std::move(body), std::move(key)));
        Agency agency;
        agency.id = made.at("id");
        agency.code = row["code"];
        agency.name = row["name"];
        CHO_CO_TRY(agency.vietqr, co_await add_rail(stage, agency.id, "vietqr", "bank", "VietQR " + agency.name, seed));
        std::vector<std::string> rails{agency.vietqr.id};
        CHO_CO_TRY_DO(co_await tell_receiving(stage, row["bank_bin"], row["account_number"], row["account_name"], std::move(rails)));
        place_id[agency.code] = agency.id;
        pilot.agencies.push_back(std::move(agency));
    }
    for (auto const& row : users.rows()) {
        json body = {{"roles", json::array({row["role"]})}};
        auto const& place = row["place"];
        if (!place.empty()) {
            auto const it = place_id.find(place);
            if (it == place_id.end())
                co_return fail(Errc::invalid_csv, "unknown place " + place, "users.csv line " + std::to_string(row.line()));
            if (it->second.starts_with("stl_")) body["stalls"] = json::array({it->second});
            else if (it->second.starts_with("agc_")) body["agencies"] = json::array({it->second});
            else body["market"] = it->second;
        }
        CHO_CO_TRY_DO(co_await add_user(stage, pilot, row["login"], row["name"], std::move(body), seed,
                                        row["name"] + (place.empty() ? "" : " · " + place)));
    }
    co_return pilot;
}

Await<Done> add_stalls(Stage stage, Pilot& pilot, std::size_t count)
{
    std::size_t have = 0;
    for (auto const& market : pilot.markets) have += market.stalls.size();
    if (have >= count) co_return Done{};
    constexpr std::string_view first_names[] = {"Lan", "Hoa", "Mai", "Hương", "Thủy", "Nga", "Đào", "Tuấn", "Sơn", "Bình", "Hải", "Yến"};
    constexpr std::string_view trades[] = {"Cá", "Rau", "Thịt", "Hoa quả", "Vải", "Gạo", "Bún", "Giày dép", "Hải sản khô", "Gia vị"};
    constexpr std::string_view banks[] = {"970436", "970415", "970418", "970405", "970422", "970407"};
    Progress progress("Mở sạp", static_cast<std::int64_t>(count - have));
    std::vector<std::optional<Stall>> added(count - have);
    auto add = [&](std::size_t i) -> boost::asio::awaitable<Result<Done>> {
        auto const n = have + i;
        auto& market = pilot.markets[n % pilot.markets.size()];
        auto const owner = fmt::format("Nguyễn Thị {}", first_names[n % std::size(first_names)]);
        StallFacts facts{fmt::format("demo/{}", n),
                         fmt::format("D{}", n),
                         fmt::format("{} {}", trades[n % std::size(trades)], first_names[n % std::size(first_names)]),
                         owner,
                         fmt::format("0221{:02}{:06}", 60 + n % 40, n),
                         n % 10 == 6 ? "d" : "a",
                         std::string(banks[n % std::size(banks)]),
                         fmt::format("9{:09}", 100000 + n),
                         n % 2 == 0 ? "bank" : "provider"};
        CHO_CO_TRY(auto stall, co_await add_stall(stage, market, std::move(facts)));
        added[i] = std::move(stall);
        progress.step();
        co_return Done{};
    };
    std::function<boost::asio::awaitable<Result<Done>>(std::size_t)> work = add;
    CHO_CO_TRY_DO(co_await for_each(added.size(), 16, std::move(work)));
    // In their own order, whoever was answered first: a seed draws stalls by their place.
    for (std::size_t i = 0; i < added.size(); ++i) pilot.markets[(have + i) % pilot.markets.size()].stalls.push_back(std::move(*added[i]));
    progress.done(std::to_string(count) + " sạp");
    co_return Done{};
}

}  // namespace cho40::cli::demo
