#include "adapters/tax_gateway/http_gateway.h"
#include "adapters/tax_gateway/json_object.h"

namespace cho40::tax_gateway {
namespace {

using etax::GatewayAnswer;
using etax::GatewayFault;
using etax::GatewayOutcome;
using nlohmann::json;

constexpr std::size_t detail_bytes_max = 300;

GatewayAnswer unknown(std::string code)
{
    GatewayAnswer answer;
    answer.fault = GatewayFault::transport;
    answer.code = std::move(code);
    return answer;
}

std::string text_of(json const& value, char const* name)
{
    auto const found = value.is_object() ? value.find(name) : value.end();
    if (!value.is_object() || found == value.end() || !found->is_string()) return "";
    return found->get<std::string>().substr(0, detail_bytes_max);
}

std::optional<Sha256> digest_of(std::string const& hex)
{
    Sha256 out{};
    if (hex.size() != out.size() * 2) return std::nullopt;
    for (std::size_t i = 0; i < out.size(); ++i) {
        unsigned value = 0;
        for (auto const c : {hex[i * 2], hex[i * 2 + 1]}) {
            if (c >= '0' && c <= '9') value = value * 16 + static_cast<unsigned>(c - '0');
            else if (c >= 'a' && c <= 'f') value = value * 16 + static_cast<unsigned>(c - 'a' + 10);
            else return std::nullopt;
        }
        out[i] = static_cast<std::uint8_t>(value);
    }
    return out;
}

bool says_nothing(int status) { return status >= 500 || status < 200 || status == 408 || status == 429; }

// Every notice that can be taken out; one broken item does not hide the others.
void take_notices(json const& body, GatewayAnswer& answer)
{
    auto const list = body.is_object() ? body.find("notices") : body.end();
    if (!body.is_object() || list == body.end() || !list->is_array()) return;
    for (auto const& item : *list) {
        if (answer.notices.size() == HttpGateway::notices_max) return;
        if (!item.is_object() || !item.contains("content_base64") || !item["content_base64"].is_string()) continue;
        if (auto bytes = from_base64(item["content_base64"].get_ref<std::string const&>())) answer.notices.push_back(*std::move(bytes));
    }
}

}  // namespace

boost::asio::awaitable<Result<GatewayAnswer>> HttpGateway::submit(std::string bytes, std::string transaction_id)
{
    if (base_url_.empty()) co_return fail(Errc::invalid_config, "etax.gateway_url is not set");
    http::Outgoing request(http::Method::put, base_url_ + "/tvan/filings/" + transaction_id, std::move(bytes));
    request.headers.add("Content-Type", "application/xml");
    request.deadline = deadline_;
    auto const result = co_await client_.call(std::move(request));
    if (!result.response) {
        if (result.response.error().code == Errc::invalid_input) co_return fail(Errc::invalid_config, "etax.gateway_url is not a URL");
        co_return unknown(std::string(errc_name(result.response.error().code)));
    }
    auto const status = result.response->status;
    auto const parsed = parse_strict_json(result.response->body_text());
    json const body = parsed ? *parsed : json();
    if (says_nothing(status)) co_return unknown(std::to_string(status));
    GatewayAnswer answer;
    answer.code = text_of(body, "code");
    if (answer.code.empty()) answer.code = std::to_string(status);
    if (status < 300) {
        answer.outcome = GatewayOutcome::sent;
        take_notices(body, answer);
        co_return answer;
    }
    answer.outcome = GatewayOutcome::refused;
    answer.detail = text_of(body, "detail");
    answer.fault = status == 409                    ? GatewayFault::duplicate
                   : status == 401 || status == 403 ? GatewayFault::signature
                                                    : GatewayFault::format;
    if (status == 409) answer.their_digest = digest_of(text_of(body, "digest"));
    co_return answer;
}

boost::asio::awaitable<Result<GatewayAnswer>> HttpGateway::poll(std::string transaction_id)
{
    if (base_url_.empty()) co_return fail(Errc::invalid_config, "etax.gateway_url is not set");
    http::Outgoing request(http::Method::get, base_url_ + "/tvan/filings/" + transaction_id + "/notices");
    request.deadline = deadline_;
    auto const result = co_await client_.call(std::move(request));
    if (!result.response) co_return unknown(std::string(errc_name(result.response.error().code)));
    auto const status = result.response->status;
    GatewayAnswer answer;
    answer.code = std::to_string(status);
    if (status == 404) {
        answer.outcome = GatewayOutcome::refused;
        co_return answer;
    }
    // A poll that is answered with anything else says nothing about the filing.
    if (status != 200) co_return unknown(answer.code);
    auto const parsed = parse_strict_json(result.response->body_text());
    if (!parsed) co_return unknown("unreadable");
    answer.outcome = GatewayOutcome::sent;
    take_notices(*parsed, answer);
    co_return answer;
}

}  // namespace cho40::tax_gateway
