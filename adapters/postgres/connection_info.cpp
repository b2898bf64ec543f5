#include "adapters/postgres/connection_info.h"
#include "base/check.h"
#include <algorithm>
#include <libpq-fe.h>
#include <memory>

namespace cho40::postgres {
namespace {

struct FreeOptions {
    void operator()(PQconninfoOption* options) const noexcept { PQconninfoFree(options); }
};

std::vector<std::string> split_commas(std::string const& list)
{
    std::vector<std::string> parts(1);
    for (char c : list) {
        if (c == ',') parts.emplace_back();
        else parts.back() += c;
    }
    return parts;
}

// §7.1 of the connection rules: a machine that is gone is noticed within about three seconds.
constexpr std::pair<char const*, char const*> defaults[] = {
    {"target_session_attrs", "read-write"},
    {"keepalives", "1"},
    {"keepalives_idle", "2"},
    {"keepalives_interval", "1"},
    {"keepalives_count", "3"},
    {"tcp_user_timeout", "3000"},
    {"client_encoding", "UTF8"},
    // A plan that was cached while a table was empty reads the whole table for ever after. Every statement of ours that
    // runs often has an index; what must read everything still may. And a statement that is planned once for all its
    // parameters costs a third of one that is planned anew each time: no statement of ours has a plan that depends on them.
    {"options", "-c enable_seqscan=off -c jit=off -c plan_cache_mode=force_generic_plan"},
};

}  // namespace

Result<ConnectionInfo> ConnectionInfo::parse(std::string const& conninfo, std::string const& application_name)
{
    char* message = nullptr;
    std::unique_ptr<PQconninfoOption, FreeOptions> const options(PQconninfoParse(conninfo.c_str(), &message));
    PQfreemem(message);  // it can repeat what was given, with the password
    if (!options) return fail(Errc::invalid_config, "database.url is not a PostgreSQL connection string");

    ConnectionInfo info;
    std::string hosts, addresses, ports;
    bool has_name = false;
    for (auto const* o = options.get(); o->keyword; ++o) {
        if (!o->val) continue;
        std::string const keyword = o->keyword;
        if (keyword == "host") hosts = o->val;
        else if (keyword == "hostaddr") addresses = o->val;
        else if (keyword == "port") ports = o->val;
        else info.common_.push_back({keyword, o->val});
        has_name = has_name || keyword == "application_name";
    }
    for (auto [name, value] : defaults) {
        auto const given = std::ranges::any_of(info.common_, [&](Keyword const& k) { return k.name == name; });
        if (!given) info.common_.push_back({name, value});
    }
    if (!has_name) info.common_.push_back({"application_name", application_name});

    auto const host_list = split_commas(hosts);
    auto const address_list = split_commas(addresses);
    auto const port_list = split_commas(ports);
    auto const count = std::max(host_list.size(), address_list.size());
    if (!hosts.empty() && !addresses.empty() && host_list.size() != address_list.size())
        return fail(Errc::invalid_config, "database.url names another number of hosts than of addresses");
    if (port_list.size() != 1 && port_list.size() != count)
        return fail(Errc::invalid_config, "database.url names another number of ports than of hosts");
    for (std::size_t i = 0; i < count; ++i) {
        info.hosts_.push_back({hosts.empty() ? "" : host_list[i], addresses.empty() ? "" : address_list[i],
                               port_list.size() == 1 ? port_list[0] : port_list[i]});
        info.order_.push_back(i);
    }
    return info;
}

std::vector<ConnectionInfo::Keyword> ConnectionInfo::keywords(std::size_t host) const
{
    CHO_CHECK(host < hosts_.size());
    auto all = common_;
    auto const& h = hosts_[host];
    if (!h.host.empty()) all.push_back({"host", h.host});
    if (!h.hostaddr.empty()) all.push_back({"hostaddr", h.hostaddr});
    if (!h.port.empty()) all.push_back({"port", h.port});
    return all;
}

void ConnectionInfo::demote(std::size_t host)
{
    auto const at = std::ranges::find(order_, host);
    CHO_CHECK(at != order_.end());
    std::rotate(at, at + 1, order_.end());
}

}  // namespace cho40::postgres
