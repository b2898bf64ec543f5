"""Orders for banks against schemas: the standard's own pain.001.001.09, as a Debian package brings it, and our subset of it.

payout_schema.py CHO40 SOURCE_TREE. Exit 77, skipped, where the package is not installed and the subset has been checked."""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import zipfile

CHO40, TREE = sys.argv[1], pathlib.Path(sys.argv[2])
DATA = TREE / "tests/data/payouts"
ISO_JAR = pathlib.Path("/usr/share/java/hbci4j-core.jar")  # libhbci4j-core-java
WORK = tempfile.TemporaryDirectory()


def write(order):
    done = subprocess.run([CHO40, "payout", "write", "-"], input=json.dumps(order).encode(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def faults(schema, xml):
    path = pathlib.Path(WORK.name) / "order.xml"
    path.write_text(xml, encoding="utf-8")
    done = subprocess.run(["xmllint", "--nonet", "--noout", "--schema", str(schema), str(path)], capture_output=True, check=False)
    assert done.returncode in (0, 3), done.stderr.decode()  # 3: it does not validate
    return "" if done.returncode == 0 else done.stderr.decode()


def swap(xml, first, second):
    """The element `first` and the one after it, `second`, the other way round."""
    changed = re.sub(rf"(<{first}>.*?</{first}>)(\s*)(<{second}>.*?</{second}>)", r"\3\2\1", xml, count=1, flags=re.DOTALL)
    assert changed != xml
    return changed


def change(xml, before, after):
    assert before in xml, before
    return xml.replace(before, after, 1)


# What must be refused, and whether the standard's schema sees it too.
SPOILED = {
    "a message id of 36": (lambda x: re.sub("<MsgId>.*?<", "<MsgId>" + "A" * 36 + "<", x, count=1), True),
    "an end-to-end id of 36": (lambda x: re.sub("<EndToEndId>.*?<", "<EndToEndId>" + "A" * 36 + "<", x, count=1), True),
    "an empty id": (lambda x: re.sub("<EndToEndId>.*?<", "<EndToEndId><", x, count=1), True),
    "a wrong order in the header": (lambda x: swap(x, "NbOfTxs", "CtrlSum"), True),
    "a wrong order in a transfer": (lambda x: swap(x, "Cdtr", "CdtrAcct"), True),
    "no amount": (lambda x: re.sub(r"<InstdAmt.*?</InstdAmt>", "", x, count=1), True),
    "no currency": (lambda x: change(x, ' Ccy="VND"', ""), True),
    "a count that is no number": (lambda x: re.sub("<NbOfTxs>.*?<", "<NbOfTxs>three<", x, count=1), True),
    "a day that is none": (lambda x: re.sub("<Dt>.*?<", "<Dt>2026-02-30<", x, count=1), True),
    "another bearer of charges": (lambda x: change(x, ">DEBT<", ">NONE<"), True),
    "a BIC of nine": (lambda x: re.sub("<BICFI>.*?<", "<BICFI>BFTVVNVX1<", x, count=1), True),
    "a remittance of 141": (lambda x: re.sub("<Ustrd>.*?<", "<Ustrd>" + "A" * 141 + "<", x, count=1), True),
    "no batch": (lambda x: re.sub("<PmtInf>.*</PmtInf>", "", x, flags=re.DOTALL), True),
    "no transfer": (lambda x: re.sub("<CdtTrfTxInf>.*</CdtTrfTxInf>", "", x, flags=re.DOTALL), True),
    "another version": (lambda x: change(x, "pain.001.001.09", "pain.001.001.08"), True),
    "no control sum": (lambda x: re.sub(r"<CtrlSum>.*?</CtrlSum>", "", x, count=1), False),
    "a fraction of a dong": (lambda x: change(x, "</InstdAmt>", ".50</InstdAmt>"), False),
    "another currency": (lambda x: change(x, '"VND"', '"USD"'), False),
    "an accent": (lambda x: change(x, "Ban quan ly", "Ban quản lý"), False),
    "an ampersand": (lambda x: change(x, "Ban quan ly", "Ban &amp; quan ly"), False),
}


class Schemas(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.schemas = {"subset": DATA / "pain.001.001.09.subset.xsd"}
        if ISO_JAR.exists():
            with zipfile.ZipFile(ISO_JAR) as jar:
                cls.schemas["standard"] = pathlib.Path(jar.extract("pain.001.001.09.xsd", WORK.name))
        cls.order = json.loads((DATA / "market-week.json").read_text(encoding="utf-8"))

    def test_what_we_write_is_valid(self):
        longest = json.loads(json.dumps(self.order))
        longest["id"] = "I" * 35
        longest["charges"] = "shared"
        longest["debtor"]["name"] = "Đ" * 70
        longest["debtor"]["bank"] = {"bic": "BFTVVNVXXXX"}
        for transfer in longest["transfers"]:
            transfer["end_to_end_id"] = (transfer["end_to_end_id"] + "E" * 35)[:35]
            transfer["remittance"] = "ỗ" * 140
            transfer["creditor"]["account"] = "9" * 34
        longest["transfers"] = longest["transfers"][:1]
        longest["transfers"][0]["amount_vnd"] = 999_999_999_999_999_999
        for name, schema in self.schemas.items():
            self.assertEqual(faults(schema, write(self.order)), "", name)
            self.assertEqual(faults(schema, write(longest)), "", name)

    def test_what_is_spoiled_is_not(self):
        xml = write(self.order)
        for what, (spoil, seen_by_the_standard) in SPOILED.items():
            spoiled = spoil(xml)
            self.assertNotEqual(spoiled, xml, what)
            self.assertNotEqual(faults(self.schemas["subset"], spoiled), "", what)
            if "standard" in self.schemas:
                self.assertEqual(faults(self.schemas["standard"], spoiled) != "", seen_by_the_standard, what)


if __name__ == "__main__":
    ended = unittest.main(argv=sys.argv[:1], exit=False).result
    if not ended.wasSuccessful():
        sys.exit(1)
    if not ISO_JAR.exists():
        print(f"the standard's schema was not there: {ISO_JAR}")
        sys.exit(77)
