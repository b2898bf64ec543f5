-- Files from providers and banks, and what each day's comparison found.
-- Locks: none, all tables are new. Back: drop the tables.

CREATE TABLE recon_file (
  book_id       bigint      NOT NULL,
  file_id       uuid        NOT NULL,
  partner       uuid        NOT NULL,   -- rail account
  side          smallint    NOT NULL,   -- 1 provider, 2 bank
  business_date date        NOT NULL,   -- of a statement the last day it covers
  revision      integer     NOT NULL,
  sha256        bytea       NOT NULL,
  bytes         bytea       NOT NULL,   -- as received; never changed
  size          bigint      NOT NULL,   -- of bytes, so that lists need not touch them
  result        text        NOT NULL,   -- ACCEPTED, ACCEPTED_LATE, SUPERSEDES, FILE_CONFLICT, FILE_INTEGRITY
  in_force      boolean     NOT NULL,   -- runs use it; a superseded file stays readable and is not
  detail        text        NOT NULL,   -- why it is held, or empty
  detail_line   integer     NOT NULL,   -- 0: the file as a whole
  lines         bigint      NOT NULL,
  sum           bigint      NOT NULL,   -- of its money, refunds and debits negative
  accounts      jsonb       NOT NULL,   -- account numbers a statement is about
  balances      jsonb       NOT NULL,   -- what a statement says of opening and closing
  received_at   timestamptz NOT NULL,
  received_by   uuid        NOT NULL,
  CONSTRAINT recon_file_pkey PRIMARY KEY (book_id, file_id),
  CONSTRAINT recon_file_bytes_key UNIQUE (book_id, partner, sha256)
);
CREATE INDEX recon_file_day_idx ON recon_file (book_id, partner, business_date, received_at);

CREATE TABLE recon_run (
  book_id       bigint      NOT NULL,
  run_id        uuid        NOT NULL,
  partner       uuid        NOT NULL,
  business_date date        NOT NULL,
  as_of         timestamptz NOT NULL,
  summary       jsonb       NOT NULL,   -- counts, sums and equations of the day sheet
  result        jsonb       NOT NULL,   -- matches, breaks, pending
  started_by    uuid        NOT NULL,
  created_at    timestamptz NOT NULL,
  CONSTRAINT recon_run_pkey PRIMARY KEY (book_id, run_id)
);
CREATE INDEX recon_run_day_idx ON recon_run (book_id, partner, business_date, created_at);

CREATE TABLE recon_break (
  book_id       bigint      NOT NULL,
  break_id      uuid        NOT NULL,   -- derived from class and members: a second run finds the first one's break
  partner       uuid        NOT NULL,
  business_date date        NOT NULL,
  class         text        NOT NULL,
  members       jsonb       NOT NULL,   -- the records it is about
  delta         bigint      NOT NULL,
  summary       text        NOT NULL,   -- one sentence for people
  state         text        NOT NULL,   -- OPEN, AUTO_RESOLVED, …
  owner         text        NOT NULL,
  first_run     uuid        NOT NULL,
  last_run      uuid        NOT NULL,   -- the last one that found it
  opened_at     timestamptz NOT NULL,
  updated_at    timestamptz NOT NULL,
  closed_at     timestamptz,
  version       bigint      NOT NULL,
  CONSTRAINT recon_break_pkey PRIMARY KEY (book_id, break_id)
);
CREATE INDEX recon_break_day_idx ON recon_break (book_id, partner, business_date);
CREATE INDEX recon_break_age_idx ON recon_break (opened_at, break_id);
