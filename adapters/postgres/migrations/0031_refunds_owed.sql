-- What a stall has to give back, and money that left under a refund's code and is not simply that refund, are found without walking
-- along everything the stall ever received or gave back: indexes of the few rows that are asked for, and no others.
-- Locks: writes to refund, refund_telling and bank_credit, for as long as it takes to read each once. Back: drop the indexes.

-- Asked for and not paid yet: awaiting approval, due, in doubt, sent.
CREATE INDEX refund_open_idx ON refund (book_id, payee_id) WHERE state IN (0, 1, 2, 3);
-- Too much or a second payment came.
CREATE INDEX bank_credit_owed_idx ON bank_credit (book_id, owner_id, booked_at) WHERE refund_due > 0;
-- For a person to look at, by when it was told.
CREATE INDEX refund_telling_differs_idx ON refund_telling (book_id, told_at) WHERE outcome = 'refund_differs';
