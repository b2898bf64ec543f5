-- A book of the general kind is whose who made it: a person's, or that of the key that made it and of the keys that were made to
-- stand beside it or to take its place. Books made before this belong to nobody in particular and stay open to all who may
-- post at all. Lists of such books go by their numbers, of one owner or all.
-- Locks: book and api_key for an instant. Back: drop the columns and the indexes; every book is everybody's again.

ALTER TABLE book ADD COLUMN owner_id uuid;  -- a user's or a key's; NULL: nobody's in particular
CREATE INDEX book_general_idx ON book (book_id) WHERE kind = 3;
CREATE INDEX book_owner_idx ON book (owner_id, book_id) WHERE kind = 3;

ALTER TABLE api_key ADD COLUMN owner_id uuid;  -- whose books it finds: a user, or the first of the keys that share theirs
UPDATE api_key SET owner_id = key_id;
ALTER TABLE api_key ALTER COLUMN owner_id SET NOT NULL;
