"""The service ends at each point of an attempt's life: one INIT, one booking, whoever goes on."""
import concurrent.futures
import unittest

import shared
from national import NationalAgency
from sandbox import Sandbox
from service import Database, Service
from test_instances import free_port


class NationalCrash(unittest.TestCase):
    def setUp(self):
        self.database = Database()
        self.addCleanup(self.database.drop)
        self.port = free_port()
        self.service = self.start()

    def start(self):
        service = Service(shared.programs(), self.database, self.port)
        self.addCleanup(service.stop)
        return service

    def collect(self, hurry=1000):
        sandbox = Sandbox(shared.programs(), self.service, hurry)
        self.addCleanup(sandbox.stop)
        self.agency = NationalAgency(self.service, sandbox)
        return self.agency.notice()

    def kill_and_start(self):
        self.service.kill()
        self.service.hang_up()
        self.service = self.start()
        self.agency = self.agency.on(self.service)

    def column(self, name, attempt=None):
        return self.database.value(f"SELECT {name} FROM national_payment" + (f" WHERE reference = '{attempt['reference']}'" if attempt else ""))

    def assert_paid_once(self, notice, attempt):
        self.agency.until(attempt, "succeeded")
        self.database.wait_until("(SELECT bool_and(booked) FROM national_payment)")
        self.assertEqual(self.agency.state(notice)["state"]["name"], "paid")
        self.assertEqual(self.database.value("SELECT count(*) FROM bank_credit"), "1")
        self.assertEqual(self.database.value("SELECT count(*) FROM receipt"), "2")
        self.assertEqual([told.split()[0] for told in self.agency.told(attempt)["told"]].count("INIT"), 1)
        self.service.verify_books()

    def test_killed_while_the_platform_is_called(self):
        notice = self.collect(hurry=1)
        self.agency.faults("init_slow")
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            pressed = pool.submit(self.press_and_lose, notice)
            self.database.wait_until("EXISTS (SELECT FROM national_payment WHERE called_at IS NOT NULL)")
            while not self.agency.sandbox.must("GET", "/dvcqg/payments").json["payments"]:
                pass  # until the platform has heard
            self.kill_and_start()
            pressed.result()
        self.agency.faults()
        attempt = self.agency.attempts(notice)[0]
        self.assertEqual((attempt["state"]["name"], attempt["pay_url"]), ("created", None))
        self.agency.look_now(attempt, self.database)
        self.assertEqual(self.agency.attempt(attempt)["state"]["name"], "created", "asked, and not known; not opened again")
        self.agency.end(attempt)
        self.agency.look_now(attempt, self.database)
        self.assert_paid_once(notice, attempt)

    def press_and_lose(self, notice):
        try:
            self.agency.press(notice)
        except OSError:
            pass  # killed under it

    def test_ended_before_the_platform_was_called(self):
        notice = self.collect()
        attempt = self.agency.start(notice)
        self.service.stop()
        # As a service leaves it that ends between the row and the call.
        self.database.value("UPDATE national_payment SET state = 1, called_at = NULL, pay_url = '', look_at = now()")
        self.service = self.start()
        self.agency = self.agency.on(self.service)
        failed = self.agency.until(attempt, "failed")
        self.assertEqual(failed["state"]["reason"]["code"], "never_sent")
        self.assertEqual(len(self.agency.told(attempt)["told"]), 1, "nobody asked about what was never sent, nor sent it")
        again = self.agency.start(notice)
        self.assertNotEqual(again["reference"], attempt["reference"])

    def test_killed_between_the_success_and_the_money(self):
        notice = self.collect()
        attempt = self.agency.start(notice)
        self.agency.end(attempt)
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            with self.database.locked("rail_inbox", "SHARE"):
                told = pool.submit(self.agency.tell, attempt)
                self.database.wait_until("EXISTS (SELECT FROM national_payment WHERE state = 3)")
                self.service.kill()
            self.assertEqual(told.result(), [0], "the platform heard no yes")
        self.assertEqual(self.column("booked"), "f")
        self.service.hang_up()
        self.service = self.start()
        self.agency = self.agency.on(self.service)
        self.database.value("UPDATE national_payment SET look_at = now()")
        self.assert_paid_once(notice, attempt)
        self.assertEqual(self.agency.tell(attempt), ["00"], "told again, as it would be")
        self.assert_paid_once(notice, attempt)

    def test_killed_while_results_pour_in(self):
        self.collect()
        notices = [self.agency.notice() for _ in range(12)]
        attempts = [self.agency.start(notice) for notice in notices]
        for attempt in attempts:
            self.agency.end(attempt)
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            told = [pool.submit(self.agency.tell, attempt, {}, {}) for attempt in attempts]
            self.database.wait_until("(SELECT count(*) >= 3 FROM national_payment WHERE state = 3)")
            self.kill_and_start()
            taken = {a["reference"] for a, answers in zip(attempts, told) if "00" in answers.result()}
        succeeded = {r for (r,) in self.database.rows("SELECT reference FROM national_payment WHERE state = 3")}
        self.assertLessEqual(taken, succeeded, "said yes to and lost")
        for attempt in attempts:  # told again, as the platform would
            self.assertEqual(self.agency.tell(attempt), ["00"])
        self.database.wait_until("(SELECT count(*) = 12 FROM national_payment WHERE booked)")
        self.assertEqual(self.database.value("SELECT count(*) FROM bank_credit"), "12")
        self.assertEqual(self.database.value("SELECT count(*) FROM receipt"), "24")
        for notice in notices:
            state = self.agency.state(notice)
            self.assertEqual((state["state"]["name"], state["received"]["amount"]), ("paid", self.agency.TOTAL))
        self.service.verify_books()

    def test_two_instances_ask_once(self):
        self.collect()
        attempts = [self.agency.start(self.agency.notice()) for _ in range(6)]
        second = Service(shared.programs(), self.database, free_port())
        self.addCleanup(second.stop)
        self.database.value("UPDATE national_payment SET look_at = now()")
        self.database.wait_until("(SELECT bool_and(looks > 0 AND turn_until = '-infinity') FROM national_payment)")
        for attempt in attempts:
            questions = [told for told in self.agency.told(attempt)["told"] if told.startswith("QUERY")]
            self.assertEqual((len(questions), self.column("looks", attempt)), (1, "1"))


if __name__ == "__main__":
    unittest.main()
