"""What an agency collected, gave back, may keep and owes the budget, from its receipts; as JSON, table and paper."""
import csv
import hashlib
import io
import unittest

import test_fee_refunds
from service import day_from_today
from test_fee_refunds import CHARGE, FEE, TOTAL


class CollectorStatements(test_fee_refunds.FeeRefunds):
    def statement(self, first=0, last=0, format=""):
        answer = self.agency.call("GET", f"/v1/collector-statements/{self.agency.id}?from={day_from_today(first)}&to={day_from_today(last)}" + format)
        self.assertEqual(answer.status, 200, answer)
        return answer

    def checked(self):
        """The statement of today, held against the equation, the table and the paper."""
        view = self.statement().json
        amount = lambda name: view[name]["amount"]
        self.assertEqual(amount("sum") - amount("given_back"), amount("kept") + amount("to_budget") + amount("undecided"))
        self.assertEqual(sum(fee["gross"]["amount"] for fee in view["fees"]), amount("sum"))
        self.assertEqual(sum(one["sum"]["amount"] for one in view["receipts"] if one["counts"]), amount("sum"))
        self.assertEqual(sum(one["given_back"]["amount"] for one in view["receipts"]), amount("given_back"))
        table = self.statement(format="&format=csv")
        cut = table.bytes.rindex(b"total,")
        self.assertEqual(hashlib.sha256(table.bytes[:cut]).hexdigest(), view["sha256"])
        rows = list(csv.DictReader(io.StringIO(table.bytes.decode("utf-8-sig"))))
        self.assertEqual((int(rows[-1]["count"]), int(rows[-1]["sum"]), rows[-1]["sha256"]), (view["count"], amount("sum"), view["sha256"]))
        paper = self.statement(format="&format=pdf")
        self.assertEqual((paper.bytes[:5], paper.headers["Table-Sha256"]), (b"%PDF-", view["sha256"]))
        self.assertNotIn("Nguyễn Văn Dân", table.text + self.statement().text)
        return view

    def test_from_receipts_to_the_budget(self):
        notice = self.paid()
        view = self.checked()
        self.assertEqual((view["count"], view["sum"]["amount"]), (2, TOTAL))
        fees = {fee["fee_code"]: fee for fee in view["fees"]}
        self.assertEqual((fees["BR_PUB"]["kind"], fees["BR_PUB"]["gross"]["amount"], fees["BR_REG"]["kind"], fees["BR_REG"]["gross"]["amount"]),
                         ("phi", FEE, "le_phi", CHARGE))
        self.assertEqual((fees["BR_REG"]["retained_percent"], fees["BR_REG"]["kept"]["amount"], fees["BR_REG"]["to_budget"]["amount"]), (0, 0, CHARGE))
        series, = view["series"]  # the agency has one for both kinds
        self.assertEqual((series["first"], series["last"], series["count"], series["sum"]["amount"]), ("00000001", "00000002", 2, TOTAL))
        self.assertEqual({one["id"] for one in view["receipts"]}, {one["id"] for one in notice["receipts"]})
        self.assertEqual(self.service.send("GET", view["receipts"][0]["lines"]).status, 200)

    def test_what_is_given_back(self):
        notice = self.paid()
        refund = self.must_refund(notice, [self.line(notice, "phi", 30_000), self.line(notice, "le_phi", CHARGE)], TOTAL)
        self.assertEqual(self.checked()["given_back"]["amount"], 0, "promised is not given back")
        self.money_out(refund["reference"], 30_000 + CHARGE)
        view = self.checked()
        self.assertEqual((view["sum"]["amount"], view["given_back"]["amount"]), (TOTAL, 30_000 + CHARGE))
        charge = next(fee for fee in view["fees"] if fee["fee_code"] == "BR_REG")
        self.assertEqual((charge["net"]["amount"], charge["to_budget"]["amount"]), (0, 0))

    def test_other_days_and_other_agencies(self):
        self.paid()
        before = self.statement(-3, -1).json
        self.assertEqual((before["count"], before["fees"], before["receipts"]), (0, [], []))
        self.assertEqual(self.statement(-3, 3).json["count"], 2)
        path = f"/v1/collector-statements/{self.agency.id}?from={day_from_today(0)}&to={day_from_today(0)}"
        other = test_fee_refunds.CollectingAgency(self.service)
        self.assertEqual(other.call("GET", path.replace(self.agency.id, other.id)).json["count"], 0)
        self.agency, mine = other, self.agency
        stranger = self.person()
        self.assertEqual(stranger.call("GET", path).code, "not_found")
        self.agency = mine
        self.assertEqual(self.person().call("GET", path).json["count"], 2)

    def test_wrong_requests(self):
        path = f"/v1/collector-statements/{self.agency.id}?"
        for query, code in (("", "invalid_date"), ("from=2026-11-22&to=2026-11-21", "invalid_period"), ("from=2026-11-22&to=2026-11-22&format=xml", "unknown_value")):
            with self.subTest(query):
                answer = self.agency.call("GET", path + query)
                self.assertEqual((answer.status, answer.code), (422, code), answer)
        self.assertEqual(self.agency.call("GET", "/v1/collector-statements/agc_" + "0" * 26 + "?from=2026-11-22&to=2026-11-22").code, "not_found")


def load_tests(loader, tests, pattern):
    """Those of the class this one grew from run where they are."""
    names = [name for name in vars(CollectorStatements) if name.startswith("test_")]
    return unittest.TestSuite(CollectorStatements(name) for name in names)


if __name__ == "__main__":
    unittest.main()
