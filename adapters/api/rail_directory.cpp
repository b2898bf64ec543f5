#include "adapters/api/rail_directory.h"
#include <algorithm>

namespace cho40::api {

constexpr std::string_view seal_use = "rail_account";
constexpr std::string_view list_seal_use = "rail_list";

std::span<rails::RailSecret const> RailDirectory::Entry::secrets_at(Instant moment) const
{
    bool const both = secrets.size() > 1 && account.previous_secret && moment < account.previous_secret->until;
    return std::span(secrets).first(both ? 2 : 1);
}

boost::asio::awaitable<Result<Done>> RailDirectory::load()
{
    loaded_at_ = clock_.now();
    CHO_CO_TRY(auto accounts, co_await store_.rail_accounts());
    std::unordered_map<Id<qr_pay::RailAccountTag>, std::shared_ptr<Entry const>> entries;
    for (auto& account : accounts) {
        auto const* rail = rails::find_rail(account.rail);
        if (!rail) co_return fail(Errc::unknown_rail, "the rail " + account.rail + " of a rail account is not known to this build");
        std::vector<rails::RailSecret> secrets;
        CHO_CO_TRY(auto current, identity::open_sealed(key_, seal_use, account.sealed_secret));
        secrets.emplace_back(current.expose());
        if (account.previous_secret) {
            CHO_CO_TRY(auto previous, identity::open_sealed(key_, seal_use, account.previous_secret->sealed));
            secrets.emplace_back(previous.expose());
        }
        auto const id = account.id;
        auto const sealed_key = account.list ? account.list->sealed_key : std::string();
        auto entry = std::make_shared<Entry>(std::move(account), rail, std::move(secrets));
        if (!sealed_key.empty()) { CHO_CO_TRY(entry->list_key, identity::open_sealed(key_, list_seal_use, sealed_key)); }
        entries.insert_or_assign(id, std::move(entry));
    }
    entries_ = std::move(entries);
    co_return Done{};
}

boost::asio::awaitable<Result<std::shared_ptr<RailDirectory::Entry const>>> RailDirectory::find(std::string rail,
                                                                                                Id<qr_pay::RailAccountTag> id)
{
    auto it = entries_.find(id);
    bool const known = it != entries_.end();
    if (clock_.now() - loaded_at_ > std::chrono::seconds(known ? 5 : 1)) {
        auto loaded = co_await load();
        // What is known goes on being served: without a database there is nothing to be booked anyway.
        if (!loaded && !known) co_return tl::unexpected<Error>(std::move(loaded).error());
        it = entries_.find(id);
    }
    if (it == entries_.end() || (!rail.empty() && it->second->rail->name() != rail))
        co_return fail(Errc::not_found, "no such rail account");
    co_return it->second;
}

std::vector<std::shared_ptr<RailDirectory::Entry const>> RailDirectory::all() const
{
    std::vector<std::shared_ptr<Entry const>> entries;
    for (auto const& [id, entry] : entries_) entries.push_back(entry);
    std::ranges::sort(entries, {}, [](auto const& entry) { return entry->account.id.uuid; });
    return entries;
}

std::string RailDirectory::seal(Secret const& secret, Random& random) const { return identity::seal(key_, seal_use, secret, random); }

std::string RailDirectory::seal_list_key(Secret const& key, Random& random) const
{
    return identity::seal(key_, list_seal_use, key, random);
}

}  // namespace cho40::api
