#include "adapters/api/refund_json.h"
#include "adapters/api/ids.h"
#include "adapters/api/payment_json.h"
#include "adapters/api/refund_outflow_json.h"
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

using PayerDoubt = stores::RefundsStore::PayerDoubt;

// Why nobody can be told to send it there.
json doubt_json(PayerDoubt doubt, http::Language language)
{
    struct Words {
        std::string_view code, vi, en;
    };
    static constexpr Words words[] = {
        {"none", "", ""},
        {"payer_not_told", "Ngân hàng không báo tài khoản của khách: hỏi khách số tài khoản rồi chuyển.",
         "No bank told the payer's account: ask the payer for it, then transfer."},
        {"several_payers", "Nhiều tài khoản đã trả khoản này: hỏi khách muốn nhận lại vào tài khoản nào.",
         "Several accounts paid this: ask which one to send it back to."},
        {"payer_contradicted", "Hai nơi báo hai tài khoản khách khác nhau: hỏi khách số tài khoản đúng rồi mới chuyển.",
         "Two providers tell of different accounts of the payer: ask for the right one before you transfer."},
    };
    static_assert(std::size(words) == static_cast<std::size_t>(PayerDoubt::contradicted) + 1);
    auto const& row = words[static_cast<std::size_t>(doubt)];
    return {{"code", row.code}, {"text", language == http::Language::vi ? row.vi : row.en}};
}

}  // namespace

std::string refund_next_text(StoredRefund const& stored, http::Language language)
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
        {"next", refund_next_text(stored, reader.language)},
        {"transfer", transfer_json(stored.transfer)},
        {"returned_by", transfer_json(stored.returned_by)},
        {"acts", acts_of(stored, reader)},
        {"created_at", http::instant_json(refund.created_at)},
        {"updated_at", http::instant_json(stored.since)}};
}

json told_refund_json(stores::RefundsStore::Told const& refund, RefundReader const& reader)
{
    auto view = refund_json(refund.stored, reader);
    view["outflow"] = outflow_json(refund.stored, qr_pay::outflow_of(refund.stored, refund.told), reader.language);
    return view;
}

namespace {

// Of a refund that a person transfers.
Dong to_transfer(stores::RefundsStore::Told const& refund)
{
    if (refund.stored.refund.method != RefundMethod::bank_transfer) return {};
    return qr_pay::still_to_send(refund.stored, qr_pay::outflow_of(refund.stored, refund.told));
}

}  // namespace

std::optional<std::string> transfer_payload(stores::RefundsStore::Told const& refund, stores::RefundsStore::Payer const& payer)
{
    auto const& known = payer.known;
    auto const amount = to_transfer(refund);
    auto const bin = qr_pay::bank_bin_told(known.bank);
    bool const is_sure = payer.doubt == PayerDoubt::none && !qr_pay::is_masked_account(known.account);
    if (!amount.is_positive() || !is_sure || bin.empty() || !qr_pay::is_account_number(known.account)) return std::nullopt;
    qr_pay::QrRequest qr(bin, known.account);
    qr.amount = amount;
    qr.memo = qr_pay::memo_for(refund.stored.refund.code, "HOAN TIEN");
    auto payload = qr_pay::encode(qr);
    if (!payload) return std::nullopt;
    return *std::move(payload);
}

void add_destination(json& view, stores::RefundsStore::Told const& refund, stores::RefundsStore::Payer const& payer,
                     http::Language language)
{
    view["destination"] = nullptr;
    view["destination_unknown"] = nullptr;
    auto const amount = to_transfer(refund);
    if (!amount.is_positive()) return;
    if (payer.doubt != PayerDoubt::none) {
        view["destination_unknown"] = doubt_json(payer.doubt, language);
        return;
    }
    auto const& known = payer.known;
    auto const bin = qr_pay::bank_bin_told(known.bank);
    auto const* bank = bin.empty() ? nullptr : qr_pay::Banks::current().find(bin);
    bool const has_qr = transfer_payload(refund, payer).has_value();
    auto const picture = "/v1/refunds/" + http::to_text(refund.stored.refund.id) + "/qr?amount=" + std::to_string(amount.count());
    view["destination"] = {{"amount", http::money_json(amount)},
                           {"bank_name", bank ? json(bank->short_name) : http::text_or_null(known.bank)},
                           {"account_number_masked", masked_account(known.account)},
                           {"account_name", http::text_or_null(known.name)},
                           {"qr", has_qr ? json(picture) : json(nullptr)}};
}

void add_refunds(json& subject, Dong refundable, std::vector<stores::RefundsStore::Told> const& refunds, RefundReader const& reader)
{
    std::int64_t done = 0;  // within what came
    subject["refunds"] = json::array();
    for (auto const& one : refunds) {
        subject["refunds"].push_back(told_refund_json(one, reader));
        if (one.stored.refund.state == RefundState::done) done += one.stored.refund.amount.count();
    }
    subject["refundable"] = http::money_json(refundable);
    subject["refunded"] = http::money_json(Dong(done));
    if (refundable.is_positive() && rights_at(reader.principal, reader.place).sells) subject["acts"].push_back("refund");
}

void add_refund_steps(json& timeline, std::vector<stores::RefundsStore::Told> const& refunds, http::Language language)
{
    bool const vi = language == http::Language::vi;
    auto const step = [&](Instant at, std::string_view what, Dong amount, std::string_view text) {
        timeline.push_back(
            {{"at", http::instant_json(at)}, {"what", what}, {"amount", http::money_json(amount)}, {"text", text}, {"by", nullptr}});
    };
    auto const add = [&](Instant at, RefundState state, StoredRefund const& stored) {
        auto const& text = text_of(state);
        step(at, text.step, stored.refund.amount, vi ? text.step_vi : text.step_en);
    };
    for (auto const& one : refunds) {
        auto const& stored = one.stored;
        auto const state = stored.refund.state;
        bool const asked = stored.refund.amount >= stored.approval_from;
        add(stored.refund.created_at, asked ? RefundState::awaiting_approval : RefundState::due, stored);
        bool const approved = asked && stored.decided_at && state != RefundState::rejected;
        if (approved) add(*stored.decided_at, RefundState::due, stored);
        if (state == RefundState::returned && stored.transfer) add(stored.transfer->booked_at, RefundState::done, stored);
        if (state != RefundState::due && state != RefundState::awaiting_approval) add(stored.since, state, stored);
        for (auto const& movement : qr_pay::outflow_of(stored, one.told).movements) {
            step(movement.transfer.booked_at, "refund_differs", movement.transfer.amount,
                 vi ? "Tiền đi khác với khoản hoàn" : "Money left that differs from the refund");
        }
    }
    // Instants of one form sort as texts do.
    std::stable_sort(timeline.begin(), timeline.end(), [](json const& a, json const& b) { return a["at"] < b["at"]; });
}

}  // namespace cho40::api
