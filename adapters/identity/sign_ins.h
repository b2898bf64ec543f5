#pragma once
#include "adapters/identity/passwords.h"
#include "adapters/identity/people.h"
#include "adapters/identity/try_limiter.h"

namespace cho40::identity {

// How long a sign-in lasts: without use, and at most. Stall-holders sell from one phone all day, every day; consoles
// stand on shared desks.
struct SignInLifetimes {
    std::chrono::seconds vendor_idle = std::chrono::hours(24 * 14);
    std::chrono::seconds vendor_most = std::chrono::hours(24 * 90);
    std::chrono::seconds staff_idle = std::chrono::hours(2);
    std::chrono::seconds staff_most = std::chrono::hours(12);
    std::chrono::seconds touch_every = std::chrono::minutes(1);  // seen_at is written at most this often
};

struct SignedIn {
    SignedIn() : token("") {}
    Principal principal;
    Secret token;  // for the __Host-sid cookie; stored nowhere
    Instant expires_at;
    std::chrono::seconds max_age{};
};

struct SignInTry {
    SignInTry(std::string l, Secret p) : login(std::move(l)), password(std::move(p)) {}
    std::string login;     // any case
    Secret password;
    std::string address;   // of the peer
    std::string old_token; // cookie the browser came with, or empty
    std::string request_id;
};

// Sign-in by login and password, and the sign-ins that come of it: random tokens whose SHA-256 is stored.
class SignIns {
public:
    SignIns(People& people, Passwords& passwords, Clock const& clock, Random& random, SignInLifetimes lifetimes = {});

    // A new sign-in each time; the one in `old_token` is ended, so a planted cookie is worth nothing.
    // Errors: login_failed (unknown, wrong password, disabled, or locked by tries that only the database remembers: not
    // told apart, not even by time), rate_limited (too many tries for this login, whether it exists or not, or from this
    // address; nothing was hashed), unavailable.
    [[nodiscard]] boost::asio::awaitable<Result<SignedIn>> sign_in(SignInTry attempt);

    // The person behind a cookie; moves the expiry on. Errors: unauthenticated (no such sign-in), login_expired (ended,
    // run out, or the person was disabled), unavailable.
    [[nodiscard]] boost::asio::awaitable<Result<Principal>> authenticate(std::string token);

    // Repeatable; a token nobody knows is signed out already. Errors: unavailable.
    [[nodiscard]] boost::asio::awaitable<Result<Done>> sign_out(std::string token);

private:
    struct Lifetime {
        std::chrono::seconds idle, most;
    };
    [[nodiscard]] Lifetime lifetime_of(std::vector<Grant> const& grants) const;
    [[nodiscard]] AuditEntry audit_of(SignInTry const& attempt, std::optional<UserRecord> const& user) const;
    [[nodiscard]] std::string random_text(std::size_t bytes);

    People& people_;
    Passwords& passwords_;
    Clock const& clock_;
    Random& random_;
    SignInLifetimes lifetimes_;
    TryLimiter by_login_;
    TryLimiter by_address_;
};

}  // namespace cho40::identity
