#include "adapters/api/national_directory.h"

namespace cho40::api {

constexpr std::string_view secret_use = "national_secret", token_use = "national_token";

boost::asio::awaitable<Result<national_pay::Account>> NationalDirectory::account(Id<qr_pay::RailAccountTag> id)
{
    CHO_CO_TRY(auto const found, co_await store_.platform(id));
    if (!found) co_return fail(Errc::not_found, "no such platform");
    CHO_CO_TRY(auto secret, identity::open_sealed(key_, secret_use, found->sealed_secret));
    CHO_CO_TRY(auto token, identity::open_sealed(key_, token_use, found->sealed_token));
    national_pay::Account account(found->partner, found->url, found->ip, std::move(secret), std::move(token));
    if (found->previous && clock_.now() < found->previous->until) {
        CHO_CO_TRY(auto previous, identity::open_sealed(key_, secret_use, found->previous->sealed));
        account.previous_secret = std::move(previous);
    }
    co_return account;
}

std::string NationalDirectory::seal_secret(Secret const& secret, Random& random) const
{
    return identity::seal(key_, secret_use, secret, random);
}

std::string NationalDirectory::seal_token(Secret const& token, Random& random) const
{
    return identity::seal(key_, token_use, token, random);
}

}  // namespace cho40::api
