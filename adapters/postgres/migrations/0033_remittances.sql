-- What agencies pay into the State budget: for a period, made by one person and approved by another, each order followed to the treasury.
-- Locks: none, the tables are new; receipt and receipt_entry for the moment of their indexes.
-- Back: drop the tables and the two indexes.

CREATE TABLE remittance (
  book_id       bigint      NOT NULL,
  remittance_id uuid        NOT NULL,
  agency_id     uuid        NOT NULL,
  number        bigint      NOT NULL,   -- of the agency's, rejected ones included, from 1
  period_from   date        NOT NULL,
  period_to     date        NOT NULL,
  plan          jsonb       NOT NULL,   -- items, what was carried in and out, sums; never changed
  orders        jsonb       NOT NULL,   -- what goes to which account, and how far each is
  differences   jsonb       NOT NULL DEFAULT '[]',  -- lines of statements that name an order with another amount
  state         smallint    NOT NULL,   -- fees::RemittanceState: 1 awaiting approval, 2 approved, 3 rejected
  made_by       uuid        NOT NULL,   -- user or API key
  made_by_owner uuid        NOT NULL,   -- the person behind it
  made_at       timestamptz NOT NULL,
  decided_by    uuid,
  decided_at    timestamptz,
  reason        text        NOT NULL DEFAULT '',   -- of a rejection
  changed_at    timestamptz NOT NULL,
  version       bigint      NOT NULL,
  CONSTRAINT remittance_pkey PRIMARY KEY (book_id, remittance_id),
  CONSTRAINT remittance_number_key UNIQUE (book_id, agency_id, number),
  CONSTRAINT remittance_period_forward CHECK (period_from <= period_to),
  CONSTRAINT remittance_decided_whole CHECK ((state = 1) = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL))
);
CREATE INDEX remittance_id_idx ON remittance (remittance_id);
-- A day begins or ends one live remittance of an agency: the second line behind the use case's guard.
CREATE UNIQUE INDEX remittance_from_key ON remittance (book_id, agency_id, period_from) WHERE state <> 3;
CREATE UNIQUE INDEX remittance_to_key ON remittance (book_id, agency_id, period_to) WHERE state <> 3;

-- References of orders, so that none is ever made twice.
CREATE TABLE remittance_code (
  book_id       bigint NOT NULL,
  code          text   NOT NULL,   -- NS and seven more characters
  remittance_id uuid   NOT NULL,
  CONSTRAINT remittance_code_pkey PRIMARY KEY (book_id, code)
);

-- What an agency collected and gave back between two moments.
CREATE INDEX receipt_agency_issued_idx ON receipt (book_id, agency_id, issued_at);
CREATE INDEX receipt_entry_entered_idx ON receipt_entry (book_id, entered_at);
