#include "adapters/rails/vietqr_refund.h"
#include "adapters/rails/providers/vietqr.h"
#include "base/text.h"
#include "qr-pay/banks.h"
#include <nlohmann/json.hpp>

namespace cho40::rails::vietqr {
namespace {

using nlohmann::json;
using qr_pay::RefundCallOutcome;

// An object with texts; anything else is nothing we can rely on.
std::string text_in(std::string_view body, char const* member)
{
    auto const value = json::parse(body, nullptr, false);
    if (!value.is_object()) return {};
    auto const it = value.find(member);
    return it != value.end() && it->is_string() ? it->get<std::string>() : std::string();
}

std::string bank_code_of(std::string const& bin)
{
    auto const* bank = qr_pay::Banks::current().find(bin);
    return bank ? bank->short_name : bin;
}

}  // namespace

Secret to_text(RefundCredentials const& credentials)
{
    return Secret(json{{"user", credentials.user}, {"password", credentials.password.expose()}, {"key", credentials.key.expose()}}.dump());
}

Result<RefundCredentials> refund_credentials_from(Secret const& text)
{
    RefundCredentials credentials(text_in(text.expose(), "user"), Secret(text_in(text.expose(), "password")),
                                  Secret(text_in(text.expose(), "key")));
    if (credentials.user.empty() || credentials.key.expose().empty())
        return fail(Errc::invalid_config, "the stored access to the refund call cannot be read");
    return credentials;
}

std::string basic_authorization(RefundCredentials const& credentials)
{
    return "Basic " + to_base64(credentials.user + ":" + credentials.password.expose());
}

std::optional<Secret> token_in(int status, std::string_view body)
{
    auto token = text_in(body, "access_token");
    if (status != 200 || token.empty()) return std::nullopt;
    return Secret(std::move(token));
}

std::string refund_body(qr_pay::RefundCall const& call, RefundCredentials const& credentials)
{
    RefundOrder const order{call.bank_reference, call.amount, call.account_number};
    return json{{"bankAccount", call.account_number},
                {"bankCode", bank_code_of(call.bank_bin)},
                {"referenceNumber", call.bank_reference},
                {"amount", std::to_string(call.amount.count())},
                {"content", call.code + " HOAN TIEN"},
                {"multiTimes", call.is_part},
                {"checkSum", refund_checksum(order, credentials.key)}}
        .dump();
}

RefundCallOutcome refund_outcome(int status, std::string_view body)
{
    auto const word = to_ascii_upper(text_in(body, "status"));
    if (status == 200 && word == "SUCCESS") return RefundCallOutcome::taken;
    if (status == 400 && word == "FAILED") return RefundCallOutcome::refused;
    return RefundCallOutcome::unknown;
}

}  // namespace cho40::rails::vietqr
