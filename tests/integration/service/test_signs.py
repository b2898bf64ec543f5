"""The sign of a stall: printed, with a second code for foreign apps, and checked against what hangs there."""
import datetime
import subprocess
import tempfile
import unittest
import uuid

import shared
from refusals import Refusals, login_of, metric_of_api
from service import Browser

VIETNAM = datetime.timezone(datetime.timedelta(hours=7))


def crc16(text):
    crc = 0xFFFF
    for byte in text.encode():
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return f"{crc:04X}"


def field(number, value):
    return f"{number}{len(value):02}{value}"


def code(bin_, account, service="QRIBFTTA", amount=None, memo=None, name=None):
    """A VietQR code, made here once more so that the service is not its own witness."""
    text = field("00", "01") + field("01", "12" if amount else "11")
    text += field("38", field("00", "A000000727") + field("01", field("00", bin_) + field("01", account)) + field("02", service))
    text += (field("52", "5411") if service == "QRPUSH" else "") + field("53", "704") + (field("54", str(amount)) if amount else "")
    text += field("58", "VN") + (field("59", name) + field("60", "Ha Long") if name else "")
    text += (field("62", field("08", memo)) if memo else "") + "6304"
    return text + crc16(text)


def codes_in(picture, suffix):
    """What an independent reader sees."""
    with tempfile.NamedTemporaryFile(suffix=suffix) as file:
        file.write(picture)
        file.flush()
        if suffix == ".pdf":
            picture = subprocess.run(["pdftoppm", "-png", "-singlefile", "-r", "200", file.name], capture_output=True, check=True).stdout
            return codes_in(picture, ".png")
        done = subprocess.run(["zbarimg", "-q", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", file.name], capture_output=True, text=True, check=True)
        return sorted(done.stdout.split("\n")[:-1])


def terms(**more):
    return {"acquirer_bin": "970415", "merchant_id": "M" + str(uuid.uuid4().int)[:12], "mcc": "5411", "name": "Bà Thế", "city": "Hạ Long", **more}


def today(days=0):
    return (datetime.datetime.now(VIETNAM).date() + datetime.timedelta(days)).isoformat()


class Signs(Refusals):
    def setUp(self):
        self.stall = shared.market()  # of its own, so that contracts of one test are not there in the next
        self.place = f"/v1/stalls/{self.stall.stall}"
        self.own = code("970436", self.stall.account, memo="SAP 12")

    def read(self):
        return self.stall.must("GET", self.place)

    def picture(self, name):
        answer = self.stall.call("GET", f"{self.place}/{name}")
        self.assertEqual(answer.status, 200, answer)
        return answer

    def check(self, payload):
        return self.stall.must("POST", f"{self.place}/sign-checks", {"payload": payload})

    def register(self, contract, market=None):
        market = market or self.stall
        return market.call("POST", f"/v1/stalls/{market.stall}/merchant-contracts", contract)

    def test_pictures(self):
        self.assertEqual(self.read()["sign"], f"{self.place}/sign.pdf")
        pdf, svg, png = (self.picture(name) for name in ("sign.pdf", "sign.svg", "sign.png"))
        self.assertEqual([a.headers["Content-Type"] for a in (pdf, svg, png)], ["application/pdf", "image/svg+xml", "image/png"])
        self.assertEqual(codes_in(png.bytes, ".png"), [self.own])
        self.assertEqual(codes_in(pdf.bytes, ".pdf"), [self.own])
        self.assertIn(b"<svg", svg.bytes)
        small = self.picture("sign.pdf?size=A6").bytes
        self.assertEqual(codes_in(small, ".pdf"), [self.own])
        self.assertNotEqual(small, pdf.bytes)
        self.assertEqual(self.picture("sign.pdf?size=A5").bytes, pdf.bytes)
        for query, wrong in {"size=A4": {"#query/size": "unknown_value"}, "colour=red": {"#query/colour": "unknown_field"}}.items():
            with self.subTest(query):
                answer = self.refused(lambda query=query: self.stall.call("GET", f"{self.place}/sign.pdf?{query}"), 422, "validation_failed",
                                      metric_of_api(422, "stalls.sign_pdf"))
                self.assertEqual({error["pointer"]: error["code"] for error in answer.json["errors"]}, wrong)

    def test_a_stall_that_serves_tourists_has_two_codes(self):
        before = self.read()
        self.assertEqual((before["merchant_contracts"], before["version"]), ([], 1))
        made = self.register(terms(merchant_id="M0001")).json
        self.assertEqual((made["object"], made["acquirer_name"], made["valid_from"], made["valid_to"], made["in_force"]),
                         ("merchant_contract", "VietinBank", today(), None, True))
        after = self.read()
        self.assertEqual((after["merchant_contracts"], after["version"]), ([made], 2))
        merchants_code = code("970415", "M0001", "QRPUSH", memo="SAP 12", name="Ba The")
        self.assertEqual(codes_in(self.picture("sign.pdf").bytes, ".pdf"), sorted([self.own, merchants_code]))
        self.assertEqual(codes_in(self.picture("sign.pdf?size=A6").bytes, ".pdf"), sorted([self.own, merchants_code]))
        self.assertEqual(self.check(merchants_code)["verdict"], "right_stall")

        with self.subTest("no other stall can have it at the same time"):
            other = shared.market()
            self.refused(lambda: self.register(terms(merchant_id="M0001"), other), 409, "invalid_state", metric_of_api(409, "merchant_contracts.create"))
            answer = self.stall.call("POST", f"/v1/stalls/{other.stall}/sign-checks", {"payload": merchants_code})
            self.assertEqual((answer.json["verdict"], answer.json["other_stall"]),
                             ("another_stall", {"number": "12", "name": "Bà Thế", "market_name": "Chợ Hạ Long I"}))

        with self.subTest("it ends by being registered with its last day"):
            self.assertEqual(self.register(terms(merchant_id="M0001", valid_from=today(-30), valid_to=today(-1))).status, 201)
            self.assertEqual(self.check(merchants_code)["verdict"], "right_stall", "the later first day counts")
            self.assertEqual(self.register(terms(merchant_id="M0001", valid_to=today())).status, 201)
            self.assertEqual([c["in_force"] for c in self.read()["merchant_contracts"]], [False, False, True])
            self.assertEqual(self.register(terms(merchant_id="M0001", valid_from=today(1)), other).status, 201)
            self.refused(lambda: self.register(terms(merchant_id="M0001", valid_from=today(1))), 409, "invalid_state",
                         metric_of_api(409, "merchant_contracts.create"))

    def test_a_contract_to_come_is_not_printed_yet(self):
        self.assertEqual(self.register(terms(valid_from=today(7))).json["in_force"], False)
        self.assertEqual(codes_in(self.picture("sign.pdf").bytes, ".pdf"), [self.own])

    def test_wrong_contracts(self):
        cases = {
            "everything": ({"acquirer_bin": "9704", "merchant_id": "M 1", "mcc": "54a1", "name": "–", "city": "Thành phố Hạ Long, Quảng Ninh"},
                           {"/acquirer_bin": "invalid_format", "/merchant_id": "invalid_format", "/mcc": "invalid_format", "/name": "invalid_format",
                            "/city": "text_too_long"}),
            "nothing": ({}, {"/acquirer_bin": "required", "/merchant_id": "required", "/mcc": "required", "/name": "required", "/city": "required"}),
            "days the wrong way round": (terms(valid_from=today(), valid_to=today(-1)), {"/valid_to": "too_small"}),
            "a number": (terms(mcc=5411), {"/mcc": "wrong_type"}),
        }
        for name, (body, wrong) in cases.items():
            with self.subTest(name):
                answer = self.refused(lambda body=body: self.register(body), 422, "validation_failed", metric_of_api(422, "merchant_contracts.create"))
                self.assertEqual({error["pointer"]: error["code"] for error in answer.json["errors"]}, wrong)
        self.assertEqual(self.read()["merchant_contracts"], [])

    def test_checks(self):
        neighbour = shared.market()
        damaged = self.own[:-1] + ("1" if self.own[-1] == "0" else "0")
        vietcombank = {"scheme": "VIETQR", "service": "QRIBFTTA", "bank_bin": "970436", "bank_name": "Vietcombank"}
        right = {"verdict": "right_stall", "account": {**vietcombank, "account_number_masked": "•••• " + self.stall.account[-4:]}}
        cases = {
            "the sign": (self.own, right),
            "the sign, pasted with a line break": (self.own + "\n", right),
            "under another name": (code("970436", self.stall.account, name="KE GIAN"), right),
            "an amount": (code("970436", self.stall.account, amount=45000, memo="CQ7K2M4X7"),
                          {**right, "differences": [{"what": "amount_fixed", "value": "45000"}, {"what": "single_use", "value": "12"},
                                                    {"what": "other_memo", "value": "CQ7K2M4X7"}]}),
            "a damaged checksum": (damaged, {**right, "differences": [{"what": "crc_damaged", "value": damaged[-4:]}]}),
            "the neighbour's": (code("970436", neighbour.account), {
                "verdict": "another_stall", "account": {**vietcombank, "account_number_masked": "•••• " + neighbour.account[-4:]},
                "other_stall": {"number": "12", "name": "Bà Thế", "market_name": "Chợ Hạ Long I"}}),
            "nobody's": (code("970422", "19998887776"), {
                "verdict": "unknown_account", "account": {"scheme": "VIETQR", "service": "QRIBFTTA", "bank_bin": "970422", "bank_name": "MBBank",
                                                          "account_number_masked": "•••• 7776"}}),
            "our number at another bank": (code("970422", self.stall.account), {
                "verdict": "unknown_account", "account": {"scheme": "VIETQR", "service": "QRIBFTTA", "bank_bin": "970422", "bank_name": "MBBank",
                                                          "account_number_masked": "•••• " + self.stall.account[-4:]}}),
            "a web address": ("https://cho40.vn/pay", {"verdict": "not_a_payment_code", "unreadable": {
                "error": "tlv_malformed", "crc_ok": False, "begins_as_payment_code": False}}),
            "half a sign": (self.own[:40], {"verdict": "not_a_payment_code", "unreadable": {
                "error": "tlv_malformed", "crc_ok": False, "begins_as_payment_code": True}}),
        }
        nothing = {"object": "sign_check", "stall": self.stall.stall, "account": None, "other_stall": None, "unreadable": None, "differences": []}
        for name, (payload, expected) in cases.items():
            with self.subTest(name):
                before = self.service.database.counts()
                self.assertEqual(self.check(payload), {**nothing, **expected})
                self.assertEqual(self.service.database.counts(), before)

    def test_wrong_checks(self):
        for name, (body, status, wrong) in {"nothing": ({}, 422, "validation_failed"), "an empty code": ({"payload": ""}, 422, "validation_failed"),
                                            "more than any symbol holds": ({"payload": "1" * 7090}, 422, "validation_failed"),
                                            "a number": ({"payload": 1}, 422, "validation_failed"),
                                            "a member nobody knows": ({"payload": "x", "stall": "y"}, 422, "unknown_field")}.items():
            with self.subTest(name):
                self.refused(lambda body=body: self.stall.call("POST", f"{self.place}/sign-checks", body), status, wrong,
                             metric_of_api(status, "sign_checks.create"))

    def test_only_who_may_see_the_stall(self):
        board = Browser(self.service, self.service.make_user(login_of("board"), f"market_board:{self.stall.market}"))
        vendor = Browser(self.service, self.service.make_user(login_of("vendor"), f"vendor:{self.stall.stall}"))
        stranger = Browser(self.service, self.service.make_user(login_of("board"), f"market_board:{shared.market().market}"))
        for person, status in ((board, 200), (vendor, 200), (stranger, 404)):
            for method, path, body in (("GET", "sign.pdf", None), ("GET", "sign.svg", None), ("GET", "sign.png", None),
                                       ("POST", "sign-checks", {"payload": self.own})):
                with self.subTest(f"{path} {status}"):
                    self.assertEqual(person.call(method, f"{self.place}/{path}", body).status, status)
        self.assertEqual(stranger.call("POST", f"{self.place}/merchant-contracts", terms()).status, 404)
        self.assertEqual(board.call("POST", f"{self.place}/merchant-contracts", terms()).status, 201)


if __name__ == "__main__":
    unittest.main()
