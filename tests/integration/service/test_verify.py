"""`cho40 ledger verify` against somebody who writes to the database behind the service's back, with all rights but the key."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest
import uuid

from service import Database, Service
from test_ledger import money, transfer_id


class Verify(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.database = Database()
        cls.addClassCleanup(cls.database.drop)
        cls.service = Service(os.environ["CHO40_BIN"], cls.database)
        cls.addClassCleanup(cls.service.stop)
        key = cls.service.make_key("ledger:write")

        def post(path, body):
            answer = cls.service.send("POST", path, body, {"Authorization": f"Bearer {key}", "Content-Type": "application/json",
                                                           "Idempotency-Key": uuid.uuid4().hex})
            if answer.status not in (200, 201):
                raise RuntimeError(answer)
            return answer.json

        cls.book = post("/v1/ledger/books", {"name": "Sổ thử"})["book"]
        post(f"/v1/ledger/books/{cls.book}/accounts", {"accounts": [{"number": n} for n in (1, 2, 3)]})

        def transfer(**more):
            line = {"id": transfer_id(), "debit": 1, "credit": 2, "amount": money(1000), **more}
            post("/v1/ledger/transfers", {"book": cls.book, **line})
            return line["id"]

        transfer()
        transfer(kind="pending", amount=money(500))
        cls.database.wait_until("(SELECT max(size) FROM ledger_head) = 2")
        transfer(debit=3, flags=["closing_debit"])
        transfer()
        cls.database.wait_until("(SELECT max(size) FROM ledger_head) = 4")
        published = cls.service.send("GET", "/.well-known/cho40-ledger-key")
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.key_file = pathlib.Path(folder.name, "key.json")
        cls.key_file.write_text(published.text)
        cls.service.stop()
        cls.database.connect_again()  # a database somebody is connected to cannot be copied

    def verify(self, *options, **environment):
        done = subprocess.run([self.service.programs / "cho40", "ledger", "verify", "--json", *options], capture_output=True, text=True, check=False,
                              env={**self.service.environment, **environment}, cwd=tempfile.gettempdir())
        self.assertIn(done.returncode, (0, 1), done.stderr)
        report = json.loads(done.stdout)
        self.assertEqual(report["ok"], done.returncode == 0)
        return report, done.stderr

    def test_right_books(self):
        report, _ = self.verify()
        self.assertEqual((report["ok"], report["rows"]), (True, 4))
        self.assertGreater(report["heads"], 0)
        self.assertEqual(report["signatures"], report["heads"])

    def test_without_a_key_it_says_that_signatures_were_not_checked(self):
        report, said = self.verify(CHO40_INSTALLATION_KEY="")
        self.assertEqual((report["ok"], report["signatures"]), (True, 0))
        self.assertIn("were not checked", said)

    def test_heads_of_a_key_of_before_need_that_key(self):
        report, _ = self.verify(CHO40_INSTALLATION_KEY="b7" * 32)
        self.assertEqual(report["fault"]["law"], "chain_intact")
        self.assertIn("none that we know", report["fault"]["what"])
        report, _ = self.verify("--key", str(self.key_file), CHO40_INSTALLATION_KEY="b7" * 32)
        self.assertEqual((report["ok"], report["signatures"]), (True, report["heads"]))

    def test_what_was_planted_is_named(self):
        newest = f"book_id = {self.book} AND size = 4"
        for name, sql, law in (
            ("a hold given back", "UPDATE hold SET state = 3", "held_plus_available"),
            ("a hold that holds more", "UPDATE hold SET amount = amount + 1", "held_plus_available"),
            ("a hold thrown away", "DELETE FROM hold", "held_plus_available"),
            ("an account closed", "UPDATE account SET closed = true WHERE account_no = 2", "closed_stays_closed"),
            ("an account opened again", "UPDATE account SET closed = false WHERE account_no = 3", "closed_stays_closed"),
            ("an amount", "UPDATE journal SET amount = amount + 1 WHERE seq = 4", "balances_match_entries"),
            ("a reference", "UPDATE journal SET reference = 'X' WHERE seq = 4", "chain_intact"),
            ("the newest row", "DELETE FROM journal WHERE seq = 4", "chain_intact"),
            ("a head of another key", f"UPDATE ledger_head SET key_id = '\\x0102030405060708' WHERE {newest}", "chain_intact"),
            ("a head signed by nobody", f"UPDATE ledger_head SET signature = decode(repeat('ab', 64), 'hex') WHERE {newest}", "chain_intact"),
            ("the newest head", f"DELETE FROM ledger_head WHERE {newest}; UPDATE ledger_pulse SET beat_at = now() + interval '1 hour'", "rows_signed"),
            ("all heads", "DELETE FROM ledger_head; UPDATE ledger_pulse SET beat_at = now() + interval '1 hour'", "rows_signed"),
        ):
            with self.subTest(name):
                # A copy, so that each deed stands alone.
                copy = f"{self.database.name}_copy"
                server = f"{self.database.server} dbname=postgres"
                Database._psql(server, f"CREATE DATABASE {copy} TEMPLATE {self.database.name}")
                try:
                    url = f"{self.database.server} dbname={copy}"
                    Database._psql(url, sql)
                    report, _ = self.verify(CHO40_DATABASE_URL=url)
                finally:
                    Database._psql(server, f"DROP DATABASE {copy} WITH (FORCE)")
                self.assertEqual(report.get("fault", {}).get("law"), law, report)


if __name__ == "__main__":
    unittest.main()
