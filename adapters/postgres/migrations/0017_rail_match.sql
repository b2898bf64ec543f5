-- A notification is durable before anybody asks what it means. rail_inbox keeps it as it came and as it was read, once for each
-- time a rail says something new; rail_match says what it turned out to be. bank_credit says by which rule, and on which characters
-- of the memo, a transfer was taken to belong to a request.
-- Locks: rail_inbox, bank_credit and payment_request against writing, for as long as it takes to read the first two. Back: none;
-- what was kept and not matched yet would be forgotten.

ALTER TABLE rail_inbox
  ADD COLUMN told_key        bytea,              -- of what was said; NULL for what was kept before this migration
  ADD COLUMN provider_id     text        NOT NULL DEFAULT '',
  ADD COLUMN direction       smallint    NOT NULL DEFAULT 1,   -- 1 in, 2 out
  ADD COLUMN amount          bigint      NOT NULL DEFAULT 0,
  ADD COLUMN booked_at       timestamptz NOT NULL DEFAULT '1970-01-01 00:00+00',
  ADD COLUMN account_number  text        NOT NULL DEFAULT '',
  ADD COLUMN virtual_account text        NOT NULL DEFAULT '',
  ADD COLUMN bank_reference  text        NOT NULL DEFAULT '',
  ADD COLUMN narrative       text        NOT NULL DEFAULT '',
  ADD COLUMN payer_name      text        NOT NULL DEFAULT '',
  ADD COLUMN payer_account   text        NOT NULL DEFAULT '',
  ADD COLUMN payer_bank      text        NOT NULL DEFAULT '',
  ADD COLUMN provider_order  text        NOT NULL DEFAULT '',
  ADD COLUMN order_code      text        NOT NULL DEFAULT '',
  ADD COLUMN balance         bigint,             -- of the account after this transfer, where the rail tells it
  ADD COLUMN repeats         integer     NOT NULL DEFAULT 0;   -- times the same was told again
CREATE UNIQUE INDEX rail_inbox_told_key ON rail_inbox (book_id, rail_account_id, told_key);
-- Rows lie in the order they arrived in.
CREATE INDEX rail_inbox_arrival_idx ON rail_inbox USING brin (received_at) WITH (pages_per_range = 16, autosummarize = on);
-- In the order the bank booked it, for whoever looks for what is missing between two balances.
CREATE INDEX rail_inbox_balance_idx ON rail_inbox (book_id, rail_account_id, account_number, booked_at) WHERE balance IS NOT NULL;

CREATE TABLE rail_match (
  book_id    bigint      NOT NULL,
  inbox_id   uuid        NOT NULL,
  outcome    text        NOT NULL,   -- qr_pay::InboxOutcome
  credit_id  uuid,
  matched_at timestamptz NOT NULL,
  CONSTRAINT rail_match_pkey PRIMARY KEY (book_id, inbox_id)
);
INSERT INTO rail_match (book_id, inbox_id, outcome, credit_id, matched_at)
  SELECT book_id, inbox_id, outcome, credit_id, received_at FROM rail_inbox;
-- Which rails told of a credit again. Only repeats are in it, so a first notification costs nothing more.
CREATE INDEX rail_match_retold_idx ON rail_match (book_id, credit_id) WHERE outcome IN ('repeated', 'linked');
-- What is asked again.
CREATE INDEX rail_match_later_idx ON rail_match (matched_at) WHERE outcome IN ('unknown_account', 'series_exhausted');
-- What a person has to look at.
CREATE INDEX rail_match_differs_idx ON rail_match (book_id, matched_at) WHERE outcome = 'differs';
DROP INDEX rail_inbox_retold_idx;
DROP INDEX rail_inbox_time_idx;
ALTER TABLE rail_inbox DROP COLUMN outcome, DROP COLUMN credit_id;

-- All that was kept before this moment is matched: where the search for what is not begins. No row: at the beginning.
CREATE TABLE rail_sweep (
  only_row      boolean     NOT NULL DEFAULT true,
  matched_until timestamptz NOT NULL,
  CONSTRAINT rail_sweep_pkey PRIMARY KEY (only_row),
  CONSTRAINT rail_sweep_one_row CHECK (only_row)
);

ALTER TABLE bank_credit
  ADD COLUMN inbox_id      uuid,                            -- the notification that told it first
  ADD COLUMN match_rule    smallint NOT NULL DEFAULT 0,     -- qr_pay::MatchRule; 0: decided before rules were noted
  ADD COLUMN match_from    integer  NOT NULL DEFAULT 0,     -- characters of the narrative the rule fired on
  ADD COLUMN match_length  integer  NOT NULL DEFAULT 0,
  ADD COLUMN match_version smallint NOT NULL DEFAULT 1;
-- What another rail may have told already has the same words too.
DROP INDEX bank_credit_alike_idx;
CREATE INDEX bank_credit_alike_idx ON bank_credit (book_id, receiving_account_id, amount, hashtext(squeezed), booked_at);

-- The account a provider gave out for one request alone.
ALTER TABLE payment_request ADD COLUMN virtual_account text NOT NULL DEFAULT '';
CREATE UNIQUE INDEX payment_request_virtual_account_key ON payment_request (book_id, virtual_account) WHERE virtual_account <> '';
-- Open requests by what they still lack: a transfer without a code asks for the one that lacks its amount.
CREATE INDEX payment_request_lacking_idx ON payment_request (book_id, receiving_account_id, (asked - waived - received))
  WHERE state IN (0, 1, 2, 3);
DROP INDEX payment_request_open_idx;
