#pragma once
#include <utility>

namespace cho40 {

// An Asio context whose unfinished work can be dropped early. A context destroys the coroutines that still wait on it
// together with itself; what their frames hold (a doorbell's listener, a place in a list) then refers to things that
// were made after the context and are gone already.
template <class Context>
class Droppable : public Context {
public:
    using Context::Context;

    // Nothing runs on it any more, and nothing is waiting afterwards. Timers and sockets may still be destroyed.
    void drop() { this->shutdown(); }
};

// Calls `drop` when it goes: declared after what unfinished work refers to, it makes that work go first.
template <class Drop>
class DropsFirst {
public:
    explicit DropsFirst(Drop drop) : drop_(std::move(drop)) {}
    ~DropsFirst() { drop_(); }
    DropsFirst(DropsFirst const&) = delete;
    DropsFirst& operator=(DropsFirst const&) = delete;

private:
    Drop drop_;
};

}  // namespace cho40
