#include "apps/config/config.h"
#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fmt/format.h>
#include <toml++/toml.h>

namespace cho40::config {
namespace {

enum class Type { text, whole, flag, secret };

struct Key {
    std::string_view name;
    Type type;
    std::string_view fallback;
    bool required;
    std::string_view text;
    std::function<void(Config&, std::string)> set;
};

std::vector<Key> const& keys()
{
    static std::vector<Key> const all = {
        {"server.listen", Type::text, "127.0.0.1:8080", false, "Address and port to listen on.",
         [](Config& c, std::string v) { c.server.listen = std::move(v); }},
        {"server.tls_certificate", Type::text, "", false, "Certificate chain (PEM); empty: plain HTTP behind a proxy.",
         [](Config& c, std::string v) { c.server.tls_certificate = std::move(v); }},
        {"server.tls_key", Type::text, "", false, "Private key (PEM) of the certificate.",
         [](Config& c, std::string v) { c.server.tls_key = std::move(v); }},
        {"server.public_url", Type::text, "http://localhost:8080", false, "How people reach the service; stands in links and receipts.",
         [](Config& c, std::string v) { c.server.public_url = std::move(v); }},
        {"server.web_directory", Type::text, "web/dist", false, "The built vendor app and console.",
         [](Config& c, std::string v) { c.server.web_directory = std::move(v); }},
        {"server.cluster_address", Type::text, "", false,
         "Base URL under which other instances of this installation reach this one; empty: it is the only one.",
         [](Config& c, std::string v) { c.server.cluster_address = std::move(v); }},
        {"database.url", Type::text, "", true, "PostgreSQL connection string; several hosts allowed.",
         [](Config& c, std::string v) { c.database.url = std::move(v); }},
        {"database.connections", Type::whole, "2", false, "Shared connections for reading.",
         [](Config& c, std::string v) { c.database.connections = std::stoll(v); }},
        {"database.writer_group", Type::text, "main", false, "The group of books this instance posts to.",
         [](Config& c, std::string v) { c.database.writer_group = std::move(v); }},
        {"ledger.check_batches", Type::flag, "false", false,
         "Holds every batch against the laws of the books as it is committed, and stops at the first that breaks one.",
         [](Config& c, std::string v) { c.ledger.check_batches = v == "true"; }},
        {"redis.url", Type::text, "", false, "unix://PATH of Redis for doorbells; empty: polling only.",
         [](Config& c, std::string v) { c.redis.url = std::move(v); }},
        {"installation.key", Type::secret, "", true,
         "64 hex digits; seals stored secrets, hashes API keys. Keep a copy: without it rail secrets must be entered again.",
         [](Config& c, std::string v) { c.installation.key = Secret(std::move(v)); }},
        {"installation.demo", Type::flag, "false", false, "Says on every public page that its money is not real. For pilots.",
         [](Config& c, std::string v) { c.installation.demo = v == "true"; }},
        {"rails.poll_seconds", Type::whole, "60", false, "Pause between two readings of a provider's list, where an account has one.",
         [](Config& c, std::string v) { c.rails.poll_seconds = std::stoll(v); }},
        {"rails.poll_overlap_seconds", Type::whole, "1800", false,
         "How far back each reading begins before the end of the last one: providers enter some transfers late.",
         [](Config& c, std::string v) { c.rails.poll_overlap_seconds = std::stoll(v); }},
        {"rails.gap_grace_seconds", Type::whole, "300", false,
         "How long a transfer that only the balances speak of may take to be told, before it is called missing.",
         [](Config& c, std::string v) { c.rails.gap_grace_seconds = std::stoll(v); }},
        {"refunds.approval_from", Type::whole, "5000000", false,
         "Refunds of this many đồng or more, all of one payment together, need a second person's agreement.",
         [](Config& c, std::string v) { c.refunds.approval_from = std::stoll(v); }},
        {"refunds.vietqr_url", Type::text, "", false,
         "vietqr.vn's API for refunds, for example https://api.vietqr.org/vqr; empty: refunds are transferred by hand.",
         [](Config& c, std::string v) { c.refunds.vietqr_url = std::move(v); }},
        {"reconcile.approval_limit", Type::whole, "50000000", false,
         "How much may be at stake in a break of reconciliation that one person approves, in đồng; single people may have a limit of their own.",
         [](Config& c, std::string v) { c.reconcile.approval_limit = std::stoll(v); }},
        {"reconcile.write_off_limit", Type::whole, "0", false,
         "How large a difference of vendors' or the platform's money may be let go, in đồng. Public money is never written off.",
         [](Config& c, std::string v) { c.reconcile.write_off_limit = std::stoll(v); }},
        {"etax.gateway_url", Type::text, "", false, "T-VAN or provincial gateway; empty: returns can be drafted, not sent.",
         [](Config& c, std::string v) { c.etax.gateway_url = std::move(v); }},
        {"etax.certificate", Type::text, "", false, "Certificate (PEM) that signs returns and receipts.",
         [](Config& c, std::string v) { c.etax.certificate = std::move(v); }},
        {"etax.signing_key", Type::text, "", false, "Private key (PEM) of that certificate.",
         [](Config& c, std::string v) { c.etax.signing_key = std::move(v); }},
        {"etax.poll_seconds", Type::whole, "2", false, "First pause before asking for notices; later pauses grow.",
         [](Config& c, std::string v) { c.etax.poll_seconds = std::stoll(v); }},
        {"portal.url", Type::text, "", false, "Case system that is told of paid fees; empty: nobody is told.",
         [](Config& c, std::string v) { c.portal.url = std::move(v); }},
        {"portal.secret", Type::secret, "", false, "Checksum secret agreed with the portal.",
         [](Config& c, std::string v) { c.portal.secret = Secret(std::move(v)); }},
        {"portal.partner", Type::text, "QN0001", false, "Our partner code at the portal.",
         [](Config& c, std::string v) { c.portal.partner = std::move(v); }},
        {"logging.level", Type::text, "info", false, "debug, info, warning or error.",
         [](Config& c, std::string v) { c.logging.level = std::move(v); }},
    };
    return all;
}

std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        auto diagonal = row[0]++;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            auto const above = row[j];
            row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1])});
            diagonal = above;
        }
    }
    return row[b.size()];
}

std::string nearest(std::string_view name)
{
    auto const it = std::ranges::min_element(keys(), {}, [&](Key const& k) { return distance(name, k.name); });
    return std::string(it->name);
}

std::string environment_name(std::string_view key)
{
    std::string name = "CHO40_";
    for (char c : key) name += c == '.' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    return name;
}

bool is_whole(std::string const& text)
{
    std::int64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() && value > 0;
}

bool is_flag(std::string const& text) { return text == "true" || text == "false"; }

// What a value of this type must look like, in the words of the problem.
std::string_view expectation(Type type)
{
    switch (type) {
    case Type::whole: return "expected a whole number above zero";
    case Type::flag: return "expected true or false";
    case Type::text:
    case Type::secret: break;
    }
    return "expected a text in quotes";
}

// A value of the file as the text its environment variable would hold; nothing when it is of another type.
std::optional<std::string> text_of(toml::node const& value, Type type)
{
    switch (type) {
    case Type::whole:
        if (auto const* whole = value.as_integer(); whole && whole->get() > 0) return std::to_string(whole->get());
        return std::nullopt;
    case Type::flag:
        if (auto const* flag = value.as_boolean()) return flag->get() ? "true" : "false";
        return std::nullopt;
    case Type::text:
    case Type::secret:
        if (auto const* text = value.as_string()) return text->get();
        return std::nullopt;
    }
    return std::nullopt;
}

std::string_view type_name(Type type)
{
    switch (type) {
    case Type::whole: return "number";
    case Type::flag: return "flag";
    case Type::secret: return "secret";
    case Type::text: break;
    }
    return "text";
}

}  // namespace

Environment process_environment()
{
    return [](std::string const& name) -> std::optional<std::string> {
        auto const* value = std::getenv(name.c_str());
        return value ? std::optional<std::string>(value) : std::nullopt;
    };
}

Loaded load(std::string_view text, Environment const& environment)
{
    Loaded out;
    std::map<std::string, std::string, std::less<>> values;
    try {
        auto const file = toml::parse(text);
        for (auto const& [section, node] : file) {
            auto const* table = node.as_table();
            if (!table) {
                out.problems.push_back({std::string(section.str()), section.source().begin.line, "expected a section like [server]"});
                continue;
            }
            for (auto const& [key, value] : *table) {
                auto const name = std::string(section.str()) + "." + std::string(key.str());
                auto const line = std::size_t{key.source().begin.line};
                auto const known = std::ranges::find(keys(), name, &Key::name);
                if (known == keys().end()) {
                    out.problems.push_back({name, line, "unknown key; the nearest known one is " + nearest(name)});
                } else if (auto told = text_of(value, known->type)) {
                    values[name] = *std::move(told);
                } else {
                    out.problems.push_back({name, line, std::string(expectation(known->type))});
                }
            }
        }
    } catch (toml::parse_error const& e) {
        out.problems.push_back({"", e.source().begin.line, std::string("not TOML: ") + std::string(e.description())});
    }
    for (auto const& key : keys()) {
        auto value = environment(environment_name(key.name));
        auto const where = value ? environment_name(key.name) : std::string(key.name);
        if (!value) {
            if (auto const it = values.find(key.name); it != values.end()) value = it->second;
        }
        if (value && ((key.type == Type::whole && !is_whole(*value)) || (key.type == Type::flag && !is_flag(*value)))) {
            out.problems.push_back({where, 0, std::string(expectation(key.type))});
            value.reset();
        }
        if (key.required && (!value || value->empty())) {
            out.problems.push_back({where, 0, "is needed; set it in the file or as " + environment_name(key.name)});
        }
        key.set(out.config, value.value_or(std::string(key.fallback)));
    }
    return out;
}

std::vector<KeyDocument> all_keys()
{
    std::vector<KeyDocument> out;
    for (auto const& key : keys()) {
        out.push_back({std::string(key.name), std::string(type_name(key.type)), std::string(key.fallback), std::string(key.text)});
    }
    return out;
}

}  // namespace cho40::config
