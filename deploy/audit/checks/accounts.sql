-- Are accounts closed exactly when the journal closed them, and does every balance keep within its limits?
--
-- A posted or pending row (kinds 1, 2) with flag 4 closes its debited account, with flag 8 its credited one. An undo or an
-- expiry of a pending closing opens the account again; a post of it leaves it closed.

-- check: closed_silently, reopened_silently
-- Cost: two reads of the rows, one hash join of the closing rows to the undone ones.
WITH closing AS (
  SELECT c.book_id, side.account_no, max(c.seq) AS seq
    FROM journal c
   CROSS JOIN LATERAL (VALUES (4, c.debit_account), (8, c.credit_account)) AS side (bit, account_no)
    LEFT JOIN journal u ON u.book_id = c.book_id AND u.pending_id = c.transfer_id AND u.kind & 15 IN (4, 5) AND c.kind & 15 = 2
   WHERE c.kind & 15 IN (1, 2) AND c.kind >= 64 AND (c.kind >> 4) & side.bit <> 0 AND u.seq IS NULL
   GROUP BY c.book_id, side.account_no
)
SELECT CASE WHEN a.closed THEN 'closed_silently' ELSE 'reopened_silently' END AS fault,
       a.book_id AS book, c.seq, a.account_no AS account,
       CASE WHEN a.closed THEN 'open' ELSE 'closed' END AS expected, CASE WHEN a.closed THEN 'closed' ELSE 'open' END AS found,
       CASE WHEN a.closed THEN 'the account is marked closed, but no row of the journal closed it for good'
            ELSE 'the named row closed the account and nothing took that back, but it is marked open' END AS meaning
  FROM account a
  LEFT JOIN closing c ON c.book_id = a.book_id AND c.account_no = a.account_no
 WHERE a.closed <> (c.seq IS NOT NULL)
 ORDER BY a.book_id, a.account_no
 LIMIT 100;

-- check: used_while_closed
-- What was held when the account closed may still be posted or given back (kinds 3 to 5); nothing new may come.
-- Cost: four reads of the rows, hash joins to the few that close accounts.
WITH closing AS (
  SELECT c.book_id, side.account_no, c.seq, min(u.seq) AS reopened
    FROM journal c
   CROSS JOIN LATERAL (VALUES (4, c.debit_account), (8, c.credit_account)) AS side (bit, account_no)
    LEFT JOIN journal u ON u.book_id = c.book_id AND u.pending_id = c.transfer_id AND u.kind & 15 IN (4, 5) AND c.kind & 15 = 2
   WHERE c.kind & 15 IN (1, 2) AND c.kind >= 64 AND (c.kind >> 4) & side.bit <> 0
   GROUP BY c.book_id, side.account_no, c.seq
), used AS (
  SELECT book_id, debit_account AS account_no, seq FROM journal WHERE kind & 15 IN (1, 2)
   UNION ALL
  SELECT book_id, credit_account, seq FROM journal WHERE kind & 15 IN (1, 2)
)
SELECT 'used_while_closed' AS fault, used.book_id AS book, used.seq, used.account_no AS account,
       format('no new transfer after row %s', closing.seq) AS expected, 'a new transfer' AS found,
       'the row debits or credits an account that was closed at that point' AS meaning
  FROM used
  JOIN closing ON closing.book_id = used.book_id AND closing.account_no = used.account_no
              AND used.seq > closing.seq AND (closing.reopened IS NULL OR used.seq < closing.reopened)
 ORDER BY used.book_id, used.seq, used.account_no
 LIMIT 100;

-- check: limit_exceeded
-- What is held counts on the side where it hurts: the balance less what may still go out keeps above the floor, the balance
-- and what may still come in keeps below the ceiling.
-- Cost: one hash of 2 rows each by account, one join of its result to the rows, one hash join of pending rows to their endings.
WITH newest AS (
  SELECT book_id, account_no, max(seq) AS seq
    FROM (SELECT book_id, debit_account AS account_no, seq FROM journal
           UNION ALL
          SELECT book_id, credit_account, seq FROM journal) AS side
   GROUP BY book_id, account_no
), posted AS (
  SELECT n.book_id, n.account_no, n.seq,
         CASE WHEN j.debit_account = n.account_no THEN j.debit_balance ELSE j.credit_balance END AS balance
    FROM newest n
    JOIN journal j ON j.book_id = n.book_id AND j.seq = n.seq
), held AS (
  SELECT p.book_id, side.account_no, sum(side.debit) AS debits, sum(side.credit) AS credits
    FROM journal p
   CROSS JOIN LATERAL (VALUES (p.debit_account, p.amount, 0), (p.credit_account, 0, p.amount)) AS side (account_no, debit, credit)
    LEFT JOIN journal e ON e.book_id = p.book_id AND e.pending_id = p.transfer_id AND e.kind & 15 IN (3, 4, 5)
   WHERE p.kind & 15 = 2 AND e.seq IS NULL
   GROUP BY p.book_id, side.account_no
)
SELECT 'limit_exceeded' AS fault, a.book_id AS book, p.seq, a.account_no AS account, law.expected, law.found, law.meaning
  FROM account a
  LEFT JOIN posted p ON p.book_id = a.book_id AND p.account_no = a.account_no
  LEFT JOIN held h ON h.book_id = a.book_id AND h.account_no = a.account_no
 CROSS JOIN LATERAL (VALUES
       (format('at least %s', a.floor), format('%s, of which %s are held to go out', coalesce(p.balance, 0), coalesce(h.credits, 0)),
        'the balance less what is held to go out lies below the account''s floor',
        coalesce(p.balance, 0) - coalesce(h.credits, 0) < a.floor),
       (format('at most %s', a.ceiling), format('%s, and %s are held to come in', coalesce(p.balance, 0), coalesce(h.debits, 0)),
        'the balance and what is held to come in lie above the account''s ceiling',
        coalesce(p.balance, 0) + coalesce(h.debits, 0) > a.ceiling)
       ) AS law (expected, found, meaning, broken)
 WHERE law.broken
 ORDER BY a.book_id, a.account_no
 LIMIT 100;
