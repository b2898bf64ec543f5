-- Is what is held what the journal says is held, and did every hold end once and rightly?
--
-- A pending row (kind 2) holds its amount until one later row names it: a post (kind 3) moves all or part of it and gives the
-- rest back; an undo (4) or an expiry (5) gives all of it back.

-- check: ending_without_hold, ending_differs, posted_more_than_held, hold_ended_twice, expired_early
-- Cost: one hash join of the ending rows to the pending rows, one sort of the ending rows.
SELECT law.fault, e.book_id AS book, e.seq, NULL::bigint AS account, law.expected, law.found, law.meaning
  FROM (SELECT book_id, seq, kind & 15 AS kind, debit_account, credit_account, amount, recorded_at, pending_id,
               lag(seq) OVER (PARTITION BY book_id, pending_id ORDER BY seq) AS ended_before
          FROM journal WHERE kind & 15 IN (3, 4, 5)) AS e
  LEFT JOIN journal p ON p.book_id = e.book_id AND p.transfer_id = e.pending_id AND p.kind & 15 = 2
 CROSS JOIN LATERAL (VALUES
       ('ending_without_hold', 'a pending transfer in an earlier row',
        CASE WHEN p.seq IS NULL THEN format('none has the id %s', e.pending_id) ELSE format('row %s', p.seq) END,
        'the row ends a pending transfer that did not stand in the book', p.seq IS NULL OR p.seq >= e.seq),
       ('ending_differs', format('debit %s, credit %s', p.debit_account, p.credit_account),
        format('debit %s, credit %s', e.debit_account, e.credit_account),
        'the row ends a pending transfer of other accounts',
        p.debit_account <> e.debit_account OR p.credit_account <> e.credit_account),
       ('ending_differs', format('amount %s', p.amount), format('amount %s', e.amount),
        'an undo or an expiry gives all of it back, not another amount', e.kind IN (4, 5) AND e.amount <> p.amount),
       ('posted_more_than_held', format('at most %s', p.amount), e.amount::text,
        'the row posts more than the pending transfer held', e.kind = 3 AND e.amount > p.amount),
       ('hold_ended_twice', 'one ending', format('ended by row %s already', e.ended_before),
        'the pending transfer had ended before this row', e.ended_before IS NOT NULL),
       ('expired_early', format('not before %s', coalesce(p.expires_at::text, 'ever: it had no time-out')), e.recorded_at::text,
        'the pending transfer was expired before its time', p.seq IS NOT NULL AND e.kind = 5
                                                           AND (p.expires_at IS NULL OR e.recorded_at < p.expires_at))
       ) AS law (fault, expected, found, meaning, broken)
 WHERE law.broken
 ORDER BY e.book_id, e.seq, law.fault
 LIMIT 100;

-- check: hold_missing, hold_invented, hold_released, hold_not_released, hold_changed
-- The table of holds against what the journal makes of them.
-- Cost: one hash join of the pending rows to the ending rows, one of its result to the table.
WITH ending AS (
  SELECT DISTINCT ON (book_id, pending_id) book_id, pending_id, seq, transfer_id, kind & 15 AS kind, amount, recorded_at
    FROM journal WHERE kind & 15 IN (3, 4, 5)
   ORDER BY book_id, pending_id, seq
), rightly AS (
  SELECT p.book_id, p.transfer_id AS hold_id, p.seq, p.debit_account, p.credit_account, p.amount, p.kind >> 4 AS flags, p.code, p.reference,
         p.recorded_at, p.expires_at, coalesce(e.kind - 1, 1) AS state, CASE WHEN e.kind = 3 THEN e.amount ELSE 0 END AS posted_amount,
         e.transfer_id AS ended_by, e.seq AS ended_seq, e.recorded_at AS ended_at
    FROM journal p
    LEFT JOIN ending e ON e.book_id = p.book_id AND e.pending_id = p.transfer_id
   WHERE p.kind & 15 = 2
)
SELECT CASE WHEN h.hold_id IS NULL THEN 'hold_missing'
            WHEN r.hold_id IS NULL THEN 'hold_invented'
            WHEN r.state = 1 AND h.state <> 1 THEN 'hold_released'
            WHEN r.state <> 1 AND h.state = 1 THEN 'hold_not_released'
            ELSE 'hold_changed' END AS fault,
       book_id AS book, coalesce(r.seq, h.seq) AS seq, NULL::bigint AS account,
       CASE WHEN r.hold_id IS NULL THEN 'no hold' ELSE
         format('row %s, debit %s, credit %s, amount %s, flags %s, code %s, reference %s, recorded %s, expires %s, %s, posted %s, ended by %s (row %s) at %s',
                r.seq, r.debit_account, r.credit_account, r.amount, r.flags, r.code, to_json(r.reference), r.recorded_at,
                coalesce(r.expires_at::text, 'never'), (ARRAY['held', 'posted', 'voided', 'expired'])[r.state], r.posted_amount,
                coalesce(r.ended_by::text, 'nothing'), coalesce(r.ended_seq::text, 'none'), coalesce(r.ended_at::text, 'no time')) END AS expected,
       CASE WHEN h.hold_id IS NULL THEN 'no hold' ELSE
         format('row %s, debit %s, credit %s, amount %s, flags %s, code %s, reference %s, recorded %s, expires %s, %s, posted %s, ended by %s (row %s) at %s',
                h.seq, h.debit_account, h.credit_account, h.amount, h.flags, h.code, to_json(h.reference), h.recorded_at,
                coalesce(h.expires_at::text, 'never'), coalesce((ARRAY['held', 'posted', 'voided', 'expired'])[h.state], 'state ' || h.state),
                h.posted_amount, coalesce(h.ended_by::text, 'nothing'), coalesce(h.ended_seq::text, 'none'),
                coalesce(h.ended_at::text, 'no time')) END AS found,
       CASE WHEN h.hold_id IS NULL THEN 'the journal holds an amount, the table of holds does not know of it'
            WHEN r.hold_id IS NULL THEN 'the table of holds has one that the journal never made'
            WHEN r.state = 1 AND h.state <> 1 THEN 'the journal still holds the amount, the table of holds says it has ended'
            WHEN r.state <> 1 AND h.state = 1 THEN 'the journal has ended it, the table of holds still holds the amount'
            ELSE 'the table of holds says something else than the journal' END AS meaning
  FROM rightly r
  FULL JOIN hold h USING (book_id, hold_id)
 WHERE r.hold_id IS NULL OR h.hold_id IS NULL
    OR (r.seq, r.debit_account, r.credit_account, r.amount, r.flags, r.code, r.reference, r.recorded_at, r.expires_at, r.state,
        r.posted_amount, r.ended_by, r.ended_seq, r.ended_at)
       IS DISTINCT FROM
       (h.seq, h.debit_account, h.credit_account, h.amount, h.flags, h.code, h.reference, h.recorded_at, h.expires_at, h.state,
        h.posted_amount, h.ended_by, h.ended_seq, h.ended_at)
 ORDER BY book_id, 3
 LIMIT 100;
