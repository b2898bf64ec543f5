#include "adapters/rails/providers/payos.h"
#include "adapters/rails/members.h"
#include "adapters/rails/signature.h"
#include "adapters/strict_json/strict_json.h"
#include "base/check.h"
#include "base/digest.h"
#include "base/text.h"
#include <nlohmann/json.hpp>

namespace cho40::rails::payos {
namespace {

using nlohmann::json;

constexpr std::int64_t probe_order_code = 123;
constexpr std::string_view probe_account = "12345678";

// One value as it stands in the canonical text.
Result<std::string> canonical_value(json const& value, std::string const& name)
{
    if (value.is_null()) return std::string();
    if (value.is_string()) {
        auto const& text = value.get_ref<std::string const&>();
        return text == "null" || text == "undefined" ? std::string() : text;
    }
    if (value.is_object())
        return fail(Errc::invalid_json, "an object inside data has no signed form",
                    strict_json::pointer("/data", strict_json::shown(name)));
    return value.dump();  // whole numbers, true, false, arrays: members of nlohmann's objects are sorted
}

Result<Done> check_signature(json const& body, RailSecret const& secret)
{
    auto const data = body.find("data");
    if (data == body.end() || !data->is_object()) return fail(Errc::bad_signature, "there is no signed data", "/data");
    auto const signature = body.find("signature");
    if (signature == body.end() || !signature->is_string()) return fail(Errc::bad_signature, "there is no signature", "/signature");
    CHO_TRY(auto const text, canonical(*data));
    if (!fits(hmac_sha256_hex(secret.key.expose(), text), signature->get_ref<std::string const&>())) {
        return fail(Errc::bad_signature, "the signature does not fit the data", "/signature");
    }
    return Done{};
}

// The bank's number identifies a transfer within payOS; without one, link, time and amount do.
std::string provider_id(std::string const& reference, std::string const& link_id, std::string const& time, Dong amount)
{
    if (!reference.empty()) return reference + "/" + link_id;
    return link_id + "/" + time + "/" + std::to_string(amount.count());
}

Result<qr_pay::BankCredit> read_transfer(Members const& data)
{
    CHO_TRY(auto const currency, data.optional_text("currency", 20));
    if (currency != "VND") return fail(Errc::currency_not_vnd, "only VND can be booked", data.pointer_to("currency"));
    CHO_TRY(auto const amount, data.amount("amount"));
    CHO_TRY(auto const order_code, data.whole("orderCode"));
    CHO_TRY(auto const account, data.text("accountNumber", 64));
    CHO_TRY(auto reference, data.optional_text("reference", 100));
    CHO_TRY(auto const link_id, data.optional_text("paymentLinkId", 100));
    CHO_TRY(auto const time, data.text("transactionDateTime", 40));
    auto const booked_at = parse_local_time(time);
    if (!booked_at) return fail(Errc::invalid_date, booked_at.error().detail, data.pointer_to("transactionDateTime"));
    if (trim(account).empty()) return fail(Errc::required, "is empty", data.pointer_to("accountNumber"));

    qr_pay::BankCredit credit("payos", provider_id(reference, link_id, time, amount), std::string(trim(account)), qr_pay::Direction::in,
                              amount, *booked_at);
    credit.bank_reference = std::move(reference);
    credit.provider_order = std::to_string(order_code);
    CHO_TRY(credit.memo, data.optional_text("description", 500));
    CHO_TRY(credit.virtual_account, data.optional_text("virtualAccountNumber", 64));
    CHO_TRY(credit.payer_name, data.optional_text("counterAccountName", 200));
    CHO_TRY(credit.payer_account, data.optional_text("counterAccountNumber", 64));
    CHO_TRY(auto bank_id, data.optional_text("counterAccountBankId", 64));
    CHO_TRY(auto bank_name, data.optional_text("counterAccountBankName", 200));
    credit.payer_bank = bank_id.empty() ? std::move(bank_name) : std::move(bank_id);
    return credit;
}

// payOS tells of booked money only; anything else it may say under this address is acknowledged and moves nothing.
bool tells_of_money(json const& body)
{
    auto const& data = body.at("data");
    auto const says = [](json const& object, char const* name, json const& value) {
        return !object.contains(name) || object.at(name) == value;
    };
    return says(body, "success", true) && says(body, "code", "00") && says(data, "code", "00");
}

class Payos final : public Rail {
public:
    RailFacts const& facts() const override
    {
        static RailFacts const facts{.name = "payos",
                                     .title = "payOS",
                                     .proof = "`signature` in the body: HMAC-SHA256 over the sorted members of `data`.",
                                     .secret_form = "the checksum key",
                                     .secret_form_vi = "checksum key",
                                     .doors = {{.path = ""}}};
        return facts;
    }

    bool is_secret(std::string_view text) const override { return is_key(text); }

    Result<RailMessage> read(RawNotification const& raw, RailSecret const& secret) const override
    {
        CHO_TRY(auto const body, parse_notification(raw.body));
        CHO_TRY_DO(check_signature(body, secret));
        RailMessage message;
        if (!tells_of_money(body)) return message;
        CHO_TRY(auto credit, read_transfer(Members(body.at("data"), "/data")));
        message.is_probe = credit.provider_order == std::to_string(probe_order_code) && credit.account_number == probe_account;
        message.transfers.push_back(std::move(credit));
        return message;
    }

    Reply accepted(Taken const&) const override { return {200, R"({"success":true})"}; }

    Reply refused(Error const& error) const override
    {
        // The retry rule of payOS is not public: a status below 500 says that trying again is no use.
        int const status = may_succeed_later(error.code) ? 503 : is_about_authenticity(error.code) ? 401 : 422;
        return {status, json{{"success", false}, {"code", errc_name(error.code)}, {"desc", words_for_sender(error)}}.dump()};
    }
};

std::string signed_body(json data, Secret const& checksum_key)
{
    auto const text = canonical(data);
    CHO_CHECK(text.has_value());
    json const body{{"code", "00"},
                    {"desc", "success"},
                    {"success", true},
                    {"signature", hmac_sha256_hex(checksum_key.expose(), *text)},
                    {"data", std::move(data)}};
    return body.dump();
}

}  // namespace

Rail const& rail()
{
    static Payos const payos;
    return payos;
}

Result<std::string> canonical(json const& data)
{
    std::string text;
    for (auto const& [name, value] : data.items()) {
        CHO_TRY(auto const written, canonical_value(value, name));
        if (!text.empty()) text += '&';
        text += name + '=' + written;
    }
    return text;
}

std::string link_signature(LinkRequest const& request, Secret const& checksum_key)
{
    return hmac_sha256_hex(checksum_key.expose(), "amount=" + std::to_string(request.amount.count()) + "&cancelUrl=" + request.cancel_url +
                                                      "&description=" + request.description + "&orderCode=" +
                                                      std::to_string(request.order_code) + "&returnUrl=" + request.return_url);
}

std::string webhook_body(qr_pay::BankCredit const& credit, std::int64_t order_code, std::string const& link_id, Secret const& checksum_key)
{
    return signed_body({{"orderCode", order_code},
                        {"amount", credit.amount.count()},
                        {"description", credit.memo},
                        {"accountNumber", credit.account_number},
                        {"reference", credit.bank_reference},
                        {"transactionDateTime", to_local_time(credit.booked_at)},
                        {"currency", "VND"},
                        {"paymentLinkId", link_id},
                        {"code", "00"},
                        {"desc", "Thành công"},
                        {"counterAccountBankId", credit.payer_bank},
                        {"counterAccountBankName", ""},
                        {"counterAccountName", credit.payer_name},
                        {"counterAccountNumber", credit.payer_account},
                        {"virtualAccountName", ""},
                        {"virtualAccountNumber", credit.virtual_account}},
                       checksum_key);
}

std::string probe_body(Secret const& checksum_key)
{
    auto const time = parse_local_time("2023-02-04 18:25:00");
    qr_pay::BankCredit credit("payos", "", std::string(probe_account), qr_pay::Direction::in, Dong(3000), *time);
    credit.memo = "VQRIO123";
    credit.bank_reference = "TF230204212323";
    return webhook_body(credit, probe_order_code, "124c33293c43417ab7879e14c8d9eb18", checksum_key);
}

}  // namespace cho40::rails::payos
