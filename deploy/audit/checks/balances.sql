-- Does every balance follow from the entries before it, and does every book sum to zero?
--
-- A balance is debits minus credits, posted only: kinds 1 (posted) and 3 (post) move the amount, kinds 2 (pending), 4 (undo)
-- and 5 (expire) move nothing. Each row states the balance of both its accounts after it. Every statement is compared with
-- the one before it of the same account, so one wrong figure is one fault and not one for every later row.

-- check: amount_changed, accounts_swapped, running_balance
-- Cost: one sort of 2 rows each by (book, account, seq); one read of the rows more when there are faults.
WITH side AS (
  SELECT book_id, seq, 'debit' AS side, debit_account AS account_no, debit_balance AS balance,
         CASE WHEN kind & 15 IN (1, 3) THEN amount ELSE 0 END AS moved
    FROM journal
   UNION ALL
  SELECT book_id, seq, 'credit', credit_account, credit_balance, CASE WHEN kind & 15 IN (1, 3) THEN -amount::numeric ELSE 0 END
    FROM journal
), compared AS (
  SELECT book_id, seq, side, account_no, balance, moved,
         lag(balance, 1, 0::bigint) OVER (PARTITION BY book_id, account_no ORDER BY seq) AS before
    FROM side
), wrong AS (
  SELECT book_id, seq,
         max(before) FILTER (WHERE side = 'debit') AS debit_before,
         max(before) FILTER (WHERE side = 'credit') AS credit_before
    FROM compared
   WHERE balance::numeric - before <> moved
   GROUP BY book_id, seq
), diagnosed AS (
  SELECT j.book_id, j.seq, j.debit_account, j.credit_account, j.amount, j.kind & 15 AS kind, j.debit_balance, j.credit_balance,
         w.debit_before, w.credit_before, m.moved,
         j.debit_balance::numeric - w.debit_before AS debit_step,
         j.credit_balance::numeric - w.credit_before AS credit_step,
         j.debit_balance::numeric - w.credit_before AS debit_step_if_swapped,
         j.credit_balance::numeric - w.debit_before AS credit_step_if_swapped
    FROM wrong w
    JOIN journal j ON j.book_id = w.book_id AND j.seq = w.seq
   CROSS JOIN LATERAL (SELECT CASE WHEN j.kind & 15 IN (1, 3) THEN j.amount::numeric ELSE 0 END AS moved) AS m
), named AS (
  SELECT *,
         CASE WHEN moved <> 0 AND ((debit_step = -moved AND credit_step = moved)
                                   OR (debit_step_if_swapped = moved AND credit_step_if_swapped = -moved)) THEN 'accounts_swapped'
              WHEN debit_step = -credit_step THEN 'amount_changed'
              ELSE 'running_balance' END AS fault
    FROM diagnosed
)
SELECT fault, book_id AS book, seq, account_no AS account, expected, found, meaning
  FROM (SELECT fault, book_id, seq, NULL::bigint AS account_no, debit_step::text AS expected,
               CASE WHEN kind IN (1, 3) THEN amount::text ELSE format('kind %s, which moves nothing', kind) END AS found,
               'both balances after this row moved by another amount than the row says' AS meaning
          FROM named WHERE fault = 'amount_changed'
         UNION ALL
        SELECT fault, book_id, seq, NULL, format('debit %s, credit %s', credit_account, debit_account),
               format('debit %s, credit %s', debit_account, credit_account),
               'the balances fit only when the debited and the credited account change places'
          FROM named WHERE fault = 'accounts_swapped'
         UNION ALL
        SELECT fault, book_id, seq, debit_account, (debit_before + moved)::text, debit_balance::text,
               'the balance of the debited account does not follow from its balance before and this row'
          FROM named WHERE fault = 'running_balance' AND debit_before IS NOT NULL
         UNION ALL
        SELECT fault, book_id, seq, credit_account, (credit_before - moved)::text, credit_balance::text,
               'the balance of the credited account does not follow from its balance before and this row'
          FROM named WHERE fault = 'running_balance' AND credit_before IS NOT NULL) AS told
 ORDER BY book_id, seq, account_no
 LIMIT 100;

-- check: book_sum
-- Cost: one hash of 2 rows each by account, one join of its result to the rows.
WITH newest AS (
  SELECT book_id, account_no, max(seq) AS seq
    FROM (SELECT book_id, debit_account AS account_no, seq FROM journal
           UNION ALL
          SELECT book_id, credit_account, seq FROM journal) AS side
   GROUP BY book_id, account_no
)
SELECT 'book_sum' AS fault, n.book_id AS book, NULL::bigint AS seq, NULL::bigint AS account, '0' AS expected,
       sum(CASE WHEN j.debit_account = n.account_no THEN j.debit_balance ELSE j.credit_balance END)::text AS found,
       'the newest balances of all accounts of a book must cancel out: money was made (above zero) or lost (below)' AS meaning
  FROM newest n
  JOIN journal j ON j.book_id = n.book_id AND j.seq = n.seq
 GROUP BY n.book_id
HAVING sum(CASE WHEN j.debit_account = n.account_no THEN j.debit_balance ELSE j.credit_balance END) <> 0
 ORDER BY n.book_id
 LIMIT 100;
