"""A stall asks for money and the bank tells of it, in every way that happens at a market."""
import unittest

import shared
from service import reference


class Story(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = shared.service()

    def setUp(self):
        self.market = shared.market()

    def pay(self, code, amount, by="payos", number=None):
        number = number or reference()
        answer = (self.market.pay_by_payos if by == "payos" else self.market.pay_by_vietqr)(code, amount, number)
        self.assertEqual(answer.status, 200, answer)
        return number

    def assert_lines(self, *expected):
        """The day book's lines as (kind, amount), and its sums as their sums."""
        book = self.market.day_book()
        lines = sorted((line["kind"], line["amount"]["amount"]) for line in book["lines"])
        self.assertEqual(lines, sorted(expected))
        self.assertEqual(book["totals"]["bank"]["count"], len(expected))
        self.assertEqual(sum(row["sum"]["amount"] for row in book["totals"]["by_kind"]), sum(amount for _, amount in expected))
        for row in book["totals"]["by_kind"]:
            of_kind = [amount for kind, amount in expected if kind == row["kind"]]
            self.assertEqual((row["count"], row["sum"]["amount"]), (len(of_kind), sum(of_kind)), row["kind"])
        return book

    def tearDown(self):
        self.service.verify_books()

    def test_exact(self):
        payment = self.market.ask(45000)
        self.assertEqual(payment["state"]["name"], "waiting")
        self.pay(payment["reference"], 45000)
        after = self.market.payment(payment)
        self.assertEqual((after["state"]["name"], after["received"]["amount"], after["remaining"]["amount"]), ("paid", 45000, 0))
        self.assertEqual([step["what"] for step in after["timeline"]], ["created", "paid"])
        self.assert_lines(("matched", 45000))

    def test_same_notification_five_times(self):
        payment = self.market.ask(45000)
        body = self.market.payos_body(payment["reference"], 45000, reference())
        self.assertEqual({(a.status, a.text) for a in (self.market.payos(body) for _ in range(5))}, {(200, '{"success":true}')})
        self.assertEqual(self.market.payment(payment)["received"]["amount"], 45000)
        self.assert_lines(("matched", 45000))

    def test_same_transfer_over_both_rails(self):
        payment = self.market.ask(45000)
        number = self.pay(payment["reference"], 45000)
        self.pay(payment["reference"], 45000, "vietqr", number)
        self.assertEqual(self.market.state(payment), "paid")
        self.assert_lines(("matched", 45000))

    def test_second_payment_for_a_paid_request(self):
        payment = self.market.ask(45000)
        self.pay(payment["reference"], 45000)
        self.pay(payment["reference"], 45000, "vietqr")
        after = self.market.payment(payment)
        self.assertEqual((after["state"]["name"], after["received"]["amount"], after["excess"]["amount"]), ("paid", 45000, 45000))
        book = self.assert_lines(("matched", 45000), ("duplicate", 45000))
        self.assertEqual(book["totals"]["refund_due"]["sum"]["amount"], 45000)

    def test_short_then_the_rest(self):
        payment = self.market.ask(200000)
        self.pay(payment["reference"], 200)
        between = self.market.payment(payment)
        self.assertEqual((between["state"]["name"], between["remaining"]["amount"]), ("underpaid", 199800))
        self.pay(payment["reference"], 199800, "vietqr")
        self.assertEqual(self.market.state(payment), "paid")
        self.assertEqual(self.market.day_book()["totals"]["bank"]["sum"]["amount"], 200000)

    def test_over(self):
        payment = self.market.ask(30000)
        self.pay(payment["reference"], 40000, "vietqr")
        after = self.market.payment(payment)
        self.assertEqual((after["state"]["name"], after["excess"]["amount"]), ("overpaid", 10000))
        self.assert_lines(("over", 40000))

    def test_late(self):
        payment = self.market.ask(30000)
        self.market.must("POST", f"/v1/payments/{payment['id']}/cancellation", {})
        self.assertEqual(self.market.state(payment), "cancelled")
        self.pay(payment["reference"], 30000)
        self.assertEqual(self.market.state(payment), "paid_late")
        self.assert_lines(("late", 30000))

    def test_nameless(self):
        self.pay("mua ca", 21000)
        self.assert_lines(("nameless", 21000))

    def test_memo_with_two_codes(self):
        first, second = self.market.ask(30000), self.market.ask(30000)
        self.pay(first["reference"] + " " + second["reference"], 30000)
        self.assertEqual((self.market.state(first), self.market.state(second)), ("waiting", "waiting"))
        self.assert_lines(("nameless", 30000))

    def test_amount_of_the_ledger_is_the_amount_of_the_credits(self):
        payment = self.market.ask(12345)
        self.pay(payment["reference"], 12345)
        booked = self.service.database.value("SELECT sum(amount) FROM bank_credit")
        # Every credit debits the bank (kind 0 of the chart) once; what follows moves it on within the book. A refund that the bank
        # sends back debits it too (code 900) and is no credit. Other tests keep books of their own.
        posted = self.service.database.value(
            "SELECT sum(j.amount) FROM journal j JOIN book b ON b.book_id = j.book_id AND b.kind <> 3 WHERE j.debit_account % 16 = 0 AND j.code <> 900")
        self.assertEqual(booked, posted)


if __name__ == "__main__":
    unittest.main()
