#pragma once
#include "ledger/transfer.h"
#include <vector>

namespace cho40::ledger {

// The newest transfers of a group of books by id: how a repeated command is recognised without asking the database. A ring of
// bounded size; what falls out of it is still known by time, because ids are UUIDv7: only an id that is not younger than
// everything forgotten has to be looked up (may_be_forgotten). Nothing falls out but in trim(): what was looked for before a
// batch was decided is still there while it is.
class RecentTransfers {
public:
    struct Entry {
        Transfer transfer;
        BookId book;
        std::int64_t seq = 0;
        Instant recorded_at;
    };

    // Ids may be made by a clock that is ahead of ours by this much; beyond it they are refused (State::apply).
    static constexpr auto clock_skew_max = std::chrono::minutes(1);

    explicit RecentTransfers(std::size_t capacity = default_capacity);
    static constexpr std::size_t default_capacity = 1 << 18;

    [[nodiscard]] Entry const* find(Uuid const& id) const;
    // This id will be looked for shortly: brings its bucket nearer to the processor.
    void expect(Uuid const& id) const;
    void push(Entry entry);  // Pre: the id is not there
    void pop_newest();       // Pre: not empty
    void trim();             // forgets the oldest, so that the next batches find room
    void clear();

    // Rows that were never loaded, all recorded at or before `at`.
    void forget_until(Instant at);
    [[nodiscard]] bool may_be_forgotten(Uuid const& id) const;

    [[nodiscard]] std::size_t size() const { return size_; }

private:
    static constexpr std::uint32_t none = 0xffffffff;

    // The hash beside the place: entries lie far apart in memory, and one that is not meant need not be looked at.
    struct Bucket {
        std::uint32_t slot = none;
        std::uint32_t hash = 0;
    };

    void grow_ring();
    void grow_index();
    void fill_index();
    void index_insert(std::uint32_t slot);
    void index_erase(std::uint32_t slot);
    [[nodiscard]] std::uint32_t mask() const { return static_cast<std::uint32_t>(index_.size() - 1); }

    std::size_t kept_;         // by trim(); the rest of the ring is for the batches that are not settled
    std::size_t slots_;        // at which the ring wraps
    std::vector<Entry> ring_;  // grows to slots_
    std::size_t first_ = 0;    // the oldest
    std::size_t size_ = 0;
    std::vector<Bucket> index_;      // open addressing over ring positions
    std::int64_t forgotten_ms_ = -1; // newest time in an id that was forgotten; -1: nothing was
};

// Milliseconds since 1970 in an UUIDv7; nothing for other versions.
[[nodiscard]] std::optional<std::int64_t> uuid7_milliseconds(Uuid const& id);

}  // namespace cho40::ledger
