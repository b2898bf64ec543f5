-- Refunds: the promise to give money back, and the outgoing transfer that keeps it. Changes of all refunds of a payment go through
-- the ledger's writer under one version guard; `place` and `transfer_key` let the database refuse what a guard that was
-- forgotten over a change of writers would let pass.
-- Locks: none, all tables are new. Back: drop the tables, once no refund stands in a journal that is kept.

CREATE TABLE refund (
  book_id       bigint      NOT NULL,
  refund_id     uuid        NOT NULL,
  payment_id    uuid        NOT NULL,
  payee_id      uuid        NOT NULL,    -- the stall
  owner_ordinal bigint      NOT NULL,
  receiving_account_id uuid NOT NULL,    -- the money leaves it
  place         integer     NOT NULL,    -- 1 for the first refund of its payment
  code          text        NOT NULL,    -- in the memo of the outgoing transfer
  amount        bigint      NOT NULL,
  from_owed     bigint      NOT NULL,    -- what of it was owed back already; the rest is taken from the sale
  method        smallint    NOT NULL,    -- qr_pay::RefundMethod
  state         smallint    NOT NULL,    -- qr_pay::RefundState
  state_reason  text        NOT NULL DEFAULT '',
  reason_code   text        NOT NULL,
  reason_text   text        NOT NULL,
  approval_from bigint      NOT NULL,    -- the limit as it stood when the refund was asked for
  made_by       uuid        NOT NULL,    -- user or API key
  made_by_owner uuid        NOT NULL,    -- the person behind it
  decided_by    uuid,
  decided_at    timestamptz,
  created_at    timestamptz NOT NULL,
  since         timestamptz NOT NULL,
  version       bigint      NOT NULL,
  -- The transfer that paid it: told by a rail, or entered by a person.
  transfer_key  bytea,
  rail          text        NOT NULL DEFAULT '',
  provider_id   text        NOT NULL DEFAULT '',
  bank_reference text       NOT NULL DEFAULT '',
  narrative     text        NOT NULL DEFAULT '',
  booked_at     timestamptz,
  evidence      text        NOT NULL DEFAULT '',
  entered_by    uuid,
  CONSTRAINT refund_pkey PRIMARY KEY (book_id, refund_id),
  CONSTRAINT refund_place_key UNIQUE (book_id, payment_id, place),
  CONSTRAINT refund_code_key UNIQUE (book_id, code),
  CONSTRAINT refund_transfer_key UNIQUE (book_id, transfer_key),
  CONSTRAINT refund_amount_positive CHECK (amount > 0),
  CONSTRAINT refund_from_owed_within CHECK (from_owed >= 0 AND from_owed <= amount)
);
CREATE INDEX refund_id_idx ON refund (refund_id);
CREATE INDEX refund_payee_idx ON refund (book_id, payee_id, booked_at) WHERE booked_at IS NOT NULL;
-- What waits for its provider to be called: due, by the provider.
CREATE INDEX refund_to_call_idx ON refund (created_at) WHERE state = 1 AND method = 2;

-- Money out that named a refund, and by which rule on which characters of its memo; the transfer itself stands in rail_inbox.
CREATE TABLE refund_telling (
  book_id       bigint      NOT NULL,
  inbox_id      uuid        NOT NULL,
  refund_id     uuid        NOT NULL,
  outcome       text        NOT NULL,    -- qr_pay::InboxOutcome
  match_rule    smallint    NOT NULL,    -- qr_pay::MatchRule
  match_from    integer     NOT NULL,
  match_length  integer     NOT NULL,
  match_version smallint    NOT NULL,
  told_at       timestamptz NOT NULL,
  CONSTRAINT refund_telling_pkey PRIMARY KEY (book_id, inbox_id)
);
CREATE INDEX refund_telling_refund_idx ON refund_telling (book_id, refund_id);

-- How a provider's refund call is made for a rail account. Sealed like its other secret; no row: refunds are transferred by hand.
CREATE TABLE rail_refund_access (
  book_id         bigint      NOT NULL,
  rail_account_id uuid        NOT NULL,
  sealed_secret   bytea       NOT NULL,
  created_at      timestamptz NOT NULL,
  CONSTRAINT rail_refund_access_pkey PRIMARY KEY (book_id, rail_account_id)
);
