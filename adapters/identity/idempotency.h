#pragma once
#include "adapters/http/message.h"
#include "adapters/identity/audit.h"
#include "adapters/identity/secrets.h"
#include "ledger/extra.h"
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>

namespace cho40::identity {

// What will be said to the caller, now and each time the same key comes again: same status, same bytes.
struct Answer {
    int status = 201;
    std::string body;      // serialised JSON; empty for 204
    std::string location;  // path of what was made, or empty
    std::string etag;      // with its quotes, or empty
    AuditTarget resource;  // what was made or changed
    std::string content_type = "application/json; charset=utf-8";

    // No aggregate on purpose: it travels through coroutines.
    Answer() = default;
    Answer(int s, std::string b, AuditTarget r) : status(s), body(std::move(b)), resource(std::move(r)) {}

    [[nodiscard]] http::Response response() const;
};

// Two requests with one key are the same intention: this is what they have in common, whatever book they fall in.
[[nodiscard]] Uuid idempotency_entity(Uuid const& principal, std::string_view key);

// The row that makes a key and its effect one thing.
struct IdempotencyRow : ledger::AttachedRow {
    ledger::BookId book;
    Uuid principal;
    std::string key;
    Sha256 fingerprint{};
    Answer answer;
    Instant created_at;
};

// What is known of a key. A tombstone (past the replay window) has no body any more.
struct IdempotencyRecord {
    ledger::BookId book;
    Sha256 fingerprint{};
    Answer answer;
    Instant created_at;
};

// Where keys are kept; PostgreSQL decides, nothing else.
struct IdempotencyRecords {
    virtual ~IdempotencyRecords() = default;
    // In whatever book it stands.
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::optional<IdempotencyRecord>>> find(Uuid principal, std::string key) = 0;
    // Notes a replay in the row, so that the answer is not given before it is as durable as the first was.
    [[nodiscard]] virtual boost::asio::awaitable<Result<Done>> replayed(ledger::BookId book, Uuid principal, std::string key) = 0;
    // Empties answers recorded before `replay_until` and deletes keys recorded before `forget_until`; at most `limit`
    // rows each. The number of rows touched.
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::int64_t>> sweep(Instant replay_until, Instant forget_until, int limit) = 0;
};

// Makes something, in one ledger command together with what is given to it.
template <class Made>
using UseCase = std::function<boost::asio::awaitable<Result<Made>>(ledger::Extra<Made>)>;
template <class Made>
using AnswerOf = std::function<Answer(Made const&)>;

// Handed to the work that runs under a new key. Copies share one state.
class Ticket {
public:
    struct State;
    explicit Ticket(std::shared_ptr<State> state) : state_(std::move(state)) {}

    // Two pieces for the ledger command of the effect: the guard lets one of two twins win, the row keeps the answer.
    [[nodiscard]] ledger::Guard guard() const;
    [[nodiscard]] std::shared_ptr<ledger::AttachedRow const> row(Answer answer) const;

    // Guard, row and audit entry as what use cases take. `answer` is computed from what the use case made.
    template <class Made>
    [[nodiscard]] ledger::Extra<Made> extra(AnswerOf<Made> answer) const
    {
        ledger::Extra<Made> extra;
        extra.guards.push_back(guard());
        extra.rows = [self = *this, answer = std::move(answer)](Made const& made) { return self.rows(answer(made)); };
        return extra;
    }
    // Row and audit entry, for commands built by hand (with guard()).
    [[nodiscard]] std::vector<std::shared_ptr<ledger::AttachedRow const>> rows(Answer answer) const;
    // JSON object for the audit entry made by rows(): {"reason": {"code", "text"}}. Before the effect is submitted.
    void audit_details(std::string details) const;

    // The answer given to row() or rows(), to be returned when the command is durable. Pre: there is one.
    [[nodiscard]] http::Response response() const;

private:
    std::shared_ptr<State> state_;
};

// Idempotency-Key as api-conventions §7. One for each process: it also knows which keys are being worked on.
//
//   UseCase<Payment> use_case = [&context, input](auto extra) { return context.create_payment(input, std::move(extra)); };
//   AnswerOf<Payment> answer = [](Payment const& made) { return answer_of(made); };
//   co_return co_await idempotency.run(request, principal, book, std::move(use_case), std::move(answer));
//
// (Name the lambdas before the co_await.) Errors that the work returns are handed on and not stored.
class Idempotency {
public:
    using Work = std::function<boost::asio::awaitable<Result<http::Response>>(Ticket)>;

    static constexpr std::chrono::hours replay_window{72};
    static constexpr std::chrono::hours memory{24 * 400};

    // Fingerprints are kept keyed: a request may carry a password or a rail's secret, and a plain hash of it in the
    // database could be guessed at.
    Idempotency(IdempotencyRecords& records, AuditTrail& audit, InstallationKey const& key, Clock const& clock);

    // A new key: runs `work`. A key whose work is finished: its answer with `Idempotent-Replayed: true`.
    // Errors: missing_idempotency_key, invalid_input (malformed key), idempotency_key_reused (other fingerprint),
    // request_in_progress, unavailable, and those of `work`. A key past the replay window is answered with a 409
    // idempotency_key_expired problem and a Link to what was made.
    [[nodiscard]] boost::asio::awaitable<Result<http::Response>> run(http::Request request, Principal principal, ledger::BookId book,
                                                                     Work work);

    // The same where the work is one use case, whose effect is answered with `answer` of what it made.
    template <class Made>
    [[nodiscard]] boost::asio::awaitable<Result<http::Response>> run(http::Request request, Principal principal, ledger::BookId book,
                                                                     UseCase<Made> use_case, AnswerOf<Made> answer)
    {
        Work work = [use_case = std::move(use_case),
                     answer = std::move(answer)](Ticket ticket) -> boost::asio::awaitable<Result<http::Response>> {
            auto extra = ticket.extra<Made>(answer);
            CHO_CO_TRY_DO(co_await use_case(std::move(extra)));
            co_return ticket.response();
        };
        co_return co_await run(std::move(request), std::move(principal), book, std::move(work));
    }

    // For the janitor: forgets what is past its windows. The number of rows touched.
    [[nodiscard]] boost::asio::awaitable<Result<std::int64_t>> sweep(int limit = 1000);

private:
    boost::asio::awaitable<Result<std::optional<http::Response>>> replay(http::Request request, Principal principal, std::string key,
                                                                         Sha256 fingerprint);

    IdempotencyRecords& records_;
    AuditTrail& audit_;
    Secret fingerprint_key_;
    Clock const& clock_;
    std::map<std::pair<Uuid, std::string>, Sha256> running_;
};

}  // namespace cho40::identity
