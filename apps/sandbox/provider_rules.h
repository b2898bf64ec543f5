#pragma once
#include <chrono>
#include <optional>
#include <span>
#include <string_view>

// How stubborn each provider is: which answers content it, which make it give up, and when it tries again. One row of data
// for each rail.
namespace cho40::sandbox {

enum class Verdict { content, again, gives_up };

// An answer of one of these statuses, whose JSON body has this member with this value (as JSON text) where one is named.
struct AnswerRule {
    int status_min;
    int status_max;
    Verdict verdict;
    std::string_view member = {};
    std::string_view value = {};
};

struct ProviderRules {
    std::string_view rail;
    std::span<AnswerRule const> answers;           // the first that fits; where none does, and without an answer: again
    std::span<std::chrono::seconds const> pauses;  // before the second try, the third, …; after the last one it gives up
    std::chrono::seconds patience;                 // for one answer
    std::chrono::seconds gives_up_after;           // the first try, however many pauses are left
    bool signs_anew;                               // each try has its own time of signing; otherwise the same bytes again
};

// Pre: a rail of adapters/rails.
[[nodiscard]] ProviderRules const& rules_of(std::string_view rail);

// What the provider makes of an answer; status 0 is none.
[[nodiscard]] Verdict verdict_on(ProviderRules const& rules, int status, std::string_view body);

// How long it waits after try number `tries` (from 1), `passed` after the first. Nothing: it gives up.
[[nodiscard]] std::optional<std::chrono::seconds> pause_after(ProviderRules const& rules, int tries, std::chrono::seconds passed);

}  // namespace cho40::sandbox
