-- Paying fee notices over the national payment platform: how a collector is known to it, attempts, and the platform's own receipts.
-- Money of the platform is money of a rail, so a collector has a rail account for it. Its provider is not one of adapters/rails:
-- `own_module` keeps it out of what those are asked about. Instances of the release before would ask, and cannot: bring all of them
-- to this release before the first platform is registered.
-- Locks: rail_account for an instant. Back: drop the tables and the column, once no row uses them.

ALTER TABLE rail_account ADD COLUMN own_module boolean NOT NULL DEFAULT false;

-- One for each collector. Secrets are sealed with the installation's key.
CREATE TABLE national_platform (
  book_id         bigint      NOT NULL,
  rail_account_id uuid        NOT NULL,
  agency_id       uuid        NOT NULL,
  partner         text        NOT NULL,   -- MaDoiTac
  url             text        NOT NULL,
  ip              text        NOT NULL,   -- the address the platform sees us calling from
  sealed_secret   bytea       NOT NULL,
  previous_secret bytea,                  -- counts before previous_until, for what the platform sends
  previous_until  timestamptz,
  sealed_token    bytea       NOT NULL,
  enabled         boolean     NOT NULL,   -- whether new attempts are begun
  created_at      timestamptz NOT NULL,
  changed_at      timestamptz NOT NULL,
  version         bigint      NOT NULL,
  CONSTRAINT national_platform_pkey PRIMARY KEY (book_id, agency_id),
  CONSTRAINT national_platform_previous_whole CHECK ((previous_secret IS NULL) = (previous_until IS NULL))
);
CREATE INDEX national_platform_rail_account_idx ON national_platform (rail_account_id);

CREATE TABLE national_payment (
  book_id         bigint      NOT NULL,
  attempt_id      uuid        NOT NULL,
  agency_id       uuid        NOT NULL,
  notice_id       uuid        NOT NULL,
  payment_id      uuid        NOT NULL,   -- the payment request its money is booked for
  rail_account_id uuid        NOT NULL,
  reference       text        NOT NULL,   -- MaThamChieu
  sent_time       text        NOT NULL,   -- ThoiGianGD of INIT, to the letter: every question repeats it
  amount          bigint      NOT NULL,
  state           smallint    NOT NULL,   -- fees::NationalState
  reason          text        NOT NULL DEFAULT '',
  pay_url         text        NOT NULL DEFAULT '',
  transaction_no  text        NOT NULL DEFAULT '',   -- MaGiaoDich
  bank            text        NOT NULL DEFAULT '',
  called_at       timestamptz,            -- INIT was begun; never a second time
  paid_at         timestamptz,
  booked          boolean     NOT NULL DEFAULT false,   -- a success's money is kept in rail_inbox
  has_bill        boolean     NOT NULL DEFAULT false,
  created_at      timestamptz NOT NULL,
  since           timestamptz NOT NULL,
  version         bigint      NOT NULL,
  look_at         timestamptz,            -- when it is looked at next; NULL: nothing is left to do
  turn_until      timestamptz NOT NULL DEFAULT '-infinity',  -- an instance is at it; past: it ended, or the instance did
  looks           integer     NOT NULL DEFAULT 0,
  last_said       text        NOT NULL DEFAULT '',           -- how the last look ended
  CONSTRAINT national_payment_pkey PRIMARY KEY (book_id, attempt_id),
  CONSTRAINT national_payment_reference_key UNIQUE (book_id, rail_account_id, reference),
  CONSTRAINT national_payment_amount_positive CHECK (amount > 0)
);
CREATE INDEX national_payment_id_idx ON national_payment (attempt_id);
CREATE INDEX national_payment_reference_idx ON national_payment (rail_account_id, reference);
CREATE INDEX national_payment_notice_idx ON national_payment (book_id, notice_id, created_at);
CREATE INDEX national_payment_look_idx ON national_payment (look_at) WHERE look_at IS NOT NULL;

-- The platform's own receipt as it came. Nothing is read out of it.
CREATE TABLE national_bill (
  book_id    bigint      NOT NULL,
  attempt_id uuid        NOT NULL,
  sha256     bytea       NOT NULL,
  bytes      bytea       NOT NULL,
  fetched_at timestamptz NOT NULL,
  CONSTRAINT national_bill_pkey PRIMARY KEY (book_id, attempt_id)
);
