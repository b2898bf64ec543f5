#include "adapters/rails/providers/sepay.h"
#include "adapters/rails/members.h"
#include "adapters/rails/order_reference.h"
#include "adapters/rails/signature.h"
#include "base/check.h"
#include "base/digest.h"
#include <nlohmann/json.hpp>

namespace cho40::rails::sepay {
namespace {

using nlohmann::json;

constexpr std::string_view signature_header = "X-SePay-Signature";
constexpr std::string_view timestamp_header = "X-SePay-Timestamp";
constexpr std::string_view timestamp_place = "#header/X-SePay-Timestamp";

enum class Mode { none, hmac, apikey, bearer };

struct Agreed {
    Mode mode = Mode::none;
    std::string_view key;
};

Agreed agreed(std::string_view secret)
{
    static constexpr std::pair<std::string_view, Mode> forms[] = {
        {"hmac:", Mode::hmac}, {"apikey:", Mode::apikey}, {"bearer:", Mode::bearer}};
    for (auto const& [prefix, mode] : forms) {
        if (secret.starts_with(prefix)) return {mode, secret.substr(prefix.size())};
    }
    return {};
}

Result<SignedTime> check_signature(RawNotification const& raw, std::string_view key)
{
    auto const written = raw.header(timestamp_header);
    // Seconds up to the year 5138; more would not be a moment any more.
    auto const seconds = written.size() <= 11 ? digits(written) : std::nullopt;
    if (!seconds) return fail(Errc::bad_signature, "there is no timestamp in seconds", std::string(timestamp_place));
    constexpr std::string_view prefix = "sha256=";
    auto const given = raw.header(signature_header);
    if (!given.starts_with(prefix) || !fits(signature(written, raw.body, key), given.substr(prefix.size())))
        return fail(Errc::bad_signature, "the signature does not fit timestamp and body", "#header/X-SePay-Signature");
    return SignedTime{Instant(std::chrono::seconds(*seconds)), timestamp_place};
}

Result<Done> check_authorization(RawNotification const& raw, std::string_view scheme, std::string_view key)
{
    if (equal_in_constant_time(credentials(raw.header("Authorization"), scheme), key)) return Done{};
    return fail(Errc::bad_token, "there is no good " + std::string(scheme) + " authorization", "#header/Authorization");
}

Result<std::optional<SignedTime>> check(RawNotification const& raw, RailSecret const& secret)
{
    auto const how = agreed(secret.key.expose());
    if (how.key.empty()) return fail(Errc::bad_signature, "no proof was agreed with SePay for this account");
    if (how.mode == Mode::hmac) {
        CHO_TRY(auto const time, check_signature(raw, how.key));
        return std::optional(time);
    }
    CHO_TRY_DO(check_authorization(raw, how.mode == Mode::apikey ? "Apikey" : "Bearer", how.key));
    return std::optional<SignedTime>();
}

Result<qr_pay::Direction> read_direction(Members const& members)
{
    CHO_TRY(auto const type, members.text("transferType", 10));
    if (type == "in") return qr_pay::Direction::in;
    if (type == "out") return qr_pay::Direction::out;
    return fail(Errc::unknown_value, "must be in or out", members.pointer_to("transferType"));
}

Result<qr_pay::BankCredit> read_transfer(Members const& members)
{
    CHO_TRY_DO(members.only_vnd());
    CHO_TRY(auto const id, members.whole("id"));
    CHO_TRY(auto const direction, read_direction(members));
    CHO_TRY(auto const amount, members.amount("transferAmount"));
    CHO_TRY(auto const account, members.id("accountNumber", 64));
    CHO_TRY(auto const booked_at, members.local_time("transactionDate"));

    qr_pay::BankCredit credit("sepay", std::to_string(id), account, direction, amount, booked_at);
    CHO_TRY(credit.virtual_account, members.optional_text("subAccount", 64));
    CHO_TRY(credit.bank_reference, members.optional_text("referenceCode", 100));
    CHO_TRY(credit.memo, members.optional_text("content", 500));
    // The whole of the bank's text, where the part that the payer wrote could not be told apart.
    if (credit.memo.empty()) { CHO_TRY(credit.memo, members.optional_text("description", 1000)); }
    CHO_TRY(credit.provider_order, members.optional_text("code", 64));
    credit.order_code = order_code_in(credit.provider_order);
    CHO_TRY(auto const balance, members.optional_whole("accumulated"));
    if (balance.value_or(0) != 0) credit.balance = Dong(*balance);  // 0 is what SePay says when it does not know
    return credit;
}

class Sepay final : public Rail {
public:
    RailFacts const& facts() const override
    {
        static RailFacts const facts{
            .name = "sepay",
            .title = "SePay",
            .proof =
                "As agreed: `X-SePay-Signature`, HMAC-SHA256 over timestamp and body; or `Authorization: Apikey …`; or a bearer token.",
            .secret_form = "hmac:SECRET, apikey:KEY or bearer:TOKEN, as chosen at SePay; without proof it cannot be connected",
            .secret_form_vi =
                "hmac:SECRET, apikey:KEY hoặc bearer:TOKEN, đúng cách xác thực đã chọn ở SePay; không nhận cách không xác thực",
            .doors = {{.path = ""}},
            .proof_headers = {timestamp_header, signature_header}};
        return facts;
    }

    bool is_secret(std::string_view text) const override { return is_key(agreed(text).key); }

    Result<RailMessage> read(RawNotification const& raw, RailSecret const& secret) const override
    {
        RailMessage message;
        CHO_TRY(message.signed_at, check(raw, secret));
        CHO_TRY(auto const body, parse_notification(raw.body));
        CHO_TRY(auto credit, read_transfer(Members(body, "")));
        message.transfers.push_back(std::move(credit));
        return message;
    }

    Reply accepted(Taken const&) const override { return {200, R"({"success":true})"}; }

    Reply refused(Error const& error) const override
    {
        int const status = may_succeed_later(error.code) ? 503 : is_about_authenticity(error.code) ? 401 : 422;
        return {status, json{{"success", false}, {"code", errc_name(error.code)}, {"message", words_for_sender(error)}}.dump()};
    }
};

}  // namespace

Rail const& rail()
{
    static Sepay const sepay;
    return sepay;
}

std::string signature(std::string_view timestamp, std::string_view body, std::string_view key)
{
    std::string text(timestamp);
    text += '.';
    text += body;
    return hmac_sha256_hex(key, text);
}

RawNotification notification(qr_pay::BankCredit const& credit, RailSecret const& secret, Instant sent_at)
{
    auto const id = digits(credit.provider_id);
    CHO_CHECK(id.has_value());
    auto const text_or_null = [](std::string const& text) { return text.empty() ? json() : json(text); };
    RawNotification raw;
    raw.body = json{{"id", *id},
                    {"gateway", credit.payer_bank},
                    {"transactionDate", to_local_time(credit.booked_at)},
                    {"accountNumber", credit.account_number},
                    {"subAccount", text_or_null(credit.virtual_account)},
                    {"code", text_or_null(credit.order_code)},
                    {"content", credit.memo},
                    {"transferType", credit.direction == qr_pay::Direction::in ? "in" : "out"},
                    {"description", credit.memo},
                    {"transferAmount", credit.amount.count()},
                    {"accumulated", credit.balance ? credit.balance->count() : 0},
                    {"referenceCode", credit.bank_reference}}
                   .dump();
    raw.received_at = sent_at;
    raw.headers.emplace_back("Content-Type", "application/json");
    auto const how = agreed(secret.key.expose());
    if (how.mode == Mode::hmac) {
        auto const seconds = std::to_string(std::chrono::duration_cast<std::chrono::seconds>(sent_at.time_since_epoch()).count());
        raw.headers.emplace_back(timestamp_header, seconds);
        raw.headers.emplace_back(signature_header, "sha256=" + signature(seconds, raw.body, how.key));
    } else if (how.mode != Mode::none) {
        raw.headers.emplace_back("Authorization", (how.mode == Mode::apikey ? "Apikey " : "Bearer ") + std::string(how.key));
    }
    return raw;
}

}  // namespace cho40::rails::sepay
