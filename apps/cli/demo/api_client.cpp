#include "apps/cli/demo/api_client.h"
#include "base/digest.h"
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cho40::cli::demo {

using nlohmann::json;

std::string key_for(std::string_view words) { return to_hex(sha256(words)).substr(0, 32); }

boost::asio::awaitable<Result<http::Response>> ApiClient::call(http::Outgoing request)
{
    constexpr int tries_max = 20;
    if (!key_.expose().empty()) request.headers.set("Authorization", "Bearer " + key_.expose());
    request.url = base_ + request.url;
    for (int tries = 1;; ++tries) {
        auto result = co_await client_.call(request);
        bool const again = !result.response || result.response->status == 503 || result.response->status == 429 ||
                           (result.response->status == 409 &&
                            result.response->body_text().find("request_in_progress") != std::string_view::npos);
        if (result.response && result.response->status < 400) co_return *std::move(result.response);
        if (!again || tries == tries_max) {
            if (!result.response) co_return tl::unexpected<Error>(result.response.error());
            co_return fail(Errc::invalid_state, request.url + ": " + std::to_string(result.response->status) + " " +
                                                    std::string(result.response->body_text().substr(0, 500)));
        }
        boost::asio::steady_timer pause(executor_, std::chrono::milliseconds(100 * tries));
        co_await pause.async_wait(boost::asio::use_awaitable);
    }
}

ApiClient::Json ApiClient::get(std::string path)
{
    http::Outgoing request(http::Method::get, std::move(path));
    CHO_CO_TRY(auto response, co_await call(std::move(request)));
    co_return json::parse(response.body_text(), nullptr, false);
}

ApiClient::Json ApiClient::post(std::string path, json body, std::string intention)
{
    co_return co_await post_bytes(std::move(path), body.dump(), "application/json", std::move(intention));
}

ApiClient::Json ApiClient::post_bytes(std::string path, std::string body, std::string content_type, std::string intention)
{
    http::Outgoing request(http::Method::post, std::move(path), std::move(body));
    request.headers.set("Content-Type", std::move(content_type));
    request.headers.set("Idempotency-Key", key_for(intention));
    request.deadline = std::chrono::seconds(60);
    CHO_CO_TRY(auto response, co_await call(std::move(request)));
    co_return json::parse(response.body_text(), nullptr, false);
}

boost::asio::awaitable<Result<http::Response>> ApiClient::post_form(std::string path, std::string form)
{
    http::Outgoing request(http::Method::post, std::move(path), std::move(form));
    request.headers.set("Content-Type", "application/x-www-form-urlencoded");
    co_return co_await call(std::move(request));
}

}  // namespace cho40::cli::demo
