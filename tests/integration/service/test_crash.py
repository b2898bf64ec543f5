"""The service dies, is stopped, or has a batch refused: what it said yes to is there, once, and nothing else is.

CHO40_CHAOS_ROUNDS (1) says how often it is killed on the same database.
"""
import concurrent.futures
import http.client
import os
import threading
import time
import unittest

import day_files
import shared
from service import Database, Market, Service, day_from_today, reference

SENDERS = 6


class Flood:
    """Notifications sent by several connections at once, and which of them were accepted."""

    def __init__(self, market, bodies, senders=SENDERS):
        self.market, self.bodies = market, bodies
        self.accepted, self.refused = set(), {}
        self._lock = threading.Condition()
        self._waiting = list(bodies)
        self._threads = [threading.Thread(target=self._send, daemon=True) for _ in range(senders)]
        for thread in self._threads:
            thread.start()

    def _send(self):
        while True:
            with self._lock:
                if not self._waiting:
                    return
                number = self._waiting.pop()
            try:
                answer = self.market.payos(self.bodies[number])
            except (OSError, http.client.HTTPException):
                return  # nobody there any more
            with self._lock:
                if answer.status == 200:
                    self.accepted.add(number)
                else:
                    self.refused[number] = answer
                self._lock.notify_all()

    def wait_for(self, accepted):
        with self._lock:
            if not self._lock.wait_for(lambda: len(self.accepted) >= accepted, 60):
                raise AssertionError(f"only {len(self.accepted)} were accepted; refused: {self.refused}")

    def join(self):
        for thread in self._threads:
            thread.join(60)
        return self.accepted


class Crash(unittest.TestCase):
    def setUp(self):
        self.database = Database()
        self.addCleanup(self.database.drop)
        self.service = self.start()
        self.market = Market(self.service)

    def start(self):
        service = Service(shared.programs(), self.database)
        self.addCleanup(service.stop)
        return service

    def notifications(self, count):
        """Half of them pay a request of their own, half name nothing; all amounts differ. Reference -> body."""
        bodies, self.paying = {}, getattr(self, "paying", {})
        for i in range(count):
            number, amount = reference(), 10_000 + len(self.paying) * 1000 + i
            payment = self.market.ask(amount) if i % 2 == 0 else None
            bodies[number] = self.market.payos_body(payment["reference"] if payment else "mua ca", amount, number)
            if payment:
                self.paying[number] = payment
        return bodies

    def booked(self):
        """How often each bank reference stands in the books."""
        return {number: int(times) for number, times in
                self.database.rows("SELECT bank_reference, count(*) FROM bank_credit GROUP BY 1")}

    def test_killed_in_the_middle_of_a_stream(self):
        everything = {}
        for round_no in range(1, int(os.environ.get("CHO40_CHAOS_ROUNDS", "1")) + 1):
            bodies = self.notifications(80)
            everything.update(bodies)
            flood = Flood(self.market, bodies)
            flood.wait_for(10 + 7 * round_no % 40)
            self.service.kill()
            accepted = flood.join()
            self.assertEqual(flood.refused, {})
            self.assertLess(len(accepted), len(bodies), "the kill came too late to prove anything")

            self.service = self.start()
            self.market = self.market.on(self.service)
            booked = self.booked()
            self.assertEqual({n: booked.get(n, 0) for n in accepted}, dict.fromkeys(accepted, 1), "accepted and lost, or booked twice")
            self.service.verify_books()

            # The provider tells everything again, as it would.
            again = Flood(self.market, bodies)
            self.assertEqual(again.join(), set(bodies), again.refused)
            self.assertEqual(self.booked(), dict.fromkeys(everything, 1))
            self.service.verify_books()
        for number, payment in self.paying.items():
            self.assertEqual(self.market.state(payment), "paid", number)
        kinds = {row["kind"]: row["count"] for row in self.market.day_book()["totals"]["by_kind"] if row["count"]}
        self.assertEqual(kinds, {"matched": len(self.paying), "nameless": len(everything) - len(self.paying)})

    def test_stopped_while_requests_run(self):
        bodies = self.notifications(80)
        flood = Flood(self.market, bodies)
        flood.wait_for(15)
        code, seconds = self.service.terminate()
        accepted = flood.join()
        self.assertEqual(code, 0, "".join(self.service.log()[-60:]))
        self.assertLess(seconds, 10)
        self.assertEqual(flood.refused, {})
        self.assertLess(len(accepted), len(bodies), "the stop came too late to prove anything")
        # Nobody waits in vain: what was booked was also answered.
        self.assertEqual(self.booked(), dict.fromkeys(accepted, 1))
        stopped = self.service.wait_for_log(lambda line: line.get("event") == "service.stopped")
        self.assertEqual((stopped["requests_cut"], stopped["jobs_cancelled"]), (0, 0))
        self.start().verify_books()

    def test_stopped_while_long_work_runs(self):
        """Files that take longer to read than the stop waits: what is cut leaves nothing, in the books or in memory."""
        partner, day = self.market.partner("provider"), day_from_today(0)
        self.market.key = self.service.make_key("recon:write")
        files = [day_files.provider_csv(day, range(1000, 181000), mark=f"T{n}-") for n in range(4)]

        def send(number):
            try:
                self.market.send_file("provider", partner, day, files[number], number + 1)
            except (OSError, http.client.HTTPException):
                pass  # cut, and nobody there any more

        senders = [threading.Thread(target=send, args=(n,), daemon=True) for n in range(len(files))]
        for sender in senders:
            sender.start()
        while float(self.service.metrics()["cho40_http_connections_open"]) <= len(files):
            pass  # until all have come
        code, _ = self.service.terminate()
        for sender in senders:
            sender.join(60)
        log = "".join(self.service.log())
        self.assertEqual(code, 0, log[-8000:])
        self.assertNotIn("Sanitizer", log)
        self.start().verify_books()

    def test_what_the_database_refuses_takes_nothing_with_it(self):
        """A row the service believes in and the database does not: its command fails, the others of its batch do not."""
        self.database.value("ALTER TABLE cash_sale ADD CONSTRAINT behind_its_back CHECK (note <> 'refuse me')")
        notes = ["refuse me" if i == 11 else f"sale {i}" for i in range(24)]
        path = f"/v1/stalls/{self.market.stall}/cash-sales"

        def note(text):
            return self.market.call("POST", path, {"amount": {"amount": 5000, "currency": "VND"}, "note": text,
                                                   "sold_on": time.strftime("%Y-%m-%d", time.gmtime(time.time() + 7 * 3600))})

        with concurrent.futures.ThreadPoolExecutor(len(notes)) as pool:
            answers = dict(zip(notes, pool.map(note, notes)))
        refused = answers.pop("refuse me")
        self.assertEqual({a.status for a in answers.values()}, {201}, answers)
        self.assertGreaterEqual(refused.status, 400)
        self.assertNotIn("behind_its_back", refused.text)
        in_english = self.market.call("POST", path, {"amount": {"amount": 5000, "currency": "VND"}, "note": "refuse me", "sold_on": day_from_today(0)},
                                      Accept_Language="en")
        self.assertEqual((in_english.status, in_english.code), (refused.status, "stale"))
        for word in ("behind_its_back", "cash_sale", "constraint"):
            self.assertNotIn(word, in_english.text)
        self.assertEqual(self.database.value("SELECT count(*) FROM cash_sale"), str(len(answers)))
        self.assertEqual(self.market.day_book()["totals"]["cash"]["sum"]["amount"], 5000 * len(answers))
        self.service.verify_books()
        # It goes on, with the memory of the refused command gone from balances and sequences.
        self.assertEqual(note("after").status, 201)
        self.service.verify_books()


if __name__ == "__main__":
    unittest.main()
