-- Is what left one book for another what came to the other, once?
--
-- The account -B of a book is its transit account towards book B. An amount leaves as a hold: a pending row (kind 2) that debits
-- it. It arrives in the other book as a posted row (kind 1) that credits the transit account back, under an id that follows from
-- the hold's: its first 48 bits (the time), then bits of a SHA-256 over the words below and the hold's id. Then the hold is posted
-- (3); or, when the other book refused, given back (4). A hold that is open is under way, wherever it has come to. So the two
-- transit accounts cancel out but for what is under way.

-- check: between_lost, between_doubled, between_unsent, between_differs
-- Cost: three reads of the rows; one hash join and one sort of those that touch transit accounts.
WITH ended AS (
  SELECT DISTINCT ON (book_id, pending_id) book_id, pending_id, seq, kind & 15 AS kind, amount
    FROM journal WHERE kind & 15 IN (3, 4, 5) AND debit_account < 0
   ORDER BY book_id, pending_id, seq
), held AS (
  SELECT book_id, seq, transfer_id, -debit_account::numeric AS to_book, amount,
         decode(replace(transfer_id::text, '-', ''), 'hex') AS id_bytes,
         sha256(convert_to(format('%s:%s36:%s', length(words), words, transfer_id), 'UTF8')) AS digest
    FROM journal CROSS JOIN LATERAL (SELECT format('between books: arrive from %s', book_id) AS words) AS w
   WHERE kind & 15 = 2 AND debit_account < 0
), sent AS (
  SELECT h.book_id, h.seq, h.to_book, h.amount, e.kind AS end_kind, e.seq AS end_seq, e.amount AS end_amount,
         encode(substring(id_bytes FROM 1 FOR 6)
                || set_byte(set_byte(substring(digest FROM 7 FOR 10), 0, get_byte(digest, 6) & 15 | 112), 2, get_byte(digest, 8) & 63 | 128),
                'hex')::uuid AS arrival_id
    FROM held h
    LEFT JOIN ended e ON e.book_id = h.book_id AND e.pending_id = h.transfer_id
), arrived AS (
  SELECT book_id, seq, transfer_id, -credit_account::numeric AS from_book, amount FROM journal WHERE kind & 15 = 1 AND credit_account < 0
)
SELECT CASE WHEN s.seq IS NULL THEN 'between_unsent'
            WHEN a.seq IS NULL THEN 'between_lost'
            WHEN s.end_kind IN (4, 5) THEN 'between_doubled'
            ELSE 'between_differs' END AS fault,
       coalesce(s.book_id, a.book_id) AS book, coalesce(s.end_seq, s.seq, a.seq) AS seq, NULL::bigint AS account,
       CASE WHEN s.seq IS NULL THEN format('a hold in book %s that this follows from', a.from_book)
            WHEN a.seq IS NULL THEN format('%s arrived in book %s', s.amount, s.to_book)
            WHEN s.end_kind IN (4, 5) THEN format('nothing arrived in book %s', s.to_book)
            ELSE format('%s arrived in book %s, and so much posted', s.amount, s.to_book) END AS expected,
       CASE WHEN s.seq IS NULL THEN 'none'
            WHEN a.seq IS NULL THEN 'nothing'
            WHEN s.end_kind IN (4, 5) THEN format('%s in its row %s', a.amount, a.seq)
            ELSE format('%s in its row %s, posted %s', a.amount, a.seq, coalesce(s.end_amount::text, 'nothing yet')) END AS found,
       CASE WHEN s.seq IS NULL THEN 'an amount came from another book that never sent it: money was made'
            WHEN a.seq IS NULL THEN 'an amount left for another book and never arrived there: money was lost'
            WHEN s.end_kind IN (4, 5) THEN 'an amount was given back although it had arrived in the other book: money was made'
            ELSE 'another amount arrived than was sent' END AS meaning
  FROM sent s
  FULL JOIN arrived a ON a.book_id = s.to_book AND a.from_book = s.book_id AND a.transfer_id = s.arrival_id
 WHERE s.seq IS NULL
    OR (a.seq IS NULL AND s.end_kind = 3)
    OR (a.seq IS NOT NULL AND (s.end_kind IN (4, 5) OR a.amount <> s.amount OR s.end_amount <> s.amount))
 ORDER BY 2, 3
 LIMIT 100;

-- check: transit_misused
-- Cost: one read of the rows.
SELECT 'transit_misused' AS fault, book_id AS book, seq, least(debit_account, credit_account) AS account,
       'pending rows that debit a transit account, posted rows that credit one, never both sides' AS expected,
       format('kind %s, debit %s, credit %s', kind & 15, debit_account, credit_account) AS found,
       'the row moves an amount that is on its way between books in a way no movement does' AS meaning
  FROM journal
 WHERE (debit_account < 0 AND (credit_account < 0 OR kind & 15 = 1)) OR (credit_account < 0 AND kind & 15 <> 1)
 ORDER BY book_id, seq
 LIMIT 100;

-- check: between_changed
-- What the tables beside the journal say of movements, against the journal. They decide what is carried on after a restart.
-- Cost: two reads of the rows; hash joins of those that touch transit accounts to the tables.
WITH ended AS (
  SELECT DISTINCT ON (book_id, pending_id) book_id, pending_id, kind & 15 AS kind
    FROM journal WHERE kind & 15 IN (3, 4, 5) AND debit_account < 0
   ORDER BY book_id, pending_id, seq
), rightly AS (
  SELECT h.book_id, h.transfer_id AS movement_id, h.seq, h.credit_account, -h.debit_account::numeric AS to_book, h.amount, h.code, h.reference,
         h.event_at, CASE WHEN e.kind IS NULL THEN 1 WHEN e.kind = 3 THEN 2 ELSE 3 END AS state
    FROM journal h
    LEFT JOIN ended e ON e.book_id = h.book_id AND e.pending_id = h.transfer_id
   WHERE h.kind & 15 = 2 AND h.debit_account < 0
)
SELECT 'between_changed' AS fault, coalesce(r.book_id, m.book_id) AS book, coalesce(r.seq, m.seq) AS seq, NULL::bigint AS account,
       CASE WHEN r.seq IS NULL THEN 'no movement'
            ELSE format('%s from account %s to book %s, code %s, reference %s, at %s, %s', r.amount, r.credit_account, r.to_book, r.code,
                        to_json(r.reference), r.event_at, (ARRAY['under way', 'posted', 'given back'])[r.state]) END AS expected,
       CASE WHEN m.seq IS NULL THEN 'no movement'
            ELSE format('%s from account %s to book %s, code %s, reference %s, at %s, %s; arrived in row %s; the other book %s', m.amount,
                        m.credit_account, m.to_book, m.code, to_json(m.reference), m.event_at,
                        coalesce((ARRAY['under way', 'posted', 'given back'])[m.state], 'state ' || m.state), coalesce(m.arrived_seq::text, 'none'),
                        CASE WHEN d.book_id IS NULL THEN 'has not decided' WHEN d.turned_away IS NULL THEN 'took it'
                             ELSE 'refused: ' || to_json(d.turned_away) END) END AS found,
       'what is kept of a movement between books says something else than the journal' AS meaning
  FROM rightly r
  FULL JOIN between_books m USING (book_id, movement_id)
  LEFT JOIN between_books_decision d ON d.book_id = m.to_book AND d.from_book = m.book_id AND d.movement_id = m.movement_id
 WHERE r.seq IS NULL OR m.seq IS NULL
    OR (r.seq, r.credit_account, r.to_book, r.amount, r.code, r.reference, r.event_at, r.state)
       IS DISTINCT FROM (m.seq, m.credit_account, m.to_book::numeric, m.amount, m.code, m.reference, m.event_at, m.state::int)
    OR (m.state = 2 AND (d.book_id IS NULL OR d.turned_away IS NOT NULL))
    OR (m.state = 3 AND (d.turned_away IS NULL OR d.turned_away <> m.reason))
 ORDER BY 2, 3
 LIMIT 100;
