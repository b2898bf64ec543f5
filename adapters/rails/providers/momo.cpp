#include "adapters/rails/providers/momo.h"
#include "adapters/rails/members.h"
#include "adapters/rails/order_reference.h"
#include "adapters/rails/signature.h"
#include "base/check.h"
#include "base/digest.h"
#include <nlohmann/json.hpp>

namespace cho40::rails::momo {
namespace {

using nlohmann::json;

constexpr int paid = 0;
constexpr std::string_view signed_members[] = {"amount",      "extraData", "message",   "orderId",      "orderInfo",  "orderType",
                                               "partnerCode", "payType",   "requestId", "responseTime", "resultCode", "transId"};

struct Keys {
    std::string_view access;
    std::string_view secret;
};

Keys keys_of(std::string_view secret)
{
    auto const colon = secret.find(':');
    if (colon == secret.npos) return {};
    return {secret.substr(0, colon), secret.substr(colon + 1)};
}

Result<Done> check_signature(json const& body, RailSecret const& secret)
{
    auto const keys = keys_of(secret.key.expose());
    if (keys.secret.empty()) return fail(Errc::bad_signature, "no keys were agreed with MoMo for this account");
    auto const signature = body.find("signature");
    if (signature == body.end() || !signature->is_string()) return fail(Errc::bad_signature, "there is no signature", "/signature");
    auto const text = canonical(body, keys.access);
    // Nothing that has not all its members can have been signed.
    if (!text) return fail(Errc::bad_signature, text.error().detail, text.error().pointer);
    if (!fits(hmac_sha256_hex(keys.secret, *text), signature->get_ref<std::string const&>()))
        return fail(Errc::bad_signature, "the signature does not fit the members", "/signature");
    return Done{};
}

Result<qr_pay::BankCredit> read_payment(Members const& members)
{
    CHO_TRY_DO(members.only_vnd());
    CHO_TRY(auto const amount, members.amount("amount"));
    CHO_TRY(auto const merchant, members.id("partnerCode", 64));
    CHO_TRY(auto const number, members.whole("transId"));
    CHO_TRY(auto const milliseconds, members.whole("responseTime"));
    CHO_TRY(auto const answered_at, from_milliseconds(milliseconds, members.pointer_to("responseTime")));

    qr_pay::BankCredit credit("momo", std::to_string(number), merchant, qr_pay::Direction::in, amount, answered_at);
    CHO_TRY(credit.memo, members.optional_text("orderInfo", 500));
    CHO_TRY(credit.provider_order, members.id("orderId", 100));
    credit.order_code = order_code_in(credit.provider_order);
    credit.payer_bank = "MoMo";
    return credit;
}

class Momo final : public Rail {
public:
    RailFacts const& facts() const override
    {
        static RailFacts const facts{.name = "momo",
                                     .title = "MoMo",
                                     .proof = "`signature` in the body: HMAC-SHA256 over the access key and twelve members in fixed order.",
                                     .secret_form = "accessKey:secretKey",
                                     .secret_form_vi = "accessKey:secretKey",
                                     .doors = {{.path = ""}},
                                     .success_status = 204};
        return facts;
    }

    bool is_secret(std::string_view text) const override
    {
        auto const keys = keys_of(text);
        return is_key(keys.access) && is_key(keys.secret);
    }

    std::optional<std::string> secret_typed(std::string_view text) const override
    {
        auto const keys = keys_of(text);
        if (keys.access.empty() || keys.secret.empty()) return std::nullopt;
        return std::string(text);
    }

    Result<RailMessage> read(RawNotification const& raw, RailSecret const& secret) const override
    {
        CHO_TRY(auto const body, parse_notification(raw.body));
        CHO_TRY_DO(check_signature(body, secret));
        Members const members(body, "");
        RailMessage message;
        CHO_TRY(auto const result, members.whole("resultCode"));
        if (result != paid) return message;
        CHO_TRY(auto credit, read_payment(members));
        message.transfers.push_back(std::move(credit));
        return message;
    }

    Reply accepted(Taken const&) const override { return {204, {}}; }

    Reply refused(Error const& error) const override
    {
        int const status = may_succeed_later(error.code) ? 503 : is_about_authenticity(error.code) ? 401 : 422;
        return {status, json{{"code", errc_name(error.code)}, {"message", words_for_sender(error)}}.dump()};
    }
};

}  // namespace

Rail const& rail()
{
    static Momo const momo;
    return momo;
}

Result<std::string> canonical(json const& body, std::string_view access_key)
{
    Members const members(body, "");
    std::string text = "accessKey=" + std::string(access_key);
    for (auto const name : signed_members) {
        CHO_TRY(auto const written, members.as_signed(name));
        text += "&" + std::string(name) + "=" + written;
    }
    return text;
}

RawNotification notification(qr_pay::BankCredit const& credit, RailSecret const& secret, Instant sent_at, int result_code)
{
    auto const keys = keys_of(secret.key.expose());
    auto const number = digits(credit.provider_id);
    CHO_CHECK(number.has_value() && !keys.secret.empty());
    json body{{"partnerCode", credit.account_number},
              {"orderId", credit.provider_order},
              {"requestId", credit.provider_order},
              {"amount", credit.amount.count()},
              {"orderInfo", credit.memo},
              {"orderType", "momo_wallet"},
              {"transId", *number},
              {"resultCode", result_code},
              {"message", result_code == paid ? "Successful." : "Transaction denied by user."},
              {"payType", "qr"},
              {"responseTime", to_milliseconds(credit.booked_at)},
              {"extraData", ""}};
    auto const text = canonical(body, keys.access);
    CHO_CHECK(text.has_value());
    body["signature"] = hmac_sha256_hex(keys.secret, *text);
    RawNotification raw;
    raw.received_at = sent_at;
    raw.headers.emplace_back("Content-Type", "application/json");
    raw.body = body.dump();
    return raw;
}

}  // namespace cho40::rails::momo
