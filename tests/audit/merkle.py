"""RFC 6962, written down as the RFC says it: from the top, by splitting."""
import hashlib
import struct


def row_bytes(row):
    reference = row["reference"].encode()
    nil = bytes(16)
    return (struct.pack(">qq", row["book_id"], row["seq"]) + row["transfer_id"].bytes
            + struct.pack(">hhqqqqqiqq", row["kind"], row["flags"], row["debit_account"], row["credit_account"], row["amount"],
                          row["debit_balance"], row["credit_balance"], row["code"], row["event_at"], row["recorded_at"])
            + (row["pending_id"].bytes if row["pending_id"] else nil)
            + struct.pack(">qI", row["expires_at"] or 0, len(reference)) + reference)


class Tree:
    """The leaves of one book; complete subtrees are remembered."""

    def __init__(self):
        self.leaves = []
        self._complete = {}

    def append(self, row):
        self.leaves.append(hashlib.sha256(b"\x00" + row_bytes(row)).digest())

    def root(self, size):
        return self._hash(0, size)

    def _hash(self, start, count):
        if count == 1:
            return self.leaves[start]
        if (start, count) in self._complete:
            return self._complete[start, count]
        split = 1 << ((count - 1).bit_length() - 1)  # the greatest power of two below count
        made = hashlib.sha256(b"\x01" + self._hash(start, split) + self._hash(start + split, count - split)).digest()
        if count == 2 * split:
            self._complete[start, count] = made
        return made

    def subtree(self, level, index):
        return self._hash(index << level, 1 << level)
