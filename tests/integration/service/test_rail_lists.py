"""What a notification did not bring, the provider's list does; told by both ways it is one transfer."""
import datetime
import json
import time
import unittest

import shared
from provider_list import TOKEN, VIETNAM, ProviderList
from providers import SECRETS, SENDERS
from sandbox import Sandbox
from service import PATIENCE, Database, Market, Service
from test_instances import free_port
from test_rails import next_number


class Listed(unittest.TestCase):
    """A service of its own that reads lists every second."""

    @classmethod
    def setUpClass(cls):
        cls.database = Database()
        cls.addClassCleanup(cls.database.drop)
        cls.service = cls.start()
        cls.addClassCleanup(lambda: cls.service.stop())
        cls.key = cls.service.make_key("admin:read", "admin:write", "payments:read", "payments:write", "stalls:read")

    @classmethod
    def start(cls):
        return Service(shared.programs(), cls.database, CHO40_RAILS_POLL_SECONDS="1")

    def setUp(self):
        self.market = Market(self.service, self.key)
        self.account = self.market.account
        self.provider = ProviderList()
        self.addCleanup(self.provider.close)

    def connect(self, rail, with_list=True):
        body = {"place": self.market.market, "rail": rail, "name": rail, "channel": "bank", "secret": SECRETS[rail]}
        if with_list:
            body["list"] = {"url": self.provider.url, "key": TOKEN}
        made = self.market.must("POST", "/v1/rail-accounts", body)
        self.assertEqual(made["list"], {"url": self.provider.url} if with_list else None)
        self.rail_account = made["id"]
        return SENDERS[rail](self.service, made["address"], SECRETS[rail])

    def until(self, what, condition):
        end = time.monotonic() + PATIENCE
        while not condition():
            self.assertLess(time.monotonic(), end, what)

    def credits(self):
        return sorted((line["kind"], line["amount"]["amount"]) for line in self.market.day_book()["lines"])

    def booked(self):
        """SQL: how many transfers of the stall are booked. What is durable is matched a moment later when the machine is busy."""
        return f"SELECT count(*) FROM bank_credit JOIN receiving_account a USING (book_id, receiving_account_id) WHERE a.account_number = '{self.account}'"

    def reads_on(self):
        """Until a call that begins now has been answered, and another after it: what the first brought is taken."""
        self.provider.wait_for_calls(len(self.provider.calls) + 2)


class Polling(Listed):
    def test_a_notification_that_was_lost_is_booked_once(self):
        for rail in ("sepay", "casso"):
            with self.subTest(rail):
                self.setUp()
                self.connect(rail)
                payment = self.market.ask(45000)
                self.provider.add(self.account, next_number(), 45000, payment["reference"] + " tien ca")
                self.until("the list was not read", lambda: self.market.state(payment) == "paid")
                self.reads_on()
                self.assertEqual(self.credits(), [("matched", 45000)])
        self.service.verify_books()

    def test_told_by_both_ways_it_is_one_whichever_comes_first(self):
        for rail in ("sepay", "casso"):
            for first in ("push", "list"):
                with self.subTest(f"{rail}, {first} first"):
                    self.setUp()
                    sender, payment, number = self.connect(rail), self.market.ask(45000), next_number()
                    reference = f"FT{number}"
                    field = {"sepay": "referenceCode", "casso": "reference"}[rail]
                    listed = lambda: self.provider.add(self.account, number, 45000, payment["reference"], reference=reference)
                    tell = lambda: self.assertEqual(sender.tell(self.account, number, 45000, payment["reference"], **{field: reference}).status, 200)
                    (tell if first == "push" else listed)()
                    self.until("nobody told of it", lambda: self.market.state(payment) == "paid")
                    (listed if first == "push" else tell)()
                    self.reads_on()
                    self.assertEqual(self.credits(), [("matched", 45000)])
        self.service.verify_books()

    def test_the_day_alone_is_told_of_what_was_pushed_with_its_time(self):
        sender, payment, number = self.connect("casso"), self.market.ask(45000), next_number()
        self.assertEqual(sender.tell(self.account, number, 45000, payment["reference"]).status, 200)
        midnight = datetime.datetime.now(VIETNAM).replace(hour=0, minute=0, second=0)
        self.provider.add(self.account, number, 45000, payment["reference"], at=midnight, reference=f"CA{number}")
        self.reads_on()
        self.assertEqual(self.credits(), [("matched", 45000)])

    def test_money_is_known_as_of_the_reading(self):
        self.connect("sepay")
        self.provider.add(self.account, next_number(), 1000)
        self.until("it was not booked", lambda: self.credits() == [("nameless", 1000)])
        before = self.market.day_book()["money_known_as_of"]
        self.assertIsNotNone(before)
        self.until("an empty reading did not count", lambda: self.market.day_book()["money_known_as_of"] > before)
        name = f'cho40_rail_listed_timestamp_seconds{{account="{self.rail_account}",rail="sepay"}}'
        self.until("no metric", lambda: self.service.metrics().get(name, 0) > time.time() - PATIENCE)

    def test_too_many_calls_wait_as_long_as_the_provider_says(self):
        self.provider.faults += [(429, {"x-sepay-userapi-retry-after": "3"}), (429, {"Retry-After": "2"}), (503, {}), (500, {})]
        self.connect("sepay")
        payment = self.market.ask(45000)
        self.provider.add(self.account, next_number(), 45000, payment["reference"])
        times = [self.provider.wait_for_calls(n)[0] for n in range(1, 6)]
        pauses = [later - earlier for earlier, later in zip(times, times[1:])]
        for pause, least in zip(pauses, (3, 2, 2, 2)):
            self.assertGreaterEqual(pause, least - 0.05, pauses)
        self.until("it was not booked after all", lambda: self.market.state(payment) == "paid")
        counted = self.service.metrics()
        self.assertGreaterEqual(counted['cho40_rail_list_calls_total{outcome="rate_limited",rail="sepay"}'], 2)
        self.assertGreaterEqual(counted['cho40_rail_list_calls_total{outcome="upstream_error",rail="sepay"}'], 2)

    def test_a_wrong_key_is_put_right(self):
        self.connect("casso", with_list=False)
        path = f"/v1/rail-accounts/{self.rail_account}/list-access"
        self.market.must("POST", path, {"url": self.provider.url, "key": "not-the-token"})
        self.assertEqual(self.provider.wait_for_calls(1)[1], 401)
        payment = self.market.ask(45000)
        self.provider.add(self.account, next_number(), 45000, payment["reference"])
        self.assertEqual(self.market.must("POST", path, {"url": self.provider.url, "key": TOKEN})["version"], 3)
        self.until("the new key was not used", lambda: self.market.state(payment) == "paid")
        log = "".join(self.service.log())
        self.assertNotIn(TOKEN, log)
        self.assertNotIn("not-the-token", log)
        self.assertEqual(self.database.value(f"SELECT count(*) FROM rail_inbox WHERE headers::text LIKE '%{TOKEN}%' OR encode(body, 'escape') LIKE '%{TOKEN}%'"), "0")

    def test_what_was_read_is_kept_as_it_came(self):
        self.connect("sepay")
        number = next_number()
        self.provider.add(self.account, number, 1000, "tien ca thu")
        self.until("it was not booked", lambda: self.credits() == [("nameless", 1000)])
        kept = self.database.rows(f"SELECT encode(body, 'escape'), headers->>'List' FROM rail_inbox WHERE provider_id = '{number}'")
        self.assertIn(f'"id": "{number}"', kept[0][0])
        self.assertTrue(kept[0][1].startswith("/userapi/transactions/list?transaction_date_min="), kept)

    def test_refusals_of_the_access(self):
        self.connect("sepay", with_list=False)
        path = f"/v1/rail-accounts/{self.rail_account}/list-access"
        wrong = {
            "a path": ({"url": "https://my.sepay.vn/userapi", "key": TOKEN}, "/url", "invalid_format"),
            "not sealed": ({"url": "http://my.sepay.vn", "key": TOKEN}, "/url", "invalid_format"),
            "a disguise": ({"url": "http://127.0.0.1.example.com", "key": TOKEN}, "/url", "invalid_format"),
            "somebody in it": ({"url": "https://user@my.sepay.vn", "key": TOKEN}, "/url", "invalid_format"),
            "no key": ({"url": self.provider.url}, "/key", "required"),
        }
        for name, (body, pointer, code) in wrong.items():
            with self.subTest(name):
                answer = self.market.call("POST", path, body)
                self.assertEqual((answer.status, [(e["pointer"], e["code"]) for e in answer.json["errors"]]), (422, [(pointer, code)]))
        vietqr = self.market.must("GET", "/v1/rail-accounts")["data"]
        vietqr = next(one for one in vietqr if one["place"] == self.market.market and one["rail"] == "vietqr")
        answer = self.market.call("POST", f"/v1/rail-accounts/{vietqr['id']}/list-access", {"key": TOKEN})
        self.assertEqual([(e["pointer"], e["code"]) for e in answer.json["errors"]], [("/key", "unknown_value")])


class Sandboxes(Listed):
    """The lists that the sandbox answers with are those of the providers it plays."""

    def setUp(self):
        self.market = Market(self.service, self.key)
        self.account = self.market.account
        self.sandbox = Sandbox(shared.programs(), self.service)
        self.addCleanup(self.sandbox.stop)

    def connect(self, rail):
        made = self.market.must("POST", "/v1/rail-accounts", {
            "place": self.market.market, "rail": rail, "name": rail, "channel": "bank", "secret": SECRETS[rail],
            "list": {"url": f"http://127.0.0.1:{self.sandbox.port}", "key": TOKEN}})
        self.rail_account = made["id"]
        self.sandbox.connect([(made["id"], rail, made["address"], SECRETS[rail])], self.account, api_key=TOKEN)

    def test_what_it_never_tells_of_comes_by_the_list(self):
        for rail in ("sepay", "casso"):
            with self.subTest(rail):
                self.setUp()
                self.connect(rail)
                told, dropped, silent = (self.market.ask(amount) for amount in (45000, 46000, 47000))
                self.sandbox.pay(told)
                self.sandbox.pay(dropped, faults=[{"dropped": True}])
                self.sandbox.pay(silent, scenario="not_told")
                for payment in (told, dropped, silent):
                    self.until("the list was not read", lambda: self.market.state(payment) == "paid")
                known = self.market.day_book()["money_known_as_of"]
                self.until("it was not read again", lambda: self.market.day_book()["money_known_as_of"] > known)
                self.assertEqual(self.credits(), [("matched", 45000), ("matched", 46000), ("matched", 47000)])
                self.assertEqual([gap for gap in self.market.must("GET", "/v1/rail-gaps?state=all")["data"] if gap["rail_account"] == self.rail_account], [],
                                 "its balances follow from each other")
        self.service.verify_books()


class Backfill(Listed):
    def backfill(self, **body):
        made = self.market.call("POST", f"/v1/rail-accounts/{self.rail_account}/backfills", body)
        self.assertEqual(made.status, 201, made)
        self.assertEqual(made.json["state"], "waiting")
        path = made.headers["Location"]
        self.until("it did not end", lambda: self.market.must("GET", path)["state"] == "done")
        return self.market.must("GET", path)["lines"]

    def days_ago(self, days):
        return (datetime.datetime.now(VIETNAM) - datetime.timedelta(days=days)).replace(hour=9, minute=0, second=0)

    def test_twice_books_nothing_twice(self):
        for rail in ("sepay", "casso"):
            with self.subTest(rail):
                self.setUp()
                self.connect(rail)
                for day in (1, 2, 3, 9):
                    for _ in range(3):
                        self.provider.add(self.account, next_number(), 1000 * day, at=self.days_ago(day))
                since = self.days_ago(3).strftime("%Y-%m-%d")
                self.assertEqual(self.backfill(**{"from": since}), {"read": 9, "new": 9, "known": 0, "unreadable": 0})
                self.assertEqual(self.backfill(**{"from": since}), {"read": 9, "new": 0, "known": 9, "unreadable": 0})
                two = self.days_ago(2).strftime("%Y-%m-%d")
                self.assertEqual(self.backfill(**{"from": two, "to": two}), {"read": 3, "new": 0, "known": 3, "unreadable": 0})
                self.assertEqual(self.database.value(self.booked()), "9")
        self.service.verify_books()

    def test_by_the_command(self):
        self.connect("sepay")
        self.provider.add(self.account, next_number(), 1000, at=self.days_ago(4))
        command = ("rail", "backfill", self.rail_account, "--from", self.days_ago(5).strftime("%Y-%m-%d"), "--to", self.days_ago(3).strftime("%Y-%m-%d"))
        for new in (1, 0):
            done = self.service.command(*command)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(json.loads(done.stdout), {"read": 1, "new": new, "known": 1 - new, "unreadable": 0})
        known = lambda: {one["id"]: one["money_known_as_of"] for one in json.loads(self.service.command("rail", "list", "--json").stdout)}
        self.until("it was not noted", lambda: known()[self.rail_account])
        self.assertIn("money known as of", self.service.command("rail", "list").stdout)
        self.assertEqual(self.service.command("rail", "backfill", "rla_" + "0" * 26, "--from", "2026-11-01").returncode, 2)

    def test_more_than_a_page(self):
        self.connect("casso")
        number = next_number() * 1000
        for i in range(250):
            self.provider.add(self.account, number + i, 1000, at=self.days_ago(2) + datetime.timedelta(seconds=i))
        since = self.days_ago(2).strftime("%Y-%m-%d")
        self.assertEqual(self.backfill(**{"from": since}), {"read": 250, "new": 250, "known": 0, "unreadable": 0})

    def test_refusals(self):
        self.connect("sepay", with_list=False)
        path = f"/v1/rail-accounts/{self.rail_account}/backfills"
        answer = self.market.call("POST", path, {"from": "2026-11-01"})
        self.assertEqual((answer.status, answer.code), (409, "invalid_state"))
        for body, pointer, code in (({"from": "2026-11-02", "to": "2026-11-01"}, "/to", "invalid_date"), ({"from": "2020-01-01"}, "/from", "too_large"),
                                    ({}, "/from", "required")):
            answer = self.market.call("POST", path, body)
            self.assertEqual([(e["pointer"], e["code"]) for e in answer.json["errors"]], [(pointer, code)])
        self.assertEqual(self.market.call("GET", "/v1/rail-backfills/rbf_" + "0" * 26).status, 404)


class TwoInstances(unittest.TestCase):
    def test_they_take_turns(self):
        database = Database()
        self.addCleanup(database.drop)
        provider = ProviderList()
        self.addCleanup(provider.close)
        running = []
        for port in (free_port(), free_port()):
            running.append(Service(shared.programs(), database, port, CHO40_SERVER_CLUSTER_ADDRESS=f"http://127.0.0.1:{port}",
                                   CHO40_RAILS_POLL_SECONDS="2"))
            self.addCleanup(running[-1].stop)
        market = Market(running[0])
        market.must("POST", "/v1/rail-accounts", {"place": market.market, "rail": "sepay", "name": "sepay", "channel": "bank",
                                                  "secret": SECRETS["sepay"], "list": {"url": provider.url, "key": TOKEN}})
        payment = market.ask(45000)
        provider.add(market.account, next_number(), 45000, payment["reference"])
        times = [provider.wait_for_calls(n)[0] for n in range(1, 8)]
        for earlier, later in zip(times, times[1:]):
            self.assertGreaterEqual(later - earlier, 1.9, "no more often than one alone")
        self.assertEqual(market.on(running[1]).state(payment), "paid")
        running[0].verify_books()


class Restarts(Listed):
    def test_a_reading_goes_on_where_it_stood(self):
        self.connect("casso")
        number = next_number() * 1000
        at = datetime.datetime.now(VIETNAM) - datetime.timedelta(days=3)
        for i in range(500):
            self.provider.add(self.account, number + i, 1000, at=at.replace(hour=9, minute=0, second=0) + datetime.timedelta(seconds=i))
        made = self.market.must("POST", f"/v1/rail-accounts/{self.rail_account}/backfills", {"from": at.strftime("%Y-%m-%d")})
        asked = lambda: [int(query["page"]) for _, _, query in self.provider.calls if query["fromDate"] == at.strftime("%Y-%m-%d")]
        self.until("it did not begin", lambda: 2 in asked())
        self.service.kill()
        type(self).service = self.start()
        market = self.market.on(self.service)
        self.until("it did not end", lambda: market.must("GET", f"/v1/rail-backfills/{made['id']}")["state"] == "done")
        self.assertEqual(asked().count(1), 1, "what was durable is not asked for again")
        self.database.wait_until(f"({self.booked()}) = 500")
        self.service.verify_books()


if __name__ == "__main__":
    unittest.main()
