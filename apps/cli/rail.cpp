#include "adapters/rails/verify.h"
#include "apps/cli/io.h"
#include "base/text.h"
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

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
    rails::RailSecret shared(options.secret);
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
    return text + " Of vietqr the bearer token itself will do";
}

}  // namespace

void add_rail_commands(CLI::App& app)
{
    auto* const rail = app.add_subcommand("rail", "Look at notifications of payment providers");
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
}

}  // namespace cho40::cli
