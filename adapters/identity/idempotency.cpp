#include "adapters/identity/idempotency.h"
#include "adapters/http/idempotency.h"
#include "adapters/http/problem.h"
#include "base/check.h"

namespace cho40::identity {

struct Ticket::State {
    IdempotencyRow row;   // without its answer
    AuditEntry audit;     // without its target
    std::optional<Answer> answer;
};

http::Response Answer::response() const
{
    http::Response response(status);
    if (!body.empty()) response.header("Content-Type", content_type);
    if (!location.empty()) response.header("Location", location);
    if (!etag.empty()) response.header("ETag", etag);
    response.body = body;
    return response;
}

Uuid idempotency_entity(Uuid const& principal, std::string_view key)
{
    return make_derived_uuid({"idempotency", principal.to_string(), key});
}

ledger::Guard Ticket::guard() const { return ledger::Guard{idempotency_entity(state_->row.principal, state_->row.key), 0, 1}; }

std::shared_ptr<ledger::AttachedRow const> Ticket::row(Answer answer) const
{
    state_->answer = answer;
    auto row = std::make_shared<IdempotencyRow>(state_->row);
    row->answer = std::move(answer);
    return row;
}

std::vector<std::shared_ptr<ledger::AttachedRow const>> Ticket::rows(Answer answer) const
{
    auto audit = std::make_shared<AuditEntry>(state_->audit);
    audit->target = answer.resource;
    return {row(std::move(answer)), std::move(audit)};
}

void Ticket::audit_details(std::string details) const { state_->audit.details = std::move(details); }

http::Response Ticket::response() const
{
    CHO_CHECK(state_->answer.has_value());
    return state_->answer->response();
}

Idempotency::Idempotency(IdempotencyRecords& records, AuditTrail& audit, InstallationKey const& key, Clock const& clock)
    : records_(records), audit_(audit), fingerprint_key_(key.derive("idempotency")), clock_(clock)
{
}

boost::asio::awaitable<Result<std::optional<http::Response>>> Idempotency::replay(http::Request request, Principal principal,
                                                                                  std::string key, Sha256 fingerprint)
{
    CHO_CO_TRY(auto const found, co_await records_.find(principal.id, key));
    if (!found) co_return std::optional<http::Response>();
    if (found->fingerprint != fingerprint) {
        co_return fail(Error(Errc::idempotency_key_reused, "this Idempotency-Key belongs to another request; make a new one",
                             "#header/Idempotency-Key")
                           .vi("Idempotency-Key này đã dùng cho yêu cầu khác."));
    }
    if (clock_.now() - found->created_at > replay_window) {
        Error const error = Error(Errc::idempotency_key_expired, "this was done before; its answer is not kept any longer than 72 hours")
                                .vi("Yêu cầu này đã được thực hiện; câu trả lời chỉ được giữ 72 giờ.");
        auto response = http::problem_response(error, request);
        if (!found->answer.location.empty()) response.header("Link", "<" + found->answer.location + ">; rel=\"related\"");
        co_return response;
    }
    CHO_CO_TRY_DO(co_await records_.replayed(found->book, principal.id, key));
    auto response = found->answer.response();
    response.header("Idempotent-Replayed", "true");
    co_return response;
}

boost::asio::awaitable<Result<http::Response>> Idempotency::run(http::Request request, Principal principal, ledger::BookId book, Work work)
{
    CHO_CO_TRY(auto const key, http::idempotency_key(request));
    auto const plain = http::request_fingerprint(request);
    auto const fingerprint = hmac_sha256(fingerprint_key_.expose(),
                                         std::string_view(reinterpret_cast<char const*>(plain.data()), plain.size()));
    auto const [running, first] = running_.emplace(std::pair(principal.id, key), fingerprint);
    if (!first) {
        if (running->second != fingerprint) {
            co_return fail(Errc::idempotency_key_reused, "this Idempotency-Key belongs to another request; make a new one",
                           "#header/Idempotency-Key");
        }
        co_return fail(
            Error(Errc::request_in_progress, "the same request is being worked on; ask again shortly").vi("Yêu cầu này đang được xử lý."));
    }
    struct Leave {
        Idempotency& all;
        std::pair<Uuid, std::string> key;
        ~Leave() { all.running_.erase(key); }
    };
    Leave const leave{*this, running->first};

    CHO_CO_TRY(auto before, co_await replay(request, principal, key, fingerprint));
    if (before) co_return *std::move(before);

    auto state = std::make_shared<Ticket::State>();
    state->row.book = book;
    state->row.principal = principal.id;
    state->row.key = key;
    state->row.fingerprint = fingerprint;
    state->row.created_at = clock_.now();
    state->audit = *audit_.done(book, principal, request, AuditTarget());
    Ticket ticket(state);
    auto made = co_await work(ticket);
    if (made || made.error().code != Errc::stale) co_return made;

    // Perhaps the same key won elsewhere, between our look and our command.
    CHO_CO_TRY(auto after, co_await replay(request, principal, key, fingerprint));
    if (after) co_return *std::move(after);
    // Whoever lost says so in words of the inside, perhaps the database's.
    co_return fail(Error(Errc::stale, "something changed meanwhile, or cannot be kept as it is; read again and decide again")
                       .vi("Dữ liệu vừa thay đổi hoặc không lưu được; hãy đọc lại rồi làm lại."));
}

boost::asio::awaitable<Result<std::int64_t>> Idempotency::sweep(int limit)
{
    auto const now = clock_.now();
    co_return co_await records_.sweep(now - replay_window, now - memory, limit);
}

}  // namespace cho40::identity
