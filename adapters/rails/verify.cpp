#include "adapters/rails/verify.h"
#include "base/check.h"

namespace cho40::rails {
namespace {

// The first answer that is good; without one the first that says the sender was proved; without one the first.
template <class T>
std::pair<Result<T>, std::size_t> best_of(std::vector<Result<T>> answers)
{
    CHO_CHECK(!answers.empty());
    std::size_t best = 0;
    auto const rank = [](Result<T> const& answer) {
        if (answer) return 2;
        return is_about_authenticity(answer.error().code) ? 0 : 1;
    };
    for (std::size_t i = 1; i < answers.size(); ++i) {
        if (rank(answers[i]) > rank(answers[best])) best = i;
    }
    return {std::move(answers[best]), best};
}

}  // namespace

Result<Verified> verify(Rail const& rail, RawNotification const& raw, std::span<RailSecret const> secrets)
{
    std::vector<Result<RailMessage>> answers;
    for (auto const& secret : secrets) answers.push_back(rail.read(raw, secret));
    auto [answer, index] = best_of(std::move(answers));
    if (!answer) return fail(std::move(answer).error());
    return Verified{*std::move(answer), index};
}

Result<GivenToken> give_token(Rail const& rail, RawNotification const& raw, std::span<RailSecret const> secrets)
{
    std::vector<Result<Reply>> answers;
    for (auto const& secret : secrets) answers.push_back(rail.give_token(raw, secret));
    auto [answer, index] = best_of(std::move(answers));
    if (!answer) return fail(std::move(answer).error());
    return GivenToken{*std::move(answer), index};
}

Result<Done> check_clock(RailMessage const& message, Instant received_at)
{
    if (!message.signed_at) return Done{};
    auto const limit = std::to_string(clock_window.count());
    auto const where = std::string(message.signed_at->where);
    if (message.signed_at->at < received_at - clock_window)
        return fail(Errc::bad_signature, "it was signed more than " + limit + " seconds before it came", where);
    if (message.signed_at->at > received_at + clock_window)
        return fail(Errc::bad_signature, "it was signed more than " + limit + " seconds after it came: one of the two clocks is wrong",
                    where);
    return Done{};
}

}  // namespace cho40::rails
