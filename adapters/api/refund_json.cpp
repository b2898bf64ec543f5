#include "adapters/api/refund_json.h"
#include "adapters/api/ids.h"
#include "adapters/http/json_writer.h"
#include "base/text.h"
#include "qr-pay/bank_account.h"
#include "qr-pay/banks.h"
#include "qr-pay/vietqr.h"
#include <algorithm>
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using nlohmann::json;
using qr_pay::RefundMethod;
using qr_pay::RefundState;
using qr_pay::StoredRefund;

struct StateText {
    std::string_view step;             // of the payment's timeline
    std::string_view step_vi, step_en;
    std::string_view next_vi, next_en;  // what happens next, or what to do
};

StateText const& text_of(RefundState state)
{
    static constexpr StateText texts[] = {
        {"refund_requested", "Lập khoản hoàn, chờ duyệt", "Refund asked for, waits for approval", "Chờ người khác duyệt. Chưa chuyển tiền.",
         "Another person has to approve it. Do not transfer yet."},
        {"refund_due", "Phải hoàn cho khách", "To be given back", "", ""},
        {"refund_in_doubt", "Đã nhờ nhà cung cấp hoàn, chưa rõ kết quả", "The provider was asked, its answer is not known",
         "Chưa biết tiền đã đi chưa. Đừng chuyển lần nữa: khi ngân hàng báo tiền ra, máy tự ghi.",
         "It is not known whether the money left. Do not send it again: the bank's notice of it will settle it."},
        {"refund_sent", "Nhà cung cấp đã nhận lệnh hoàn", "The provider took the refund", "Chờ ngân hàng báo tiền ra. Đừng chuyển lần nữa.",
         "Waiting for the bank's notice. Do not send it again."},
        {"refunded", "Đã hoàn cho khách", "Given back", "Đã xong, không phải làm gì thêm.", "Done, nothing is left to do."},
        {"refund_rejected", "Khoản hoàn không được duyệt", "The refund was not approved", "Không chuyển tiền. Có thể lập khoản hoàn khác.",
         "Do not transfer. Another refund can be asked for."},
        {"refund_cancelled", "Đã bỏ khoản hoàn", "The refund was cancelled", "Không chuyển tiền. Có thể lập khoản hoàn khác.",
         "Do not transfer. Another refund can be asked for."},
        {"refund_failed", "Nhà cung cấp từ chối hoàn", "The provider refused the refund",
         "Tiền chưa đi. Lập khoản hoàn khác rồi tự chuyển trong app ngân hàng.",
         "The money did not leave. Ask for another refund and transfer it yourself."},
        {"refund_returned", "Ngân hàng trả tiền hoàn về", "The bank sent the refund back",
         "Tiền đã về lại tài khoản, khách chưa nhận được. Hỏi khách số tài khoản đúng rồi lập khoản hoàn khác.",
         "The money is back on the account, the payer has not got it. Ask for the right account, then make another refund."},
    };
    static_assert(std::size(texts) == static_cast<std::size_t>(RefundState::returned) + 1);
    return texts[static_cast<std::size_t>(state)];
}

struct ReasonText {
    std::string_view code, vi, en;
};
constexpr ReasonText state_reasons[] = {
    {"approved", "Đã được người khác duyệt.", "Another person approved it."},
    {"transfer_told", "Ngân hàng báo tiền đã ra, đúng mã và đúng số tiền.", "The bank told of the transfer, with its code and amount."},
    {"entered_by_hand", "Có người nhập mã giao dịch.", "A person entered the bank's reference."},
    {"cancelled_by_payee", "Bên hoàn đã bỏ.", "Cancelled by whoever gives back."},
    {"not_sent", "Bên hoàn xác nhận tiền chưa đi.", "Whoever gives back saw that no money had left."},
    {"provider_called", "Đã gọi nhà cung cấp.", "The provider was called."},
    {"provider_accepted", "Nhà cung cấp đã nhận lệnh.", "The provider took the order."},
    {"provider_refused", "Nhà cung cấp từ chối.", "The provider refused."},
    {"not_agreed", "Người duyệt không đồng ý.", "Whoever had to approve did not agree."},
    {"sent_back", "Ngân hàng trả lại lệnh chuyển.", "The bank sent the transfer back."},
};

std::string state_reason_text(std::string_view code, http::Language language)
{
    for (auto const& row : state_reasons) {
        if (row.code == code) return std::string(language == http::Language::vi ? row.vi : row.en);
    }
    return std::string(code);
}

std::string next_text(StoredRefund const& stored, http::Language language)
{
    bool const vi = language == http::Language::vi;
    auto const& refund = stored.refund;
    if (refund.state != RefundState::due) return std::string(vi ? text_of(refund.state).next_vi : text_of(refund.state).next_en);
    if (refund.method == RefundMethod::provider)
        return vi ? "Máy đang nhờ nhà cung cấp chuyển. Bạn không phải làm gì."
                  : "The provider is being asked to send it. Nothing for you to do.";
    auto const amount = dong_text(refund.amount.count());
    auto const& code = refund.code.text();
    return vi ? "Mở app ngân hàng, chuyển lại khách đúng " + amount + " với nội dung " + code + ". Tiền ra là máy tự ghi đã hoàn."
              : "Open your bank app and send exactly " + amount + " with " + code +
                    " in the memo. It is noted by itself once the money left.";
}

json acts_of(StoredRefund const& stored, RefundReader const& reader)
{
    auto const rights = rights_at(reader.principal, reader.place);
    auto const state = stored.refund.state;
    bool const is_maker = reader.principal.id == stored.made_by || reader.principal.owner == stored.made_by_owner;
    bool const waits = state == RefundState::awaiting_approval;
    json acts = json::array();
    if (waits && rights.approves && !is_maker) {
        acts.push_back("approval");
        acts.push_back("rejection");
    }
    if (rights.sells && (waits || state == RefundState::due)) acts.push_back("cancellation");
    if (rights.owns && (state == RefundState::in_doubt || state == RefundState::sent)) acts.push_back("cancellation");
    if (rights.owns && qr_pay::stands_in_books(state)) acts.push_back("completion");
    return acts;
}

json transfer_json(std::optional<qr_pay::RefundTransfer> const& transfer)
{
    if (!transfer) return nullptr;
    return {{"bank_reference", http::text_or_null(transfer->bank_reference)},
            {"booked_at", http::instant_json(transfer->booked_at)},
            {"rail", http::text_or_null(transfer->rail)},
            {"evidence", http::text_or_null(transfer->evidence)}};
}

// Of fees: which lines of which receipts.
json lines_json(std::vector<qr_pay::RefundPart> const& parts)
{
    json lines = json::array();
    for (auto const& part : parts) {
        if (part.paper.is_nil()) continue;
        lines.push_back({{"receipt", http::to_text(Id<fees::Receipt>(part.paper))},
                         {"line", part.line},
                         {"kind", part.from == ledger::AccountKind::fees ? "phi" : "le_phi"},
                         {"amount", http::money_json(part.amount)}});
    }
    return lines;
}

// The acquirer number of a bank as a rail tells it: by number, or by the short name of exactly one bank.
std::optional<std::string> bin_of(std::string const& told)
{
    auto const& banks = qr_pay::Banks::current();
    if (auto const* bank = banks.find(told)) return bank->bin;
    std::optional<std::string> found;
    for (auto const& bank : banks.all()) {
        if (to_ascii_upper(bank.short_name) != to_ascii_upper(told)) continue;
        if (found) return std::nullopt;
        found = bank.bin;
    }
    return found;
}

std::string tail(std::string const& account) { return "•••• " + (account.size() > 4 ? account.substr(account.size() - 4) : account); }

}  // namespace

SellerRights rights_at(identity::Principal const& principal, identity::Place const& place)
{
    using enum identity::Role;
    SellerRights rights;
    if (principal.is_key()) {
        rights.sells = rights.owns = principal.has_scope("payments:write");
        return rights;
    }
    bool const is_stall = place.kind == identity::Place::Kind::stall;
    for (auto const& grant : principal.grants) {
        bool const here = grant.scope.is_nil() || grant.scope == place.id;
        bool const market = grant.scope.is_nil() || grant.scope == place.market;
        if (here && grant.role == (is_stall ? vendor : agency)) rights.sells = rights.owns = rights.approves = true;
        if (is_stall && here && grant.role == vendor_staff) rights.sells = true;
        if (is_stall && market && grant.role == market_board) rights.approves = true;
    }
    return rights;
}

qr_pay::RefundActor actor_of(identity::Principal const& principal, identity::Place const& place)
{
    qr_pay::RefundActor actor;
    actor.id = principal.id;
    actor.owner = principal.owner;
    actor.is_helper = !rights_at(principal, place).owns;
    return actor;
}

json refund_json(StoredRefund const& stored, RefundReader const& reader)
{
    using qr_pay::RefundSubject;
    auto const& refund = stored.refund;
    bool const is_approval_needed = refund.amount >= stored.approval_from;
    bool const is_stall = reader.place.kind == identity::Place::Kind::stall;
    auto const only_of = [&](RefundSubject kind, std::string_view prefix) {
        return stored.subject_kind == kind ? json(http::id_text(prefix, stored.subject)) : json(nullptr);
    };
    return {
        {"id", http::to_text(refund.id)},
        {"object", "refund"},
        {"mode", "live"},
        {"version", refund.version},
        {"payment", only_of(RefundSubject::payment, "pay")},
        {"credit", only_of(RefundSubject::credit, "crd")},
        {"notice", only_of(RefundSubject::notice, "ntc")},
        {"stall", is_stall ? json(http::id_text("stl", reader.place.id)) : json(nullptr)},
        {"agency", is_stall ? json(nullptr) : json(http::id_text("agc", reader.place.id))},
        {"amount", http::money_json(refund.amount)},
        {"from_owed", http::money_json(refund.from_owed)},
        {"lines", lines_json(refund.parts)},
        {"method", qr_pay::name_of(refund.method)},
        {"state", http::state_json(qr_pay::name_of(refund.state), qr_pay::is_finished(refund.state), stored.since, stored.state_reason,
                                   stored.state_reason.empty() ? std::string() : state_reason_text(stored.state_reason, reader.language))},
        {"reference", refund.code.text()},
        {"reason", {{"code", stored.reason_code}, {"text", http::text_or_null(stored.reason_text)}}},
        {"approval",
         {{"needed", is_approval_needed},
          {"from", http::money_json(stored.approval_from)},
          {"decided_at", http::instant_json(stored.decided_at)}}},
        {"next", next_text(stored, reader.language)},
        {"transfer", transfer_json(stored.transfer)},
        {"returned_by", transfer_json(stored.returned_by)},
        {"acts", acts_of(stored, reader)},
        {"created_at", http::instant_json(refund.created_at)},
        {"updated_at", http::instant_json(stored.since)}};
}

std::optional<std::string> transfer_payload(StoredRefund const& stored, stores::RefundsStore::Payer const& payer)
{
    auto const bin = bin_of(payer.bank);
    if (!bin || !qr_pay::is_account_number(payer.account)) return std::nullopt;
    qr_pay::QrRequest qr(*bin, payer.account);
    qr.amount = stored.refund.amount;
    qr.memo = qr_pay::memo_for(stored.refund.code, "HOAN TIEN");
    auto payload = qr_pay::encode(qr);
    if (!payload) return std::nullopt;
    return *std::move(payload);
}

json destination_json(StoredRefund const& stored, std::optional<stores::RefundsStore::Payer> const& payer)
{
    if (!payer || stored.refund.state != RefundState::due || stored.refund.method != RefundMethod::bank_transfer) return nullptr;
    auto const bin = bin_of(payer->bank);
    auto const* bank = bin ? qr_pay::Banks::current().find(*bin) : nullptr;
    bool const has_qr = transfer_payload(stored, *payer).has_value();
    return {{"bank_name", bank ? json(bank->short_name) : http::text_or_null(payer->bank)},
            {"account_number_masked", tail(payer->account)},
            {"account_name", http::text_or_null(payer->name)},
            {"qr", has_qr ? json("/v1/refunds/" + http::to_text(stored.refund.id) + "/qr") : json(nullptr)}};
}

json telling_json(stores::RefundsStore::Telling const& telling)
{
    return {{"rail", telling.rail},
            {"amount", http::money_json(telling.amount)},
            {"bank_reference", http::text_or_null(telling.bank_reference)},
            {"narrative", telling.narrative},
            {"booked_at", http::instant_json(telling.booked_at)},
            {"outcome", telling.outcome},
            {"match",
             {{"rule", qr_pay::name_of(telling.match.rule)},
              {"from", telling.match.characters.from},
              {"length", telling.match.characters.length},
              {"version", telling.match.version}}}};
}

void add_refunds(json& subject, Dong refundable, std::vector<StoredRefund> const& refunds, RefundReader const& reader)
{
    std::int64_t done = 0;  // within what came
    subject["refunds"] = json::array();
    for (auto const& stored : refunds) {
        subject["refunds"].push_back(refund_json(stored, reader));
        if (stored.refund.state == RefundState::done) done += stored.refund.amount.count();
    }
    subject["refundable"] = http::money_json(refundable);
    subject["refunded"] = http::money_json(Dong(done));
    if (refundable.is_positive() && rights_at(reader.principal, reader.place).sells) subject["acts"].push_back("refund");
}

void add_refund_steps(json& timeline, std::vector<StoredRefund> const& refunds, http::Language language)
{
    bool const vi = language == http::Language::vi;
    auto const add = [&](Instant at, RefundState state, StoredRefund const& stored) {
        auto const& text = text_of(state);
        timeline.push_back({{"at", http::instant_json(at)},
                            {"what", text.step},
                            {"amount", http::money_json(stored.refund.amount)},
                            {"text", vi ? text.step_vi : text.step_en},
                            {"by", nullptr}});
    };
    for (auto const& stored : refunds) {
        auto const state = stored.refund.state;
        bool const asked = stored.refund.amount >= stored.approval_from;
        add(stored.refund.created_at, asked ? RefundState::awaiting_approval : RefundState::due, stored);
        bool const approved = asked && stored.decided_at && state != RefundState::rejected;
        if (approved) add(*stored.decided_at, RefundState::due, stored);
        if (state == RefundState::returned && stored.transfer) add(stored.transfer->booked_at, RefundState::done, stored);
        if (state != RefundState::due && state != RefundState::awaiting_approval) add(stored.since, state, stored);
    }
    // Instants of one form sort as texts do.
    std::stable_sort(timeline.begin(), timeline.end(), [](json const& a, json const& b) { return a["at"] < b["at"]; });
}

}  // namespace cho40::api
