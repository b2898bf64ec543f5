-- An id names one transfer of its writer's books, not one in each book: open parts are unique over the id alone. A client that
-- sends the same transfer to another book by mistake is told so, however long ago the first was. Sealed parts, which take no
-- more rows, are found through the hash of the id and stay as they are.
-- Locks: writes to the open parts for as long as their index takes (a second a million rows). Back: make the index over
-- (book_id, transfer_id) again.
DO $$
DECLARE
  part_name text;
BEGIN
  FOR part_name IN SELECT 'journal_p' || lpad(part::text, 8, '0') FROM journal_part WHERE state < 3 ORDER BY part LOOP
    IF to_regclass(part_name) IS NOT NULL THEN
      EXECUTE format('DROP INDEX IF EXISTS %I', part_name || '_transfer_idx');
      EXECUTE format('CREATE UNIQUE INDEX %I ON %I (transfer_id)', part_name || '_transfer_idx', part_name);
    END IF;
  END LOOP;
END
$$;
