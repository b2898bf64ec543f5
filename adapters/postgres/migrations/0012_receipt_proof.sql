-- What a paper of ours rests on in the ledger, so that its holder can be given the proof (docs/proofs.md). Papers of before have none.
-- Locks: each table for a moment, nothing is rewritten. Back: drop the columns.

-- The transfer that booked the receipt's money as the agency's fee or charge.
ALTER TABLE receipt ADD COLUMN transfer_id uuid;

-- The newest row of the household's book that the return's figures were made of.
ALTER TABLE tax_return ADD COLUMN ledger_seq bigint;
