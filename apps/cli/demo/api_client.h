#pragma once
#include "adapters/http/client.h"
#include "base/secret.h"
#include <nlohmann/json.hpp>
#include <string>

namespace cho40::cli::demo {

// A JSON client of one HTTP interface, as an integrator would write it: a key, an Idempotency-Key for each intention,
// patience when the other side says "try again".
class ApiClient {
public:
    ApiClient(boost::asio::any_io_executor executor, http::Client& client, std::string base, Secret key)
        : executor_(std::move(executor)), client_(client), base_(std::move(base)), key_(std::move(key))
    {
    }

    using Json = boost::asio::awaitable<Result<nlohmann::json>>;

    [[nodiscard]] Json get(std::string path);
    // The same intention always carries the same words, so that a repeat finds the first answer.
    [[nodiscard]] Json post(std::string path, nlohmann::json body, std::string intention);
    [[nodiscard]] Json post_bytes(std::string path, std::string body, std::string content_type, std::string intention);
    // Any answer below 400, as it is. Error: upstream_error with status and code otherwise.
    [[nodiscard]] boost::asio::awaitable<Result<http::Response>> call(http::Outgoing request);
    // A form as a browser without scripts sends it; follows no redirect.
    [[nodiscard]] boost::asio::awaitable<Result<http::Response>> post_form(std::string path, std::string form);

    [[nodiscard]] std::string const& base() const { return base_; }

private:
    boost::asio::any_io_executor executor_;
    http::Client& client_;
    std::string base_;
    Secret key_;
};

// 32 characters out of any words: an Idempotency-Key.
[[nodiscard]] std::string key_for(std::string_view words);

}  // namespace cho40::cli::demo
