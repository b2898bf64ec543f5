"""The summary 01/TH-BLĐT: everything that happens to receipts is told once, in files that never change."""
import csv
import io
import unittest

import shared
from service import Browser, Database, Service, day_from_today
from test_receipt_cancellations import CollectingAgency
from test_receipts import Certificate, digest_header, paid_notice, receipt_of

PART = "urn:cho40:01-th-bldt:1:THBLai"


class Reports(unittest.TestCase):
    def setUp(self):
        self.database = Database()
        self.addCleanup(self.database.drop)
        self.certificate = Certificate()
        self.addCleanup(self.certificate.close)
        self.service = Service(shared.programs(), self.database, **self.certificate.settings())
        self.addCleanup(self.service.stop)
        self.agency = CollectingAgency(self.service)
        self.path = f"/v1/agencies/{self.agency.id}/receipt-reports"

    def make(self):
        """What the day has so far; in the last hours of a day the service may have been faster."""
        answer = self.agency.call("POST", self.path, {})
        if answer.status != 201:
            self.assertEqual((answer.status, answer.code), (409, "invalid_state"), answer)
        day = self.day()
        self.assertEqual(day["not_reported"], 0)
        return day

    def day(self, date=None):
        return self.agency.must("GET", f"{self.path}/{date or day_from_today(0)}")

    def file(self, report, kind):
        answer = self.agency.call("GET", report[kind]["path"])
        self.assertEqual((answer.status, answer.headers["Repr-Digest"]), (200, digest_header(answer.bytes)), answer)
        return answer.bytes

    def table(self, report):
        text = self.file(report, "csv").decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text[text.index("STT,"):])))

    def test_everything_is_told_once_and_files_stay_as_they_were(self):
        self.assertEqual(self.day()["reports"], [])
        first, second = paid_notice(self.agency), paid_notice(self.agency)
        parts = self.make()["reports"]
        rows = [row for part in parts for row in part["rows"]]
        issued = {(r["series"], int(r["number"])) for notice in (first, second) for r in notice["receipts"]}
        self.assertEqual({(row["series"], row["number"]) for row in rows}, issued)
        self.assertEqual(len(rows), 4)
        self.assertEqual({row["told_as"] for row in rows}, {"issued"})
        self.assertEqual(sum(part["sum"]["amount"] for part in parts), 2 * first["total"]["amount"])
        self.assertEqual([part["number"] for part in parts], list(range(1, len(parts) + 1)))
        again = self.agency.call("POST", self.path, {})
        self.assertEqual((again.status, again.code), (409, "invalid_state"), again)

        kept = {part[kind]["path"]: self.file(part, kind) for part in parts for kind in ("csv", "xml")}
        for part in parts:
            table = self.table(part)
            self.assertEqual([int(r["Số"]) for r in table[:-1]], [row["number"] for row in part["rows"]])
            self.assertEqual([int(r["Số tiền"]) for r in table[:-1]], [row["amount"]["amount"] for row in part["rows"]])
            self.assertEqual((table[-1]["STT"], int(table[-1]["Số tiền"])), ("Cộng", part["sum"]["amount"]))
            xml = self.file(part, "xml")
            self.assertTrue(self.certificate.accepts(xml, PART))
            self.assertFalse(self.certificate.accepts(xml.replace("<TThai>Mới".encode(), "<TThai>Hủy".encode()), PART))
            self.assertIn("TEST ONLY", part["signed_by"])

        # One is replaced, one given back and cancelled: a later part tells of it and names the earlier one.
        one, two = self.agency.person(), self.agency.person()
        wrong = receipt_of(first, "phi")
        cancelled = receipt_of(second, "le_phi")
        self.agency.give_back(second, cancelled)
        for receipt, more in ((wrong, {"replacement": {"payer_name": "Lê Thị Sửa"}}), (cancelled, {})):
            asked = one.call("POST", f"/v1/receipts/{receipt['id']}/cancellation", {"reason": {"code": "other", "text": "Lập nhầm"}, **more})
            self.assertEqual(asked.status, 202, asked)
            self.assertEqual(two.call("POST", f"/v1/receipts/{receipt['id']}/cancellation/approval").status, 200)
        later = self.make()["reports"]
        self.assertEqual([p["csv"]["sha256"] for p in later[:len(parts)]], [p["csv"]["sha256"] for p in parts])
        news = [row for part in later[len(parts):] for row in part["rows"]]
        told = {(row["told_as"], row["series"], row["number"]): row for row in news}
        number = lambda receipt: (receipt["series"], int(receipt["number"]))
        self.assertEqual(set(told), {("replaced", *number(wrong)), ("given_back", *number(cancelled)), ("cancelled", *number(cancelled)),
                                     ("issued", wrong["series"], 3)})
        self.assertIn(told[("replaced", *number(wrong))]["earlier_report"]["number"], [p["number"] for p in parts])
        self.assertEqual(told[("issued", wrong["series"], 3)]["related"], f"EBL01 {wrong['series']} {int(wrong['number'])}")
        self.assertEqual(told[("cancelled", *number(cancelled))]["explanation"], "Lập nhầm")
        # What all of them say together is what the agency still has.
        self.assertEqual(sum(p["sum"]["amount"] for p in later), 2 * first["total"]["amount"] - cancelled["amount"]["amount"])
        self.assertEqual([p["number"] for p in later], list(range(1, len(later) + 1)))
        for path, content in kept.items():
            self.assertEqual(self.agency.call("GET", path).bytes, content)

    def test_a_day_that_is_over_is_told_at_once_and_somebody_is_warned(self):
        notice = paid_notice(self.agency)
        # Nobody told of it on its day, say because the service stood still.
        self.database.value("UPDATE receipt SET issued_at = issued_at - interval '1 day' WHERE report_id IS NULL")
        late = self.service.wait_for_log(lambda line: line.get("event") == "receipts.report_late")
        self.assertEqual((late["level"], late["count"]), ("warning", 2))
        self.database.wait_until("NOT EXISTS (SELECT FROM receipt WHERE report_id IS NULL)")
        reports = self.day(day_from_today(-1))["reports"]
        self.assertEqual([(r["by_itself"], r["count"], r["sum"]["amount"]) for r in reports], [(True, 2, notice["total"]["amount"])])
        self.assertIn("cho40_receipts_not_reported", self.service.metrics())

    def test_what_is_refused(self):
        stranger = Browser(self.service, self.service.make_user("reports-stranger", f"agency:{CollectingAgency(self.service).id}"))
        self.assertEqual(stranger.call("GET", f"{self.path}/{day_from_today(0)}").code, "not_found")
        self.assertEqual(stranger.call("POST", self.path, {}).code, "not_found")
        tomorrow = self.agency.call("POST", self.path, {"date": day_from_today(1)})
        self.assertEqual(tomorrow.code, "invalid_period", tomorrow)
        for query in ("format=pdf", "format=csv&part=0", "format=csv&part=x", "page=1"):
            self.assertEqual(self.agency.call("GET", f"{self.path}/{day_from_today(0)}?{query}").status, 422, query)
        self.assertEqual(self.agency.call("GET", f"{self.path}/{day_from_today(0)}?format=csv").code, "not_found")
        self.assertEqual(self.agency.call("GET", f"{self.path}/yesterday").code, "not_found")


if __name__ == "__main__":
    unittest.main()
