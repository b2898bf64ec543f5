-- Tax returns of households, what was sent, and what the authority answered.
-- Locks: none, all tables are new. Back: drop the tables.

CREATE TABLE tax_return (
  book_id         bigint      NOT NULL,
  return_id       uuid        NOT NULL,
  household_id    uuid        NOT NULL,
  tax_code        text        NOT NULL,
  period          text        NOT NULL,   -- 2026-Q3, 2026-09
  kind            text        NOT NULL,   -- C first, B supplementary
  sequence        integer     NOT NULL,   -- soLan
  attempt         integer     NOT NULL,   -- counts the returns of a household and period; a refused one is filed again under its number
  form            text        NOT NULL,   -- 01/CNKD
  form_code       text        NOT NULL,   -- maTKhai
  form_version    text        NOT NULL,   -- TT50/2026
  form_issued_by  text        NOT NULL,
  due_on          date        NOT NULL,
  state           text        NOT NULL,   -- etax/filing.h
  reason          text        NOT NULL DEFAULT '',
  input           jsonb       NOT NULL,   -- the filing as adapters/tax_gateway/README.md shows it: the document can be built again
  figures         jsonb       NOT NULL,   -- what the form says beside what the ledger says; never changed
  document        bytea,                  -- the signed bytes; made once
  document_sha256 bytea,
  signed_at       timestamptz,
  transaction_id  text        NOT NULL,   -- ours, made before the first sending
  sending_since   timestamptz,            -- bytes may be on their way; see etax/forward_returns.h
  sent_at         timestamptz,
  received_at     timestamptz,            -- when the receipt came to us
  filed_at        timestamptz,            -- legal time, from the notice
  authority_code  text        NOT NULL DEFAULT '',  -- maGiaoDichDTu
  refusals        jsonb       NOT NULL DEFAULT '[]',
  silence_alerted boolean     NOT NULL DEFAULT false,
  escalated       boolean     NOT NULL DEFAULT false,
  next_check_at   timestamptz,
  checks          integer     NOT NULL DEFAULT 0,
  created_by      uuid        NOT NULL,
  created_at      timestamptz NOT NULL,
  since           timestamptz NOT NULL,
  version         bigint      NOT NULL,
  CONSTRAINT tax_return_pkey PRIMARY KEY (book_id, return_id),
  CONSTRAINT tax_return_attempt_key UNIQUE (book_id, household_id, period, attempt)
);
CREATE INDEX tax_return_household_idx ON tax_return (household_id, period);
CREATE INDEX tax_return_check_idx ON tax_return (next_check_at) WHERE next_check_at IS NOT NULL;
CREATE INDEX tax_return_id_idx ON tax_return (return_id);

-- Every state a return was in.
CREATE TABLE tax_return_state (
  book_id   bigint      NOT NULL,
  return_id uuid        NOT NULL,
  version   bigint      NOT NULL,
  ordinal   integer     NOT NULL,   -- among the states of one version
  state     text        NOT NULL,
  reason    text        NOT NULL,
  since     timestamptz NOT NULL,
  CONSTRAINT tax_return_state_pkey PRIMARY KEY (book_id, return_id, version, ordinal)
);

CREATE TABLE tax_notice (
  book_id     bigint      NOT NULL,
  notice_id   uuid        NOT NULL,   -- derived from the return and the bytes: a repeat changes nothing
  return_id   uuid        NOT NULL,
  arrival     integer     NOT NULL,   -- order of arrival
  raw         bytea       NOT NULL,   -- as received; what is shown is read from it
  received_at timestamptz NOT NULL,
  read        boolean     NOT NULL DEFAULT false,
  code        text        NOT NULL DEFAULT '',  -- 843, 844, 213, 01/TB-TĐT; empty: not read yet, or unreadable
  accepted    boolean,
  CONSTRAINT tax_notice_pkey PRIMARY KEY (book_id, notice_id)
);
CREATE INDEX tax_notice_return_idx ON tax_notice (book_id, return_id, arrival);
