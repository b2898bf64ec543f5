"""Receipts while many pay at once, summaries are made and the service is killed: each paid notice has one receipt for each kind, the numbers of each
series go from 1 to the last without a gap, and summaries tell of each receipt once, whatever was being written.

CHO40_CHAOS_ROUNDS (1) says how often it is killed on the same database.
"""
import collections
import concurrent.futures
import http.client
import os
import threading
import unittest
import uuid

import shared
from service import APPLICANT_NAME, Agency, Database, Service, day_from_today, reference
from test_crash import Flood

PAYERS = 32
NOTICES = 96  # of each round
LINES = [{"fee_code": "BR_REG"}, {"fee_code": "BR_PUB"}]  # a charge and a fee: two receipts, two series


class Reporter:
    """Somebody who has summaries of the day made all the time."""

    def __init__(self, agency):
        self._agency, self._stop, self.made = agency, threading.Event(), 0
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        while not self._stop.is_set():
            try:
                answer = self._agency.call("POST", f"/v1/agencies/{self._agency.id}/receipt-reports", {})
            except (OSError, http.client.HTTPException):
                return  # nobody there any more
            self.made += answer.status == 201

    def end(self):
        self._stop.set()
        self._thread.join(60)
        return self.made


class ReceiptsUnderFire(unittest.TestCase):
    def setUp(self):
        self.database = Database()
        self.addCleanup(self.database.drop)
        self.service = self.start()
        year = day_from_today(0)[2:4]
        self.agency = Agency(self.service, receipt_series=year + "TAP", receipt_series_le_phi=year + "TAL")

    def start(self):
        service = Service(shared.programs(), self.database)
        self.addCleanup(service.stop)
        return service

    def notice_to_pay(self, number):
        """A notice whose payment was begun; its bank reference, itself, and what the bank will tell."""
        made = self.agency.must("POST", "/v1/fee-notices", self.agency.order(lines=LINES, dossier={
            "code": f"{self.agency.code}-{number}-{uuid.uuid4().hex[:6]}", "procedure_code": "2.001610", "applicant_name": APPLICANT_NAME}))
        bank_reference = reference()
        body = self.agency.payos_body(self.agency.start_paying(made), made["total"]["amount"], bank_reference)
        return bank_reference, made, body

    def receipts(self):
        """Live receipts by notice and kind."""
        rows = self.database.rows("SELECT notice_id, kind, count(*) FROM receipt WHERE state IN (0, 3) GROUP BY 1, 2")
        found = collections.defaultdict(dict)
        for notice, kind, count in rows:
            found[notice][int(kind)] = int(count)
        return found

    def paid(self):
        """Notices by whether they are paid, as the ledger's transaction left them."""
        return {row[0] for row in self.database.rows("SELECT notice_id FROM fee_notice WHERE paid_at IS NOT NULL")}

    def hold(self):
        """What is true at any moment: receipts and money are one thing, and no number is missing or used twice."""
        paid, receipts = self.paid(), self.receipts()
        self.assertEqual(set(receipts), paid, "a receipt without its money, or money without its receipt")
        for notice in paid:
            self.assertEqual(receipts[notice], {0: 1, 1: 1}, notice)
        series = self.database.rows("SELECT symbol, count(*), count(DISTINCT number), min(number), max(number) FROM receipt GROUP BY symbol")
        self.assertEqual(len(series), 2 if paid else 0, "phí and lệ phí are numbered apart")
        for symbol, count, distinct, first, last in series:
            self.assertEqual((int(count), int(distinct), int(first), int(last)), (len(paid), len(paid), 1, len(paid)), symbol)
        nexts = self.database.rows("SELECT next_number FROM receipt_series WHERE next_number > 1")
        self.assertEqual(sorted(int(row[0]) for row in nexts), [len(paid) + 1] * len(series))
        # Summaries tell of a receipt once at most; here each receipt has one line.
        told, receipts_told, marked = self.database.rows(
            "SELECT (SELECT count(*) FROM receipt_report p, jsonb_array_elements(p.report_rows)), "
            "(SELECT count(DISTINCT r->>'receipt') FROM receipt_report p, jsonb_array_elements(p.report_rows) r), "
            "(SELECT count(*) FROM receipt WHERE report_id IS NOT NULL)")[0]
        self.assertEqual((told, receipts_told), (marked, marked))
        reports, last = self.database.rows("SELECT count(*), coalesce(max(number), 0) FROM receipt_report")[0]
        self.assertEqual(reports, last, "summaries are numbered without a gap")
        self.service.verify_books()
        return len(paid)

    def test_killed_while_32_pay_at_once(self):
        for round_no in range(1, int(os.environ.get("CHO40_CHAOS_ROUNDS", "1")) + 1):
            with concurrent.futures.ThreadPoolExecutor(8) as pool:
                made = list(pool.map(self.notice_to_pay, range(NOTICES)))
            bodies = {bank_reference: body for bank_reference, _, body in made}
            before = len(self.paid())
            reporter = Reporter(self.agency)
            flood = Flood(self.agency, bodies, PAYERS)
            flood.wait_for(NOTICES // 4 + 11 * round_no % (NOTICES // 4))
            self.service.kill()
            accepted = flood.join()
            reporter.end()
            self.assertEqual(flood.refused, {})
            self.assertLess(len(accepted), NOTICES, "the kill came too late to prove anything")

            self.service = self.start()
            self.agency = self.agency.on(self.service)
            self.assertGreaterEqual(self.hold() - before, 0)

            # The bank tells everything again, as it would: what was booked is booked once, the rest now.
            reporter = Reporter(self.agency)
            again = Flood(self.agency, bodies, PAYERS)
            self.assertEqual(again.join(), set(bodies), again.refused)
            for _, notice, _ in made:
                self.database.wait_until("EXISTS (SELECT FROM fee_notice WHERE code = '%s' AND paid_at IS NOT NULL)" % notice["code"])
            self.assertGreater(reporter.end(), 0)
            self.assertEqual(self.hold(), before + NOTICES)
            self.agency.call("POST", f"/v1/agencies/{self.agency.id}/receipt-reports", {})  # what the last one did not see
            day = self.agency.must("GET", f"/v1/agencies/{self.agency.id}/receipt-reports/{day_from_today(0)}")
            self.assertEqual(day["not_reported"], 0)
            self.assertEqual(sum(p["count"] for p in day["reports"]), 2 * (before + NOTICES))
            self.hold()
            # As people see it: one receipt for each kind, each confirmed under its number.
            for _, notice, _ in made[:4]:
                seen = self.agency.must("GET", f"/v1/fee-notices/{notice['id']}")
                self.assertEqual(sorted(r["kind"] for r in seen["receipts"]), ["le_phi", "phi"])
                for receipt in seen["receipts"]:
                    self.assertIn(receipt["number"], self.service.send("GET", f"/verify?code={receipt['code']}").text)


if __name__ == "__main__":
    unittest.main()
