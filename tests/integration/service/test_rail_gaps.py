"""Balances that do not follow from each other say that a transfer was told by nobody: it is asked for, missed, and closed when it comes."""
import datetime
import time
import unittest

import shared
from provider_list import TOKEN, VIETNAM, ProviderList
from providers import SECRETS, SENDERS
from service import PATIENCE, Database, Market, Service
from test_rails import next_number


def dong(money):
    assert money["currency"] == "VND", money
    return money["amount"]


class Gaps(unittest.TestCase):
    """A service of its own that misses a transfer after two seconds."""

    @classmethod
    def setUpClass(cls):
        cls.database = Database()
        cls.addClassCleanup(cls.database.drop)
        # The list is read by itself once an hour: what is read before then was asked for.
        cls.service = Service(shared.programs(), cls.database, CHO40_RAILS_GAP_GRACE_SECONDS="2", CHO40_RAILS_POLL_SECONDS="3600",
                              CHO40_RAILS_POLL_OVERLAP_SECONDS="1")
        cls.addClassCleanup(cls.service.stop)
        cls.key = cls.service.make_key("admin:read", "admin:write", "payments:read", "payments:write", "stalls:read")

    def setUp(self):
        self.market = Market(self.service, self.key)
        self.account = self.market.account
        self.provider = ProviderList()
        self.addCleanup(self.provider.close)
        self.minute = 0
        self.noon = datetime.datetime.now(VIETNAM).replace(hour=0, minute=1, second=0, microsecond=0)

    def connect(self, rail="sepay", with_list=False):
        body = {"place": self.market.market, "rail": rail, "name": rail, "channel": "bank", "secret": SECRETS[rail]}
        if with_list:
            body["list"] = {"url": self.provider.url, "key": TOKEN}
        made = self.market.must("POST", "/v1/rail-accounts", body)
        self.rail_account = made["id"]
        self.sender = SENDERS[rail](self.service, made["address"], SECRETS[rail])

    def transfer(self, amount, balance):
        """The next one of the account, a second after the one before."""
        self.minute += 1
        return next_number(), amount, balance, self.noon + datetime.timedelta(seconds=self.minute)

    def tell(self, transfer):
        number, amount, balance, at = transfer
        answer = self.sender.tell(self.account, number, abs(amount), out=amount < 0, accumulated=balance, transactionDate=at.strftime("%Y-%m-%d %H:%M:%S"))
        self.assertEqual(answer.status, 200, answer)

    def gaps(self, state="open"):
        listed = self.market.must("GET", f"/v1/rail-gaps?state={state}&limit=200")["data"]
        return [gap for gap in listed if gap["rail_account"] == self.rail_account]

    def until(self, what, condition):
        end = time.monotonic() + PATIENCE
        while not condition():
            self.assertLess(time.monotonic(), end, f"{what}: {self.gaps('all')}")

    def looked_twice(self):
        """Two whole looks that began after this moment, and the grace of what came before it."""
        looked = lambda: self.database.value("SELECT extract(epoch FROM looked_until) FROM rail_gap_watch")
        begin = float(self.database.value("SELECT extract(epoch FROM now())"))
        self.until("nobody looks", lambda: float(looked()) > begin + 4)


class Missing(Gaps):
    def test_it_opens_after_the_grace_and_closes_when_the_transfer_comes(self):
        self.connect()
        first, lost, last = self.transfer(10000, 110000), self.transfer(20000, 130000), self.transfer(30000, 160000)
        self.tell(last)
        self.tell(first)
        self.until("it was not missed", lambda: self.gaps())
        gap, = self.gaps()
        self.assertEqual((dong(gap["missing"]), dong(gap["last_known"]["balance_after"]), dong(gap["first_known"]["balance_before"]), gap["state"]),
                         (20000, 110000, 130000, "open"))
        self.assertEqual(gap["account_number_masked"], "•••• " + self.account[-4:])
        self.assertFalse(gap["can_be_asked"])
        shown, = self.market.day_book()["money_gaps"]
        self.assertEqual((shown["from"], shown["to"], shown["being_asked"]),
                         (gap["last_known"]["booked_at"], gap["first_known"]["booked_at"], False))
        self.service.wait_for_log(lambda line: line.get("event") == "rails.gap_opened" and line["account"] == self.rail_account)
        self.assertGreaterEqual(self.service.metrics()['cho40_rail_gaps_total{rail="sepay"}'], 1)
        self.tell(lost)
        self.until("it was not closed", lambda: not self.gaps())
        self.assertEqual([one["state"] for one in self.gaps("all")], ["filled"])
        self.assertEqual(self.market.day_book()["money_gaps"], [])
        self.until("the metric did not follow", lambda: self.service.metrics()["cho40_rail_gaps_open"] == float(
            self.database.value("SELECT count(*) FROM rail_gap WHERE closed_at IS NULL")))

    def test_what_another_rail_told_is_not_missing_to_the_stall(self):
        self.connect()
        first, lost, last = self.transfer(10000, 110000), self.transfer(20000, 130000), self.transfer(30000, 160000)
        self.tell(first)
        self.tell(last)
        self.until("it was not missed", lambda: self.gaps())
        self.assertEqual(len(self.market.day_book()["money_gaps"]), 1)
        at = lost[3].strftime("%Y-%m-%d %H:%M:%S")
        self.assertEqual(self.market.payos(self.market.payos_body("", 20000, "FT-OTHER-RAIL", transactionDateTime=at)).status, 200)
        self.until("it was not booked", lambda: len(self.market.day_book()["lines"]) == 3)
        self.assertEqual(self.market.day_book()["money_gaps"], [])
        self.assertEqual(len(self.gaps()), 1, "the rail lost it all the same")

    def test_whole_chains_are_left_alone_in_whatever_order_they_come(self):
        self.connect()
        balance, transfers = 500000, []
        for amount in (10000, -20000, 10000, 5000, 5000, -10000, 1000):
            balance += amount
            transfers.append(self.transfer(amount, balance))
        for transfer in reversed(transfers):
            self.tell(transfer)
            self.tell(transfer)
        self.looked_twice()
        self.assertEqual(self.gaps("all"), [])

    def test_balances_of_nothing_say_nothing(self):
        self.connect()
        for balance in (0, 0, 0):  # SePay does not know it
            self.tell(self.transfer(1000, balance))
        self.looked_twice()
        self.assertEqual(self.gaps("all"), [])

    def test_where_money_out_is_never_told_a_fall_is_no_gap(self):
        self.connect()
        self.tell(self.transfer(10000, 110000))
        self.tell(self.transfer(10000, 50000))
        self.looked_twice()
        self.assertEqual(self.gaps("all"), [])

    def test_money_out_that_is_missing_is_the_operators_business(self):
        self.connect()
        self.tell(self.transfer(-10000, 110000))
        self.tell(self.transfer(10000, 50000))
        self.until("it was not missed", lambda: self.gaps())
        self.assertEqual(dong(self.gaps()[0]["missing"]), -70000)
        self.assertEqual(self.market.day_book()["money_gaps"], [])

    def test_a_person_explains_it(self):
        self.connect()
        self.tell(self.transfer(10000, 110000))
        self.tell(self.transfer(10000, 150000))
        self.until("it was not missed", lambda: self.gaps())
        path = f"/v1/rail-gaps/{self.gaps()[0]['id']}/explanation"
        self.assertEqual(self.market.call("POST", path, {"reason": "x"}).status, 422)
        closed = self.market.must("POST", path, {"reason": "Ngân hàng trả lãi, không báo."})
        self.assertEqual((closed["state"], closed["explanation"]), ("explained", "Ngân hàng trả lãi, không báo."))
        again = self.market.call("POST", path, {"reason": "Lần nữa"})
        self.assertEqual((again.status, again.code), (409, "invalid_state"))
        self.looked_twice()
        self.assertEqual([one["state"] for one in self.gaps("all")], ["explained"], "it stays explained")
        self.assertEqual(self.market.call("POST", "/v1/rail-gaps/gap_" + "0" * 26 + "/explanation", {"reason": "không có"}).status, 404)
        self.assertEqual(self.market.call("GET", "/v1/rail-gaps?state=shut").code, "validation_failed")


class AskedFor(Gaps):
    def test_the_list_is_asked_at_once_and_nobody_sees_a_gap(self):
        self.connect(with_list=True)
        self.provider.wait_for_calls(1)
        first, lost, last = self.transfer(10000, 110000), self.transfer(20000, 130000), self.transfer(30000, 160000)
        for number, amount, balance, at in (first, lost, last):
            self.provider.add(self.account, number, amount, balance=balance, at=at)
        self.tell(first)
        self.tell(last)
        sums = lambda: sorted(line["amount"]["amount"] for line in self.market.day_book()["lines"])
        self.until("the list was not asked", lambda: sums() == [10000, 20000, 30000])
        self.looked_twice()
        self.assertEqual(self.gaps(), [])
        _, _, query = self.provider.calls[1]
        self.assertLess(query["transaction_date_min"], first[3].strftime("%Y-%m-%d %H:%M:%S"))
        self.assertGreater(query["transaction_date_max"], last[3].strftime("%Y-%m-%d %H:%M:%S"))

    def test_what_the_list_does_not_know_either_is_a_gap_that_is_being_asked_for(self):
        self.connect(with_list=True)
        self.tell(self.transfer(10000, 110000))
        self.tell(self.transfer(30000, 160000))
        self.until("it was not missed", lambda: self.gaps())
        self.assertTrue(self.gaps()[0]["can_be_asked"])
        self.assertEqual([gap["being_asked"] for gap in self.market.day_book()["money_gaps"]], [True])


if __name__ == "__main__":
    unittest.main()
