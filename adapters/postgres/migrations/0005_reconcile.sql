-- Files from providers and banks, and what each day's comparison found.
-- Locks: none, all tables are new. Back: drop the tables.

CREATE TABLE recon_file (
  book_id       bigint      NOT NULL,
  file_id       uuid        NOT NULL,
  partner       uuid        NOT NULL,   -- rail account
  side          smallint    NOT NULL,   -- 1 provider, 2 bank
  business_date date        NOT NULL,
  revision      integer     NOT NULL,
  name          text        NOT NULL,
  sha256        bytea       NOT NULL,
  bytes         bytea       NOT NULL,   -- as received; never changed
  result        text        NOT NULL,   -- ACCEPTED, ACCEPTED_LATE, DUPLICATE_FILE, SUPERSEDES, FILE_CONFLICT, FILE_INTEGRITY
  detail        text        NOT NULL,
  rows          integer     NOT NULL,
  received_at   timestamptz NOT NULL,
  received_by   uuid        NOT NULL,
  CONSTRAINT recon_file_pkey PRIMARY KEY (book_id, file_id)
);
CREATE INDEX recon_file_day_idx ON recon_file (book_id, partner, business_date, received_at);

CREATE TABLE recon_run (
  book_id       bigint      NOT NULL,
  run_id        uuid        NOT NULL,
  partner       uuid        NOT NULL,
  business_date date        NOT NULL,
  as_of         timestamptz NOT NULL,
  summary       jsonb       NOT NULL,   -- counts and sums of the day sheet
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
  members       jsonb       NOT NULL,
  delta         bigint      NOT NULL,
  state         text        NOT NULL,   -- OPEN, AUTO_RESOLVED, …
  owner         text        NOT NULL,
  first_run     uuid        NOT NULL,
  last_run      uuid        NOT NULL,
  opened_at     timestamptz NOT NULL,
  closed_at     timestamptz,
  version       bigint      NOT NULL,
  CONSTRAINT recon_break_pkey PRIMARY KEY (book_id, break_id)
);
CREATE INDEX recon_break_day_idx ON recon_break (book_id, business_date, class);
