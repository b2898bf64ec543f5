-- How far the money of each rail account is known: when its provider was last heard, until when its list was read.
-- Locks: rail_inbox against nothing; it is read once. Back: drop the table.

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
