-- Fee schedules that people hand in beside the one of the program: one proposes, another one decides. The files are kept whole,
-- with the file each was compared with, so that what was decided can be read again word by word years later.
-- Locks: none, the table is new. Back: drop the table; the program's own schedule is in force then.

CREATE TABLE fee_schedule (
  book_id           bigint      NOT NULL,   -- 0: nothing to do with a book
  schedule_id       uuid        NOT NULL,
  csv               bytea       NOT NULL,
  digest            bytea       NOT NULL,   -- SHA-256 of it
  base_csv          bytea       NOT NULL,   -- what was in force when it was handed in
  base_digest       bytea       NOT NULL,
  base_number       bigint      NOT NULL,   -- its number; 0: the program's own
  row_count         bigint      NOT NULL,
  note              text        NOT NULL,
  state             smallint    NOT NULL,   -- fees::ScheduleState: 1 proposed, 2 approved, 3 refused
  number            bigint,                 -- of an approved one: 1 for the first. The highest is in force
  proposed_by       uuid        NOT NULL,   -- user or API key
  proposed_by_owner uuid        NOT NULL,   -- the person behind it
  proposed_at       timestamptz NOT NULL,
  decided_by        uuid,
  decided_at        timestamptz,
  reason            text        NOT NULL DEFAULT '',   -- of a refusal
  version           bigint      NOT NULL,
  CONSTRAINT fee_schedule_pkey PRIMARY KEY (book_id, schedule_id),
  CONSTRAINT fee_schedule_number_key UNIQUE (book_id, number),
  CONSTRAINT fee_schedule_approved_has_number CHECK ((state = 2) = (number IS NOT NULL)),
  CONSTRAINT fee_schedule_decided_whole CHECK ((state = 1) = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL)),
  CONSTRAINT fee_schedule_two_people CHECK (decided_by IS NULL OR decided_by NOT IN (proposed_by, proposed_by_owner))
);
