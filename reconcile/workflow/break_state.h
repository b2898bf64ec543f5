#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace cho40::reconcile {

// The life of a break (fees reference §8.7). Stored by name, so names never change.
enum class BreakState : std::uint8_t { OPEN, ASSIGNED, INVESTIGATING, PROPOSED, RESOLVED, WRITTEN_OFF, REOPENED, AUTO_RESOLVED };

[[nodiscard]] std::string_view name_of(BreakState state);
[[nodiscard]] std::optional<BreakState> break_state_from(std::string_view name);
// Nothing waits to be done: RESOLVED, WRITTEN_OFF, AUTO_RESOLVED.
[[nodiscard]] bool is_finished(BreakState state);

// What a person does with a break. Later data is the only thing that closes one without a person (AUTO_RESOLVED).
enum class BreakVerb : std::uint8_t { assign, investigate, comment, name_cause, propose, approve, reject, reopen, undo };

[[nodiscard]] std::string_view name_of(BreakVerb verb);
[[nodiscard]] std::optional<BreakVerb> break_verb_from(std::string_view name);

}  // namespace cho40::reconcile
