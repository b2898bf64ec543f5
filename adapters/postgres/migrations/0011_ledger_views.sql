-- What reads the ledger: when the rows of a sealed part were recorded and when they happened, holds by how they ended, and
-- balances and entries as views.
-- Locks: journal_part_book and hold, for as long as it takes to read the sealed parts once. Back: drop the views, the new
-- columns and the new index, and make hold_open_idx again.

ALTER TABLE journal_part_book
  ADD COLUMN first_recorded_at timestamptz,
  ADD COLUMN last_recorded_at  timestamptz,
  ADD COLUMN first_event_at    timestamptz,
  ADD COLUMN last_event_at     timestamptz;
UPDATE journal_part_book b
   SET first_recorded_at = j.first_recorded_at, last_recorded_at = j.last_recorded_at,
       first_event_at = j.first_event_at, last_event_at = j.last_event_at
  FROM (SELECT part, book_id, min(recorded_at) AS first_recorded_at, max(recorded_at) AS last_recorded_at,
               min(event_at) AS first_event_at, max(event_at) AS last_event_at
          FROM journal GROUP BY part, book_id) j
 WHERE j.part = b.part AND j.book_id = b.book_id;
ALTER TABLE journal_part_book
  ALTER COLUMN first_recorded_at SET NOT NULL,
  ALTER COLUMN last_recorded_at  SET NOT NULL,
  ALTER COLUMN first_event_at    SET NOT NULL,
  ALTER COLUMN last_event_at     SET NOT NULL;

-- Lists of one state, oldest first; what is held now is the first of them.
CREATE INDEX hold_state_idx ON hold (book_id, state, hold_id);
DROP INDEX hold_open_idx;

-- Two rows for each transfer: what it did to the account it debits, and to the one it credits. A transfer that only holds,
-- voids or expires leaves an entry of 0.
CREATE VIEW ledger_entry AS
SELECT book_id, part, seq, transfer_id, debit_account AS account_no, credit_account AS other_account,
       CASE WHEN kind & 15 IN (1, 3) THEN amount ELSE 0 END AS amount,
       debit_balance AS balance, kind & 15 AS kind, code, reference, event_at, recorded_at
  FROM journal
UNION ALL
SELECT book_id, part, seq, transfer_id, credit_account, debit_account,
       CASE WHEN kind & 15 IN (1, 3) THEN -amount ELSE 0 END,
       credit_balance, kind & 15, code, reference, event_at, recorded_at
  FROM journal;

-- A balance is what the account's newest row says: one of a part that is not sealed yet, or else the one noted at the last
-- sealing. Name a book: it reads that book's rows in the open parts.
CREATE VIEW account_balance AS
SELECT a.book_id, a.account_no, coalesce(n.balance, s.balance, 0) AS balance, coalesce(n.seq, s.seq, 0) AS seq,
       a.floor, a.ceiling, a.closed
  FROM account a
  LEFT JOIN account_snapshot s ON s.book_id = a.book_id AND s.account_no = a.account_no
  LEFT JOIN (SELECT DISTINCT ON (e.book_id, e.account_no) e.book_id, e.account_no, e.balance, e.seq
               FROM journal_part p
               JOIN ledger_entry e ON e.part = p.part
              WHERE p.state < 3
              ORDER BY e.book_id, e.account_no, e.seq DESC) n ON n.book_id = a.book_id AND n.account_no = a.account_no;
