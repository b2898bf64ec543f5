#include "ledger/proof.h"
#include "base/check.h"

namespace cho40::ledger {
namespace {

struct FaultWords {
    ProofFault fault;
    std::string_view name;
    std::string_view text;
};

constexpr FaultWords words[] = {
    {ProofFault::other_book, "other_book", "the signed head is of another book than the row"},
    {ProofFault::index_wrong, "index_wrong", "the leaf's place is not the row's number less one"},
    {ProofFault::not_covered, "not_covered", "the head was signed before this row was posted"},
    {ProofFault::other_key, "other_key", "the head was signed with another key than the one given"},
    {ProofFault::signature_wrong, "signature_wrong", "the signature does not fit the head"},
    {ProofFault::row_changed, "row_changed", "the row is not the one the leaf was made from"},
    {ProofFault::path_wrong, "path_wrong", "leaf and path do not lead to the signed root"},
    {ProofFault::later_head_wrong, "later_head_wrong", "the later head is of another book, or not later"},
    {ProofFault::later_other_key, "later_other_key", "the later head was signed with another key than the one given"},
    {ProofFault::later_signature_wrong, "later_signature_wrong", "the signature does not fit the later head"},
    {ProofFault::later_path_wrong, "later_path_wrong", "the later head does not begin with the rows of the first"},
};

FaultWords const& words_of(ProofFault fault)
{
    for (auto const& w : words) {
        if (w.fault == fault) return w;
    }
    CHO_CHECK(false);
}

std::optional<ProofFault> check_later(Proof const& proof, HeadKey const& key)
{
    auto const& later = *proof.later;
    if (later.head.book != proof.head.book || later.head.size < proof.head.size) return ProofFault::later_head_wrong;
    if (later.head.key != key.id()) return ProofFault::later_other_key;
    if (!is_signed_by(key, later.head)) return ProofFault::later_signature_wrong;
    if (!is_extended(proof.head.tree(), later.head.tree(), later.path)) return ProofFault::later_path_wrong;
    return std::nullopt;
}

boost::asio::awaitable<Result<Proof>> prove(ProofReader& reader, JournalRow row, bool from_first)
{
    CHO_CO_TRY(auto newest, co_await reader.newest_head(row.book));
    if (!newest || newest->size < row.seq) {
        co_return fail(Errc::unavailable, "no signed head covers this transfer yet; one is signed every second");
    }
    Proof proof;
    proof.row = std::move(row);
    proof.index = proof.row.seq - 1;
    proof.leaf = leaf_hash(proof.row);
    proof.head = *newest;
    if (from_first) {
        CHO_CO_TRY(auto first, co_await reader.first_head(proof.row.book, proof.row.seq));
        if (first) proof.head = *first;
    }
    CHO_CO_TRY(proof.path, co_await inclusion_path(reader, proof.row.book, proof.index, proof.head.size));
    if (proof.head.size < newest->size) {
        CHO_CO_TRY(auto path, co_await consistency_path(reader, proof.row.book, proof.head.size, newest->size));
        proof.later = Proof::Later{*newest, std::move(path)};
    }
    co_return proof;
}

}  // namespace

std::string_view proof_fault_name(ProofFault fault) { return words_of(fault).name; }
std::string_view proof_fault_text(ProofFault fault) { return words_of(fault).text; }

std::optional<ProofFault> check_proof(Proof const& proof, HeadKey const& key)
{
    auto const& head = proof.head;
    if (head.book != proof.row.book) return ProofFault::other_book;
    if (proof.row.seq < 1 || proof.index != proof.row.seq - 1) return ProofFault::index_wrong;
    if (proof.index >= head.size) return ProofFault::not_covered;
    if (head.key != key.id()) return ProofFault::other_key;
    if (!is_signed_by(key, head)) return ProofFault::signature_wrong;
    if (leaf_hash(proof.row) != proof.leaf) return ProofFault::row_changed;
    if (!is_included(proof.leaf, proof.index, head.size, proof.path, head.root)) return ProofFault::path_wrong;
    return proof.later ? check_later(proof, key) : std::nullopt;
}

boost::asio::awaitable<Result<Proof>> proof_of(ProofReader& reader, Id<Transfer> transfer, ProofWish wish)
{
    CHO_CO_TRY(auto row, co_await reader.find_row(transfer, wish.book));
    if (!row) co_return fail(Errc::not_found, "there is no such transfer");
    co_return co_await prove(reader, *std::move(row), wish.from_first);
}

boost::asio::awaitable<Result<Proof>> proof_of_row(ProofReader& reader, BookId book, std::int64_t seq)
{
    CHO_CO_TRY(auto row, co_await reader.row_at(book, seq));
    if (!row) co_return fail(Errc::not_found, "the book has no such row");
    co_return co_await prove(reader, *std::move(row), false);
}

}  // namespace cho40::ledger
