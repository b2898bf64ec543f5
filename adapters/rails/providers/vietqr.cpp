#include "adapters/rails/providers/vietqr.h"
#include "adapters/rails/members.h"
#include "adapters/rails/signature.h"
#include "adapters/strict_json/strict_json.h"
#include "base/check.h"
#include "base/digest.h"
#include "base/text.h"
#include "qr-pay/order_code.h"
#include <charconv>
#include <nlohmann/json.hpp>
#include <openssl/evp.h>

namespace cho40::rails::vietqr {
namespace {

using nlohmann::json;

// A key of its own for tokens, so that nothing else signed with the secret can pass for one.
std::string token_signature(RailSecret const& secret, std::string_view end)
{
    auto const key = hmac_sha256_hex(secret.key.expose(), "cho40 vietqr token");
    return hmac_sha256_hex(key, end);
}

Result<Done> check_token(RawNotification const& raw, RailSecret const& secret)
{
    auto const token = credentials(raw.header("Authorization"), "Bearer");
    if (token.empty()) return fail(Errc::bad_token, "there is no bearer token", "#header/Authorization");
    if (secret.is_the_token_itself && equal_in_constant_time(token, secret.key.expose())) return Done{};
    if (!is_token_valid(token, secret, raw.received_at))
        return fail(Errc::bad_token, "the token is wrong or too old", "#header/Authorization");
    return Done{};
}

// All names in lower case; two spellings of one name are two values for one thing.
Result<json> with_lower_names(json const& body)
{
    auto out = json::object();
    for (auto const& [name, value] : body.items()) {
        std::string lower = name;
        for (char& c : lower) {
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        }
        if (out.contains(lower))
            return fail(Errc::invalid_json, "the member " + strict_json::shown(lower) + " stands twice in two spellings");
        out[lower] = value;
    }
    return out;
}

Result<qr_pay::Direction> read_direction(Members const& members)
{
    CHO_TRY(auto const type, members.text("transtype", 10));
    if (type == "C") return qr_pay::Direction::in;
    if (type == "D") return qr_pay::Direction::out;
    return fail(Errc::unknown_value, "must be C or D", "/transType");
}

Result<Instant> read_time(Members const& members)
{
    CHO_TRY(auto const milliseconds, members.whole("transactiontime"));
    return from_milliseconds(milliseconds, "/transactiontime");
}

Result<qr_pay::BankCredit> read_transfer(Members const& members)
{
    CHO_TRY(auto const direction, read_direction(members));
    CHO_TRY(auto const amount, members.amount("amount"));
    CHO_TRY(auto const account, members.text("bankaccount", 64));
    CHO_TRY(auto const id, members.text("transactionid", 100));
    CHO_TRY(auto const booked_at, read_time(members));
    if (trim(account).empty()) return fail(Errc::required, "is empty", "/bankaccount");
    if (trim(id).empty()) return fail(Errc::required, "is empty", "/transactionid");

    qr_pay::BankCredit credit("vietqr", id, std::string(trim(account)), direction, amount, booked_at);
    CHO_TRY(credit.bank_reference, members.text("referencenumber", 100));
    CHO_TRY(credit.memo, members.text("content", 500));
    CHO_TRY(credit.provider_order, members.optional_text("orderid", 64));
    // The order id is an echo of what we gave when the code was made: where it is an order code, it names the request.
    if (qr_pay::OrderCode::parse(credit.provider_order)) credit.order_code = credit.provider_order;
    return credit;
}

class Vietqr final : public Rail {
public:
    RailFacts const& facts() const override
    {
        static RailFacts const facts{.name = "vietqr",
                                     .title = "vietqr.vn",
                                     .proof = "A bearer token that we gave out seconds before, for Basic credentials of our choice.",
                                     .secret_form = "user:password, chosen by us",
                                     .secret_form_vi = "user:password, do mình tự đặt",
                                     .doors = {{.path = "/api/token_generate", .use = Door::Use::token, .suffix = "_token"},
                                               {.path = "/bank/api/transaction-sync", .suffix = "_sync"}}};
        return facts;
    }

    bool is_secret(std::string_view text) const override
    {
        auto const colon = text.find(':');
        return colon != text.npos && colon > 0 && colon + 1 < text.size();
    }

    Result<RailMessage> read(RawNotification const& raw, RailSecret const& secret) const override
    {
        CHO_TRY_DO(check_token(raw, secret));
        CHO_TRY(auto const body, parse_notification(raw.body));
        CHO_TRY(auto const members, with_lower_names(body));
        CHO_TRY(auto credit, read_transfer(Members(members, "")));
        RailMessage message;
        message.transfers.push_back(std::move(credit));
        return message;
    }

    Result<Reply> give_token(RawNotification const& raw, RailSecret const& secret) const override
    {
        auto const given = from_base64(credentials(raw.header("Authorization"), "Basic"));
        if (!given || !equal_in_constant_time(*given, secret.key.expose()))
            return fail(Errc::unauthenticated, "the user name or the password is wrong", "#header/Authorization");
        return Reply{200, json{{"access_token", make_token(secret, raw.received_at)},
                               {"token_type", "Bearer"},
                               {"expires_in", token_lifetime_told.count()}}
                              .dump()};
    }

    Reply accepted(Taken const& taken) const override
    {
        return {200, json{{"error", false},
                          {"errorReason", nullptr},
                          {"toastMessage", "Đã nhận giao dịch"},
                          {"object", {{"reftransactionid", taken.reference}}}}
                         .dump()};
    }

    Reply refused(Error const& error) const override
    {
        int const status = may_succeed_later(error.code) ? 503 : is_about_authenticity(error.code) ? 401 : 400;
        return {
            status,
            json{{"error", true}, {"errorReason", errc_name(error.code)}, {"toastMessage", words_for_sender(error)}, {"object", nullptr}}
                .dump()};
    }
};

}  // namespace

Rail const& rail()
{
    static Vietqr const vietqr;
    return vietqr;
}

std::string make_token(RailSecret const& secret, Instant now)
{
    auto const end = std::to_string(std::chrono::duration_cast<std::chrono::seconds>((now + token_lifetime).time_since_epoch()).count());
    return end + "." + token_signature(secret, end);
}

bool is_token_valid(std::string_view token, RailSecret const& secret, Instant now)
{
    auto const dot = token.find('.');
    if (dot == token.npos) return false;
    auto const end = token.substr(0, dot);
    if (!equal_in_constant_time(token.substr(dot + 1), token_signature(secret, end))) return false;
    std::int64_t seconds = 0;
    auto const [rest, error] = std::from_chars(end.data(), end.data() + end.size(), seconds);
    if (error != std::errc() || rest != end.data() + end.size()) return false;
    auto const now_seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
    return now_seconds < seconds;
}

Reply token_reply(RawNotification const& raw, RailSecret const& secret)
{
    auto const given = rail().give_token(raw, secret);
    return given ? *given : rail().refused(given.error());
}

std::string sync_body(qr_pay::BankCredit const& credit)
{
    json body{{"bankaccount", credit.account_number},
              {"amount", credit.amount.count()},
              {"transType", credit.direction == qr_pay::Direction::in ? "C" : "D"},
              {"content", credit.memo},
              {"transactionid", credit.provider_id},
              {"transactiontime", to_milliseconds(credit.booked_at)},
              {"referencenumber", credit.bank_reference}};
    if (!credit.provider_order.empty()) body["orderId"] = credit.provider_order;
    return body.dump();
}

std::string basic_authorization(RailSecret const& secret) { return "Basic " + to_base64(secret.key.expose()); }

std::string refund_checksum(RefundOrder const& order, Secret const& key)
{
    auto const text = key.expose() + order.reference + std::to_string(order.amount.count()) + order.account_number;
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    CHO_CHECK(EVP_Digest(text.data(), text.size(), digest, &size, EVP_md5(), nullptr) == 1);
    return to_hex(std::string_view(reinterpret_cast<char const*>(digest), size));
}

}  // namespace cho40::rails::vietqr
