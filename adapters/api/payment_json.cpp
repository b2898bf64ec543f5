#include "adapters/api/payment_json.h"
#include "adapters/api/ids.h"
#include "adapters/api/match_json.h"
#include "adapters/http/json_writer.h"
#include "base/text.h"
#include "merchants/day_book.h"
#include "merchants/spoken.h"
#include "qr-pay/banks.h"
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using nlohmann::json;

struct ReasonText {
    std::string_view code, vi, en;
};
constexpr ReasonText reason_texts[] = {
    {"exact", "Nhận đủ tiền.", "Paid in full."},
    {"topped_up", "Khách trả thêm, đã đủ tiền.", "The rest came; paid in full."},
    {"short_paid", "Khách trả thiếu.", "The payer sent too little."},
    {"over", "Khách trả dư.", "The payer sent too much."},
    {"late", "Tiền đến sau khi mã hết hạn.", "The money came after the code had ended."},
    {"late_short", "Tiền đến muộn và còn thiếu.", "The money came late and too little."},
    {"late_over", "Tiền đến muộn và dư.", "The money came late and too much."},
    {"duplicate", "Khách trả hai lần.", "The payer paid twice."},
    {"nameless", "Tiền vào không ghi mã.", "Money without a code."},
    {"ambiguous", "Nội dung có nhiều mã, cần người xem.", "The memo holds several codes; a person must look."},
    {"suggested", "Tiền vào không ghi mã; có thể là của mã đang chờ.", "Money without a code; it may belong to a waiting one."},
    {"cancelled_by_payee", "Người bán đã huỷ mã.", "Cancelled by the stall."},
    {"shortage_waived", "Người bán bớt phần thiếu.", "The stall let the rest go."},
    {"time_over", "Mã đã hết giờ.", "The code's time is over."},
};

std::string state_reason(qr_pay::StoredRequest const& stored) { return stored.reason == "exact" ? std::string() : stored.reason; }

json step(Instant at, std::string_view what, json amount, std::string text)
{
    return {{"at", http::instant_json(at)}, {"what", what}, {"amount", std::move(amount)}, {"text", std::move(text)}, {"by", nullptr}};
}

std::string_view step_of(qr_pay::CreditReason reason)
{
    using enum qr_pay::CreditReason;
    switch (reason) {
    case exact:
    case topped_up: return "paid";
    case short_paid: return "underpaid";
    case over: return "overpaid";
    case late:
    case late_short:
    case late_over: return "paid_late";
    case duplicate: return "duplicate_received";
    case nameless:
    case ambiguous:
    case suggested: return "credit_received";
    }
    return "credit_received";
}

std::optional<std::string> spoken_of(qr_pay::StoredRequest const& stored)
{
    auto const reason = qr_pay::credit_reason_named(stored.reason);
    if (!reason) return std::nullopt;
    // For the request as a whole the sum that came stands for the credit; what was added last is the credit's to say.
    if (*reason == qr_pay::CreditReason::topped_up) return merchants::spoken(qr_pay::CreditReason::exact, stored.request.received, Dong());
    auto const amount = *reason == qr_pay::CreditReason::duplicate ? stored.duplicates : stored.request.received;
    return merchants::spoken(*reason, amount, stored.request.remaining());
}

}  // namespace

std::string reason_text(std::string_view code, http::Language language)
{
    for (auto const& row : reason_texts) {
        if (row.code == code) return std::string(language == http::Language::vi ? row.vi : row.en);
    }
    return std::string(code);
}

std::string masked_account(std::string const& number) { return "•••• " + (number.size() > 4 ? number.substr(number.size() - 4) : number); }

json receiving_account_json(qr_pay::ReceivingAccount const& account)
{
    auto const* bank = qr_pay::Banks::current().find(account.bank_bin);
    return {{"bank_bin", account.bank_bin},
            {"bank_name", bank ? bank->short_name : account.bank_bin},
            {"account_number_masked", masked_account(account.account_number)},
            {"account_name", account.holder_name}};
}

json stall_json(merchants::StallWithAccount const& s)
{
    auto const made_at = http::instant_json(
        Instant(std::chrono::milliseconds((std::int64_t{s.stall.id.uuid.bytes[0]} << 40) | (std::int64_t{s.stall.id.uuid.bytes[1]} << 32) |
                                          (std::int64_t{s.stall.id.uuid.bytes[2]} << 24) | (std::int64_t{s.stall.id.uuid.bytes[3]} << 16) |
                                          (std::int64_t{s.stall.id.uuid.bytes[4]} << 8) | std::int64_t{s.stall.id.uuid.bytes[5]})));
    return {{"id", http::to_text(s.stall.id)},
            {"object", "stall"},
            {"mode", "live"},
            {"version", s.stall.version},
            {"name", s.stall.name},
            {"number", s.stall.number},
            {"market", {{"id", http::to_text(s.stall.market)}, {"name", s.market_name}}},
            {"household", {{"id", http::to_text(s.stall.household)}, {"name", s.household_name}}},
            {"receiving_account", receiving_account_json(s.account)},
            {"merchant_contracts", json::array()},
            {"sign", "/v1/stalls/" + http::to_text(s.stall.id) + "/sign.pdf"},
            {"open", true},
            {"created_at", made_at},
            {"updated_at", made_at}};
}

json payment_json(qr_pay::StoredRequest const& stored, merchants::StallWithAccount const& stall, http::Language language)
{
    auto const& r = stored.request;
    bool const open = qr_pay::is_open(r.state);
    auto const reason = state_reason(stored);
    auto const over = r.received > r.asked ? *subtract(r.received, r.asked) : Dong();
    json acts = json::array();
    if (r.state == qr_pay::PaymentState::created || r.state == qr_pay::PaymentState::waiting) acts.push_back("cancellation");
    if (r.state == qr_pay::PaymentState::underpaid) acts.push_back("shortage_waiver");
    auto const id = http::to_text(r.id);
    auto const spoken = spoken_of(stored);
    return {{"id", id},
            {"object", "payment"},
            {"mode", "live"},
            {"version", r.version},
            {"stall", http::to_text(stall.stall.id)},
            {"amount", http::money_json(r.asked)},
            {"received", http::money_json(r.received)},
            {"remaining", http::money_json(open || r.state == qr_pay::PaymentState::paid_late ? r.remaining() : Dong())},
            {"excess", http::money_json(*add(over, stored.duplicates))},
            {"state", http::state_json(qr_pay::name_of(r.state), !open, stored.since, reason,
                                       reason.empty() ? std::string() : reason_text(reason, language))},
            {"reference", r.code.text()},
            {"note", http::text_or_null(stored.note)},
            {"client_ref", http::text_or_null(stored.client_ref)},
            {"expires_at", http::instant_json(r.expires_at)},
            {"qr", {{"payload", stored.qr_payload}, {"image", "/v1/payments/" + id + "/qr"}}},
            {"payee", receiving_account_json(stall.account)},
            {"acts", std::move(acts)},
            {"spoken", spoken ? json(*spoken) : json(nullptr)},
            {"created_at", http::instant_json(r.created_at)},
            {"updated_at", http::instant_json(stored.since)}};
}

json timeline_json(qr_pay::StoredRequest const& stored, std::vector<stores::PaymentsStore::CreditView> const& credits,
                   http::Language language)
{
    bool const vi = language == http::Language::vi;
    json steps = json::array();
    steps.push_back(step(stored.request.created_at, "created", http::money_json(stored.request.asked),
                         (vi ? "Tạo mã " : "Code made for ") + dong_text(stored.request.asked.count())));
    for (auto const& c : credits) {
        steps.push_back(
            step(c.received_at, step_of(c.reason), http::money_json(c.amount), reason_text(qr_pay::name_of(c.reason), language)));
    }
    if (stored.reason == "cancelled_by_payee")
        steps.push_back(step(stored.since, "cancelled", nullptr, reason_text(stored.reason, language)));
    if (stored.reason == "shortage_waived")
        steps.push_back(
            step(stored.since, "shortage_waived", http::money_json(stored.request.waived), reason_text(stored.reason, language)));
    if (stored.reason == "time_over") steps.push_back(step(stored.since, "expired", nullptr, reason_text(stored.reason, language)));
    return steps;
}

namespace {

// The payment a person may confirm it is for; nothing once somebody has, or once that payment was settled otherwise.
json suggestion_json(stores::PaymentsStore::CreditView const& c)
{
    if (c.request || !c.suggested || !c.suggested_is_open) return nullptr;
    return {{"payment", http::to_text(*c.suggested)}, {"reference", c.suggested_code}};
}

json bank_name_json(std::string const& told)
{
    auto const bin = qr_pay::bank_bin_told(told);
    return bin.empty() ? http::text_or_null(told) : json(qr_pay::Banks::current().find(bin)->short_name);
}

// By all rails that told of the money. Of accounts the last four characters, whoever told them.
json payer_json(qr_pay::KnownPayer const& payer)
{
    json contradictions = json::array();
    for (auto const& said : payer.contradictions) {
        json told = said.told;
        if (said.fact == qr_pay::PayerFact::account) told = masked_account(said.told);
        if (said.fact == qr_pay::PayerFact::bank) told = bank_name_json(said.told);
        contradictions.push_back({{"fact", qr_pay::name_of(said.fact)}, {"rail", said.rail}, {"told", std::move(told)}});
    }
    return {{"name", http::text_or_null(payer.name)},
            {"bank_name", bank_name_json(payer.bank)},
            {"account_number_masked", payer.account.empty() ? json(nullptr) : json(masked_account(payer.account))},
            {"contradictions", std::move(contradictions)}};
}

}  // namespace

json credit_json(stores::PaymentsStore::CreditView const& c, merchants::StallWithAccount const& stall, http::Language language)
{
    return {{"id", http::to_text(c.id)},
            {"object", "credit"},
            {"mode", "live"},
            {"version", 1},
            {"stall", http::to_text(stall.stall.id)},
            {"payment", c.request ? json(http::to_text(*c.request)) : json(nullptr)},
            {"amount", http::money_json(c.amount)},
            {"kind", merchants::name_of(merchants::line_kind_of(c.reason))},
            {"rails", c.rails},
            {"bank_reference", c.bank_reference},
            {"narrative", c.narrative},
            {"payer", payer_json(c.payer)},
            {"booked_at", http::instant_json(c.booked_at)},
            {"received_at", http::instant_json(c.received_at)},
            {"refund_due", c.refund_due.is_positive() ? http::money_json(c.refund_due) : json(nullptr)},
            {"match", match_json(c.match, c.narrative, language)},
            {"suggestion", suggestion_json(c)},
            {"acts", json::array()},
            {"created_at", http::instant_json(c.received_at)},
            {"updated_at", http::instant_json(c.received_at)}};
}

}  // namespace cho40::api
