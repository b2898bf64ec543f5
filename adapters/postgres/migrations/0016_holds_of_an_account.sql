-- What is held on an account now is found without walking along all that is held in its book. What has ended is not in these
-- indexes: an account's entries say how.
-- Locks: writes to hold, for as long as it takes to read what is held now. Back: drop the indexes.

CREATE INDEX hold_debit_open_idx ON hold (book_id, debit_account, hold_id) WHERE state = 1;
CREATE INDEX hold_credit_open_idx ON hold (book_id, credit_account, hold_id) WHERE state = 1;
