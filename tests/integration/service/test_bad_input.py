"""Whatever is wrong with a request: a clear answer with a stable code, nothing written, a metric, a log line about nobody."""
import concurrent.futures
import json
import unittest
import uuid

import shared
from service import MEMO_TEXT, PAYER_ACCOUNT, PAYER_NAME, reference


def with_member(body, name, text):
    """The JSON text with one member more, whatever stands there already."""
    return body[:-1] + b', "' + name.encode() + b'": ' + text + b"}"


class BadInput(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = shared.service()
        cls.market = shared.market()

    def refused(self, send, status, code, metric):
        """Runs send() and checks all that a refusal owes."""
        before, counted = self.service.database.counts(), self.service.metrics().get(metric, 0)
        lines = len(self.service.log())
        answer = send()
        self.assertEqual((answer.status, answer.code), (status, code), answer)
        self.assertEqual(self.service.database.counts(), before, "something was written")
        self.assertEqual(self.service.metrics().get(metric, 0), counted + 1, metric)
        request = answer.headers.get("Request-Id") or answer.headers.get("X-Request-Id")
        self.assertTrue(request, dict(answer.headers))
        self.service.wait_for_log(lambda line: line.get("request_id") == request and line.get("event") == "http.request")
        new = "".join(self.service.log()[lines:])
        for personal in (PAYER_NAME, PAYER_ACCOUNT, MEMO_TEXT, self.market.account, self.market.token, self.market.key):
            self.assertTrue(not personal or personal not in new, f"{personal} stands in the log:\n{new}")

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


def metric_of_rail(rail, outcome):
    return f'cho40_rail_notifications_total{{outcome="{outcome}",rail="{rail}"}}'


def metric_of_api(status, operation="payments.create"):
    return f'cho40_http_requests_total{{operation="{operation}",status="{status}"}}'


if __name__ == "__main__":
    unittest.main()
