-- A rail account may have two secrets for a while: the current one and the one it replaces, so that a provider's page and ours
-- need not be changed in the same second. Both are sealed with the installation's key.
-- Locks: rail_account for an instant. Back: drop the columns; the secrets of before are gone, the current ones stay.

ALTER TABLE rail_account
  ADD COLUMN version bigint NOT NULL DEFAULT 1,
  ADD COLUMN changed_at timestamptz,              -- NULL: never
  ADD COLUMN secret_since timestamptz,            -- since when the current one counts; NULL: since the account was made
  ADD COLUMN previous_secret bytea,               -- the one of before; NULL where there is none, or it has been ended
  ADD COLUMN previous_until timestamptz,          -- it counts before this moment
  ADD CONSTRAINT rail_account_previous_whole CHECK ((previous_secret IS NULL) = (previous_until IS NULL));
COMMENT ON COLUMN rail_account.rail IS 'The name of a file in adapters/rails/providers: payos, vietqr, sepay, …';
