"""Why money was taken to be for a payment, and what a person says of money that names none."""
import unittest

import shared
from service import reference


class Credits(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = shared.service()

    def setUp(self):
        self.market = shared.market()

    def tearDown(self):
        self.service.verify_books()

    def told(self, memo, amount):
        """One transfer with these words; its credit as the stall reads it."""
        number = reference()
        answer = self.market.payos(self.market.payos_body("", amount, number, description=memo))
        self.assertEqual(answer.status, 200, answer)
        line = next(line for line in self.market.day_book()["lines"] if line.get("trace_tail") == number[-4:])
        return self.credit(line["credit"])

    def credit(self, credit_id):
        return self.market.must("GET", f"/v1/stalls/{self.market.stall}/credits/{credit_id}")

    def assign(self, credit, payment):
        return self.market.call("POST", f"/v1/stalls/{self.market.stall}/credits/{credit['id']}/assignment", {"payment": payment["id"]})

    def test_the_code_that_was_found_is_shown(self):
        payment = self.market.ask(45000)
        code = payment["reference"]
        credit = self.told(f"Tra tien ca {code[:5].lower()} {code[5:]} sap 12", 45000)
        match = credit["match"]
        self.assertEqual((match["rule"], match["characters"]["text"]), ("code", f"{code[:5].lower()} {code[5:]}"))
        self.assertIn(match["characters"]["text"], match["text"])
        self.assertIn("Nội dung chuyển khoản có mã", match["text"])
        self.assertIsNone(credit["suggestion"])

    def test_a_suggestion_is_confirmed_once(self):
        payment = self.market.ask(45000)
        credit = self.told("NGUYEN VAN A chuyen tien", 45000)
        self.assertEqual((credit["kind"], credit["match"]["rule"]), ("nameless", "amount_and_time"))
        self.assertEqual(credit["suggestion"], {"payment": payment["id"], "reference": payment["reference"]})

        answer = self.assign(credit, payment)
        self.assertEqual((answer.status, answer.json["state"]["name"], answer.json["received"]["amount"]), (200, "paid", 45000), answer)
        after = self.credit(credit["id"])
        self.assertEqual((after["payment"], after["kind"], after["match"]["rule"], after["suggestion"]), (payment["id"], "matched", "by_hand", None))
        self.assertEqual(self.market.state(payment), "paid")
        book = self.market.day_book()
        self.assertEqual([(line["kind"], line["amount"]["amount"]) for line in book["lines"]], [("matched", 45000)])

        other = self.market.ask(45000)
        refused = self.assign(credit, other)
        self.assertEqual((refused.status, refused.code), (409, "invalid_state"), refused)
        self.assertEqual(self.market.state(other), "waiting")

    def test_an_account_is_given_out_for_one_payment(self):
        number = "VA" + reference()[-12:]
        ask = self.market.wish(45000) | {"virtual_account": number}
        first = self.market.must("POST", "/v1/payments", ask)
        second = self.market.call("POST", "/v1/payments", ask)
        self.assertEqual((second.status, second.code), (409, "invalid_state"), second)
        self.assertIn(first["id"], second.json["detail"])
        # Told as payOS does: the account that was given out as the account itself.
        body = self.market.payos_body("", 45000, reference(), account=number, description="chuyen tien")
        self.assertEqual(self.market.payos(body).status, 200)
        self.assertEqual(self.market.state(first), "paid")

    def test_words_no_table_can_keep_do_not_lose_the_money(self):
        credit = self.told("tien\x00ca", 45000)
        self.assertEqual((credit["kind"], credit["narrative"]), ("nameless", "tien ca"), credit)

    def test_a_nearly_right_code_is_suggested_and_too_little_stays_open(self):
        payment = self.market.ask(45000)
        code = payment["reference"]
        credit = self.told(f"{code[:3]} {code[3:6]} {code[6:]}", 40000)
        self.assertEqual(credit["match"]["rule"], "code_nearly")
        self.assertEqual(credit["suggestion"]["payment"], payment["id"])
        answer = self.assign(credit, payment)
        self.assertEqual((answer.json["state"]["name"], answer.json["remaining"]["amount"]), ("underpaid", 5000), answer)
        self.market.pay_by_payos(code, 5000, reference())
        self.assertEqual(self.market.state(payment), "paid")

    def test_money_for_a_paid_payment_is_owed_back(self):
        payment = self.market.ask(45000)
        self.market.pay_by_payos(payment["reference"], 45000, reference())
        credit = self.told("NGUYEN VAN A chuyen tien", 45000)
        self.assertEqual(credit["match"]["rule"], "nothing")
        self.assertEqual(self.assign(credit, payment).status, 200)
        after = self.credit(credit["id"])
        self.assertEqual((after["kind"], after["refund_due"]["amount"]), ("duplicate", 45000))

    def test_what_is_another_stalls_stays_unknown(self):
        payment = self.market.ask(45000)
        credit = self.told("NGUYEN VAN A chuyen tien", 46000)
        other = shared.market()
        theirs = other.ask(46000)
        self.assertEqual(self.assign(credit, theirs).status, 404)
        answer = other.call("GET", f"/v1/stalls/{other.stall}/credits/{credit['id']}")
        self.assertEqual(answer.status, 404)
        missing = self.market.call("POST", f"/v1/stalls/{self.market.stall}/credits/{credit['id']}/assignment", {})
        self.assertEqual((missing.status, missing.json["errors"][0]["pointer"]), (422, "/payment"), missing)
        self.assertEqual(self.market.state(payment), "waiting")

    def test_a_virtual_account_pays_its_payment(self):
        body = dict(self.market.wish(45000), virtual_account="VA0000000001")
        payment = self.market.must("POST", "/v1/payments", body)
        self.assertIn("0112VA0000000001", payment["qr"]["payload"])
        number = reference()
        self.market.payos(self.market.payos_body("", 45000, number, description="chuyen tien", virtualAccountNumber="VA0000000001"))
        self.assertEqual(self.market.state(payment), "paid")
        again = self.market.call("POST", "/v1/payments", dict(self.market.wish(46000), virtual_account="VA0000000001"))
        self.assertEqual(again.status, 409, again)
        wrong = self.market.call("POST", "/v1/payments", dict(self.market.wish(46000), virtual_account="VA-1"))
        self.assertEqual((wrong.status, wrong.json["errors"][0]["pointer"] if wrong.json.get("errors") else wrong.code),
                         (422, "/virtual_account"), wrong)


if __name__ == "__main__":
    unittest.main()
