"""Money given back: asked for, approved by a second person, paid by an outgoing transfer that a rail tells of, once."""
import concurrent.futures
import http.server
import json
import threading
import time
import unittest
import uuid

import shared
from service import PAYER_ACCOUNT, Browser, Database, Market, Service, reference

LIMIT = 5_000_000  # refunds.approval_from unless configured otherwise


def money(amount):
    return {"amount": amount, "currency": "VND"}


def wish(amount, expected, **changes):
    return {"amount": money(amount), "expected_refundable": money(expected), "reason": {"code": "returned_goods"}, **changes}


class Refunds(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = shared.service()

    def setUp(self):
        self.market = shared.market()

    def tearDown(self):
        self.service.verify_books()

    # --- steps ---

    def paid(self, amount, came=None):
        payment = self.market.ask(amount)
        self.assertEqual(self.market.pay_by_payos(payment["reference"], came or amount, reference()).status, 200)
        return payment

    def refund(self, payment, amount, expected, by=None, **changes):
        return (by or self.market).call("POST", f"/v1/payments/{payment['id']}/refunds", wish(amount, expected, **changes))

    def must_refund(self, payment, amount, expected, status=201, by=None, **changes):
        answer = self.refund(payment, amount, expected, by, **changes)
        self.assertEqual(answer.status, status, answer)
        return answer.json

    def act(self, refund, act, body=None, by=None):
        return (by or self.market).call("POST", f"/v1/refunds/{refund['id']}/{act}", body)

    def read(self, refund):
        return self.market.must("GET", f"/v1/refunds/{refund['id']}")

    def state(self, refund):
        return self.read(refund)["state"]["name"]

    def money_out(self, memo, amount, number=None, **changes):
        """A rail tells of an outgoing transfer of the stall's bank."""
        number = number or reference()
        answer = self.market.vietqr(self.market.vietqr_body(memo, amount, number, transType="D", **changes))
        self.assertEqual(answer.status, 200, answer)
        return number

    def person(self, role):
        place = self.market.market if role == "market_board" else self.market.stall
        return Browser(self.service, self.service.make_user("p" + uuid.uuid4().hex[:12], f"{role}:{place}"))

    def balances(self):
        """The stall's accounts as the journal has them: debits minus credits."""
        uuid_hex = self.service.database.value(f"SELECT stall_id FROM stall s JOIN receiving_account a ON a.owner_id = s.stall_id "
                                               f"WHERE a.account_number = '{self.market.account}'")
        rows = self.service.database.rows(
            "SELECT kind, sum(amount) FROM (SELECT debit_account % 16 AS kind, debit_account / 16 AS owner, book_id, amount FROM journal "
            "UNION ALL SELECT credit_account % 16, credit_account / 16, book_id, -amount FROM journal) j "
            f"JOIN stall s ON s.book_id = j.book_id AND s.owner_ordinal = j.owner WHERE s.stall_id = '{uuid_hex}' GROUP BY kind")
        names = {"0": "bank", "2": "sales", "3": "nameless", "5": "refund_due"}
        found = {names[kind]: int(amount) for kind, amount in rows}
        self.assertEqual(sum(found.values()), 0)
        return {name: amount for name, amount in found.items() if amount}

    # --- the life ---

    def test_in_part_then_the_rest(self):
        payment = self.paid(45000)
        before = self.market.payment(payment)
        self.assertEqual((before["refundable"]["amount"], before["refunds"], "refund" in before["acts"]), (45000, [], True))
        first = self.must_refund(payment, 20000, 45000)
        self.assertEqual((first["state"]["name"], first["approval"]["needed"], first["method"]), ("due", False, "bank_transfer"))
        self.assertIn(first["reference"], first["next"])
        self.assertEqual(self.balances(), {"bank": 45000, "sales": -25000, "refund_due": -20000})

        self.money_out(f"{first['reference']} hoan tien", 20000)
        done = self.read(first)
        self.assertEqual((done["state"]["name"], done["state"]["finished"], done["transfer"]["rail"], done["acts"]), ("done", True, "vietqr", []))
        self.assertEqual([(t["outcome"], t["match"]["rule"], t["match"]["characters"]["from"], t["match"]["characters"]["text"])
                          for t in done["tellings"]], [("refund_paid", "code", 0, first["reference"])])
        self.assertEqual(self.balances(), {"bank": 25000, "sales": -25000})

        second = self.must_refund(payment, 25000, 25000)
        self.money_out(f"MBVCB.1234.{second['reference']}.CT tu", 25000)
        after = self.market.payment(payment)
        self.assertEqual((after["state"]["name"], after["received"]["amount"]), ("paid", 45000))  # a finished state is never left
        self.assertEqual((after["refundable"]["amount"], after["refunded"]["amount"], "refund" in after["acts"]), (0, 45000, False))
        self.assertEqual([step["what"] for step in after["timeline"]], ["created", "paid", "refund_due", "refunded", "refund_due", "refunded"])
        self.assertEqual(self.balances(), {})
        listed = self.market.must("GET", f"/v1/payments/{payment['id']}/refunds")["data"]
        self.assertEqual([(r["amount"]["amount"], r["state"]["name"]) for r in listed], [(20000, "done"), (25000, "done")])

    def test_the_surplus_is_paid_from_what_is_owed_already(self):
        payment = self.paid(30000, came=40000)
        self.assertEqual(self.balances(), {"bank": 40000, "sales": -30000, "refund_due": -10000})
        surplus = self.must_refund(payment, 10000, 40000, reason={"code": "overpaid"})
        self.assertEqual(surplus["from_owed"]["amount"], 10000)
        self.assertEqual(self.balances(), {"bank": 40000, "sales": -30000, "refund_due": -10000})
        more = self.must_refund(payment, 5000, 30000)
        self.assertEqual(more["from_owed"]["amount"], 0)
        self.assertEqual(self.balances(), {"bank": 40000, "sales": -25000, "refund_due": -15000})
        self.money_out(surplus["reference"], 10000)
        self.money_out(more["reference"], 5000)
        self.assertEqual(self.balances(), {"bank": 25000, "sales": -25000})

    def test_a_second_payment_is_given_back(self):
        payment = self.paid(45000)
        self.market.pay_by_vietqr(payment["reference"], 45000, reference())
        refund = self.must_refund(payment, 45000, 90000, reason={"code": "paid_twice"})
        self.assertEqual(refund["from_owed"]["amount"], 45000)
        self.money_out(refund["reference"], 45000)
        self.assertEqual(self.balances(), {"bank": 45000, "sales": -45000})

    def test_what_came_too_little_is_given_back(self):
        payment = self.paid(200000, came=150000)
        part = self.refund(payment, 100000, 150000)
        self.assertEqual((part.status, part.code), (409, "invalid_state"), part)
        refund = self.must_refund(payment, 150000, 150000)
        self.assertEqual(self.market.state(payment), "cancelled")
        self.money_out(refund["reference"], 150000)
        self.assertEqual(self.balances(), {})

    def test_cancelled_the_sale_stands_again(self):
        payment = self.paid(45000)
        refund = self.must_refund(payment, 45000, 45000)
        gone = self.act(refund, "cancellation")
        self.assertEqual((gone.status, gone.json["state"]["name"]), (200, "cancelled"), gone)
        self.assertEqual(self.balances(), {"bank": 45000, "sales": -45000})
        self.assertEqual(self.market.payment(payment)["refundable"]["amount"], 45000)
        self.assertEqual(self.act(refund, "cancellation").code, "invalid_state")
        # The stall sent it all the same: nothing is booked behind its back, a person decides.
        self.money_out(refund["reference"], 45000)
        self.assertEqual([t["outcome"] for t in self.read(refund)["tellings"]], ["refund_differs"])
        self.assertEqual(self.balances(), {"bank": 45000, "sales": -45000})

    def test_never_more_than_what_came(self):
        payment = self.paid(20000)
        wrong = self.refund(payment, 10000, 45000)
        self.assertEqual((wrong.status, wrong.code), (412, "version_mismatch"), wrong)
        self.assertIn("20.000", wrong.json["detail"])
        self.assertEqual([e["pointer"] for e in wrong.json["errors"]], ["/expected_refundable"])
        more = self.refund(payment, 20001, 20000)
        self.assertEqual((more.status, more.code), (409, "amount_exceeds_refundable"), more)
        self.assertEqual([e["pointer"] for e in more.json["errors"]], ["/amount/amount"])
        nothing = self.refund(self.market.ask(1000), 1, 0)
        self.assertEqual(nothing.code, "amount_exceeds_refundable")

    def test_two_clerks_at_once(self):
        payment = self.paid(45000)
        clerks = [self.person("vendor_staff") for _ in range(2)]
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda n: self.refund(payment, 45000, 45000, by=clerks[n % 2]), range(8)))
        self.assertEqual(sorted(a.status for a in answers)[0], 201, answers)
        self.assertEqual(sum(a.status == 201 for a in answers), 1, answers)
        self.assertEqual(self.market.payment(payment)["refundable"]["amount"], 0)
        self.assertEqual(self.balances(), {"bank": 45000, "refund_due": -45000})

    def test_same_key_same_refund(self):
        payment = self.paid(45000)
        answers = [self.market.call("POST", f"/v1/payments/{payment['id']}/refunds", wish(5000, 45000), key="refund-once-" + payment["id"])
                   for _ in range(2)]
        self.assertEqual(answers[0].text, answers[1].text)
        self.assertEqual(self.market.payment(payment)["refundable"]["amount"], 40000)

    # --- the outgoing transfer ---

    def test_told_again_counts_once(self):
        payment = self.paid(45000)
        refund = self.must_refund(payment, 45000, 45000)
        number = reference()
        body = self.market.vietqr_body(refund["reference"], 45000, number, transType="D")
        self.assertEqual({self.market.vietqr(body).status for _ in range(4)}, {200})
        self.money_out(refund["reference"], 45000, number, transactionid="another event of the same transfer")
        self.market.vietqr_path = self.market._rail("vietqr", "user1:password1")  # the same bank through another account there
        self.money_out(refund["reference"], 45000, number)
        self.assertEqual(self.balances(), {})
        self.assertEqual([t["outcome"] for t in self.read(refund)["tellings"]], ["refund_paid", "repeated", "repeated"])

    def test_told_at_the_same_moment(self):
        payment = self.paid(45000)
        refund = self.must_refund(payment, 45000, 45000)
        number, token = reference(), self.market.fetch_token()
        body = lambda n: self.market.vietqr_body(refund["reference"], 45000, number, transType="D", transactionid=f"event {n} of {number}")
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(lambda n: self.market.vietqr(body(n), token), range(6)))
        self.assertEqual({a.status for a in answers}, {200}, answers)
        self.assertEqual(self.state(refund), "done")
        self.assertEqual(self.balances(), {})

    def test_another_amount_is_for_a_person(self):
        payment = self.paid(45000)
        refund = self.must_refund(payment, 45000, 45000)
        self.money_out(refund["reference"], 44000)
        after = self.read(refund)
        self.assertEqual((after["state"]["name"], [t["outcome"] for t in after["tellings"]]), ("due", ["refund_differs"]))
        self.money_out("khong co ma", 45000)
        self.assertEqual(self.state(refund), "due")
        self.assertEqual(self.balances(), {"bank": 45000, "refund_due": -45000})

    def test_a_second_transfer_for_one_refund(self):
        payment = self.paid(45000)
        refund = self.must_refund(payment, 45000, 45000)
        self.money_out(refund["reference"], 45000)
        self.money_out(refund["reference"] + " lan hai", 45000)
        self.assertEqual([t["outcome"] for t in self.read(refund)["tellings"]], ["refund_paid", "refund_differs"])
        self.assertEqual(self.balances(), {})

    def test_entered_by_hand_then_told(self):
        payment = self.paid(45000)
        refund = self.must_refund(payment, 45000, 45000)
        number = reference()
        done = self.act(refund, "completion", {"bank_reference": number, "evidence": "Sao kê app ngân hàng"})
        self.assertEqual((done.status, done.json["state"]["name"], done.json["transfer"]["bank_reference"]), (200, "done", number), done)
        self.money_out(refund["reference"], 45000, number)
        self.assertEqual([t["outcome"] for t in self.read(refund)["tellings"]], ["repeated"])
        self.assertEqual(self.balances(), {})
        other = self.must_refund(self.paid(45000), 45000, 45000)
        used = self.act(other, "completion", {"bank_reference": number.lower(), "evidence": "Sao kê app ngân hàng"})
        self.assertEqual((used.status, used.code), (409, "duplicate_bank_reference"), used)
        wrong = self.act(other, "completion", {"bank_reference": "....", "evidence": "x"})
        self.assertEqual({e["pointer"] for e in wrong.json["errors"]}, {"/bank_reference", "/evidence"})

    # --- the bank sends it back ---

    def given_back(self, amount):
        """A payment and its refund, paid by a transfer whose bank reference is the third."""
        payment = self.paid(amount)
        refund = self.must_refund(payment, amount, amount)
        return payment, refund, self.money_out(refund["reference"], amount)

    def money_back(self, memo, amount, number=None):
        number = number or reference()
        self.assertEqual(self.market.vietqr(self.market.vietqr_body(memo, amount, number)).status, 200)
        return number

    def test_what_is_sent_back_is_no_payment(self):
        payment, refund, _ = self.given_back(45000)
        self.assertEqual(self.balances(), {})
        back = self.money_back(f"HOAN TRA {refund['reference']} SAI SO TAI KHOAN", 45000)
        after = self.read(refund)
        self.assertEqual((after["state"]["name"], after["state"]["finished"], after["acts"], after["returned_by"]["bank_reference"]),
                         ("returned", True, [], back))
        self.assertIn("lập khoản hoàn khác", after["next"])
        self.assertEqual([t["outcome"] for t in after["tellings"]], ["refund_paid", "refund_returned"])
        self.assertEqual(self.balances(), {"bank": 45000, "sales": -45000})
        seen = self.market.payment(payment)
        self.assertEqual((seen["refundable"]["amount"], seen["refunded"]["amount"], seen["received"]["amount"]), (45000, 0, 45000))
        self.assertEqual([step["what"] for step in seen["timeline"]], ["created", "paid", "refund_due", "refunded", "refund_returned"])
        self.assertEqual([line["kind"] for line in self.market.day_book()["lines"]], ["matched"])

        month = time.strftime("%Y-%m", time.gmtime(time.time() + 7 * 3600))
        reader = self.service.make_key("tax:read")
        turnover = self.market.call("GET", f"/v1/tax/households/{self.market.household}/turnover?period={month}", Authorization="Bearer " + reader).json
        self.assertEqual([(row["count"], row["sum"]["amount"]) for row in turnover["by_month"]], [(1, 45000)])  # one sale, as before

        self.money_back("the same transfer, told without its words", 45000, back)
        self.assertEqual(self.read(refund)["tellings"][-1]["outcome"], "repeated")
        self.assertEqual(self.balances(), {"bank": 45000, "sales": -45000})

    def test_told_again_by_another_rail(self):
        _, refund, _ = self.given_back(45000)
        words = f"HOAN TRA {refund['reference']}"
        back = self.money_back(words, 45000)
        self.money_back(words, 45000, back)
        self.market.vietqr_path = self.market._rail("vietqr", "user1:password1")
        self.money_back(words, 45000, back)
        self.assertEqual([t["outcome"] for t in self.read(refund)["tellings"]], ["refund_paid", "refund_returned", "repeated", "repeated"])
        self.assertEqual(self.balances(), {"bank": 45000, "sales": -45000})

    def test_by_the_reference_of_the_transfer_and_given_back_again(self):
        payment, refund, number = self.given_back(45000)
        self.money_back(f"Tra lai GD {number} khong ghi co duoc", 45000)
        self.assertEqual(self.state(refund), "returned")
        self.assertEqual(self.read(refund)["tellings"][-1]["match"]["rule"], "paid_by")
        again = self.must_refund(payment, 45000, 45000)
        self.money_out(again["reference"], 45000)
        self.assertEqual((self.state(refund), self.state(again)), ("returned", "done"))
        self.assertEqual(self.balances(), {})

    def test_sent_back_before_a_rail_told_that_it_left(self):
        payment = self.paid(45000)
        refund = self.must_refund(payment, 45000, 45000)
        self.money_back(f"HOAN TRA {refund['reference']}", 45000)
        self.assertEqual((self.state(refund), self.balances()), ("returned", {"bank": 45000, "sales": -45000}))
        self.money_out(refund["reference"], 45000)
        self.assertEqual((self.state(refund), self.balances()), ("returned", {"bank": 45000, "sales": -45000}))

    def test_another_amount_is_money_like_any_other(self):
        _, refund, _ = self.given_back(45000)
        self.money_back(f"HOAN TRA {refund['reference']}", 44000)
        after = self.read(refund)
        self.assertEqual((after["state"]["name"], [t["outcome"] for t in after["tellings"]]), ("done", ["refund_paid", "refund_differs"]))
        self.assertEqual(self.balances(), {"bank": 44000, "nameless": -44000})

    # --- money that names no payment ---

    def nameless(self, amount):
        self.money_back("NGUYEN VAN A chuyen nham", amount)
        line = next(line for line in self.market.day_book()["lines"] if line["kind"] == "nameless")
        return self.credit(line["credit"])

    def credit(self, credit_id):
        return self.market.must("GET", f"/v1/stalls/{self.market.stall}/credits/{credit_id}")

    def refund_credit(self, credit, amount, expected, by=None):
        return (by or self.market).call("POST", f"/v1/stalls/{self.market.stall}/credits/{credit['id']}/refunds",
                                        wish(amount, expected, reason={"code": "wrong_payment"}))

    def test_nameless_money_goes_back_in_part_and_whole(self):
        credit = self.nameless(70000)
        self.assertEqual((credit["refundable"]["amount"], credit["acts"]), (70000, ["refund"]))
        first = self.refund_credit(credit, 20000, 70000)
        self.assertEqual((first.status, first.json["credit"], first.json["payment"], first.json["stall"]), (201, credit["id"], None, self.market.stall), first)
        self.assertEqual(self.balances(), {"bank": 70000, "nameless": -50000, "refund_due": -20000})
        self.assertEqual(self.refund_credit(credit, 20000, 70000).code, "version_mismatch")
        self.assertEqual(self.refund_credit(credit, 50001, 50000).code, "amount_exceeds_refundable")
        self.money_out(first.json["reference"], 20000)
        second = self.refund_credit(credit, 50000, 50000).json
        self.money_out(second["reference"], 50000)
        after = self.credit(credit["id"])
        self.assertEqual((after["refundable"]["amount"], after["refunded"]["amount"], after["acts"]), (0, 70000, []))
        self.assertEqual(self.balances(), {})
        seen = self.person("vendor_staff").call("GET", f"/v1/refunds/{second['id']}").json
        self.assertEqual(seen["state"]["name"], "done")
        self.assertEqual(sorted(line["kind"] for line in self.market.day_book()["lines"]), ["nameless", "refund", "refund"])

    def test_nameless_money_is_given_back_or_assigned_never_both(self):
        payment = self.market.ask(70000)
        credit = self.nameless(70000)
        assign = lambda: self.market.call("POST", f"/v1/stalls/{self.market.stall}/credits/{credit['id']}/assignment", {"payment": payment["id"]})
        refund = self.refund_credit(credit, 1000, 70000).json
        self.assertEqual((assign().code, self.credit(credit["id"])["suggestion"]), ("invalid_state", None))
        self.assertEqual(self.act(refund, "cancellation").status, 200)
        self.assertEqual(assign().status, 200)
        self.assertEqual(self.refund_credit(credit, 1000, 70000).code, "invalid_state")
        self.assertEqual(self.balances(), {"bank": 70000, "sales": -70000})

    def test_nameless_money_given_back_and_assigned_at_one_moment(self):
        payment = self.market.ask(70000)
        credit = self.nameless(70000)
        acts = [lambda: self.refund_credit(credit, 70000, 70000),
                lambda: self.market.call("POST", f"/v1/stalls/{self.market.stall}/credits/{credit['id']}/assignment", {"payment": payment["id"]})]
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda n: acts[n % 2](), range(8)))
        self.assertEqual(sum(a.status < 300 for a in answers), 1, answers)
        self.assertIn(self.balances(), ({"bank": 70000, "sales": -70000}, {"bank": 70000, "refund_due": -70000}))

    # --- the second person ---

    def test_above_the_limit_another_person_approves(self):
        payment = self.paid(2 * LIMIT)
        owner, partner, board, helper = (self.person(role) for role in ("vendor", "vendor", "market_board", "vendor_staff"))
        small = self.must_refund(payment, LIMIT - 1, 2 * LIMIT, by=helper)
        self.assertEqual(small["state"]["name"], "due")
        self.act(small, "cancellation", by=helper)
        denied = self.refund(payment, LIMIT, 2 * LIMIT, by=helper)
        self.assertEqual((denied.status, denied.code), (403, "forbidden"), denied)

        asked = self.must_refund(payment, LIMIT, 2 * LIMIT, status=202, by=owner)
        self.assertEqual((asked["state"]["name"], asked["acts"]), ("awaiting_approval", ["cancellation"]))
        self.assertEqual(self.market.payment(payment)["refundable"]["amount"], LIMIT)  # held, or two would be approved
        self.assertEqual(self.balances(), {"bank": 2 * LIMIT, "sales": -2 * LIMIT})
        self.money_out(asked["reference"], LIMIT)
        self.assertEqual(self.state(asked), "awaiting_approval")
        for act, body in (("approval", None), ("rejection", {"reason": "tôi tự duyệt"})):
            own = self.act(asked, act, body, by=owner)
            self.assertEqual((own.status, own.code), (403, "maker_cannot_check"), own)
        self.assertEqual(self.act(asked, "approval", by=helper).code, "forbidden")
        self.assertEqual(self.act(asked, "approval").code, "forbidden")  # an API key is nobody's second person

        approved = self.act(asked, "approval", by=partner)
        self.assertEqual((approved.status, approved.json["state"]["name"]), (200, "due"), approved)
        self.assertEqual(self.balances(), {"bank": 2 * LIMIT, "sales": -LIMIT, "refund_due": -LIMIT})
        self.assertEqual(self.act(asked, "approval", by=board).code, "invalid_state")
        refused = self.must_refund(payment, LIMIT, LIMIT, status=202, by=owner)
        no = self.act(refused, "rejection", {"reason": "Chưa thấy hàng trả"}, by=board)
        self.assertEqual((no.status, no.json["state"]["name"]), (200, "rejected"), no)
        self.assertEqual(self.market.payment(payment)["refundable"]["amount"], LIMIT)

    def test_the_limit_counts_all_refunds_of_the_payment(self):
        payment = self.paid(9_000_000)
        owner, helper, board = (self.person(role) for role in ("vendor", "vendor_staff", "market_board"))
        first = self.must_refund(payment, LIMIT - 1, 9_000_000, by=helper)
        self.assertEqual((first["state"]["name"], first["approval"]["needed"]), ("due", False))
        left = 9_000_000 - (LIMIT - 1)
        denied = self.refund(payment, 1, left, by=helper)
        self.assertEqual((denied.status, denied.code), (403, "forbidden"), denied)
        rest = self.must_refund(payment, left, left, status=202, by=owner)
        self.assertEqual((rest["state"]["name"], rest["approval"]["needed"]), ("awaiting_approval", True))
        self.assertEqual(self.act(rest, "approval", by=board).status, 200)
        self.assertTrue(self.read(rest)["approval"]["needed"])

        # What was called off counts no more; another payment counts for itself.
        again = self.paid(9_000_000)
        self.act(self.must_refund(again, LIMIT - 1, 9_000_000, by=owner), "cancellation", by=owner)
        self.must_refund(again, LIMIT - 1, 9_000_000, by=owner)

    def test_the_person_behind_a_key_is_its_maker(self):
        payment = self.paid(LIMIT)
        login = self.service.make_user("k" + uuid.uuid4().hex[:12], f"vendor:{self.market.stall}")
        owner = Browser(self.service, login)
        key = self.service.make_key("payments:write", "payments:read", owner=login)
        answer = self.market.call("POST", f"/v1/payments/{payment['id']}/refunds", wish(LIMIT, LIMIT), Authorization="Bearer " + key)
        self.assertEqual(answer.status, 202, answer)
        self.assertEqual(self.act(answer.json, "approval", by=owner).code, "maker_cannot_check")

    # --- who sees what ---

    def test_the_payers_account(self):
        payment = self.paid(45000)
        refund = self.must_refund(payment, 45000, 45000)
        helper, board = self.person("vendor_staff"), self.person("market_board")
        seen = helper.call("GET", f"/v1/refunds/{refund['id']}")
        self.assertEqual(seen.json["destination"]["account_number_masked"], "•••• " + PAYER_ACCOUNT[-4:])
        self.assertNotIn(PAYER_ACCOUNT, seen.text)
        picture = helper.call("GET", seen.json["destination"]["qr"])
        self.assertEqual((picture.status, picture.headers["Content-Type"]), (200, "image/svg+xml"))
        self.assertEqual(board.call("GET", f"/v1/refunds/{refund['id']}").json["destination"], None)
        self.assertEqual(board.call("GET", f"/v1/refunds/{refund['id']}/qr").status, 403)
        self.assertEqual(self.read(refund)["destination"], None)  # an API key
        self.money_out(refund["reference"], 45000)
        self.assertEqual(helper.call("GET", f"/v1/refunds/{refund['id']}/qr").status, 404)

    def test_another_stalls_refund_is_not_there(self):
        refund = self.must_refund(self.paid(45000), 45000, 45000)
        stranger = Browser(self.service, self.service.make_user("s" + uuid.uuid4().hex[:12], f"vendor:{shared.market().stall}"))
        for method, path, body in (("GET", "", None), ("GET", "/qr", None), ("POST", "/approval", None), ("POST", "/cancellation", None),
                                   ("POST", "/completion", {"bank_reference": "FT12345", "evidence": "sao kê"})):
            self.assertEqual(stranger.call(method, f"/v1/refunds/{refund['id']}{path}", body).code, "not_found", path)

    def test_day_book(self):
        payment = self.paid(45000)
        self.money_out(self.must_refund(payment, 20000, 45000)["reference"], 20000)
        book = self.market.day_book()
        self.assertEqual({line["kind"]: line["amount"]["amount"] for line in book["lines"]}, {"matched": 45000, "refund": 20000})
        self.assertEqual((book["totals"]["all"]["sum"]["amount"], book["totals"]["refunded"]["sum"]["amount"]), (45000, 20000))


class ClosedDay(unittest.TestCase):
    def test_what_left_on_a_closed_day_is_entered_today(self):
        database = Database()
        self.addCleanup(database.drop)
        service = Service(shared.programs(), database)
        self.addCleanup(service.stop)
        market = Market(service)
        payment = market.ask(45000)
        market.pay_by_payos(payment["reference"], 45000, reference())
        refund = market.must("POST", f"/v1/payments/{payment['id']}/refunds", wish(45000, 45000))
        service.stop()
        database.value("UPDATE book SET closed_before = now()")
        service = Service(shared.programs(), database)
        self.addCleanup(service.stop)
        market = market.on(service)
        path, seen = f"/v1/refunds/{refund['id']}", {"bank_reference": reference(), "evidence": "Sao kê app ngân hàng"}
        closed = market.call("POST", path + "/completion", {**seen, "booked_at": refund["created_at"]})
        self.assertEqual((closed.status, closed.code, closed.json["errors"][0]["pointer"]), (409, "period_closed", "/booked_at"), closed)
        self.assertEqual(market.must("GET", path)["state"]["name"], "due")
        today = market.call("POST", path + "/completion", seen)
        self.assertEqual((today.status, today.json["state"]["name"]), (200, "done"), today)
        service.verify_books()


class Provider:
    """vietqr.vn's side of the refund call; `answer` decides what it says to each order."""

    def __init__(self, answer):
        self.orders = []
        provider = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if self.path.endswith("/api/token_generate"):
                    return self.say(200, {"access_token": "token", "token_type": "Bearer", "expires_in": 300})
                provider.orders.append((self.path, self.headers["Authorization"], body))
                status, said = answer
                if status is None:
                    return self.connection.close()
                return self.say(status, said)

            def say(self, status, body):
                data = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/vqr"

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class ProviderCalls(unittest.TestCase):
    def begin(self, answer):
        self.provider = Provider(answer)
        self.addCleanup(self.provider.stop)
        self.database = Database()
        self.addCleanup(self.database.drop)
        self.service = Service(shared.programs(), self.database, CHO40_REFUNDS_VIETQR_URL=self.provider.url)
        self.addCleanup(self.service.stop)
        self.market = Market(self.service)
        account = self.market.vietqr_path.rsplit("/", 1)[1]
        access = self.market.call("POST", f"/v1/rail-accounts/{account}/refund-access", {"user": "cho40", "password": "word", "key": "SECRET"})
        self.assertEqual(access.status, 200, access)
        self.assertNotIn("SECRET", access.text)
        payment = self.market.ask(50000)
        self.market.pay_by_vietqr(payment["reference"], 50000, "FT26032512345")
        made = self.market.call("POST", f"/v1/payments/{payment['id']}/refunds", wish(50000, 50000, method="provider"))
        self.assertEqual(made.status, 201, made)
        self.refund = made.json

    def wait_for(self, condition):
        self.database.wait_until(f"EXISTS (SELECT FROM refund WHERE {condition})")

    def tell_out(self):
        body = self.market.vietqr_body(self.refund["reference"] + " HOAN TIEN", 50000, reference(), transType="D")
        self.assertEqual(self.market.vietqr(body).status, 200)

    def state(self):
        return self.market.must("GET", f"/v1/refunds/{self.refund['id']}")["state"]["name"]

    def test_taken(self):
        self.begin((200, {"status": "SUCCESS", "message": "FT26327000001"}))
        self.wait_for("state_reason = 'provider_accepted'")
        self.assertEqual(self.state(), "sent")
        (path, authorization, order), = self.provider.orders
        self.assertEqual((path, authorization), ("/vqr/api/transaction/refund", "Bearer token"))
        self.assertEqual((order["referenceNumber"], order["amount"], order["bankAccount"], order["multiTimes"]),
                         ("FT26032512345", "50000", self.market.account, False))
        self.assertTrue(order["content"].startswith(self.refund["reference"]))
        self.tell_out()
        self.assertEqual(self.state(), "done")
        self.service.verify_books()

    def test_refused(self):
        self.begin((400, {"status": "FAILED", "message": "E46"}))
        self.wait_for("state_reason = 'provider_refused'")
        self.assertEqual(self.state(), "failed")
        payment = self.market.must("GET", "/v1/payments/" + self.refund["payment"])
        self.assertEqual(payment["refundable"]["amount"], 50000)
        self.service.verify_books()

    def test_no_answer_is_doubt_and_never_a_second_call(self):
        self.begin((None, None))
        self.wait_for("state_reason = 'provider_called'")
        self.service.wait_for_log(lambda line: line.get("event") == "refunds.called")
        self.service.stop()
        self.service = Service(shared.programs(), self.database, CHO40_REFUNDS_VIETQR_URL=self.provider.url)
        self.addCleanup(self.service.stop)
        self.market = self.market.on(self.service)
        self.assertEqual(self.state(), "in_doubt")
        key_cannot_guess = self.market.call("POST", f"/v1/refunds/{self.refund['id']}/cancellation")
        self.assertEqual(key_cannot_guess.code, "invalid_state")
        self.tell_out()
        self.assertEqual(self.state(), "done")
        self.assertEqual(len(self.provider.orders), 1)
        self.service.verify_books()

    def test_doubt_ends_with_a_person(self):
        self.begin((502, {"status": "ERROR"}))
        self.wait_for("state_reason = 'provider_called'")
        self.service.wait_for_log(lambda line: line.get("event") == "refunds.called")
        gone = self.market.call("POST", f"/v1/refunds/{self.refund['id']}/cancellation", {"surely_not_sent": True})
        self.assertEqual((gone.status, gone.json["state"]["name"]), (200, "cancelled"), gone)
        self.service.verify_books()


if __name__ == "__main__":
    unittest.main()
