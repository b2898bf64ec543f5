-- Refunds of fee notices and of nameless money, transfers that a bank sends back, and what all that says on a receipt.
-- Columns first: instances of the release before keep writing refunds of payments, which is what the defaults say.
-- Locks: refund, for a moment. Back: drop the columns and the table, once no row uses them.

-- refund.payment_id and refund.payee_id hold what is refunded and who gives it back, whatever they are.
ALTER TABLE refund
  ADD COLUMN subject_kind       smallint NOT NULL DEFAULT 1,   -- qr_pay::RefundSubject: 1 payment, 2 credit, 3 notice
  -- What is not from_owed, by what it had been booked as: [{"from": 2, "amount": 1}], ledger::AccountKind, and of fees "paper"
  -- (the receipt) and "line". NULL: all of it from sales.
  ADD COLUMN parts              jsonb,
  -- The credit by which the bank sent the transfer back.
  ADD COLUMN return_key         bytea,
  ADD COLUMN return_rail        text     NOT NULL DEFAULT '',
  ADD COLUMN return_provider_id text     NOT NULL DEFAULT '',
  ADD COLUMN return_reference   text     NOT NULL DEFAULT '',
  ADD COLUMN return_narrative   text     NOT NULL DEFAULT '',
  ADD COLUMN return_booked_at   timestamptz;
CREATE UNIQUE INDEX refund_return_key ON refund (book_id, return_key) WHERE return_key IS NOT NULL;

-- What happened to the money of a receipt after it was issued. Only ever added to: the receipt itself is never changed.
CREATE TABLE receipt_entry (
  book_id     bigint      NOT NULL,
  receipt_id  uuid        NOT NULL,
  kind        smallint    NOT NULL,   -- fees::ReceiptEntryKind: 1 given back, 2 the bank sent it back: the receipt's again
  refund_id   uuid        NOT NULL,
  amount      bigint      NOT NULL,
  lines       jsonb       NOT NULL,   -- [{"line": 1, "amount": 1}], lines of the receipt from 1
  entered_at  timestamptz NOT NULL,
  CONSTRAINT receipt_entry_pkey PRIMARY KEY (book_id, receipt_id, refund_id, kind),
  CONSTRAINT receipt_entry_amount_positive CHECK (amount > 0)
);
