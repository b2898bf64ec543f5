-- The independent auditor of the ledger: it re-derives every balance, hold and proof from the journal alone and names what
-- does not agree. It shares nothing with the service but the tables, changes nothing and makes nothing in the database.
-- docs/auditing.md says how to read it.
--
-- deploy/audit/run runs it and sums it up. By hand: psql -X -v ON_ERROR_STOP=1 -d URL -f deploy/audit/ledger.sql
-- With -v key_ids=ID,ID heads of other keys are faults.
--
-- Each check is one statement whose rows are faults, at most 100 of a check, the first ones:
--   fault     its name, one of those in the check's heading; empty: no fault but a fact worth knowing
--   book, seq, account    where; what does not apply is empty
--   expected, found       the two values that should agree. Free text stands as JSON, so no line breaks and no tabs
--   meaning               the same in words
-- Numbers are compared as numeric wherever a damaged row could overflow bigint: a fault must never end the audit.
--
-- The journal keeps kind and flags of a row in one number: kind & 15 is the kind, kind >> 4 are the flags.
--
-- Cost: every check reads its tables a fixed number of times, and sorts or hashes them at most once for each time. "Rows"
-- in the headings are rows of the journal; a "sort of 2 rows each" is one over twice as many short rows.

\if :{?key_ids}
\else
  \set key_ids ''
\endif

BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;  -- every check sees the same moment, also beside a running service
SET LOCAL TIME ZONE 'UTC';
SET LOCAL bytea_output = 'hex';
SET LOCAL work_mem = '128MB';
SET LOCAL jit = off;

\ir checks/rows.sql
\ir checks/balances.sql
\ir checks/holds.sql
\ir checks/between_books.sql
\ir checks/accounts.sql
\ir checks/parts.sql
\ir checks/feeds.sql
\ir checks/merkle.sql
\ir checks/facts.sql

COMMIT;
