#pragma once
#include "ledger/ports.h"
#include "ledger/transit.h"
#include <boost/asio/awaitable.hpp>
#include <map>
#include <optional>
#include <vector>

// An amount moved from an account of one book to an account of another, which may belong to another writer. No transaction
// spans two books; what spans them is a chain of commands, each decided in one book and each known by an id that follows from
// the first, so that any of them may be told again by anybody, at any time:
//
//   leave      in the book it comes from: a hold on the account, towards the transit account of the other book
//   arrive     in the book it goes to: posted from the transit account of the first book; or else
//   turn_away  there too: the refusal, written down, so that it can never arrive afterwards
//   settle     in the first book: the hold is posted, because it has arrived; or else
//   give_back  there too: the hold is voided, because it was turned away
//
// Whether it arrives is decided once, in the book it goes to: `arrive` and `turn_away` exclude each other there. All others
// only follow.
namespace cho40::ledger {

struct Movement {
    Id<Transfer> id;  // made by who asks, before the first try; of the hold
    BookId from;
    AccountNumber credit;  // in `from`
    BookId to;
    AccountNumber debit;  // in `to`
    Dong amount;
    TransferCode code = TransferCode::opening;
    std::string reference;
    Instant event_at;

    friend bool operator==(Movement const&, Movement const&) = default;
};

// Stored: append, never renumber.
enum class MovementState : std::int16_t { under_way = 1, posted = 2, refused = 3 };

struct MovementEnd {
    MovementState state = MovementState::under_way;
    std::optional<Errc> reason;   // refused: by the book it was to go to
    std::int64_t arrived_seq = 0;  // posted: in the journal of `to`

    friend bool operator==(MovementEnd const&, MovementEnd const&) = default;
};

struct MovementReport {
    Movement movement;
    MovementEnd end;
    std::int64_t left_seq = 0;  // of the hold, in the journal of `from`
    Instant left_at;
    std::optional<std::int64_t> ended_seq{};  // of its end, there too
    std::optional<Instant> ended_at{};
};

// Rows that travel with the commands.
struct MovementLeft final : AttachedRow {
    explicit MovementLeft(Movement m) : movement(std::move(m)) {}
    Movement movement;
};
// In the book it goes to, once for ever: it has arrived, or was turned away.
struct MovementDecided final : AttachedRow {
    MovementDecided(Movement const& m, std::optional<Errc> why) : book(m.to), from(m.from), id(m.id), turned_away(why) {}
    BookId book, from;
    Id<Transfer> id;
    std::optional<Errc> turned_away;
};
struct MovementEnded final : AttachedRow {
    MovementEnded(Movement const& m, MovementEnd e) : book(m.from), id(m.id), end(e) {}
    BookId book;
    Id<Transfer> id;
    MovementEnd end;
};

[[nodiscard]] Command leave(Movement const& m);
[[nodiscard]] Command arrive(Movement const& m);
[[nodiscard]] Command turn_away(Movement const& m, Errc why);
[[nodiscard]] Command settle(Movement const& m, std::int64_t arrived_seq, Instant event_at);
[[nodiscard]] Command give_back(Movement const& m, Errc why, Instant event_at);

// Will the same command be refused again tomorrow, as far as anybody can tell? Otherwise it is worth another try.
[[nodiscard]] bool refuses_for_good(Errc code);

// What is known of a movement that has left and what is to be done next. Pure: whoever drives it does what next() says and
// tells what came of it.
class Journey {
public:
    enum class Step { arrive, turn_away, look_up_decision, settle, give_back, look_up_end, none };

    explicit Journey(Movement m) : movement_(std::move(m)), event_at_(movement_.event_at) {}

    [[nodiscard]] Movement const& movement() const { return movement_; }
    [[nodiscard]] Step next() const { return next_; }
    [[nodiscard]] bool submits() const { return next_ != Step::none && next_ != Step::look_up_decision && next_ != Step::look_up_end; }
    [[nodiscard]] Command command() const;  // Pre: submits()

    void answered(Result<Receipt> const& answer, Instant now);     // after a command
    void decided(std::optional<MovementDecided> const& decision);  // after look_up_decision
    void found(std::optional<MovementReport> const& report);       // after look_up_end
    void put_off(Error why);                                       // a look-up failed

    // How it ended, or why it has to be tried again later. Pre: next() is none.
    [[nodiscard]] Result<MovementEnd> const& result() const { return *result_; }

private:
    void end(Result<MovementEnd> result);

    Movement movement_;
    Step next_ = Step::arrive;
    Errc why_ = Errc::internal_error;  // turned away
    std::int64_t arrived_seq_ = 0;
    Instant event_at_;  // of the end: when it happened, or now when that period was closed meanwhile
    int commands_ = 0;
    std::optional<Result<MovementEnd>> result_;
};

struct MovementStore {
    struct Place {
        BookId book;
        std::int64_t seq = 0;
    };

    virtual ~MovementStore() = default;
    template <class T>
    using Answer = boost::asio::awaitable<Result<T>>;

    [[nodiscard]] virtual Answer<std::optional<MovementDecided>> decision(Movement movement) = 0;
    [[nodiscard]] virtual Answer<std::optional<MovementReport>> find(BookId from, Id<Transfer> id) = 0;
    // Of the books of one writer: what left before the instant and has not ended, in order of the journals' rows.
    [[nodiscard]] virtual Answer<std::vector<MovementReport>> under_way(Instant left_before, Place after, std::size_t limit) = 0;
};

// Told what nobody waits for any more.
struct MovementWatch {
    virtual ~MovementWatch() = default;
    virtual void on_ended(Movement const& movement, MovementEnd const& end) = 0;
    virtual void on_put_off(Movement const& movement, Error const& why) = 0;
};

struct CarrierLimits {
    std::size_t at_once = 256;                                     // carried together, each step of all in one go
    std::chrono::milliseconds grace = std::chrono::seconds(2);     // so long whoever asked for it carries it himself
    std::chrono::milliseconds again_first = std::chrono::seconds(1);  // a book whose writer is away is tried again after this long,
    std::chrono::milliseconds again_last = std::chrono::seconds(30);  // then twice as long, up to this
};

// Carries movements to their end. As many carriers as there are instances may work on the same ones.
class Carrier {
public:
    // All must outlive it.
    Carrier(Ledger& ledger, MovementStore& store, Clock const& clock, MovementWatch& watch, CarrierLimits limits = {})
        : ledger_(ledger), store_(store), clock_(clock), watch_(watch), limits_(limits)
    {
    }

    // Everything that is left to do for those that have left: for each how it ended, or why it has to be tried again later.
    [[nodiscard]] boost::asio::awaitable<std::vector<Result<MovementEnd>>> carry(std::vector<Movement> movements);

    // What those who asked for it left lying. To be called every second while this instance writes.
    [[nodiscard]] boost::asio::awaitable<Result<Done>> round();

private:
    struct Pause {
        Instant until;
        std::chrono::milliseconds length;
    };

    boost::asio::awaitable<void> look_up(Journey& journey);
    void note(Movement const& movement, Result<MovementEnd> const& result);

    Ledger& ledger_;
    MovementStore& store_;
    Clock const& clock_;
    MovementWatch& watch_;
    CarrierLimits limits_;
    std::map<BookId, Pause> pauses_;  // books that could not be reached
};

}  // namespace cho40::ledger
