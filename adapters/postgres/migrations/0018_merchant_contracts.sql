-- Stalls that are paid as merchants too (QRPUSH): the terms of the contract with the acquirer, as they were registered. Rows are
-- added, never changed: what a stall has on a day follows from them (merchants/merchant_contract.h).
-- Locks: none, the table is new. Back: drop the table.

CREATE TABLE merchant_contract (
  book_id       bigint      NOT NULL,
  contract_id   uuid        NOT NULL,
  stall_id      uuid        NOT NULL,
  acquirer_bin  text        NOT NULL,
  merchant_id   text        NOT NULL,   -- given by the acquirer
  mcc           text        NOT NULL,   -- ISO 18245
  name          text        NOT NULL,   -- as agreed; a code carries it without accents
  city          text        NOT NULL,
  valid_from    date        NOT NULL,
  valid_to      date,                   -- its last day
  registered_by uuid        NOT NULL,
  registered_at timestamptz NOT NULL,
  CONSTRAINT merchant_contract_pkey PRIMARY KEY (book_id, contract_id),
  CONSTRAINT merchant_contract_days CHECK (valid_to IS NULL OR valid_to >= valid_from)
);
CREATE INDEX merchant_contract_stall_idx ON merchant_contract (stall_id);
-- A scanned code is looked for in all markets.
CREATE INDEX merchant_contract_merchant_idx ON merchant_contract (merchant_id, acquirer_bin);
