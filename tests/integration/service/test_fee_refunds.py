"""What an agency collected is given back: line by line, approved by a second person, noted on receipts that are never changed."""
import unittest
import uuid

import shared
from service import VIETQR_SECRET, Agency, Browser, Market, day_from_today, reference

LIMIT = 5_000_000  # refunds.approval_from unless configured otherwise
FEE, CHARGE = 100_000, 25_000  # publication (phí) and registration (lệ phí) of a branch
TOTAL = FEE + CHARGE


def money(amount):
    return {"amount": amount, "currency": "VND"}


class CollectingAgency(Agency):
    """With a second rail, which tells of money out too."""

    def __init__(self, service):
        super().__init__(service, service.make_key("admin:write", "fees:read", "fees:write", "payments:read", "payments:write"))
        self.vietqr_path = self.must("POST", "/v1/rail-accounts", {"place": self.id, "rail": "vietqr", "name": "vietqr", "channel": "bank",
                                                                  "secret": VIETQR_SECRET})["address"]

    vietqr_body, vietqr, fetch_token = Market.vietqr_body, Market.vietqr, Market.fetch_token


class FeeRefunds(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = shared.service()

    def setUp(self):
        self.agency = CollectingAgency(self.service)

    def tearDown(self):
        self.service.verify_books()

    # --- steps ---

    def paid(self, surplus=0, lines=None):
        """A paid notice as the agency reads it."""
        lines = lines or [{"fee_code": "BR_REG"}, {"fee_code": "BR_PUB"}]
        made = self.agency.must("POST", "/v1/fee-notices", self.agency.order(lines=lines, dossier={
            "code": self.agency.code + "-0007", "procedure_code": "2.001610", "applicant_name": "Nguyễn Văn Dân"}))
        code = self.agency.start_paying(made)
        self.assertEqual(self.agency.pay_by_payos(code, made["total"]["amount"] + surplus, reference()).status, 200)
        notice = self.read(made)
        self.assertEqual(notice["state"]["name"], "paid", notice)
        return notice

    def read(self, notice):
        return self.agency.must("GET", f"/v1/fee-notices/{notice['id']}")

    def receipt(self, notice, kind):
        return next(r for r in notice["receipts"] if r["kind"] == kind)

    def line(self, notice, kind, amount, line=1):
        return {"receipt": self.receipt(notice, kind)["id"], "line": line, "amount": money(amount)}

    def refund(self, notice, lines, expected, surplus=None, by=None, **changes):
        body = {"lines": lines, "expected_refundable": money(expected), "reason": {"code": "not_accepted", "text": "Hồ sơ không được tiếp nhận"}}
        if surplus:
            body["surplus"] = money(surplus)
        body.update(changes)
        return (by or self.agency).call("POST", f"/v1/fee-notices/{notice['id']}/refunds", body)

    def must_refund(self, notice, lines, expected, status=201, **more):
        answer = self.refund(notice, lines, expected, **more)
        self.assertEqual(answer.status, status, answer)
        return answer.json

    def money_out(self, memo, amount, **changes):
        number = reference()
        self.assertEqual(self.agency.vietqr(self.agency.vietqr_body(memo, amount, number, transType="D", **changes)).status, 200)
        return number

    def money_in(self, memo, amount):
        self.assertEqual(self.agency.vietqr(self.agency.vietqr_body(memo, amount, reference())).status, 200)

    def person(self):
        return Browser(self.service, self.service.make_user("f" + uuid.uuid4().hex[:12], f"agency:{self.agency.id}"))

    def says(self, words, path, lang="vi"):
        page = self.service.send("GET", f"{path}{'&' if '?' in path else '?'}lang={lang}").text.replace("\u00a0", " ")
        return words in page

    def balances(self):
        book = self.service.database.value(f"SELECT book_id FROM agency WHERE code = '{self.agency.code}'")
        rows = self.service.database.rows(
            "SELECT kind, sum(amount) FROM (SELECT debit_account % 16 AS kind, book_id, amount FROM journal "
            f"UNION ALL SELECT credit_account % 16, book_id, -amount FROM journal) j WHERE book_id = {book} GROUP BY kind")
        names = {"0": "bank", "5": "refund_due", "6": "fees", "7": "charges", "8": "unassigned"}
        found = {names[kind]: int(amount) for kind, amount in rows}
        self.assertEqual(sum(found.values()), 0)
        return {name: amount for name, amount in found.items() if amount}

    # --- the life ---

    def test_line_by_line_then_the_rest(self):
        notice = self.paid()
        self.assertEqual((notice["refundable"]["amount"], notice["refunds"], notice["acts"]), (TOTAL, [], ["refund"]))
        self.assertEqual(self.balances(), {"bank": TOTAL, "fees": -FEE, "charges": -CHARGE})
        printed = self.service.database.rows("SELECT receipt_id, md5(printed::text), state FROM receipt ORDER BY 1")

        first = self.must_refund(notice, [self.line(notice, "phi", 30_000), self.line(notice, "le_phi", CHARGE)], TOTAL)
        self.assertEqual((first["state"]["name"], first["amount"]["amount"], first["agency"], first["notice"], first["payment"], first["stall"]),
                         ("due", 55_000, self.agency.id, notice["id"], None, None))
        self.assertEqual([(l["kind"], l["amount"]["amount"]) for l in first["lines"]], [("phi", 30_000), ("le_phi", CHARGE)])
        self.assertEqual(self.balances(), {"bank": TOTAL, "fees": -70_000, "refund_due": -55_000})
        self.assertEqual(self.receipt(self.read(notice), "phi")["refunded"]["amount"], 0)  # promised is not given back

        self.money_out(first["reference"] + " HOAN PHI", 55_000)
        after = self.read(notice)
        self.assertEqual((after["state"]["name"], after["refundable"]["amount"], after["refunded"]["amount"]), ("paid", 70_000, 55_000))
        phi, le_phi = self.receipt(after, "phi"), self.receipt(after, "le_phi")
        self.assertEqual((phi["refunded"]["amount"], phi["lines"][0]["refunded"]["amount"], le_phi["refunded"]["amount"]), (30_000, 30_000, CHARGE))
        self.assertEqual(self.balances(), {"bank": 70_000, "fees": -70_000})
        self.assertTrue(self.says("Đã hoàn 30.000 đ", f"/receipt/{phi['code']}"))
        self.assertTrue(self.says("còn giá trị 70.000 đ", f"/verify?code={phi['code']}"))
        self.assertTrue(self.says("The receipt stands for 70.000 đ", f"/verify?code={phi['code']}", "en"))
        self.assertTrue(self.says("Biên lai không còn giá trị", f"/verify?code={le_phi['code']}"))
        self.assertTrue(self.says("Đã hoàn 55.000 đ", f"/pay/{notice['code']}"))
        state = self.agency.state(notice)
        self.assertEqual((state["state"]["name"], state["refunded"]["amount"]), ("paid", 55_000))

        rest = self.must_refund(notice, [self.line(notice, "phi", 70_000)], 70_000)
        self.money_out(rest["reference"], 70_000)
        after = self.read(notice)
        self.assertEqual((after["state"]["name"], after["refundable"]["amount"], after["acts"]), ("refunded", 0, []))
        self.assertEqual(self.balances(), {})
        self.assertTrue(self.says("125.000 đ", f"/pay/{notice['code']}", "en"))
        listed = self.agency.must("GET", f"/v1/fee-notices/{notice['id']}/refunds")["data"]
        self.assertEqual([r["amount"]["amount"] for r in listed], [55_000, 70_000])
        self.assertEqual(self.service.database.rows("SELECT receipt_id, md5(printed::text), state FROM receipt ORDER BY 1"), printed)

    def test_the_surplus_alone(self):
        notice = self.paid(surplus=10_000)
        self.assertEqual((notice["refundable"]["amount"], notice["surplus"]["amount"]), (TOTAL + 10_000, 10_000))
        too_much = self.refund(notice, [], TOTAL + 10_000, surplus=10_001)
        self.assertEqual((too_much.status, too_much.code, too_much.json["errors"][0]["pointer"]),
                         (409, "amount_exceeds_refundable", "/surplus/amount"), too_much)
        refund = self.must_refund(notice, [], TOTAL + 10_000, surplus=10_000, reason={"code": "overpaid", "text": "Nộp dư"})
        self.money_out(refund["reference"], 10_000)
        after = self.read(notice)
        self.assertEqual((after["state"]["name"], after["surplus"]["amount"], self.receipt(after, "phi")["refunded"]["amount"]), ("paid", 0, 0))
        self.assertEqual(self.balances(), {"bank": TOTAL, "fees": -FEE, "charges": -CHARGE})

    def test_the_bank_sends_it_back(self):
        notice = self.paid(surplus=10_000)
        refund = self.must_refund(notice, [self.line(notice, "phi", FEE), self.line(notice, "le_phi", CHARGE)], TOTAL + 10_000, surplus=10_000)
        number = self.money_out(refund["reference"], TOTAL + 10_000)
        self.assertEqual(self.read(notice)["state"]["name"], "refunded")
        self.money_in(f"Hoan tra lenh {number} sai so tai khoan", TOTAL + 10_000)
        after = self.read(notice)
        self.assertEqual((after["state"]["name"], after["refundable"]["amount"], after["surplus"]["amount"], after["refunded"]["amount"]),
                         ("paid", TOTAL + 10_000, 10_000, 0))
        self.assertEqual(after["refunds"][0]["state"]["name"], "returned")
        self.assertEqual(self.balances(), {"bank": TOTAL + 10_000, "fees": -FEE, "charges": -CHARGE, "refund_due": -10_000})
        page = f"/receipt/{self.receipt(after, 'phi')['code']}"
        self.assertTrue(self.says("ngân hàng trả lại 100.000 đ", page))
        self.assertFalse(self.says("không còn giá trị", page))

    # --- what is refused ---

    def test_wrong(self):
        notice, other = self.paid(), self.paid()
        cases = {
            "more than the line": ([self.line(notice, "phi", FEE + 1)], TOTAL, {}, 409, "amount_exceeds_refundable", "/lines/0/amount/amount"),
            "a line that is not there": ([self.line(notice, "phi", 1, line=2)], TOTAL, {}, 404, "not_found", "/lines/0/line"),
            "line 0": ([self.line(notice, "phi", 1, line=0)], TOTAL, {}, 422, "validation_failed", "/lines/0/line"),
            "another notice's receipt": ([self.line(other, "phi", 1)], TOTAL, {}, 404, "not_found", "/lines/0/receipt"),
            "one line twice": ([self.line(notice, "phi", 1), self.line(notice, "phi", 1)], TOTAL, {}, 422, "validation_failed", "/lines/1/line"),
            "nothing": ([], TOTAL, {}, 422, "validation_failed", "/lines"),
            "no amount": ([self.line(notice, "phi", 0)], TOTAL, {}, 422, "validation_failed", "/lines/0/amount/amount"),
            "somebody else was faster": ([self.line(notice, "phi", 1)], TOTAL - 1, {}, 412, "version_mismatch", "/expected_refundable"),
            "no words": ([self.line(notice, "phi", 1)], TOTAL, {"reason": {"code": "other"}}, 422, "validation_failed", "/reason/text"),
            "a sale's reason": ([self.line(notice, "phi", 1)], TOTAL, {"reason": {"code": "returned_goods", "text": "x"}}, 422, "validation_failed",
                                "/reason/code"),
        }
        before = self.balances()
        for name, (lines, expected, changes, status, code, pointer) in cases.items():
            with self.subTest(name):
                answer = self.refund(notice, lines, expected, **changes)
                self.assertEqual((answer.status, answer.code, answer.json["errors"][0]["pointer"]), (status, code, pointer), answer)
        self.assertEqual(self.balances(), before)
        with self.subTest("held by another refund"):
            self.must_refund(notice, [self.line(notice, "phi", 60_000)], TOTAL)
            answer = self.refund(notice, [self.line(notice, "phi", 40_001)], TOTAL - 60_000)
            self.assertEqual((answer.status, answer.code), (409, "amount_exceeds_refundable"), answer)

    def test_a_notice_that_is_not_paid(self):
        notice = self.agency.notice()
        answer = self.refund(notice, [{"receipt": "rct_01jd2w6x3k9q7m5v8t4r2n0abc", "line": 1, "amount": money(1)}], 0)
        self.assertEqual((answer.status, answer.code), (409, "invalid_state"), answer)
        self.assertEqual((self.read(notice)["refundable"]["amount"], self.read(notice)["acts"]), (0, []))

    def test_above_the_limit_another_person_of_the_agency_approves(self):
        notice = self.paid(lines=[{"fee_code": "CERT_COPY", "quantity": 2000, "pages": 3}])
        total = notice["total"]["amount"]
        self.assertGreater(total, LIMIT)
        one, two = self.person(), self.person()
        stranger = Browser(self.service, self.service.make_user("f" + uuid.uuid4().hex[:12], f"agency:{Agency(self.service).id}"))
        asked = self.must_refund(notice, [self.line(notice, "phi", LIMIT)], total, status=202, by=one)
        self.assertEqual(asked["state"]["name"], "awaiting_approval")
        path = f"/v1/refunds/{asked['id']}"
        self.assertEqual(one.call("POST", path + "/approval").code, "maker_cannot_check")
        self.assertEqual(stranger.call("POST", path + "/approval").code, "not_found")
        self.assertEqual(stranger.call("GET", path).code, "not_found")
        self.assertEqual(self.agency.call("POST", path + "/approval").code, "forbidden")  # a key is nobody's second person
        [waiting] = two.call("GET", "/v1/waiting-refunds").json["data"]
        self.assertEqual((waiting["refund"]["id"], waiting["refund"]["acts"][:2], waiting["stall"]), (asked["id"], ["approval", "rejection"], None))
        self.assertTrue(waiting["agency_name"])
        self.assertEqual(stranger.call("GET", "/v1/waiting-refunds").json["data"], [])
        approved = two.call("POST", path + "/approval")
        self.assertEqual((approved.status, approved.json["state"]["name"]), (200, "due"), approved)
        seen = two.call("GET", path).json
        self.assertTrue(seen["destination"]["account_number_masked"].startswith("••••"))
        done = two.call("POST", path + "/completion", {"bank_reference": "FT26327555001", "evidence": "Sao kê ngân hàng"})
        self.assertEqual((done.status, done.json["state"]["name"]), (200, "done"), done)
        self.assertEqual(self.receipt(self.read(notice), "phi")["refunded"]["amount"], LIMIT)


if __name__ == "__main__":
    unittest.main()
