-- What people do with breaks: who has one, what is proposed, every act in order; and how much each person may approve.
-- Locks: recon_break for the moment of adding columns, and once more while its rows get their largest amount.
-- Back: drop the two tables and the columns.

ALTER TABLE recon_break
  ADD COLUMN acts     bigint NOT NULL DEFAULT 0,    -- of recon_break_act; what people read before they act
  ADD COLUMN at_stake bigint NOT NULL DEFAULT 0,    -- the largest amount in question; approvers have limits
  ADD COLUMN assignee uuid,
  ADD COLUMN proposal jsonb,                        -- what is to be approved, or what was
  ADD COLUMN cause    text   NOT NULL DEFAULT '';   -- of break-causes
UPDATE recon_break SET at_stake = greatest(abs(delta),
  coalesce((SELECT max(abs((m->'amount'->>'amount')::bigint)) FROM jsonb_array_elements(members) AS m), 0));
CREATE INDEX recon_break_open_idx ON recon_break (opened_at, break_id) WHERE state NOT IN ('RESOLVED', 'WRITTEN_OFF', 'AUTO_RESOLVED');

-- Only ever inserted. Acts of the machine have the nil person: found_again, figures_changed, closed_by_data.
CREATE TABLE recon_break_act (
  book_id         bigint      NOT NULL,
  break_id        uuid        NOT NULL,
  number          bigint      NOT NULL,   -- from 1
  verb            text        NOT NULL,
  by              uuid        NOT NULL,
  at              timestamptz NOT NULL,
  from_state      text        NOT NULL,
  to_state        text        NOT NULL,
  reason          text        NOT NULL DEFAULT '',
  resolution      text        NOT NULL DEFAULT '',
  cause           text        NOT NULL DEFAULT '',
  assignee        uuid,
  evidence_name   text        NOT NULL DEFAULT '',
  evidence_sha256 bytea,
  run             uuid,                   -- of an act of the machine: the run whose files say so
  before          jsonb       NOT NULL,   -- the standing before, for undoing
  CONSTRAINT recon_break_act_pkey PRIMARY KEY (book_id, break_id, number)
);

-- Of people, not of a book. Who has no row approves what the configuration allows everybody.
CREATE TABLE approval_limit (
  user_id uuid        NOT NULL,
  amount  bigint      NOT NULL,
  set_by  uuid        NOT NULL,
  set_at  timestamptz NOT NULL,
  CONSTRAINT approval_limit_pkey PRIMARY KEY (user_id),
  CONSTRAINT approval_limit_user_fkey FOREIGN KEY (user_id) REFERENCES app_user (user_id)
);
