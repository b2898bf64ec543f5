-- Requests that still wait for money get a small table of their own. A payment changes the state of its request, and as long as two
-- indexes asked for that state, each change wrote a second row into all eight indexes and left the first for the vacuum. Now a change
-- stays on the page of its row and the row of open_request goes.
-- Statistics of what a busy day adds to are taken when a table has doubled, not whenever a tenth came on top of it: at thousands of rows
-- a second that was every two seconds, and no plan of ours asks for more.
-- Locks: payment_request against writing, for as long as it takes to read it once; the other tables for an instant. Back: create the
-- two indexes of 0003 and 0017 again, drop open_request, RESET the parameters.

CREATE TABLE open_request (
  book_id              bigint      NOT NULL,
  payment_id           uuid        NOT NULL,
  receiving_account_id uuid        NOT NULL,
  lacking              bigint      NOT NULL,   -- asked - waived - received
  created_at           timestamptz NOT NULL,
  expires_at           timestamptz,            -- NULL: money is under way, time alone does not end it
  CONSTRAINT open_request_pkey PRIMARY KEY (book_id, payment_id)
);
COMMENT ON TABLE open_request IS 'Payment requests in states 0 to 3; written by the statements that write payment_request.';
INSERT INTO open_request (book_id, payment_id, receiving_account_id, lacking, created_at, expires_at)
  SELECT book_id, payment_id, receiving_account_id, asked - waived - received, created_at, CASE WHEN state IN (0, 1) THEN expires_at END
  FROM payment_request WHERE state IN (0, 1, 2, 3);
-- A transfer without a code asks for the one that lacks its amount.
CREATE INDEX open_request_lacking_idx ON open_request (book_id, receiving_account_id, lacking, created_at);
CREATE INDEX open_request_expiry_idx ON open_request (expires_at) WHERE expires_at IS NOT NULL;
DROP INDEX payment_request_lacking_idx;
DROP INDEX payment_request_expiry_idx;

-- A row is written twice in its life, when it is asked for and when it is paid: the second finds its room beside the first.
ALTER TABLE payment_request SET (fillfactor = 50, autovacuum_analyze_scale_factor = 1.0, autovacuum_analyze_threshold = 500);
ALTER TABLE open_request SET (autovacuum_analyze_scale_factor = 1.0, autovacuum_analyze_threshold = 500);
ALTER TABLE rail_inbox SET (autovacuum_analyze_scale_factor = 1.0, autovacuum_analyze_threshold = 500,
                            autovacuum_vacuum_insert_scale_factor = 1.0);
ALTER TABLE rail_match SET (autovacuum_analyze_scale_factor = 1.0, autovacuum_analyze_threshold = 500,
                            autovacuum_vacuum_insert_scale_factor = 1.0);
ALTER TABLE bank_credit SET (autovacuum_analyze_scale_factor = 1.0, autovacuum_analyze_threshold = 500,
                             autovacuum_vacuum_insert_scale_factor = 1.0);
ALTER TABLE event SET (autovacuum_analyze_scale_factor = 1.0, autovacuum_analyze_threshold = 500,
                       autovacuum_vacuum_insert_scale_factor = 1.0);
