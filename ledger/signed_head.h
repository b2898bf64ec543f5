#pragma once
#include "base/result.h"
#include "ledger/merkle.h"

namespace cho40::ledger {

using KeyId = std::array<std::uint8_t, 8>;  // first bytes of SHA-256 over the 32 bytes of the public key
using HeadSignature = std::array<std::uint8_t, 64>;  // Ed25519

// What the installation vouches for: the first `size` rows of the book have this root. Each head names the one before it, so
// neither a row nor a head can be taken back unseen.
struct SignedHead {
    BookId book;
    std::int64_t size = 0;
    Sha256 root{};
    Sha256 previous{};  // SHA-256 over the signed bytes of the head before; zeros for a book's first
    Instant at;
    KeyId key{};
    HeadSignature signature{};

    [[nodiscard]] TreeHead tree() const { return {size, root}; }
    friend bool operator==(SignedHead const&, SignedHead const&) = default;
};

// The bytes that are signed: seven lines of ASCII, each ended by a line feed. Numbers are decimal, digests lower-case hex,
// the time is in microseconds since 1970 UTC. The first line is there so that no signature over anything else can pass for
// a head's.
//
//   cho40 ledger head v1
//   book 12
//   size 4711
//   root 6e34…
//   previous 0000…
//   at 1795000000000000
//   key 8d1f…
[[nodiscard]] std::string signed_bytes(SignedHead const& head);
// What the next head names as `previous`.
[[nodiscard]] Sha256 head_hash(SignedHead const& head);

// A public key that heads are checked with.
struct HeadKey {
    virtual ~HeadKey() = default;
    [[nodiscard]] virtual KeyId id() const = 0;
    [[nodiscard]] virtual bool accepts(std::string_view bytes, HeadSignature const& signature) const = 0;
};

struct HeadSigner : HeadKey {
    [[nodiscard]] virtual HeadSignature sign(std::string_view bytes) const = 0;
};

// `head` with key and signature filled in.
[[nodiscard]] SignedHead sign_head(HeadSigner const& signer, SignedHead head);
// Whether this key signed the head. False for a head of another key.
[[nodiscard]] bool is_signed_by(HeadKey const& key, SignedHead const& head);

}  // namespace cho40::ledger
