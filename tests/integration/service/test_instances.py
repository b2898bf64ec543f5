"""Several instances of one installation: one writes, the others hand it what is to be posted and take over when it is gone."""
import contextlib
import http.client
import signal
import socket
import time
import unittest

import shared
from providers import SePay
from service import PATIENCE, Database, Market, Service
from test_ledger import transfer_id


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Instances(unittest.TestCase):
    def setUp(self):
        self.database = Database()
        self.addCleanup(self.database.drop)
        self.running = []
        self.first, self.second = self.start(), self.start()

    def start(self, port=None, **settings):
        port = port or free_port()
        service = Service(shared.programs(), self.database, port, CHO40_SERVER_CLUSTER_ADDRESS=f"http://127.0.0.1:{port}", **settings)
        self.addCleanup(self.end, service)
        return service

    @staticmethod
    def end(service):
        if service.process.poll() is None:
            service.process.send_signal(signal.SIGCONT)
            service.stop()

    def epoch(self):
        return int(self.database.value("SELECT epoch FROM ledger_lease"))

    def until_taken_over(self, epoch):
        end = time.monotonic() + PATIENCE
        while self.epoch() == epoch:
            self.assertLess(time.monotonic(), end, "nobody took over")

    def pay(self, market, reference):
        """A sale asked for and paid; retried as a provider retries, until somebody takes it."""
        end = time.monotonic() + PATIENCE
        wish = market.wish(45000)
        while True:
            asked = market.call("POST", "/v1/payments", wish, key="ask-for-a-payment-" + reference)
            if asked.status < 300:
                break
            self.assertEqual(asked.status, 503, asked)
            self.assertLess(time.monotonic(), end)
        payment = asked.json
        body = market.payos_body(payment["reference"], 45000, reference)
        while market.payos(body).status != 200:
            self.assertLess(time.monotonic(), end)
        self.assertEqual(market.state(payment), "paid")

    def test_what_the_other_is_told_is_posted_by_the_one_that_writes(self):
        market = Market(self.first)
        self.assertEqual(self.epoch(), 1, "the second took no lease")
        self.pay(market, "FT-A")
        self.pay(market.on(self.second), "FT-B")  # handed over
        self.assertEqual(self.epoch(), 1)
        self.assertEqual(self.database.value("SELECT count(*) FROM journal"), "2")
        self.assertEqual(self.first.verify_books()["rows"], 2)

    def test_an_instance_whose_batch_breaks_a_law_ends_and_does_not_take_over_again(self):
        market = Market(self.first)
        for service in (self.first, self.second):
            self.assertEqual(service.terminate()[0], 0)
        bad = self.start(CHO40_FAULT="ledger/check/batch=refuse@1")
        with contextlib.suppress(OSError, http.client.HTTPException):  # the answer may go down with it
            self.pay(market.on(bad), "FT-A")
        self.assertEqual(bad.process.wait(PATIENCE), 3)
        self.assertEqual(bad.wait_for_log(lambda line: line.get("event") == "ledger.law_broken")["law"], "planted")
        self.assertEqual(self.start().verify_books()["rows"], 1, "what was committed stands")

    def test_what_the_writer_refuses_is_said_in_the_language_of_whoever_asked_the_other(self):
        key = self.first.make_key("ledger:write")
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json", "Accept-Language": "vi", "Idempotency-Key": "a-book-of-my-own-1"}
        book = self.second.send("POST", "/v1/ledger/books", {"name": "Sổ thử"}, headers).json["book"]
        line = {"book": book, "id": transfer_id(), "debit": 1, "credit": 2, "amount": {"amount": 5, "currency": "VND"}}
        for service in (self.first, self.second):
            refused = service.send("POST", "/v1/ledger/transfers", line, headers)
            self.assertEqual((refused.code, refused.json["detail"]), ("account_unknown", "Không có tài khoản 1 trong sổ."), refused)

    def test_when_the_writer_is_killed_the_other_takes_over(self):
        market = Market(self.first)
        self.pay(market, "FT-A")
        self.first.kill()
        self.until_taken_over(1)
        self.pay(market.on(self.second), "FT-B")
        back = self.start(self.first.port)  # comes back behind the new writer
        self.pay(market.on(back), "FT-C")
        self.assertEqual(self.epoch(), 2)
        self.assertEqual(self.second.verify_books()["rows"], 3)

    def test_a_writer_that_stops_in_good_order_is_followed_at_once(self):
        market = Market(self.first)
        self.pay(market, "FT-A")
        code, _ = self.first.terminate()
        self.assertEqual(code, 0)
        taken = self.second.wait_for_log(lambda line: line.get("event") == "ledger.taken_over")
        self.assertTrue(taken["rested"], "it need not wait until the pulse is old")
        self.pay(market.on(self.second), "FT-B")
        self.assertEqual(self.second.verify_books()["rows"], 2)

    def test_a_frozen_writer_finds_itself_replaced_and_writes_nothing_more(self):
        market = Market(self.first)
        self.pay(market, "FT-A")
        self.first.process.send_signal(signal.SIGSTOP)
        self.until_taken_over(1)
        self.pay(market.on(self.second), "FT-B")
        self.first.process.send_signal(signal.SIGCONT)
        self.pay(market.on(self.first), "FT-C")  # hands it over now
        self.assertEqual(self.epoch(), 2)
        self.assertEqual(self.second.verify_books()["rows"], 3)

    def test_a_secret_that_is_renewed_at_one_ends_at_the_other(self):
        market = Market(self.first)
        made = market.must("POST", "/v1/rail-accounts", {"place": market.market, "rail": "sepay", "name": "sepay", "channel": "bank", "secret": "hmac:the-first-one"})
        old, new = (SePay(self.second, made["address"], secret) for secret in ("hmac:the-first-one", "hmac:the-second-one"))

        def until_heard(*expected):
            end = time.monotonic() + PATIENCE
            while (heard := tuple(sender.tell(market.account, number, 1000).status for number, sender in enumerate((old, new)))) != expected:
                self.assertLess(time.monotonic(), end, f"the other instance answers {heard}")

        until_heard(200, 401)
        market.must("POST", f"/v1/rail-accounts/{made['id']}/secret", {"secret": new.secret, "previous_until": "2026-01-01T00:00:00Z"})
        until_heard(401, 200)

    def test_a_stranger_cannot_speak_as_an_instance(self):
        for headers in ({}, {"X-Cho40-Time": str(int(time.time())), "X-Cho40-Signature": "00" * 32}):
            answer = self.first.send("POST", "/internal/ledger/commands", b"\x80", headers)
            self.assertEqual(answer.status, 401)
            self.assertEqual(answer.code, "bad_signature")


if __name__ == "__main__":
    unittest.main()
