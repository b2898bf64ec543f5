#pragma once
#include "adapters/postgres/error.h"
#include "adapters/postgres/params.h"
#include "adapters/postgres/rows.h"
#include <chrono>
#include <utility>
#include <vector>

namespace cho40::postgres {

// A statement the program knows at compile time. It is prepared once on each connection under its name, so the name
// must be unique in the program and at most 60 bytes. Keep it `inline constexpr` in a <table>_statements.h.
struct Statement {
    char const* name;
    char const* sql;
};

inline constexpr std::chrono::milliseconds default_deadline{5000};
inline constexpr std::chrono::milliseconds default_patience{8000};

// Statements that travel together: one implicit transaction, one round trip. When one fails, none of them happened.
// No BEGIN or COMMIT in here, and no COPY (libpq never comes back from COPY in pipeline mode).
//
//   Segment s;
//   s.add(insert_payment, book, id, amount).add(insert_event, book, event);
//   CHO_CO_TRY(auto rows, to_result(co_await pool.write(std::move(s))));   // rows[0], rows[1]
class Segment {
public:
    struct Step {
        Statement const* statement;
        Params params;
    };

    Segment() = default;

    template <class... Ts>
    Segment& add(Statement const& statement, Ts const&... values)
    {
        if constexpr (sizeof...(Ts) == 0) return add_step(statement, Params());
        else return add_step(statement, Params(values...));
    }
    // Statements outlive every segment, so a temporary is refused.
    template <class... Ts>
    Segment& add(Statement&&, Ts const&...) = delete;

    Segment& add_step(Statement const& statement, Params params)
    {
        steps_.push_back(Step{&statement, std::move(params)});
        return *this;
    }

    // The same segment sent again changes nothing more: its ids and keys were made before the first try and a replay
    // is recognised by them. Only then is an unknown outcome cleared up by asking again.
    Segment& idempotent()
    {
        idempotent_ = true;
        return *this;
    }
    // Longest wait for one try (default_deadline) and for all tries together (default_patience).
    Segment& within(std::chrono::milliseconds deadline)
    {
        deadline_ = deadline;
        return *this;
    }
    Segment& patience(std::chrono::milliseconds patience)
    {
        patience_ = patience;
        return *this;
    }

    [[nodiscard]] bool is_idempotent() const { return idempotent_; }
    [[nodiscard]] std::chrono::milliseconds deadline() const { return deadline_; }
    [[nodiscard]] std::chrono::milliseconds patience() const { return patience_; }
    [[nodiscard]] std::vector<Step> const& steps() const { return steps_; }
    // The steps for somebody else to send; the segment is empty then.
    [[nodiscard]] std::vector<Step> take_steps() { return std::exchange(steps_, {}); }
    [[nodiscard]] bool empty() const { return steps_.empty(); }

private:
    std::vector<Step> steps_;
    std::chrono::milliseconds deadline_ = default_deadline;
    std::chrono::milliseconds patience_ = default_patience;
    bool idempotent_ = false;
};

// One Rows for each step, in order.
using Replies = std::vector<Rows>;

}  // namespace cho40::postgres
