#include "adapters/rails/providers/vnpay.h"
#include "adapters/rails/members.h"
#include "adapters/rails/order_reference.h"
#include "adapters/rails/query.h"
#include "adapters/rails/signature.h"
#include "base/digest.h"
#include "base/text.h"
#include <nlohmann/json.hpp>

namespace cho40::rails::vnpay {
namespace {

using nlohmann::json;
using Query = std::map<std::string, std::string>;

std::string place_of(std::string_view name) { return "#query/" + std::string(name); }

Result<Done> check_hash(Query const& query, RailSecret const& secret)
{
    auto const given = query.find("vnp_SecureHash");
    if (given == query.end()) return fail(Errc::bad_signature, "there is no hash", place_of("vnp_SecureHash"));
    if (!fits(hmac_sha512_hex(secret.key.expose(), canonical(query)), given->second))
        return fail(Errc::bad_signature, "the hash does not fit the query", place_of("vnp_SecureHash"));
    return Done{};
}

Result<std::string> text(Query const& query, std::string_view name, std::size_t characters_max)
{
    auto const it = query.find(std::string(name));
    if (it == query.end() || trim(it->second).empty()) return fail(Errc::required, "is missing", place_of(name));
    CHO_TRY(auto const kept, kept_text(it->second, characters_max, place_of(name)));
    return std::string(trim(kept));
}

Result<std::string> optional_text(Query const& query, std::string_view name, std::size_t characters_max)
{
    auto const it = query.find(std::string(name));
    return it == query.end() ? std::string() : kept_text(it->second, characters_max, place_of(name));
}

Result<Dong> read_amount(Query const& query)
{
    CHO_TRY(auto const written, text(query, "vnp_Amount", 40));
    auto const hundredths = digits(written);
    if (!hundredths) return fail(Errc::wrong_type, "must be a whole number", place_of("vnp_Amount"));
    if (*hundredths % 100 != 0) return fail(Errc::wrong_type, "must be whole đồng times 100", place_of("vnp_Amount"));
    return moved_amount(*hundredths / 100, place_of("vnp_Amount"));
}

// "20240521091806", in Vietnam's time.
Result<Instant> read_time(Query const& query)
{
    CHO_TRY(auto const t, text(query, "vnp_PayDate", 40));
    auto const wrong = [] { return fail(Errc::invalid_date, "must be yyyyMMddHHmmss", place_of("vnp_PayDate")); };
    if (t.size() != 14 || !digits(t)) return wrong();
    auto const time = parse_local_time(t.substr(0, 4) + "-" + t.substr(4, 2) + "-" + t.substr(6, 2) + " " + t.substr(8, 2) + ":" +
                                       t.substr(10, 2) + ":" + t.substr(12, 2));
    if (!time) return wrong();
    return *time;
}

Result<bool> is_paid(Query const& query)
{
    CHO_TRY(auto const response, text(query, "vnp_ResponseCode", 10));
    CHO_TRY(auto const status, text(query, "vnp_TransactionStatus", 10));
    return response == "00" && status == "00";
}

Result<qr_pay::BankCredit> read_payment(Query const& query)
{
    CHO_TRY(auto const currency, optional_text(query, "vnp_CurrCode", 10));
    if (!currency.empty() && currency != "VND") return fail(Errc::currency_not_vnd, "only VND can be booked", place_of("vnp_CurrCode"));
    CHO_TRY(auto const amount, read_amount(query));
    CHO_TRY(auto const merchant, text(query, "vnp_TmnCode", 64));
    CHO_TRY(auto order, text(query, "vnp_TxnRef", 100));
    CHO_TRY(auto const number, text(query, "vnp_TransactionNo", 40));
    CHO_TRY(auto const paid_at, read_time(query));

    qr_pay::BankCredit credit("vnpay", number + "/" + order, merchant, qr_pay::Direction::in, amount, paid_at);
    // vnp_BankTranNo is a number of whichever bank the payer has: two banks may give the same one, so it identifies nothing
    // on the merchant's account.
    CHO_TRY(credit.memo, optional_text(query, "vnp_OrderInfo", 500));
    CHO_TRY(credit.payer_bank, optional_text(query, "vnp_BankCode", 64));
    credit.order_code = order_code_in(order);
    credit.provider_order = std::move(order);
    return credit;
}

Reply reply(std::string_view code, std::string_view words) { return {200, json{{"RspCode", code}, {"Message", words}}.dump()}; }

class Vnpay final : public Rail {
public:
    RailFacts const& facts() const override
    {
        static RailFacts const facts{.name = "vnpay",
                                     .title = "VNPAY",
                                     .proof = "`vnp_SecureHash` in the query: HMAC-SHA512 over its sorted, form-encoded members.",
                                     .secret_form = "the hash secret (vnp_HashSecret)",
                                     .secret_form_vi = "chuỗi bí mật tạo checksum (vnp_HashSecret)",
                                     .doors = {{.path = "", .verb = Door::Verb::get}},
                                     .answer_tells_of_order = true};
        return facts;
    }

    bool is_secret(std::string_view text) const override { return is_key(text); }

    Result<RailMessage> read(RawNotification const& raw, RailSecret const& secret) const override
    {
        CHO_TRY(auto const query, parse_query(raw.query));
        CHO_TRY_DO(check_hash(query, secret));
        RailMessage message;
        CHO_TRY(auto const paid, is_paid(query));
        if (!paid) return message;
        CHO_TRY(auto credit, read_payment(query));
        message.transfers.push_back(std::move(credit));
        return message;
    }

    Reply accepted(Taken const& taken) const override
    {
        switch (taken.outcome) {
        case Outcome::recorded: break;
        case Outcome::repeated:
        case Outcome::order_settled: return reply("02", "Order already confirmed");
        case Outcome::order_unknown: return reply("01", "Order not found");
        case Outcome::amount_differs: return reply("04", "Invalid amount");
        }
        return reply("00", "Confirm Success");
    }

    Reply refused(Error const& error) const override
    {
        if (is_about_authenticity(error.code)) return reply("97", "Invalid signature");
        return reply("99", std::string(errc_name(error.code)) + ": " + words_for_sender(error));
    }
};

}  // namespace

Rail const& rail()
{
    static Vnpay const vnpay;
    return vnpay;
}

std::string canonical(Query const& query)
{
    std::string text;
    for (auto const& [name, value] : query) {
        if (value.empty() || name == "vnp_SecureHash" || name == "vnp_SecureHashType") continue;
        if (!text.empty()) text += '&';
        text += form_encode(name) + "=" + form_encode(value);
    }
    return text;
}

RawNotification notification(qr_pay::BankCredit const& credit, RailSecret const& secret, Instant sent_at, std::string_view response_code)
{
    std::string day_and_time;
    for (char const c : to_local_time(credit.booked_at)) {
        if (c >= '0' && c <= '9') day_and_time += c;
    }
    Query const query{{"vnp_Amount", std::to_string(credit.amount.count()) + "00"},
                      {"vnp_BankCode", credit.payer_bank},
                      {"vnp_BankTranNo", credit.bank_reference},
                      {"vnp_CardType", "QRCODE"},
                      {"vnp_OrderInfo", credit.memo},
                      {"vnp_PayDate", day_and_time},
                      {"vnp_ResponseCode", std::string(response_code)},
                      {"vnp_TmnCode", credit.account_number},
                      {"vnp_TransactionNo", credit.provider_id},
                      {"vnp_TransactionStatus", response_code == "00" ? "00" : "02"},
                      {"vnp_TxnRef", credit.provider_order}};
    RawNotification raw;
    raw.received_at = sent_at;
    raw.query = canonical(query);
    raw.query += "&vnp_SecureHash=" + hmac_sha512_hex(secret.key.expose(), raw.query);
    return raw;
}

}  // namespace cho40::rails::vnpay
