-- Tax returns of households, what was sent, and what the authority answered.
-- Locks: none, all tables are new. Back: drop the tables.

CREATE TABLE tax_return (
  book_id        bigint      NOT NULL,
  return_id      uuid        NOT NULL,
  household_id   uuid        NOT NULL,
  period         text        NOT NULL,   -- 2026-Q3, 2026-09, 2026
  kind           text        NOT NULL,   -- C first, B supplementary
  sequence       integer     NOT NULL,   -- soLan
  form_version   text        NOT NULL,
  state          text        NOT NULL,   -- etax/filing_state.h
  reason         text        NOT NULL DEFAULT '',
  revenue        bigint      NOT NULL,
  vat            bigint      NOT NULL,
  pit            bigint      NOT NULL,
  figures        jsonb       NOT NULL,   -- turnover by activity, lines, rule ids, explanation
  document       bytea,                  -- the signed bytes; made once
  document_sha256 bytea,
  transaction_id text        NOT NULL DEFAULT '',
  authority_code text        NOT NULL DEFAULT '',  -- maGiaoDichDTu
  next_check_at  timestamptz,
  checks         integer     NOT NULL DEFAULT 0,
  created_by     uuid        NOT NULL,
  created_at     timestamptz NOT NULL,
  since          timestamptz NOT NULL,
  version        bigint      NOT NULL,
  CONSTRAINT tax_return_pkey PRIMARY KEY (book_id, return_id),
  CONSTRAINT tax_return_number_key UNIQUE (book_id, household_id, period, kind, sequence)
);
CREATE INDEX tax_return_household_idx ON tax_return (book_id, household_id, period);
CREATE INDEX tax_return_check_idx ON tax_return (book_id, next_check_at) WHERE next_check_at IS NOT NULL;
CREATE INDEX tax_return_id_idx ON tax_return (return_id);

CREATE TABLE tax_notice (
  book_id     bigint      NOT NULL,
  notice_id   uuid        NOT NULL,   -- derived from the return and the bytes: a repeat changes nothing
  return_id   uuid        NOT NULL,
  code        text        NOT NULL,   -- 843, 844, 213, 01/TB-TĐT
  accepted    boolean,
  raw         bytea       NOT NULL,   -- as received
  reading     jsonb       NOT NULL,
  received_at timestamptz NOT NULL,
  CONSTRAINT tax_notice_pkey PRIMARY KEY (book_id, notice_id)
);
CREATE INDEX tax_notice_return_idx ON tax_notice (book_id, return_id, received_at);
