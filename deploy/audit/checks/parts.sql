-- Are the parts of the journal what their list says, and do the balances kept at the end of the sealed ones agree?

-- check: part_unknown, part_rows, part_time
-- Cost: one hash of the rows by part.
SELECT law.fault, NULL::bigint AS book, NULL::bigint AS seq, NULL::bigint AS account, law.expected, law.found,
       format('part %s: %s', coalesce(r.part, p.part), law.meaning) AS meaning
  FROM (SELECT part, count(*) AS rows, min(recorded_at) AS first_at, max(recorded_at) AS last_at FROM journal GROUP BY part) AS r
  FULL JOIN journal_part p ON p.part = r.part
 CROSS JOIN LATERAL (VALUES
       ('part_unknown', 'a part that the list names', format('%s rows', r.rows), 'rows lie in a part that is not on the list', p.part IS NULL),
       ('part_rows', format('%s rows', p.row_count), format('%s rows', coalesce(r.rows, 0)),
        'it was sealed with another number of rows', p.state = 3 AND p.row_count <> coalesce(r.rows, 0)),
       ('part_time', format('not before %s', p.opened_at), r.first_at::text, 'a row was recorded before the part was opened',
        r.first_at < p.opened_at),
       ('part_time', format('not after %s', p.full_at), r.last_at::text, 'a row was recorded after the part was full', r.last_at > p.full_at)
       ) AS law (fault, expected, found, meaning, broken)
 WHERE law.broken
 ORDER BY coalesce(r.part, p.part), law.fault
 LIMIT 100;

-- check: part_state, parts_open
-- Cost: one read of the list.
SELECT 'part_state' AS fault, NULL::bigint AS book, NULL::bigint AS seq, NULL::bigint AS account,
       CASE state WHEN 1 THEN 'open: neither full nor sealed, nothing counted'
                  WHEN 2 THEN 'full: a time it was full, none it was sealed, nothing counted'
                  WHEN 3 THEN 'sealed: both times and a count' ELSE 'a state from 1 to 3' END AS expected,
       format('state %s, opened %s, full %s, sealed %s, counted %s', state, opened_at, coalesce(full_at::text, 'no'),
              coalesce(sealed_at::text, 'no'), coalesce(row_count::text, 'no')) AS found,
       format('part %s: its state and its times contradict each other', part) AS meaning
  FROM journal_part
 WHERE (CASE state WHEN 1 THEN full_at IS NULL AND sealed_at IS NULL AND row_count IS NULL
                   WHEN 2 THEN full_at >= opened_at AND sealed_at IS NULL AND row_count IS NULL
                   WHEN 3 THEN full_at >= opened_at AND sealed_at IS NOT NULL AND row_count IS NOT NULL END) IS NOT TRUE
 UNION ALL
SELECT 'parts_open', NULL, NULL, NULL, 'the part being filled, for a moment the one before it, and the next',
       format('%s open parts, from %s to %s', count(*), min(part), max(part)),
       format('writer group %s has parts open that it does not write to', to_json(writer_group))
  FROM journal_part WHERE state = 1 GROUP BY writer_group HAVING count(*) > 3
 ORDER BY 7
 LIMIT 100;

-- check: part_range
-- Cost: one hash of the rows by (book, part).
SELECT 'part_range' AS fault, book_id AS book, coalesce(listed.first_seq, r.first_seq) AS seq, NULL::bigint AS account,
       CASE WHEN r.first_seq IS NULL THEN 'no rows of the book' ELSE format('rows %s to %s', r.first_seq, r.last_seq) END AS expected,
       CASE WHEN listed.first_seq IS NULL THEN 'not listed' ELSE format('rows %s to %s', listed.first_seq, listed.last_seq) END AS found,
       format('part %s: the list of which rows lie in a sealed part is wrong for this book', part) AS meaning
  FROM (SELECT j.book_id, j.part, min(j.seq) AS first_seq, max(j.seq) AS last_seq
          FROM journal j JOIN journal_part p ON p.part = j.part AND p.state = 3
         GROUP BY j.book_id, j.part) AS r
  FULL JOIN journal_part_book listed USING (book_id, part)
 WHERE (r.first_seq, r.last_seq) IS DISTINCT FROM (listed.first_seq, listed.last_seq)
 ORDER BY book_id, part
 LIMIT 100;

-- check: snapshot_missing, snapshot_invented, snapshot_wrong
-- Cost: one hash of 2 rows each by account, one join of its result to the rows.
WITH sealed AS (
  SELECT side.book_id, side.account_no, max(side.seq) AS seq, count(*) AS entries
    FROM (SELECT book_id, part, debit_account AS account_no, seq FROM journal
           UNION ALL
          SELECT book_id, part, credit_account, seq FROM journal) AS side
    JOIN journal_part p ON p.part = side.part AND p.state = 3
   GROUP BY side.book_id, side.account_no
), rightly AS (
  SELECT s.book_id, s.account_no, s.seq, s.entries,
         CASE WHEN j.debit_account = s.account_no THEN j.debit_balance ELSE j.credit_balance END AS balance
    FROM sealed s
    JOIN journal j ON j.book_id = s.book_id AND j.seq = s.seq
)
SELECT CASE WHEN kept.seq IS NULL THEN 'snapshot_missing' WHEN r.seq IS NULL THEN 'snapshot_invented' ELSE 'snapshot_wrong' END AS fault,
       book_id AS book, coalesce(r.seq, kept.seq) AS seq, account_no AS account,
       CASE WHEN r.seq IS NULL THEN 'no entries in sealed parts'
            ELSE format('balance %s after row %s, %s entries', r.balance, r.seq, r.entries) END AS expected,
       CASE WHEN kept.seq IS NULL THEN 'none kept'
            ELSE format('balance %s after row %s, %s entries', kept.balance, kept.seq, kept.entries) END AS found,
       'the balance kept for a restart does not equal the account''s newest row in sealed parts' AS meaning
  FROM rightly r
  FULL JOIN account_snapshot kept USING (book_id, account_no)
 WHERE (r.seq, r.balance, r.entries) IS DISTINCT FROM (kept.seq, kept.balance, kept.entries)
 ORDER BY book_id, account_no
 LIMIT 100;
