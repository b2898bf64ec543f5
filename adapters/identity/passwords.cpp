#include "adapters/identity/passwords.h"
#include "base/check.h"
#include "base/offload.h"
#include "base/text.h"
#include "base/uuid.h"
#include <array>
#include <new>
#include <sodium.h>

namespace cho40::identity {
namespace {

std::string compute_hash(std::string const& password, PasswordCost const& cost)
{
    CHO_CHECK(sodium_init() >= 0);
    std::array<char, crypto_pwhash_STRBYTES> text{};
    if (crypto_pwhash_str_alg(text.data(), password.data(), password.size(), cost.passes, cost.memory_bytes,
                              crypto_pwhash_ALG_ARGON2ID13) != 0) {
        throw std::bad_alloc();
    }
    return std::string(text.data());
}

// The same characters typed on two keyboards are the same password.
std::string normal(Secret const& password)
{
    auto text = to_nfc(password.expose());
    return text ? *std::move(text) : password.expose();
}

std::string nobodys_hash(PasswordCost const& cost)
{
    std::string password(32, '\0');
    system_random().fill(reinterpret_cast<std::uint8_t*>(password.data()), password.size());
    return compute_hash(password, cost);
}

}  // namespace

std::string hash_password(Secret const& password, PasswordCost const& cost) { return compute_hash(normal(password), cost); }

Passwords::Passwords(boost::asio::any_io_executor loop, boost::asio::thread_pool& pool, PasswordCost cost)
    : loop_(std::move(loop)), pool_(pool), cost_(cost), nobody_(nobodys_hash(cost))
{
}

boost::asio::awaitable<bool> Passwords::take_turn()
{
    if (running_ < cost_.at_once) {
        ++running_;
        co_return true;
    }
    if (waiting_.size() >= static_cast<std::size_t>(cost_.waiting_max)) co_return false;
    OneShot<Done> turn(loop_);
    waiting_.push_back(turn);
    co_await turn.wait();  // the one before us hands its place on: running_ stays
    co_return true;
}

void Passwords::pass_turn_on()
{
    if (waiting_.empty()) {
        --running_;
        return;
    }
    auto next = waiting_.front();
    waiting_.pop_front();
    next.set(Done{});
}

template <class Work>
boost::asio::awaitable<Result<std::invoke_result_t<Work&>>> Passwords::in_turn(Work work)
{
    if (!co_await take_turn()) co_return fail(Errc::unavailable, "too many sign-ins at once; try again shortly");
    std::exception_ptr error;
    std::invoke_result_t<Work&> made{};
    try {
        made = co_await offload(pool_, std::move(work));
    } catch (...) {
        error = std::current_exception();
    }
    pass_turn_on();
    if (error) std::rethrow_exception(error);
    co_return made;
}

boost::asio::awaitable<Result<std::string>> Passwords::hash(Secret password)
{
    auto work = [text = normal(password), cost = cost_] { return compute_hash(text, cost); };
    co_return co_await in_turn(std::move(work));
}

boost::asio::awaitable<Result<Passwords::Verdict>> Passwords::verify(std::string hash, Secret password)
{
    bool const somebody = !hash.empty();
    auto work = [hash = somebody ? std::move(hash) : nobody_, text = normal(password), cost = cost_] {
        CHO_CHECK(sodium_init() >= 0);
        Verdict verdict;
        verdict.right = crypto_pwhash_str_verify(hash.c_str(), text.data(), text.size()) == 0;
        verdict.weaker = crypto_pwhash_str_needs_rehash(hash.c_str(), cost.passes, cost.memory_bytes) != 0;
        return verdict;
    };
    CHO_CO_TRY(auto verdict, co_await in_turn(std::move(work)));
    verdict.right = verdict.right && somebody;
    co_return verdict;
}

}  // namespace cho40::identity
