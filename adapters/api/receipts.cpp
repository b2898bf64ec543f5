#include "adapters/api/receipts.h"
#include "adapters/api/fee_json.h"
#include "adapters/api/ids.h"
#include "adapters/api/refund_making.h"
#include "adapters/api/resource_json.h"
#include "adapters/http/json_reader.h"
#include "adapters/http/json_writer.h"
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using fees::CancellationKind;
using fees::CancellationState;
using fees::CancellationWish;
using fees::ReceiptCancellation;
using fees::StoredReceipt;
using http::Request;
using http::Response;
using nlohmann::json;

struct OwnReceipt {
    StoredReceipt stored{};
    identity::Principal principal;
};

boost::asio::awaitable<Result<OwnReceipt>> admit_to_receipt(CancellationDesk& desk, Request const& request)
{
    OwnReceipt own;
    CHO_CO_TRY(own.principal, co_await desk.fees.gate.admit(request));
    CHO_CO_TRY(auto const id, http::parse_id<fees::Receipt>(request.path_value("receipt")));
    CHO_CO_TRY(auto found, co_await desk.store.find_receipt(id));
    if (!found) co_return fail(Errc::not_found, "no such receipt");
    CHO_CO_TRY_DO(identity::may_act_for(own.principal, identity::Place::agency(found->agency.uuid)));
    own.stored = *std::move(found);
    co_return own;
}

json person(Uuid const& id, bool is_key = false) { return id.is_nil() ? json(nullptr) : json(http::id_text(is_key ? "key" : "usr", id)); }

json cancellation_json(ReceiptCancellation const& c)
{
    auto state = http::state_json(std::string(fees::cancellation_state_name(c.state)), c.state != CancellationState::proposed,
                                  c.decided_at.value_or(c.proposed_at));
    if (!c.refusal.empty()) state["reason"] = {{"code", "not_agreed"}, {"text", c.refusal}};
    json view = {{"id", http::to_text(c.id)},
                 {"receipt", http::to_text(c.receipt)},
                 {"effect", fees::cancellation_kind_name(c.wish.kind)},
                 {"state", std::move(state)},
                 {"reason", {{"code", c.wish.reason_code}, {"text", c.wish.reason}}},
                 {"replacement", nullptr},
                 {"proposed_by", person(c.proposed_by, c.proposed_by != c.proposed_by_owner)},
                 {"decided_by", person(c.decided_by)},
                 {"decided_at", http::instant_json(c.decided_at)}};
    if (c.wish.kind == CancellationKind::replaced) {
        view["replacement"] = {{"payer_name", http::text_or_null(c.wish.payer_name)},
                               {"dossier_code", http::text_or_null(c.wish.dossier_code)},
                               {"receipt", c.replacement ? json(http::to_text(*c.replacement)) : json(nullptr)}};
    }
    stamp(view, "receipt_cancellation", c.version, c.proposed_at, c.decided_at.value_or(c.proposed_at));
    return view;
}

json number_or_null(std::optional<fees::ReceiptNumber> const& number) { return number ? json(number->to_string()) : json(nullptr); }

Answering read(CancellationDesk& desk, Request request)
{
    CHO_CO_TRY(auto const own, co_await admit_to_receipt(desk, request));
    auto const& stored = own.stored;
    auto const& r = stored.receipt;
    CHO_CO_TRY(auto const cancellations, co_await desk.store.cancellations_of(stored.book, r.id));
    auto view = receipt_json(r, request.language == http::Language::vi);
    view["agency"] = http::to_text(stored.agency);
    view["notice"] = http::to_text(stored.notice);
    view["payer_name"] = r.payer_name;
    view["dossier_code"] = r.dossier_code;
    view["words"] = r.words;
    view["digest"] = r.digest;
    view["replaces"] = number_or_null(r.replaces);
    view["replaced_by_receipt"] = stored.replaced_by ? json(http::to_text(*stored.replaced_by)) : json(nullptr);
    view["cancellations"] = json::array();
    std::int64_t version = 1 + static_cast<std::int64_t>(r.entries.size());
    auto changed = r.entries.empty() ? r.issued_at : r.entries.back().at;
    for (auto const& one : cancellations) {
        view["cancellations"].push_back(cancellation_json(one));
        version += one.version;
        changed = std::max(changed, one.decided_at.value_or(one.proposed_at));
    }
    stamp(view, "receipt", version, r.issued_at, changed);
    co_return Response::json(view).header("ETag", http::etag(version));
}

CancellationWish read_wish(http::ObjectReader& in)
{
    constexpr http::TextLimit text{3, 200}, name{1, 140}, dossier{1, 64};
    CancellationWish wish;
    auto reason = in.object("reason");
    wish.reason_code = reason.one_of<std::string_view>("code", {{"wrong_payer", "wrong_payer"},
                                                                {"wrong_dossier", "wrong_dossier"},
                                                                {"wrong_collector", "wrong_collector"},
                                                                {"refunded", "refunded"},
                                                                {"other", "other"}});
    wish.reason = reason.text("text", text);
    if (auto replacement = in.optional_object("replacement")) {
        wish.kind = CancellationKind::replaced;
        wish.payer_name = replacement->optional_text("payer_name", name).value_or("");
        wish.dossier_code = replacement->optional_text("dossier_code", dossier).value_or("");
    }
    return wish;
}

using Step =
    std::function<boost::asio::awaitable<Result<ReceiptCancellation>>(Id<fees::Receipt>, fees::ReceiptActor, fees::CancelReceipts::Extra)>;

Answering take(CancellationDesk& desk, Request request, OwnReceipt own, int status, std::string details, Step step)
{
    identity::Idempotency::Work work = [id = own.stored.receipt.id, by = fees::ReceiptActor{own.principal.id, own.principal.owner}, status,
                                        details, step](identity::Ticket ticket) -> Answering {
        ticket.audit_details(details);
        auto extra = ticket.extra<ReceiptCancellation>([status](ReceiptCancellation const& made) {
            identity::Answer answer(status, http::dump_json(cancellation_json(made)), identity::AuditTarget{"rct", made.receipt.uuid});
            answer.etag = http::etag(made.version);
            return answer;
        });
        CHO_CO_TRY_DO(co_await step(id, by, std::move(extra)));
        co_return ticket.response();
    };
    co_return co_await desk.fees.idempotency.run(std::move(request), std::move(own.principal), own.stored.book, std::move(work));
}

// Accepted, not done: another person decides.
Answering cancel(CancellationDesk& desk, Request request)
{
    CHO_CO_TRY(auto own, co_await admit_to_receipt(desk, request));
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto in = body.root();
    auto wish = read_wish(in);
    CHO_CO_TRY_DO(body.finish());
    auto details = reason_details(wish.reason_code, wish.reason);
    Step step = [&desk, wish](auto id, auto by, auto extra) { return desk.cancel.propose(id, wish, by, std::move(extra)); };
    constexpr int accepted = 202;
    co_return co_await take(desk, std::move(request), std::move(own), accepted, std::move(details), std::move(step));
}

Answering approve(CancellationDesk& desk, Request request)
{
    CHO_CO_TRY(auto own, co_await admit_to_receipt(desk, request));
    Step step = [&desk](auto id, auto by, auto extra) { return desk.cancel.approve(id, by, std::move(extra)); };
    co_return co_await take(desk, std::move(request), std::move(own), 200, "{}", std::move(step));
}

Answering reject(CancellationDesk& desk, Request request)
{
    CHO_CO_TRY(auto own, co_await admit_to_receipt(desk, request));
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto const text = body.root().text("reason", {3, 400});
    CHO_CO_TRY_DO(body.finish());
    Step step = [&desk, text](auto id, auto by, auto extra) { return desk.cancel.refuse(id, by, text, std::move(extra)); };
    co_return co_await take(desk, std::move(request), std::move(own), 200, reason_details("not_agreed", text), std::move(step));
}

}  // namespace

void add_receipt_routes(http::Router& router, CancellationDesk& desk)
{
    using enum http::Method;
    auto const with = handlers_of(desk);
    router.add(get, "/v1/receipts/{receipt}", "receipts.read", with(read));
    router.add(post, "/v1/receipts/{receipt}/cancellation", "receipts.cancel", with(cancel));
    router.add(post, "/v1/receipts/{receipt}/cancellation/approval", "receipts.approve_cancellation", with(approve));
    router.add(post, "/v1/receipts/{receipt}/cancellation/rejection", "receipts.reject_cancellation", with(reject));
}

}  // namespace cho40::api
