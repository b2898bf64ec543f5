"""The national payment platform: the eight rules, and every fault of the platform that they answer."""
import hashlib
import re
import unittest

import day_files
import shared
from national import SECRET, NationalAgency
from sandbox import Sandbox
from service import Market, day_from_today, reference


class NationalPay(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = shared.service()
        cls.database = cls.service.database
        cls.sandbox = Sandbox(shared.programs(), cls.service)

    @classmethod
    def tearDownClass(cls):
        cls.sandbox.stop()

    def setUp(self):
        self.agency = NationalAgency(self.service, self.sandbox)

    def tearDown(self):
        self.service.verify_books()

    # --- what stands in the books ---

    def credits(self, attempt):
        return int(self.database.value(f"SELECT count(*) FROM bank_credit WHERE provider_id LIKE '{attempt['reference']}%'"))

    def receipts(self, notice):
        return self.agency.must("GET", f"/v1/fee-notices/{notice['id']}")["receipts"]

    def assert_paid(self, notice, attempt, surplus=0):
        self.database.wait_until(f"(SELECT booked FROM national_payment WHERE reference = '{attempt['reference']}')")
        state = self.agency.state(notice)
        self.assertEqual(state["state"]["name"], "paid", state)
        self.assertEqual(sorted(r["kind"] for r in self.receipts(notice)), ["le_phi", "phi"])
        self.assertEqual(self.agency.must("GET", f"/v1/fee-notices/{notice['id']}")["surplus"]["amount"], surplus)
        self.assertEqual(self.agency.attempt(attempt)["state"]["name"], "succeeded")

    def assert_not_paid(self, notice, attempt, state="pending"):
        self.assertEqual(self.agency.state(notice)["received"]["amount"], 0)
        self.assertEqual(self.agency.attempt(attempt)["state"]["name"], state)
        self.assertEqual(self.credits(attempt), 0)

    # --- the way of a payment ---

    def test_from_the_page_to_the_receipts(self):
        notice = self.agency.notice()
        due = self.service.send("GET", "/pay/" + notice["code"]).text
        self.assertIn("Cổng thanh toán quốc gia", due)
        pressed = self.agency.press(notice)
        self.assertEqual(pressed.status, 303)
        page = self.service.send("GET", pressed.headers["Location"])
        self.assertEqual(page.headers["Refresh"], f"0;url=/pay/{notice['code']}/national/go")
        self.assertIn("Đang chờ Cổng xác nhận", page.text)
        there = self.service.send("GET", f"/pay/{notice['code']}/national/go")
        attempt = self.agency.attempts(notice)[0]
        self.assertEqual((there.status, there.headers["Location"]), (303, attempt["pay_url"]))
        self.assertTrue(attempt["pay_url"].endswith("/dvcqg/pay/" + attempt["reference"]))
        with self.subTest("one line for each kind, and the figures of the notice"):
            told = self.agency.told(attempt)
            self.assertEqual(sorted((line["LoaiPhiLePhi"], line["SoTien"]) for line in told["receipt"]["PhiLePhi"]), [("LEPHI", "25000"), ("PHI", "100000")])
            self.assertEqual(told["amount"], str(self.agency.TOTAL))
            self.assertRegex(attempt["reference"], "^dvc" + re.sub("[^A-Za-z0-9]", "", notice["dossier"]["code"]) + r"\d{12}$")
        with self.subTest("back from the platform: the page knows what the platform said, not what the browser brings"):
            self.assertIn("Đang chờ Cổng xác nhận", self.agency.page(notice).text)
            self.assertIn("Waiting for the platform", self.agency.page(notice, "en").text)
        transaction = self.agency.end(attempt)
        self.assertEqual(self.agency.tell(attempt), ["00"])
        self.assert_paid(notice, attempt)
        self.assertEqual(self.agency.page(notice).status, 303, "to the page with the receipts")
        self.assertEqual(self.agency.attempt(attempt)["transaction"], transaction)
        with self.subTest("the platform's own receipt is kept byte for byte"):
            self.database.wait_until(f"(SELECT has_bill FROM national_payment WHERE reference = '{attempt['reference']}')")
            bill = self.agency.call("GET", f"/v1/national-payments/{attempt['id']}/bill")
            self.assertTrue(bill.bytes.startswith(b"%PDF-"))
            kept = self.database.value(f"SELECT encode(sha256, 'hex') FROM national_bill b JOIN national_payment p USING (attempt_id) "
                                       f"WHERE reference = '{attempt['reference']}'")
            self.assertEqual(kept, hashlib.sha256(bill.bytes).hexdigest())
        self.assertEqual([t.split()[0] for t in self.agency.told(attempt)["told"]].count("INIT"), 1)

    def test_from_the_api(self):
        notice = self.agency.notice()
        path = f"/v1/fee-notices/{notice['id']}/national-payments"
        made = self.agency.call("POST", path, {}, key="one-intention-to-pay")
        self.assertEqual((made.status, made.json["state"]["name"], made.json["pay_url"]), (201, "created", None))
        again = self.agency.call("POST", path, {}, key="one-intention-to-pay")
        self.assertEqual(again.json, made.json)
        read = self.agency.attempt(made.json)
        self.assertEqual(read["state"]["name"], "pending")
        self.assertEqual(len(self.agency.attempts(notice)), 1)
        self.assertEqual(len(self.agency.told(read)["told"]), 1)

    def test_the_same_press_is_the_same_attempt(self):
        notice = self.agency.notice()
        self.agency.press(notice, "k" * 16)
        self.agency.press(notice, "k" * 16)
        self.assertEqual(len(self.agency.attempts(notice)), 1)
        self.agency.press(notice, "m" * 16)  # within the same second or not: another reference
        references = {a["reference"] for a in self.agency.attempts(notice)}
        self.assertEqual(len(references), 2)

    # --- result calls ---

    def test_told_twice_and_failed_afterwards(self):
        notice = self.agency.notice()
        attempt = self.agency.start(notice)
        self.agency.end(attempt)
        self.assertEqual(self.agency.tell(attempt, {}, {}, {"code": "24"}, {}, {"code": "24"}), ["00"] * 5)
        self.assert_paid(notice, attempt)
        self.assertEqual(self.credits(attempt), 1)

    def test_failed_first(self):
        notice = self.agency.notice()
        attempt = self.agency.start(notice)
        self.assertEqual(self.agency.tell(attempt, {"code": "24"}), ["00"])
        self.assert_not_paid(notice, attempt, "failed")
        self.assertIn("Cổng báo không thành công", self.agency.page(notice).text)
        self.agency.end(attempt)
        self.assertEqual(self.agency.tell(attempt), ["00"])
        self.assert_paid(notice, attempt)

    def test_what_differs_is_no_payment(self):
        cases = {"amount": ({"amount": "1000"}, "04"), "currency": ({"currency": "USD"}, "04"), "partner": ({"partner": "QN0000"}, "04"),
                 "reference": ({"reference": "dvcNOBODY261122093015"}, "01")}
        for what, (fault, code) in cases.items():
            with self.subTest(what):
                notice = self.agency.notice()
                attempt = self.agency.start(notice)
                self.agency.end(attempt)
                before = self.service.metrics().get(f'cho40_national_results_total{{outcome="differs_{what}"}}', 0)
                self.assertEqual(self.agency.tell(attempt, fault), [code])
                self.assert_not_paid(notice, attempt)
                self.assertEqual(self.service.metrics()[f'cho40_national_results_total{{outcome="differs_{what}"}}'], before + 1)
                line = self.service.wait_for_log(lambda l, w=what: l.get("event") == "national.result_differs" and l["what"] == w)
                self.assertNotIn(SECRET, str(line))
                audited = self.database.rows("SELECT details->>'what', outcome FROM audit_entry WHERE act = 'national_platforms.result' "
                                             "ORDER BY at DESC LIMIT 1")
                self.assertEqual(audited, [(what, "differs")])
                self.assertEqual(self.agency.tell(attempt), ["00"], "the truth is heard after it")
                self.assert_paid(notice, attempt)

    def test_a_wrong_checksum_is_nobodys_word(self):
        notice = self.agency.notice()
        attempt = self.agency.start(notice)
        self.agency.end(attempt)
        self.assertEqual(self.agency.tell(attempt, {"wrong_checksum": True}), ["97"])
        self.assert_not_paid(notice, attempt)
        for body in (b"", b"{", b"[]", b"null", b"\xff", b'{"MaLoi":"00"}', b"x" * 5000):
            with self.subTest(body=body[:20]):
                answer = self.service.send("POST", self.agency.platform["address"], body, {"Content-Type": "application/json"})
                self.assertEqual((answer.status, answer.json["MaLoi"]), (200, "97"))
        self.assertEqual(self.service.send("POST", "/rails/dvcqg/rla_01jd2w6x3k9q7m5v8t4r2n0abc", b"{}").status, 404)
        self.assert_not_paid(notice, attempt)

    def test_a_twelve_hour_clock_does_not_move_the_day(self):
        notice = self.agency.notice()
        attempt = self.agency.start(notice)
        self.agency.end(attempt)
        self.assertEqual(self.agency.tell(attempt, {"twelve_hours": True}), ["00"])
        self.assert_paid(notice, attempt)
        near = f"(SELECT abs(extract(epoch FROM paid_at - created_at)) < 600 FROM national_payment WHERE reference = '{attempt['reference']}')"
        self.assertEqual(self.database.value("SELECT " + near), "t")

    def test_the_secret_of_before_counts_as_long_as_it_was_said(self):
        notice = self.agency.notice()
        attempt = self.agency.start(notice)
        self.agency.end(attempt)
        self.agency.register(secret="renewed-secret", previous_secret_until="2026-12-31T00:00:00Z")
        self.assertEqual(self.agency.tell(attempt), ["00"], "the platform still signs with the old one")
        self.assert_paid(notice, attempt)
        other = self.agency.notice()
        self.agency.faults(secret="renewed-secret")
        second = self.agency.start(other)
        self.agency.end(second)
        self.agency.faults(secret=SECRET)
        self.agency.register(secret="renewed-secret")
        self.assertEqual(self.agency.tell(second), ["97"], "ended")
        self.agency.faults(secret="renewed-secret")
        self.assertEqual(self.agency.tell(second), ["00"])

    # --- nobody tells ---

    def test_a_lost_result_is_asked_for_until_it_is_known(self):
        notice = self.agency.notice()
        attempt = self.agency.start(notice)
        said = {}
        for fault in ("query_unknown", "query_garbage", "query_silent", "query_other_amount"):
            self.agency.faults(fault)
            self.agency.look_now(attempt, self.database)
            self.assert_not_paid(notice, attempt)
            said[fault] = self.database.value(f"SELECT last_said FROM national_payment WHERE reference = '{attempt['reference']}'")
        self.assertEqual(said, {"query_unknown": "not_known_yet", "query_garbage": "unreadable", "query_silent": "upstream_error",
                                "query_other_amount": "differs"})
        self.assertEqual(self.database.value(f"SELECT look_at > now() + interval '30 seconds' FROM national_payment "
                                             f"WHERE reference = '{attempt['reference']}'"), "t")
        self.agency.faults()
        transaction = self.agency.end(attempt)
        self.agency.look_now(attempt, self.database)
        self.assert_paid(notice, attempt)
        with self.subTest("every question repeats the string of INIT"):
            self.assertEqual({t.split()[1] for t in self.agency.told(attempt)["told"]}, {self.agency.told(attempt)["sent_time"]})
        with self.subTest("the call that comes at last adds the number and no money"):
            self.assertEqual(self.agency.tell(attempt), ["00"])
            self.assertEqual(self.agency.attempt(attempt)["transaction"], transaction)
            self.assertEqual(self.credits(attempt), 1)
            self.assert_paid(notice, attempt)

    def test_a_failure_is_heard_by_asking(self):
        notice = self.agency.notice()
        attempt = self.agency.start(notice)
        self.agency.end(attempt, paid=False)
        self.agency.look_now(attempt, self.database)
        self.assert_not_paid(notice, attempt, "failed")

    def test_after_72_hours_the_daily_file_decides_and_paid_still_wins(self):
        notice = self.agency.notice()
        attempt = self.agency.start(notice)
        self.database.value(f"UPDATE national_payment SET called_at = called_at - interval '73 hours' WHERE reference = '{attempt['reference']}'")
        self.agency.look_now(attempt, self.database)
        self.assert_not_paid(notice, attempt, "expired")
        self.assertIn("Chưa rõ kết quả", self.agency.page(notice).text)
        self.assertEqual(self.database.value(f"SELECT look_at IS NULL FROM national_payment WHERE reference = '{attempt['reference']}'"), "t")
        self.agency.end(attempt)
        self.assertEqual(self.agency.tell(attempt), ["00"])
        self.assert_paid(notice, attempt)

    def test_an_opening_that_fails(self):
        for fault, state in {"init_refused": "failed", "init_garbage": "created", "init_hang_up": "created", "init_silent": "created"}.items():
            with self.subTest(fault):
                notice = self.agency.notice()
                self.agency.faults(fault)
                attempt = self.agency.start(notice)
                self.assert_not_paid(notice, attempt, state)
                self.assertIn("Chưa mở được Cổng" if state == "failed" else "Cổng chưa trả lời", self.agency.page(notice).text)
                self.agency.faults()
                if state == "failed":
                    continue
                self.agency.look_now(attempt, self.database)  # not known yet; and never opened again
                self.assert_not_paid(notice, attempt, state)
                self.agency.end(attempt)
                self.agency.look_now(attempt, self.database)
                self.assert_paid(notice, attempt)
                self.assertEqual([t.split()[0] for t in self.agency.told(attempt)["told"]].count("INIT"), 1)

    def test_a_bill_that_is_none_is_asked_for_again(self):
        notice = self.agency.notice()
        attempt = self.agency.start(notice)
        self.agency.end(attempt)
        where = f"reference = '{attempt['reference']}'"
        self.agency.faults("bill_garbage")
        self.agency.tell(attempt)
        self.database.wait_until(f"(SELECT last_said = 'not_a_pdf' FROM national_payment WHERE {where})")
        self.assertEqual(self.agency.call("GET", f"/v1/national-payments/{attempt['id']}/bill").status, 404)
        self.agency.faults("bill_none")
        self.agency.look_now(attempt, self.database)
        self.assertEqual(self.database.value(f"SELECT last_said FROM national_payment WHERE {where}"), "http_404")
        self.agency.faults()
        self.agency.look_now(attempt, self.database)
        self.assertEqual(self.agency.call("GET", f"/v1/national-payments/{attempt['id']}/bill").status, 200)

    # --- money twice ---

    def test_two_attempts_both_paid(self):
        notice = self.agency.notice()
        first, second = self.agency.start(notice), self.agency.start(notice)
        self.agency.end(first)
        self.agency.end(second)
        self.assertEqual(self.agency.tell(second), ["00"])
        self.assertEqual(self.agency.tell(first), ["00"])
        self.assert_paid(notice, first, surplus=self.agency.TOTAL)
        self.assert_paid(notice, second, surplus=self.agency.TOTAL)
        self.assertEqual((self.credits(first), self.credits(second)), (1, 1))
        with self.subTest("what was paid twice goes back, and not more than that"):
            path = f"/v1/fee-notices/{notice['id']}/refunds"
            money = lambda amount: {"amount": amount, "currency": "VND"}
            wish = {"surplus": money(self.agency.TOTAL + 1), "expected_refundable": money(2 * self.agency.TOTAL), "reason": {"code": "paid_twice", "text": "Trả hai lần"}}
            refused = self.agency.call("POST", path, wish)
            self.assertGreaterEqual(refused.status, 400, refused)
            made = self.agency.call("POST", path, {**wish, "surplus": money(self.agency.TOTAL)})
            self.assertEqual(made.status, 201, made)

    def test_beside_the_code(self):
        """Paid by QR and over the platform: the later money is owed back."""
        notice = self.agency.notice()
        attempt = self.agency.start(notice)
        code = self.agency.start_paying(notice)
        self.assertEqual(self.agency.pay_by_payos(code, self.agency.TOTAL, reference()).status, 200)
        self.agency.end(attempt)
        self.assertEqual(self.agency.tell(attempt), ["00"])
        self.assert_paid(notice, attempt, surplus=self.agency.TOTAL)

    def test_two_numbers_under_one_reference(self):
        notice = self.agency.notice()
        attempt = self.agency.start(notice)
        self.agency.end(attempt)
        self.assertEqual(self.agency.tell(attempt, {}, {"transaction": "PG-ANOTHER"}, {"transaction": "PG-ANOTHER"}), ["00"] * 3)
        self.assert_paid(notice, attempt, surplus=self.agency.TOTAL)
        self.assertEqual(self.credits(attempt), 2)

    def test_the_daily_file_of_the_platform_agrees(self):
        """Its money is of the provider's channel, beside what comes straight to the agency's bank account."""
        day = day_from_today(0)
        told = []
        for _ in range(2):
            notice = self.agency.notice()
            attempt = self.agency.start(notice)
            self.agency.end(attempt)
            self.agency.tell(attempt)
            self.assert_paid(notice, attempt)
            told.append(attempt["reference"])
        by_code = self.agency.notice()
        self.agency.pay_by_payos(self.agency.start_paying(by_code), self.agency.TOTAL, reference())
        lines = [f"F,{n},{day},{ours},,PAY,{self.agency.TOTAL},0,{self.agency.TOTAL},SUCCESS,{day} 10:00:00,," for n, ours in enumerate(told, 1)]
        file = "\n".join([day_files.COLUMNS, *lines, ""]).encode()
        self.agency.key = self.service.make_key("recon:read", "recon:write")
        stored = Market.send_file(self.agency, "provider", self.agency.platform["id"], day, file)
        self.assertLess(stored.status, 300, stored)
        run = self.agency.must("POST", "/v1/recon/runs", {"date": day, "partner": self.agency.platform["id"]})
        self.assertEqual((run["matched"]["count"], run["matched"]["sum"]["amount"]), (2, 2 * self.agency.TOTAL), run)
        self.assertEqual([row for row in run["breaks"] if row["count"]], [])

    # --- who takes money this way ---

    def test_only_whole_notices_of_agencies_that_do(self):
        notice = self.agency.notice()
        code = self.agency.start_paying(notice)
        self.agency.pay_by_payos(code, 1000, reference())
        self.assertNotIn("/national", self.service.send("GET", "/pay/" + notice["code"]).text)
        refused = self.agency.call("POST", f"/v1/fee-notices/{notice['id']}/national-payments", {})
        self.assertEqual((refused.status, refused.code), (409, "invalid_state"))
        self.agency.register(enabled=False)
        other = self.agency.notice()
        self.assertNotIn("/national", self.service.send("GET", "/pay/" + other["code"]).text)
        self.assertEqual(self.agency.press(other).headers["Location"], "/pay/" + other["code"])
        self.assertEqual(self.agency.attempts(other), [])

    def test_no_more_attempts_than_anybody_needs(self):
        notice = self.agency.notice()
        for _ in range(10):
            self.assertEqual(self.agency.press(notice).status, 303)
        self.assertEqual(self.agency.press(notice).status, 429)
        refused = self.agency.call("POST", f"/v1/fee-notices/{notice['id']}/national-payments", {})
        self.assertEqual((refused.status, refused.code), (429, "rate_limited"))
        self.agency.tell(self.agency.attempts(notice)[0], {"code": "24"})
        self.assertEqual(self.agency.press(notice).status, 303, "one of them has ended")

    def test_what_is_registered(self):
        path = f"/v1/agencies/{self.agency.id}/national-platform"
        read = self.agency.must("GET", path)
        self.assertEqual((read["partner"], read["enabled"], read["version"]), (self.agency.partner, True, 1))
        self.assertNotIn(SECRET, str(read))
        for wrong in ({"url": "http://pay.example/api"}, {"url": "https://user@pay.example/"}, {"partner": "a|b"}, {"ip": "here"},
                      {"secret": "short"}, {"access_token": "a\r\nX: y"}, {"previous_secret_until": "2030-01-01T00:00:00Z"}):
            with self.subTest(wrong):
                answer = self.agency.call("POST", path, self.agency.wish(**wrong))
                self.assertEqual((answer.status, answer.code), (422, "validation_failed"))
        stored = self.database.value("SELECT string_agg(encode(sealed_secret, 'escape') || encode(sealed_token, 'escape'), '') FROM national_platform")
        self.assertNotIn(SECRET, stored)
        self.assertEqual(self.agency.call("GET", "/v1/agencies/agc_01jd2w6x3k9q7m5v8t4r2n0abc/national-platform").status, 404)


if __name__ == "__main__":
    unittest.main()
