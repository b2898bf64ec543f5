#include "adapters/rails/providers/sepay.h"
#include "adapters/rails/members.h"
#include "adapters/rails/order_reference.h"
#include "adapters/rails/signature.h"
#include "adapters/rails/transfer_list.h"
#include "base/check.h"
#include "base/digest.h"
#include <algorithm>
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

Result<qr_pay::BankCredit> read_listed(Members const& line)
{
    CHO_TRY(auto const id_text, line.as_signed("id"));
    auto const id = digits(id_text);
    if (!id) return fail(Errc::wrong_type, "must be a whole number", line.pointer_to("id"));
    CHO_TRY(auto const in, line.optional_decimal("amount_in"));
    CHO_TRY(auto const out, line.optional_decimal("amount_out"));
    bool const is_out = in.value_or(0) == 0;
    CHO_TRY(auto const amount, moved_amount((is_out ? out : in).value_or(0), line.pointer_to(is_out ? "amount_out" : "amount_in")));
    CHO_TRY(auto const account, line.id("account_number", 64));
    CHO_TRY(auto const booked_at, line.local_time("transaction_date"));

    qr_pay::BankCredit credit("sepay", std::to_string(*id), account, is_out ? qr_pay::Direction::out : qr_pay::Direction::in, amount,
                              booked_at);
    CHO_TRY(credit.virtual_account, line.optional_text("sub_account", 64));
    CHO_TRY(credit.bank_reference, line.optional_text("reference_number", 100));
    CHO_TRY(credit.memo, line.optional_text("transaction_content", 1000));
    CHO_TRY(credit.provider_order, line.optional_text("code", 64));
    credit.order_code = order_code_in(credit.provider_order);
    CHO_TRY(auto const balance, line.optional_decimal("accumulated"));
    if (balance.value_or(0) != 0) credit.balance = Dong(*balance);
    return credit;
}

// GET …/userapi/transactions/list: the newest first, at most `lines_max`. A page that is full is followed by one that ends where it
// began; the place is that moment, in seconds. Lines of that very second come twice and are known the second time.
class SepayList final : public TransferList {
public:
    std::string_view address() const override { return "https://my.sepay.vn"; }
    std::string_view retry_header() const override { return "x-sepay-userapi-retry-after"; }

    ListCall ask(ListWindow const& window, std::string_view place, Secret const& key) const override
    {
        auto const to = end_of(window, place);
        return ListCall("/userapi/transactions/list?transaction_date_min=" + in_query(window.from) +
                            "&transaction_date_max=" + in_query(to) + "&limit=" + std::to_string(lines_max),
                        "Bearer " + key.expose());
    }

    Result<ListPage> read(std::string_view body, ListWindow const& window, std::string_view place) const override
    {
        CHO_TRY(auto const answer, parse_list(body));
        auto const lines = answer.find("transactions");
        if (lines == answer.end()) return fail(Errc::required, "is missing", "/transactions");
        if (!lines->is_array()) return fail(Errc::wrong_type, "must be a list", "/transactions");
        ListPage page;
        read_lines(*lines, "/transactions", page, [](json const& line, std::string const& at) { return read_listed(Members(line, at)); });
        if (lines->size() < lines_max || page.transfers.empty()) return page;
        auto const earliest = std::ranges::min(page.transfers, {}, &qr_pay::BankCredit::booked_at).booked_at;
        // Of the oldest first it would be the beginning of the window, and what lies behind it would never be asked for.
        if (page.transfers.back().booked_at > page.transfers.front().booked_at)
            return fail(Errc::unknown_value, "a full list must have the newest first", "/transactions");
        // A whole page of one second: what else is of that second is not told this way.
        auto const before = end_of(window, place);
        auto const next = earliest < before ? earliest : before - std::chrono::seconds(1);
        if (next >= window.from) page.next = std::to_string(seconds_of(next));
        return page;
    }

private:
    static constexpr std::size_t lines_max = 1000;  // SePay gives up to 5,000; a smaller answer is read without holding others up

    static std::int64_t seconds_of(Instant at) { return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count(); }
    static Instant end_of(ListWindow const& window, std::string_view place)
    {
        auto const seconds = digits(place);
        return std::chrono::ceil<std::chrono::seconds>(seconds ? Instant(std::chrono::seconds(*seconds)) : window.to);
    }
    static std::string in_query(Instant at)
    {
        auto text = to_local_time(at);
        text.replace(10, 1, "%20");
        return text;
    }
};

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

    std::optional<std::string> secret_typed(std::string_view text) const override
    {
        auto const how = agreed(text);
        if (how.mode != Mode::none) return how.key.empty() ? std::nullopt : std::optional(std::string(text));
        if (text.empty()) return std::nullopt;
        return "hmac:" + std::string(text);
    }

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

    TransferList const* list() const override
    {
        static SepayList const list;
        return &list;
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
