-- Amounts on their way from one book to another (ledger/between_books.h).
-- Locks: none, both tables are new. Back: drop the tables when nothing is under way; the journals say what was moved.

-- Written in the book it leaves, with the hold; ended with the hold's end.
CREATE TABLE between_books (
  book_id        bigint      NOT NULL,
  movement_id    uuid        NOT NULL,  -- of the hold, towards the transit account -to_book
  seq            bigint      NOT NULL,  -- of the hold
  credit_account bigint      NOT NULL,  -- in book_id
  to_book        bigint      NOT NULL,
  debit_account  bigint      NOT NULL,  -- in to_book
  amount         bigint      NOT NULL,
  code           smallint    NOT NULL,
  reference      text        NOT NULL,
  event_at       timestamptz NOT NULL,
  state          smallint    NOT NULL,  -- 1 under way, 2 posted, 3 refused
  reason         text,                  -- refused: the code of why
  arrived_seq    bigint,                -- posted: in the journal of to_book
  CONSTRAINT between_books_pkey PRIMARY KEY (book_id, movement_id),
  CONSTRAINT between_books_two_books CHECK (book_id <> to_book),
  CONSTRAINT between_books_amount_positive CHECK (amount > 0),
  CONSTRAINT between_books_state_told CHECK ((state = 1 AND reason IS NULL AND arrived_seq IS NULL)
                                          OR (state = 2 AND reason IS NULL AND arrived_seq IS NOT NULL)
                                          OR (state = 3 AND reason IS NOT NULL AND arrived_seq IS NULL))
);
CREATE INDEX between_books_under_way_idx ON between_books (book_id, seq) WHERE state = 1;

-- Written in the book it goes to, once for ever: with the transfer that arrives, or instead of it.
CREATE TABLE between_books_decision (
  book_id     bigint NOT NULL,
  from_book   bigint NOT NULL,
  movement_id uuid   NOT NULL,
  turned_away text,             -- the code of why; NULL: it has arrived
  CONSTRAINT between_books_decision_pkey PRIMARY KEY (book_id, from_book, movement_id)
);
