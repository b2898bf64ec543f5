"""Whatever is wrong with a notification, a request for money, a QR code, a fee notice or a form of the public pages."""
import concurrent.futures
import json
import random
import unittest
import urllib.parse
import uuid

import shared
from refusals import Refusals, matches_of, metric_of_api, metric_of_rail, uuid_of, with_member
from service import MEMO_TEXT, Agency, day_from_today, reference


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
        }
        for name, (body, status, code) in cases.items():
            with self.subTest(name):
                self.refused(lambda body=body: m.vietqr(body), status, code, metric_of_rail("vietqr", code))
        for name, token in {"no token of ours": "abc", "one that was tampered with": self.market.fetch_token()[::-1]}.items():
            with self.subTest(name):
                self.refused(lambda token=token: m.vietqr(good, token), 401, "bad_token", metric_of_rail("vietqr", "bad_token"))

    def test_unknown_account_is_kept_for_the_operator(self):
        number = str(uuid.uuid4().int)[:12]
        answer = self.market.payos(self.market.payos_body("x", 45000, reference(), account=number))
        self.assertEqual(answer.status, 200, "it is kept; telling it again would change nothing")
        self.assertEqual(self.service.database.rows(matches_of(number)), [("unknown_account",)])

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
        self.assertEqual(a.pay_by_payos(code, due, number).status, 200, "it is kept; the bank need not tell it again")
        self.assertEqual(database.rows(matches_of(number)), [("series_exhausted",)])
        self.assertEqual(a.state(waiting)["received"]["amount"], 0)
        # The agency opens another series.
        database.value(f"UPDATE agency SET letters_phi = 'AB', letters_le_phi = 'AB' WHERE agency_id = '{uuid_of(a.id)}'")
        database.wait_until(f"EXISTS ({matches_of(number)} AND outcome = 'booked')")
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


def unknown_code():
    """A lookup code of the right form, with its check character (Luhn's rule in base 30), that nobody was given."""
    alphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
    values = random.choices(range(30), k=11)
    total = sum(value if place % 2 else sum(divmod(2 * value, 30)) for place, value in enumerate(reversed(values)))
    return "".join(alphabet[value] for value in [*values, -total % 30])


if __name__ == "__main__":
    unittest.main()
