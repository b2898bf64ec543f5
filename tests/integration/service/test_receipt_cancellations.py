"""Receipts that should not stand as they do: cancelled once their money is back, or replaced, by two people of the agency."""
import concurrent.futures
import unittest
import uuid

import pictures
import shared
from service import VIETQR_SECRET, Agency, Browser, Market, day_from_today, reference
from test_receipts import paid_notice, receipt_of


class CollectingAgency(Agency):
    """With two series, a second rail that tells of money out, and people."""

    def __init__(self, service):
        year = day_from_today(0)[2:4]
        super().__init__(service, service.make_key("admin:write", "fees:read", "fees:write", "payments:read", "payments:write"),
                         receipt_series=year + "TAP", receipt_series_le_phi=year + "TAL")
        self.vietqr_path = self.must("POST", "/v1/rail-accounts", {"place": self.id, "rail": "vietqr", "name": "vietqr", "channel": "bank",
                                                                  "secret": VIETQR_SECRET})["address"]

    vietqr_body, vietqr, fetch_token = Market.vietqr_body, Market.vietqr, Market.fetch_token

    def person(self):
        return Browser(self.service, self.service.make_user("c" + uuid.uuid4().hex[:12], f"agency:{self.id}"))

    def give_back(self, notice, receipt):
        amount = receipt["amount"]
        refund = self.must("POST", f"/v1/fee-notices/{notice['id']}/refunds", {
            "lines": [{"receipt": receipt["id"], "line": line["line"], "amount": line["amount"]} for line in receipt["lines"]],
            "expected_refundable": notice["refundable"], "reason": {"code": "not_accepted", "text": "Hồ sơ không được tiếp nhận"}})
        told = self.vietqr(self.vietqr_body(refund["reference"], amount["amount"], reference(), transType="D"))
        if told.status != 200:
            raise AssertionError(str(told))


class Cancellations(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = shared.service()
        cls.agency = CollectingAgency(cls.service)
        cls.one, cls.two = cls.agency.person(), cls.agency.person()

    def tearDown(self):
        self.service.verify_books()

    def ask(self, receipt, by=None, code="wrong_payer", text="Ghi nhầm tên người nộp", **more):
        return (by or self.one).call("POST", f"/v1/receipts/{receipt['id']}/cancellation", {"reason": {"code": code, "text": text}, **more})

    def must_ask(self, receipt, **more):
        answer = self.ask(receipt, **more)
        self.assertEqual((answer.status, answer.json["state"]["name"]), (202, "awaiting_approval"), answer)
        return answer.json

    def decide(self, receipt, by, what="approval", body=None):
        return by.call("POST", f"/v1/receipts/{receipt['id']}/cancellation/{what}", body)

    def read(self, receipt):
        return self.agency.must("GET", f"/v1/receipts/{receipt['id']}")

    def page(self, path):
        return self.service.send("GET", path).text.replace("\u00a0", " ")

    def numbers(self, series):
        book = self.service.database.value(f"SELECT book_id FROM agency WHERE code = '{self.agency.code}'")
        return [int(row[0]) for row in self.service.database.rows(
            f"SELECT number FROM receipt WHERE book_id = {book} AND symbol = '{series}' ORDER BY number")]

    def test_replaced_by_one_that_says_it_right(self):
        notice = paid_notice(self.agency)
        old = receipt_of(notice, "phi")
        asked = self.must_ask(old, replacement={"payer_name": "Nguyễn Thị Thệ"})
        self.assertEqual((asked["effect"], asked["replacement"]["payer_name"], asked["replacement"]["receipt"]), ("replaced", "Nguyễn Thị Thệ", None))
        self.assertEqual(self.read(old)["validity"], "issued", "nothing happens before another person agrees")
        self.assertEqual(self.decide(old, self.one).code, "maker_cannot_check")
        self.assertEqual(self.decide(old, self.agency).code, "forbidden")  # a key is nobody's second person
        stranger = Browser(self.service, self.service.make_user("c" + uuid.uuid4().hex[:12], f"agency:{Agency(self.service).id}"))
        self.assertEqual(self.decide(old, stranger).code, "not_found")
        self.assertEqual(self.ask(old, by=self.two, replacement={"dossier_code": "X"}).code, "invalid_state")  # one at a time

        done = self.decide(old, self.two)
        self.assertEqual((done.status, done.json["state"]["name"]), (200, "approved"), done)
        self.assertEqual(self.decide(old, self.two).code, "invalid_state")
        new = self.agency.must("GET", f"/v1/receipts/{done.json['replacement']['receipt']}")
        was = self.read(old)
        self.assertEqual((was["validity"], was["replaced_by"], was["replaced_by_receipt"]),
                         ("replaced", f"EBL01 {new['series']} {int(new['number'])}", new["id"]))
        self.assertEqual((new["validity"], new["replaces"], new["payer_name"], new["amount"], new["series"]),
                         ("issued", f"EBL01 {old['series']} {int(old['number'])}", "Nguyễn Thị Thệ", old["amount"], old["series"]))
        self.assertNotEqual(new["digest"], was["digest"])
        numbers = self.numbers(old["series"])
        self.assertEqual(numbers, list(range(1, len(numbers) + 1)))

        self.assertIn(was["replaced_by"], self.page(f"/verify?code={old['code']}"))
        self.assertIn(new["replaces"], self.page(f"/receipt/{new['code']}"))
        paper = pictures.text_in_pdf(self.service.send("GET", f"/receipt/{old['code']}/pdf?paper=80mm").bytes)
        self.assertIn("ĐÃ ĐƯỢC THAY THẾ", paper)
        result = self.page(f"/pay/{notice['code']}")
        self.assertIn(new["code"], result)
        self.assertNotIn(old["code"], result)
        proof = self.service.send("GET", f"/receipt/{new['code']}/proof")
        self.assertIn(proof.status, (200, 503), proof)  # the same row of the ledger stands behind both

        # The money is the new one's: only that can be given back.
        notice = self.agency.must("GET", f"/v1/fee-notices/{notice['id']}")
        line = {"line": 1, "amount": {"amount": 1000, "currency": "VND"}}
        body = {"expected_refundable": notice["refundable"], "reason": {"code": "other", "text": "Thu sai"}}
        refused = self.agency.call("POST", f"/v1/fee-notices/{notice['id']}/refunds", {**body, "lines": [{**line, "receipt": old["id"]}]})
        self.assertEqual(refused.code, "invalid_state", refused)
        self.agency.must("POST", f"/v1/fee-notices/{notice['id']}/refunds", {**body, "lines": [{**line, "receipt": new["id"]}]})
        self.assertEqual(self.ask(new, replacement={"payer_name": "X"}).code, "invalid_state")  # its money is on its way back

    def test_cancelled_once_its_money_is_back(self):
        notice = paid_notice(self.agency)
        receipt = receipt_of(notice, "le_phi")
        early = self.ask(receipt, code="refunded", text="Đã hoàn tiền")
        self.assertEqual((early.status, early.code), (409, "invalid_state"), early)
        self.assertIn("hoàn tiền trước", early.json["detail"])
        self.agency.give_back(notice, receipt)
        self.must_ask(receipt, code="refunded", text="Đã hoàn tiền, hồ sơ không tiếp nhận")
        self.assertEqual(self.decide(receipt, self.two).status, 200)
        after = self.read(receipt)
        self.assertEqual((after["validity"], after["refunded"], after["replaced_by"]), ("cancelled", receipt["amount"], None))
        self.assertEqual([c["state"]["name"] for c in after["cancellations"]], ["approved"])
        for path in (f"/verify?code={receipt['code']}", f"/receipt/{receipt['code']}"):
            self.assertIn("Đã hoàn tiền, hồ sơ không tiếp nhận", self.page(path))
        self.assertIn("ĐÃ HỦY", pictures.text_in_pdf(self.service.send("GET", f"/receipt/{receipt['code']}/pdf").bytes))
        self.assertEqual(self.ask(receipt, replacement={"payer_name": "X"}).code, "invalid_state")
        other = receipt_of(self.agency.must("GET", f"/v1/fee-notices/{notice['id']}"), "phi")
        self.assertEqual(other["validity"], "issued")

    def test_what_is_refused_and_what_is_rejected(self):
        receipt = receipt_of(paid_notice(self.agency), "phi")
        path = f"/v1/receipts/{receipt['id']}/cancellation"
        before = self.read(receipt)
        cases = {
            "nothing different": ({"reason": {"code": "other", "text": "không rõ"}, "replacement": {}}, 422, "validation_failed", "/replacement"),
            "no words": ({"reason": {"code": "other"}}, 422, "validation_failed", "/reason/text"),
            "an unknown reason": ({"reason": {"code": "bored", "text": "abc"}}, 422, "validation_failed", "/reason/code"),
        }
        for name, (body, status, code, pointer) in cases.items():
            with self.subTest(name):
                answer = self.one.call("POST", path, body)
                self.assertEqual((answer.status, answer.code, answer.json["errors"][0]["pointer"]), (status, code, pointer), answer)
        self.assertEqual(self.decide(receipt, self.two).code, "invalid_state")
        self.assertEqual(self.read(receipt), before)

        self.must_ask(receipt, replacement={"dossier_code": "H49-1"})
        no = self.decide(receipt, self.two, "rejection", {"reason": "Mã hồ sơ cũ đúng"})
        self.assertEqual((no.status, no.json["state"]["name"], no.json["state"]["reason"]["text"]), (200, "rejected", "Mã hồ sơ cũ đúng"), no)
        self.assertEqual(self.read(receipt)["validity"], "issued")
        self.must_ask(receipt, replacement={"dossier_code": "H49-2"})  # asked for anew
        self.assertEqual(self.decide(receipt, self.two).status, 200)

    def test_many_decide_at_once(self):
        receipt = receipt_of(paid_notice(self.agency), "phi")
        self.must_ask(receipt, replacement={"payer_name": "Trần Thị Bé"})
        people = [self.agency.person() for _ in range(6)]
        with concurrent.futures.ThreadPoolExecutor(len(people)) as pool:
            answers = list(pool.map(lambda person: self.decide(receipt, person), people))
        self.assertEqual(sorted(a.status for a in answers).count(200), 1, answers)
        self.assertLessEqual({a.code for a in answers if a.status != 200}, {"stale", "invalid_state"}, answers)
        numbers = self.numbers(receipt["series"])
        self.assertEqual(numbers, list(range(1, len(numbers) + 1)))
        book = self.service.database.value(f"SELECT count(*) FROM receipt WHERE replaced_by IS NOT NULL AND receipt_id::text = "
                                           f"(SELECT receipt_id::text FROM receipt WHERE lookup_code = '{receipt['code']}')")
        self.assertEqual(book, "1")


if __name__ == "__main__":
    unittest.main()
