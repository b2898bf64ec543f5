"""Money that leaves under a refund's code and is not simply that refund, what a stall still has to give back, and whom to pay."""
import json
import time
import unittest
import uuid

import shared
from service import PAYER_ACCOUNT, PAYOS_SECRET, Browser, Stream, reference

LIMIT = 5_000_000  # refunds.approval_from unless configured otherwise
DAY = 86400


def money(amount):
    return {"amount": amount, "currency": "VND"}


class Stall(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = shared.service()

    def setUp(self):
        self.market = shared.market()

    def tearDown(self):
        self.service.verify_books()

    def paid(self, amount, came=None):
        payment = self.market.ask(amount)
        self.assertEqual(self.market.pay_by_payos(payment["reference"], came or amount, reference()).status, 200)
        return payment

    def refund(self, payment, amount, expected, code="returned_goods"):
        body = {"amount": money(amount), "expected_refundable": money(expected), "reason": {"code": code}}
        return self.market.must("POST", f"/v1/payments/{payment['id']}/refunds", body)

    def money_out(self, memo, amount, number=None, **changes):
        """A rail tells of an outgoing transfer of the stall's bank."""
        number = number or reference()
        answer = self.market.vietqr(self.market.vietqr_body(memo, amount, number, transType="D", **changes))
        self.assertEqual(answer.status, 200, answer)
        return number

    def act(self, refund, act, body=None, by=None):
        return (by or self.market).call("POST", f"/v1/refunds/{refund['id']}/{act}", body)

    def completed(self, refund, number):
        answer = self.act(refund, "completion", {"bank_reference": number, "evidence": "Sao kê app ngân hàng"})
        self.assertEqual(answer.status, 200, answer)

    def outflow(self, refund):
        """As the payment's page has it; the refund alone and the list say the same."""
        alone = self.market.must("GET", f"/v1/refunds/{refund['id']}")
        listed = self.market.must("GET", f"/v1/payments/{refund['payment']}/refunds")["data"]
        shown = self.market.must("GET", f"/v1/payments/{refund['payment']}")["refunds"]
        for refunds in (listed, shown):
            self.assertEqual(next(r for r in refunds if r["id"] == refund["id"])["outflow"], alone["outflow"])
        return alone["outflow"]

    def problems(self):
        return [(line["amount"]["amount"], line["asked"]["amount"], line["problem"]["text"]) for line in self.market.day_book()["lines"]
                if line["kind"] == "refund_differs"]

    def owed(self, book=None):
        book = book or self.market.day_book()
        rows = book["to_give_back"]
        total = book["totals"]["refund_due"]
        self.assertEqual((total["count"], total["sum"]["amount"]), (len(rows), sum(row["amount"]["amount"] for row in rows)))
        return [(row["kind"], row["amount"]["amount"], row["payment"] or row["credit"], row["state"]) for row in rows]


class Differing(Stall):
    def test_too_little_then_the_rest(self):
        payment = self.paid(45000)
        refund = self.refund(payment, 45000, 45000)
        self.assertIsNone(self.outflow(refund))
        self.money_out(f"hoan tien {refund['reference']}", 44000)
        found = self.outflow(refund)
        self.assertEqual((found["what"], found["left"]["amount"], found["missing"]["amount"], found["excess"]["amount"]), ("too_little", 44000, 1000, 0))
        self.assertEqual(found["text"], "Mới chuyển 44.000 đ, còn thiếu 1.000 đ.")
        self.assertIn(f"Chuyển nốt 1.000 đ với nội dung {refund['reference']}", found["next"])
        [movement] = found["movements"]
        self.assertEqual((movement["amount"]["amount"], movement["outcome"]), (44000, "refund_differs"))
        self.assertEqual(movement["match"]["characters"], {"from": 10, "length": 9, "text": refund["reference"]})
        self.assertEqual(self.problems(), [(44000, 45000, "Mới chuyển 44.000 đ, còn thiếu 1.000 đ.")])
        book = self.market.day_book()
        self.assertTrue(all(line["needs_attention"] for line in book["lines"] if line["kind"] == "refund_differs"))
        self.assertEqual(book["totals"]["refunded"]["count"], 0)
        self.assertIn("còn thiếu 1.000 đ", book["to_give_back"][0]["text"])
        steps = self.market.payment(payment)["timeline"]
        self.assertEqual([(s["what"], s["amount"]["amount"]) for s in steps][-1], ("refund_differs", 44000))

        rest = self.money_out(refund["reference"], 1000)
        self.assertEqual(self.outflow(refund)["what"], "in_parts")
        self.completed(refund, rest)
        self.assertIsNone(self.outflow(refund))
        self.assertEqual(self.problems(), [])
        self.assertEqual(self.owed(), [])

    def test_too_much(self):
        refund = self.refund(self.paid(45000), 20000, 45000)
        number = self.money_out(refund["reference"], 25000)
        found = self.outflow(refund)
        self.assertEqual((found["what"], found["excess"]["amount"]), ("too_much", 5000))
        self.assertEqual(self.problems(), [(25000, 20000, "Đã chuyển 25.000 đ, dư 5.000 đ.")])
        self.completed(refund, number)
        after = self.outflow(refund)
        self.assertEqual((after["what"], after["excess"]["amount"]), ("too_much", 5000))
        self.assertEqual(after["next"], "Đừng chuyển thêm. Xem sao kê rồi nhờ khách trả lại 5.000 đ.")

    def test_paid_twice(self):
        refund = self.refund(self.paid(45000), 45000, 45000)
        self.money_out(refund["reference"], 45000)
        self.assertIsNone(self.outflow(refund))
        self.money_out(refund["reference"] + " lan hai", 45000)
        found = self.outflow(refund)
        self.assertEqual((found["what"], found["left"]["amount"], found["excess"]["amount"], len(found["movements"])), ("paid_twice", 90000, 45000, 1))
        self.assertTrue(found["text"].startswith("Hoàn hai lần. Đã chuyển 90.000 đ, dư 45.000 đ."), found)
        book = self.market.day_book()
        self.assertEqual(sorted((line["kind"], line["amount"]["amount"]) for line in book["lines"]),
                         [("matched", 45000), ("refund", 45000), ("refund_differs", 45000)])
        self.assertEqual((book["totals"]["all"]["sum"]["amount"], book["totals"]["refunded"]["sum"]["amount"]), (45000, 45000))

    def test_one_transfer_told_by_two_rails_is_one(self):
        refund = self.refund(self.paid(45000), 45000, 45000)
        number = self.money_out(refund["reference"], 44000)
        self.money_out(refund["reference"], 44000, number, transactionid="another event of the same transfer")
        self.market.vietqr_path = self.market._rail("vietqr", "user1:password1")  # the same bank through another account there
        self.money_out(refund["reference"], 44000, number)
        found = self.outflow(refund)
        self.assertEqual((found["left"]["amount"], len(found["movements"])), (44000, 1))
        self.assertEqual(len(self.problems()), 1)

    def test_sent_though_cancelled_and_put_right(self):
        payment = self.paid(45000)
        refund = self.refund(payment, 45000, 45000)
        self.assertEqual(self.act(refund, "cancellation").status, 200)
        number = self.money_out(refund["reference"], 45000)
        found = self.outflow(refund)
        self.assertEqual((found["what"], found["excess"]["amount"]), ("not_asked_for", 45000))
        self.assertIn("dù khoản hoàn này đã đóng", found["text"])
        other = self.refund(payment, 45000, 45000)
        self.completed(other, number)
        self.assertIsNone(self.outflow(refund))
        self.assertIsNone(self.outflow(other))
        self.assertEqual(self.problems(), [])

    def test_sent_before_it_was_approved(self):
        refund = self.refund(self.paid(LIMIT), LIMIT, LIMIT)
        self.assertEqual(refund["state"]["name"], "awaiting_approval")
        self.money_out(refund["reference"], LIMIT)
        self.assertIn("chưa được duyệt", self.outflow(refund)["text"])

    def test_a_memo_that_may_mean_it(self):
        refund = self.refund(self.paid(45000), 45000, 45000)
        code = refund["reference"]
        number = self.money_out(f"{code[:3]} {code[3:6]} {code[6:]}", 45000)
        found = self.outflow(refund)
        self.assertEqual((found["what"], found["left"]["amount"], found["movements"][0]["match"]["rule"]), ("unclear", 45000, "code_nearly"))
        self.completed(refund, number)
        self.assertIsNone(self.outflow(refund))

    def test_the_phone_hears_of_it(self):
        refund = self.refund(self.paid(45000), 45000, 45000)
        stream = Stream(self.service, f"/v1/stalls/{self.market.stall}/stream", self.market.key)
        self.addCleanup(stream.close)
        stream.next()
        self.money_out(refund["reference"], 44000)
        event = stream.next()
        self.assertEqual(event["event"], "refund.differs", event)
        told = json.loads(event["data"])["data"]["object"]
        self.assertEqual((told["id"], told["payment"], told["state"]), (refund["id"], refund["payment"], "due"))

    def test_in_english(self):
        refund = self.refund(self.paid(45000), 45000, 45000)
        self.money_out(refund["reference"], 44000)
        answer = self.market.call("GET", f"/v1/refunds/{refund['id']}", **{"Accept-Language": "en"})
        self.assertEqual(answer.json["outflow"]["text"], "Only 44.000 đ left, 1.000 đ is missing.")
        self.assertEqual(answer.json["outflow"]["movements"][0]["match"]["text"], f"The memo holds the code of this payment: “{refund['reference']}”.")

    def test_nameless_money(self):
        number = reference()
        self.market.payos(self.market.payos_body("", 30000, number, description="NGUYEN VAN A chuyen tien"))
        credit = self.market.day_book()["lines"][0]["credit"]
        path = f"/v1/stalls/{self.market.stall}/credits/{credit}"
        refund = self.market.must("POST", path + "/refunds", {"amount": money(30000), "expected_refundable": money(30000), "reason": {"code": "wrong_payment"}})
        self.assertEqual(self.owed(), [("refund", 30000, credit, "due")])
        self.money_out(refund["reference"], 29000)
        self.assertEqual(self.market.must("GET", path)["refunds"][0]["outflow"]["what"], "too_little")
        [line] = [line for line in self.market.day_book()["lines"] if line["kind"] == "refund_differs"]
        self.assertEqual((line["credit"], line["payment"]), (credit, None))


class ToGiveBack(Stall):
    def test_from_the_asking_until_the_money_left(self):
        payment = self.paid(45000)
        self.assertEqual(self.owed(), [])
        refund = self.refund(payment, 20000, 45000)
        self.assertEqual(self.owed(), [("refund", 20000, payment["id"], "due")])
        [row] = self.market.day_book()["to_give_back"]
        self.assertEqual((row["refund"], row["reference"], row["since"]), (refund["id"], refund["reference"], refund["created_at"]))
        self.assertIn(refund["reference"], row["text"])
        self.money_out(refund["reference"], 20000)
        self.assertEqual(self.owed(), [])

    def test_before_approval_and_after_rejection(self):
        payment = self.paid(LIMIT)
        refund = self.refund(payment, LIMIT, LIMIT)
        self.assertEqual(self.owed(), [("refund", LIMIT, payment["id"], "awaiting_approval")])
        board = Browser(self.service, self.service.make_user("b" + uuid.uuid4().hex[:12], f"market_board:{self.market.market}"))
        self.assertEqual(self.act(refund, "rejection", {"reason": "chưa rõ"}, by=board).status, 200)
        self.assertEqual(self.owed(), [])

    def test_a_surplus_until_its_refund_left(self):
        payment = self.paid(30000, came=40000)
        self.assertEqual(self.owed(), [("surplus", 10000, payment["id"], None)])
        first = self.refund(payment, 6000, 40000, "overpaid")
        self.assertEqual(self.owed(), [("surplus", 4000, payment["id"], None), ("refund", 6000, payment["id"], "due")])
        self.act(first, "cancellation")
        self.assertEqual(self.owed(), [("surplus", 10000, payment["id"], None)])
        whole = self.refund(payment, 10000, 40000, "overpaid")
        self.assertEqual(self.owed(), [("refund", 10000, payment["id"], "due")])
        self.money_out(whole["reference"], 10000)
        self.assertEqual(self.owed(), [])

    def test_a_past_day_does_not_know_it_yet(self):
        self.refund(self.paid(45000), 20000, 45000)
        yesterday = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 7 * 3600 - DAY))
        book = self.market.must("GET", f"/v1/stalls/{self.market.stall}/day-book?date={yesterday}")
        self.assertEqual(self.owed(book), [])

    def test_another_stalls_debts_are_its_own(self):
        other = shared.market()
        self.refund(self.paid(45000), 20000, 45000)
        self.assertEqual(self.owed(other.day_book()), [])


class Payers(Stall):
    """One rail tells of the money without who paid, another tells of the same money with it."""

    def told_by_both(self, first, second):
        """vietqr tells first unless said otherwise: it knows of no payer."""
        payment = self.market.ask(45000)
        number = reference()
        first(payment, number)
        second(payment, number)
        return payment

    def by_vietqr(self, payment, number):
        self.assertEqual(self.market.pay_by_vietqr(payment["reference"], 45000, number).status, 200)

    def by_payos(self, payment, number, **changes):
        self.assertEqual(self.market.payos(self.market.payos_body(payment["reference"], 45000, number, **changes)).status, 200)

    def payer(self, payment):
        [credit] = self.market.must("GET", f"/v1/payments/{payment['id']}/credits")["data"]
        return credit["payer"]

    def helper_sees(self, refund):
        helper = Browser(self.service, self.service.make_user("h" + uuid.uuid4().hex[:12], f"vendor_staff:{self.market.stall}"))
        return helper, helper.call("GET", f"/v1/refunds/{refund['id']}")

    def test_a_rail_that_tells_later_fills_in_the_payer(self):
        payment = self.told_by_both(self.by_vietqr, self.by_payos)
        payer = self.payer(payment)
        self.assertEqual((payer["bank_name"], payer["account_number_masked"], payer["contradictions"]),
                         ("MBBank", "•••• " + PAYER_ACCOUNT[-4:], []))
        self.assertTrue(payer["name"])
        self.assertEqual([line["payer"] for line in self.market.day_book()["lines"]], [payer["name"]])
        helper, seen = self.helper_sees(self.refund(payment, 45000, 45000))
        destination = seen.json["destination"]
        self.assertEqual((destination["account_number_masked"], destination["account_name"]), ("•••• " + PAYER_ACCOUNT[-4:], payer["name"]))
        self.assertIsNone(seen.json["destination_unknown"])
        self.assertEqual(helper.call("GET", destination["qr"]).status, 200)
        self.assertNotIn(PAYER_ACCOUNT, seen.text)

    def test_the_code_to_pay_with_asks_for_what_is_missing(self):
        payment = self.paid(45000)
        refund = self.refund(payment, 45000, 45000)
        helper, seen = self.helper_sees(refund)
        self.assertEqual(seen.json["destination"]["amount"]["amount"], 45000)
        old = seen.json["destination"]["qr"]
        self.assertIn("VietQR 45.000", helper.call("GET", old).text)
        self.money_out(refund["reference"], 44000)
        seen = helper.call("GET", f"/v1/refunds/{refund['id']}")
        self.assertEqual(seen.json["destination"]["amount"]["amount"], 1000)
        self.assertIn("VietQR 1.000", helper.call("GET", seen.json["destination"]["qr"]).text)
        self.assertEqual(helper.call("GET", old).status, 404)  # nobody pays by what a page remembers
        self.money_out(refund["reference"], 1000)
        self.assertIsNone(helper.call("GET", f"/v1/refunds/{refund['id']}").json["destination"])
        self.assertEqual(helper.call("GET", f"/v1/refunds/{refund['id']}/qr").status, 404)

    def test_linked_without_a_common_reference(self):
        payment = self.market.ask(45000)
        self.by_vietqr(payment, reference())
        self.by_payos(payment, "99" + reference()[-8:])  # a number of another shape
        self.assertEqual(self.market.payment(payment)["received"]["amount"], 45000)
        self.assertEqual(self.payer(payment)["account_number_masked"], "•••• " + PAYER_ACCOUNT[-4:])

    def test_nobody_told(self):
        payment = self.market.ask(45000)
        self.by_vietqr(payment, reference())
        _, seen = self.helper_sees(self.refund(payment, 45000, 45000))
        self.assertEqual((seen.json["destination"], seen.json["destination_unknown"]["code"]), (None, "payer_not_told"))

    def test_a_contradiction_is_kept_and_nothing_is_sent_there(self):
        payment = self.told_by_both(self.by_payos, lambda p, n: self.by_another_payos(p, n, "1111222233334444"))
        payer = self.payer(payment)
        self.assertEqual(payer["account_number_masked"], "•••• " + PAYER_ACCOUNT[-4:])
        self.assertEqual(payer["contradictions"], [{"fact": "account", "rail": "payos", "told": "•••• 4444"}])
        helper, seen = self.helper_sees(refund := self.refund(payment, 45000, 45000))
        self.assertEqual((seen.json["destination"], seen.json["destination_unknown"]["code"]), (None, "payer_contradicted"))
        self.assertIn("Hai nơi báo hai tài khoản khách khác nhau", seen.json["destination_unknown"]["text"])
        self.assertEqual(helper.call("GET", f"/v1/refunds/{refund['id']}/qr").status, 404)

    def by_another_payos(self, payment, number, account):
        """The same bank through another account at payOS, which says another payer."""
        path, self.market.payos_path = self.market.payos_path, self.market._rail("payos", PAYOS_SECRET)
        self.by_payos(payment, number, counterAccountNumber=account)
        self.market.payos_path = path


if __name__ == "__main__":
    unittest.main()
