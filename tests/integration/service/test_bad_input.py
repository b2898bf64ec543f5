"""Whatever is wrong with a request: a clear answer with a stable code, nothing written, a metric, a log line about nobody."""
import concurrent.futures
import json
import random
import re
import unittest
import urllib.parse
import uuid

import day_files
import shared
from service import (APPLICANT_NAME, HOLDER_NAME, MEMO_TEXT, OWNER_NAME, PASSWORD, PAYER_ACCOUNT, PAYER_NAME, TAX_CODE, Agency, Browser,
                     day_from_today, reference)

# What the server answers before a handler looks, on any address.
EVERYWHERE = {"malformed_request", "body_too_large", "invalid_utf8", "wrong_type", "unsupported_media_type", "invalid_input"}


def with_member(body, name, text):
    """The JSON text with one member more, whatever stands there already."""
    return body[:-1] + b', "' + name.encode() + b'": ' + text + b"}"


class Refusals(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = shared.service()
        cls.market = shared.market()
        cls.personal = {PAYER_NAME, PAYER_ACCOUNT, MEMO_TEXT, APPLICANT_NAME, OWNER_NAME, HOLDER_NAME, TAX_CODE, PASSWORD,
                        cls.market.account, cls.market.key}
        cls.problems = {operation["operationId"]: operation.get("x-problems", [])
                        for path in cls.service.send("GET", "/openapi.json").json["paths"].values() for operation in path.values()}

    def refused(self, send, status, code, metric, line=None):
        """Runs send() and checks all that a refusal owes. `line`: where in a file the fault lies."""
        before, counted = self.service.database.counts(), self.service.metrics().get(metric, 0)
        lines = len(self.service.log())
        answer = send()
        self.assertEqual((answer.status, answer.code), (status, code), answer)
        self.assertEqual(self.service.database.counts(), before, "something was written")
        self.assertEqual(self.service.metrics().get(metric, 0), counted + 1, metric)
        if line is not None:
            self.assertEqual(answer.json["errors"][0]["pointer"], f"line {line}", answer)
            self.assertIn(f"dòng {line}", answer.json["detail"])
        self.assert_log(answer, lines)
        return answer

    def assert_log(self, answer, lines):
        """The request stands in the log, and nobody's data."""
        request = answer.headers.get("Request-Id") or answer.headers.get("X-Request-Id")
        self.assertTrue(request, dict(answer.headers))
        seen = self.service.wait_for_log(lambda line: line.get("request_id") == request and line.get("event") == "http.request")
        if answer.status >= 400 and self.problems.get(seen["operation"]):
            self.assertIn(answer.code, EVERYWHERE | set(self.problems[seen["operation"]]), f"openapi.json does not say it of {seen['operation']}")
        new = "".join(self.service.log()[lines:])
        for personal in self.personal | {self.market.token}:
            self.assertTrue(not personal or personal not in new, f"{personal} stands in the log:\n{new}")


class BadInput(Refusals):
    # --- notifications ---

    def test_payos(self):
        m = self.market
        good = m.payos_body("x", 45000, reference())
        cases = {
            "wrong signature": (good.replace(b"45000", b"45001"), 401, "bad_signature"),
            "no signature": (json.dumps({"data": json.loads(good)["data"]}).encode(), 401, "bad_signature"),
            "malformed JSON": (good[:-1], 422, "invalid_json"),
            "not JSON": (b"amount=45000", 422, "invalid_json"),
            "empty": (b"", 422, "invalid_json"),
            "member twice": (with_member(good, "signature", b'"x"'), 422, "invalid_json"),
            "invalid UTF-8": (good.replace(MEMO_TEXT.encode(), b"\xff\xfe"), 422, "invalid_utf8"),
            "unknown account": (m.payos_body("x", 45000, reference(), account="999000111"), 422, "unknown_receiving_account"),
            "negative": (m.payos_body("x", -45000, reference()), 422, "amount_not_positive"),
            "zero": (m.payos_body("x", 0, reference()), 422, "amount_not_positive"),
            "as text": (m.payos_body("x", "45000", reference()), 422, "wrong_type"),
            "larger than money": (m.payos_body("x", 10**18, reference()), 422, "amount_overflow"),
            "long memo": (m.payos_body("x" * 600, 45000, reference()), 422, "text_too_long"),
            "no date": (m.payos_body("x", 45000, reference(), transactionDateTime="hôm qua"), 422, "invalid_date"),
            "dollars": (m.payos_body("x", 45000, reference(), currency="USD"), 422, "currency_not_vnd"),
        }
        for name, (body, status, code) in cases.items():
            with self.subTest(name):
                self.refused(lambda body=body: m.payos(body), status, code, metric_of_rail("payos", code))

    def test_vietqr(self):
        m = self.market
        good = m.vietqr_body("x", 45000, reference())
        cases = {
            "malformed JSON": (good[:-1], 400, "invalid_json"),
            "member twice": (with_member(good, "amount", b"1"), 400, "invalid_json"),
            "member twice in two spellings": (with_member(good, "AMOUNT", b"1"), 400, "invalid_json"),
            "with a fraction": (good.replace(b"45000", b"45000.5"), 400, "invalid_json"),
            "with an exponent": (good.replace(b"45000", b"45e3"), 400, "invalid_json"),
            "negative": (m.vietqr_body("x", -1, reference()), 400, "amount_not_positive"),
            "zero": (m.vietqr_body("x", 0, reference()), 400, "amount_not_positive"),
            "neither in nor out": (m.vietqr_body("x", 45000, reference(), transType="X"), 400, "unknown_value"),
            "seconds for milliseconds": (m.vietqr_body("x", 45000, reference(), transactiontime=1800000000), 400, "invalid_date"),
            "long memo": (m.vietqr_body("x" * 600, 45000, reference()), 400, "text_too_long"),
            "unknown account": (m.vietqr_body("x", 45000, reference(), bankaccount="999000111"), 400, "unknown_receiving_account"),
        }
        for name, (body, status, code) in cases.items():
            with self.subTest(name):
                self.refused(lambda body=body: m.vietqr(body), status, code, metric_of_rail("vietqr", code))
        for name, token in {"no token of ours": "abc", "one that was tampered with": self.market.fetch_token()[::-1]}.items():
            with self.subTest(name):
                self.refused(lambda token=token: m.vietqr(good, token), 401, "bad_token", metric_of_rail("vietqr", "bad_token"))

    def test_unknown_account_is_kept_for_the_operator(self):
        number = str(uuid.uuid4().int)[:12]
        self.market.payos(self.market.payos_body("x", 45000, reference(), account=number))
        kept = self.service.database.rows(f"SELECT outcome FROM rail_inbox WHERE convert_from(body, 'UTF8') LIKE '%{number}%'")
        self.assertEqual(kept, [("unknown_account",)])

    # --- the API ---

    def test_payments(self):
        m = self.market
        good = json.dumps(m.wish(45000)).encode()
        stranger = "stl_" + m.stall[4:-4] + ("0000" if m.stall[-4:] != "0000" else "0001")
        cases = {
            "malformed JSON": (good[:-1], 400, "invalid_json"),
            "member twice": (with_member(good, "stall", b'"x"'), 400, "invalid_json"),
            "invalid UTF-8": (with_member(good, "note", b'"\xff"'), 400, "invalid_json"),
            "a list": (b"[]", 422, "wrong_type"),
            "as float": (good.replace(b"45000", b"45000.0"), 422, "validation_failed"),
            "negative": (good.replace(b"45000", b"-45000"), 422, "validation_failed"),
            "zero": (good.replace(b"45000", b"0"), 422, "validation_failed"),
            "as text": (good.replace(b"45000", b'"45000"'), 422, "validation_failed"),
            "larger than any integer": (good.replace(b"45000", b"9" * 30), 422, "validation_failed"),
            "dollars": (good.replace(b"VND", b"USD"), 422, "validation_failed"),
            "no amount": (json.dumps({"stall": m.stall}).encode(), 422, "validation_failed"),
            "long note": (with_member(good, "note", b'"' + b"x" * 141 + b'"'), 422, "validation_failed"),
            "member nobody knows": (with_member(good, "discount", b"5"), 422, "unknown_field"),
            "a market for a stall": (good.replace(m.stall.encode(), m.market.encode()), 422, "validation_failed"),
            "no such stall": (good.replace(m.stall.encode(), stranger.encode()), 404, "not_found"),
            "too large": (b" " * (2 * 1024 * 1024) + good, 413, "body_too_large"),
        }
        for name, (body, status, code) in cases.items():
            with self.subTest(name):
                self.refused(lambda body=body: m.call("POST", "/v1/payments", body), status, code, metric_of_api(status))

    def test_headers_of_payments(self):
        m = self.market
        wish = m.wish(45000)
        cases = {
            "no key": ({"Idempotency_Key": None}, 400, "missing_idempotency_key"),
            "short key": ({"Idempotency_Key": "abc"}, 422, "invalid_input"),
            "form": ({"Content_Type": "application/x-www-form-urlencoded"}, 415, "unsupported_media_type"),
            "not signed in": ({"Authorization": None}, 401, "unauthenticated"),
            "key of nobody": ({"Authorization": "Bearer cho40_live_" + "a" * 40}, 401, "unauthenticated"),
        }
        for name, (headers, status, code) in cases.items():
            with self.subTest(name):
                self.refused(lambda headers=headers: m.call("POST", "/v1/payments", wish, **headers), status, code, metric_of_api(status))

    def test_a_key_used_for_something_else(self):
        key = str(uuid.uuid4())
        first = self.market.call("POST", "/v1/payments", self.market.wish(1000), key=key)
        self.assertEqual(first.status, 201)
        self.refused(lambda: self.market.call("POST", "/v1/payments", self.market.wish(2000), key=key), 422, "idempotency_key_reused", metric_of_api(422))
        again = self.market.call("POST", "/v1/payments", self.market.wish(1000), key=key)
        self.assertEqual((again.status, again.text, again.headers["Idempotent-Replayed"]), (201, first.text, "true"))

    def test_at_once_with_one_key(self):
        at_once = 8
        for _ in range(5):
            key = str(uuid.uuid4())
            before = self.service.database.value("SELECT count(*) FROM payment_request")
            with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
                answers = list(pool.map(lambda _, key=key: self.market.call("POST", "/v1/payments", self.market.wish(3000), key=key), range(at_once)))
            self.assertEqual(int(self.service.database.value("SELECT count(*) FROM payment_request")), int(before) + 1)
            made = {a.json["id"] for a in answers if a.status == 201}
            self.assertEqual(len(made), 1, answers)
            self.assertTrue(all(a.status == 201 or a.code == "request_in_progress" for a in answers), answers)

    def test_the_books_hold_after_all_that(self):
        self.service.verify_books()


class ReconciliationFiles(Refusals):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank, cls.provider = cls.market.partner("bank"), cls.market.partner("provider")
        cls.market.key = cls.service.make_key("recon:read", "recon:write")
        cls.day = day_from_today(0)

    def in_force(self, source, day):
        files = self.market.must("GET", f"/v1/recon/days/{day}?partner={source}")["files"]
        return sorted((f["revision"], f["result"]) for f in files)

    def test_statements(self):
        account, day = self.market.account, self.day
        good = day_files.statement(account, day, [45000], opening=5000)
        amount = good.index(b">45000<") + 1
        number = 1 + good[:amount].count(b"\n")

        def head(text):
            return b"<?xml version=\"1.0\"?>\n" + text

        bomb = b"<!DOCTYPE d [<!ENTITY a0 \"ha\">" + b"".join(b"<!ENTITY a%d \"%s\">" % (i, b"&a%d;" % (i - 1) * 10) for i in range(1, 10)) + b"]>"
        deep = b"<BkToCstmrStmt><Stmt>" + b"<a>" * 100 + b"</a>" * 100 + b"</Stmt></BkToCstmrStmt>"
        wide = b"<BkToCstmrStmt><Stmt><Id>" + b"x" * 20000 + b"</Id></Stmt></BkToCstmrStmt>"
        cases = {
            "not XML": (b"hello", "xml_malformed", 1),
            "a provider's file": (day_files.provider_csv(day, [45000]), "xml_malformed", 1),
            "another XML": (b"<?xml version=\"1.0\"?><invoice/>", "xml_malformed", 1),
            "cut": (good[:amount], "xml_malformed", number),
            "not UTF-8": (good.replace(b">FT1<", b">\xff\xfe<"), "xml_malformed", number),
            "a document type": (head(b"<!DOCTYPE Document SYSTEM \"http://example.com/d.dtd\">\n<Document/>"), "xml_forbidden", 2),
            "an entity that grows": (head(bomb + b"<Document>&a9;</Document>"), "xml_forbidden", 2),
            "a file of ours": (head(b"<!DOCTYPE d [<!ENTITY f SYSTEM \"file:///etc/passwd\">]><Document>&f;</Document>"), "xml_forbidden", 2),
            "an entity nobody declared": (head(b"<Document>&b;</Document>"), "xml_malformed", 2),
            "nested too deep": (head(b"<Document>" + deep + b"</Document>"), "xml_forbidden", 2),
            "an endless text": (head(b"<Document>" + wide + b"</Document>"), "xml_forbidden", 2),
            "no statement": (head(b"<Document><BkToCstmrStmt></BkToCstmrStmt></Document>"), "statement_missing", 2),
            "advices of single credits": (day_files.statement(account, day, [1], message="BkToCstmrDbtCdtNtfctn", part="Ntfctn"), "statement_missing", 1),
            "another account": (day_files.statement("999000111", day), "unknown_receiving_account", 4),
            "another day": (day_files.statement(account, day_from_today(-1)), "invalid_date", 4),
            "no amount": (good.replace(b">45000<", b">muoi nghin<"), "invalid_input", number),
            "a fraction of a dong": (good.replace(b">45000<", b">45000.5<"), "invalid_input", number),
            "neither credit nor debit": (good.replace(b"</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>", b"</Amt><Sts>"), "invalid_input", number),
        }
        for name, (body, code, line) in cases.items():
            with self.subTest(name):
                self.refused(lambda body=body: self.market.send_file("bank", self.bank, day, body), 422, code, metric_of_file("bank", code), line)

    def test_provider_files(self):
        day = self.day
        good, pipe = day_files.provider_csv(day, [45000]), day_files.provider_pipe(day, [45000])
        cases = {
            "a statement": (day_files.statement(self.market.account, day), "invalid_csv", 1),
            "a column missing": (good.replace(b"net_vnd,", b"", 1), "invalid_csv", 1),
            "a cell missing": (good.replace(b",PAY", b""), "invalid_csv", 2),
            "quotes left open": (good.replace(b"SUCCESS", b"\"SUCCESS"), "invalid_csv", 2),
            "not UTF-8": (good.replace(b",T1,", b",\xff,"), "invalid_utf8", 2),
            "a NUL byte": (good.replace(b",T1,", b",T\0,"), "invalid_csv", 2),
            "an amount with a point": (good.replace(b",45000,0", b",45.000,0"), "invalid_input", 2),
            "an amount nobody has": (good.replace(b",45000,0", b",9999999999999999,0"), "invalid_input", 2),
            "a state nobody knows": (good.replace(b"SUCCESS", b"MAYBE"), "invalid_input", 2),
            "another day": (day_files.provider_csv(day_from_today(-1), [45000]), "invalid_date", 2),
            "a day that is none": (good.replace(day.encode(), b"2026-02-30"), "invalid_date", 2),
            "a head of another form": (pipe.replace(b"CHO40", b"CHO41"), "invalid_input", 1),
            "lines after the trailer": (pipe + b"D|2\n", "invalid_input", 4),
            "a line nobody knows": (pipe.replace(b"\nT|", b"\nX|\nT|"), "invalid_input", 3),
            "not UTF-8 between bars": (pipe.replace(b"|T1|", b"|\xff|"), "invalid_utf8", 2),
        }
        for name, (body, code, line) in cases.items():
            with self.subTest(name):
                self.refused(lambda body=body: self.market.send_file("provider", self.provider, day, body), 422, code, metric_of_file("provider", code), line)

    def test_what_the_address_says(self):
        m, day, good = self.market, self.day, day_files.provider_csv(self.day, [45000])
        stranger = self.provider[:-4] + ("0000" if self.provider[-4:] != "0000" else "0001")
        given = {"side": "provider", "source": self.provider, "date": day, "revision": "1"}
        cases = {
            "no side": ({"side": None}, 422, "invalid_input"),
            "our own side": ({"side": "internal"}, 422, "invalid_input"),
            "no source": ({"source": None}, 422, "invalid_input"),
            "no such source": ({"source": stranger}, 404, "not_found"),
            "a market as source": ({"source": m.market}, 404, "not_found"),
            "nonsense as source": ({"source": "%27--"}, 404, "not_found"),
            "no day": ({"date": None}, 422, "invalid_date"),
            "a day that is none": ({"date": "2026-02-30"}, 422, "invalid_date"),
            "a day as people write it": ({"date": "22/11/2026"}, 422, "invalid_date"),
            "revision 0": ({"revision": "0"}, 422, "invalid_input"),
            "revision without end": ({"revision": "1" * 40}, 422, "invalid_input"),
            "revision in words": ({"revision": "hai"}, 422, "invalid_input"),
            "a member nobody knows": ({"force": "1"}, 422, "validation_failed"),
            "a file that this partner has not": ({"source": self.bank}, 422, "invalid_input"),
        }
        for name, (changes, status, code) in cases.items():
            query = "&".join(f"{n}={v}" for n, v in {**given, **changes}.items() if v is not None)
            with self.subTest(name):
                self.refused(lambda query=query: m.call("POST", "/v1/recon/files?" + query, good, Content_Type="text/csv"), status, code,
                             metric_of_api(status, "recon_files.create"))

    def test_what_is_no_file(self):
        m, day, good = self.market, self.day, day_files.provider_csv(self.day, [45000])
        strangers = self.service.make_key("recon:write", place=shared.market().market)
        reader = self.service.make_key("recon:read")
        cases = {
            "empty": (b"", {}, 422, "invalid_input"),
            "a picture": (good, {"Content_Type": "image/png"}, 415, "unsupported_media_type"),
            "JSON": (good, {"Content_Type": "application/json"}, 415, "unsupported_media_type"),
            "not signed in": (good, {"Authorization": None}, 401, "unauthenticated"),
            "a key that only reads": (good, {"Authorization": "Bearer " + reader}, 403, "scope_missing"),
            "a key of another market": (good, {"Authorization": "Bearer " + strangers}, 404, "not_found"),
            "no key for a second try": (good, {"Idempotency_Key": None}, 400, "missing_idempotency_key"),
        }
        for name, (body, headers, status, code) in cases.items():
            with self.subTest(name):
                self.refused(lambda body=body, headers=headers: m.send_file("provider", self.provider, day, body, **headers), status, code,
                             metric_of_api(status, "recon_files.create"))
        path = f"/v1/recon/files?side=provider&source={self.provider}&date={day}"
        with self.subTest("huge"):
            self.refused(lambda: m.announce("POST", path, 26 << 20), 413, "body_too_large", metric_of_malformed("body_too_large"))

    def held(self, side, source, day, body, code, revision=1, line=None):
        """The file is kept for people: seen, counted, and none of its lines used."""
        metric, counted = metric_of_file(side, code), self.service.metrics().get(metric_of_file(side, code), 0)
        before, lines = self.in_force(source, day), len(self.service.log())
        answer = self.market.send_file(side, source, day, body, revision)
        self.assertEqual((answer.status, answer.json["result"]), (201, code), answer)
        self.assertEqual(answer.json["errors"][0]["code"], code)
        self.assertIn("chưa dòng nào được dùng", answer.json["errors"][0]["detail"])
        if line is not None:
            self.assertEqual(answer.json["errors"][0]["line"], line)
        self.assertEqual(self.service.metrics().get(metric, 0), counted + 1, metric)
        self.assertEqual(self.in_force(source, day), sorted([*before, (revision, code)]))
        row = f"file_id = '{uuid_of(answer.json['id'])}'"
        self.assertEqual(self.service.database.value(f"SELECT in_force FROM recon_file WHERE {row}"), "f")
        self.service.wait_for_log(lambda entry: entry.get("event") == "recon.file_held" and entry.get("file") == answer.json["id"])
        self.assert_log(answer, lines)
        found = self.market.must("POST", "/v1/recon/runs", {"date": day, "partner": source})
        self.assertIn((code.upper(), 1), [(b["class"], b["count"]) for b in found["breaks"]])
        return answer

    def test_files_that_contradict_themselves(self):
        day = day_from_today(-2)
        account = self.market.account
        good, pipe = day_files.provider_csv(day, [45000]), day_files.provider_pipe(day, [45000])
        cases = {
            "closing is not what the lines make": ("bank", day_files.statement(account, day, [45000], closing=45001), None),
            "net is not amount and fee": ("provider", good.replace(b",0,45000,", b",100,45000,"), None),
            "an amount below zero": ("provider", good.replace(b"45000", b"-45000"), None),
            "a count that is wrong": ("provider", day_files.provider_pipe(day, [45000], count=2), 3),
            "a sum that is wrong": ("provider", day_files.provider_pipe(day, [45000], gross=45001), 3),
            "a hash that is wrong": ("provider", day_files.provider_pipe(day, [45000], hash="0" * 64), 3),
            "cut before the trailer": ("provider", pipe[:pipe.index(b"T|1|")], 3),
            "a line left out": ("provider", pipe.replace(b"D|1|", b"D|2|"), 2),
        }
        for number, (name, (side, body, line)) in enumerate(cases.items()):
            with self.subTest(name):
                source = self.market_partner(side)
                self.held(side, source, day, body, "file_integrity", line=line)

    def market_partner(self, side):
        """A partner nobody has sent a file for."""
        other = shared.market()
        other.market = self.market.market
        return other.partner("bank" if side == "bank" else "provider")

    def test_a_second_file_of_the_same_day(self):
        source, day = self.market_partner("provider"), day_from_today(-3)
        first, second, third = (day_files.provider_csv(day, amounts) for amounts in ([45000], [45000, 1000], [45000, 2000]))
        self.assertEqual(self.market.send_file("provider", source, day, first).json["result"], "accepted_late")
        kept = self.held("provider", source, day, second, "file_conflict")
        # The first still holds: the run is about its one line.
        self.assertEqual(self.service.database.value(f"SELECT lines FROM recon_file WHERE in_force AND partner = '{uuid_of(source)}'"), "1")
        for body, file in ((first, None), (second, kept.json["id"])):
            before, metric = self.service.database.counts(), metric_of_file("provider", "duplicate_file")
            counted = self.service.metrics().get(metric, 0)
            again = self.market.send_file("provider", source, day, body)
            self.assertEqual((again.status, again.json["result"]), (200, "duplicate_file"))
            self.assertTrue(file is None or again.json["id"] == file)
            self.assertEqual(self.service.database.counts(), before)
            self.assertEqual(self.service.metrics()[metric], counted + 1)
        self.assertEqual(self.market.send_file("provider", source, day, third, 2).json["result"], "supersedes")
        self.assertEqual(self.service.database.rows(f"SELECT revision, lines FROM recon_file WHERE in_force AND partner = '{uuid_of(source)}'"), [("2", "2")])
        # Whoever sent the second file is answered by the third: nothing waits for people any more.
        run = self.market.must("POST", "/v1/recon/runs", {"date": day, "partner": source})
        self.assertNotIn("FILE_CONFLICT", [b["class"] for b in run["breaks"]])
        with self.subTest("an older revision"):
            self.held("provider", source, day, day_files.provider_csv(day, [45000, 3000]), "file_conflict", 1)

    def test_statements_that_do_not_follow_each_other(self):
        source, account = self.market_partner("bank"), self.market.account
        before, day = day_from_today(-6), day_from_today(-5)
        self.assertEqual(self.market.send_file("bank", source, before, day_files.statement(account, before, [1000])).json["result"], "accepted")
        self.held("bank", source, day, day_files.statement(account, day, [], opening=1001), "file_integrity")


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


class QrCodes(Refusals):
    def test_codes_that_are_damaged(self):
        """The service reads no QR payload over HTTP (it only writes them): the command line is where they come in."""
        good = self.service.command("qr", "encode", "--bin", "970436", "--account", "1017595600", "--amount", "45000").stdout.strip()
        self.assertEqual(self.service.command("qr", "decode", good).returncode, 0)
        cases = {
            "wrong CRC": (good[:-4] + ("0000" if good[-4:] != "0000" else "0001"), False),
            "another amount under the same CRC": (good.replace("45000", "45001"), False),
            "cut": (good[:-10], None),
            "no CRC at all": (good[:-8], None),
            "a length beyond the end": (good[:2] + "99" + good[4:], None),
            "not a code": ("https://example.com", None),
        }
        for name, (payload, crc) in cases.items():
            with self.subTest(name):
                done = self.service.command("qr", "decode", payload)
                self.assertEqual((done.returncode, len(done.stdout.splitlines())), (1, 1), done.stdout + done.stderr)
                said = json.loads(done.stdout)
                self.assertFalse(said["valid"])
                self.assertTrue(said["decoded"]["error"])
                if crc is not None:
                    self.assertIs(said["decoded"]["crc_ok"], crc)

    def test_no_address_takes_a_payload(self):
        for path, operations in self.service.send("GET", "/openapi.json").json["paths"].items():
            for operation in operations.values():
                self.assertNotIn("payload", json.dumps([operation.get("parameters", []), operation.get("requestBody", {})]), path)


class FeeNotices(Refusals):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agency = Agency(cls.service)
        cls.personal.add(cls.agency.account)

    def ask(self, body, **headers):
        return self.agency.call("POST", "/v1/fee-notices", body, **headers)

    def refused(self, send, status, code, metric=None, line=None):
        return super().refused(send, status, code, metric or metric_of_api(status, "fee_notices.create"), line)

    def test_orders(self):
        a = self.agency

        def line(**changes):
            return a.order(lines=[{"fee_code": "CERT_COPY", "quantity": 2, "pages": 3, **changes}])

        def dossier(**changes):
            return a.order(dossier={**a.order()["dossier"], **changes})

        good = json.dumps(a.order()).encode()
        cases = {
            "a fee nobody knows": (line(fee_code="NO_SUCH"), 422, "fee_unknown"),
            "a price, not a fee": (line(fee_code="MKT_STALL"), 422, "not_a_fee"),
            "an amount nobody knows": (a.order(lines=[{"fee_code": "PP_PASS"}]), 422, "fee_amount_unknown"),
            "a fee code too long": (line(fee_code="X" * 61), 422, "validation_failed"),
            "a negative quantity": (line(quantity=-1), 422, "validation_failed"),
            "no quantity": (line(quantity=0), 422, "validation_failed"),
            "a fraction": (line(quantity=1.5), 422, "validation_failed"),
            "as text": (line(quantity="2"), 422, "validation_failed"),
            "more than anybody has": (line(quantity=10**30), 422, "validation_failed"),
            "negative pages": (line(pages=-3), 422, "validation_failed"),
            "a negative value": (line(value={"amount": -1, "currency": "VND"}), 422, "validation_failed"),
            "a value as float": (line(value={"amount": 1.5, "currency": "VND"}), 422, "validation_failed"),
            "a value in dollars": (line(value={"amount": 1, "currency": "USD"}), 422, "validation_failed"),
            "no line": (a.order(lines=[]), 422, "validation_failed"),
            "too many lines": (a.order(lines=[{"fee_code": "CERT_COPY"}] * 21), 422, "validation_failed"),
            "a relief nobody knows": (a.order(persona=["martian"]), 422, "validation_failed"),
            "a channel nobody knows": (a.order(channel="fax"), 422, "validation_failed"),
            "a name too long": (dossier(applicant_name="N" * 121), 422, "validation_failed"),
            "a name with a NUL": (dossier(applicant_name="N\0N"), 422, "validation_failed"),
            "no name": (dossier(applicant_name=""), 422, "validation_failed"),
            "a case code too long": (dossier(code="H" * 41), 422, "validation_failed"),
            "a case code with a mark": (dossier(code="H49<b>"), 422, "validation_failed"),
            "due yesterday": (a.order(due_date=day_from_today(-1)), 422, "validation_failed"),
            "due on a day that is none": (a.order(due_date="2026-02-30"), 422, "validation_failed"),
            "a member nobody knows": (a.order(total=5), 422, "unknown_field"),
            "member twice": (with_member(good, "channel", b'"online"'), 400, "invalid_json"),
            "member twice within": (good.replace(b'"pages": 3', b'"pages": 3, "pages": 4'), 400, "invalid_json"),
            "malformed JSON": (good[:-1], 400, "invalid_json"),
            "invalid UTF-8": (good.replace(b"CERT_COPY", b"CERT\xff"), 400, "invalid_json"),
            "nested without end": (with_member(good, "x", b"[" * 40 + b"]" * 40), 400, "invalid_json"),
            "an agency nobody knows": (a.order(agency=a.id[:-4] + ("0000" if a.id[-4:] != "0000" else "0001")), 404, "not_found"),
            "a market for an agency": (a.order(agency=self.market.market), 422, "validation_failed"),
        }
        for name, (body, status, code) in cases.items():
            with self.subTest(name):
                self.refused(lambda body=body: self.ask(body), status, code)

    def test_a_day_without_a_rate(self):
        """A notice is of today; an officer may ask for the amount of any day."""
        day = "1990-01-01"
        wish = {"channel": "counter", "on_date": day, "lines": [{"fee_code": "CERT_COPY", "pages": 3}]}
        answer = self.agency.call("POST", "/v1/fee-assessments", wish)
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual((answer.json["total"], answer.json["payable"]), (None, False), answer)

    def test_who(self):
        a, body = self.agency, self.agency.order()
        elsewhere = self.service.make_key("fees:write", place=Agency(self.service).id)
        reader = self.service.make_key("fees:read")
        cases = {
            "another agency": ({"Authorization": "Bearer " + elsewhere}, 404, "not_found"),
            "a key that only reads": ({"Authorization": "Bearer " + reader}, 403, "scope_missing"),
            "not signed in": ({"Authorization": None}, 401, "unauthenticated"),
            "no key for a second try": ({"Idempotency_Key": None}, 400, "missing_idempotency_key"),
            "as a form": ({"Content_Type": "application/x-www-form-urlencoded"}, 415, "unsupported_media_type"),
        }
        for name, (headers, status, code) in cases.items():
            with self.subTest(name):
                self.refused(lambda headers=headers: self.ask(body, **headers), status, code)

    def test_a_series_without_numbers(self):
        """What asks for money says so before money moves; what has come is kept and told again."""
        a = Agency(self.service, self.agency.key)
        waiting, unasked = a.notice(), a.notice()
        code = a.start_paying(waiting)
        symbol = day_from_today(0)[2:4] + "TAA"
        database = self.service.database
        book = database.value(f"SELECT book_id FROM agency WHERE agency_id = '{uuid_of(a.id)}'")
        database.value(f"INSERT INTO receipt_series VALUES ({book}, '{uuid_of(a.id)}', 'EBL01', '{symbol}', 100000000)")

        said = self.refused(lambda: a.call("POST", "/v1/fee-notices", a.order()), 409, "series_exhausted").json["detail"]
        for part in (symbol, "Chưa có tiền nào bị trừ", "mở ký hiệu biên lai mới"):
            self.assertIn(part, said)

        form = {"Content-Type": "application/x-www-form-urlencoded"}
        before = database.counts()
        page = self.service.send("POST", f"/pay/{unasked['code']}/payment", b"idempotency_key=" + uuid.uuid4().hex.encode(), form)
        self.assertEqual(page.status, 409)
        self.assertIn("Chưa trừ tiền", page.text)
        self.assertEqual(database.counts(), before)

        due, number = waiting["total"]["amount"], reference()
        self.refused(lambda: a.pay_by_payos(code, due, number), 503, "series_exhausted", metric_of_rail("payos", "series_exhausted"))
        kept = f"SELECT outcome FROM rail_inbox WHERE convert_from(body, 'UTF8') LIKE '%{number}%'"
        self.assertEqual(database.rows(kept), [("series_exhausted",)])
        self.assertEqual(a.state(waiting)["received"]["amount"], 0)
        # The agency opens another series; the bank tells again.
        database.value(f"UPDATE agency SET letters_phi = 'AB', letters_le_phi = 'AB' WHERE agency_id = '{uuid_of(a.id)}'")
        self.assertEqual(a.pay_by_payos(code, due, number).status, 200)
        paid = a.state(waiting)
        self.assertEqual((paid["state"]["name"], [r["series"] for r in paid["receipts"]]), ("paid", [symbol[:3] + "AB"]))
        self.service.verify_books()


class PublicPages(unittest.TestCase):
    """What anybody can type or post without signing in: an answer in words, nothing written, nothing that becomes markup."""

    MARKUP = "\"><script>alert(1)</script><img src=x onerror=alert(1)>"

    @classmethod
    def setUpClass(cls):
        cls.service = shared.service()
        cls.agency = Agency(cls.service)
        cls.notice = cls.agency.notice()

    def page(self, method, path, body=None, status=200, **headers):
        before = self.service.database.counts()
        answer = self.service.send(method, path, body, {n.replace("_", "-"): v for n, v in headers.items()})
        self.assertEqual(answer.status, status, answer)
        self.assertEqual(self.service.database.counts(), before, "something was written")
        self.assertNotIn("<script>alert", answer.text)
        self.assertNotIn("<img src=x", answer.text)
        return answer

    def test_codes_typed_wrong(self):
        typed = {"nothing": "", "junk": "abc", "markup": self.MARKUP, "too long": "7" * 3000, "not UTF-8": b"\xff\xfe", "a line break": "a\r\nX-Evil: 1",
                 "turned round": "\u202e" * 20}
        unknown = unknown_code()
        for where in ("/pay", "/verify"):
            for name, text in typed.items():
                with self.subTest(f"{where} {name}"):
                    answer = self.page("GET", f"{where}?code={urllib.parse.quote(text, safe='')}", status=422)
                    self.assertIn("text/html", answer.headers["Content-Type"])
                    self.assertNotIn("X-Evil", answer.headers)
        with self.subTest("a notice nobody made"):
            self.page("GET", f"/pay?code={unknown}", status=404)
        with self.subTest("a receipt nobody gave"):  # a good answer to the question
            self.page("GET", f"/verify?code={unknown}", status=200)
        with self.subTest("a broken escape"):
            self.page("GET", "/verify?code=%zz", status=400)
        for name, text in typed.items():
            if name == "nothing":
                continue
            for path in ("/pay/{}", "/pay/{}/wait", "/pay/{}/qr", "/receipt/{}", "/v1/pay/{}/state", "/v1/pay/{}/stream"):
                with self.subTest(f"{path} {name}"):
                    self.page("GET", path.format(urllib.parse.quote(text, safe="")), status=404)

    def test_buttons(self):
        path, form = f"/pay/{self.notice['code']}/payment", "application/x-www-form-urlencoded"
        cases = {
            "nothing": (b"", form), "junk": (b"idempotency_key=" + self.MARKUP.encode(), form), "a key too long": (b"idempotency_key=" + b"k" * 5000, form),
            "not UTF-8": (b"idempotency_key=\xff\xfe", form), "a broken escape": (b"idempotency_key=%zz", form), "JSON": (b"{}", "application/json"),
            "a NUL": (b"idempotency_key=%00", form),
        }
        # The button needs no more than the notice's code: whatever the form says, it is the same one request.
        self.agency.start_paying(self.notice)
        for name, (body, kind) in cases.items():
            with self.subTest(name):
                answer = self.page("POST", path, body, 303, Content_Type=kind)
                self.assertEqual(answer.headers["Location"], f"/pay/{self.notice['code']}/wait")
        with self.subTest("of a notice nobody made"):
            self.page("POST", f"/pay/{unknown_code()}/payment", b"", 404, Content_Type=form)
        with self.subTest("more time for nothing"):
            fresh = self.agency.notice()
            self.page("POST", f"/pay/{fresh['code']}/extension", b"", 303, Content_Type=form)
        with self.subTest("too large"):
            self.page("POST", path, b"x" * (2 << 20), 413, Content_Type=form)

    def test_names_are_text(self):
        """What an agency or an applicant is called never becomes markup."""
        notice = self.agency.must("POST", "/v1/fee-notices", self.agency.order(
            dossier={"code": self.agency.code + "-0002", "procedure_code": "<b>x</b>", "applicant_name": self.MARKUP}))
        for path in (f"/pay/{notice['code']}", f"/pay?code={notice['code']}"):
            answer = self.service.send("GET", path)
            self.assertNotIn("<script>alert", answer.text)
            self.assertNotIn("<b>x</b>", answer.text)


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
SALES_READS = {"payments.list", "payments.read", "payments.qr", "payments.credits", "stalls.read", "stalls.day_book", "stalls.stream"}
SALES = {"payments.create", "payments.cancel", "cash_sales.create"}
TAX_READS = {"tax_households.read", "tax_households.turnover", "tax_returns.list", "tax_returns.read", "tax_returns.document"}
FEE_READS = {"fee_notices.list", "fee_notices.read", "fee_items.list", "fee_assessments.preview"}
RECON_READS = {"recon_days.read", "recon_breaks.list"}
FILING = {"tax_returns.create", "tax_returns.submit"}
ANYBODY_SIGNED_IN = {"me.read", "sign_ins.delete"}
MAY = {
    "vendor": SALES_READS | SALES | TAX_READS | FILING | {"payments.waive_shortage"},
    "vendor_staff": SALES_READS | SALES,
    "market_board": SALES_READS | RECON_READS | {"households.create", "stalls.create"},
    "agency": FEE_READS | RECON_READS | {"fee_notices.create"},
    "tax_officer": TAX_READS | {"tax_households.list"},
    "operator": SALES_READS | TAX_READS | FEE_READS | RECON_READS | FILING | {"tax_households.list", "recon_files.create", "recon_runs.create", "markets.create",
                                                                               "households.create", "stalls.create", "agencies.create", "users.create",
                                                                               "rail_accounts.create", "audit.list"},
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


def metric_of_rail(rail, outcome):
    return f'cho40_rail_notifications_total{{outcome="{outcome}",rail="{rail}"}}'


def metric_of_file(side, result):
    return f'cho40_recon_files_total{{result="{result}",side="{side}"}}'


def metric_of_malformed(code):
    return f'cho40_http_malformed_total{{code="{code}"}}'


def quarter_before(day):
    """The last quarter that has ended."""
    year, quarter = int(day[:4]), (int(day[5:7]) + 2) // 3 - 1
    return f"{year}-Q{quarter}" if quarter else f"{year - 1}-Q4"


def login_of(name):
    """A login nobody has."""
    return f"{name}-{uuid.uuid4().hex[:12]}"


def unknown_code():
    """A lookup code of the right form, with its check character (Luhn's rule in base 30), that nobody was given."""
    alphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
    values = random.choices(range(30), k=11)
    total = sum(value if place % 2 else sum(divmod(2 * value, 30)) for place, value in enumerate(reversed(values)))
    return "".join(alphabet[value] for value in [*values, -total % 30])


def uuid_of(text):
    """The UUID behind pay_01jd…: Crockford's base32 after the prefix."""
    number = 0
    for letter in text.rpartition("_")[2]:
        number = number * 32 + "0123456789abcdefghjkmnpqrstvwxyz".index(letter)
    return str(uuid.UUID(int=number))


def metric_of_api(status, operation="payments.create"):
    return f'cho40_http_requests_total{{operation="{operation}",status="{status}"}}'


if __name__ == "__main__":
    unittest.main()
