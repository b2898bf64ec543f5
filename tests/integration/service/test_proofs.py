"""The proof behind a receipt and behind a return: fetched as its holder would, checked with two programs, refused when touched."""
import json
import pathlib
import subprocess
import tempfile
import unittest

import shared
from refusals import login_of, uuid_of
from service import (APPLICANT_NAME, HOLDER_NAME, MEMO_TEXT, OWNER_NAME, PAYER_ACCOUNT, PAYER_NAME, TAX_CODE, Agency, Browser, day_from_today,
                     quarter_before, reference)

CHECKER = pathlib.Path(__file__).resolve().parents[3] / "tests/proofs/check_proof.mjs"
PERSONAL = (PAYER_NAME, PAYER_ACCOUNT, MEMO_TEXT, APPLICANT_NAME, OWNER_NAME, HOLDER_NAME, TAX_CODE)
ALL_COVERED = """NOT EXISTS (SELECT FROM (SELECT book_id, max(seq) AS newest FROM journal GROUP BY book_id) j
    WHERE newest > coalesce((SELECT max(size) FROM ledger_head h WHERE h.book_id = j.book_id), 0))"""


class Proofs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = shared.service()
        cls.database = cls.service.database
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        published = cls.service.send("GET", "/.well-known/cho40-ledger-key")
        cls.published = published.json
        (cls.folder / "key.pem").write_text(published.json["pem"])
        (cls.folder / "key.json").write_text(published.text)

    def test_the_key_is_what_the_document_says(self):
        document = self.service.send("GET", "/openapi.json").json
        self.assertIn("/.well-known/cho40-ledger-key", document["paths"])
        said = document["components"]["schemas"]["ledger_public_key"]
        self.assertEqual((set(self.published), self.published["algorithm"]), (set(said["required"]), said["properties"]["algorithm"]["const"]))

    def verdicts(self, text):
        """Of our checker, with the key as it was published, and of the one that shares nothing with it."""
        file = self.folder / "proof.json"
        file.write_text(text)
        ours = self.service.command("ledger", "check-proof", str(file), "--key", str(self.folder / "key.json"))
        theirs = subprocess.run(["node", CHECKER, self.folder / "key.pem", file], capture_output=True, text=True, check=False)
        return ours.stdout.split(":")[0] or ours.stderr, theirs.stdout.strip().split(" ")[0] or theirs.stderr

    def assert_holds(self, answer):
        self.assertEqual(answer.status, 200, answer)
        self.assertTrue(answer.headers["Content-Type"].startswith("application/json"))
        self.assertRegex(answer.headers["Content-Disposition"], r'^attachment; filename="[-0-9A-Za-z]+-proof\.json"$')
        self.assertEqual(self.verdicts(answer.text), ("true", "true"))
        for personal in PERSONAL:
            self.assertNotIn(personal, answer.text)
        for member, value in (("amount", "1"), ("reference", "CQ2222222"), ("recorded_at", "2026-01-01T00:00:00.000000Z")):
            proof = answer.json
            proof["row"][member] = value
            with self.subTest("touched", member=member):
                self.assertEqual(self.verdicts(json.dumps(proof)), ("false", "false"))

    def assert_problem(self, answer, status, code):
        self.assertEqual((answer.status, answer.code), (status, code), answer)


class Receipts(Proofs):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agency = Agency(cls.service)

    def paid(self, *fees):
        """A notice over these fees, paid; its receipts."""
        notice = self.agency.must("POST", "/v1/fee-notices", self.agency.order(lines=[{"fee_code": code, **wish} for code, wish in fees]))
        code = self.agency.start_paying(notice)
        self.assertEqual(self.agency.pay_by_payos(code, notice["total"]["amount"], reference()).status, 200)
        return code, self.agency.must("GET", "/v1/fee-notices/" + notice["id"])["receipts"]

    def proof(self, receipt):
        return self.service.send("GET", f"/receipt/{receipt['code']}/proof")

    def test_each_receipt_is_proved_by_the_transfer_of_its_own_kind(self):
        # No head can be written meanwhile, so the receipts are too new for a proof for as long as we like.
        with self.database.locked("ledger_head", "SHARE"):
            order, receipts = self.paid(("CERT_COPY", {"quantity": 2, "pages": 3}), ("BR_REG", {}))
            self.assertEqual(len(receipts), 2)
            early = self.proof(receipts[0])
            self.assert_problem(early, 503, "unavailable")
            self.assertGreaterEqual(int(early.headers["Retry-After"]), 1)
        self.database.wait_until(ALL_COVERED)
        booked = set()
        for receipt in receipts:
            answer = self.proof(receipt)
            self.assert_holds(answer)
            row = answer.json["row"]
            self.assertEqual((row["amount"], row["reference"]), (str(receipt["amount"]["amount"]), order))
            booked.add((receipt["kind"], row["code"]))
        self.assertEqual(len(booked), 2, "a fee and a charge are booked for different reasons")

    def test_pages_lead_to_the_proof(self):
        _, (receipt,) = self.paid(("CERT_COPY", {"quantity": 2, "pages": 3}))
        for page in (f"/receipt/{receipt['code']}", f"/verify?code={receipt['code']}"):
            self.assertIn(f'href="/receipt/{receipt["code"]}/proof"', self.service.send("GET", page).text)

    def test_receipts_without_a_proof(self):
        for nobody in ("K7M2PQ94XYTB", "nothing", "0" * 40):
            self.assert_problem(self.proof({"code": nobody}), 404, "receipt_not_found")
        _, (receipt,) = self.paid(("CERT_COPY", {"quantity": 2, "pages": 3}))
        self.database.value(f"UPDATE receipt SET transfer_id = NULL WHERE lookup_code = '{receipt['code']}'")  # as those of before
        self.assert_problem(self.proof(receipt), 404, "not_found")
        self.assertNotIn("/proof", self.service.send("GET", f"/receipt/{receipt['code']}").text)


class Returns(Proofs):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.market = shared.market()
        cls.period = quarter_before(day_from_today(0))
        month = 3 * int(cls.period[-1]) - 2
        cls.amount = 1_100_000_000  # over the year's threshold
        cls.market.must("POST", f"/v1/stalls/{cls.market.stall}/cash-sales", {
            "amount": {"amount": cls.amount, "currency": "VND"}, "sold_on": f"{cls.period[:4]}-{month:02}-15"})
        # Newer rows of the book that are in no figure of the period: this household's, and a neighbour's.
        neighbour = cls.market.must("POST", "/v1/households", {"market": cls.market.market, "name": "Hộ Ông Ba", "owner_name": "Trần Văn Ba",
                                                               "tax_code": "022080000001"})["id"]
        stall = cls.market.must("POST", "/v1/stalls", {
            "market": cls.market.market, "household": neighbour, "name": "Ông Ba", "number": "13", "activity": "a",
            "receiving_account": {"bank_bin": "970436", "account_number": "9" + cls.market.account[1:], "account_name": "TRAN VAN BA"}})["id"]
        for seller, day in ((cls.market.stall, day_from_today(0)), (stall, f"{cls.period[:4]}-{month:02}-15")):
            cls.market.must("POST", f"/v1/stalls/{seller}/cash-sales", {"amount": {"amount": 45000, "currency": "VND"}, "sold_on": day})
        cls.market.key = cls.service.make_key("tax:read", "tax:write")
        cls.filed = cls.market.must("POST", "/v1/tax-returns", {"household": cls.market.household, "period": cls.period})
        cls.path = f"/v1/tax-returns/{cls.filed['id']}/proof"

    def test_the_newest_row_of_the_figures_is_proved(self):
        self.database.wait_until(ALL_COVERED)
        answer = self.market.call("GET", self.path)
        self.assert_holds(answer)
        proof = answer.json
        self.assertEqual(proof["row"]["amount"], str(self.amount), "of this household, and of this period")
        self.assertGreaterEqual(int(proof["head"]["size"]), int(proof["row"]["seq"]) + 2, "the head covers what came after")

    def test_a_return_without_a_row(self):
        seq = self.database.value(f"SELECT ledger_seq FROM tax_return WHERE return_id = '{uuid_of(self.filed['id'])}'")
        change = "UPDATE tax_return SET ledger_seq = {} WHERE return_id = '" + uuid_of(self.filed["id"]) + "'"
        self.database.value(change.format("NULL"))
        self.addCleanup(self.database.value, change.format(seq))
        answer = self.market.call("GET", self.path)
        self.assert_problem(answer, 404, "not_found")
        self.assertIn("sổ cái", answer.json["detail"])

    def test_strangers(self):
        other = shared.market()
        elsewhere = self.service.make_key("tax:read", place=other.market)
        cases = {
            "not signed in": (None, 401, "unauthenticated"),
            "another market's key": ("Bearer " + elsewhere, 404, "not_found"),
            "a key for other things": ("Bearer " + self.service.make_key("fees:read"), 403, "scope_missing"),
        }
        for name, (credentials, status, code) in cases.items():
            with self.subTest(name):
                self.assert_problem(self.market.call("GET", self.path, Authorization=credentials), status, code)
        for role, status, code in ((f"vendor_staff:{self.market.stall}", 403, "forbidden"), (f"vendor:{other.stall}", 404, "not_found")):
            with self.subTest(role):
                person = Browser(self.service, self.service.make_user(login_of("proof"), role))
                self.assert_problem(person.call("GET", self.path), status, code)
        with self.subTest("its own household"):
            owner = Browser(self.service, self.service.make_user(login_of("proof"), f"vendor:{self.market.stall}"))
            self.database.wait_until(ALL_COVERED)
            self.assertEqual(owner.call("GET", self.path).status, 200)


if __name__ == "__main__":
    unittest.main()
