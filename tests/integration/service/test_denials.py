"""Signing in with what is wrong, and what each role is denied."""
import concurrent.futures
import json
import re
import unittest

from refusals import Refusals, login_of, metric_of_api, with_member
from service import PASSWORD, Agency, Browser


class SignIn(Refusals):
    def attempt(self, body, address, **headers):
        return self.service.send("POST", "/v1/sign-ins", body, {"Content-Type": "application/json", "X-Forwarded-For": address,
                                                              **{n.replace("_", "-"): v for n, v in headers.items()}})

    def refused(self, send, status, code, metric=None, line=None):
        return super().refused(send, status, code, metric or metric_of_api(status, "sign_ins.create"), line)

    def test_wrong(self):
        login = self.service.make_user(login_of("wrong"), "operator")
        good = json.dumps({"login": login, "password": "not it at all"}).encode()
        cases = {
            "wrong password": (good, 401, "login_failed"),
            "nobody": (good.replace(login.encode(), b"nobody.at.all"), 401, "login_failed"),
            "a login with a quotation mark": (good.replace(login.encode(), b"x' OR '1'='1"), 401, "login_failed"),
            "no password": (json.dumps({"login": login}).encode(), 422, "validation_failed"),
            "an empty password": (good.replace(b"not it at all", b""), 422, "validation_failed"),
            "a login too long": (good.replace(login.encode(), b"x" * 65), 422, "validation_failed"),
            "a password too long": (good.replace(b"not it at all", b"x" * 257), 422, "validation_failed"),
            "a number for a password": (good.replace(b'"not it at all"', b"1"), 422, "validation_failed"),
            "member twice": (with_member(good, "login", b'"x"'), 400, "invalid_json"),
            "malformed JSON": (good[:-1], 400, "invalid_json"),
            "invalid UTF-8": (good.replace(b"not it at all", b"\xff\xff"), 400, "invalid_json"),
            "a member nobody knows": (with_member(good, "role", b'"operator"'), 422, "unknown_field"),
        }
        for number, (name, (body, status, code)) in enumerate(cases.items()):
            with self.subTest(name):
                self.refused(lambda body=body, number=number: self.attempt(body, f"10.2.0.{number}"), status, code)
        with self.subTest("a form of another site"):
            self.refused(lambda: self.attempt(good, "10.2.1.1", Content_Type="text/plain"), 415, "unsupported_media_type")

    def test_nobody_learns_who_exists(self):
        """The same tries for a login that exists, one that does not and one that is disabled: the same answers."""
        known, disabled = (self.service.make_user(login_of(name), "operator") for name in ("known", "disabled"))
        self.assertEqual(self.service.command("user", "disable", disabled).returncode, 0)

        def tries(login, address):
            heard = []
            for _ in range(7):
                answer = self.attempt(json.dumps({"login": login, "password": "not it at all"}).encode(), address)
                problem = {name: value for name, value in answer.json.items() if name != "request_id"}
                heard.append((answer.status, problem, answer.headers.get("Retry-After")))
            return heard

        heard = tries(known, "10.3.0.1")
        self.assertEqual([(status, said["code"]) for status, said, _ in heard], [(401, "login_failed")] * 5 + [(429, "rate_limited")] * 2)
        self.assertTrue(heard[-1][2], "Retry-After")
        self.assertEqual(tries(login_of("nobody"), "10.3.0.2"), heard)
        self.assertEqual(tries(disabled, "10.3.0.3"), heard)
        with self.subTest("not even the right password helps while the pause lasts"):
            self.refused(lambda: self.attempt(json.dumps({"login": known, "password": PASSWORD}).encode(), "10.3.0.4"), 429, "rate_limited")

    def test_too_many_from_one_address(self):
        body = lambda number: json.dumps({"login": login_of(f"many{number}"), "password": "not it at all"}).encode()
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            heard = [a.code for a in pool.map(lambda n: self.attempt(body(n), "10.4.0.1"), range(64))]
        self.assertEqual(heard.count("login_failed"), 60, heard)
        self.assertEqual(heard.count("rate_limited"), 4, heard)


# What each role may do; everything else that is not open to everybody is denied to it. Written down here once more, so
# that a right that is given by mistake turns a test red.
SALES_READS = {"payments.list", "payments.read", "payments.qr", "payments.credits", "credits.read", "refunds.list", "refunds.read", "stalls.read", "stalls.day_book", "stalls.stream",
               "stalls.sign_pdf", "stalls.sign_svg", "stalls.sign_png", "sign_checks.create"}
SALES = {"payments.create", "payments.cancel", "credits.assign", "credits.refund", "cash_sales.create", "refunds.create", "refunds.cancel", "refunds.qr"}
REFUND_CHECKS = {"refunds.waiting", "refunds.approve", "refunds.reject"}
TAX_READS = {"tax_households.read", "tax_households.turnover", "tax_returns.list", "tax_returns.read", "tax_returns.document", "tax_returns.proof"}
FEE_READS = {"fee_notices.list", "fee_notices.read", "fee_notices.refunds", "collector_statements.read", "fee_items.list", "fee_assessments.preview", "fee_schedules.list",
             "fee_schedules.read", "fee_schedules.difference", "fee_schedules.file", "national_payments.list", "national_payments.read", "national_payments.bill"}
REMITTANCE_READS = {"remittances.preview", "remittances.list", "remittances.read", "remittances.payment_file", "remittances.sheet", "remittances.paper"}
REMITTANCE_ACTS = {"remittances.create", "remittances.approve", "remittances.reject", "remittances.return", "remittances.confirm", "remittance_statements.create"}
FEE_SCHEDULE_CHECKS = {"fee_schedules.approve", "fee_schedules.reject"}
RECEIPT_ACTS = {"receipts.cancel", "receipts.approve_cancellation", "receipts.reject_cancellation", "receipt_reports.create"}
RECON_READS = {"recon_days.read", "recon_breaks.list", "recon_breaks.overview", "recon_breaks.read", "recon_breaks.sheet", "recon_closings.read", "recon_runs.matches",
               "recon_minutes.read", "recon_league.read"}
RECON_SIGNS = {"recon_closings.sign", "recon_closings.reject"}
RECON_ACTS = {"recon_files.create", "recon_runs.create", "recon_breaks.act", "recon_breaks.act_on_many", "recon_breaks.act_by_sheet",
              "recon_closings.create", "recon_files.content"}
FILING = {"tax_returns.create", "tax_returns.submit"}
LEDGER_READS = {"ledger_books.list", "ledger_books.read", "ledger_accounts.list", "ledger_accounts.read", "ledger_accounts.entries",
                "ledger_accounts.statement", "ledger_transfers.list", "ledger_transfers.read", "ledger_holds.list", "ledger_journal.list",
                "ledger_between.read"}
LEDGER_WRITES = {"ledger_books.create", "ledger_accounts.create", "ledger_periods.create", "ledger_transfers.create", "ledger_transfers.bulk",
                 "ledger_between.create"}
ANYBODY_SIGNED_IN = {"me.read", "sign_ins.delete"}
MAY = {
    "vendor": SALES_READS | SALES | TAX_READS | FILING | REFUND_CHECKS | {"payments.waive_shortage", "refunds.complete"},
    "vendor_staff": SALES_READS | SALES,
    "market_board": SALES_READS | RECON_READS | RECON_SIGNS | LEDGER_READS | REFUND_CHECKS | {"households.create", "stalls.create", "merchant_contracts.create"},
    "agency": FEE_READS | REMITTANCE_READS | REMITTANCE_ACTS | FEE_SCHEDULE_CHECKS | RECON_READS | RECON_SIGNS | LEDGER_READS | REFUND_CHECKS | RECEIPT_ACTS | {"receipts.read", "receipt_reports.read", "fee_notices.create", "national_payments.create", "fee_notices.refund", "refunds.read", "refunds.qr", "refunds.cancel",
                                                                         "refunds.complete"},
    "tax_officer": TAX_READS | {"tax_households.list"},
    "operator": {"receipts.read", "receipt_reports.read"} | SALES_READS | TAX_READS | FEE_READS | REMITTANCE_READS | FEE_SCHEDULE_CHECKS | {"fee_schedules.create"} | RECON_READS | RECON_SIGNS | LEDGER_READS | FILING | RECON_ACTS | {"tax_households.list", "markets.create", "users.approval_limit",
                                                                               "households.create", "stalls.create", "merchant_contracts.create", "agencies.create", "users.create",
                                                                               "rail_accounts.list", "rail_accounts.create", "rail_accounts.refund_access", "rail_accounts.renew_secret",
                                                                               "rail_accounts.end_previous_secret", "rail_accounts.list_access", "rail_backfills.create", "rail_backfills.read", "rail_gaps.list", "rail_gaps.explain", "national_platforms.set",
                                                                               "national_platforms.read", "audit.list"} | LEDGER_WRITES,
}


class Denials(Refusals):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agency = Agency(cls.service)
        spec = cls.service.send("GET", "/openapi.json").json
        cls.operations = {operation["operationId"]: (method.upper(), re.sub(r"{[a-z]+}", cls.market.stall, path), operation.get("x-scopes", []))
                          for path, methods in spec["paths"].items() for method, operation in methods.items()
                          if any("session" in way for way in operation.get("security", []))}

    def test_every_operation_is_somebodys(self):
        self.assertEqual(set().union(*MAY.values()) | ANYBODY_SIGNED_IN, set(self.operations))

    def denied(self, send, status, code, operation):
        self.refused(send, status, code, metric_of_api(status, operation))

    def test_roles(self):
        places = {"vendor": self.market.stall, "vendor_staff": self.market.stall, "market_board": self.market.market, "agency": self.agency.id}
        for role, may in MAY.items():
            grant = f"{role}:{places[role]}" if role in places else role
            person = Browser(self.service, self.service.make_user(login_of("role"), grant))
            for operation in sorted(set(self.operations) - may - ANYBODY_SIGNED_IN):
                method, path, _ = self.operations[operation]
                with self.subTest(f"{role} {operation}"):
                    self.denied(lambda: person.call(method, path, {} if method == "POST" else None), 403, "forbidden", operation)

    def test_nobody(self):
        for operation, (method, path, _) in self.operations.items():
            with self.subTest(operation):
                self.denied(lambda: self.market.call(method, path, {} if method == "POST" else None, Authorization=None), 401, "unauthenticated", operation)

    def test_keys_without_the_scope(self):
        scopes = sorted({scope for _, _, needed in self.operations.values() for scope in needed})
        keys = {scope: self.service.make_key(*[s for s in scopes if s != scope]) for scope in scopes}
        for operation, (method, path, needed) in self.operations.items():
            with self.subTest(operation):
                if needed:
                    self.denied(lambda: self.market.call(method, path, {} if method == "POST" else None, Authorization="Bearer " + keys[needed[0]]), 403,
                                "scope_missing", operation)
                else:
                    self.denied(lambda: self.market.call(method, path, Authorization="Bearer " + keys[scopes[0]]), 403, "forbidden", operation)

    def test_forms_of_other_sites(self):
        person = Browser(self.service, self.service.make_user(login_of("csrf"), "operator"))
        for token in (None, "", "0" * 32, person.token[:-1]):
            for operation, (method, path, _) in self.operations.items():
                if method == "GET" or operation not in MAY["operator"] | ANYBODY_SIGNED_IN:
                    continue
                with self.subTest(f"{operation} {token}"):
                    self.denied(lambda: person.call(method, path, {}, X_CSRF_Token=token), 403, "csrf_failed", operation)


if __name__ == "__main__":
    unittest.main()
