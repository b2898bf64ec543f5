"""Refunds that vietqr.vn makes, with the sandbox as vietqr.vn: ordered once, made once, told, and seen on the payment."""
import socket
import time
import unittest
import uuid

import shared
from sandbox import Sandbox
from service import PATIENCE, VIETQR_SECRET, Database, Market, Service
from test_refunds import wish

ACCESS = {"user": "cho40", "password": "word", "key": "SECRET"}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class RefundsByTheProvider(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        port = free_port()
        cls.database = Database()
        cls.addClassCleanup(cls.database.drop)
        cls.service = Service(shared.programs(), cls.database, CHO40_REFUNDS_VIETQR_URL=f"http://127.0.0.1:{port}/vqr")
        cls.addClassCleanup(cls.service.stop)
        cls.sandbox = Sandbox(shared.programs(), cls.service, port=port)
        cls.addClassCleanup(cls.sandbox.stop)

    def setUp(self):
        self.market = Market(self.service)
        account = str(10**12 + uuid.uuid4().int % 10**12)
        self.market.stall = self.market.must("POST", "/v1/stalls", {
            "market": self.market.market, "household": self.market.household, "name": "Cô Hạnh", "number": "14", "activity": "a",
            "receiving_account": {"bank_bin": "970436", "account_number": account, "account_name": "TRAN THI HANH"}})["id"]
        rail = self.market.must("POST", "/v1/rail-accounts", {"place": self.market.market, "rail": "vietqr", "name": "VietQR", "channel": "bank",
                                                              "secret": VIETQR_SECRET})
        self.rail = rail["id"]
        self.market.must("POST", f"/v1/rail-accounts/{self.rail}/refund-access", ACCESS)
        self.sandbox.connect([(rail["id"], "vietqr", rail["address"], VIETQR_SECRET)], account, refund_access=ACCESS)

    def tearDown(self):
        self.service.verify_books()

    def seen(self, path, wanted):
        """What `path` answers once its state is so."""
        end = time.monotonic() + PATIENCE
        while (seen := self.market.must("GET", path))["state"]["name"] != wanted and time.monotonic() < end:
            pass
        self.assertEqual(seen["state"]["name"], wanted)
        return seen

    def sell(self, amount):
        payment = self.market.ask(amount)
        self.sandbox.pay(payment)
        return self.seen("/v1/payments/" + payment["id"], "paid")

    def order(self, payment, amount, whole):
        made = self.market.must("POST", f"/v1/payments/{payment['id']}/refunds", wish(amount, whole, method="provider"))
        return "/v1/refunds/" + made["id"]

    def refunded(self, payment):
        seen = self.market.payment(payment)
        return seen["refunded"]["amount"], seen["refundable"]["amount"]

    def test_a_part_and_then_the_rest(self):
        payment = self.sell(90000)
        done = self.seen(self.order(payment, 30000, 90000), "done")
        self.assertEqual([telling["outcome"] for telling in done["tellings"]], ["refund_paid"])
        self.seen(self.order(payment, 60000, 60000), "done")
        self.assertEqual(self.refunded(payment), (90000, 0))

    def test_the_answer_is_lost_and_the_bank_tells(self):
        payment = self.sell(20014)
        self.seen(self.order(payment, 20014, 20014), "done")
        self.assertEqual(self.refunded(payment), (20014, 0))

    def test_the_wrong_key_is_refused_and_nothing_left(self):
        payment = self.sell(50000)
        self.market.must("POST", f"/v1/rail-accounts/{self.rail}/refund-access", {**ACCESS, "key": "ANOTHER"})
        failed = self.seen(self.order(payment, 50000, 50000), "failed")
        self.assertEqual(failed["state"]["reason"]["code"], "provider_refused")
        self.assertEqual(self.refunded(payment), (0, 50000))


if __name__ == "__main__":
    unittest.main()
