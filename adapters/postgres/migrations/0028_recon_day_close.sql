-- Closings of reconciliation days: what was prepared and what another person decided. Both tables are only ever inserted
-- into: a later closing of the same day is the next number, and says what changed since the version signed last.
-- Locks: none, all tables are new. Back: drop the tables.

CREATE TABLE recon_closing (
  book_id           bigint      NOT NULL,
  closing_id        uuid        NOT NULL,
  partner           uuid        NOT NULL,   -- rail account
  business_date     date        NOT NULL,
  number            integer     NOT NULL,   -- of the day's closings, from 1, rejected ones included
  run_id            uuid        NOT NULL,   -- the comparison it rests on
  sheet             bytea       NOT NULL,   -- CSV, as reconcile::sheet_csv() wrote it
  sha256            bytea       NOT NULL,   -- its digest: of all bytes before the total row
  note              text        NOT NULL,
  prepared_by       uuid        NOT NULL,   -- user or API key
  prepared_by_owner uuid        NOT NULL,   -- the person behind it
  prepared_at       timestamptz NOT NULL,
  CONSTRAINT recon_closing_pkey PRIMARY KEY (book_id, closing_id),
  CONSTRAINT recon_closing_number_key UNIQUE (book_id, partner, business_date, number)
);
CREATE INDEX recon_closing_id_idx ON recon_closing (closing_id);

CREATE TABLE recon_closing_decision (
  book_id           bigint      NOT NULL,
  closing_id        uuid        NOT NULL,
  signed            boolean     NOT NULL,   -- else rejected
  reason            text        NOT NULL,   -- of a rejection
  decided_by        uuid        NOT NULL,   -- a person
  decided_at        timestamptz NOT NULL,
  prepared_by       uuid        NOT NULL,   -- once more, so that the table itself keeps the two apart
  prepared_by_owner uuid        NOT NULL,
  key_id            bytea,                  -- of the installation's key, and its signature over reconcile::signed_bytes()
  signature         bytea,
  CONSTRAINT recon_closing_decision_pkey PRIMARY KEY (book_id, closing_id),
  CONSTRAINT recon_closing_decision_of FOREIGN KEY (book_id, closing_id) REFERENCES recon_closing (book_id, closing_id),
  CONSTRAINT recon_closing_two_people CHECK (decided_by NOT IN (prepared_by, prepared_by_owner)),
  CONSTRAINT recon_closing_decided_whole CHECK (signed = (signature IS NOT NULL) AND signed = (key_id IS NOT NULL) AND signed = (reason = ''))
);
