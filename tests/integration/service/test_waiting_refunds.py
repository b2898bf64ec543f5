"""What a second person has to decide about: everything at the places where he may, and nothing else."""
import unittest
import uuid

import shared
from service import Agency, Browser, reference

LIMIT = 5_000_000  # refunds.approval_from unless configured otherwise


def money(amount):
    return {"amount": amount, "currency": "VND"}


class WaitingRefunds(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = shared.service()

    def setUp(self):
        self.market = shared.market()
        self.board = self.person(f"market_board:{self.market.market}")

    def tearDown(self):
        self.service.verify_books()

    def person(self, *grants):
        return Browser(self.service, self.service.make_user("w" + uuid.uuid4().hex[:12], *grants))

    def waiting(self, person, query=""):
        answer = person.call("GET", "/v1/waiting-refunds" + query)
        self.assertEqual(answer.status, 200, answer)
        return answer.json

    def refund(self, by=None, amount=LIMIT, market=None):
        market = market or self.market
        payment = market.ask(amount)
        self.assertEqual(market.pay_by_payos(payment["reference"], amount, reference()).status, 200)
        answer = (by or market).call("POST", f"/v1/payments/{payment['id']}/refunds",
                                     {"amount": money(amount), "expected_refundable": money(amount), "reason": {"code": "returned_goods", "text": "cá ươn"}})
        self.assertLess(answer.status, 300, answer)
        return payment, answer.json

    def test_the_board_sees_it_and_decides(self):
        empty = self.waiting(self.board)
        self.assertEqual((empty["data"], empty["why_empty"]["code"]), ([], "nothing_waits"))
        owner = self.person(f"vendor:{self.market.stall}")
        payment, refund = self.refund(by=owner)
        [one] = self.waiting(self.board)["data"]
        self.assertEqual((one["refund"]["id"], one["refund"]["acts"]), (refund["id"], ["approval", "rejection"]))
        self.assertEqual((one["stall"]["number"], one["stall"]["market_name"], one["agency_name"]), ("12", "Chợ Hạ Long I", None))
        self.assertEqual((one["reference"], one["received"]["amount"]), (payment["reference"], LIMIT))
        self.assertTrue(one["asked_by"])
        # Whoever asked sees that it waits, and cannot decide.
        [own] = self.waiting(owner)["data"]
        self.assertNotIn("approval", own["refund"]["acts"])
        self.assertEqual(owner.call("POST", f"/v1/refunds/{refund['id']}/approval").code, "maker_cannot_check")

        self.assertEqual(self.board.call("POST", f"/v1/refunds/{refund['id']}/approval").status, 200)
        self.assertEqual(self.waiting(self.board)["data"], [])
        self.assertEqual(self.market.payment(payment)["refunds"][0]["state"]["name"], "due")

    def test_small_ones_do_not_wait(self):
        self.refund(amount=45000)
        self.assertEqual(self.waiting(self.board)["data"], [])

    def test_others_see_nothing(self):
        self.refund()
        other = shared.market()
        for stranger in (self.person(f"market_board:{other.market}"), self.person(f"vendor:{other.stall}"),
                         self.person(f"agency:{Agency(self.service).id}")):
            self.assertEqual(self.waiting(stranger)["data"], [])
        self.assertEqual(self.person(f"vendor_staff:{self.market.stall}").call("GET", "/v1/waiting-refunds").status, 403)
        self.assertEqual(self.market.call("GET", "/v1/waiting-refunds").status, 403)  # an API key

    def test_page_by_page_oldest_first(self):
        made = [self.refund()[1]["id"] for _ in range(3)]
        first = self.waiting(self.board, "?limit=2")
        self.assertEqual([one["refund"]["id"] for one in first["data"]], made[:2])
        self.assertTrue(first["page"]["has_more"])
        second = self.waiting(self.board, "?limit=2&cursor=" + first["page"]["next"])
        self.assertEqual([one["refund"]["id"] for one in second["data"]], made[2:])
        self.assertFalse(second["page"]["has_more"])
        self.assertEqual(self.board.call("GET", "/v1/waiting-refunds?market=x").status, 422)

    def test_two_places_one_list(self):
        other = shared.market()
        both = self.person(f"market_board:{self.market.market}", f"market_board:{other.market}")
        here, there = self.refund()[1]["id"], self.refund(market=other)[1]["id"]
        self.assertEqual([one["refund"]["id"] for one in self.waiting(both)["data"]], [here, there])


if __name__ == "__main__":
    unittest.main()
