"""Closing a day of reconciliation: what keeps it open, two people, versions that are never rewritten, and the way from a figure to the line."""
import concurrent.futures
import csv
import hashlib
import io
import unittest
import uuid

import day_files
import shared
from service import Browser, day_from_today
from test_denials import login_of


class Days(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = shared.service()
        cls.mai, cls.lan = (Browser(cls.service, cls.service.make_user(login_of(name), "operator")) for name in ("mai", "lan"))

    def setUp(self):
        self.market = shared.market()
        self.partner = self.market.partner("provider")
        self.day = day_from_today(-1)
        self.mark = "D" + uuid.uuid4().hex[:6]

    def send(self, body, revision=1):
        kept, self.market.key = self.market.key, self.service.make_key("recon:read", "recon:write")
        answer = self.market.send_file("provider", self.partner, self.day, body, revision)
        self.market.key = kept
        self.assertLess(answer.status, 300, answer)
        return answer.json

    def file(self, amounts, revision=1):
        return self.send(day_files.provider_csv(self.day, amounts, mark=self.mark), revision)

    def run_day(self):
        answer = self.mai.call("POST", "/v1/recon/runs", {"date": self.day, "partner": self.partner})
        self.assertEqual(answer.status, 201, answer)
        return answer.json

    def prepare(self, who=None, **more):
        return (who or self.mai).call("POST", f"/v1/recon/days/{self.day}/closings", {"partner": self.partner, **more})

    def prepared(self, who=None):
        answer = self.prepare(who)
        self.assertEqual(answer.status, 201, answer)
        return answer.json

    def sign(self, who, closing, sha256=None):
        return who.call("POST", f"/v1/recon/closings/{closing['id']}/signature", {"sha256": sha256 or closing["sha256"]})

    def reject(self, who, closing, reason="chưa đủ sao kê"):
        return who.call("POST", f"/v1/recon/closings/{closing['id']}/rejection", {"reason": reason})

    def signed(self):
        answer = self.sign(self.lan, self.prepared())
        self.assertEqual(answer.status, 200, answer)
        return answer.json

    def read(self, closing, format="json"):
        answer = self.mai.call("GET", f"/v1/recon/closings/{closing['id']}?format={format}")
        self.assertEqual(answer.status, 200, answer)
        return answer

    def partner_day(self):
        return self.mai.call("GET", f"/v1/recon/days/{self.day}?partner={self.partner}").json

    def breaks(self, **query):
        asked = "&".join(f"{name}={value}" for name, value in {"partner": self.partner, **query}.items())
        return self.mai.call("GET", "/v1/recon/breaks?" + asked).json["data"]

    def refused(self, answer, status, code):
        self.assertEqual((answer.status, answer.code), (status, code), answer)
        return answer.json


class Closing(Days):
    def test_prepared_by_one_and_signed_by_another(self):
        stored = self.file([45000, 46000])
        run = self.run_day()
        day = self.partner_day()
        self.assertEqual((day["state"], day["partners"][0]["name"]), ("open", "payos"))
        closing = self.prepared()
        self.assertEqual((closing["state"]["name"], closing["number"], closing["run"], closing["adjustments"]), ("prepared", 1, run["id"], []))
        self.assertEqual(closing["figures"]["provider"], {"count": 2, "sum": {"amount": 91000, "currency": "VND"}})
        self.assertEqual([(one["id"], one["sha256"]) for one in closing["files"]], [(stored["id"], stored["sha256"])])
        self.assertEqual([(one["class"], one["count"], one["open"]) for one in closing["classes"]], [("MISSING_INTERNAL", 2, 2)])
        self.assertEqual(self.partner_day()["state"], "closing")
        self.refused(self.sign(self.mai, closing), 403, "maker_cannot_check")
        self.refused(self.reject(self.mai, closing), 403, "maker_cannot_check")
        done = self.sign(self.lan, closing).json
        self.assertEqual((done["state"]["name"], done["sha256"]), ("signed", closing["sha256"]))
        self.assertNotEqual(done["prepared_by"]["id"], done["decided_by"]["id"])
        day = self.partner_day()
        self.assertEqual((day["state"], day["partners"][0]["changes"], len(day["partners"][0]["closings"])), ("closed", [], 1))
        self.refused(self.sign(self.lan, closing), 409, "invalid_state")
        self.refused(self.reject(self.lan, closing), 409, "invalid_state")
        self.refused(self.prepare(), 409, "invalid_state")  # nothing has changed

    def test_what_is_signed_can_be_checked_by_anybody(self):
        self.file([45000])
        self.run_day()
        closing = self.signed()
        words = dict(line.split(" ", 1) for line in closing["signature"]["text"].splitlines()[1:])
        self.assertEqual((words["sheet"], words["closing"], words["prepared"], words["signed"]),
                         (closing["sha256"], closing["id"], closing["prepared_by"]["id"], closing["decided_by"]["id"]))
        key = self.service.send("GET", "/.well-known/cho40-ledger-key").json
        self.assertEqual(closing["signature"]["key_id"], key["key_id"])
        self.check_signature(key["pem"], closing["signature"])

    def check_signature(self, pem, signature):
        import pathlib
        import subprocess
        import tempfile
        with tempfile.TemporaryDirectory() as folder:
            at = pathlib.Path(folder)
            (at / "key").write_text(pem)
            (at / "text").write_text(signature["text"])
            (at / "signature").write_bytes(bytes.fromhex(signature["signature"]))
            check = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", at / "key", "-rawin", "-in", at / "text", "-sigfile", at / "signature"]
            self.assertEqual(subprocess.run(check, capture_output=True, check=False).returncode, 0)
            (at / "text").write_text(signature["text"].replace("signed usr_", "signed usr_0"))
            self.assertNotEqual(subprocess.run(check, capture_output=True, check=False).returncode, 0)

    def test_the_file_is_what_was_frozen(self):
        self.file([45000, 46000])
        self.run_day()
        closing = self.signed()
        answer = self.read(closing, "csv")
        table = answer.bytes
        cut = table.rindex(b"total,")
        self.assertEqual(hashlib.sha256(table[:cut]).hexdigest(), closing["sha256"])
        self.assertEqual(answer.headers["Table-Sha256"], closing["sha256"])
        rows = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))
        total = rows[-1]
        self.assertEqual((total["row"], int(total["count"]), int(total["sum"]), total["sha256"]),
                         ("total", closing["count"], closing["sum"]["amount"], closing["sha256"]))
        self.assertEqual([row["id"] for row in rows if row["row"] == "break"], [one["id"] for one in closing["breaks"]])
        self.file([45000, 46000, 47000], revision=2)
        self.run_day()
        self.assertEqual(self.read(closing, "csv").bytes, table, "later files change nothing of it")
        paper = self.read(closing, "pdf")
        self.assertEqual((paper.bytes[:5], paper.headers["Content-Type"], paper.headers["Table-Sha256"]), (b"%PDF-", "application/pdf", closing["sha256"]))
        self.refused(self.mai.call("GET", f"/v1/recon/closings/{closing['id']}?format=docx"), 422, "unknown_value")

    def test_from_a_figure_to_the_line(self):
        stored = self.file([45000, 46000])
        self.run_day()
        closing = self.signed()
        content = self.mai.call("GET", closing["files"][0]["content"])
        self.assertEqual(hashlib.sha256(content.bytes).hexdigest(), stored["sha256"])
        self.assertEqual(content.headers["Content-Sha256"], stored["sha256"])
        found = self.mai.call("GET", closing["classes"][0]["lines"]).json["data"]
        self.assertEqual({one["id"] for one in found}, {one["id"] for one in closing["breaks"]})
        file, _, line = found[0]["records"][0]["id"].rpartition(":")
        self.assertEqual(file, stored["id"])
        self.assertIn(f",{line},{self.day},", content.text.splitlines()[int(line)])
        self.assertEqual(self.mai.call("GET", closing["links"]["matches"]).json["data"], [])
        self.assertEqual(self.mai.call("GET", "/v1/recon/runs/job_" + "0" * 26 + "/matches").status, 404)
        self.assertEqual(self.mai.call("GET", "/v1/recon/files/stm_" + "0" * 26 + "/content").status, 404)

    def test_a_rejected_one_stays_and_the_next_has_its_own_number(self):
        self.file([45000])
        self.run_day()
        first = self.prepared()
        self.refused(self.prepare(self.lan), 409, "invalid_state")  # one at a time
        done = self.reject(self.lan, first).json
        self.assertEqual((done["state"]["name"], done["state"]["reason"]["text"], done["signature"]), ("rejected", "chưa đủ sao kê", None))
        second = self.prepared(self.lan)
        self.assertEqual((second["number"], second["continues_sha256"]), (2, None))
        self.assertEqual(self.sign(self.mai, second).status, 200)
        self.assertEqual([one["state"]["name"] for one in self.partner_day()["partners"][0]["closings"]], ["rejected", "signed"])
        self.assertEqual(self.read(first).json["state"]["name"], "rejected")

    def test_whoever_signs_says_what_they_saw(self):
        self.file([45000])
        self.run_day()
        closing = self.prepared()
        self.refused(self.sign(self.lan, closing, "0" * 64), 412, "version_mismatch")
        self.assertEqual(self.read(closing).json["state"]["name"], "prepared")

    def test_a_key_never_signs_and_its_owner_is_the_maker(self):
        self.file([45000])
        self.run_day()
        login = login_of("maker")
        owner = Browser(self.service, self.service.make_user(login, "operator"))
        self.market.key = self.service.make_key("recon:read", "recon:write", owner=login)
        answer = self.market.call("POST", f"/v1/recon/days/{self.day}/closings", {"partner": self.partner})
        self.assertEqual(answer.status, 201, answer)
        self.assertTrue(answer.json["prepared_by"]["id"].startswith("key_"))
        self.refused(self.market.call("POST", f"/v1/recon/closings/{answer.json['id']}/signature", {"sha256": answer.json["sha256"]}), 403, "forbidden")
        self.refused(self.sign(owner, answer.json), 403, "maker_cannot_check")
        self.assertEqual(self.sign(self.lan, answer.json).status, 200)

    def test_the_markets_board_signs_for_its_own_book_only(self):
        self.file([45000])
        self.run_day()
        closing = self.prepared()
        other = Browser(self.service, self.service.make_user(login_of("other"), "market_board:" + shared.market().market))
        board = Browser(self.service, self.service.make_user(login_of("board"), "market_board:" + self.market.market))
        self.refused(self.sign(other, closing), 404, "not_found")
        self.refused(other.call("GET", "/v1/recon/closings/" + closing["id"]), 404, "not_found")
        self.assertEqual(self.sign(board, closing).status, 200)

    def test_the_same_request_again_prepares_once(self):
        self.file([45000])
        self.run_day()
        key = str(uuid.uuid4())
        first, again = (self.mai.call("POST", f"/v1/recon/days/{self.day}/closings", {"partner": self.partner}, Idempotency_Key=key) for _ in range(2))
        self.assertEqual((first.status, again.status, first.bytes), (201, 201, again.bytes))
        self.assertEqual(again.headers["Idempotent-Replayed"], "true")


    def test_at_once_one_wins(self):
        self.file([45000])
        self.run_day()
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            prepared = list(pool.map(lambda n: self.prepare([self.mai, self.lan][n % 2]), range(8)))
            made = [answer.json for answer in prepared if answer.status == 201]
            self.assertEqual((len(made), {answer.code for answer in prepared if answer.status != 201}), (1, {"invalid_state"}))
            signer = self.lan if made[0]["prepared_by"]["id"] == self.mai.call("GET", "/v1/me").json["id"] else self.mai
            decided = list(pool.map(lambda n: [self.sign, self.reject][n % 2](signer, made[0]), range(8)))
        self.assertEqual(sorted(answer.status for answer in decided), [200] + [409] * 7, decided)
        self.assertEqual(len(self.partner_day()["partners"][0]["closings"]), 1)


class Refused(Days):
    def test_what_blocks_is_listed(self):
        self.file([45000])
        self.send(day_files.provider_csv(self.day, [45001], mark=self.mark))  # other bytes, no higher revision
        self.refused(self.prepare(), 409, "invalid_state")  # nobody compared
        self.run_day()
        conflict, = self.breaks(**{"class": "FILE_CONFLICT"})
        answer = self.refused(self.prepare(), 409, "invalid_state")
        self.assertEqual([one["pointer"] for one in answer["errors"]], [conflict["id"]])
        english = self.mai.call("POST", f"/v1/recon/days/{self.day}/closings", {"partner": self.partner}, Accept_Language="en")
        self.assertIn("FILE_CONFLICT is open", english.json["errors"][0]["detail"])
        proposed = self.mai.call("POST", f"/v1/recon/breaks/{conflict['id']}/actions",
                                 {"verb": "propose", "resolution": self.a_way(conflict), "reason": "đối tác xác nhận",
                                  "evidence": {"name": "cv.pdf", "sha256": "a" * 64}}, If_Match=f'"{conflict["version"]}"')
        self.assertEqual(proposed.status, 200, proposed)
        self.refused(self.prepare(), 409, "invalid_state")  # proposed is still open
        approved = self.lan.call("POST", f"/v1/recon/breaks/{conflict['id']}/actions", {"verb": "approve"}, If_Match=f'"{proposed.json["version"]}"')
        self.assertEqual(approved.status, 200, approved)
        closing = self.prepared()
        self.assertEqual([one["ended"] for one in closing["breaks"] if one["class"] == "FILE_CONFLICT"], ["resolved"])
        again = self.mai.call("POST", f"/v1/recon/breaks/{conflict['id']}/actions", {"verb": "reopen", "reason": "nhầm tệp"}, If_Match=f'"{approved.json["version"]}"')
        self.assertEqual(again.status, 200, again)
        self.refused(self.sign(self.lan, closing), 409, "invalid_state")

    def a_way(self, found):
        return self.mai.call("GET", "/v1/recon/breaks/" + found["id"]).json["resolutions"][0]["resolution"]

    def test_a_day_that_is_not_over(self):
        self.day = day_from_today(0)
        self.file([45000])
        self.run_day()
        self.refused(self.prepare(), 409, "invalid_state")

    def test_what_came_in_is_compared_first(self):
        self.refused(self.prepare(), 409, "invalid_state")
        self.file([45000])
        self.run_day()
        self.file([45000, 46000], revision=2)
        self.refused(self.prepare(), 409, "invalid_state")
        self.run_day()
        closing = self.prepared()
        self.file([45000, 46000, 47000], revision=3)
        self.refused(self.sign(self.lan, closing), 409, "invalid_state")
        self.run_day()
        answer = self.refused(self.sign(self.lan, closing), 409, "invalid_state")
        self.assertIn("lập bản khác", answer["detail"])
        self.assertEqual(self.reject(self.lan, closing).status, 200)
        self.assertEqual(self.sign(self.lan, self.prepared()).status, 200)

    def test_wrong_requests(self):
        for body, status, code in (({}, 422, "validation_failed"), ({"partner": "rla_" + "0" * 26}, 404, "not_found"),
                                   ({"partner": self.partner, "x": 1}, 422, "unknown_field")):
            with self.subTest(body):
                self.refused(self.mai.call("POST", f"/v1/recon/days/{self.day}/closings", body), status, code)
        self.refused(self.mai.call("POST", "/v1/recon/days/2026-02-30/closings", {"partner": self.partner}), 422, "invalid_date")
        for path, body in (("signature", {"sha256": "0" * 64}), ("rejection", {"reason": "không đúng"})):
            self.refused(self.mai.call("POST", "/v1/recon/closings/dcl_" + "0" * 26 + "/" + path, body), 404, "not_found")
        self.refused(self.mai.call("GET", "/v1/recon/closings/dcl_" + "0" * 26), 404, "not_found")


class LateFacts(Days):
    def test_are_the_next_versions_adjustments(self):
        first_file = self.file([45000, 46000])
        self.run_day()
        first = self.signed()
        second_file = self.file([45000, 46000, 47000], revision=2)
        self.run_day()
        expected = {("provider", None): (1, 47000), ("file_added", second_file["id"]): (3, 138000), ("file_withdrawn", first_file["id"]): (-2, -91000)}
        new, = (one["id"] for one in self.breaks() if one["at_stake"]["amount"] == 47000)
        expected["break_opened", new] = (1, 47000)
        day = self.partner_day()
        changes = lambda list: {(one["kind"], one["subject"]): (one["count"], one["sum"]["amount"]) for one in list}
        self.assertEqual((day["state"], changes(day["partners"][0]["changes"])), ("closed", expected))
        second = self.prepared()
        self.assertEqual((second["number"], second["continues_sha256"], changes(second["adjustments"])), (2, first["sha256"], expected))
        self.assertEqual(self.partner_day()["state"], "closing")
        self.assertEqual(self.sign(self.lan, second).status, 200)
        again = self.read(first).json
        self.assertEqual(again, {**first, "adjustments": []})
        self.assertEqual(self.partner_day()["partners"][0]["changes"], [])

    def test_work_on_breaks_is_none_until_they_end(self):
        self.file([45000])
        self.run_day()
        self.signed()
        found, = self.breaks()
        assigned = self.mai.call("POST", f"/v1/recon/breaks/{found['id']}/actions", {"verb": "assign"}, If_Match=f'"{found["version"]}"').json
        self.assertEqual(self.partner_day()["partners"][0]["changes"], [])
        self.refused(self.prepare(), 409, "invalid_state")
        proposed = self.mai.call("POST", f"/v1/recon/breaks/{found['id']}/actions",
                                 {"verb": "propose", "resolution": "refunded", "reason": "đã hoàn", "evidence": {"name": "cv.pdf", "sha256": "a" * 64}},
                                 If_Match=f'"{assigned["version"]}"').json
        approved = self.lan.call("POST", f"/v1/recon/breaks/{found['id']}/actions", {"verb": "approve"}, If_Match=f'"{proposed["version"]}"')
        self.assertEqual(approved.status, 200, approved)
        change, = self.partner_day()["partners"][0]["changes"]
        self.assertEqual((change["kind"], change["subject"], change["count"], change["sum"]["amount"]), ("break_ended", found["id"], -1, -45000))
        self.assertEqual(self.signed()["number"], 2)

    def test_nothing_that_is_kept_is_changed(self):
        self.file([45000])
        self.run_day()
        self.signed()
        sql = lambda: self.service.database.rows(f"SELECT c.number, encode(sha256(c.sheet), 'hex'), d.decided_at FROM recon_closing c "
                                                 f"JOIN recon_closing_decision d USING (book_id, closing_id) WHERE c.business_date = '{self.day}' ORDER BY 1, 2")
        before = sql()
        self.file([45000, 46000], revision=2)
        self.run_day()
        self.signed()
        self.assertLess(set(before), set(sql()))


if __name__ == "__main__":
    unittest.main()
