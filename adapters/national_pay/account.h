#pragma once
#include "base/secret.h"
#include "qr-pay/records.h"
#include <boost/asio/awaitable.hpp>

namespace cho40::national_pay {

// How one collector is known to the platform, with its secrets opened.
struct Account {
    Account(std::string p, std::string u, std::string i, Secret s, Secret t)
        : partner(std::move(p)), url(std::move(u)), ip(std::move(i)), secret(std::move(s)), access_token(std::move(t))
    {
    }
    std::string partner;  // MaDoiTac
    std::string url;      // where every message goes
    std::string ip;       // the address the platform sees us calling from
    Secret secret;        // last field of every checksum
    Secret access_token;
    std::optional<Secret> previous_secret;  // counts beside the current one for a while, for what the platform sends
};

struct Accounts {
    virtual ~Accounts() = default;
    // Error: not_found.
    [[nodiscard]] virtual boost::asio::awaitable<Result<Account>> account(Id<qr_pay::RailAccountTag> id) = 0;
};

}  // namespace cho40::national_pay
