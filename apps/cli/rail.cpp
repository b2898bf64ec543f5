#include "adapters/rails/rail.h"
#include "apps/cli/io.h"
#include "base/text.h"
#include <CLI/CLI.hpp>
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

// Headers, a blank line, the raw body. A request line before the headers is allowed; line ends may be LF or CRLF.
rails::RawNotification read_capture(std::string const& path)
{
    auto const bytes = read_input(path);
    rails::RawNotification raw;
    raw.received_at = SystemClock().now();
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
        if (is_request_line) continue;
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

void verify(std::string const& name, std::string const& secret, std::string const& path)
{
    auto const* const rail = rails::find_rail(name);
    if (!rail) throw Stop{Exit::usage, "there is no rail " + name + "; known are " + rail_names()};
    rails::RailSecret shared(secret);
    shared.is_the_token_itself = true;
    auto const message = rail->read(read_capture(path), shared);
    if (message) {
        Json json{{"authentic", true}, {"transfer", message->transfers.empty() ? Json(nullptr) : as_json(message->transfers.front())}};
        if (message->transfers.size() > 1) {
            for (auto const& credit : message->transfers) json["transfers"].push_back(as_json(credit));
        }
        print_json(json);
        return;
    }
    // What is not proved, or cannot be read at all, is not authentic; the rest was sent by the provider but means
    // nothing.
    auto const& error = message.error();
    bool const unreadable = error.code == Errc::invalid_json || error.code == Errc::invalid_utf8 || error.code == Errc::body_too_large;
    bool const authentic = !rails::is_about_authenticity(error.code) && !unreadable;
    Json json{{"authentic", authentic}};
    if (authentic) json["transfer"] = nullptr;
    json["why"] = errc_name(error.code);
    json["detail"] = error.detail;
    if (!error.pointer.empty()) json["where"] = error.pointer;
    print_json(json);
    throw Stop{Exit::negative, {}};
}

}  // namespace

void add_rail_commands(CLI::App& app)
{
    auto* const rail = app.add_subcommand("rail", "Look at notifications of payment providers");
    rail->require_subcommand(1);

    struct Options {
        std::string name, secret, path = "-";
    };
    auto const options = std::make_shared<Options>();
    auto* const verifying = rail->add_subcommand("verify", "Check and read one captured notification: headers, blank line, raw body");
    verifying->add_option("rail", options->name, "The provider: " + rail_names())->required();
    verifying->add_option("file", options->path, "The capture; standard input when not given or -");
    verifying->add_option("--secret", options->secret, "payos: the checksum key. vietqr: user:password, or the bearer token itself")
        ->required();
    verifying->add_flag("--json")->description("JSON is what this command always prints");
    verifying->footer("Exit 1 when it is not authentic or cannot be used.\nExample: cho40 rail verify payos --secret "
                      "KEY < notification.txt");
    verifying->callback([options] { verify(options->name, options->secret, options->path); });
}

}  // namespace cho40::cli
