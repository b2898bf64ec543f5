#pragma once
#include "base/result.h"
#include "base/secret.h"
#include "base/signal.h"
#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <deque>
#include <string>
#include <string_view>
#include <type_traits>

namespace cho40::identity {

// 10–256 characters, not the login or the name, not one of those that everybody tries first. No rules about kinds of
// characters: they make passwords harder to remember and not harder to guess (NIST SP 800-63B §5.1.1.2).
// Error: validation_failed with pointer /password.
[[nodiscard]] Result<Done> check_password(Secret const& password, std::string_view login, std::string_view name);

struct PasswordCost {
    std::size_t memory_bytes = 19 * 1024 * 1024;  // OWASP's minimum for Argon2id with two passes
    unsigned passes = 2;
    int at_once = 2;       // hashes computed at the same time
    int waiting_max = 64;  // callers waiting for a turn; the next is refused with unavailable
};

// Argon2id in the pool, a bounded number at a time: each costs 50–100 ms of a core and 19 MiB.
class Passwords {
public:
    Passwords(boost::asio::any_io_executor loop, boost::asio::thread_pool& pool, PasswordCost cost = {});

    // Errors: unavailable (too many waiting).
    [[nodiscard]] boost::asio::awaitable<Result<std::string>> hash(Secret password);

    struct Verdict {
        bool right = false;
        bool weaker = false;
    };  // weaker: hashed at less than today's cost
    // An empty `hash` (nobody has that login) costs the same and is never right. Errors: unavailable.
    [[nodiscard]] boost::asio::awaitable<Result<Verdict>> verify(std::string hash, Secret password);

private:
    boost::asio::awaitable<bool> take_turn();  // false: too many are waiting
    void pass_turn_on();
    // What `work` returns, computed in the pool when it is our turn. Error: unavailable.
    template <class Work>
    boost::asio::awaitable<Result<std::invoke_result_t<Work&>>> in_turn(Work work);

    boost::asio::any_io_executor loop_;
    boost::asio::thread_pool& pool_;
    PasswordCost cost_;
    std::string nobody_;  // a hash of random bytes at today's cost
    std::deque<OneShot<Done>> waiting_;
    int running_ = 0;
};

// For programs without a loop. Blocks for the time of one hash.
[[nodiscard]] std::string hash_password(Secret const& password, PasswordCost const& cost = {});

}  // namespace cho40::identity
