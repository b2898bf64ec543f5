"""What a stall's page hears, and what it hears again after its connection broke."""
import http.client
import json
import os
import threading
import unittest

import shared
from service import Agency, Database, Market, Service, Stream, reference


class Streams(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        shared.service()

    def setUp(self):
        self.market = shared.market()

    def open(self, last_event_id=None):
        stream = Stream(self.market.service, f"/v1/stalls/{self.market.stall}/stream", self.market.key, last_event_id)
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


class Ending(unittest.TestCase):
    """The service is stopped while pages hold their streams and money comes in."""

    OPEN_OF_EACH_KIND = 6
    SENDERS = 4

    def setUp(self):
        self.database = Database()
        self.addCleanup(self.database.drop)

    def start(self):
        service = Service(shared.programs(), self.database)
        self.addCleanup(service.stop)
        return service

    def keep_paying(self, market, agency, code, stopped):
        """Money for the stall and for the notice, until nobody answers."""
        while not stopped.is_set():
            try:
                market.pay_by_payos("mua ca", 12000, reference())
                agency.pay_by_payos(code, 100, reference())
            except (OSError, http.client.HTTPException):
                return

    def one_round(self, service, market, agency, moment):
        notice = agency.notice()
        code = agency.start_paying(notice)
        paths = [(f"/v1/stalls/{market.stall}/stream", market.key), (f"/v1/pay/{notice['code']}/stream", None)] * self.OPEN_OF_EACH_KIND
        streams = [Stream(service, path, key) for path, key in paths]
        gone = [Stream(service, path, key) for path, key in paths[:2]]  # readers that leave at that moment
        stopped = threading.Event()
        senders = [threading.Thread(target=self.keep_paying, args=(market, agency, code, stopped), daemon=True) for _ in range(self.SENDERS)]
        for stream in streams:
            stream.next()
        for sender in senders:
            sender.start()
        for _ in range(moment):
            streams[0].next()
        for stream in gone:
            stream.close()
        exit_code, seconds = service.terminate()
        stopped.set()
        for sender in senders:
            sender.join(60)
        log = "".join(service.log())
        self.assertEqual(exit_code, 0, log[-8000:])
        self.assertLess(seconds, 10)
        self.assertNotIn("Sanitizer", log)
        self.assertNotIn("http.exception", log)
        ended = service.wait_for_log(lambda line: line.get("event") == "service.stopped")
        self.assertEqual((ended["requests_cut"], ended["jobs_cancelled"]), (0, 0))
        for stream in streams:
            stream.rest()
        self.assertEqual([stream.whole for stream in streams], [True] * len(streams), "a stream was torn off")

    def test_stopped_while_pages_listen(self):
        """CHO40_STOP_ROUNDS (3) says how often, each time at another moment of the flood."""
        market = agency = None
        for moment in range(int(os.environ.get("CHO40_STOP_ROUNDS", "3"))):
            service = self.start()
            market = market.on(service) if market else Market(service)
            agency = agency.on(service) if agency else Agency(service)
            with self.subTest(moment):
                self.one_round(service, market, agency, moment)
        self.start().verify_books()

    def test_stopped_while_the_database_answers_nobody(self):
        """The streams' questions are under way and stay unanswered: whoever waits is told to go."""
        service = self.start()
        market, agency = Market(service), Agency(service)
        notice = agency.notice()
        streams = [Stream(service, f"/v1/stalls/{market.stall}/stream", market.key) for _ in range(self.OPEN_OF_EACH_KIND)]
        streams += [Stream(service, f"/v1/pay/{notice['code']}/stream") for _ in range(self.OPEN_OF_EACH_KIND)]
        for stream in streams:
            stream.next()
        with self.database.locked("event"):
            self.database.wait_for_blocked()
            code, seconds = service.terminate()
        log = "".join(service.log())
        self.assertEqual(code, 0, log[-8000:])
        self.assertLess(seconds, 12)
        self.assertNotIn("Sanitizer", log)
        for stream in streams:
            stream.rest()
        self.start().verify_books()


if __name__ == "__main__":
    unittest.main()
