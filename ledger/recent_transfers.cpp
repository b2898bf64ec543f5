#include "ledger/recent_transfers.h"
#include "base/check.h"
#include <algorithm>
#include <cstring>

namespace cho40::ledger {
namespace {

constexpr std::size_t index_min = 1024;
constexpr std::size_t ahead = 8;  // entries between bringing a bucket nearer and looking into it

// The last eight bytes of an UUIDv7 are random but for two bits, and those of the other versions we make are hashes; ids of
// strangers get mixed all the same.
std::uint32_t hash_of(Uuid const& id)
{
    std::uint64_t high = 0, low = 0;
    std::memcpy(&high, id.bytes.data(), 8);
    std::memcpy(&low, id.bytes.data() + 8, 8);
    auto h = (low ^ (high * 0x9e3779b97f4a7c15ULL)) * 0xff51afd7ed558ccdULL;
    return static_cast<std::uint32_t>(h ^ (h >> 32));
}

}  // namespace

std::optional<std::int64_t> uuid7_milliseconds(Uuid const& id)
{
    if (id.bytes[6] >> 4 != 7) return std::nullopt;
    std::int64_t ms = 0;
    for (std::size_t i = 0; i < 6; ++i) ms = ms << 8 | id.bytes[i];
    return ms;
}

RecentTransfers::RecentTransfers(std::size_t capacity) : kept_(capacity - capacity / 8), slots_(capacity)
{
    CHO_CHECK(capacity > 0 && capacity < none / 4);
}

RecentTransfers::Entry const* RecentTransfers::find(Uuid const& id) const
{
    if (index_.empty()) return nullptr;
    auto const hash = hash_of(id);
    for (auto b = hash & mask(); index_[b].slot != none; b = (b + 1) & mask()) {
        if (index_[b].hash != hash) continue;
        auto const& entry = ring_[index_[b].slot];
        if (entry.transfer.id.uuid == id) return &entry;
    }
    return nullptr;
}

void RecentTransfers::expect(Uuid const& id) const
{
    if (!index_.empty()) __builtin_prefetch(&index_[hash_of(id) & mask()]);
}

void RecentTransfers::push(Entry entry)
{
    if (size_ == slots_) grow_ring();
    auto const slot = (first_ + size_) % slots_;
    if (slot == ring_.size()) ring_.push_back(std::move(entry));
    else ring_[slot] = std::move(entry);
    ++size_;
    if (size_ * 2 > index_.size()) grow_index();
    else index_insert(static_cast<std::uint32_t>(slot));
}

void RecentTransfers::pop_newest()
{
    CHO_CHECK(size_ > 0);
    --size_;
    index_erase(static_cast<std::uint32_t>((first_ + size_) % slots_));
}

void RecentTransfers::trim()
{
    for (; size_ > kept_; --size_) {
        if (size_ > kept_ + ahead) expect(ring_[(first_ + ahead) % slots_].transfer.id.uuid);
        auto const& oldest = ring_[first_].transfer.id.uuid;
        forgotten_ms_ = std::max(forgotten_ms_, uuid7_milliseconds(oldest).value_or(0));
        index_erase(static_cast<std::uint32_t>(first_));
        first_ = (first_ + 1) % slots_;
    }
}

void RecentTransfers::clear()
{
    ring_.clear();
    index_.clear();
    first_ = size_ = 0;
    forgotten_ms_ = -1;
}

void RecentTransfers::forget_until(Instant at)
{
    using namespace std::chrono;
    auto const ms = duration_cast<milliseconds>((at + clock_skew_max).time_since_epoch()).count();
    forgotten_ms_ = std::max(forgotten_ms_, static_cast<std::int64_t>(ms));
}

bool RecentTransfers::may_be_forgotten(Uuid const& id) const
{
    if (forgotten_ms_ < 0) return false;
    auto const ms = uuid7_milliseconds(id);
    return !ms || *ms <= forgotten_ms_;
}

// Batches that are larger than what is set aside for them.
void RecentTransfers::grow_ring()
{
    std::rotate(ring_.begin(), ring_.begin() + static_cast<std::ptrdiff_t>(first_), ring_.end());
    first_ = 0;
    slots_ *= 2;
    CHO_CHECK(slots_ < none / 4);
    index_.assign(index_.size(), Bucket{});
    fill_index();
}

void RecentTransfers::grow_index()
{
    index_.assign(std::max(index_min, index_.size() * 2), Bucket{});
    fill_index();
}

void RecentTransfers::fill_index()
{
    for (std::size_t i = 0; i < size_; ++i) index_insert(static_cast<std::uint32_t>((first_ + i) % slots_));
}

void RecentTransfers::index_insert(std::uint32_t slot)
{
    auto const hash = hash_of(ring_[slot].transfer.id.uuid);
    auto b = hash & mask();
    while (index_[b].slot != none) b = (b + 1) & mask();
    index_[b] = {slot, hash};
}

// Linear probing without tombstones: what stands behind the hole and may move into it does.
void RecentTransfers::index_erase(std::uint32_t slot)
{
    auto hole = hash_of(ring_[slot].transfer.id.uuid) & mask();
    while (index_[hole].slot != slot) {
        CHO_CHECK(index_[hole].slot != none);
        hole = (hole + 1) & mask();
    }
    for (auto b = (hole + 1) & mask(); index_[b].slot != none; b = (b + 1) & mask()) {
        auto const home = index_[b].hash & mask();
        if (((b - home) & mask()) < ((b - hole) & mask())) continue;  // its home lies behind the hole
        index_[hole] = index_[b];
        hole = b;
    }
    index_[hole] = Bucket{};
}

}  // namespace cho40::ledger
