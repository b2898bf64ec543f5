#include "apps/sandbox/telling_faults.h"
#include "base/digest.h"

namespace cho40::sandbox {
namespace {

constexpr std::uint64_t draw_fault = 201;
constexpr http::WholeRange count_range{0, 100};
constexpr http::WholeRange delay_range{0, 86'400};

// Rail accounts draw each their own lots.
std::uint64_t number_of(std::string const& rail_account)
{
    std::uint64_t number = 0;
    auto const digest = sha256(rail_account);
    for (std::size_t i = 0; i < 8; ++i) number = number << 8 | digest[i];
    return number;
}

}  // namespace

TellingFaults read_telling_faults(http::ObjectReader in)
{
    auto const count = [&in](std::string_view name) { return static_cast<int>(in.optional_whole(name, count_range).value_or(0)); };
    TellingFaults faults;
    faults.dropped = in.optional_truth("dropped").value_or(false);
    faults.overtaken = in.optional_truth("overtaken").value_or(false);
    faults.delay = std::chrono::seconds(in.optional_whole("delay", delay_range).value_or(0));
    faults.duplicates = count("duplicates");
    faults.lost_answers = count("lost_answers");
    faults.wrong_signatures = count("wrong_signatures");
    faults.cut_bodies = count("cut_bodies");
    faults.clock_skew = std::chrono::seconds(in.optional_whole("clock_skew", {-delay_range.max, delay_range.max}).value_or(0));
    return faults;
}

TellingFaults RailFaults::of(std::string const& rail_account, Transfer const& transfer, Dice const& dice) const
{
    auto const found = shares_.find(rail_account);
    if (found == shares_.end()) return {};
    auto lot = static_cast<int>(dice.below(100, draw_fault + number_of(rail_account), transfer.number));
    for (auto const& share : found->second) {
        if (lot < share.percent) return share.faults;
        lot -= share.percent;
    }
    return {};
}

}  // namespace cho40::sandbox
