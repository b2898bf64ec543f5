-- People, machines, what they may do, and what they did.
-- Locks: none, all tables are new. Back: drop the tables.

-- Reference tables: small, read often, written rarely; no book_id.
CREATE TABLE app_user (
  user_id       uuid        NOT NULL,
  login         text        NOT NULL,   -- lower case
  name          text        NOT NULL,
  password_hash text        NOT NULL,   -- Argon2id, parameters inside
  disabled      boolean     NOT NULL DEFAULT false,
  failed_tries  integer     NOT NULL DEFAULT 0,
  locked_until  timestamptz,
  created_at    timestamptz NOT NULL,
  CONSTRAINT app_user_pkey PRIMARY KEY (user_id),
  CONSTRAINT app_user_login_key UNIQUE (login)
);

-- A role holds for one place: a stall, a market, an agency, a tax office; the nil UUID means the whole province.
CREATE TABLE role_grant (
  user_id    uuid        NOT NULL,
  role       text        NOT NULL,
  scope_id   uuid        NOT NULL,
  granted_at timestamptz NOT NULL,
  granted_by uuid        NOT NULL,
  CONSTRAINT role_grant_pkey PRIMARY KEY (user_id, role, scope_id),
  CONSTRAINT role_grant_user_fkey FOREIGN KEY (user_id) REFERENCES app_user (user_id),
  CONSTRAINT role_grant_role_known CHECK (role IN ('vendor', 'vendor_staff', 'market_board', 'agency', 'tax_officer', 'operator'))
);

CREATE TABLE sign_in (
  token_hash bytea       NOT NULL,      -- SHA-256 of the cookie's value; the value itself is stored nowhere
  sign_in_id uuid        NOT NULL,
  user_id    uuid        NOT NULL,
  csrf_token text        NOT NULL,
  created_at timestamptz NOT NULL,
  seen_at    timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  ended_at   timestamptz,
  CONSTRAINT sign_in_pkey PRIMARY KEY (token_hash),
  CONSTRAINT sign_in_user_fkey FOREIGN KEY (user_id) REFERENCES app_user (user_id)
);
CREATE INDEX sign_in_expiry_idx ON sign_in (expires_at);
CREATE INDEX sign_in_user_idx ON sign_in (user_id);

CREATE TABLE api_key (
  key_id     uuid        NOT NULL,
  key_hash   bytea       NOT NULL,      -- keyed hash of the whole key
  name       text        NOT NULL,
  mode       text        NOT NULL,
  scopes     text[]      NOT NULL,
  scope_id   uuid        NOT NULL,      -- the place it may act for; nil: the whole province
  created_at timestamptz NOT NULL,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  CONSTRAINT api_key_pkey PRIMARY KEY (key_id),
  CONSTRAINT api_key_hash_key UNIQUE (key_hash),
  CONSTRAINT api_key_mode_known CHECK (mode IN ('live', 'test'))
);

-- Book tables from here on: book_id first, every key contains it.

-- Who did and who looked. Only ever inserted.
CREATE TABLE audit_entry (
  book_id    bigint      NOT NULL,      -- 0: nothing to do with a book
  audit_id   uuid        NOT NULL,
  at         timestamptz NOT NULL,
  actor_kind text        NOT NULL,      -- user, key, rail, system
  actor_id   uuid        NOT NULL,      -- nil: the system, or somebody unknown
  actor_role text        NOT NULL,      -- the role it was done in; empty for machines
  act        text        NOT NULL,      -- operation id, for example payments.create; or: looked
  target_kind text       NOT NULL,      -- prefix of the id at the edge: pay, ntc, usr; empty: nothing
  target     uuid        NOT NULL,
  outcome    text        NOT NULL,      -- done, or the code of the refusal
  request_id text        NOT NULL,
  details    jsonb       NOT NULL,
  CONSTRAINT audit_entry_pkey PRIMARY KEY (book_id, audit_id)
);
CREATE INDEX audit_entry_target_idx ON audit_entry (book_id, target, audit_id);
CREATE INDEX audit_entry_actor_idx ON audit_entry (book_id, actor_id, audit_id);
CREATE INDEX audit_entry_time_idx ON audit_entry (audit_id);  -- ids sort by time: the list over all books, newest first

-- The answer given under an Idempotency-Key, written together with the effect it tells of. After 72 hours the body is
-- emptied and the row is a tombstone; after 400 days it is deleted.
CREATE TABLE idempotency (
  book_id      bigint      NOT NULL,
  principal    uuid        NOT NULL,
  key          text        NOT NULL,
  fingerprint  bytea       NOT NULL,
  status       integer     NOT NULL,
  content_type text        NOT NULL,
  location     text        NOT NULL,
  etag         text        NOT NULL,
  body         bytea       NOT NULL,
  resource_kind text       NOT NULL,
  resource     uuid        NOT NULL,
  created_at   timestamptz NOT NULL,
  replays      integer     NOT NULL DEFAULT 0,  -- a replay writes, so that its answer is as durable as the first
  CONSTRAINT idempotency_pkey PRIMARY KEY (book_id, principal, key)
);
CREATE INDEX idempotency_principal_idx ON idempotency (principal, key);
CREATE INDEX idempotency_age_idx ON idempotency (created_at);
