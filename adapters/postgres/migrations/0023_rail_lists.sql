-- How far the money of each rail account is known: when its provider was last heard, until when its list was read; the reading of
-- lists, so that what was not told is asked for; and where balances say that something was told by nobody.
-- Locks: rail_account for an instant; rail_inbox against writing while it is read once and an index is made of the rows with a
-- balance. Back: drop the tables, the columns and the index.

-- One row for each rail account, written every few seconds while something is heard, never once for each notification.
CREATE TABLE rail_heartbeat (
  book_id         bigint      NOT NULL,
  rail_account_id uuid        NOT NULL,
  heard_at        timestamptz,           -- the provider's last authentic message came
  listed_at       timestamptz,           -- the last reading of its list that came to the end was begun
  CONSTRAINT rail_heartbeat_pkey PRIMARY KEY (book_id, rail_account_id)
);
INSERT INTO rail_heartbeat (book_id, rail_account_id, heard_at)
  SELECT book_id, rail_account_id, max(received_at) FROM rail_inbox GROUP BY book_id, rail_account_id;

-- The provider's list call. The key is sealed like the other secrets; without one the list is not read.
ALTER TABLE rail_account
  ADD COLUMN list_url text,
  ADD COLUMN list_key bytea,
  ADD CONSTRAINT rail_account_list_whole CHECK ((list_url IS NULL) = (list_key IS NULL));

-- Readings of a provider's list, and how far each has come. It is moved only after what was read is durable.
CREATE TABLE rail_reading (
  book_id         bigint      NOT NULL,
  reading_id      uuid        NOT NULL,   -- of the polling derived from the rail account
  rail_account_id uuid        NOT NULL,
  purpose         smallint    NOT NULL,   -- stores::RailReading::Purpose
  state           smallint    NOT NULL,   -- 1 to do, 2 done
  from_time       timestamptz NOT NULL,   -- what was booked from here on is wanted
  to_time         timestamptz,            -- up to here; NULL: up to the moment it is asked for
  place           text        NOT NULL DEFAULT '',   -- where in the window to go on, in the rail's own words; '' at its beginning
  begun_at        timestamptz,            -- the window's first page was asked for
  due_at          timestamptz NOT NULL,   -- not before
  turn_until      timestamptz NOT NULL DEFAULT '-infinity',  -- an instance is at it; past: it ended, or the instance did
  failures        integer     NOT NULL DEFAULT 0,    -- since the last answer that could be read
  last_error      text        NOT NULL DEFAULT '',
  lines_read      bigint      NOT NULL DEFAULT 0,
  lines_new       bigint      NOT NULL DEFAULT 0,
  lines_known     bigint      NOT NULL DEFAULT 0,
  lines_unreadable bigint     NOT NULL DEFAULT 0,
  created_at      timestamptz NOT NULL,
  finished_at     timestamptz,
  CONSTRAINT rail_reading_pkey PRIMARY KEY (book_id, reading_id)
);
CREATE INDEX rail_reading_due_idx ON rail_reading (due_at) WHERE state = 1;
CREATE INDEX rail_reading_id_idx ON rail_reading (reading_id);

-- Where balances say that a transfer between two known ones was told by nobody. Found in rail_inbox; closed when what was missing came,
-- or a person said why nothing will.
CREATE TABLE rail_gap (
  book_id         bigint      NOT NULL,
  gap_id          uuid        NOT NULL,   -- derived from the account and the two transfers around it
  rail_account_id uuid        NOT NULL,
  account_number  text        NOT NULL,   -- the bank account
  last_provider_id  text      NOT NULL,   -- the known transfer before the gap, and the balance after it
  last_booked_at  timestamptz NOT NULL,
  last_balance    bigint      NOT NULL,
  first_provider_id text      NOT NULL,   -- the known transfer after the gap, and the balance before it
  first_booked_at timestamptz NOT NULL,
  first_balance   bigint      NOT NULL,
  missing         bigint      NOT NULL,   -- first_balance - last_balance; below zero is money that went out
  opened_at       timestamptz NOT NULL,
  closed_at       timestamptz,
  closed_by       text        NOT NULL DEFAULT '',   -- filled, explained
  explanation     text        NOT NULL DEFAULT '',
  version         bigint      NOT NULL DEFAULT 1,
  CONSTRAINT rail_gap_pkey PRIMARY KEY (book_id, gap_id),
  CONSTRAINT rail_gap_closed_whole CHECK ((closed_at IS NULL) = (closed_by = ''))
);
CREATE INDEX rail_gap_open_idx ON rail_gap (book_id, rail_account_id, account_number) WHERE closed_at IS NULL;
CREATE INDEX rail_gap_account_idx ON rail_gap (book_id, account_number, first_booked_at);

-- What came with a balance since the last look; rails that tell none have nothing in it.
CREATE INDEX rail_inbox_balance_news_idx ON rail_inbox (received_at) WHERE balance IS NOT NULL;

-- Which instance looks for gaps at the moment, and until when it does.
CREATE TABLE rail_gap_watch (
  only_row   boolean     NOT NULL DEFAULT true,
  turn_until timestamptz NOT NULL,
  looked_until timestamptz NOT NULL,      -- at all that came before, and its grace is over
  CONSTRAINT rail_gap_watch_pkey PRIMARY KEY (only_row),
  CONSTRAINT rail_gap_watch_one_row CHECK (only_row)
);
INSERT INTO rail_gap_watch (turn_until, looked_until) VALUES ('-infinity', now());
