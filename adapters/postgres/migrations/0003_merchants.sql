-- Markets, households, stalls, the bank accounts they are paid on, and the payments asked for and received.
-- Locks: none, all tables are new. Back: drop the tables.

-- Where aggregators call us. The secret is sealed with the installation's key; see docs/operating.md.
CREATE TABLE rail_account (
  book_id       bigint      NOT NULL,
  rail_account_id uuid      NOT NULL,
  rail          text        NOT NULL,   -- payos, vietqr
  name          text        NOT NULL,
  channel       smallint    NOT NULL,   -- 1 the provider collects and settles in batches, 2 straight to the owner's bank account
  sealed_secret bytea       NOT NULL,
  created_at    timestamptz NOT NULL,
  disabled      boolean     NOT NULL DEFAULT false,
  CONSTRAINT rail_account_pkey PRIMARY KEY (book_id, rail_account_id)
);

CREATE TABLE market (
  book_id    bigint      NOT NULL,
  market_id  uuid        NOT NULL,
  name       text        NOT NULL,
  address    text        NOT NULL,
  ward_code  text        NOT NULL,      -- five digits, QĐ 19/2025/QĐ-TTg
  ward_name  text        NOT NULL,
  created_at timestamptz NOT NULL,
  version    bigint      NOT NULL DEFAULT 1,
  CONSTRAINT market_pkey PRIMARY KEY (book_id, market_id)
);

-- A household business (hộ kinh doanh) has one home book; its stalls may lie in several.
CREATE TABLE household (
  book_id      bigint      NOT NULL,
  household_id uuid        NOT NULL,
  tax_code     text        NOT NULL,
  old_tax_code text        NOT NULL DEFAULT '',
  name         text        NOT NULL,
  owner_name   text        NOT NULL,
  address      text        NOT NULL,
  ward_code    text        NOT NULL,
  ward_name    text        NOT NULL,
  expects_above boolean    NOT NULL DEFAULT false,  -- the owner's own determination, NĐ 68/2026 art. 8(1)
  search_name  text        NOT NULL,                -- folded: no accents, lower case
  created_at   timestamptz NOT NULL,
  version      bigint      NOT NULL DEFAULT 1,
  CONSTRAINT household_pkey PRIMARY KEY (book_id, household_id)
);
CREATE INDEX household_search_idx ON household (book_id, search_name text_pattern_ops);
CREATE INDEX household_tax_code_idx ON household (book_id, tax_code);

CREATE TABLE stall (
  book_id        bigint      NOT NULL,
  stall_id       uuid        NOT NULL,
  owner_ordinal  bigint      NOT NULL,  -- ledger/chart.h
  market_id      uuid        NOT NULL,
  household_id   uuid        NOT NULL,
  number         text        NOT NULL,  -- "12", "B4"
  name           text        NOT NULL,
  activity_group text        NOT NULL,  -- row of the tax tables: a, b, c, d, đ, e
  vat_reduced    boolean     NOT NULL DEFAULT false,  -- goods of the 10 % -> 8 % scheme; decided per stall, default no
  location_code  text        NOT NULL DEFAULT '00999',
  created_at     timestamptz NOT NULL,
  version        bigint      NOT NULL DEFAULT 1,
  CONSTRAINT stall_pkey PRIMARY KEY (book_id, stall_id),
  CONSTRAINT stall_ordinal_key UNIQUE (book_id, owner_ordinal)
);
CREATE INDEX stall_household_idx ON stall (household_id);
CREATE INDEX stall_id_idx ON stall (stall_id);

-- A bank account (or virtual account) money arrives on.
CREATE TABLE receiving_account (
  book_id         bigint      NOT NULL,
  receiving_account_id uuid   NOT NULL,
  owner_kind      smallint    NOT NULL,  -- 1 stall, 2 agency
  owner_id        uuid        NOT NULL,
  owner_ordinal   bigint      NOT NULL,
  bank_bin        text        NOT NULL,
  account_number  text        NOT NULL,
  holder_name     text        NOT NULL,  -- as the payer's app will show it
  channel         smallint    NOT NULL,
  created_at      timestamptz NOT NULL,
  CONSTRAINT receiving_account_pkey PRIMARY KEY (book_id, receiving_account_id),
  CONSTRAINT receiving_account_number_key UNIQUE (book_id, account_number, bank_bin)
);
CREATE INDEX receiving_account_owner_idx ON receiving_account (book_id, owner_id);
CREATE INDEX receiving_account_number_idx ON receiving_account (account_number);

-- A request for money, by a stall or for a fee notice.
CREATE TABLE payment_request (
  book_id      bigint      NOT NULL,
  payment_id   uuid        NOT NULL,
  payee_kind   smallint    NOT NULL,    -- 1 stall, 2 fee notice
  payee_id     uuid        NOT NULL,    -- stall or notice
  owner_ordinal bigint     NOT NULL,
  receiving_account_id uuid NOT NULL,
  code         text        NOT NULL,    -- the order code in the memo
  asked        bigint      NOT NULL,
  received     bigint      NOT NULL DEFAULT 0,
  waived       bigint      NOT NULL DEFAULT 0,
  state        smallint    NOT NULL,    -- qr_pay::PaymentState
  reason       text        NOT NULL DEFAULT '',
  note         text        NOT NULL DEFAULT '',
  client_ref   text,
  qr_payload   text        NOT NULL,
  created_by   uuid        NOT NULL,
  created_at   timestamptz NOT NULL,
  expires_at   timestamptz NOT NULL,
  since        timestamptz NOT NULL,
  version      bigint      NOT NULL,
  CONSTRAINT payment_request_pkey PRIMARY KEY (book_id, payment_id),
  CONSTRAINT payment_request_code_key UNIQUE (book_id, code),
  CONSTRAINT payment_request_client_ref_key UNIQUE (book_id, payee_id, client_ref),
  CONSTRAINT payment_request_asked_positive CHECK (asked > 0),
  CONSTRAINT payment_request_received_not_negative CHECK (received >= 0)
);
CREATE INDEX payment_request_payee_idx ON payment_request (book_id, payee_id, payment_id);
CREATE INDEX payment_request_id_idx ON payment_request (payment_id);
-- Open requests (created, waiting, underpaid, in_doubt). Small, because finished ones leave it.
CREATE INDEX payment_request_open_idx ON payment_request (book_id, receiving_account_id, expires_at) WHERE state IN (0, 1, 2, 3);
-- What time may end, oldest first.
CREATE INDEX payment_request_expiry_idx ON payment_request (expires_at) WHERE state IN (0, 1);

-- What providers sent, byte for byte, before anybody understood it.
CREATE TABLE rail_inbox (
  book_id         bigint      NOT NULL,
  inbox_id        uuid        NOT NULL,
  rail_account_id uuid        NOT NULL,
  received_at     timestamptz NOT NULL,
  headers         jsonb       NOT NULL,   -- without credentials
  body            bytea       NOT NULL,
  outcome         text        NOT NULL,   -- booked, repeated, linked, not_money, or the code of the refusal
  credit_id       uuid,
  CONSTRAINT rail_inbox_pkey PRIMARY KEY (book_id, inbox_id)
);
CREATE INDEX rail_inbox_time_idx ON rail_inbox (book_id, received_at);

-- Money a bank told us of. Once per (account, bank reference), whatever rail it came over.
CREATE TABLE bank_credit (
  book_id         bigint      NOT NULL,
  credit_id       uuid        NOT NULL,   -- derived from the dedupe key, so a retry finds it
  dedupe_key      bytea       NOT NULL,
  receiving_account_id uuid   NOT NULL,
  owner_id        uuid        NOT NULL,   -- stall or agency
  rail_account_id uuid        NOT NULL,
  provider_id     text        NOT NULL,
  bank_reference  text        NOT NULL,
  amount          bigint      NOT NULL,
  narrative       text        NOT NULL,
  squeezed        text        NOT NULL,   -- upper case letters and digits of the narrative
  payer_name      text        NOT NULL,
  payer_account_tail text     NOT NULL,   -- last four characters only
  payer_bank      text        NOT NULL,
  booked_at       timestamptz NOT NULL,
  received_at     timestamptz NOT NULL,
  payment_id      uuid,
  outcome         smallint    NOT NULL,   -- merchants/credit_outcome.h
  reason          text        NOT NULL,
  refund_due      bigint      NOT NULL,   -- surplus or second payment: owed back to the payer
  suggested_payment_id uuid,
  repeats         integer     NOT NULL DEFAULT 0,
  CONSTRAINT bank_credit_pkey PRIMARY KEY (book_id, credit_id),
  CONSTRAINT bank_credit_dedupe_key UNIQUE (book_id, dedupe_key),
  CONSTRAINT bank_credit_amount_positive CHECK (amount > 0)
);
CREATE INDEX bank_credit_owner_idx ON bank_credit (book_id, owner_id, booked_at);
CREATE INDEX bank_credit_payment_idx ON bank_credit (book_id, payment_id) WHERE payment_id IS NOT NULL;
CREATE INDEX bank_credit_alike_idx ON bank_credit (book_id, receiving_account_id, amount, booked_at);

-- Cash takings a stall noted itself.
CREATE TABLE cash_sale (
  book_id    bigint      NOT NULL,
  cash_sale_id uuid      NOT NULL,
  stall_id   uuid        NOT NULL,
  amount     bigint      NOT NULL,
  sold_on    date        NOT NULL,
  note       text        NOT NULL,
  noted_by   uuid        NOT NULL,
  noted_at   timestamptz NOT NULL,
  CONSTRAINT cash_sale_pkey PRIMARY KEY (book_id, cash_sale_id),
  CONSTRAINT cash_sale_amount_positive CHECK (amount > 0)
);
CREATE INDEX cash_sale_stall_idx ON cash_sale (book_id, stall_id, sold_on);
