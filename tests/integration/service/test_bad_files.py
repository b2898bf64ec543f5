"""Reconciliation files that are wrong, contradict themselves or each other."""
import gzip
import hashlib
import unittest

import day_files
import shared
from refusals import Refusals, metric_of_api, metric_of_malformed, uuid_of
from service import day_from_today


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

    def test_entries_of_another_currency_are_said(self):
        """The file is taken, the entries are breaks, and the same entry in two files stops no run."""
        account, market, before = self.market.account, self.market, day_from_today(-1)
        for day, opening in ((before, 1000), (self.day, 46000)):
            body = day_files.statement(account, day, [45000, 7], opening=opening, closing=opening + 45000)
            body = body.replace(b"Ccy=\"VND\">7<", b"Ccy=\"USD\">7<").replace(b">FT1<", b">FT1-" + day.encode() + b"<").replace(b">FT2<", b">FOREIGN<")
            taken = market.send_file("bank", self.bank, day, body)
            self.assertEqual((taken.status, taken.json["sum"]["amount"]), (201, 45000), taken)
            error, = taken.json["errors"]
            self.assertEqual(error["code"], "currency_not_vnd")
            self.assertIn("1 entry is in USD", error["detail"])
            run = market.must("POST", "/v1/recon/runs", {"date": day, "partner": self.bank})
            self.assertEqual("CURRENCY_MISMATCH" in [row["class"] for row in run["breaks"]], day == before, "it is the first file's")

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
            self.refused(lambda: m.announce("POST", path, 49 << 20), 413, "body_too_large", metric_of_malformed("body_too_large"))

    def test_packed_files(self):
        """A packed file is the file: known by its own bytes, and unpacked no further than a day can be large."""
        m, source, day = self.market, self.market_partner("provider"), day_from_today(-4)
        good = day_files.provider_csv(day, [45000, 46000])
        taken = m.send_file("provider", source, day, gzip.compress(good), Content_Encoding="gzip")
        self.assertEqual((taken.status, taken.json["lines"], taken.json["bytes"]), (201, 2, len(good)), taken)
        self.assertEqual(taken.json["sha256"], hashlib.sha256(good).hexdigest())
        for body, coding in ((good, None), (gzip.compress(good, 1), "gzip"), (good, "identity")):
            before = self.service.database.counts()
            again = m.send_file("provider", source, day, body, Content_Encoding=coding)
            self.assertEqual((again.status, again.json["result"], again.json["id"]), (200, "duplicate_file", taken.json["id"]), again)
            self.assertEqual(self.service.database.counts(), before)
        bomb, head = gzip.compress(bytes(193 << 20), 9), b"\x1f\x8b\x08\0\0\0\0\0\n"
        cases = {
            "a bomb": (bomb, "gzip", 413, "body_too_large"),
            "not packed": (good, "gzip", 422, "invalid_input"),
            "cut": (gzip.compress(good)[:-9], "gzip", 422, "invalid_input"),
            "something behind it": (gzip.compress(good) + b"x", "gzip", 422, "invalid_input"),
            "packed twice": (gzip.compress(head), "gzip", 415, "unsupported_media_type"),
            "packed and not said": (head, None, 415, "unsupported_media_type"),
            "a zip": (b"PK\x03\x04" + good, None, 415, "unsupported_media_type"),
            "a coding nobody knows": (good, "br", 415, "unsupported_media_type"),
        }
        for name, (body, coding, status, code) in cases.items():
            metric = metric_of_api(status, "recon_files.create")
            with self.subTest(name):
                self.refused(lambda body=body, coding=coding: m.send_file("provider", source, day, body, Content_Encoding=coding), status, code, metric)

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


def metric_of_file(side, result):
    return f'cho40_recon_files_total{{result="{result}",side="{side}"}}'


if __name__ == "__main__":
    unittest.main()
