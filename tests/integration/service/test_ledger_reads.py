"""The ledger as it is read over HTTP and by the command line: balances, entries, statements, lists, and the live journal."""
import csv
import io
import json
import subprocess
import tempfile
import unittest
import urllib.parse

import shared
from service import Stream, reference


class LedgerReads(unittest.TestCase):
    """Sales of one market; what is read must add up to what was sold."""

    @classmethod
    def setUpClass(cls):
        cls.service = shared.service()
        cls.key = cls.service.make_key("ledger:read")
        cls.market = shared.market()
        cls.sold = [1000 * i for i in range(1, 8)]
        for amount in cls.sold:
            cls.sell(amount)
        database = cls.service.database
        cls.book = database.value("SELECT book_id FROM journal ORDER BY recorded_at DESC, seq DESC LIMIT 1")
        cls.account = int(database.value(f"SELECT debit_account FROM journal WHERE book_id = {cls.book} ORDER BY seq DESC LIMIT 1"))

    @classmethod
    def sell(cls, amount):
        payment = cls.market.ask(amount)
        cls.market.pay_by_payos(payment["reference"], amount, reference())

    def get(self, path, key=None, **query):
        text = "?" + urllib.parse.urlencode(query) if query else ""
        headers = {"Authorization": "Bearer " + (key or self.key), "Accept-Language": "en"}
        return self.service.send("GET", f"/v1/ledger/books/{self.book}{path}{text}", None, headers)

    def must(self, answer, status=200):
        self.assertEqual(answer.status, status, answer)
        return answer.json

    @property
    def total(self):
        return int(self.service.database.value(f"SELECT sum(amount) FROM ledger_entry WHERE book_id = {self.book} AND account_no = {self.account}"))

    def pages(self, path, **query):
        rows, answer = [], self.must(self.get(path, limit=3, **query))
        while True:
            rows += answer["data"]
            if not answer["page"]["has_more"]:
                return rows
            answer = self.must(self.get(path, limit=3, cursor=answer["page"]["next"], **query))

    def test_a_balance_now_and_at_an_instant(self):
        now = self.must(self.get(f"/accounts/{self.account}"))
        self.assertEqual(now["posted"]["amount"], self.total)
        self.assertEqual(now["credits_held"]["amount"], 0)
        entries = self.pages(f"/accounts/{self.account}/entries", order="seq.asc")
        for by in ("recorded", "event"):
            before = self.must(self.get(f"/accounts/{self.account}", at="2026-01-01T00:00:00Z", by=by))
            self.assertEqual(before["posted"]["amount"], 0)
            after = self.must(self.get(f"/accounts/{self.account}", at="2100-01-01T00:00:00Z", by=by))
            self.assertEqual(after["posted"]["amount"], entries[-1]["balance"]["amount"])

    def test_entries_are_paged_in_both_directions(self):
        up = self.pages(f"/accounts/{self.account}/entries", order="seq.asc")
        down = self.pages(f"/accounts/{self.account}/entries")
        self.assertEqual(up, down[::-1])
        self.assertGreaterEqual(len(up), len(self.sold))
        balance = 0
        for entry in up:
            balance += entry["amount"]["amount"]
            self.assertEqual(entry["balance"]["amount"], balance)

    def statement(self, **more):
        return self.get(f"/accounts/{self.account}/statement", **{"from": "2026-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z", **more})

    def test_a_statement_says_the_same_in_all_its_forms(self):
        for by in ("recorded", "event"):
            view = self.must(self.statement(by=by))
            self.assertEqual(view["opening"]["amount"], 0)
            self.assertEqual(view["closing"]["amount"], self.total)
            self.assertEqual(view["count"], len(view["lines"]))
        table = self.statement(format="csv")
        self.assertEqual(table.status, 200)
        self.assertTrue(table.text.startswith("\ufeff"))
        rows = list(csv.DictReader(io.StringIO(table.text.lstrip("\ufeff"))))
        self.assertEqual([r["row"] for r in rows], ["opening"] + ["line"] * (len(rows) - 2) + ["closing"])
        self.assertEqual(int(rows[-1]["balance"]), self.total)
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
            done = self.service.command("ledger", "statement", self.book, str(self.account), "--from", "2026-01-01", "--to", "2100-01-01",
                                        "--format", "pdf", "--out", file.name)
            self.assertEqual(done.returncode, 0, done.stderr)
            text = subprocess.run(["pdftotext", "-layout", file.name, "-"], capture_output=True, text=True, check=True).stdout
        for wanted in ("SAO KÊ TÀI KHOẢN", "Chợ Hạ Long I", "Số dư đầu kỳ", "Số dư cuối kỳ", "Trang 1/1", "In bởi", f"{self.total:,}".replace(",", ".")):
            self.assertIn(wanted, text)
        self.assertEqual(self.statement(format="pdf").headers["Content-Type"], "application/pdf")

    def test_transfers_are_found_by_each_of_their_marks(self):
        rows = self.pages("/transfers", account=self.account)
        newest = rows[0]
        self.assertEqual(self.must(self.get(f"/transfers/{newest['transfer']}")), newest)
        self.assertIn(newest, self.pages("/transfers", reference=newest["reference"]))
        self.assertIn(newest, self.pages("/transfers", code=newest["code"]))
        for by in ("recorded", "event"):
            self.assertIn(newest, self.pages("/transfers", **{"from": "2026-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z", "by": by}))
        self.assertEqual(self.get("/transfers/trf_01jd2w6x3k9q7m5v8t4r2n0abc").status, 404)

    def test_questions_that_make_no_sense_are_refused(self):
        for query in ({}, {"reference": "A", "code": 1}, {"reference": ""}):
            self.assertEqual(self.get("/transfers", **query).code, "invalid_input")
        for path, query in (("/transfers", {"from": "2026-01-01T00:00:00Z"}), ("/transfers", {"code": "x"}), ("/holds", {"state": "gone"}),
                            ("/journal", {"after": -1}), (f"/accounts/{self.account}", {"at": "yesterday"}), (f"/accounts/{self.account}", {"by": "event"}), ("/transfers", {"code": 1000, "by": "event"}),
                            (f"/accounts/{self.account}/entries", {"order": "amount"}), (f"/accounts/{self.account}/statement", {})):
            with self.subTest(path=path, query=query):
                answer = self.get(path, **query)
                self.assertEqual((answer.status, answer.code), (422, "validation_failed"), answer)
        for rest in ("", "/entries", "/statement?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z", "?at=2026-01-01T00:00:00Z"):
            self.assertEqual((self.get("/accounts/999999999" + rest).status, self.get("/accounts/999999999" + rest).code), (404, "not_found"))
            self.assertEqual((self.get("/accounts/12x" + rest).status, self.get("/accounts/12x" + rest).code), (422, "validation_failed"))
        self.assertEqual(self.get("/transfers", account=999999999).code, "account_unknown")

    def test_nobody_reads_a_book_that_is_not_theirs(self):
        elsewhere = self.service.make_key("ledger:read", place=shared.market().market)
        for path in ("/journal", "/holds", f"/accounts/{self.account}", f"/accounts/{self.account}/entries"):
            self.assertEqual(self.get(path, key=elsewhere).status, 404)
        own = self.service.make_key("ledger:read", place=self.market.market)
        self.assertEqual(self.get("/journal", key=own).status, 200)
        self.assertEqual(self.get("/journal", key=self.market.key).code, "scope_missing")

    def test_holds(self):
        self.assertEqual(self.must(self.get("/holds", state="open"))["data"], [])

    def test_the_journal_has_no_gap_and_goes_on_live(self):
        page = self.must(self.get("/journal", limit=4))
        rows = page["data"]
        while page["last"] < page["head"]:
            page = self.must(self.get("/journal", after=page["last"], limit=4))
            rows += page["data"]
        self.assertEqual([r["seq"] for r in rows], list(range(1, len(rows) + 1)))
        stream = Stream(self.service, f"/v1/ledger/books/{self.book}/journal", self.key, str(len(rows) - 2))
        self.addCleanup(stream.close)
        self.assertEqual(stream.next()["event"], "ready")
        again = [json.loads(stream.next()["data"]) for _ in range(2)]
        self.assertEqual(again, rows[-2:])
        self.sell(55_000)
        fresh = stream.next()
        self.assertEqual(int(fresh["id"]), len(rows) + 1)

    def test_the_command_line_writes_the_whole_journal(self):
        done = self.service.command("ledger", "export", self.book)
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([r["seq"] for r in rows], list(range(1, len(rows) + 1)))
        later = self.service.command("ledger", "export", self.book, "--after", str(len(rows) - 1), "--format", "csv")
        self.assertEqual(len(later.stdout.splitlines()), 2)
        self.assertEqual(self.service.command("ledger", "export", "77").returncode, 1)
        self.assertEqual(self.service.command("ledger", "statement", self.book, "1", "--from", "tomorrow", "--to", "2026-01-01").returncode, 2)


if __name__ == "__main__":
    unittest.main()
