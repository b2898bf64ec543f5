#include "adapters/api/public_pages.h"
#include "adapters/api/fee_pages.h"
#include "adapters/api/ids.h"
#include "adapters/api/national_pay.h"
#include "adapters/api/page_answers.h"
#include "adapters/documents/qr_picture.h"
#include "adapters/http/cookies.h"
#include "adapters/http/problem.h"
#include "adapters/pages/assets.h"
#include "qr-pay/banks.h"
#include "qr-pay/vietqr.h"
#include <algorithm>

namespace cho40::api {
namespace {

using fees::NoticeState;
using fees::NoticeWithAgency;
using http::Request;
using http::Response;
using pages::Url;
using qr_pay::PaymentState;
using qr_pay::StoredRequest;

// The portal hears within minutes as a rule; this is the promise when it does not answer.
constexpr auto case_told_within = std::chrono::hours(24);
constexpr auto doubt_asked_again_after = std::chrono::minutes(1);

Response trouble(FeeContext const& context, Request const& request, pages::TroubleView const& view, int status)
{
    return answer(request, pages::trouble_page(page_context(context, request), view), status);
}

pages::Trouble trouble_with(int status)
{
    switch (status) {
    case 404: return pages::Trouble::not_found;
    case 429: return pages::Trouble::too_fast;
    case 503: return pages::Trouble::maintenance;
    default: return status < 500 ? pages::Trouble::refused : pages::Trouble::broken;
    }
}

Response trouble_of(FeeContext const& context, Request const& request, Error const& error)
{
    auto const status = http::problem_of(error.code).status;
    pages::TroubleView view{};
    view.what = trouble_with(status);
    view.notice_code = code_in_path(request);
    if (status >= 500)
        context.log.error("page.failed", {{"operation", request.operation_id}, {"code", errc_name(error.code)}, {"detail", error.detail}});
    return trouble(context, request, view, status);
}

Response see(Request const& request, std::initializer_list<std::string_view> segments)
{
    auto url = Url::path(segments);
    if (request.query_value("lang")) url = url.with("lang", pages::language_tag(language_of(request)));
    return Response::redirect(url.bytes());
}

std::string agency_name(Request const& request, fees::FeeNotice const& notice)
{
    return language_of(request) == pages::Language::en && !notice.agency_name_en.empty() ? notice.agency_name_en : notice.agency_name_vi;
}

std::string form_key(Random& random, Instant now) { return make_uuid7(now, random).to_base32(); }

std::string key_in_form(Request const& request)
{
    auto const form = http::parse_form(request);
    return form ? std::string(http::form_value(*form, "idempotency_key")) : std::string();
}

Result<pages::QrSquares> squares(std::string_view payload)
{
    CHO_TRY(auto modules, documents::qr_modules(payload));
    pages::QrSquares out;
    out.size = modules.side;
    out.dark = std::move(modules.dark);
    return out;
}

Answering home(FeeContext& context, Request request)
{
    CHO_CO_TRY(auto markets, co_await context.merchants.markets());
    pages::HomeView view;
    for (auto const& m : markets) view.markets.push_back({http::to_text(m.id), m.name, m.ward_name});
    co_return answer(request, pages::home_page(page_context(context, request), view));
}

// What is wrong with a typed code before anybody looks it up.
pages::CodeFault fault_of(std::string const& typed)
{
    if (typed.empty()) return pages::CodeFault::empty;
    return fees::LookupCode::parse(typed) ? pages::CodeFault::none : pages::CodeFault::malformed;
}

Answering find(FeeContext& context, Request request)
{
    auto const typed = request.query_value("code");
    pages::FindView view;
    if (typed) {
        view.typed = typed->substr(0, 64);
        view.fault = fault_of(*typed);
        if (view.fault == pages::CodeFault::none) {
            auto found = co_await notice_with_code(context, *typed);
            if (found) co_return see(request, {"pay", found->stored.notice.code});
            if (found.error().code != Errc::not_found) co_return tl::unexpected<Error>(std::move(found).error());
            view.fault = pages::CodeFault::not_found;
        }
    }
    auto const status = view.fault == pages::CodeFault::none ? 200 : view.fault == pages::CodeFault::not_found ? 404 : 422;
    co_return answer(request, pages::find_page(page_context(context, request), view), status);
}

boost::asio::awaitable<Result<Response>> result(FeeContext& context, Request request, NoticeWithAgency found)
{
    auto const& s = found.stored;
    CHO_CO_TRY(auto receipts, co_await context.store.receipts_of(s.book, s.notice.id));
    pages::ResultView view{
        s.notice, s.life, s.life.paid_at.value_or(s.since) + case_told_within, {}, Url::path({"v1", "pay", s.notice.code, "stream"})};
    for (auto const& r : receipts) {
        if (r.state != fees::ReceiptState::replaced) view.receipts.push_back({r.lookup_code, r.kind, r.total});
    }
    co_return answer(request, pages::result_page(page_context(context, request), view));
}

Answering due(FeeContext& context, Request request)
{
    auto code = request.path_value("code");
    CHO_CO_TRY(auto found, co_await notice_with_code(context, std::move(code)));
    auto const& s = found.stored;
    auto const now = context.clock.now();
    if (s.life.state == NoticeState::paid || s.life.state == NoticeState::refunded)
        co_return co_await result(context, std::move(request), std::move(found));
    pages::TroubleView wrong{};
    wrong.agency = agency_name(request, s.notice);
    if (s.life.state == NoticeState::cancelled) {
        wrong.what = pages::Trouble::cancelled;
        co_return trouble(context, request, wrong, 410);
    }
    if (now >= s.notice.valid_until) {
        wrong.what = pages::Trouble::out_of_date;
        co_return trouble(context, request, wrong, 410);
    }
    pages::DueView view{s.notice, now, s.life.received, form_key(context.random, now), false, std::nullopt};
    if (context.national) {
        CHO_CO_TRY(auto const platform, co_await context.national->store.platform_of(s.book, s.agency));
        view.national = platform.has_value();
        CHO_CO_TRY(auto const attempts, co_await context.national->store.of_notice(s.book, s.notice.id));
        auto const open = std::ranges::find_if(attempts, [](auto const& attempt) { return fees::is_open(attempt.state); });
        if (open != attempts.end()) view.national_since = open->created_at;
    }
    co_return answer(request, pages::due_page(page_context(context, request), view));
}

Answering start(FeeContext& context, Request request)
{
    auto code = request.path_value("code");
    CHO_CO_TRY(auto found, co_await notice_with_code(context, std::move(code)));
    auto key = key_in_form(request);
    auto const id = found.stored.notice.id;
    auto started = co_await context.start_paying(id, std::move(key));
    if (!started && started.error().code == Errc::notice_not_payable) co_return see(request, {"pay", found.stored.notice.code});
    if (!started && started.error().code == Errc::series_exhausted) {
        pages::TroubleView wrong{};
        wrong.what = pages::Trouble::no_receipt_number;
        wrong.notice_code = found.stored.notice.code;
        wrong.agency = agency_name(request, found.stored.notice);
        co_return trouble(context, request, wrong, 409);
    }
    if (!started) co_return tl::unexpected<Error>(std::move(started).error());
    co_return see(request, {"pay", found.stored.notice.code, "wait"});
}

Answering extend(FeeContext& context, Request request)
{
    auto code = request.path_value("code");
    CHO_CO_TRY(auto found, co_await notice_with_code(context, std::move(code)));
    auto const text = found.stored.notice.code;
    auto extended = co_await context.extend_paying(std::move(found.stored));
    // When it cannot be extended the waiting page says how things stand.
    if (!extended && extended.error().code != Errc::invalid_state && extended.error().code != Errc::not_found) {
        co_return tl::unexpected<Error>(std::move(extended).error());
    }
    co_return see(request, {"pay", text, "wait"});
}

// The code for what is still missing: after a part came, the same order with the rest as amount.
Result<std::string> payload_for(StoredRequest const& request, NoticeWithAgency const& found)
{
    if (request.request.state != PaymentState::underpaid) return request.qr_payload;
    qr_pay::QrRequest qr(found.agency.account.bank_bin, found.agency.account.account_number);
    qr.amount = request.request.remaining();
    qr.memo = qr_pay::memo_for(request.request.code, found.stored.notice.dossier_code);
    return qr_pay::encode(qr);
}

struct Waiting {
    NoticeWithAgency found;
    std::optional<StoredRequest> request;
};

boost::asio::awaitable<Result<Waiting>> waiting_for(FeeContext& context, std::string code)
{
    Waiting out;
    CHO_CO_TRY(out.found, co_await notice_with_code(context, std::move(code)));
    CHO_CO_TRY(out.request, co_await newest_request(context, out.found.stored));
    co_return out;
}

Result<pages::WaitView> wait_view(FeeContext& context, Waiting const& waiting, Instant now, pages::Language language)
{
    auto const& notice = waiting.found.stored.notice;
    auto const& request = waiting.request->request;
    auto const& account = waiting.found.agency.account;
    auto const* bank = qr_pay::Banks::current().find(account.bank_bin);
    pages::WaitView view{};
    CHO_TRY(view.payload, payload_for(*waiting.request, waiting.found));
    CHO_TRY(view.qr, squares(view.payload));
    view.notice_code = notice.code;
    view.amount = request.remaining();
    view.received = request.received;
    view.bank_name = bank ? bank->short_name : account.bank_bin;
    view.account_number = account.account_number;
    view.account_name = account.holder_name;
    view.memo = qr_pay::memo_for(request.code, notice.dossier_code);
    view.agency_name = language == pages::Language::en && !notice.agency_name_en.empty() ? notice.agency_name_en : notice.agency_name_vi;
    view.now = now;
    view.expires_at = request.expires_at;
    if (request.state == PaymentState::underpaid) view.state = pages::WaitState::short_paid;
    if (request.state == PaymentState::in_doubt) view.state = pages::WaitState::in_doubt;
    view.next_check_at = now + doubt_asked_again_after;
    view.may_extend = fees::ExtendPaying::may_extend(request);
    view.form_key = form_key(context.random, now);
    view.live = Url::path({"v1", "pay", notice.code, "stream"});
    view.qr_image = Url::path({"pay", notice.code, "qr"});
    return view;
}

Answering wait(FeeContext& context, Request request)
{
    auto code = request.path_value("code");
    CHO_CO_TRY(auto waiting, co_await waiting_for(context, std::move(code)));
    auto const& notice = waiting.found.stored.notice;
    auto const state = waiting.found.stored.life.state;
    if (state != NoticeState::waiting || !waiting.request) co_return see(request, {"pay", notice.code});
    auto const now = context.clock.now();
    auto const& paying = waiting.request->request;
    bool const over = !qr_pay::is_open(paying.state) || (paying.state == PaymentState::waiting && now >= paying.expires_at);
    if (over) {
        pages::TroubleView view{};
        view.what = pages::Trouble::expired;
        view.notice_code = notice.code;
        co_return trouble(context, request, view, 410);
    }
    CHO_CO_TRY(auto view, wait_view(context, waiting, now, language_of(request)));
    co_return answer(request, pages::wait_page(page_context(context, request), view));
}

Answering picture(FeeContext& context, Request request)
{
    auto code = request.path_value("code");
    CHO_CO_TRY(auto waiting, co_await waiting_for(context, std::move(code)));
    if (!waiting.request || !qr_pay::is_open(waiting.request->request.state)) co_return fail(Errc::not_found, "no code is waiting");
    CHO_CO_TRY(auto payload, payload_for(*waiting.request, waiting.found));
    CHO_CO_TRY(auto png, documents::qr_png(payload));
    co_return Response::bytes(std::move(png), "image/png")
        .header("Content-Disposition", "attachment; filename=\"" + waiting.request->request.code.text() + ".png\"");
}

pages::NationalPageState page_state_of(fees::NationalPayment const& attempt)
{
    using enum pages::NationalPageState;
    switch (attempt.state) {
    case fees::NationalState::created: return calling;
    case fees::NationalState::pending: return waiting;
    case fees::NationalState::succeeded: return paid;
    case fees::NationalState::expired: return expired;
    case fees::NationalState::failed: break;
    }
    return attempt.pay_url.empty() ? refused : failed;
}

Answering national_start(FeeContext& context, Request request)
{
    CHO_CO_TRY(auto found, co_await notice_with_code(context, request.path_value("code")));
    auto const& notice = found.stored.notice;
    if (!context.national) co_return see(request, {"pay", notice.code});
    auto key = key_in_form(request);
    if (key.empty()) key = form_key(context.random, context.clock.now());
    auto started = co_await context.national->pay.start(notice.id, "page/" + key, {});
    // What cannot be paid this way the notice's page explains, or does not offer.
    bool const is_not_payable = !started && (started.error().code == Errc::notice_not_payable ||
                                             started.error().code == Errc::invalid_state || started.error().code == Errc::series_exhausted);
    if (is_not_payable) co_return see(request, {"pay", notice.code});
    if (!started) co_return tl::unexpected<Error>(std::move(started).error());
    CHO_CO_TRY(auto const opened, co_await context.national->pay.open(started->id));
    auto url = Url::path({"pay", notice.code, "national"});
    if (opened.state == fees::NationalState::pending) url = url.with("go", "1");
    if (request.query_value("lang")) url = url.with("lang", pages::language_tag(language_of(request)));
    co_return Response::redirect(url.bytes());
}

boost::asio::awaitable<Result<std::optional<fees::NationalPayment>>> newest_attempt(FeeContext& context, NoticeWithAgency found)
{
    if (!context.national) co_return std::nullopt;
    CHO_CO_TRY(auto const attempts, co_await context.national->store.of_notice(found.stored.book, found.stored.notice.id));
    if (attempts.empty()) co_return std::nullopt;
    co_return attempts.front();
}

// The payer is on the way to the platform, or comes back from it. Nothing that the browser brings along says anything: the
// platform's own word does.
Answering national(FeeContext& context, Request request)
{
    CHO_CO_TRY(auto found, co_await notice_with_code(context, request.path_value("code")));
    auto const code = found.stored.notice.code;
    auto const state = found.stored.life.state;
    CHO_CO_TRY(auto const attempt, co_await newest_attempt(context, std::move(found)));
    bool const is_settled = state != NoticeState::unpaid && state != NoticeState::waiting;
    if (!attempt || is_settled) co_return see(request, {"pay", code});
    auto const now = context.clock.now();
    pages::NationalView view;
    view.notice_code = code;
    view.state = page_state_of(*attempt);
    view.amount = attempt->amount;
    view.reference = attempt->reference;
    view.started_at = attempt->created_at;
    if (fees::is_open(attempt->state)) view.next_check_at = fees::next_look(*attempt, now);
    view.may_go = attempt->state == fees::NationalState::pending;
    view.form_key = form_key(context.random, now);
    view.live = Url::path({"v1", "pay", code, "stream"});
    auto response = answer(request, pages::national_page(page_context(context, request), view));
    // Not a redirect of the form's answer: the page's policy lets forms lead nowhere but here.
    if (view.may_go && request.query_value("go")) response.header("Refresh", "0;url=" + Url::path({"pay", code, "national", "go"}).bytes());
    co_return response;
}

Answering national_go(FeeContext& context, Request request)
{
    CHO_CO_TRY(auto found, co_await notice_with_code(context, request.path_value("code")));
    auto const code = found.stored.notice.code;
    CHO_CO_TRY(auto const attempt, co_await newest_attempt(context, std::move(found)));
    if (!attempt || attempt->state != fees::NationalState::pending) co_return see(request, {"pay", code, "national"});
    co_return Response::redirect(attempt->pay_url);
}

Answering receipt(FeeContext& context, Request request)
{
    auto const code = fees::LookupCode::parse(request.path_value("code"));
    if (!code) co_return fail(Errc::not_found, "no such receipt");
    auto text = code->text();
    CHO_CO_TRY(auto found, co_await context.store.receipt_with_code(std::move(text)));
    if (!found) co_return fail(Errc::not_found, "no such receipt");
    CHO_CO_TRY(auto qr, squares(context.public_url + "/verify?code=" + found->lookup_code));
    pages::ReceiptView view{*found, std::move(qr), context.signs_receipts};
    co_return answer(request, pages::receipt_page(page_context(context, request), view));
}

// For programs and for keeping, so its refusals are no pages. It holds one row of the agency's book: amounts, times and an
// order code, nothing about the payer.
Answering receipt_proof(FeeContext& context, Request request)
{
    auto const code = fees::LookupCode::parse(request.path_value("code"));
    if (!code) co_return fail(Errc::receipt_not_found, "no such receipt");
    auto text = code->text();
    CHO_CO_TRY(auto const found, co_await context.store.receipt_with_code(std::move(text)));
    if (!found) co_return fail(Errc::receipt_not_found, "no such receipt");
    if (!found->booked_as) {
        co_return fail(Error(Errc::not_found, "this receipt is from before proofs were kept")
                           .vi("Biên lai này lập trước khi hệ thống lưu bằng chứng sổ cái."));
    }
    auto const [book, transfer] = *found->booked_as;
    CHO_CO_TRY(auto const proof, co_await ledger::proof_of(context.proofs.reader, transfer, {.book = book}));
    co_return proof_file(proof, context.proofs.key, found->lookup_code + "-proof");
}

Answering verify(FeeContext& context, Request request)
{
    auto const typed = request.query_value("code");
    pages::VerifyView view;
    std::optional<fees::Receipt> found;
    if (typed) {
        view.typed = typed->substr(0, 64);
        view.fault = fault_of(*typed);
        if (view.fault == pages::CodeFault::none) {
            auto text = fees::LookupCode::parse(*typed)->text();
            CHO_CO_TRY(found, co_await context.store.receipt_with_code(std::move(text)));
            if (found) view.receipt = &*found;
            else view.fault = pages::CodeFault::not_found;
        }
    }
    // An unknown receipt is a good answer to the question, not a missing page.
    bool const wrong = view.fault == pages::CodeFault::empty || view.fault == pages::CodeFault::malformed;
    co_return answer(request, pages::verify_page(page_context(context, request), view), wrong ? 422 : 200);
}

Answering market(FeeContext& context, Request request)
{
    CHO_CO_TRY(auto id, http::parse_id<merchants::Market>(request.path_value("market")));
    CHO_CO_TRY(auto found, co_await context.merchants.market(id));
    if (!found) co_return fail(Errc::not_found, "no such market");
    constexpr int stalls_shown = 500;
    CHO_CO_TRY(auto stalls, co_await context.merchants.stalls_of_market(id, stalls_shown));
    pages::MarketView view{};
    view.name = found->name;
    view.place = found->ward_name;
    view.as_of = context.clock.now();
    for (auto const& s : stalls) view.stalls.push_back({s.stall.number, s.stall.name, std::string(), std::nullopt});
    co_return answer(request, pages::market_page(page_context(context, request), view));
}

Answering asset(Request request)
{
    auto const path = "/assets/" + request.path_value("file");
    for (auto const& one : pages::assets()) {
        if (one.url.bytes() != path) continue;
        Response response(200);
        response.header("Content-Type", std::string(one.content_type));
        response.body = http::SharedBytes{nullptr, one.bytes};
        co_return std::move(response).cache("public, max-age=31536000, immutable");
    }
    co_return fail(Errc::not_found, "no such file");
}

// An address nobody knows. A person gets a page; a program, which asks for no HTML, the problem.
Answering nowhere(FeeContext& context, Request request)
{
    if (request.path.starts_with("/v1/") || request.header("Accept").find("text/html") == std::string_view::npos) {
        co_return fail(Errc::not_found, "there is no such address");
    }
    pages::TroubleView view{};
    view.what = pages::Trouble::not_found;
    co_return trouble(context, request, view, 404);
}

// Errors become pages.
boost::asio::awaitable<Result<Response>> in_words(FeeContext& context, Request request, Answering (*handler)(FeeContext&, Request))
{
    auto response = co_await handler(context, request);
    if (response) co_return response;
    co_return trouble_of(context, request, response.error());
}

}  // namespace

void add_public_pages(http::Router& router, FeeContext& context)
{
    using enum http::Method;
    auto const with = [&context](Answering (*handler)(FeeContext&, Request)) {
        return [&context, handler](Request request) { return in_words(context, std::move(request), handler); };
    };
    router.add(get, "/", "pages.home", with(home));
    router.add(get, "/pay", "pages.pay_find", with(find));
    router.add(get, "/pay/{code}", "pages.pay", with(due));
    router.add(post, "/pay/{code}/payment", "pages.pay_start", with(start));
    router.add(get, "/pay/{code}/wait", "pages.pay_wait", with(wait));
    router.add(post, "/pay/{code}/extension", "pages.pay_extend", with(extend));
    router.add(get, "/pay/{code}/qr", "pages.pay_qr", with(picture));
    router.add(post, "/pay/{code}/national", "pages.national_start", with(national_start));
    router.add(get, "/pay/{code}/national", "pages.national", with(national));
    router.add(get, "/pay/{code}/national/go", "pages.national_go", with(national_go));
    router.add(get, "/receipt/{code}", "pages.receipt", with(receipt));
    router.add(get, "/receipt/{code}/proof", "pages.receipt_proof", handlers_of(context)(receipt_proof));
    router.add(get, "/verify", "pages.verify", with(verify));
    router.add(get, "/market/{market}", "pages.market", with(market));
    router.add(get, "/fees", "pages.fees", with(fees_page));
    router.answer_unknown([&context](Request request) { return nowhere(context, std::move(request)); });
    http::RouteOptions file;
    file.documented = false;
    file.quiet = true;
    router.add(get, "/assets/{file}", "pages.asset", [](Request request) { return asset(std::move(request)); }, file);
}

}  // namespace cho40::api
