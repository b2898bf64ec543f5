#include "adapters/identity/sign_ins.h"
#include "base/text.h"
#include <algorithm>

namespace cho40::identity {
namespace {

constexpr std::size_t token_bytes = 32;
constexpr std::size_t csrf_bytes = 16;

// A market's stalls share one address: many may mistype there without shutting the others out for long.
constexpr TryLimits address_limits{60, std::chrono::seconds(5), std::chrono::seconds(60), std::chrono::minutes(10), 50'000};

std::string lower(std::string_view text)
{
    std::string out(text);
    for (auto& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

bool is_token(std::string_view text)
{
    return text.size() == 2 * token_bytes &&
           std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

auto too_many_tries()
{
    return fail(Error(Errc::rate_limited, "too many failed tries; wait a while").vi("Sai quá nhiều lần. Hãy đợi một lát rồi thử lại."));
}

Principal principal_of(UserRecord const& user, std::string csrf_token)
{
    Principal principal;
    principal.kind = Principal::Kind::user;
    principal.id = principal.owner = user.id.uuid;
    principal.name = user.name;
    principal.login = user.login;
    principal.grants = user.grants;
    principal.csrf_token = std::move(csrf_token);
    return principal;
}

}  // namespace

SignIns::SignIns(People& people, Passwords& passwords, Clock const& clock, Random& random, SignInLifetimes lifetimes)
    : people_(people), passwords_(passwords), clock_(clock), random_(random), lifetimes_(lifetimes), by_address_(address_limits)
{
}

std::string SignIns::random_text(std::size_t bytes)
{
    std::string raw(bytes, '\0');
    random_.fill(reinterpret_cast<std::uint8_t*>(raw.data()), raw.size());
    return to_hex(raw);
}

SignIns::Lifetime SignIns::lifetime_of(std::vector<Grant> const& grants) const
{
    bool const sells_only = !grants.empty() && std::ranges::all_of(grants, [](Grant const& grant) {
        return grant.role == Role::vendor || grant.role == Role::vendor_staff;
    });
    if (sells_only) return Lifetime{lifetimes_.vendor_idle, lifetimes_.vendor_most};
    return Lifetime{lifetimes_.staff_idle, lifetimes_.staff_most};
}

AuditEntry SignIns::audit_of(SignInTry const& attempt, std::optional<UserRecord> const& user) const
{
    AuditEntry entry;
    entry.at = clock_.now();
    entry.id = make_id<AuditRecord>(entry.at, random_);
    entry.actor_kind = user ? AuditEntry::Actor::user : AuditEntry::Actor::system;
    entry.act = "sign_ins.create";
    entry.request_id = attempt.request_id;
    if (user) {
        entry.actor = user->id.uuid;
        entry.target = AuditTarget{"usr", user->id.uuid};
        if (!user->grants.empty()) entry.role = user->grants.front().role;
    }
    return entry;
}

boost::asio::awaitable<Result<SignedIn>> SignIns::sign_in(SignInTry attempt)
{
    auto const now = clock_.now();
    attempt.login = lower(trim(attempt.login));
    if (!by_login_.may_try(attempt.login, now) || !by_address_.may_try(attempt.address, now)) co_return too_many_tries();
    by_login_.failed(attempt.login, now);
    by_address_.failed(attempt.address, now);

    CHO_CO_TRY(auto const user, co_await people_.find_login(attempt.login));
    // A lock from before a restart, or from tries far apart, is on record only for logins that exist: saying so would say
    // that they do. Such a person is as wrong as an unknown one, takes as long, and is not counted again.
    bool const locked = user && user->locked_until && now < *user->locked_until;
    std::string const known_hash = user && !user->disabled && !locked ? user->password_hash : std::string();
    CHO_CO_TRY(auto const verdict, co_await passwords_.verify(known_hash, attempt.password));
    if (!verdict.right) {
        People::Failure failure;
        if (user && !locked) {
            auto const pause = pause_after(user->failed_tries + 1, TryLimits());
            failure.user = user->id;
            if (pause.count() > 0) failure.locked_until = now + pause;
        }
        failure.audit = audit_of(attempt, user);
        failure.audit.outcome = std::string(errc_name(Errc::login_failed));
        CHO_CO_TRY_DO(co_await people_.note_failure(std::move(failure)));
        co_return fail(Error(Errc::login_failed, "login or password is wrong; after several wrong tries wait some minutes")
                           .vi("Tên đăng nhập hoặc mật khẩu không đúng. Nếu vừa sai nhiều lần, hãy đợi ít phút rồi thử lại."));
    }
    by_login_.forget(attempt.login);
    by_address_.take_back(attempt.address);

    auto const lifetime = lifetime_of(user->grants);
    SignedIn signed_in;
    signed_in.token = Secret(random_text(token_bytes));
    signed_in.max_age = lifetime.most;
    People::Begin begin;
    begin.sign_in.id = make_id<SignIn>(now, random_);
    begin.sign_in.token_hash = sha256(signed_in.token.expose());
    begin.sign_in.user = user->id;
    begin.sign_in.csrf_token = random_text(csrf_bytes);
    begin.sign_in.created_at = begin.sign_in.seen_at = now;
    begin.sign_in.expires_at = now + std::min(lifetime.idle, lifetime.most);
    begin.audit = audit_of(attempt, user);
    if (is_token(attempt.old_token)) begin.replaces = sha256(attempt.old_token);
    if (verdict.weaker) { CHO_CO_TRY(begin.new_password_hash, co_await passwords_.hash(attempt.password)); }
    signed_in.principal = principal_of(*user, begin.sign_in.csrf_token);
    signed_in.expires_at = begin.sign_in.expires_at;
    CHO_CO_TRY_DO(co_await people_.begin_sign_in(std::move(begin)));
    co_return signed_in;
}

boost::asio::awaitable<Result<Principal>> SignIns::authenticate(std::string token)
{
    auto const unknown = [] { return fail(Error(Errc::unauthenticated, "sign in first").vi("Hãy đăng nhập.")); };
    if (!is_token(token)) co_return unknown();
    auto const token_hash = sha256(token);
    CHO_CO_TRY(auto const found, co_await people_.find_sign_in(token_hash));
    if (!found) co_return unknown();
    auto const now = clock_.now();
    auto const& sign_in = found->sign_in;
    if (sign_in.ended_at || now >= sign_in.expires_at || found->user.disabled) {
        co_return fail(Error(Errc::login_expired, "the sign-in has ended; sign in again").vi("Phiên đăng nhập đã hết. Hãy đăng nhập lại."));
    }
    if (now - sign_in.seen_at >= lifetimes_.touch_every) {
        auto const lifetime = lifetime_of(found->user.grants);
        auto const expires_at = std::min(now + lifetime.idle, sign_in.created_at + lifetime.most);
        CHO_CO_TRY_DO(co_await people_.touch_sign_in(token_hash, now, expires_at));
    }
    co_return principal_of(found->user, sign_in.csrf_token);
}

boost::asio::awaitable<Result<Done>> SignIns::sign_out(std::string token)
{
    if (!is_token(token)) co_return Done{};
    co_return co_await people_.end_sign_in(sha256(token), clock_.now());
}

}  // namespace cho40::identity
