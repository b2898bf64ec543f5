"""Until when the money of a rail is known: whatever its provider says authentically moves the time, nothing else does."""
import datetime
import time
import unittest

import shared
from providers import SECRETS, SENDERS, Casso
from service import PATIENCE, Database, Market, Service
from test_instances import free_port


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


class Heartbeats(unittest.TestCase):
    def setUp(self):
        self.market = shared.market()
        self.service = self.market.service

    def account(self, address, market=None):
        """The rail account at this address, as operators see it."""
        listed = (market or self.market).must("GET", "/v1/rail-accounts")["data"]
        return next(one for one in listed if one["address"] == address)

    def heard(self, address):
        return self.account(address)["heard_at"]

    def test_nothing_is_known_before_anything_is_heard(self):
        account = self.account(self.market.payos_path)
        self.assertEqual((account["heard_at"], account["money_known_as_of"]), (None, None))
        self.assertIsNone(self.market.day_book()["money_known_as_of"])

    def test_whatever_is_authentic_counts(self):
        sender = SENDERS["casso"](self.service, self.market._rail("casso", SECRETS["casso"]), SECRETS["casso"])
        payment = self.market.ask(45000)
        vietqr, payos = self.market.vietqr_path, self.market.payos_path
        says = {
            "a transfer": (payos, lambda: self.market.pay_by_payos(payment["reference"], 45000, "FT-HEARD-1")),
            "the same again": (payos, lambda: self.market.pay_by_payos(payment["reference"], 45000, "FT-HEARD-1")),
            "a call for a token": (vietqr, self.market.fetch_token),
            "a probe": (sender.address, lambda: sender.tell("88888888", 0, 599000, reference="MA_GIAO_DICH_THU_NGHIEM")),
        }
        for name, (address, say) in says.items():
            with self.subTest(name):
                before, began = self.heard(address), datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(milliseconds=2)
                say()
                heard = instant(self.heard(address))
                self.assertGreaterEqual(heard, began)
                self.assertTrue(before is None or heard > instant(before))
                self.assertEqual(self.account(address)["money_known_as_of"], self.heard(address))
        self.assertEqual(self.market.day_book()["money_known_as_of"], self.heard(payos), "of the rail that told of the stall's money")

    def test_what_proves_nothing_does_not(self):
        sender = Casso(self.service, self.market._rail("casso", SECRETS["casso"]), "another-checksum-key")
        self.assertEqual(sender.tell(self.market.account, 1, 1000).status, 401)
        sender.secret = SECRETS["casso"]
        self.assertEqual(sender.tell(self.market.account, 1, 1000, at=time.time() - 1000).status, 401, "a copy of long ago")
        self.assertIsNone(self.heard(sender.address))

    def test_metrics_tell_it_too(self):
        self.market.pay_by_payos("", 1000, "FT-HEARD-2")
        name = f'cho40_rail_heard_timestamp_seconds{{account="{self.account(self.market.payos_path)["id"]}",rail="payos"}}'
        end = time.monotonic() + PATIENCE
        while name not in self.service.metrics():
            self.assertLess(time.monotonic(), end)
        self.assertAlmostEqual(self.service.metrics()[name], instant(self.heard(self.market.payos_path)).timestamp(), delta=1)


class AfterAnEnd(unittest.TestCase):
    def setUp(self):
        self.database = Database()
        self.addCleanup(self.database.drop)

    def test_what_was_heard_before_a_crash_is_known_after_it(self):
        first = Service(shared.programs(), self.database)
        market = Market(first)
        market.pay_by_payos("", 1000, "FT-HEARD-3")
        first.kill()
        second = Service(shared.programs(), self.database)
        self.addCleanup(second.stop)
        after = market.on(second)
        listed = {one["address"]: one for one in after.must("GET", "/v1/rail-accounts")["data"]}
        received = self.database.value("SELECT to_char(max(received_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"') FROM rail_inbox")
        self.assertEqual(listed[market.payos_path]["heard_at"], received)
        self.assertIsNone(listed[market.vietqr_path]["heard_at"])
        self.assertEqual(after.day_book()["money_known_as_of"], received)


class TwoInstances(unittest.TestCase):
    def test_what_one_heard_the_other_knows(self):
        database = Database()
        self.addCleanup(database.drop)
        running = []
        for port in (free_port(), free_port()):
            running.append(Service(shared.programs(), database, port, CHO40_SERVER_CLUSTER_ADDRESS=f"http://127.0.0.1:{port}"))
            self.addCleanup(running[-1].stop)
        market = Market(running[0])
        market.pay_by_payos("", 1000, "FT-HEARD-4")
        heard = lambda service: [one["heard_at"] for one in market.on(service).must("GET", "/v1/rail-accounts")["data"] if one["rail"] == "payos"]
        told = heard(running[0])
        self.assertIsNotNone(told[0])
        end = time.monotonic() + PATIENCE
        while heard(running[1]) != told:
            self.assertLess(time.monotonic(), end)
        self.assertEqual(market.on(running[1]).day_book()["money_known_as_of"], told[0])


if __name__ == "__main__":
    unittest.main()
