#include "adapters/http/ids.h"
#include "adapters/rails/verify.h"
#include "adapters/stores/heartbeat_store.h"
#include "adapters/stores/merchants_store.h"
#include "adapters/stores/rail_readings.h"
#include "apps/cli/database.h"
#include "apps/cli/io.h"
#include "base/text.h"
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

namespace cho40::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string rail_names()
{
    std::string names;
    for (auto const* rail : rails::all_rails()) names += (names.empty() ? "" : ", ") + std::string(rail->name());
    return names;
}

// What follows '?' in an address, a request line or a whole URL; the text itself where there is none.
std::string_view query_of(std::string_view text)
{
    auto const mark = text.find('?');
    if (mark != text.npos) text.remove_prefix(mark + 1);
    return text.substr(0, text.find_first_of(" #"));
}

bool is_told_by_query(rails::Rail const& rail)
{
    return std::ranges::any_of(rail.facts().doors, [](auto const& door) { return door.verb == rails::Door::Verb::get; });
}

// Headers, a blank line, the raw body. A request line before the headers is allowed; line ends may be LF or CRLF. Of a rail
// that tells by GET, one line with the query, the address or the request line is enough.
rails::RawNotification read_capture(std::string const& path, rails::Rail const& rail)
{
    auto const bytes = read_input(path);
    rails::RawNotification raw;
    if (is_told_by_query(rail) && trim(bytes).find('\n') == std::string_view::npos) {
        auto line = trim(bytes);
        if (line.starts_with("GET ")) line.remove_prefix(4);
        raw.query = query_of(line);
        return raw;
    }
    std::size_t at = 0;
    for (std::size_t line_number = 1;; ++line_number) {
        auto const end = bytes.find('\n', at);
        if (end == std::string::npos) throw Stop{Exit::usage, path + ": there is no blank line between the headers and the body"};
        auto line = std::string_view(bytes).substr(at, end - at);
        if (line.ends_with('\r')) line.remove_suffix(1);
        at = end + 1;
        if (line.empty()) break;
        auto const colon = line.find(':');
        bool const is_request_line = line_number == 1 && line.find(" HTTP/") != line.npos;
        if (is_request_line) {
            auto const target = line.substr(line.find(' ') + 1);
            if (auto const mark = target.find('?'); mark < target.find(' ')) raw.query = query_of(target);
            continue;
        }
        if (colon == line.npos || colon == 0) throw Stop{Exit::usage, path + " line " + std::to_string(line_number) + ": not a header"};
        raw.headers.emplace_back(line.substr(0, colon), trim(line.substr(colon + 1)));
    }
    raw.body = bytes.substr(at);
    return raw;
}

Json text_or_null(std::string const& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json as_json(qr_pay::BankCredit const& credit)
{
    return Json{{"rail", credit.rail},
                {"provider_id", credit.provider_id},
                {"direction", credit.direction == qr_pay::Direction::in ? "in" : "out"},
                {"amount", credit.amount.count()},
                {"currency", "VND"},
                {"account_number", credit.account_number},
                {"virtual_account", text_or_null(credit.virtual_account)},
                {"bank_reference", text_or_null(credit.bank_reference)},
                {"memo", credit.memo},
                {"booked_at", to_rfc3339(credit.booked_at)},
                {"provider_order", text_or_null(credit.provider_order)},
                {"order_code", text_or_null(credit.order_code)},
                {"payer", Json{{"name", text_or_null(credit.payer_name)},
                               {"account", text_or_null(credit.payer_account)},
                               {"bank", text_or_null(credit.payer_bank)}}},
                {"balance", credit.balance ? Json(credit.balance->count()) : Json(nullptr)}};
}

struct Options {
    std::string name, secret, path = "-", at;
};

// What is not proved, or cannot be read at all, is not authentic; the rest was sent by the provider but means nothing.
[[noreturn]] void stop_at(Error const& error)
{
    bool const unreadable = error.code == Errc::invalid_json || error.code == Errc::invalid_utf8 || error.code == Errc::body_too_large ||
                            error.code == Errc::malformed_request || error.code == Errc::uri_too_long;
    bool const authentic = !rails::is_about_authenticity(error.code) && !unreadable;
    Json json{{"authentic", authentic}};
    if (authentic) json["transfer"] = nullptr;
    json["why"] = errc_name(error.code);
    json["detail"] = error.detail;
    if (!error.pointer.empty()) json["where"] = error.pointer;
    print_json(json);
    throw Stop{Exit::negative, {}};
}

void verify(Options const& options)
{
    auto const* const rail = rails::find_rail(options.name);
    if (!rail) throw Stop{Exit::usage, "there is no rail " + options.name + "; known are " + rail_names()};
    std::optional<Instant> at;
    if (!options.at.empty()) {
        auto const given = parse_rfc3339(options.at);
        if (!given) throw Stop{Exit::usage, "--at: " + given.error().detail};
        at = *given;
    }
    auto typed = rail->secret_typed(options.secret);
    if (!typed) throw Stop{Exit::usage, "--secret of " + options.name + ": must be " + std::string(rail->facts().secret_form)};
    rails::RailSecret shared(*std::move(typed));
    shared.is_the_token_itself = true;
    auto raw = read_capture(options.path, *rail);
    raw.received_at = at.value_or(SystemClock().now());
    auto const message = rail->read(raw, shared);
    if (!message) stop_at(message.error());
    if (at) {
        if (auto const judged = rails::check_clock(*message, *at); !judged) stop_at(judged.error());
    }
    Json json{{"authentic", true}, {"transfer", message->transfers.empty() ? Json(nullptr) : as_json(message->transfers.front())}};
    if (message->transfers.size() > 1) {
        for (auto const& credit : message->transfers) json["transfers"].push_back(as_json(credit));
    }
    if (message->is_probe) json["probe"] = true;
    // A capture is from the past: without the moment it came at, only who sent it is proved, not that it was fresh.
    json["signed_at"] = message->signed_at ? Json(to_rfc3339(message->signed_at->at)) : Json(nullptr);
    json["time_judged"] = at.has_value() && message->signed_at.has_value();
    print_json(json);
}

std::string secret_forms()
{
    std::string text = "What is shared with the provider.";
    for (auto const* rail : rails::all_rails()) {
        text += " " + std::string(rail->name()) + ": " + std::string(rail->facts().secret_form) + ".";
    }
    return text + " Of vietqr the bearer token itself will do, of sepay a bare secret is that of hmac";
}

struct AccountOptions {
    std::string database, account, from, to;
    bool as_json = false;
};

struct Listed {
    merchants::RailAccount account;
    std::optional<stores::Heartbeat> heartbeat;
};

std::vector<Listed> rail_accounts(Database& database)
{
    stores::MerchantsStore merchants(database.pool());
    stores::HeartbeatStore heartbeats(database.pool());
    auto const known = database.get(heartbeats.all());
    std::vector<Listed> all;
    for (auto& account : database.get(merchants.rail_accounts())) {
        auto const it = std::ranges::find(known, account.id, &stores::Heartbeat::rail_account);
        all.push_back({std::move(account), it == known.end() ? std::nullopt : std::optional(*it)});
    }
    std::ranges::sort(all, {}, [](Listed const& one) { return one.account.id.uuid; });
    return all;
}

std::string time_or_never(std::optional<Instant> at) { return at ? to_vietnamese_time_seconds(*at) : "never"; }

void list(AccountOptions const& options)
{
    Database database(options.database);
    auto const time_or_null = [](std::optional<Instant> at) { return at ? Json(to_rfc3339(*at)) : Json(nullptr); };
    auto json = Json::array();
    for (auto const& [account, heartbeat] : rail_accounts(database)) {
        auto const heard = heartbeat ? heartbeat->heard_at : std::nullopt;
        auto const listed = heartbeat ? heartbeat->listed_at : std::nullopt;
        if (options.as_json) {
            json.push_back(Json{{"id", http::id_text("rla", account.id.uuid)},
                                {"rail", account.rail},
                                {"name", account.name},
                                {"heard_at", time_or_null(heard)},
                                {"listed_at", time_or_null(listed)},
                                {"money_known_as_of", time_or_null(std::max(heard, listed))}});
            continue;
        }
        std::cout << http::id_text("rla", account.id.uuid) << "  " << account.rail << "  " << account.name << "\n    money known as of "
                  << time_or_never(std::max(heard, listed)) << "; heard " << time_or_never(heard) << "; list read "
                  << (account.list ? time_or_never(listed) : "by nobody: there is no key") << '\n';
    }
    if (options.as_json) print_json(json);
}

Day day_or_stop(std::string const& text, char const* option) { return value_or_stop(Day::parse(text), option); }

void backfill(AccountOptions const& options)
{
    Database database(options.database);
    auto const id = http::parse_id_text("rla", options.account);
    auto const accounts = rail_accounts(database);
    auto const it = id ? std::ranges::find(accounts, *id, [](Listed const& one) { return one.account.id.uuid; }) : accounts.end();
    if (it == accounts.end()) throw Stop{Exit::usage, options.account + ": there is no such rail account; cho40 rail list shows them"};
    if (!it->account.list) throw Stop{Exit::negative, "the account has no key for its provider's list"};
    auto const now = SystemClock().now();
    auto const to = options.to.empty() ? Day::of(now) : day_or_stop(options.to, "--to");
    stores::RailReading reading;
    reading.book = it->account.book;
    reading.id = make_id<stores::RailReadingTag>(now, system_random());
    reading.rail_account = it->account.id;
    reading.purpose = stores::RailReading::Purpose::backfill;
    reading.from = day_or_stop(options.from, "--from").begin();
    reading.to = to.end() - std::chrono::seconds(1);
    if (*reading.to < reading.from) throw Stop{Exit::usage, "--to lies before --from"};
    reading.due_at = reading.created_at = now;
    stores::RailReadings readings(database.pool());
    (void)database.get(readings.add({reading}));
    std::string shown_error;
    for (;;) {
        auto const stands = database.get(readings.find(reading.id));
        if (!stands) throw Stop{Exit::negative, "the back-fill is gone from the database"};
        if (stands->finished_at) {
            auto const& lines = stands->lines;
            print_json(Json{{"read", lines.read}, {"new", lines.fresh}, {"known", lines.known}, {"unreadable", lines.unreadable}});
            return;
        }
        if (stands->last_error != shown_error) {
            shown_error = stands->last_error;
            if (!shown_error.empty()) std::cerr << "not read yet: " << shown_error << "; it is tried again\n";
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(500));
    }
}

void add_account_commands(CLI::App& rail)
{
    auto const options = std::make_shared<AccountOptions>();
    auto* const listing = rail.add_subcommand("list", "Rail accounts, and until when their money is known");
    add_database_option(*listing, options->database);
    listing->add_flag("--json", options->as_json, "As JSON");
    listing->callback([options] { list(*options); });

    auto* const filling = rail.add_subcommand("backfill", "Let the service read days of a provider's list once more; waits until it has");
    add_database_option(*filling, options->database);
    filling->add_option("account,--account", options->account, "The rail account: rla_…")->required();
    filling->add_option("--from", options->from, "The first day, YYYY-MM-DD")->required();
    filling->add_option("--to", options->to, "The last day; today when not given");
    filling->add_flag("--json")->description("JSON is what this command always prints");
    filling->footer("What is known already is not booked again. Ended with Ctrl-C the service goes on all the same.");
    filling->callback([options] { backfill(*options); });
}

}  // namespace

void add_rail_commands(CLI::App& app)
{
    auto* const rail = app.add_subcommand("rail", "Payment providers: their notifications, and what is known of their money");
    rail->require_subcommand(1);

    auto const options = std::make_shared<Options>();
    auto* const verifying = rail->add_subcommand(
        "verify", "Check and read one captured notification: headers, blank line, raw body; of vnpay the query alone");
    verifying->add_option("rail", options->name, "The provider: " + rail_names())->required();
    verifying->add_option("file", options->path, "The capture; standard input when not given or -");
    verifying->add_option("--secret", options->secret, secret_forms())->required();
    verifying->add_option("--at", options->at,
                          "When it came (RFC 3339): also judge whether the time in the signature lies within five minutes of it");
    verifying->add_flag("--json")->description("JSON is what this command always prints");
    verifying->footer("Exit 1 when it is not authentic or cannot be used.\nExample: cho40 rail verify payos --secret "
                      "KEY < notification.txt");
    verifying->callback([options] { verify(*options); });
    add_account_commands(*rail);
}

}  // namespace cho40::cli
