-- The Merkle log of each book (RFC 6962): signed heads, and the inner nodes that a proof would otherwise have to make again.
-- Locks: none, all tables are new. Back: drop the tables; they can be made again from the journal, the signatures cannot.

-- What the installation has vouched for: the first `size` rows of the book hash to `root`. Never changed, never deleted.
CREATE TABLE ledger_head (
  book_id   bigint      NOT NULL,
  size      bigint      NOT NULL,
  root      bytea       NOT NULL,
  previous  bytea       NOT NULL,  -- SHA-256 over the signed bytes of the head before it; zeros for the first
  at        timestamptz NOT NULL,
  key_id    bytea       NOT NULL,  -- first 8 bytes of SHA-256 over the public key
  signature bytea       NOT NULL,  -- Ed25519
  CONSTRAINT ledger_head_pkey PRIMARY KEY (book_id, size),
  CONSTRAINT ledger_head_one_successor UNIQUE (book_id, previous),  -- two instances cannot fork the chain of heads
  CONSTRAINT ledger_head_size_positive CHECK (size > 0),
  CONSTRAINT ledger_head_lengths CHECK (octet_length(root) = 32 AND octet_length(previous) = 32 AND octet_length(key_id) = 8
                                        AND octet_length(signature) = 64)
);

-- Complete subtrees of 256, 65 536 and 16 777 216 rows (levels 8, 16, 24).
CREATE TABLE merkle_node (
  book_id bigint   NOT NULL,
  level   smallint NOT NULL,
  index   bigint   NOT NULL,  -- from 0: covers rows index * 2^level + 1 to (index + 1) * 2^level
  hash    bytea    NOT NULL,
  CONSTRAINT merkle_node_pkey PRIMARY KEY (book_id, level, index),
  CONSTRAINT merkle_node_level_kept CHECK (level IN (8, 16, 24)),
  CONSTRAINT merkle_node_hash_length CHECK (octet_length(hash) = 32)
);
