#include "reconcile/workflow/break_state.h"
#include <algorithm>
#include <array>

namespace cho40::reconcile {
namespace {

constexpr std::array<std::string_view, 8> state_names = {"OPEN",     "ASSIGNED",    "INVESTIGATING", "PROPOSED",
                                                         "RESOLVED", "WRITTEN_OFF", "REOPENED",      "AUTO_RESOLVED"};
constexpr std::array<std::string_view, 9> verb_names = {"assign",  "investigate", "comment", "name_cause", "propose",
                                                        "approve", "reject",      "reopen",  "undo"};

template <class Value, std::size_t n>
std::optional<Value> value_of(std::array<std::string_view, n> const& names, std::string_view name)
{
    auto const found = std::ranges::find(names, name);
    if (found == names.end()) return std::nullopt;
    return static_cast<Value>(found - names.begin());
}

}  // namespace

std::string_view name_of(BreakState state) { return state_names[static_cast<std::size_t>(state)]; }
std::optional<BreakState> break_state_from(std::string_view name) { return value_of<BreakState>(state_names, name); }

bool is_finished(BreakState state)
{
    return state == BreakState::RESOLVED || state == BreakState::WRITTEN_OFF || state == BreakState::AUTO_RESOLVED;
}

std::string_view name_of(BreakVerb verb) { return verb_names[static_cast<std::size_t>(verb)]; }
std::optional<BreakVerb> break_verb_from(std::string_view name) { return value_of<BreakVerb>(verb_names, name); }

}  // namespace cho40::reconcile
