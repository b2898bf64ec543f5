#include "base/fault.h"
#include "base/check.h"
#include <atomic>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <string>
#include <string_view>
#include <unistd.h>
#ifndef FIU_ENABLE
    #define FIU_ENABLE
#endif
#include <fiu-control.h>
#include <fiu.h>

namespace cho40::fault {
namespace {

enum Action { crash = 1, freeze, lose, refuse };

constexpr int exit_code_of_a_killed_process = 128 + SIGKILL;

struct Armed {
    std::string place;
    Action action;
    int calls_left;
};

// libfiu asks this each time an armed place is reached.
int is_due(char const*, int* failure, void** info, unsigned*)
{
    auto& armed = *static_cast<Armed*>(*info);
    *failure = armed.action;
    return std::atomic_ref(armed.calls_left).fetch_sub(1) == 1;
}

Action action_of(std::string_view name)
{
    if (name == "crash") return crash;
    if (name == "freeze") return freeze;
    if (name == "lose") return lose;
    CHO_CHECK(name == "refuse");
    return refuse;
}

// "place=action@n"
Armed parse(std::string_view text)
{
    auto const equals = text.find('=');
    auto const at = text.find('@', equals);
    CHO_CHECK(equals != std::string_view::npos);
    CHO_CHECK(at != std::string_view::npos);
    Armed armed{std::string(text.substr(0, equals)), action_of(text.substr(equals + 1, at - equals - 1)), 0};
    auto const [end, error] = std::from_chars(text.data() + at + 1, text.data() + text.size(), armed.calls_left);
    CHO_CHECK(error == std::errc());
    CHO_CHECK(end == text.data() + text.size());
    return armed;
}

class Arms {
public:
    Arms()
    {
        CHO_CHECK(fiu_init(0) == 0);
        auto const* given = std::getenv("CHO40_FAULT");
        for (std::string_view rest = given ? given : ""; !rest.empty();) {
            auto const end = std::min(rest.find(','), rest.size());
            armed_.push_back(parse(rest.substr(0, end)));
            auto& armed = armed_.back();
            CHO_CHECK(fiu_enable_external(armed.place.c_str(), armed.action, &armed, 0, is_due) == 0);
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    }

private:
    std::deque<Armed> armed_;  // libfiu keeps pointers to these
};

}  // namespace

Effect reached(char const* place)
{
    static Arms const arms;
    auto const action = static_cast<Action>(fiu_fail(place));
    if (action == Action{}) return Effect::none;
    std::fprintf(stderr, "fault: %s\n", place);
    switch (action) {
    case crash: _exit(exit_code_of_a_killed_process);
    case freeze: std::raise(SIGSTOP); return Effect::none;
    case lose: return Effect::lose;
    case refuse: return Effect::refuse;
    }
    return Effect::none;
}

}  // namespace cho40::fault
