#include "adapters/rails/providers/casso.h"
#include "adapters/rails/members.h"
#include "adapters/rails/signature.h"
#include "adapters/rails/transfer_list.h"
#include "base/check.h"
#include "base/digest.h"
#include "base/text.h"
#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

namespace cho40::rails::casso {
namespace {

using nlohmann::json;

constexpr std::string_view signature_header = "X-Casso-Signature";
constexpr std::string_view signature_place = "#header/X-Casso-Signature";
constexpr std::string_view v1_prefix = "v1:";
constexpr std::string_view probe_reference = "MA_GIAO_DICH_THU_NGHIEM";

// "t=1727948258788,v1=ed0a…"
struct Signature {
    std::string_view milliseconds;
    std::string_view hex;
};

std::optional<Signature> parse_signature(std::string_view header)
{
    Signature out;
    while (!header.empty()) {
        auto const comma = std::min(header.find(','), header.size());
        auto const part = trim(header.substr(0, comma));
        header.remove_prefix(std::min(comma + 1, header.size()));
        if (part.starts_with("t=")) out.milliseconds = part.substr(2);
        if (part.starts_with("v1=")) out.hex = part.substr(3);
    }
    if (out.milliseconds.empty() || out.hex.empty()) return std::nullopt;
    return out;
}

Result<SignedTime> check_signature(RawNotification const& raw, json const& body, std::string_view key)
{
    auto const place = std::string(signature_place);
    auto const given = parse_signature(raw.header(signature_header));
    if (!given) return fail(Errc::bad_signature, "there is no signature of the form t=…,v1=…", place);
    auto const count = digits(given->milliseconds);
    auto const time = count ? from_milliseconds(*count, place) : fail(Errc::invalid_date, "", place);
    if (!time) return fail(Errc::bad_signature, "t is not a time in milliseconds", place);
    bool good = false;
    for (auto const escapes : {Escapes::none, Escapes::all}) {
        good |= fits(hmac_sha512_hex(key, canonical(given->milliseconds, body, escapes)), given->hex);
    }
    if (!good) return fail(Errc::bad_signature, "the signature does not fit time and body", place);
    return SignedTime{*time, signature_place};
}

Result<qr_pay::BankCredit> read_transfer(Members const& data)
{
    CHO_TRY_DO(data.only_vnd());
    CHO_TRY(auto const id, data.whole("id"));
    CHO_TRY(auto const moved, data.moved("amount"));
    CHO_TRY(auto const account, data.id("accountNumber", 64));
    CHO_TRY(auto const booked_at, data.local_time("transactionDateTime"));

    qr_pay::BankCredit credit("casso", std::to_string(id), account, moved.direction, moved.amount, booked_at);
    CHO_TRY(credit.bank_reference, data.optional_text("reference", 100));
    CHO_TRY(credit.memo, data.optional_text("description", 500));
    CHO_TRY(credit.virtual_account, data.optional_text("virtualAccountNumber", 64));
    CHO_TRY(credit.payer_name, data.optional_text("counterAccountName", 200));
    CHO_TRY(credit.payer_account, data.optional_text("counterAccountNumber", 64));
    CHO_TRY(auto bank_id, data.optional_text("counterAccountBankId", 64));
    CHO_TRY(auto bank_name, data.optional_text("counterAccountBankName", 200));
    credit.payer_bank = bank_id.empty() ? std::move(bank_name) : std::move(bank_id);
    CHO_TRY(auto const balance, data.optional_whole("runningBalance"));
    if (balance) credit.balance = Dong(*balance);
    return credit;
}

Result<qr_pay::BankCredit> read_transfer_v1(Members const& data)
{
    CHO_TRY_DO(data.only_vnd());
    CHO_TRY(auto const id, data.whole("id"));
    CHO_TRY(auto const moved, data.moved("amount"));
    CHO_TRY(auto const account, data.id("bank_sub_acc_id", 64));
    CHO_TRY(auto const booked_at, data.local_time("when"));

    qr_pay::BankCredit credit("casso", std::to_string(id), account, moved.direction, moved.amount, booked_at);
    CHO_TRY(credit.bank_reference, data.optional_text("tid", 100));
    CHO_TRY(credit.memo, data.optional_text("description", 500));
    CHO_TRY(auto const balance, data.optional_whole("cusum_balance"));
    if (balance) credit.balance = Dong(*balance);
    return credit;
}

bool is_probe(qr_pay::BankCredit const& credit) { return credit.provider_id == "0" && credit.bank_reference == probe_reference; }

Result<json> member_data(json const& body, json::value_t type, char const* words)
{
    auto const data = body.find("data");
    if (data == body.end()) return fail(Errc::required, "is missing", "/data");
    if (data->type() != type) return fail(Errc::wrong_type, words, "/data");
    return *data;
}

// An error that Casso tells of is nothing that moved money.
bool tells_of_money(json const& body) { return !body.contains("error") || body.at("error") == 0; }

// A list may tell the day alone, or its first second where the bank tells no time.
Result<Instant> read_when(Members const& line)
{
    CHO_TRY(auto const written, line.text("when", 40));
    if (auto const day = Day::parse(written)) return day->begin();
    return line.local_time("when");
}

bool has_time(qr_pay::BankCredit const& credit) { return credit.booked_at != Day::of(credit.booked_at).begin(); }

Result<qr_pay::BankCredit> read_listed(Members const& line)
{
    CHO_TRY(auto const id, line.whole("id"));
    CHO_TRY(auto const signed_amount, line.optional_decimal("amount"));
    auto const count = signed_amount.value_or(0);
    bool const is_out = count < 0;
    CHO_TRY(auto const amount,
            moved_amount(is_out && count != std::numeric_limits<std::int64_t>::min() ? -count : count, line.pointer_to("amount")));
    CHO_TRY(auto const account, line.id("bankSubAccId", 64));
    CHO_TRY(auto const booked_at, read_when(line));

    qr_pay::BankCredit credit("casso", std::to_string(id), account, is_out ? qr_pay::Direction::out : qr_pay::Direction::in, amount,
                              booked_at);
    CHO_TRY(credit.bank_reference, line.optional_text("tid", 100));
    CHO_TRY(credit.memo, line.optional_text("description", 500));
    CHO_TRY(credit.virtual_account, line.optional_text("virtualAccount", 64));
    CHO_TRY(credit.payer_name, line.optional_text("corresponsiveName", 200));
    CHO_TRY(credit.payer_account, line.optional_text("corresponsiveAccount", 64));
    CHO_TRY(auto bank_id, line.optional_text("corresponsiveBankId", 64));
    CHO_TRY(auto bank_name, line.optional_text("corresponsiveBankName", 200));
    credit.payer_bank = bank_id.empty() ? std::move(bank_name) : std::move(bank_id);
    // Written in one way by Casso's description and in the other by Casso.
    CHO_TRY(auto balance, line.optional_decimal("cusumBalance"));
    if (!balance) { CHO_TRY(balance, line.optional_decimal("cusum_balance")); }
    if (balance) credit.balance = Dong(*balance);
    return credit;
}

// GET …/v2/transactions: whole days, in pages; the place is the number of the page. Asked for the newest first, so that a reading of
// the last minutes is one page; what is booked meanwhile moves lines to later pages, never to earlier ones.
class CassoList final : public TransferList {
public:
    std::string_view address() const override { return "https://oauth.casso.vn"; }

    ListCall ask(ListWindow const& window, std::string_view place, Secret const& key) const override
    {
        return ListCall("/v2/transactions?fromDate=" + Day::of(window.from).to_string() + "&toDate=" + Day::of(window.to).to_string() +
                            "&page=" + std::to_string(page_of(place)) + "&pageSize=100&sort=DESC",
                        "Apikey " + key.expose());
    }

    Result<ListPage> read(std::string_view body, ListWindow const& window, std::string_view place) const override
    {
        CHO_TRY(auto const answer, parse_list(body));
        if (!tells_of_money(answer)) return fail(Errc::unknown_value, "Casso says that something went wrong", "/error");
        CHO_TRY(auto const data, member_data(answer, json::value_t::object, "must be an object"));
        auto const records = data.find("records");
        if (records == data.end()) return fail(Errc::required, "is missing", "/data/records");
        if (!records->is_array()) return fail(Errc::wrong_type, "must be a list", "/data/records");
        CHO_TRY(auto const pages, Members(data, "/data").whole("totalPages"));
        ListPage page;
        read_lines(*records, "/data/records", page, [](json const& line, std::string const& at) { return read_listed(Members(line, at)); });
        bool const goes_beyond = std::ranges::any_of(
            page.transfers, [&](qr_pay::BankCredit const& credit) { return has_time(credit) && credit.booked_at < window.from; });
        if (!goes_beyond && !records->empty() && page_of(place) < pages) page.next = std::to_string(page_of(place) + 1);
        return page;
    }

private:
    static std::int64_t page_of(std::string_view place) { return digits(place).value_or(1); }
};

class Casso final : public Rail {
public:
    RailFacts const& facts() const override
    {
        static RailFacts const facts{
            .name = "casso",
            .title = "Casso",
            .proof =
                "`X-Casso-Signature`: HMAC-SHA512 over its time and the sorted body; of the first generation, the key itself in `secure-token`.",
            .secret_form = "the checksum key, or v1:KEY for a webhook of the first generation",
            .secret_form_vi = "checksum key, hoặc v1:KEY nếu là webhook thế hệ đầu",
            .doors = {{.path = ""}},
            .proof_headers = {signature_header}};
        return facts;
    }

    bool is_secret(std::string_view text) const override
    {
        return is_key(text.starts_with(v1_prefix) ? text.substr(v1_prefix.size()) : text);
    }

    Result<RailMessage> read(RawNotification const& raw, RailSecret const& secret) const override
    {
        std::string_view const key = secret.key.expose();
        return key.starts_with(v1_prefix) ? read_v1(raw, key.substr(v1_prefix.size())) : read_v2(raw, key);
    }

    Reply accepted(Taken const&) const override { return {200, R"({"success":true})"}; }

    Reply refused(Error const& error) const override
    {
        int const status = may_succeed_later(error.code) ? 503 : is_about_authenticity(error.code) ? 401 : 422;
        return {status, json{{"success", false}, {"code", errc_name(error.code)}, {"message", words_for_sender(error)}}.dump()};
    }

    TransferList const* list() const override
    {
        static CassoList const list;
        return &list;
    }

private:
    static Result<RailMessage> read_v2(RawNotification const& raw, std::string_view key)
    {
        CHO_TRY(auto const body, parse_notification(raw.body));
        RailMessage message;
        CHO_TRY(message.signed_at, check_signature(raw, body, key));
        if (!tells_of_money(body)) return message;
        CHO_TRY(auto const data, member_data(body, json::value_t::object, "must be an object"));
        CHO_TRY(auto credit, read_transfer(Members(data, "/data")));
        message.is_probe = is_probe(credit);
        message.transfers.push_back(std::move(credit));
        return message;
    }

    static Result<RailMessage> read_v1(RawNotification const& raw, std::string_view key)
    {
        if (!equal_in_constant_time(raw.header("secure-token"), key))
            return fail(Errc::bad_token, "secure-token is not the agreed one", "#header/secure-token");
        CHO_TRY(auto const body, parse_notification(raw.body));
        RailMessage message;
        if (!tells_of_money(body)) return message;
        CHO_TRY(auto const data, member_data(body, json::value_t::array, "must be a list"));
        for (std::size_t i = 0; i < data.size(); ++i) {
            auto const place = "/data/" + std::to_string(i);
            if (!data[i].is_object()) return fail(Errc::wrong_type, "must be an object", place);
            CHO_TRY(auto credit, read_transfer_v1(Members(data[i], place)));
            message.transfers.push_back(std::move(credit));
        }
        message.is_probe = !message.transfers.empty() && std::ranges::all_of(message.transfers, is_probe);
        return message;
    }
};

}  // namespace

Rail const& rail()
{
    static Casso const casso;
    return casso;
}

std::string canonical(std::string_view milliseconds, json const& body, Escapes escapes)
{
    // Members of nlohmann's objects are sorted.
    auto const written = body.dump(-1, ' ', escapes == Escapes::all);
    std::string text(milliseconds);
    text += '.';
    for (char const c : written) {
        if (c == '/' && escapes == Escapes::all) text += '\\';
        text += c;
    }
    return text;
}

RawNotification notification(qr_pay::BankCredit const& credit, RailSecret const& secret, Instant sent_at)
{
    auto const id = digits(credit.provider_id);
    CHO_CHECK(id.has_value());
    std::string_view const key = secret.key.expose();
    auto const amount = credit.direction == qr_pay::Direction::in ? credit.amount.count() : -credit.amount.count();
    auto const balance = credit.balance ? json(credit.balance->count()) : json();
    RawNotification raw;
    raw.received_at = sent_at;
    raw.headers.emplace_back("Content-Type", "application/json");
    if (key.starts_with(v1_prefix)) {
        json const row{{"id", *id},
                       {"tid", credit.bank_reference},
                       {"description", credit.memo},
                       {"amount", amount},
                       {"cusum_balance", balance},
                       {"when", to_local_time(credit.booked_at)},
                       {"bank_sub_acc_id", credit.account_number}};
        raw.body = json{{"error", 0}, {"data", json::array({row})}}.dump();
        raw.headers.emplace_back("secure-token", key.substr(v1_prefix.size()));
        return raw;
    }
    json const body{{"error", 0},
                    {"data",
                     {{"id", *id},
                      {"reference", credit.bank_reference},
                      {"description", credit.memo},
                      {"amount", amount},
                      {"runningBalance", balance},
                      {"transactionDateTime", to_local_time(credit.booked_at)},
                      {"accountNumber", credit.account_number},
                      {"bankName", ""},
                      {"bankAbbreviation", ""},
                      {"virtualAccountNumber", credit.virtual_account},
                      {"virtualAccountName", ""},
                      {"counterAccountName", credit.payer_name},
                      {"counterAccountNumber", credit.payer_account},
                      {"counterAccountBankId", credit.payer_bank},
                      {"counterAccountBankName", ""}}}};
    auto const milliseconds = std::to_string(to_milliseconds(sent_at));
    raw.body = body.dump();
    raw.headers.emplace_back(signature_header,
                             "t=" + milliseconds + ",v1=" + hmac_sha512_hex(key, canonical(milliseconds, body, Escapes::none)));
    return raw;
}

}  // namespace cho40::rails::casso
