#include "ledger/signed_head.h"

namespace cho40::ledger {
namespace {

std::string hex(KeyId const& id) { return to_hex(std::string_view(reinterpret_cast<char const*>(id.data()), id.size())); }

}  // namespace

std::string signed_bytes(SignedHead const& head)
{
    return "cho40 ledger head v1\nbook " + std::to_string(head.book.value) + "\nsize " + std::to_string(head.size) + "\nroot " +
           to_hex(head.root) + "\nprevious " + to_hex(head.previous) + "\nat " + std::to_string(head.at.time_since_epoch().count()) +
           "\nkey " + hex(head.key) + "\n";
}

Sha256 head_hash(SignedHead const& head) { return sha256(signed_bytes(head)); }

SignedHead sign_head(HeadSigner const& signer, SignedHead head)
{
    head.key = signer.id();
    head.signature = signer.sign(signed_bytes(head));
    return head;
}

bool is_signed_by(HeadKey const& key, SignedHead const& head)
{
    return head.key == key.id() && key.accepts(signed_bytes(head), head.signature);
}

}  // namespace cho40::ledger
