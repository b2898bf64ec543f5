#pragma once
#include "adapters/identity/api_keys.h"
#include "adapters/identity/idempotency.h"
#include "adapters/identity/passwords.h"
#include "adapters/identity/people.h"
#include <algorithm>
#include <map>

namespace cho40::identity::tests {

struct HandClock final : Clock {
    Instant at{std::chrono::sys_days(std::chrono::year(2026) / 11 / 22)};
    [[nodiscard]] Instant now() const override { return at; }
    void pass(std::chrono::seconds time) { at += time; }
};

// 0, 1, 2, …: different each time, the same on every run.
struct CountingRandom final : Random {
    std::uint64_t next = 0;
    void fill(std::uint8_t* out, std::size_t size) override
    {
        for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::uint8_t>((next >> (8 * (i % 8))) + i / 8);
        ++next;
    }
};

// A ledger that has only rows and guards: enough for everything identity writes.
struct RowLedger final : ledger::Ledger {
    std::vector<std::shared_ptr<ledger::AttachedRow const>> rows;
    std::map<Uuid, std::int64_t> versions;
    std::optional<Errc> broken;

    boost::asio::awaitable<Result<ledger::Receipt>> submit(ledger::Command command) override
    {
        if (broken) co_return fail(*broken, "broken for the test");
        for (auto const& guard : command.guards) {
            auto const it = versions.find(guard.entity);
            if ((it == versions.end() ? 0 : it->second) != guard.expected) co_return fail(Errc::stale, "somebody was first");
        }
        for (auto const& guard : command.guards) versions[guard.entity] = guard.next;
        rows.insert(rows.end(), command.rows.begin(), command.rows.end());
        co_return ledger::Receipt{};
    }

    template <class Row>
    [[nodiscard]] std::vector<Row const*> all() const
    {
        std::vector<Row const*> found;
        for (auto const& row : rows) {
            if (auto const* typed = dynamic_cast<Row const*>(row.get())) found.push_back(typed);
        }
        return found;
    }
};

struct MemoryPeople final : People {
    std::vector<UserRecord> users;
    std::vector<SignInRecord> sign_ins;
    std::vector<KeyRecord> keys;
    std::vector<AuditEntry> trail;
    int touches = 0;

    UserRecord* user(Uuid id)
    {
        auto const it = std::ranges::find(users, Id<User>(id), &UserRecord::id);
        return it == users.end() ? nullptr : &*it;
    }
    SignInRecord* sign_in(Sha256 const& hash)
    {
        auto const it = std::ranges::find(sign_ins, hash, &SignInRecord::token_hash);
        return it == sign_ins.end() ? nullptr : &*it;
    }

    boost::asio::awaitable<Result<std::optional<UserRecord>>> find_login(std::string login) override
    {
        auto const it = std::ranges::find(users, login, &UserRecord::login);
        if (it == users.end()) co_return std::optional<UserRecord>();
        co_return *it;
    }
    boost::asio::awaitable<Result<std::optional<SignedInUser>>> find_sign_in(Sha256 token_hash) override
    {
        auto const* found = sign_in(token_hash);
        if (!found) co_return std::optional<SignedInUser>();
        SignedInUser both;
        both.sign_in = *found;
        both.user = *user(found->user.uuid);
        co_return both;
    }
    boost::asio::awaitable<Result<Done>> begin_sign_in(Begin begin) override
    {
        if (begin.replaces) {
            if (auto* old = sign_in(*begin.replaces)) old->ended_at = begin.sign_in.created_at;
        }
        auto* who = user(begin.sign_in.user.uuid);
        who->failed_tries = 0;
        who->locked_until.reset();
        if (!begin.new_password_hash.empty()) who->password_hash = begin.new_password_hash;
        sign_ins.push_back(begin.sign_in);
        trail.push_back(begin.audit);
        co_return Done{};
    }
    boost::asio::awaitable<Result<Done>> touch_sign_in(Sha256 token_hash, Instant seen_at, Instant expires_at) override
    {
        auto* found = sign_in(token_hash);
        found->seen_at = seen_at;
        found->expires_at = expires_at;
        ++touches;
        co_return Done{};
    }
    boost::asio::awaitable<Result<Done>> end_sign_in(Sha256 token_hash, Instant at) override
    {
        if (auto* found = sign_in(token_hash); found && !found->ended_at) found->ended_at = at;
        co_return Done{};
    }
    boost::asio::awaitable<Result<Done>> note_failure(Failure failure) override
    {
        if (failure.user) {
            auto* who = user(failure.user->uuid);
            ++who->failed_tries;
            who->locked_until = failure.locked_until;
        }
        trail.push_back(failure.audit);
        co_return Done{};
    }
    boost::asio::awaitable<Result<std::optional<KeyRecord>>> find_key(Sha256 hash) override
    {
        auto const it = std::ranges::find(keys, hash, &KeyRecord::hash);
        if (it == keys.end()) co_return std::optional<KeyRecord>();
        co_return *it;
    }
    boost::asio::awaitable<Result<Done>> touch_key(Id<ApiKey> key, Instant at) override
    {
        auto const it = std::ranges::find(keys, key, &KeyRecord::id);
        it->last_used_at = at;
        ++touches;
        co_return Done{};
    }
};

inline Uuid numbered(std::uint8_t number)
{
    Uuid id;
    id.bytes[0] = 1;
    id.bytes[15] = number;
    return id;
}

// Real Argon2id, at the least it can cost.
inline PasswordCost cheap()
{
    PasswordCost cost;
    cost.memory_bytes = 8192;
    cost.passes = 1;
    return cost;
}

}  // namespace cho40::identity::tests
