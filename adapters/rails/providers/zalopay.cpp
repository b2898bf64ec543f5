#include "adapters/rails/providers/zalopay.h"
#include "adapters/rails/members.h"
#include "adapters/rails/order_reference.h"
#include "adapters/rails/signature.h"
#include "base/check.h"
#include "base/digest.h"
#include <nlohmann/json.hpp>

namespace cho40::rails::zalopay {
namespace {

using nlohmann::json;

constexpr int payment_type = 1;

Result<std::string> check_mac(json const& body, RailSecret const& secret)
{
    auto const data = body.find("data");
    if (data == body.end() || !data->is_string()) return fail(Errc::bad_signature, "there is no signed data", "/data");
    auto const mac = body.find("mac");
    if (mac == body.end() || !mac->is_string()) return fail(Errc::bad_signature, "there is no mac", "/mac");
    auto const& text = data->get_ref<std::string const&>();
    if (!fits(hmac_sha256_hex(secret.key.expose(), text), mac->get_ref<std::string const&>()))
        return fail(Errc::bad_signature, "the mac does not fit the data", "/mac");
    return text;
}

Result<qr_pay::BankCredit> read_payment(Members const& data)
{
    CHO_TRY_DO(data.only_vnd());
    CHO_TRY(auto const app, data.whole("app_id"));
    CHO_TRY(auto const amount, data.amount("amount"));
    CHO_TRY(auto const number, data.whole("zp_trans_id"));
    CHO_TRY(auto const milliseconds, data.whole("server_time"));
    CHO_TRY(auto const paid_at, from_milliseconds(milliseconds, data.pointer_to("server_time")));

    qr_pay::BankCredit credit("zalopay", std::to_string(number), std::to_string(app), qr_pay::Direction::in, amount, paid_at);
    CHO_TRY(credit.provider_order, data.id("app_trans_id", 100));
    credit.order_code = order_code_in(credit.provider_order);
    credit.memo = credit.provider_order;  // a callback carries no words of the payer
    credit.payer_bank = "ZaloPay";
    return credit;
}

Reply reply(int code, std::string_view words) { return {200, json{{"return_code", code}, {"return_message", words}}.dump()}; }

class Zalopay final : public Rail {
public:
    RailFacts const& facts() const override
    {
        static RailFacts const facts{.name = "zalopay",
                                     .title = "ZaloPay",
                                     .proof = "`mac` in the body: HMAC-SHA256 with key2 over the text of `data`.",
                                     .secret_form = "key2",
                                     .secret_form_vi = "key2",
                                     .doors = {{.path = ""}}};
        return facts;
    }

    bool is_secret(std::string_view text) const override { return is_key(text); }

    Result<RailMessage> read(RawNotification const& raw, RailSecret const& secret) const override
    {
        CHO_TRY(auto const body, parse_notification(raw.body));
        CHO_TRY(auto const text, check_mac(body, secret));
        RailMessage message;
        CHO_TRY(auto const type, Members(body, "").optional_whole("type"));
        if (type.value_or(payment_type) != payment_type) return message;
        auto const data = parse_notification(text);
        if (!data) return fail(data.error().code, data.error().detail, "/data");
        CHO_TRY(auto credit, read_payment(Members(*data, "/data")));
        message.transfers.push_back(std::move(credit));
        return message;
    }

    Reply accepted(Taken const& taken) const override
    {
        return taken.outcome == Outcome::repeated ? reply(2, "duplicate") : reply(1, "success");
    }

    Reply refused(Error const& error) const override
    {
        auto const words = std::string(errc_name(error.code)) + ": " + words_for_sender(error);
        return reply(may_succeed_later(error.code) ? 0 : -1, words);
    }
};

}  // namespace

Rail const& rail()
{
    static Zalopay const zalopay;
    return zalopay;
}

std::string signed_body(std::string const& data, RailSecret const& secret)
{
    return json{{"data", data}, {"mac", hmac_sha256_hex(secret.key.expose(), data)}, {"type", payment_type}}.dump();
}

RawNotification notification(qr_pay::BankCredit const& credit, RailSecret const& secret, Instant sent_at)
{
    auto const app = digits(credit.account_number);
    auto const number = digits(credit.provider_id);
    CHO_CHECK(app.has_value() && number.has_value());
    auto const milliseconds = to_milliseconds(credit.booked_at);
    json const data{{"app_id", *app},
                    {"app_trans_id", credit.provider_order},
                    {"app_time", milliseconds},
                    {"app_user", "cho40"},
                    {"amount", credit.amount.count()},
                    {"embed_data", "{}"},
                    {"item", "[]"},
                    {"zp_trans_id", *number},
                    {"server_time", milliseconds},
                    {"channel", 38},
                    {"merchant_user_id", ""},
                    {"user_fee_amount", 0},
                    {"discount_amount", 0}};
    RawNotification raw;
    raw.received_at = sent_at;
    raw.headers.emplace_back("Content-Type", "application/json");
    raw.body = signed_body(data.dump(), secret);
    return raw;
}

}  // namespace cho40::rails::zalopay
