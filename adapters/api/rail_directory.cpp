#include "adapters/api/rail_directory.h"

namespace cho40::api {

constexpr std::string_view seal_use = "rail_account";

boost::asio::awaitable<Result<Done>> RailDirectory::load()
{
    loaded_at_ = clock_.now();
    CHO_CO_TRY(auto accounts, co_await store_.rail_accounts());
    std::unordered_map<Id<qr_pay::RailAccountTag>, std::shared_ptr<Entry const>> entries;
    for (auto& account : accounts) {
        auto const* rail = rails::find_rail(account.rail);
        if (!rail) co_return fail(Errc::unknown_rail, "the rail " + account.rail + " of a rail account is not known to this build");
        CHO_CO_TRY(auto secret, identity::open_sealed(key_, seal_use, account.sealed_secret));
        auto const id = account.id;
        entries.emplace(id, std::make_shared<Entry const>(std::move(account), rail, std::move(secret)));
    }
    entries_ = std::move(entries);
    co_return Done{};
}

boost::asio::awaitable<Result<std::shared_ptr<RailDirectory::Entry const>>> RailDirectory::find(std::string rail,
                                                                                                Id<qr_pay::RailAccountTag> id)
{
    auto it = entries_.find(id);
    if (it == entries_.end() && clock_.now() - loaded_at_ > std::chrono::seconds(1)) {
        CHO_CO_TRY_DO(co_await load());
        it = entries_.find(id);
    }
    if (it == entries_.end() || it->second->rail->name() != rail) co_return fail(Errc::not_found, "no such rail account");
    co_return it->second;
}

std::string RailDirectory::seal(Secret const& secret, Random& random) const { return identity::seal(key_, seal_use, secret, random); }

}  // namespace cho40::api
