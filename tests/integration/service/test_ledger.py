"""The ledger as an integrator writes to it: books, accounts, transfers one by one and in bulk, holds, periods."""
import concurrent.futures
import json
import secrets
import time
import unittest
import uuid

import shared
from refusals import uuid_of
from service import Browser

LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"


def transfer_id(at=None):
    """trf_ and an UUIDv7 made at that Unix time, now when none is given."""
    number = int((time.time() if at is None else at) * 1000) << 80 | 7 << 76 | secrets.randbits(12) << 64 | 2 << 62 | secrets.randbits(62)
    return "trf_" + "".join(LETTERS[number >> 5 * i & 31] for i in reversed(range(26)))


def money(amount):
    return {"amount": amount, "currency": "VND"}


def instant(at):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at)) + ".000Z"


class Ledger(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = shared.service()
        cls.key = cls.service.make_key("ledger:write")

    @classmethod
    def tearDownClass(cls):
        cls.service.verify_books()

    def setUp(self):
        self.book = self.must(201, self.post("/v1/ledger/books", {"name": "Sổ thử"}))["book"]
        # 1 and 2 are free; 3 cannot be overdrawn; 4 cannot be overpaid; 5 lies between -50.000 and 50.000.
        self.open({"number": 1}, {"number": 2}, {"number": 3, "floor": 0}, {"number": 4, "ceiling": 0}, {"number": 5, "floor": -50000, "ceiling": 50000})

    # --- helpers ---

    def post(self, path, body, key=None, **headers):
        given = {"Authorization": "Bearer " + (key or self.key), "Content-Type": "application/json", "Accept-Language": "en"}
        if "transfers" not in path and "accounts" not in path:
            given["Idempotency-Key"] = uuid.uuid4().hex
        given.update({name.replace("_", "-"): value for name, value in headers.items()})
        return self.service.send("POST", path, body, {name: value for name, value in given.items() if value is not None})

    def must(self, status, answer):
        self.assertEqual(answer.status, status, answer)
        return answer.json

    def open(self, *accounts):
        results = self.must(200, self.post(f"/v1/ledger/books/{self.book}/accounts", {"accounts": list(accounts)}))["results"]
        self.assertEqual([r["status"] for r in results], ["open"] * len(accounts))

    def line(self, debit=1, credit=2, amount=1000, **more):
        return {"id": transfer_id(), "debit": debit, "credit": credit, "amount": money(amount), **more}

    def send(self, line, **headers):
        return self.post("/v1/ledger/transfers", {"book": self.book, **line}, **headers)

    def bulk(self, *lines, **headers):
        return self.post("/v1/ledger/transfers/bulk", {"book": self.book, "transfers": list(lines)}, **headers)

    def results(self, *lines):
        results = self.must(200, self.bulk(*lines))["results"]
        self.assertEqual(len(results), len(lines))
        return results

    def refused(self, status, code, answer, pointer=None):
        self.assertEqual((answer.status, answer.code), (status, code), answer)
        if pointer is not None:
            self.assertIn(pointer, [e["pointer"] for e in answer.json.get("errors", [])], answer)
        return answer.json

    def journal(self):
        return int(self.service.database.value(f"SELECT count(*) FROM journal WHERE book_id = {self.book}"))

    def balance(self, account):
        """What the account's newest row says."""
        sql = (f"SELECT CASE WHEN debit_account = {account} THEN debit_balance ELSE credit_balance END FROM journal WHERE book_id = {self.book} "
               f"AND {account} IN (debit_account, credit_account) ORDER BY seq DESC LIMIT 1")
        return int(self.service.database.value(sql) or 0)

    # --- books, accounts ---

    def test_books(self):
        key = uuid.uuid4().hex
        first = self.post("/v1/ledger/books", {"name": "Sổ"}, Idempotency_Key=key)
        again = self.post("/v1/ledger/books", {"name": "Sổ"}, Idempotency_Key=key)
        self.assertEqual((first.status, first.text, again.headers["Idempotent-Replayed"]), (201, again.text, "true"))
        book = first.json["book"]
        self.assertRegex(book, "^[1-9][0-9]*$")
        self.assertEqual(self.service.database.value(f"SELECT kind, name FROM book WHERE book_id = {book}"), "3|Sổ")
        self.assertEqual(self.service.database.value(f"SELECT act, details->>'book' FROM audit_entry WHERE book_id = {book}"), f"ledger_books.create|{book}")
        self.refused(400, "missing_idempotency_key", self.post("/v1/ledger/books", {"name": "Sổ"}, Idempotency_Key=None))
        self.refused(422, "validation_failed", self.post("/v1/ledger/books", {"name": ""}), "/name")

    def test_accounts(self):
        path = f"/v1/ledger/books/{self.book}/accounts"
        results = self.must(200, self.post(path, {"accounts": [{"number": 3, "floor": 0}, {"number": 3, "floor": 1}, {"number": 2**53 - 1}]}))["results"]
        self.assertEqual([(r["number"], r["status"], r.get("code")) for r in results],
                         [(3, "open", None), (3, "refused", "transfer_differs"), (2**53 - 1, "open", None)])
        self.assertEqual(results[1]["field"], "/accounts/1")
        self.assertIn("other limits", results[1]["detail"])
        self.refused(422, "validation_failed", self.post(path, {"accounts": []}), "/accounts")
        self.refused(422, "validation_failed", self.post(path, {"accounts": [{"number": n} for n in range(1, 8002)]}), "/accounts")
        for wrong, pointer in (({"number": 0}, "/accounts/1/number"), ({"number": 2**53}, "/accounts/1/number"),
                               ({"number": 9, "floor": 5, "ceiling": 4}, "/accounts/1/ceiling")):
            self.refused(422, "validation_failed", self.post(path, {"accounts": [{"number": 90}, wrong]}), pointer)
        self.assertEqual(self.service.database.value(f"SELECT count(*) FROM account WHERE book_id = {self.book} AND account_no = 90"), "0")
        self.assertEqual(self.service.database.value(f"SELECT count(*) FROM audit_entry WHERE book_id = {self.book} AND act = 'ledger_accounts.create'"), "2")

    def test_eight_thousand_accounts_and_lines(self):
        self.open(*[{"number": 1000 + n} for n in range(8000)])
        lines = [self.line(1000 + n, 1000 + (n + 1) % 8000, 1 + n) for n in range(8000)]
        results = self.results(*lines)
        self.assertEqual([r["seq"] for r in results], list(range(1, 8001)))
        self.assertEqual({r["status"] for r in self.results(*lines)}, {"replayed"})
        self.refused(422, "validation_failed", self.bulk(*lines, self.line()), "/transfers")
        self.assertEqual(self.journal(), 8000)

    # --- one transfer ---

    def test_post_and_replay(self):
        line = self.line(amount=180000, reference="HD-2026-17", code=1200)
        made = self.must(201, self.send(line))
        self.assertEqual(set(made), {"id", "seq", "amount", "recorded_at", "replayed"})
        self.assertEqual((made["id"], made["seq"], made["amount"], made["replayed"]), (line["id"], 1, money(180000), False))
        again = self.must(200, self.send(line))
        self.assertEqual(again, {**made, "replayed": True})
        row = self.service.database.rows(f"SELECT transfer_id, debit_account, credit_account, amount, code, reference, kind FROM journal WHERE book_id = {self.book}")
        self.assertEqual(row, [(uuid_of(line["id"]), "1", "2", "180000", "1200", "HD-2026-17", "1")])

    def test_another_body_under_the_same_id(self):
        line = self.line(reference="A", event_at="2026-11-22T03:15:30.120Z")
        self.must(201, self.send(line))
        for member, other, pointer in (("amount", money(1001), "/amount"), ("debit", 3, "/debit"), ("credit", 5, "/credit"), ("code", 1001, "/code"),
                                       ("reference", "B", "/reference"), ("event_at", "2026-11-22T03:15:30.121Z", "/event_at"),
                                       ("kind", "pending", "/kind"), ("flags", ["closing_debit"], "/flags")):
            with self.subTest(member):
                self.refused(409, "transfer_differs", self.send({**line, member: other}), pointer)
        other_book = self.must(201, self.post("/v1/ledger/books", {"name": "Sổ khác"}))["book"]
        self.refused(409, "transfer_differs", self.send({**line, "book": other_book}), "/book")
        self.assertEqual(self.journal(), 1)

    def test_event_time_is_the_ids_unless_it_is_said(self):
        at = int(time.time()) - 86400
        self.must(201, self.send({**self.line(), "id": transfer_id(at)}))
        self.assertEqual(self.service.database.value(f"SELECT extract(epoch FROM event_at)::bigint FROM journal WHERE book_id = {self.book}"), str(at))
        self.refused(422, "invalid_input", self.send({**self.line(), "id": transfer_id(time.time() + 600)}), "/id")

    def test_what_is_wrong_with_a_line(self):
        good = self.line()
        uuid4 = "trf_" + "".join(LETTERS[uuid.uuid4().int >> 5 * i & 31] for i in reversed(range(26)))
        cases = [
            ({"id": None}, "wrong_type", "/id"),
            ({"id": "trf_x"}, "invalid_format", "/id"),
            ({"id": uuid4}, "invalid_format", "/id"),
            ({"id": good["id"].replace("trf_", "pay_")}, "invalid_format", "/id"),
            ({"kind": "expire"}, "unknown_value", "/kind"),
            ({"debit": 0}, "too_small", "/debit"),
            ({"credit": 2**53}, "too_large", "/credit"),
            ({"credit": "2"}, "wrong_type", "/credit"),
            ({"amount": 1000}, "wrong_type", "/amount"),
            ({"amount": {"amount": 1.5, "currency": "VND"}}, "wrong_type", "/amount/amount"),
            ({"amount": {"amount": "1000", "currency": "VND"}}, "wrong_type", "/amount/amount"),
            ({"amount": {"amount": -1, "currency": "VND"}}, "too_small", "/amount/amount"),
            ({"amount": {"amount": 2**53, "currency": "VND"}}, "too_large", "/amount/amount"),
            ({"amount": {"amount": 1000, "currency": "USD"}}, "currency_not_vnd", "/amount/currency"),
            ({"amount": {"amount": 1000}}, "required", "/amount/currency"),
            ({"amount": {**money(1), "cents": 2}}, "unknown_field", "/amount/cents"),
            ({"code": 999}, "too_small", "/code"),
            ({"code": 32768}, "too_large", "/code"),
            ({"reference": "x" * 65}, "text_too_long", "/reference"),
            ({"reference": "ạ" * 22}, "text_too_long", "/reference"),
            ({"reference": "a\u0001b"}, "invalid_format", "/reference"),
            ({"event_at": "hôm qua"}, "invalid_date", "/event_at"),
            ({"pending": good["id"]}, "invalid_input", "/pending"),
            ({"timeout_s": 5}, "invalid_input", "/timeout_s"),
            ({"flags": ["balancing"]}, "unknown_value", "/flags/0"),
            ({"flags": "closing_debit"}, "wrong_type", "/flags"),
            ({"colour/~": {"deep": [1, {"er": None}]}}, "unknown_field", "/colour~1~0"),
        ]
        lines = []
        for change, code, pointer in cases:
            with self.subTest(str(change)):
                answer = self.send({**good, **change})
                body = self.refused(422, "unknown_field" if code == "unknown_field" else "validation_failed", answer, pointer)
                self.assertIn({"pointer": pointer, "code": code}, [{k: e[k] for k in ("pointer", "code")} for e in body["errors"]])
            lines += [{**self.line(), **change}, self.line()]
        # The same lines in one bulk request, each with a good neighbour.
        results = self.results(*lines)
        for i, (_, code, pointer) in enumerate(cases):
            self.assertEqual((results[2 * i]["status"], results[2 * i]["code"], results[2 * i]["field"]), ("refused", code, f"/transfers/{2 * i}{pointer}"))
        self.assertEqual([r["status"] for r in results[1::2]], ["posted"] * len(cases))
        self.assertEqual(self.journal(), len(cases))

    def test_all_faults_at_once(self):
        body = self.refused(422, "validation_failed", self.post("/v1/ledger/transfers", {"debit": 0, "what": 1}))
        self.assertEqual({e["pointer"] for e in body["errors"]}, {"/debit", "/what", "/id", "/book", "/credit", "/amount"})

    def test_what_is_no_json(self):
        good = json.dumps({"book": self.book, **self.line()}).encode()
        for name, body in {"cut": good[:-1], "empty": b"", "more behind": good + b"{}", "byte order mark": b"\xef\xbb\xbf" + good, "words": b"nope",
                           "invalid UTF-8": good[:-1] + b',"reference":"\xff"}', "lone surrogate": good[:-1] + b',"reference":"\\ud800"}',
                           "bad escape": good[:-1] + b',"reference":"\\x"}', "raw line feed": good[:-1] + b',"reference":"a\nb"}',
                           "trailing comma": good[:-1] + b",}", "no colon": good[:-1] + b',"reference" "a"}', "twice": good[:-1] + b',"debit":1}'}.items():
            with self.subTest(name):
                answer = self.post("/v1/ledger/transfers", body)
                self.assertIn(answer.status, (400, 422), answer)
                self.assertIn(answer.code, ("invalid_json", "wrong_type"), answer)
        self.refused(422, "wrong_type", self.post("/v1/ledger/transfers", b"[]"))
        self.refused(415, "unsupported_media_type", self.post("/v1/ledger/transfers", good, Content_Type="text/plain"))
        self.refused(413, "body_too_large", self.post("/v1/ledger/transfers", b"{" + b" " * 20000 + b"}"))
        # Its length is enough: the body need not be sent.
        self.refused(413, "body_too_large", shared.market().announce("POST", "/v1/ledger/transfers/bulk", 4 * 1024 * 1024 + 1))
        self.assertEqual(self.journal(), 0)

    def test_limits(self):
        self.refused(409, "insufficient_funds", self.send(self.line(1, 3, 1)), "/credit")
        self.refused(409, "limit_exceeded", self.send(self.line(4, 1, 1)), "/debit")
        self.must(201, self.send(self.line(3, 1, 700)))
        self.must(201, self.send(self.line(1, 3, 700)))
        self.refused(409, "insufficient_funds", self.send(self.line(1, 3, 1)))
        self.refused(422, "account_unknown", self.send(self.line(1, 99)), "/credit")
        self.refused(422, "invalid_input", self.send(self.line(1, 1)))
        self.refused(422, "amount_not_positive", self.send(self.line(1, 2, 0)), "/amount")

    def test_balancing(self):
        self.must(201, self.send(self.line(3, 1, 700)))
        line = self.line(1, 3, 10**9, flags=["balancing_credit"])
        self.assertEqual(self.must(201, self.send(line))["amount"], money(700))
        self.assertEqual(self.must(200, self.send(line))["amount"], money(700))
        self.refused(409, "insufficient_funds", self.send(self.line(1, 3, 5, flags=["balancing_credit"])))
        # In one chain, each with an amount of its own, also when it is sent again.
        chain = [self.line(3, 1, 40, linked=True), self.line(1, 3, 10**9, flags=["balancing_credit"])]
        first, again = self.results(*chain), self.results(*chain)
        self.assertEqual([r["amount"] for r in first], [money(40), money(40)])
        self.assertEqual([(r["seq"], r["amount"]) for r in again], [(r["seq"], r["amount"]) for r in first])

    def test_closing(self):
        self.must(201, self.send(self.line(2, 1, 0, flags=["closing_debit"])))
        self.refused(409, "account_closed", self.send(self.line(2, 1, 5)), "/debit")

    # --- holds ---

    def hold(self, **more):
        line = self.line(2, 3, 1000, kind="pending", **more)
        self.must(201, self.send(line))
        return line["id"]

    def ending(self, kind, pending, **more):
        return self.send({"id": transfer_id(), "kind": kind, "pending": pending, **more})

    def test_holds(self):
        self.must(201, self.send(self.line(3, 1, 1500)))
        first = self.hold()
        self.refused(409, "insufficient_funds", self.send(self.line(1, 3, 501)))
        part = {"id": transfer_id(), "kind": "post", "pending": first, "amount": money(400)}
        self.assertEqual(self.must(201, self.send(part))["amount"], money(400))
        self.assertTrue(self.must(200, self.send(part))["replayed"])
        self.refused(409, "pending_finished", self.ending("void", first), "/pending")
        self.assertEqual(self.balance(3), 1100)
        second = self.hold()
        self.refused(409, "limit_exceeded", self.ending("post", second, amount=money(1001)), "/amount")
        self.refused(422, "validation_failed", self.ending("post", second, amount=money(0)), "/amount/amount")
        for member, value in (("code", 1000), ("flags", ["closing_debit"]), ("timeout_s", 9)):
            self.refused(422, "validation_failed", self.ending("post", second, **{member: value}), "/" + member)
        self.refused(409, "transfer_differs", self.ending("post", second, debit=1), "/debit")
        self.assertEqual(self.must(201, self.ending("void", second))["amount"], money(1000))
        self.assertEqual(self.must(201, self.ending("post", self.hold()))["amount"], money(1000))
        self.refused(404, "pending_not_found", self.ending("post", transfer_id()), "/pending")
        self.refused(422, "validation_failed", self.send({"id": transfer_id(), "kind": "post"}), "/pending")
        self.assertEqual(self.balance(3), 100)

    def test_a_hold_runs_out(self):
        self.must(201, self.send(self.line(3, 1, 1000)))
        pending = self.hold(timeout_s=1)
        self.refused(409, "insufficient_funds", self.send(self.line(1, 3, 1)))
        end = time.monotonic() + 30
        while self.journal() < 3:
            self.assertLess(time.monotonic(), end, "nobody ended the hold")
        self.refused(409, "pending_expired", self.ending("post", pending), "/pending")
        self.must(201, self.send(self.line(1, 3, 1000)))

    # --- bulk ---

    def test_chains(self):
        lines = [self.line(), self.line(linked=True), self.line(1, 3, 10**9), self.line(linked=True), self.line(linked=True), self.line(),
                 self.line(linked=True), self.line(debit="x"), self.line(3, 1, 50, linked=True), self.line(1, 3, 50), self.line(linked=True)]
        results = self.results(*lines)
        self.assertEqual([r["status"] for r in results], ["posted", "refused", "refused", "posted", "posted", "posted", "refused", "refused", "posted",
                                                          "posted", "refused"])
        self.assertEqual([r.get("code") for r in results], [None, "insufficient_funds", "insufficient_funds", None, None, None, "linked_failed", "wrong_type",
                                                            None, None, "invalid_input"])
        self.assertEqual([r["seq"] for r in results if "seq" in r], [1, 2, 3, 4, 5, 6])
        self.assertEqual([r["field"] for r in results if "field" in r], ["/transfers/1", "/transfers/2", "/transfers/6", "/transfers/7/debit",
                                                                         "/transfers/10/linked"])
        named = self.results(self.line(linked=True), self.line(credit=99, linked=True), self.line())
        self.assertEqual([r["code"] for r in named], ["linked_failed", "account_unknown", "linked_failed"])

    def test_bulk_says_what_it_did(self):
        old = self.line()
        self.must(201, self.send(old))
        results = self.results(old, {**old, "amount": money(9)}, self.line(1, 3, 5), "not an object", {}, self.line())
        self.assertEqual([(r["status"], r.get("code"), r.get("field")) for r in results],
                         [("replayed", None, None), ("refused", "transfer_differs", "/transfers/1/amount"), ("refused", "insufficient_funds", "/transfers/2/credit"),
                          ("refused", "wrong_type", "/transfers/3"), ("refused", "required", "/transfers/4/id"), ("posted", None, None)])
        self.assertEqual([r["id"] for r in results][3:5], [None, None])
        self.assertEqual(results[5], {"id": results[5]["id"], "status": "posted", "seq": 2, "amount": money(1000)})
        vietnamese = self.must(200, self.bulk({}, Accept_Language="vi"))["results"][0]
        self.assertEqual(vietnamese["detail"], "Thiếu trường bắt buộc.")

    def test_the_order_of_members_does_not_matter(self):
        line = self.line()
        body = {"transfers": [dict(reversed(line.items()))], "book": self.book}
        self.assertEqual(self.must(200, self.post("/v1/ledger/transfers/bulk", body))["results"][0]["status"], "posted")

    def test_bulk_as_a_whole(self):
        for body, pointer in (({"book": self.book}, "/transfers"), ({"book": self.book, "transfers": []}, "/transfers"), ({"transfers": [self.line()]}, "/book"),
                              ({"book": self.book, "transfers": {}}, "/transfers"), ({"book": 17, "transfers": [self.line()]}, "/book"),
                              ({"book": "x", "transfers": [self.line()]}, "/book")):
            with self.subTest(str(body)[:60]):
                self.refused(422, "validation_failed", self.post("/v1/ledger/transfers/bulk", body), pointer)
        self.refused(422, "unknown_field", self.post("/v1/ledger/transfers/bulk", {"book": self.book, "transfers": [self.line()], "more": 1}), "/more")

    def test_at_once(self):
        lines = [self.line() for _ in range(200)]
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(self.send, lines * 2))
        self.assertEqual(sorted(a.status for a in answers), [200] * 200 + [201] * 200)
        self.assertEqual(self.journal(), 200)

    def test_a_full_queue_says_so(self):
        requests = [[self.line() for _ in range(8000)] for _ in range(12)]
        with concurrent.futures.ThreadPoolExecutor(len(requests)) as pool:
            with self.service.database.locked("ledger_batch"):
                asked = {pool.submit(self.bulk, *lines): lines for lines in requests}
                first, _ = concurrent.futures.wait(asked, timeout=60, return_when=concurrent.futures.FIRST_COMPLETED)
            for answered in first:
                self.refused(503, "queue_full", answered.result())
                self.assertEqual(answered.result().headers["Retry-After"], "1")
            answers = {answered: answered.result() for answered in concurrent.futures.as_completed(asked)}
        self.assertGreater(len(first), 0)
        for answered, answer in answers.items():
            expected = "replayed" if answer.status == 200 else "posted"
            self.assertEqual({r["status"] for r in self.results(*asked[answered])}, {expected})
        self.assertEqual(self.journal(), 8000 * len(requests))

    # --- periods ---

    def test_periods(self):
        now = int(time.time())
        path = f"/v1/ledger/books/{self.book}/periods"
        closed = self.must(200, self.post(path, {"closed_before": instant(now - 3600)}))
        self.assertEqual(closed, {"book": self.book, "closed_before": instant(now - 3600)})
        self.refused(409, "period_closed", self.send(self.line(event_at=instant(now - 3601))), "/event_at")
        self.must(201, self.send(self.line(event_at=instant(now - 3600))))
        self.refused(409, "period_closed", self.post(path, {"closed_before": instant(now - 7200)}), "/closed_before")
        self.assertEqual(self.post(path, {"closed_before": instant(now + 3600)}).code, "period_not_open")
        self.assertEqual(self.service.database.value(f"SELECT count(*) FROM audit_entry WHERE book_id = {self.book} AND act = 'ledger_periods.create'"), "1")

    # --- who may, and where ---

    def test_books_of_the_product_are_its_own(self):
        shared.market()
        book = self.service.database.value("SELECT book_id FROM book WHERE kind = 1 LIMIT 1")
        for path, body in (("/v1/ledger/transfers", {"book": book, **self.line()}), ("/v1/ledger/transfers/bulk", {"book": book, "transfers": [self.line()]}),
                           (f"/v1/ledger/books/{book}/accounts", {"accounts": [{"number": 1}]}),
                           (f"/v1/ledger/books/{book}/periods", {"closed_before": instant(time.time() - 60)})):
            with self.subTest(path):
                self.assertIn("book of your own", self.refused(403, "forbidden", self.post(path, body))["detail"])
        for nobody in ("1", str(2**63 - 1)):
            self.refused(404, "not_found", self.post("/v1/ledger/transfers", {"book": nobody, **self.line()}))
            self.refused(404, "not_found", self.post(f"/v1/ledger/books/{nobody}/accounts", {"accounts": [{"number": 1}]}))
        for nonsense in ("0", "-1", "x", "007", "9" * 30):
            self.refused(404, "not_found", self.post(f"/v1/ledger/books/{nonsense}/accounts", {"accounts": [{"number": 1}]}))

    def test_who_may(self):
        self.refused(403, "scope_missing", self.send(self.line(), key=self.service.make_key("payments:write")))
        stall = shared.market().stall
        self.refused(404, "not_found", self.send(self.line(), key=self.service.make_key("ledger:write", place=stall)))
        operator = Browser(self.service, self.service.make_user("operator-" + uuid.uuid4().hex[:12], "operator"))
        self.assertEqual(operator.call("POST", "/v1/ledger/transfers", {"book": self.book, **self.line()}).status, 201)


if __name__ == "__main__":
    unittest.main()
