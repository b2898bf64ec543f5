"""Refunds of one payment, made and moved at the same moment through two processes: never more than came."""
import concurrent.futures
import unittest
import uuid

import shared
from service import Browser, Database, Market, Service, reference
from test_instances import free_port
from test_refunds import LIMIT, wish


class TwoInstances(unittest.TestCase):
    """Two processes on one database, of which one writes."""

    def setUp(self):
        self.database = Database()
        self.addCleanup(self.database.drop)
        self.services = []
        for _ in range(2):
            port = free_port()
            service = Service(shared.programs(), self.database, port, CHO40_SERVER_CLUSTER_ADDRESS=f"http://127.0.0.1:{port}")
            self.addCleanup(service.stop)
            self.services.append(service)
        self.market = Market(self.services[0])
        self.markets = [self.market.on(service) for service in self.services]

    def at_once(self, acts):
        """Every act on the instances in turn, all at one moment."""
        with concurrent.futures.ThreadPoolExecutor(len(acts)) as pool:
            return list(pool.map(lambda n: acts[n](self.markets[n % 2]), range(len(acts))))

    def refunds_of(self, payment):
        return self.market.must("GET", f"/v1/payments/{payment['id']}/refunds")["data"]

    def paid(self, amount):
        payment = self.market.ask(amount)
        self.market.pay_by_payos(payment["reference"], amount, reference())
        return payment

    def test_never_more_than_came_is_asked_for(self):
        for amount, part in ((45000, 45000), (45000, 20000), (45000, 1000)):
            payment = self.paid(amount)

            def keep_asking(market):
                """Reads and asks, as a page does, until nothing is left."""
                statuses = []
                while (left := market.payment(payment)["refundable"]["amount"]) > 0:
                    answer = market.call("POST", f"/v1/payments/{payment['id']}/refunds", wish(min(part, left), left))
                    statuses.append((answer.status, None if answer.status == 201 else answer.code))
                return statuses

            heard = [status for asked in self.at_once([keep_asking] * 8) for status in asked]
            refunds = self.refunds_of(payment)
            self.assertEqual(sum(r["amount"]["amount"] for r in refunds), amount)
            self.assertEqual(heard.count((201, None)), len(refunds))
            self.assertLessEqual(set(heard), {(201, None), (409, "stale"), (412, "version_mismatch"), (409, "amount_exceeds_refundable")})
        self.services[1].verify_books()

    def test_one_step_is_taken_once(self):
        payment = self.paid(45000)
        refund = self.market.must("POST", f"/v1/payments/{payment['id']}/refunds", wish(45000, 45000))
        path, number, body = f"/v1/refunds/{refund['id']}", reference(), {"evidence": "Sao kê app ngân hàng"}
        token = self.market.fetch_token()
        told = self.market.vietqr_body(refund["reference"], 45000, number, transType="D")
        acts = [lambda market: market.call("POST", path + "/cancellation"),
                lambda market: market.call("POST", path + "/completion", {**body, "bank_reference": number}),
                lambda _: self.market.vietqr(told, token)] * 4
        answers = self.at_once(acts)
        after = self.market.must("GET", path)
        taken = [a for n, a in enumerate(answers) if n % 3 < 2 and a.status == 200]
        self.assertLessEqual(len(taken), 1, answers)
        self.assertIn(after["state"]["name"], ("done", "cancelled"))
        left = self.market.payment(payment)["refundable"]["amount"]
        self.assertEqual(left, 0 if after["state"]["name"] == "done" else 45000)
        self.services[1].verify_books()

    def test_one_transfer_pays_one_refund(self):
        payment = self.paid(45000)
        refunds = [self.market.must("POST", f"/v1/payments/{payment['id']}/refunds", wish(1000, 45000 - 1000 * n)) for n in range(6)]
        number = reference()
        seen = {"bank_reference": number, "evidence": "Sao kê app ngân hàng"}
        answers = self.at_once([lambda market, r=r: market.call("POST", f"/v1/refunds/{r['id']}/completion", seen) for r in refunds])
        self.assertEqual(sum(a.status == 200 for a in answers), 1, answers)
        self.assertEqual([r["state"]["name"] for r in self.refunds_of(payment)].count("done"), 1)
        self.services[1].verify_books()

    def test_approved_once_by_one(self):
        payment = self.paid(2 * LIMIT)
        asked = self.market.must("POST", f"/v1/payments/{payment['id']}/refunds", wish(LIMIT, 2 * LIMIT))
        people = [Browser(service, service.make_user("r" + uuid.uuid4().hex[:12], f"vendor:{self.market.stall}")) for service in self.services]
        path = f"/v1/refunds/{asked['id']}"
        acts = [lambda _, n=n: people[n % 2].call("POST", path + ("/rejection" if n % 4 > 1 else "/approval"), {"reason": "không"} if n % 4 > 1 else None)
                for n in range(8)]
        answers = self.at_once(acts)
        self.assertEqual(sum(a.status == 200 for a in answers), 1, answers)
        self.assertIn(self.market.must("GET", path)["state"]["name"], ("due", "rejected"))
        self.services[1].verify_books()


if __name__ == "__main__":
    unittest.main()
