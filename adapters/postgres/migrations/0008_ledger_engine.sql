-- The ledger engine: kinds and flags of transfers, holds, limits as amounts, closed periods, and a journal in numbered parts
-- that the service opens, seals and freezes by itself.
-- Locks: the ledger's tables, while the rows of the old journal are copied. Back: restore from before.

ALTER TABLE account ADD COLUMN floor bigint;
ALTER TABLE account ADD COLUMN ceiling bigint;
UPDATE account SET floor = CASE WHEN limit_kind = 1 THEN 0 END, ceiling = CASE WHEN limit_kind = 2 THEN 0 END WHERE limit_kind <> 0;
ALTER TABLE account DROP COLUMN limit_kind;

-- Nothing that happened before this instant may be entered any more; NULL: every period is open.
ALTER TABLE book ADD COLUMN closed_before timestamptz;

-- The truth. Rows are written once, never changed and never deleted; `part` says where a row lies and is no part of it.
-- While a part is open only (book_id, seq) and (book_id, transfer_id) are indexed; what serves statements and look-ups is
-- built when it is full.
ALTER TABLE journal RENAME TO journal_before;
CREATE TABLE journal (
  book_id        bigint      NOT NULL,
  seq            bigint      NOT NULL,  -- dense per book, from 1
  transfer_id    uuid        NOT NULL,
  debit_account  bigint      NOT NULL,
  credit_account bigint      NOT NULL,
  amount         bigint      NOT NULL,
  debit_balance  bigint      NOT NULL,  -- posted, after this row
  credit_balance bigint      NOT NULL,
  event_at       timestamptz NOT NULL,
  recorded_at    timestamptz NOT NULL,
  part           smallint    NOT NULL,
  code           smallint    NOT NULL,
  -- Low four bits: 1 posted, 2 pending, 3 post, 4 undo, 5 expire. Above them: 16 balancing debit, 32 balancing credit, 64 closing
  -- debit, 128 closing credit. Three numbers of two bytes, and not of four, are what keeps a row within 136 bytes.
  kind           smallint    NOT NULL,
  reference      text        NOT NULL,
  pending_id     uuid,                  -- kinds 3 to 5
  expires_at     timestamptz,           -- kind 2 with a timeout
  CONSTRAINT journal_amount_positive CHECK (amount > 0 OR (amount = 0 AND kind >= 64)),
  CONSTRAINT journal_two_accounts CHECK (debit_account <> credit_account)
) PARTITION BY RANGE (part);

-- Where the journal's rows lie. A writer group has one open part at a time.
CREATE TABLE journal_part (
  part         smallint    NOT NULL,
  writer_group text        NOT NULL,
  state        smallint    NOT NULL,   -- 1 open, 2 full, 3 sealed
  opened_at    timestamptz NOT NULL,   -- no row in it was recorded earlier
  full_at      timestamptz,            -- no row in it was recorded later
  sealed_at    timestamptz,
  row_count    bigint,                 -- once sealed
  CONSTRAINT journal_part_pkey PRIMARY KEY (part),
  CONSTRAINT journal_part_state_known CHECK (state BETWEEN 1 AND 3)
);

-- Which rows of a book lie in a sealed part.
CREATE TABLE journal_part_book (
  book_id   bigint  NOT NULL,
  part      smallint NOT NULL,
  first_seq bigint  NOT NULL,
  last_seq  bigint  NOT NULL,
  CONSTRAINT journal_part_book_pkey PRIMARY KEY (book_id, part)
);

-- Balances at the end of the newest sealed part, so that a restart replays open parts only. Derived from the journal.
CREATE TABLE account_snapshot (
  book_id    bigint  NOT NULL,
  account_no bigint  NOT NULL,
  seq        bigint  NOT NULL,  -- the account's newest row in a sealed part
  balance    bigint  NOT NULL,
  entries    bigint  NOT NULL,  -- its rows in sealed parts
  CONSTRAINT account_snapshot_pkey PRIMARY KEY (book_id, account_no)
) WITH (fillfactor = 80);

-- What is held, and how it ended. Follows from the journal; written in the same transaction.
CREATE TABLE hold (
  book_id        bigint      NOT NULL,
  hold_id        uuid        NOT NULL,  -- of the pending transfer
  seq            bigint      NOT NULL,
  debit_account  bigint      NOT NULL,
  credit_account bigint      NOT NULL,
  amount         bigint      NOT NULL,
  flags          smallint    NOT NULL,
  code           integer     NOT NULL,
  reference      text        NOT NULL,
  recorded_at    timestamptz NOT NULL,
  expires_at     timestamptz,
  state          smallint    NOT NULL,  -- 1 held, 2 posted, 3 voided, 4 expired
  posted_amount  bigint      NOT NULL DEFAULT 0,
  ended_by       uuid,
  ended_seq      bigint,
  ended_at       timestamptz,
  CONSTRAINT hold_pkey PRIMARY KEY (book_id, hold_id),
  CONSTRAINT hold_state_known CHECK (state BETWEEN 1 AND 4),
  CONSTRAINT hold_posted_within CHECK (posted_amount BETWEEN 0 AND amount)
);
CREATE INDEX hold_open_idx ON hold (book_id, hold_id) WHERE state = 1;

-- Rows of before the engine lie in part 0, which is open to nobody and sealed like any other.
CREATE TABLE journal_p00000000 PARTITION OF journal FOR VALUES FROM (0) TO (1);
CREATE UNIQUE INDEX journal_p00000000_seq_idx ON journal_p00000000 (book_id, seq);
CREATE UNIQUE INDEX journal_p00000000_transfer_idx ON journal_p00000000 (book_id, transfer_id);
INSERT INTO journal (book_id, seq, transfer_id, debit_account, credit_account, amount, debit_balance, credit_balance, event_at,
                     recorded_at, part, code, kind, reference)
SELECT book_id, seq, transfer_id, debit_account, credit_account, amount, debit_balance, credit_balance, event_at,
       recorded_at, 0, code, 1, reference
  FROM journal_before ORDER BY book_id, seq;
INSERT INTO journal_part (part, writer_group, state, opened_at, full_at)
SELECT 0, coalesce((SELECT min(writer_group) FROM book), ''), 2, coalesce(min(recorded_at), now()), coalesce(max(recorded_at), now())
  FROM journal;
DROP TABLE journal_before;

-- The writer's pulse: another instance takes over when it stops. The lease's row itself is touched by takeovers only, so that
-- nobody who posts ever waits for it.
CREATE TABLE ledger_pulse (
  writer_group text        NOT NULL,
  epoch        bigint      NOT NULL,
  address      text        NOT NULL,  -- where other instances reach the writer; empty: nowhere
  beat_at      timestamptz NOT NULL,  -- the database's clock
  CONSTRAINT ledger_pulse_pkey PRIMARY KEY (writer_group)
);
