-- What was looked at. No faults: the first column is empty.
-- Cost: one hash of the rows by book.
SELECT '' AS fault, j.book_id AS book, j.newest AS seq, NULL::bigint AS account, format('%s rows', j.rows) AS expected,
       CASE WHEN h.size IS NULL THEN 'no signed head'
            ELSE format('newest signed head: %s rows at %s, root %s, key %s', h.size, h.at, encode(h.root, 'hex'), encode(h.key_id, 'hex')) END AS found,
       'compare the head with one you were given earlier; rows after it are not proved yet' AS meaning
  FROM (SELECT book_id, count(*) AS rows, max(seq) AS newest FROM journal GROUP BY book_id) AS j
  LEFT JOIN (SELECT DISTINCT ON (book_id) book_id, size, at, root, key_id FROM ledger_head ORDER BY book_id, size DESC) AS h ON h.book_id = j.book_id
 ORDER BY j.book_id;
