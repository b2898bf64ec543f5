-- Receipts as signed files, receipts that are cancelled or replaced, and the summary 01/TH-BLĐT of each day.
-- Columns first, with defaults: instances of the release before go on issuing receipts, which nobody has signed or reported yet.
-- Locks: receipt and receipt_entry, for a moment, and while the indexes of what is still to do are built.
-- Back: drop the tables and the columns.

ALTER TABLE receipt
  ADD COLUMN is_signed    boolean NOT NULL DEFAULT false,   -- has a row in receipt_file
  ADD COLUMN state_reason text    NOT NULL DEFAULT '',      -- of the states after issued
  ADD COLUMN replaced_by  uuid,                             -- another receipt of the same notice
  ADD COLUMN report_id    uuid;                             -- the report that tells the tax office of it
ALTER TABLE receipt_entry
  ADD COLUMN report_id    uuid;                             -- the report that tells of it
CREATE INDEX receipt_id_idx ON receipt (receipt_id);
CREATE INDEX receipt_unsigned_idx ON receipt (receipt_id) WHERE NOT is_signed;
CREATE INDEX receipt_unreported_idx ON receipt (book_id, agency_id, issued_at) WHERE report_id IS NULL;
CREATE INDEX receipt_entry_unreported_idx ON receipt_entry (book_id, entered_at) WHERE report_id IS NULL;

-- A receipt as it was signed when it was issued; never changed.
CREATE TABLE receipt_file (
  book_id     bigint      NOT NULL,
  receipt_id  uuid        NOT NULL,
  xml         bytea       NOT NULL,
  digest      bytea       NOT NULL,   -- SHA-256 of it
  signed_by   text        NOT NULL,   -- subject of the certificate
  signed_at   timestamptz NOT NULL,
  CONSTRAINT receipt_file_pkey PRIMARY KEY (book_id, receipt_id)
);

-- That a receipt is cancelled or replaced: asked for by one person, decided by another.
CREATE TABLE receipt_cancellation (
  book_id           bigint      NOT NULL,
  cancellation_id   uuid        NOT NULL,
  receipt_id        uuid        NOT NULL,
  kind              smallint    NOT NULL,   -- fees::CancellationKind: 1 cancelled, 2 replaced
  reason_code       text        NOT NULL,
  reason            text        NOT NULL,
  payer_name        text        NOT NULL,   -- as the replacement says it; empty: as it was
  dossier_code      text        NOT NULL,   -- likewise
  state             smallint    NOT NULL,   -- fees::CancellationState: 1 proposed, 2 approved, 3 refused
  proposed_by       uuid        NOT NULL,   -- user or API key
  proposed_by_owner uuid        NOT NULL,   -- the person behind it
  proposed_at       timestamptz NOT NULL,
  decided_by        uuid,
  decided_at        timestamptz,
  refusal           text        NOT NULL DEFAULT '',
  replacement_id    uuid,                   -- the receipt that says it right
  report_id         uuid,                   -- the report that tells of it
  version           bigint      NOT NULL,
  CONSTRAINT receipt_cancellation_pkey PRIMARY KEY (book_id, cancellation_id),
  CONSTRAINT receipt_cancellation_decided_whole
    CHECK ((state = 1) = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL)),
  CONSTRAINT receipt_cancellation_two_people CHECK (decided_by IS NULL OR decided_by NOT IN (proposed_by, proposed_by_owner)),
  CONSTRAINT receipt_cancellation_replacement CHECK ((replacement_id IS NOT NULL) = (state = 2 AND kind = 2))
);
CREATE INDEX receipt_cancellation_receipt_idx ON receipt_cancellation (book_id, receipt_id);
CREATE UNIQUE INDEX receipt_cancellation_open_key ON receipt_cancellation (book_id, receipt_id) WHERE state = 1;
CREATE INDEX receipt_cancellation_unreported_idx ON receipt_cancellation (book_id, decided_at) WHERE state = 2 AND report_id IS NULL;

-- 01/TH-BLĐT: what an agency told the tax office of a day, as the files were made; never changed. What happens later goes
-- into a later one.
CREATE TABLE receipt_report (
  book_id     bigint      NOT NULL,
  report_id   uuid        NOT NULL,
  agency_id   uuid        NOT NULL,
  number      bigint      NOT NULL,   -- of the agency's reports, from 1 without gaps
  day         date        NOT NULL,   -- Vietnam's day it is about
  part        bigint      NOT NULL,   -- of that day, from 1
  row_count   bigint      NOT NULL,
  amount      bigint      NOT NULL,   -- of the receipts issued that it tells of
  report_rows jsonb       NOT NULL,
  csv         bytea       NOT NULL,
  csv_digest  bytea       NOT NULL,   -- SHA-256
  xml         bytea       NOT NULL,
  xml_digest  bytea       NOT NULL,
  signed_by   text        NOT NULL,   -- subject of the certificate; empty: not signed, nobody had configured one
  made_by     uuid,                   -- user or API key; null: made by itself
  made_at     timestamptz NOT NULL,
  CONSTRAINT receipt_report_pkey PRIMARY KEY (book_id, report_id),
  CONSTRAINT receipt_report_number_key UNIQUE (book_id, agency_id, number),
  CONSTRAINT receipt_report_part_key UNIQUE (book_id, agency_id, day, part)
);
