-- Does the journal still hash to what the installation has vouched for with its signed heads?
--
-- RFC 6962 over the rows of each book in order of seq. A leaf is SHA-256(00 | bytes of the row), integers big-endian:
--   book 8 | seq 8 | id 16 | kind 2 | flags 2 | debit 8 | credit 8 | amount 8 | debit balance 8 | credit balance 8 | code 4 |
--   event_at 8 (microseconds since 1970 UTC) | recorded_at 8 | pending id 16 (zeros: none) | expires_at 8 (zero: none) |
--   length of reference 4 | reference (UTF-8)
-- A node is SHA-256(01 | left | right). The root over n rows is made of the complete subtrees that the one-bits of n name.
-- extract(epoch) is numeric here, so the microseconds are exact.

-- How many rows come out of a recursion cannot be estimated; a nested loop over them would never end.
SET LOCAL enable_nestloop = off;
SET LOCAL enable_mergejoin = off;

-- check: head_root, head_beyond_journal, node_wrong
-- Every head, not the newest alone; of heads in a row that do not fit, the first is named.
-- Cost: a hash for each row and for each node above them (2 a row), a sort for each level of the tree (2 rows each in all),
-- one hash join of the nodes to those that heads and stored nodes name (at most 1 + log2 rows of them for each head).
WITH RECURSIVE tree (book_id, level, index, hash) AS (
  SELECT book_id, 0, seq - 1,
         sha256('\x00'::bytea || int8send(book_id) || int8send(seq) || uuid_send(transfer_id) || int2send((kind & 15)::smallint) || int2send((kind >> 4)::smallint)
                || int8send(debit_account) || int8send(credit_account) || int8send(amount) || int8send(debit_balance)
                || int8send(credit_balance) || int4send(code) || int8send((extract(epoch FROM event_at) * 1000000)::bigint)
                || int8send((extract(epoch FROM recorded_at) * 1000000)::bigint)
                || uuid_send(coalesce(pending_id, '00000000-0000-0000-0000-000000000000'))
                || int8send(coalesce((extract(epoch FROM expires_at) * 1000000)::bigint, 0))
                || int4send(octet_length(convert_to(reference, 'UTF8'))) || convert_to(reference, 'UTF8'))
    FROM journal
   WHERE seq > 0 AND isfinite(event_at) AND isfinite(recorded_at) AND coalesce(isfinite(expires_at), true)
   UNION ALL
  SELECT book_id, level + 1, index / 2, sha256('\x01'::bytea || hash || right_hash)
    FROM (SELECT book_id, level, index, hash, lead(index) OVER siblings AS right_index, lead(hash) OVER siblings AS right_hash
            FROM tree WINDOW siblings AS (PARTITION BY book_id ORDER BY index)) AS pair
   WHERE index % 2 = 0 AND right_index = index + 1
), asked AS (
  SELECT book_id, size, level, (size >> level) - 1 AS index, NULL::bytea AS kept
    FROM (SELECT book_id, size, generate_series(0, 62) AS level FROM ledger_head) AS bit
   WHERE (size >> level) & 1 = 1
   UNION ALL
  SELECT book_id, NULL, level, index, hash FROM merkle_node
), answered AS (
  SELECT asked.book_id, asked.size, asked.level, asked.index, asked.kept, tree.hash
    FROM asked LEFT JOIN tree ON tree.book_id = asked.book_id AND tree.level = asked.level AND tree.index = asked.index
), folding (book_id, size, hashes, root) AS (  -- from the smallest, newest subtree to the greatest, oldest one
  SELECT book_id, size, (array_agg(hash ORDER BY level))[2:], (array_agg(hash ORDER BY level))[1]
    FROM answered WHERE size IS NOT NULL GROUP BY book_id, size
   UNION ALL
  SELECT book_id, size, hashes[2:], sha256('\x01'::bytea || hashes[1] || root)
    FROM folding WHERE cardinality(hashes) > 0
), judged AS (
  SELECT h.book_id, h.size, h.root, f.root AS made, h.root IS DISTINCT FROM f.root AS wrong
    FROM ledger_head h
    LEFT JOIN folding f ON f.book_id = h.book_id AND f.size = h.size AND cardinality(f.hashes) = 0
), run AS (
  SELECT book_id, size, root, made, wrong, lag(wrong, 1, false) OVER book_heads AS wrong_before, lag(size, 1, 0::bigint) OVER book_heads AS size_before
    FROM judged WINDOW book_heads AS (PARTITION BY book_id ORDER BY size)
), newest AS (
  SELECT book_id, max(seq) AS seq FROM journal GROUP BY book_id
)
SELECT CASE WHEN run.size > coalesce(newest.seq, 0) OR run.size < 1 THEN 'head_beyond_journal' ELSE 'head_root' END AS fault,
       run.book_id AS book, run.size AS seq, NULL::bigint AS account,
       coalesce(encode(run.made, 'hex'), format('at most %s rows', coalesce(newest.seq, 0))) AS expected,
       encode(run.root, 'hex') AS found,
       CASE WHEN run.size > coalesce(newest.seq, 0) OR run.size < 1
            THEN format('a signed head vouches for %s rows: rows that were there are gone', run.size)
            WHEN run.made IS NULL THEN 'the rows under the head are not complete, so it cannot be made again'
            ELSE format('the rows no longer hash to the signed root: one of the rows %s to %s was changed, or the head was forged',
                        run.size_before::numeric + 1, run.size) END AS meaning
  FROM run LEFT JOIN newest ON newest.book_id = run.book_id
 WHERE run.wrong AND NOT run.wrong_before
 UNION ALL
SELECT 'node_wrong', book_id, NULL, NULL, coalesce(encode(hash, 'hex'), 'no such node: not all of its rows are there'),
       encode(kept, 'hex'),
       format('the stored node over rows %s to %s is not what they hash to: one of them was changed, or the node was',
              trunc(index * power(2::numeric, level)) + 1, trunc((index::numeric + 1) * power(2::numeric, level)))
  FROM answered
 WHERE size IS NULL AND hash IS DISTINCT FROM kept
 ORDER BY 2, 3, 1
 LIMIT 100;

-- check: head_chain, head_backwards
-- Each head names the one before it by SHA-256 over what was signed of that: seven lines, each with its line feed. A head taken
-- out, put in or signed anew breaks the chain at the next one. The first of a book names zeros.
-- Cost: one sort of the heads.
SELECT law.fault, book_id AS book, size AS seq, NULL::bigint AS account, law.expected, law.found, law.meaning
  FROM (SELECT book_id, size, previous, at, lag(at) OVER book_heads AS at_before,
               coalesce(lag(CASE WHEN isfinite(at) THEN sha256(convert_to(
                   format(E'cho40 ledger head v1\nbook %s\nsize %s\nroot %s\nprevious %s\nat %s\nkey %s\n', book_id, size, encode(root, 'hex'),
                          encode(previous, 'hex'), (extract(epoch FROM at) * 1000000)::bigint, encode(key_id, 'hex')), 'UTF8'))
                                 ELSE ''::bytea END) OVER book_heads, decode(repeat('00', 32), 'hex')) AS made
          FROM ledger_head WINDOW book_heads AS (PARTITION BY book_id ORDER BY size)) AS head
 CROSS JOIN LATERAL (VALUES
       ('head_chain', encode(made, 'hex'), encode(previous, 'hex'),
        'the head does not follow the one that stands before it: a head was taken out, put in or changed', previous <> made),
       ('head_backwards', format('not before %s', at_before), at::text, 'the head is dated earlier than the one before it', at < at_before)
       ) AS law (fault, expected, found, meaning, broken)
 WHERE law.broken
 ORDER BY book_id, size, law.fault
 LIMIT 100;

-- check: head_key
-- A head names the key that signed it. With the ids of the keys that may (:key_ids) every other is a fault; the first head of a
-- book and key is named.
-- Cost: one pass over the heads.
SELECT 'head_key' AS fault, book_id AS book, min(size) AS seq, NULL::bigint AS account, :'key_ids' AS expected,
       encode(key_id, 'hex') AS found,
       format('%s heads of the book name a key that is not among those that may sign', count(*)) AS meaning
  FROM ledger_head
 WHERE :'key_ids' <> '' AND encode(key_id, 'hex') <> ALL (string_to_array(:'key_ids', ','))
 GROUP BY book_id, key_id
 ORDER BY book_id, min(size)
 LIMIT 100;

-- check: rows_unsigned
-- Heads are signed within seconds of the rows they cover, for all books of a writer group together. So rows above the newest head of
-- their book that are minutes older than the newest head of any of them, or than the writer's last pulse, have lost their head.
-- Cost: one look at the newest head of each book, one at the row above it.
WITH newest AS (
  SELECT b.book_id, b.writer_group, h.size, h.at
    FROM book b LEFT JOIN LATERAL (SELECT size, at FROM ledger_head WHERE book_id = b.book_id ORDER BY size DESC LIMIT 1) AS h ON true
), alive AS (
  SELECT n.writer_group, greatest(max(n.at), max(p.beat_at)) AS at, max(l.taken_at) AS writing_since
    FROM newest n LEFT JOIN ledger_pulse p ON p.writer_group = n.writer_group LEFT JOIN ledger_lease l ON l.writer_group = n.writer_group
   GROUP BY n.writer_group
)
SELECT 'rows_unsigned' AS fault, n.book_id AS book, j.seq, NULL::bigint AS account,
       format('a head over row %s, recorded at %s', j.seq, j.recorded_at) AS expected,
       CASE WHEN n.size IS NULL THEN 'no head of this book' ELSE format('newest head: %s rows at %s', n.size, n.at) END AS found,
       format('rows were not signed for although signing went on until %s: heads were taken out, or it has stopped for this book', alive.at)
         AS meaning
  FROM newest n
  JOIN alive ON alive.writer_group = n.writer_group
  JOIN LATERAL (SELECT seq, recorded_at FROM journal WHERE book_id = n.book_id AND seq > coalesce(n.size, 0) ORDER BY seq LIMIT 1) AS j ON true
 WHERE j.recorded_at < alive.at - interval '5 minutes'
   AND coalesce(alive.writing_since < alive.at - interval '1 minute', true)  -- who has just begun has not had the time
 ORDER BY n.book_id
 LIMIT 100;

-- check: node_missing
-- Complete subtrees of 256, 65 536 and 16 777 216 rows below the newest head are kept. Without one every proof through it would have
-- to be made from its rows, and nothing would say whether they are the rows of before.
-- Cost: one pass over the stored nodes.
SELECT 'node_missing' AS fault, h.book_id AS book, (h.size >> level) << level AS seq, NULL::bigint AS account,
       format('%s nodes of level %s', h.size >> level, level) AS expected, format('%s', coalesce(n.kept, 0)) AS found,
       'a stored inner node is gone' AS meaning
  FROM (SELECT book_id, max(size) AS size FROM ledger_head GROUP BY book_id) AS h
 CROSS JOIN (VALUES (8), (16), (24)) AS kept (level)
  LEFT JOIN LATERAL (SELECT count(*) AS kept FROM merkle_node m
                      WHERE m.book_id = h.book_id AND m.level = kept.level AND m.index < h.size >> kept.level) AS n ON true
 WHERE coalesce(n.kept, 0) < h.size >> level
 ORDER BY h.book_id, level
 LIMIT 100;
