-- Was everything that was answered written, and is everything that was written told?

-- check: batch_count
-- Each durable batch left a row that counts its transfers, in the same transaction.
-- Cost: one read of the rows and of the batches.
SELECT 'batch_count' AS fault, NULL::bigint AS book, NULL::bigint AS seq, NULL::bigint AS account,
       format('%s rows', batches.transfers) AS expected, format('%s rows', rows.count) AS found,
       CASE WHEN batches.transfers > rows.count THEN 'the batches count more transfers than the journal has rows: rows were taken out'
            ELSE 'the journal has more rows than the batches count: rows were put in, or a batch was taken out' END AS meaning
  FROM (SELECT coalesce(sum(transfers), 0) AS transfers FROM ledger_batch) AS batches
 CROSS JOIN (SELECT count(*) AS count FROM journal) AS rows
 WHERE batches.transfers <> rows.count;

-- check: event_gap, event_lost
-- Cost: one sort of the events by (book, seq).
SELECT 'event_gap' AS fault, book_id AS book, seq, NULL::bigint AS account, (before::numeric + 1)::text AS expected, seq::text AS found,
       'the numbers of the book''s events jump here: the seq named is the event''s, not a row''s' AS meaning
  FROM (SELECT book_id, seq, lag(seq, 1, 0::bigint) OVER (PARTITION BY book_id ORDER BY seq) AS before FROM event) AS numbered
 WHERE seq::numeric - before <> 1
 UNION ALL
SELECT 'event_lost', c.book_id, c.seq, NULL, format('an event %s', c.seq), format('newest is %s', coalesce(newest.seq, 0)),
       format('%s was told events of this book that are no longer there', to_json(c.consumer))
  FROM event_cursor c
  LEFT JOIN (SELECT book_id, max(seq) AS seq FROM event GROUP BY book_id) AS newest ON newest.book_id = c.book_id
 WHERE c.seq > coalesce(newest.seq, 0)
 ORDER BY 2, 3, 1
 LIMIT 100;
