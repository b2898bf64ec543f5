#include "adapters/api/ids.h"
#include "adapters/api/recon_closing.h"
#include "adapters/api/recon_papers.h"
#include "adapters/api/refund_making.h"
#include "adapters/http/json_reader.h"
#include "adapters/http/json_writer.h"
#include "base/sealed_csv.h"
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using http::Request;
using http::Response;
using stores::ReconClosing;
using stores::ReconPartner;

constexpr int attempts_max = 3;

struct Own {
    ReconClosing closing;
    ReconPartner partner;
};

// The closing, if the principal may act for whom its book belongs to. Errors: not_found, books_broken.
boost::asio::awaitable<Result<Own>> own_closing(ReconContext& context, identity::Principal principal, std::string text)
{
    CHO_CO_TRY(auto const id, http::parse_id<ReconClosing>(text));
    CHO_CO_TRY(auto found, co_await context.closings.find(id));
    if (!found) co_return fail(Errc::not_found, "no such closing");
    CHO_CO_TRY(auto partner, co_await own_partner(context, std::move(principal), Id<qr_pay::RailAccountTag>(found->partner)));
    co_return Own{*std::move(found), std::move(partner)};
}

boost::asio::awaitable<Result<std::vector<ReconClosing>>> closings_of(ReconContext& context, Uuid partner, Day day)
{
    std::vector<Uuid> of{partner};
    co_return co_await context.closings.heads(std::move(of), day, day);
}

// Number, what it continues, and what is different from that. Errors: invalid_state (another waits for its signature, or
// nothing is different), books_broken.
boost::asio::awaitable<Result<Done>> continue_from(ReconContext& context, std::vector<ReconClosing> const& before,
                                                   reconcile::DaySheet& sheet)
{
    sheet.number = static_cast<int>(before.size()) + 1;
    for (auto const& closing : before) {
        if (closing.decision) continue;
        co_return fail(Error(Errc::invalid_state, "number " + std::to_string(closing.number) + " (" + http::to_text(closing.id) +
                                                      ") waits for a signature; sign or reject it first")
                           .vi("Bản số " + std::to_string(closing.number) + " đang chờ ký; hãy ký hoặc trả lại bản đó trước."));
    }
    auto const* const newest = newest_signed(before);
    if (newest == nullptr) co_return Done{};
    CHO_CO_TRY(auto const frozen, co_await context.closings.find(newest->id));
    CHO_CO_TRY(auto const signed_sheet, reconcile::read_sheet(frozen->sheet));
    CHO_CO_TRY(sheet.adjustments, reconcile::changes_between(signed_sheet, sheet));
    if (sheet.adjustments.empty()) {
        co_return fail(Error(Errc::invalid_state, "nothing has changed since number " + std::to_string(newest->number) + " was signed")
                           .vi("Không có gì thay đổi từ khi ký bản số " + std::to_string(newest->number) + "."));
    }
    sheet.previous = frozen->digest;
    co_return Done{};
}

// Nobody opens again what would block while the closing is written.
void guard_blocking(ledger::Command& command, std::vector<stores::ReconBreak> const& breaks)
{
    for (auto const& found : breaks) {
        if (!reconcile::blocks_closing(found.kind)) continue;
        auto guard = stores::break_act_guard(found);
        guard.next = guard.expected;
        command.guards.push_back(guard);
    }
}

ledger::Event event_of(ReconClosing const& closing, std::string type)
{
    ledger::Event event;
    event.id = make_derived_uuid({type, closing.id.uuid.to_string()});
    event.stream = closing.partner;
    event.type = std::move(type);
    event.resource = closing.id.uuid;
    event.attributes.emplace_back("date", closing.date.to_string());
    event.attributes.emplace_back("number", static_cast<std::int64_t>(closing.number));
    event.attributes.emplace_back("sha256", to_hex(closing.digest));
    return event;
}

// The guards and rows that every act on a day's closings has.
Result<ledger::Command> command_for(ReconClosing const& closing, std::vector<ReconClosing> const& before, std::string event, int status,
                                    identity::Ticket const& ticket)
{
    ledger::Command command(closing.book);
    command.guards.push_back(ticket.guard());
    command.guards.push_back(stores::closings_guard(closing.partner, closing.date, before));
    command.events.push_back(event_of(closing, std::move(event)));
    CHO_TRY(auto const view, closing_json(closing));
    identity::Answer answer(status, http::dump_json(view), identity::AuditTarget{"dcl", closing.id.uuid});
    if (status == 201) answer.location = "/v1/recon/closings/" + http::to_text(closing.id);
    answer.etag = http::etag(closing.decision ? 2 : 1);
    for (auto& row : ticket.rows(std::move(answer))) command.rows.push_back(std::move(row));
    return command;
}

Answering prepare_once(ReconContext& context, ReconPartner partner, Day day, std::string note, identity::Principal principal,
                       identity::Ticket ticket)
{
    for (int attempt = 1;; ++attempt) {
        CHO_CO_TRY(auto const runs, co_await context.recon.count_runs(partner.book, partner.id.uuid, day));
        CHO_CO_TRY(auto facts, co_await fresh_facts_of_day(context, partner, day));
        auto const now = context.clock.now();
        CHO_CO_TRY_DO(reconcile::may_close(facts.sheet, Day::of(now)));
        CHO_CO_TRY(auto const before, co_await closings_of(context, partner.id.uuid, day));
        CHO_CO_TRY_DO(co_await continue_from(context, before, facts.sheet));
        ReconClosing closing;
        closing.book = partner.book;
        closing.id = make_id<ReconClosing>(now, context.random);
        closing.partner = partner.id.uuid;
        closing.date = day;
        closing.number = facts.sheet.number;
        closing.run = facts.run.id;
        CHO_CO_TRY(closing.sheet, reconcile::sheet_csv(facts.sheet));
        CHO_CO_TRY(closing.digest, sealed_digest(closing.sheet));
        closing.note = note;
        closing.prepared_by = principal.id;
        closing.prepared_by_owner = principal.owner;
        closing.prepared_by_name = principal.name;
        closing.prepared_at = now;
        CHO_CO_TRY(auto command, command_for(closing, before, "recon.day_prepared", 201, ticket));
        command.guards.push_back({stores::runs_of_day(partner.id.uuid, day), runs, runs});
        guard_blocking(command, facts.breaks);
        command.rows.push_back(std::make_shared<stores::NewReconClosing>(closing));
        auto done = co_await context.ledger.submit(std::move(command));
        if (done) co_return ticket.response();
        if (done.error().code != Errc::stale || attempt == attempts_max) co_return tl::unexpected<Error>(std::move(done).error());
    }
}

Answering prepare(ReconContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY(auto const day, Day::parse(request.path_value("date")));
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto in = body.root();
    auto const partner_id = in.id<qr_pay::RailAccountTag>("partner");
    auto const note = in.optional_text("note", {1, 500}).value_or("");
    CHO_CO_TRY_DO(body.finish());
    CHO_CO_TRY(auto partner, co_await own_partner(context, principal, partner_id));
    auto const book = partner.book;
    identity::Idempotency::Work work = [&context, partner, day, note, principal](identity::Ticket ticket) {
        return prepare_once(context, partner, day, note, principal, std::move(ticket));
    };
    co_return co_await context.idempotency.run(std::move(request), std::move(principal), book, std::move(work));
}

// What a person says of a prepared sheet.
struct Verdict {
    bool is_signed = false;
    std::string sha256;  // of the sheet they looked at
    std::string reason;
};

// Errors: invalid_state (the day is not any more what was prepared).
boost::asio::awaitable<Result<std::vector<stores::ReconBreak>>> check_unchanged(ReconContext& context, Own const& own)
{
    CHO_CO_TRY(auto facts, co_await fresh_facts_of_day(context, own.partner, own.closing.date));
    CHO_CO_TRY(auto const prepared, reconcile::read_sheet(own.closing.sheet));
    CHO_CO_TRY(auto const changes, reconcile::changes_between(prepared, facts.sheet));
    if (!changes.empty()) {
        co_return fail(Error(Errc::invalid_state, "the day has changed since this was prepared; reject it and prepare again")
                           .vi("Số liệu của ngày đã thay đổi sau khi lập; hãy trả lại bản này rồi lập bản khác."));
    }
    CHO_CO_TRY_DO(reconcile::may_close(facts.sheet, Day::of(context.clock.now())));
    co_return std::move(facts.breaks);
}

void sign(ReconContext& context, ReconClosing& closing)
{
    auto const signature = context.signer.sign(reconcile::signed_bytes(signed_words(closing)));
    auto const key = context.signer.id();
    closing.decision->signature.assign(signature.begin(), signature.end());
    closing.decision->key_id.assign(key.begin(), key.end());
}

Answering decide_once(ReconContext& context, Own own, Verdict verdict, identity::Principal principal, identity::Ticket ticket)
{
    for (int attempt = 1;; ++attempt) {
        auto& closing = own.closing;
        CHO_CO_TRY(auto const before, co_await closings_of(context, closing.partner, closing.date));
        auto const standing = std::ranges::find(before, closing.id, &ReconClosing::id);
        if (standing == before.end() || standing->decision) {
            co_return fail(
                Error(Errc::invalid_state, "this was " + (standing == before.end() ? "withdrawn" : closing_state(*standing)) + " already")
                    .vi("Bản này đã được ký hoặc trả lại rồi."));
        }
        CHO_CO_TRY_DO(reconcile::may_decide({closing.prepared_by, closing.prepared_by_owner, true},
                                            {principal.id, principal.owner, principal.is_user()}));
        CHO_CO_TRY(auto const runs, co_await context.recon.count_runs(closing.book, closing.partner, closing.date));
        std::vector<stores::ReconBreak> breaks;
        if (verdict.is_signed) {
            if (verdict.sha256 != to_hex(closing.digest))
                co_return fail(Error(Errc::version_mismatch, "this is not the sheet that was looked at", "/sha256")
                                   .vi("Phiếu này khác với phiếu đã xem."));
            CHO_CO_TRY(breaks, co_await check_unchanged(context, own));
        }
        auto const now = context.clock.now();
        closing.decision = stores::ClosingDecision{verdict.is_signed, verdict.reason, principal.id, principal.name, now, {}, {}};
        if (verdict.is_signed) sign(context, closing);
        CHO_CO_TRY(auto command, command_for(closing, before, verdict.is_signed ? "recon.day_closed" : "recon.day_rejected", 200, ticket));
        if (verdict.is_signed) command.guards.push_back({stores::runs_of_day(closing.partner, closing.date), runs, runs});
        guard_blocking(command, breaks);
        command.rows.push_back(std::make_shared<stores::DecidedReconClosing>(closing));
        auto done = co_await context.ledger.submit(std::move(command));
        if (done) {
            context.log.info(verdict.is_signed ? "recon.day_closed" : "recon.day_rejected",
                             {{"closing", http::to_text(closing.id)}, {"date", closing.date.to_string()}});
            co_return ticket.response();
        }
        if (done.error().code != Errc::stale || attempt == attempts_max) co_return tl::unexpected<Error>(std::move(done).error());
        closing.decision.reset();
    }
}

Answering decide(ReconContext& context, Request request, identity::Principal principal, Verdict verdict)
{
    CHO_CO_TRY(auto own, co_await own_closing(context, principal, request.path_value("closing")));
    auto const book = own.closing.book;
    identity::Idempotency::Work work = [&context, own = std::move(own), verdict = std::move(verdict), principal](identity::Ticket ticket) {
        if (!verdict.is_signed) ticket.audit_details(reason_details("not_agreed", verdict.reason));
        return decide_once(context, own, verdict, principal, std::move(ticket));
    };
    co_return co_await context.idempotency.run(std::move(request), std::move(principal), book, std::move(work));
}

Answering sign_closing(ReconContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto in = body.root();
    Verdict verdict{true, in.text("sha256", {64, 64}), {}};
    CHO_CO_TRY_DO(body.finish());
    co_return co_await decide(context, std::move(request), std::move(principal), std::move(verdict));
}

Answering reject_closing(ReconContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto in = body.root();
    Verdict verdict{false, {}, in.text("reason", {3, 500})};
    CHO_CO_TRY_DO(body.finish());
    co_return co_await decide(context, std::move(request), std::move(principal), std::move(verdict));
}

Answering read(ReconContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY_DO(http::only_query(request, {"format"}));
    CHO_CO_TRY(auto const format, report_format(request));
    PaperOrder const order{principal.name, context.clock.now()};
    CHO_CO_TRY(auto own, co_await own_closing(context, std::move(principal), request.path_value("closing")));
    auto const& closing = own.closing;
    auto const name = "phieu-doi-soat-" + closing.date.to_string() + "-" + std::to_string(closing.number);
    if (format == ReportFormat::csv) co_return report_file(std::move(own.closing.sheet), format, name, closing.digest);
    if (format == ReportFormat::pdf) {
        CHO_CO_TRY(auto paper, closing_paper(closing, order));
        co_return co_await drawn_report(context.computing, std::move(paper), name, closing.digest);
    }
    CHO_CO_TRY(auto const view, closing_json(closing));
    co_return Response::json(view).header("ETag", http::etag(closing.decision ? 2 : 1));
}

}  // namespace

void add_recon_closing_routes(http::Router& router, ReconContext& context)
{
    using enum http::Method;
    auto const with = handlers_of(context);
    router.add(post, "/v1/recon/days/{date}/closings", "recon_closings.create", with(prepare));
    router.add(get, "/v1/recon/closings/{closing}", "recon_closings.read", with(read));
    router.add(post, "/v1/recon/closings/{closing}/signature", "recon_closings.sign", with(sign_closing));
    router.add(post, "/v1/recon/closings/{closing}/rejection", "recon_closings.reject", with(reject_closing));
}

}  // namespace cho40::api
