#pragma once
#include "apps/cli/demo/api_client.h"
#include "base/time.h"
#include <functional>
#include <random>

namespace cho40::cli::demo {

// One line on standard error that grows: "bán hàng  12.345 / 20.000". Silent when standard error is no terminal, but for
// the end of each phase.
class Progress {
public:
    Progress(std::string phase, std::int64_t total);
    void step(std::int64_t by = 1);
    void done(std::string const& summary);

private:
    void draw(bool last);
    std::string phase_;
    std::int64_t total_;
    std::int64_t done_ = 0;
    std::int64_t drawn_ = -1;
    bool terminal_;
};

// What every phase of the demonstration works with.
struct Stage {
    ApiClient& service;
    ApiClient& sandbox;
    Clock const& clock;
    std::string seed;          // what is bought, by whom and how is drawn from it
    std::string run;           // makes the intentions of one run differ from those of another
    std::size_t at_once = 48;  // calls on the way at the same time
};

// Runs `work(i)` for 0 <= i < count, `at_once` at a time; the first error ends it (what is on the way is waited for).
[[nodiscard]] boost::asio::awaitable<Result<Done>> for_each(std::size_t count, std::size_t at_once,
                                                            std::function<boost::asio::awaitable<Result<Done>>(std::size_t)> work);

}  // namespace cho40::cli::demo
