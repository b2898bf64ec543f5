"""Tax returns for periods that are not open, for households that are not there, by people who may not."""
import json
import unittest

import shared
from refusals import Refusals, login_of, metric_of_api, uuid_of, with_member
from service import Browser, day_from_today, quarter_before


class TaxReturns(Refusals):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.last = quarter_before(day_from_today(0))
        first_month = 3 * int(cls.last[-1]) - 2
        # Sales that put the household over the year's threshold.
        cls.market.must("POST", f"/v1/stalls/{cls.market.stall}/cash-sales", {
            "amount": {"amount": 1_100_000_000, "currency": "VND"}, "sold_on": f"{cls.last[:4]}-{first_month:02}-15"})
        cls.market.key = cls.service.make_key("tax:read", "tax:write")

    def file(self, period=None, household=None, **headers):
        wish = {"household": household or self.market.household, "period": period or self.last}
        return self.market.call("POST", "/v1/tax-returns", wish, **headers)

    def refused(self, send, status, code, metric=None, line=None):
        return super().refused(send, status, code, metric or metric_of_api(status, "tax_returns.create"), line)

    def test_periods(self):
        today = day_from_today(0)
        year = int(today[:4])
        cases = {
            "the quarter that runs": (f"{year}-Q{(int(today[5:7]) + 2) // 3}", 409, "period_not_open"),
            "the month that runs": (today[:7], 409, "period_not_open"),
            "next year": (f"{year + 1}-Q1", 409, "period_not_open"),
            "too long ago": (f"{year - 7}-Q1", 409, "period_closed"),
            "a fifth quarter": (f"{year}-Q5", 422, "invalid_period"),
            "a thirteenth month": (f"{year}-13", 422, "invalid_period"),
            "a small q": (f"{year}-q3", 422, "invalid_period"),
            "turned round": (f"Q3-{year}", 422, "invalid_period"),
            "a year": (f"{year}", 422, "validation_failed"),
            "too long": (f"{year}-Q10000", 422, "validation_failed"),
            "a quotation mark": (f"{year}'--", 422, "invalid_period"),
        }
        for name, (period, status, code) in cases.items():
            with self.subTest(name):
                answer = self.refused(lambda period=period: self.file(period), status, code)
                if code == "period_not_open":
                    self.assertRegex(answer.json["detail"], r"từ ngày \d\d/\d\d/\d{4}")

    def test_who_and_what(self):
        m = self.market
        stranger = m.household[:-4] + ("0000" if m.household[-4:] != "0000" else "0001")
        elsewhere = self.service.make_key("tax:write", place=shared.market().market)
        reader, small = self.service.make_key("tax:read"), shared.market().household
        good = json.dumps({"household": m.household, "period": self.last}).encode()
        send = lambda body, **headers: m.call("POST", "/v1/tax-returns", body, **headers)
        cases = {
            "no such household": (lambda: self.file(household=stranger), 404, "not_found"),
            "a stall for a household": (lambda: self.file(household=m.stall), 422, "validation_failed"),
            "another board's household": (lambda: self.file(Authorization="Bearer " + elsewhere), 404, "not_found"),
            "a key that only reads": (lambda: self.file(Authorization="Bearer " + reader), 403, "scope_missing"),
            "not signed in": (lambda: self.file(Authorization=None), 401, "unauthenticated"),
            "no turnover": (lambda: self.file(household=small), 409, "nothing_to_file"),
            "malformed JSON": (lambda: send(good[:-1]), 400, "invalid_json"),
            "member twice": (lambda: send(with_member(good, "period", b'"x"')), 400, "invalid_json"),
            "a member nobody knows": (lambda: send(with_member(good, "vat", b"0")), 422, "unknown_field"),
            "a number for a period": (lambda: send(good.replace(b'"' + self.last.encode() + b'"', b"2026")), 422, "validation_failed"),
        }
        for name, (ask, status, code) in cases.items():
            with self.subTest(name):
                self.refused(ask, status, code)

    def test_roles(self):
        m, other = self.market, shared.market()
        roles = {
            "tax_officer": (["tax_officer"], 403, "forbidden"),  # reads returns; the household files them
            "market_board": ([f"market_board:{m.market}"], 403, "forbidden"),
            "vendor_staff": ([f"vendor_staff:{m.stall}"], 403, "forbidden"),
            "another vendor": ([f"vendor:{other.stall}"], 404, "not_found"),
        }
        for name, (grants, status, code) in roles.items():
            person = Browser(self.service, self.service.make_user(login_of("tax"), *grants))
            wish = {"household": m.household, "period": self.last}
            with self.subTest(name):
                self.refused(lambda person=person, wish=wish: person.call("POST", "/v1/tax-returns", wish), status, code)
        owner = Browser(self.service, self.service.make_user(login_of("tax"), f"vendor:{m.stall}"))
        with self.subTest("a page that is old"):
            owner.token = "0" * 32
            self.refused(lambda: owner.call("POST", "/v1/tax-returns", {"household": m.household, "period": self.last}), 403, "csrf_failed")

    def test_filed_already(self):
        first, second = self.file().json, self.file().json
        self.assertEqual((first["state"]["name"], second["state"]["name"]), ("draft", "draft"))
        on_its_way = f"UPDATE tax_return SET state = 'sent' WHERE return_id = '{uuid_of(first['id'])}'"
        self.service.database.value(on_its_way)
        self.addCleanup(self.service.database.value, on_its_way.replace("'sent'", "'draft'"))
        submit = f"/v1/tax-returns/{second['id']}/submission"
        self.refused(self.file, 409, "already_filed")
        self.refused(lambda: self.market.call("POST", submit, {}), 409, "already_filed", metric_of_api(409, "tax_returns.submit"))
        again = f"/v1/tax-returns/{first['id']}/submission"
        self.refused(lambda: self.market.call("POST", again, {}), 409, "invalid_state", metric_of_api(409, "tax_returns.submit"))


if __name__ == "__main__":
    unittest.main()
