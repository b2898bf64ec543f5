-- Is every row of the journal there once, in order, and possible by itself?

-- check: seq_gap, seq_twice
-- Cost: one sort of the rows by (book, seq).
SELECT CASE WHEN seq = before THEN 'seq_twice' ELSE 'seq_gap' END AS fault,
       book_id AS book, seq, NULL::bigint AS account,
       (before::numeric + 1)::text AS expected, seq::text AS found,
       CASE WHEN seq = before THEN 'two rows of the book have this number'
            ELSE 'the numbers of the book jump here: rows before this one are missing, or it was numbered anew' END AS meaning
  FROM (SELECT book_id, seq, lag(seq, 1, 0::bigint) OVER (PARTITION BY book_id ORDER BY seq) AS before
          FROM journal) AS numbered
 WHERE seq::numeric - before <> 1
 ORDER BY book_id, seq
 LIMIT 100;

-- check: transfer_twice
-- Over all parts of the journal: an index of the database covers only one part each.
-- Cost: one hash of the rows by (book, transfer), or the indexes in order; one read of the rows more when there are faults.
WITH again AS (
  SELECT book_id, transfer_id FROM journal GROUP BY book_id, transfer_id HAVING count(*) > 1
)
SELECT 'transfer_twice' AS fault, book_id AS book, max(seq) AS seq, NULL::bigint AS account,
       'once' AS expected, format('%s times, first as row %s', count(*), min(seq)) AS found,
       format('transfer %s was entered more than once', transfer_id) AS meaning
  FROM journal
 WHERE (book_id, transfer_id) IN (SELECT book_id, transfer_id FROM again)
 GROUP BY book_id, transfer_id
 ORDER BY 2, 3
 LIMIT 100;

-- check: recorded_backwards
-- Cost: one sort of the rows by (book, seq).
SELECT 'recorded_backwards' AS fault, book_id AS book, seq, NULL::bigint AS account,
       format('not before %s', before) AS expected, recorded_at::text AS found,
       'the row says it was recorded earlier than the row before it' AS meaning
  FROM (SELECT book_id, seq, recorded_at, lag(recorded_at) OVER (PARTITION BY book_id ORDER BY seq) AS before
          FROM journal) AS timed
 WHERE recorded_at < before
 ORDER BY book_id, seq
 LIMIT 100;

-- check: row_impossible
-- The low four bits of kind: 1 posted, 2 pending, 3 post, 4 undo, 5 expire. Flags above them: 1 and 2 balancing, 4 and 8 closing.
-- Cost: one read of the rows.
SELECT 'row_impossible' AS fault, book_id AS book, seq, NULL::bigint AS account, law AS expected,
       format('kind %s, flags %s, debit %s, credit %s, amount %s, pending %s, event %s, recorded %s, expires %s, reference of %s bytes',
              kind, flags, debit_account, credit_account, amount, coalesce(pending_id::text, 'none'), event_at, recorded_at,
              coalesce(expires_at::text, 'never'), octet_length(reference)) AS found,
       'no transfer can have become this row' AS meaning
  FROM (SELECT *,
               CASE WHEN kind NOT BETWEEN 1 AND 5 THEN 'kind 1 to 5'
                    WHEN flags NOT BETWEEN 0 AND 15 THEN 'flags 0 to 15'
                    WHEN debit_account = credit_account THEN 'two accounts'
                    WHEN amount < 0 OR (amount = 0 AND flags < 4) THEN 'an amount above zero; zero only to close an account'
                    WHEN (pending_id IS NOT NULL) <> (kind >= 3) OR pending_id = '00000000-0000-0000-0000-000000000000'
                      THEN 'a pending transfer named by kinds 3 to 5 and by no other'
                    WHEN NOT (isfinite(event_at) AND isfinite(recorded_at) AND coalesce(isfinite(expires_at), true))
                      THEN 'times that a calendar knows'
                    WHEN expires_at IS NOT NULL AND (kind <> 2 OR expires_at <= recorded_at)
                      THEN 'a time-out only for pending transfers, after they were recorded'
                    WHEN octet_length(reference) > 64 THEN 'a reference of at most 64 bytes' END AS law
          FROM (SELECT book_id, seq, kind & 15 AS kind, kind >> 4 AS flags, debit_account, credit_account, amount, pending_id, event_at,
                       recorded_at, expires_at, reference
                  FROM journal) AS opened) AS judged
 WHERE law IS NOT NULL
 ORDER BY book_id, seq
 LIMIT 100;

-- check: book_unknown
-- Cost: one hash of the rows by book, and of each table that names a book.
SELECT 'book_unknown' AS fault, named.book_id AS book, NULL::bigint AS seq, NULL::bigint AS account,
       'a book that was opened' AS expected, format('named by %s rows of %s', sum(named.rows), named.place) AS found,
       'rows lie in a book that does not exist' AS meaning
  FROM (SELECT book_id, 'journal' AS place, count(*) AS rows FROM journal GROUP BY book_id
        UNION ALL SELECT book_id, 'account', count(*) FROM account GROUP BY book_id
        UNION ALL SELECT book_id, 'hold', count(*) FROM hold GROUP BY book_id
        UNION ALL SELECT book_id, 'event', count(*) FROM event GROUP BY book_id
        UNION ALL SELECT book_id, 'journal_part_book', count(*) FROM journal_part_book GROUP BY book_id
        UNION ALL SELECT book_id, 'account_snapshot', count(*) FROM account_snapshot GROUP BY book_id
        UNION ALL SELECT book_id, 'ledger_head', count(*) FROM ledger_head GROUP BY book_id
        UNION ALL SELECT book_id, 'merkle_node', count(*) FROM merkle_node GROUP BY book_id) AS named
 WHERE NOT EXISTS (SELECT FROM book WHERE book.book_id = named.book_id)
 GROUP BY named.book_id, named.place
 ORDER BY named.book_id, named.place
 LIMIT 100;

-- check: account_unknown
-- Cost: one hash of 2 rows each by account.
SELECT 'account_unknown' AS fault, used.book_id AS book, min(used.seq) AS seq, used.account_no AS account,
       'an account that was opened in this book' AS expected, format('used by %s rows', sum(used.rows)) AS found,
       'rows debit or credit an account that the book does not have; the first of them is named' AS meaning
  FROM (SELECT book_id, debit_account AS account_no, min(seq) AS seq, count(*) AS rows FROM journal GROUP BY book_id, debit_account
        UNION ALL
        SELECT book_id, credit_account, min(seq), count(*) FROM journal GROUP BY book_id, credit_account) AS used
 WHERE NOT EXISTS (SELECT FROM account WHERE account.book_id = used.book_id AND account.account_no = used.account_no)
 GROUP BY used.book_id, used.account_no
 ORDER BY used.book_id, used.account_no
 LIMIT 100;
