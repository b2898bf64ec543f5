"""What a stall's page hears, and what it hears again after its connection broke."""
import json
import unittest

import shared
from service import Stream, reference


class Streams(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        shared.service()

    def setUp(self):
        self.market = shared.market()

    def open(self, last_event_id=None):
        stream = Stream(self.market, last_event_id)
        self.addCleanup(stream.close)
        return stream

    def sell(self, amount):
        """One request paid in full; its events are payment.created and payment.paid."""
        payment = self.market.ask(amount)
        answer = self.market.pay_by_payos(payment["reference"], amount, reference())
        self.assertEqual(answer.status, 200, answer)
        return payment

    def test_events_come_in_order_with_rising_ids(self):
        stream = self.open()
        self.assertEqual(stream.next()["event"], "ready")
        sold = [self.sell(1000 * i) for i in (1, 2, 3)]
        events = [stream.next() for _ in range(6)]
        self.assertEqual([e["event"] for e in events], ["payment.created", "payment.paid"] * 3)
        ids = [int(e["id"]) for e in events]
        self.assertEqual(ids, sorted(set(ids)))
        for payment, event in zip(sold, events[1::2]):
            told = json.loads(event["data"])
            self.assertEqual(told["resource"], payment["id"])
            self.assertEqual(told["data"]["object"]["received"]["amount"], payment["amount"]["amount"])
            self.assertTrue(told["spoken"])

    def test_reconnect_gives_exactly_what_was_missed(self):
        first = self.open()
        first.next()
        self.sell(1000)
        heard = [first.next(), first.next()]
        first.close()
        missed = [self.sell(2000), self.sell(3000)]
        again = self.open(heard[-1]["id"])
        greeting = again.next()
        self.assertEqual((greeting["event"], greeting["id"]), ("ready", heard[-1]["id"]))
        events = [again.next() for _ in range(4)]
        self.assertEqual([json.loads(e["data"])["resource"] for e in events], [missed[0]["id"]] * 2 + [missed[1]["id"]] * 2)
        # And goes on with what is new, so nothing came in between that was not asked for.
        fresh = self.sell(4000)
        self.assertEqual(json.loads(again.next()["data"])["resource"], fresh["id"])

    def test_an_id_nobody_gave_out_means_read_again(self):
        for nonsense in ("abc", "-1", "99999999", "1.5", "18446744073709551616"):
            with self.subTest(nonsense):
                stream = self.open(nonsense)
                self.assertEqual(stream.next()["event"], "reset")
                stream.close()

    def test_a_stall_hears_nothing_of_another(self):
        stream = self.open()
        stream.next()
        other, self.market = self.market, shared.market()
        self.sell(7000)
        self.market = other
        own = self.sell(8000)
        self.assertEqual(json.loads(stream.next()["data"])["resource"], own["id"])


if __name__ == "__main__":
    unittest.main()
