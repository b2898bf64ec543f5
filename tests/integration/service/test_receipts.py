"""Receipts as people and offices hold them: on paper, as signed files."""
import base64
import hashlib
import pathlib
import subprocess
import tempfile
import unittest
import uuid

import pictures
import shared
from service import APPLICANT_NAME, Agency, Database, Service, reference

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


class Certificate:
    """A key with a certificate of its own, for one test."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory()
        folder = pathlib.Path(self._folder.name)
        self.key, self.certificate = str(folder / "key.pem"), str(folder / "certificate.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-noenc", "-keyout", self.key, "-out", self.certificate, "-days", "2",
                        "-subj", "/C=VN/CN=Trung tam thu phi (TEST ONLY)/UID=MST:5700100000"], check=True, capture_output=True)

    def settings(self):
        return {"CHO40_ETAX_SIGNING_KEY": self.key, "CHO40_ETAX_CERTIFICATE": self.certificate}

    def accepts(self, xml, part):
        """Whether the xmlsec1 tool, which shares no code with the service, accepts the signature over `part`."""
        path = pathlib.Path(self._folder.name) / "document.xml"
        path.write_bytes(xml)
        return subprocess.run(["xmlsec1", "--verify", "--trusted-pem", self.certificate, "--id-attr:id", part, str(path)], check=False,
                              capture_output=True).returncode == 0

    def close(self):
        self._folder.cleanup()


def digest_header(content):
    return "sha-256=:" + base64.b64encode(hashlib.sha256(content).digest()).decode() + ":"


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


class Signed(unittest.TestCase):
    PART = "urn:cho40:bien-lai:1:BLai"

    def test_each_receipt_is_signed_once_and_for_ever(self):
        database = Database()
        self.addCleanup(database.drop)
        certificate = Certificate()
        self.addCleanup(certificate.close)
        service = Service(shared.programs(), database, **certificate.settings())
        self.addCleanup(service.stop)
        notice = paid_notice(Agency(service))
        first = {}
        for kind in ("phi", "le_phi"):
            receipt = receipt_of(notice, kind)
            path = f"/receipt/{receipt['code']}/xml"
            self.assertIn(path, service.send("GET", f"/receipt/{receipt['code']}").text)
            answer = service.send("GET", path)
            self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, "application/xml; charset=utf-8"), answer)
            self.assertEqual(answer.headers["Repr-Digest"], digest_header(answer.bytes))
            self.assertTrue(certificate.accepts(answer.bytes, self.PART))
            amount = str(receipt["amount"]["amount"]).encode()
            forged = answer.bytes.replace(b"<TgTien>" + amount, b"<TgTien>9" + amount)
            self.assertNotEqual(forged, answer.bytes)
            self.assertFalse(certificate.accepts(forged, self.PART))
            first[path] = answer.bytes
            text = pictures.text_in_pdf(service.send("GET", f"/receipt/{receipt['code']}/pdf").bytes)
            self.assertIn("Trung tam thu phi (TEST ONLY)", text)
        self.assertEqual(len(set(first.values())), 2)

        # Another one is signed without anybody asking for it, and all stay as they were whoever signs today.
        later = paid_notice(Agency(service))
        database.wait_until("NOT EXISTS (SELECT FROM receipt WHERE NOT is_signed)")
        kept = {r["code"]: service.send("GET", f"/receipt/{r['code']}/xml").bytes for r in later["receipts"]}
        service.stop()
        other = Certificate()
        self.addCleanup(other.close)
        again = Service(shared.programs(), database, **other.settings())
        self.addCleanup(again.stop)
        for path, content in first.items():
            self.assertEqual(again.send("GET", path).bytes, content)
        for code, content in kept.items():
            self.assertEqual(again.send("GET", f"/receipt/{code}/xml").bytes, content)
            self.assertTrue(certificate.accepts(content, self.PART))

    def test_without_a_certificate(self):
        agency = Agency(shared.service())
        receipt = receipt_of(paid_notice(agency), "phi")
        answer = shared.service().send("GET", f"/receipt/{receipt['code']}/xml")
        self.assertEqual((answer.status, answer.code), (503, "unavailable"), answer)
        self.assertNotIn("/xml", shared.service().send("GET", f"/receipt/{receipt['code']}").text)
        self.assertEqual(shared.service().send("GET", "/receipt/222222222222/xml").code, "receipt_not_found")


if __name__ == "__main__":
    unittest.main()
