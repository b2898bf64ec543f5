-- Which rails told of a credit again, for the pages that show where money was heard of. Only repeats are in it, so the way
-- of a first notification costs nothing more.
-- Locks: rail_inbox against writing while the index is built. Back: drop the index.
CREATE INDEX rail_inbox_retold_idx ON rail_inbox (book_id, credit_id) WHERE outcome IN ('repeated', 'linked');
