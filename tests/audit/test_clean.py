"""Nothing is found in a right ledger, and the audit is what it promises to an outsider."""
import json
import subprocess
import unittest

from database import AUDIT, ROOT, Database, psql
from ledger import busy_ledger


class Clean(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.ledger = busy_ledger(seed=1, batches=220)
        cls.database = Database().migrate()
        cls.addClassCleanup(cls.database.drop)
        cls.ledger.save(cls.database)

    def test_the_ledger_has_everything(self):
        """What never occurs is never checked."""
        rows = self.ledger.rows
        self.assertGreater(len(rows), 3000)
        self.assertEqual({row["kind"] for row in rows}, {1, 2, 3, 4, 5})
        self.assertEqual({hold["state"] for hold in self.ledger.holds.values()}, {1, 2, 3, 4})
        self.assertTrue(any(hold["posted_amount"] not in (0, hold["amount"]) for hold in self.ledger.holds.values()), "part of a hold posted")
        closings = [(row["kind"], row["flags"]) for row in rows if row["flags"] >= 4]
        self.assertLessEqual({(1, 4), (2, 8), (3, 8), (4, 8), (5, 8)}, set(closings))
        self.assertTrue(any(account.closed for book in self.ledger.books.values() for account in book.values()))
        self.assertTrue(any(row["amount"] == 0 for row in rows), "a closing of nothing")
        self.assertEqual([part["state"] for part in self.ledger.parts], [3, 3, 3, 1])
        self.assertTrue(all(len(tree.leaves) > 2 * 256 for tree in self.ledger.trees.values()))

    def test_nothing_is_found(self):
        self.assertEqual(self.database.faults(), [])

    def test_a_ledger_without_rows_is_clean(self):
        with Database() as empty:
            self.assertEqual(empty.migrate().faults(), [])

    def test_rows_after_the_newest_head_are_no_fault(self):
        ledger = busy_ledger(seed=2, batches=12, book_count=2)
        ledger.post(1, 18, 19, 5)
        ledger.commit(head=False)
        with Database() as database:
            ledger.save(database.migrate())
            self.assertEqual(database.faults(), [])

    def test_an_installation_without_heads_is_clean(self):
        with self.database.copy() as database:
            database.run("DELETE FROM ledger_head; DELETE FROM merkle_node")
            self.assertEqual(database.faults(), [])

    def test_a_login_that_may_only_read_is_enough(self):
        role = f"{self.database.name}_reader"
        psql(self.database.url, f"CREATE ROLE {role}; GRANT pg_read_all_data TO {role}")
        try:
            code, _ = self.database.audit(url=f"{self.database.url} options='-c role={role}'")
            self.assertEqual(code, 0)
        finally:
            psql(self.database.url, f"DROP ROLE {role}")

    def test_exit_codes(self):
        def code(*arguments, environment=None):
            return subprocess.run([AUDIT, *arguments], capture_output=True, check=False, env=environment).returncode

        self.assertEqual(code("--no-such-option"), 2)
        self.assertEqual(code("one", "two"), 2)
        self.assertEqual(code(environment={"PATH": "/usr/bin:/bin"}), 2)
        self.assertEqual(code("host=/nonexistent dbname=nothing"), 3)
        self.assertEqual(code(f"{self.database.server} dbname=postgres"), 3, "a database without a ledger")
        self.assertEqual(code(environment={"PATH": "/usr/bin:/bin", "CHO40_DATABASE_URL": self.database.url}), 0)

    def test_json_and_table_say_the_same(self):
        with self.database.copy() as database:
            database.run("DELETE FROM event WHERE book_id = 2 AND seq = 3; UPDATE hold SET reference = E'a\\tb\\n\"c\"\\\\' WHERE state = 1")
            code, output = database.audit("--json")
            report = json.loads(output)
            told = database.audit()[1]
            self.assertEqual(code, 1)
            self.assertEqual({fault["fault"] for fault in report["faults"]}, {"event_gap", "hold_changed"})
            for fault in report["faults"]:
                self.assertIn(fault["fault"], told)
                self.assertIn(fault["found"], told)
            self.assertIn(f"{len(report['faults'])} faults", told)

    def test_every_fault_is_explained(self):
        """docs/auditing.md has a row for each name a check can say, and for no other."""
        names = []
        for path in sorted((ROOT / "deploy/audit/checks").glob("*.sql")):
            for line in path.read_text(encoding="utf-8").splitlines():
                if line.startswith("-- check: "):
                    names += line.removeprefix("-- check: ").split(", ")
        explained = [line.split("`")[1] for line in (ROOT / "docs/auditing.md").read_text(encoding="utf-8").splitlines()
                     if line.startswith("| `")]
        self.assertEqual(sorted(explained), sorted(names))


if __name__ == "__main__":
    unittest.main()
