"""Receipts as people and offices hold them: on paper, as files."""
import unittest
import uuid

import pictures
import shared
from service import APPLICANT_NAME, Agency, reference

FEE, CHARGE = 100_000, 25_000  # publication (phí) and registration (lệ phí) of a branch


def paid_notice(agency, lines=None):
    """A notice that is paid, as the agency reads it."""
    made = agency.must("POST", "/v1/fee-notices", agency.order(lines=lines or [{"fee_code": "BR_REG"}, {"fee_code": "BR_PUB"}], dossier={
        "code": agency.code + "-" + uuid.uuid4().hex[:4], "procedure_code": "2.001610", "applicant_name": APPLICANT_NAME}))
    answer = agency.pay_by_payos(agency.start_paying(made), made["total"]["amount"], reference())
    if answer.status != 200:
        raise AssertionError(str(answer))
    return agency.must("GET", f"/v1/fee-notices/{made['id']}")


def receipt_of(notice, kind):
    return next(r for r in notice["receipts"] if r["kind"] == kind)


class OnPaper(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = shared.service()
        cls.agency = Agency(cls.service)
        cls.notice = paid_notice(cls.agency)

    def test_each_receipt_on_each_paper_leads_to_its_verification(self):
        for kind, title in (("phi", "BIÊN LAI THU PHÍ"), ("le_phi", "BIÊN LAI THU LỆ PHÍ")):
            receipt = receipt_of(self.notice, kind)
            page = self.service.send("GET", f"/receipt/{receipt['code']}").text
            for paper in ("a5", "a4", "80mm", "58mm"):
                with self.subTest(f"{kind} {paper}"):
                    path = f"/receipt/{receipt['code']}/pdf?paper={paper}"
                    self.assertIn(path, page)
                    answer = self.service.send("GET", path)
                    self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, "application/pdf"), answer)
                    text = pictures.text_in_pdf(answer.bytes)
                    for words in (title, "EBL01", receipt["series"], receipt["number"], APPLICANT_NAME):
                        self.assertIn(words, text)
                    codes = pictures.codes_in_pdf(answer.bytes)
                    self.assertEqual(len(codes), 1, codes)
                    found = self.service.send("GET", codes[0][codes[0].index("/verify?"):])
                    self.assertEqual(found.status, 200)
                    self.assertIn(receipt["number"], found.text)

    def test_what_is_refused(self):
        receipt = receipt_of(self.notice, "phi")
        wrong = self.service.send("GET", f"/receipt/{receipt['code']}/pdf?paper=letter")
        self.assertEqual((wrong.status, wrong.code, wrong.json["errors"][0]["pointer"]), (422, "validation_failed", "#query/paper"), wrong)
        for code in ("222222222222", "nothing"):
            nobody = self.service.send("GET", f"/receipt/{code}/pdf")
            self.assertEqual((nobody.status, nobody.code), (404, "receipt_not_found"), code)


if __name__ == "__main__":
    unittest.main()
