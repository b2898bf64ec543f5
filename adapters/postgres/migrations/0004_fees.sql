-- Agencies, fee notices, receipts.
-- Locks: none, all tables are new. Back: drop the tables.

CREATE TABLE agency (
  book_id         bigint      NOT NULL,
  agency_id       uuid        NOT NULL,
  owner_ordinal   bigint      NOT NULL,
  code            text        NOT NULL,   -- H49.61 (QĐ 20/2020/QĐ-TTg)
  name            text        NOT NULL,
  name_en         text        NOT NULL,
  address         text        NOT NULL,
  phone           text        NOT NULL,
  tax_code        text        NOT NULL,
  chapter         text        NOT NULL,   -- keys of the State budget; empty where nobody has said
  area_code       text        NOT NULL,
  collecting_office text      NOT NULL,   -- cơ quan thu, seven digits
  treasury_code   text        NOT NULL,   -- KBNN, four digits
  treasury_account text       NOT NULL,
  letters_phi     text        NOT NULL,   -- the last two letters of a receipt's symbol, one series for each kind
  letters_le_phi  text        NOT NULL,
  pays_before     boolean     NOT NULL,   -- whether a dossier is paid for before it is accepted
  created_at      timestamptz NOT NULL,
  version         bigint      NOT NULL DEFAULT 1,
  CONSTRAINT agency_pkey PRIMARY KEY (book_id, agency_id)
);
CREATE INDEX agency_code_idx ON agency (code);
CREATE INDEX agency_id_idx ON agency (agency_id);

CREATE TABLE fee_notice (
  book_id        bigint      NOT NULL,
  notice_id      uuid        NOT NULL,
  agency_id      uuid        NOT NULL,
  code           text        NOT NULL,    -- what the citizen types; unguessable
  dossier_code   text        NOT NULL,
  procedure_code text        NOT NULL,
  procedure_name text        NOT NULL,
  procedure_name_en text     NOT NULL,
  payer_name     text        NOT NULL,
  channel        smallint    NOT NULL,    -- fees::Channel
  personas       jsonb       NOT NULL,
  total          bigint      NOT NULL,
  lines          jsonb       NOT NULL,    -- assessments with rate row, relief and explanation; never changed
  due_date       date        NOT NULL,
  valid_until    timestamptz NOT NULL,    -- the amount holds until then
  state          smallint    NOT NULL,    -- fees::NoticeState
  received       bigint      NOT NULL DEFAULT 0,
  given_back     bigint      NOT NULL DEFAULT 0,
  owed_back      bigint      NOT NULL DEFAULT 0,
  seen           jsonb       NOT NULL DEFAULT '[]',  -- ids of the credits counted
  reason         text        NOT NULL DEFAULT '',
  payment_id     uuid,                    -- the newest payment request
  paid_at        timestamptz,             -- the first tick
  dossier_state  smallint    NOT NULL,    -- the second tick, fees::DossierTick: 0 nothing to tell, 1 waiting, 2 told, 3 delayed
  dossier_told_at timestamptz,
  dossier_tries  integer     NOT NULL DEFAULT 0,
  dossier_next_at timestamptz,            -- when the case is told next; null: not to be told
  created_by     uuid        NOT NULL,
  created_at     timestamptz NOT NULL,
  since          timestamptz NOT NULL,
  version        bigint      NOT NULL,
  CONSTRAINT fee_notice_pkey PRIMARY KEY (book_id, notice_id),
  CONSTRAINT fee_notice_code_key UNIQUE (book_id, code),
  CONSTRAINT fee_notice_total_positive CHECK (total > 0)
);
CREATE INDEX fee_notice_id_idx ON fee_notice (notice_id);
CREATE INDEX fee_notice_code_idx ON fee_notice (code);
CREATE INDEX fee_notice_agency_idx ON fee_notice (book_id, agency_id, notice_id);
CREATE INDEX fee_notice_untold_idx ON fee_notice (dossier_next_at) WHERE dossier_next_at IS NOT NULL;

-- The next number of each series; moved in the transaction that issues the receipt, so numbers have no gaps.
CREATE TABLE receipt_series (
  book_id     bigint  NOT NULL,
  agency_id   uuid    NOT NULL,
  form        text    NOT NULL,   -- EBL01
  symbol      text    NOT NULL,   -- 26TAA
  next_number integer NOT NULL,
  CONSTRAINT receipt_series_pkey PRIMARY KEY (book_id, agency_id, form, symbol),
  CONSTRAINT receipt_series_number_range CHECK (next_number BETWEEN 1 AND 100000000)
);

CREATE TABLE receipt (
  book_id      bigint      NOT NULL,
  receipt_id   uuid        NOT NULL,
  agency_id    uuid        NOT NULL,
  notice_id    uuid        NOT NULL,
  payment_id   uuid        NOT NULL,
  kind         smallint    NOT NULL,   -- fees::FeeKind: 0 phí, 1 lệ phí; never on one receipt
  form         text        NOT NULL,
  symbol       text        NOT NULL,
  number       integer     NOT NULL,
  lookup_code  text        NOT NULL,   -- what /verify asks for; unguessable
  amount       bigint      NOT NULL,
  printed      jsonb       NOT NULL,   -- collector, payer, lines as printed; never changed. The digest is taken over it when it is shown
  state        smallint    NOT NULL,   -- fees::ReceiptState: 0 issued, 1 replaced, 2 cancelled, 3 adjusted
  issued_at    timestamptz NOT NULL,
  CONSTRAINT receipt_pkey PRIMARY KEY (book_id, receipt_id),
  CONSTRAINT receipt_number_key UNIQUE (book_id, agency_id, form, symbol, number),
  CONSTRAINT receipt_amount_positive CHECK (amount > 0)
);
CREATE INDEX receipt_lookup_idx ON receipt (lookup_code);
CREATE INDEX receipt_notice_idx ON receipt (book_id, notice_id);
