-- The ledger: books, accounts, the journal, the event feed, and the lease that lets one writer post.
-- Locks: none, all tables are new. Back: drop the tables (an empty ledger only).

CREATE TABLE book (
  book_id      bigint      NOT NULL,
  kind         smallint    NOT NULL,  -- 1 market, 2 agency
  name         text        NOT NULL,
  writer_group text        NOT NULL,
  created_at   timestamptz NOT NULL,
  CONSTRAINT book_pkey PRIMARY KEY (book_id),
  CONSTRAINT book_kind_known CHECK (kind IN (1, 2))
);

CREATE TABLE account (
  book_id    bigint      NOT NULL,
  account_no bigint      NOT NULL,   -- owner ordinal * 16 + kind, made by the service
  limit_kind smallint    NOT NULL,   -- 0 none, 1 not below zero, 2 not above zero
  closed     boolean     NOT NULL DEFAULT false,
  opened_at  timestamptz NOT NULL,
  CONSTRAINT account_pkey PRIMARY KEY (book_id, account_no),
  CONSTRAINT account_limit_known CHECK (limit_kind BETWEEN 0 AND 2)
);

-- The truth. Rows are written by COPY, never changed and never deleted. Partitions are made ahead by the service;
-- (book_id, seq) and (book_id, transfer_id) are unique in each, and the writer keeps them unique over all.
CREATE TABLE journal (
  book_id        bigint      NOT NULL,
  seq            bigint      NOT NULL,
  transfer_id    uuid        NOT NULL,
  debit_account  bigint      NOT NULL,
  credit_account bigint      NOT NULL,
  amount         bigint      NOT NULL,
  debit_balance  bigint      NOT NULL,
  credit_balance bigint      NOT NULL,
  code           integer     NOT NULL,
  reference      text        NOT NULL,
  event_at       timestamptz NOT NULL,
  recorded_at    timestamptz NOT NULL,
  chain          bytea       NOT NULL,
  CONSTRAINT journal_amount_positive CHECK (amount > 0),
  CONSTRAINT journal_two_accounts CHECK (debit_account <> credit_account)
) PARTITION BY RANGE (recorded_at);

-- One row for each durable batch: how a writer that lost an answer finds out whether its batch stands.
CREATE TABLE ledger_batch (
  writer_group text        NOT NULL,
  epoch        bigint      NOT NULL,
  batch_no     bigint      NOT NULL,
  transfers    integer     NOT NULL,
  recorded_at  timestamptz NOT NULL,
  CONSTRAINT ledger_batch_pkey PRIMARY KEY (writer_group, epoch, batch_no)
);

-- Fencing: every posting transaction share-locks its group's row and compares the epoch; a takeover raises it.
CREATE TABLE ledger_lease (
  writer_group text        NOT NULL,
  epoch        bigint      NOT NULL,
  holder       text        NOT NULL,
  taken_at     timestamptz NOT NULL,
  CONSTRAINT ledger_lease_pkey PRIMARY KEY (writer_group)
);

-- What the outside is told, numbered densely per book in commit order. Written in the transaction that caused it;
-- every reader (event streams, webhooks, write-backs) keeps its own place in event_cursor.
CREATE TABLE event (
  book_id  bigint      NOT NULL,
  seq      bigint      NOT NULL,
  event_id uuid        NOT NULL,
  stream   uuid        NOT NULL,
  type     text        NOT NULL,
  resource uuid        NOT NULL,
  data     jsonb       NOT NULL,
  at       timestamptz NOT NULL,
  CONSTRAINT event_pkey PRIMARY KEY (book_id, seq)
);
CREATE INDEX event_stream_idx ON event (book_id, stream, seq);

CREATE TABLE event_cursor (
  book_id  bigint      NOT NULL,
  consumer text        NOT NULL,
  seq      bigint      NOT NULL,
  moved_at timestamptz NOT NULL,
  CONSTRAINT event_cursor_pkey PRIMARY KEY (book_id, consumer)
);
