"""What people do with what does not agree: two people, limits, history, many at once, and what later files say."""
import csv
import hashlib
import io
import unittest
import uuid

import day_files
import shared
from service import Browser, day_from_today
from test_denials import login_of

EVIDENCE = {"name": "cong-van-12.pdf", "sha256": hashlib.sha256(b"paper").hexdigest()}


class Breaks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = shared.service()
        cls.mai, cls.lan = (Browser(cls.service, cls.service.make_user(login_of(name), "operator")) for name in ("mai", "lan"))

    def setUp(self):
        self.market = shared.market()
        self.partner = self.market.partner("provider")
        self.day = day_from_today(0)

    def run_day(self, amounts, revision=1):
        """A provider's file with payments that nobody here knows: one MISSING_INTERNAL each."""
        kept = self.market.key
        self.market.key = self.service.make_key("recon:read", "recon:write")
        mark = uuid.uuid4().hex[:6]
        if amounts is not None:
            stored = self.market.send_file("provider", self.partner, self.day, day_files.provider_csv(self.day, amounts, mark=getattr(self, "mark", mark)), revision)
            self.assertLess(stored.status, 300, stored)
        run = self.market.must("POST", "/v1/recon/runs", {"date": self.day, "partner": self.partner})
        self.market.key = kept
        return run

    def breaks(self, who=None, **query):
        asked = "&".join(f"{name}={value}" for name, value in {"partner": self.partner, **query}.items())
        answer = (who or self.mai).call("GET", "/v1/recon/breaks?" + asked)
        self.assertEqual(answer.status, 200, answer)
        return answer.json["data"]

    def story(self, found):
        return self.mai.call("GET", "/v1/recon/breaks/" + found["id"]).json

    def act(self, who, found, verb, version=None, **more):
        version = found["version"] if version is None else version
        return who.call("POST", f"/v1/recon/breaks/{found['id']}/actions", {"verb": verb, **more}, If_Match=f'"{version}"')

    def must(self, who, found, verb, **more):
        answer = self.act(who, found, verb, **more)
        self.assertEqual(answer.status, 200, answer)
        return answer.json

    def propose(self, who, found):
        return self.must(who, found, "propose", resolution="created_from_evidence", reason="theo sao kê", evidence=EVIDENCE)


class OneBreak(Breaks):
    def test_from_open_to_resolved_by_two(self):
        self.run_day([45000])
        found, = self.breaks()
        self.assertEqual((found["class"], found["state"]["name"], found["at_stake"]["amount"]), ("MISSING_INTERNAL", "open", 45000))
        found = self.must(self.mai, found, "assign")
        self.assertEqual((found["state"]["name"], found["assignee"]["name"]), ("assigned", "Người thử"))
        self.assertEqual([one["id"] for one in self.breaks(assignee="me")], [found["id"]])
        self.assertEqual(self.breaks(self.lan, assignee="me"), [])
        found = self.must(self.mai, found, "investigate")
        found = self.must(self.mai, found, "comment", reason="đã gọi đối tác")
        found = self.must(self.mai, found, "name_cause", cause="notice_lost")
        found = self.propose(self.mai, found)
        self.assertEqual((found["state"]["name"], found["proposal"]["resolution"]), ("proposed", "created_from_evidence"))
        answer = self.act(self.mai, found, "approve")
        self.assertEqual((answer.status, answer.code), (403, "maker_cannot_check"))
        found = self.must(self.lan, found, "approve")
        self.assertEqual((found["state"]["name"], found["state"]["finished"]), ("resolved", True))
        story = self.story(found)
        self.assertEqual([(act["number"], act["verb"], act["from"], act["to"]) for act in story["acts"]],
                         [(1, "assign", "open", "assigned"), (2, "investigate", "assigned", "investigating"),
                          (3, "comment", "investigating", "investigating"), (4, "name_cause", "investigating", "investigating"),
                          (5, "propose", "investigating", "proposed"), (6, "approve", "proposed", "resolved")])
        self.assertEqual(story["acts"][4]["evidence"], EVIDENCE)
        self.assertNotEqual(story["acts"][4]["by"]["id"], story["acts"][5]["by"]["id"])
        self.assertIn("created_from_evidence", [way["resolution"] for way in story["resolutions"]])

    def test_a_run_with_the_same_files_leaves_it_resolved(self):
        self.mark = "S" + uuid.uuid4().hex[:6]
        self.run_day([45000])
        found, = self.breaks()
        found = self.must(self.lan, self.propose(self.mai, found), "approve")
        self.run_day(None)
        again, = self.breaks()
        self.assertEqual((again["state"]["name"], again["version"]), ("resolved", found["version"]))

    def test_later_data_closes_it_and_opens_it_again(self):
        self.mark = "L" + uuid.uuid4().hex[:6]
        self.run_day([45000, 46000])
        kept = next(one for one in self.breaks() if one["at_stake"]["amount"] == 46000)
        self.propose(self.mai, kept)
        self.run_day([45000], revision=2)  # the second payment never was
        closed = next(one for one in self.breaks() if one["id"] == kept["id"])
        self.assertEqual((closed["state"]["name"], closed["proposal"]), ("auto_resolved", None))
        self.assertEqual(self.act(self.lan, closed, "approve").code, "invalid_state")
        self.run_day([45000, 46000, 47000], revision=3)
        story = self.story(kept)
        self.assertEqual(story["state"]["name"], "reopened")
        self.assertEqual([act["verb"] for act in story["acts"]], ["propose", "closed_by_data", "found_again"])
        self.assertIsNone(story["acts"][1]["by"])
        self.assertTrue(story["acts"][1]["run"].startswith("job_"))

    def test_a_corrected_file_keeps_what_was_done_with_lines_it_leaves_alone(self):
        self.mark = "K" + uuid.uuid4().hex[:6]
        self.run_day([45000, 46000, 47000])
        first, second, third = sorted(self.breaks(), key=lambda one: one["at_stake"]["amount"])
        self.propose(self.mai, first)
        self.propose(self.mai, second)
        self.must(self.lan, self.propose(self.mai, third), "approve")
        self.run_day([45000, 46001, 47001], revision=2)
        states = {one["id"]: one["state"]["name"] for one in self.breaks()}
        self.assertEqual([states[one["id"]] for one in (first, second, third)], ["proposed", "investigating", "reopened"])
        self.assertEqual([act["verb"] for act in self.story(second)["acts"]], ["propose", "figures_changed"])

    def test_reject_undo_and_reopen(self):
        self.run_day([45000])
        found, = self.breaks()
        found = self.propose(self.mai, found)
        self.assertEqual(self.act(self.lan, found, "reject").code, "required")
        found = self.must(self.lan, found, "reject", reason="thiếu chứng từ")
        self.assertEqual((found["state"]["name"], found["proposal"]), ("investigating", None))
        found = self.propose(self.mai, found)
        self.assertEqual(self.act(self.lan, found, "undo", reason="nhầm").code, "forbidden")
        found = self.must(self.mai, found, "undo", reason="nhầm")
        self.assertEqual(found["state"]["name"], "investigating")
        found = self.must(self.lan, self.propose(self.mai, found), "approve")
        found = self.must(self.mai, found, "reopen", reason="đối tác gửi công văn mới")
        self.assertEqual(found["state"]["name"], "reopened")

    def test_two_at_once_and_old_versions(self):
        self.run_day([45000])
        found, = self.breaks()
        self.assertEqual(self.act(self.mai, found, "assign", version=found["version"] + 1).code, "version_mismatch")
        without = self.mai.call("POST", f"/v1/recon/breaks/{found['id']}/actions", {"verb": "assign"})
        self.assertEqual(without.code, "if_match_required")
        self.must(self.mai, found, "assign")
        late = self.act(self.lan, found, "assign")
        self.assertEqual((late.status, late.code), (412, "version_mismatch"))

    def test_limits_of_people(self):
        self.run_day([60_000_000])
        found = self.propose(self.mai, self.breaks()[0])
        answer = self.act(self.lan, found, "approve")
        self.assertEqual((answer.status, answer.code), (409, "limit_exceeded"))
        self.assertIn("60.000.000", answer.json["detail"])
        lan = self.lan.call("GET", "/v1/me").json["id"]
        path, amount = f"/v1/users/{lan}/approval-limit", {"amount": {"amount": 60_000_000, "currency": "VND"}}
        self.assertEqual(self.lan.call("POST", path, amount).code, "maker_cannot_check")
        self.assertEqual(self.mai.call("POST", path, amount).status, 200)
        self.must(self.lan, found, "approve")
        self.assertEqual(self.mai.call("POST", path, {"amount": {"amount": 50_000_000, "currency": "VND"}}).status, 200)

    def test_what_an_act_must_say(self):
        self.run_day([45000])
        found, = self.breaks()
        for body, code in (({"verb": "propose", "reason": "x", "evidence": EVIDENCE}, "unknown_value"),
                           ({"verb": "propose", "resolution": "created_from_evidence", "evidence": EVIDENCE}, "required"),
                           ({"verb": "propose", "resolution": "created_from_evidence", "reason": "x"}, "required"),
                           ({"verb": "name_cause", "cause": "weather"}, "unknown_value"),
                           ({"verb": "close"}, "validation_failed"),
                           ({"verb": "comment", "reason": "x", "evidence": {"name": "x", "sha256": "ABC"}}, "validation_failed"),
                           ({"verb": "assign", "assignee": "usr_" + "0" * 26}, "not_found"),
                           ({"verb": "reopen", "reason": "x"}, "invalid_state")):
            with self.subTest(body):
                answer = self.mai.call("POST", f"/v1/recon/breaks/{found['id']}/actions", body, If_Match=f'"{found["version"]}"')
                self.assertEqual(answer.code, code, answer)
        self.assertEqual(self.story(found)["acts"], [])
        self.assertEqual(self.mai.call("GET", "/v1/recon/breaks/exc_" + "0" * 26).status, 404)

    def test_a_program_never_approves(self):
        self.run_day([45000])
        found = self.propose(self.mai, self.breaks()[0])
        self.market.key = self.service.make_key("recon:read", "recon:write")
        answer = self.market.call("POST", f"/v1/recon/breaks/{found['id']}/actions", {"verb": "approve"}, If_Match=f'"{found["version"]}"')
        self.assertEqual((answer.status, answer.code), (403, "forbidden"))


class Many(Breaks):
    def bulk(self, who, action, expected=None, **more):
        body = {"filter": {"partner": self.partner, **more.pop("filter", {})}, "action": action, **more}
        if expected:
            body["expected"] = {"count": expected["count"], "at_stake": expected["at_stake"]}
        return who.call("POST", "/v1/recon/break-actions", body)

    def test_a_filter_is_shown_then_done(self):
        self.run_day([1000, 2000, 3000])
        wish = {"verb": "propose", "resolution": "created_from_evidence", "reason": "theo sao kê", "evidence": EVIDENCE}
        shown = self.bulk(self.mai, wish).json
        self.assertEqual((shown["applied"], shown["count"], shown["at_stake"]["amount"], shown["allowed"], shown["becomes"]),
                         (False, 3, 6000, 3, [{"state": "proposed", "count": 3}]))
        self.assertEqual({one["state"]["name"] for one in self.breaks()}, {"open"})
        wrong = self.bulk(self.mai, wish, {"count": 2, "at_stake": shown["at_stake"]})
        self.assertEqual((wrong.status, wrong.code), (412, "version_mismatch"))
        done = self.bulk(self.mai, wish, shown)
        self.assertEqual((done.status, done.json["applied"]), (200, True), done)
        self.assertEqual({one["state"]["name"] for one in self.breaks()}, {"proposed"})
        refused = self.bulk(self.mai, {"verb": "approve"}, shown)
        self.assertEqual((refused.status, refused.code, refused.json["errors"][0]["code"]), (422, "validation_failed", "maker_cannot_check"))
        self.assertEqual(self.bulk(self.lan, {"verb": "approve"}, shown, filter={"state": ["proposed"]}).status, 200)
        self.assertEqual({one["state"]["name"] for one in self.breaks()}, {"resolved"})

    def test_what_is_refused_stops_all_or_is_left_out(self):
        self.run_day([1000, 2000])
        first = self.breaks()[0]
        self.propose(self.mai, first)
        shown = self.bulk(self.lan, {"verb": "assign"}).json
        self.assertEqual((shown["allowed"], shown["refused_count"], shown["refused"][0]["break"]), (1, 1, first["id"]))
        self.assertEqual(self.bulk(self.lan, {"verb": "assign"}, shown).code, "validation_failed")
        self.assertEqual(sorted(one["state"]["name"] for one in self.breaks()), ["open", "proposed"])
        self.assertEqual(self.bulk(self.lan, {"verb": "assign"}, shown, skip_refused=True).json["applied"], True)
        self.assertEqual(sorted(one["state"]["name"] for one in self.breaks()), ["assigned", "proposed"])

    def sheet(self, **changes):
        """The sheet as it is downloaded, with cells filled in by the break's amount."""
        answer = self.mai.call("GET", f"/v1/recon/break-sheet?partner={self.partner}")
        self.assertEqual(answer.headers["Content-Type"], "text/csv; charset=utf-8")
        rows = list(csv.DictReader(io.StringIO(answer.bytes.decode())))
        for row in rows:
            row.update(changes.get("a" + row["at_stake"], {}))
        out = io.StringIO()
        writer = csv.DictWriter(out, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
        return out.getvalue().encode()

    def send(self, who, sheet, apply=None):
        path = f"/v1/recon/break-sheets?partner={self.partner}" + (f"&apply={apply}" if apply else "")
        return who.call("POST", path, sheet, Content_Type="text/csv")

    def test_a_sheet_is_shown_then_done(self):
        self.run_day([1000, 2000, 3000])
        filled = {"verb": "propose", "resolution": "refunded", "reason": "=đã hoàn, \"xong\"", "evidence_name": EVIDENCE["name"], "evidence_sha256": EVIDENCE["sha256"]}
        sheet = self.sheet(a1000=filled, a3000={"verb": "assign"})
        shown = self.send(self.mai, sheet).json
        self.assertEqual((shown["count"], shown["allowed"], shown["sha256"]), (2, 2, hashlib.sha256(sheet).hexdigest()))
        self.assertEqual(self.send(self.mai, sheet + b"\n", shown["sha256"]).code, "version_mismatch")
        self.assertEqual(self.send(self.mai, sheet, shown["sha256"]).json["applied"], True)
        states = {one["at_stake"]["amount"]: one["state"]["name"] for one in self.breaks()}
        self.assertEqual(states, {1000: "proposed", 2000: "open", 3000: "assigned"})
        again = self.send(self.mai, sheet).json
        self.assertEqual((again["allowed"], [one["code"] for one in again["refused"]]), (0, ["version_mismatch"] * 2))
        reasons = [act["reason"] for one in self.breaks(state="proposed") for act in self.story(one)["acts"]]
        self.assertEqual(reasons, ["=đã hoàn, \"xong\""], "as it was written")

    def test_sheets_that_are_wrong(self):
        self.run_day([1000, 2000])
        good = self.sheet(a1000={"verb": "assign"})
        rows = good.split(b"\r\n")
        cases = {
            "nothing to do": (self.sheet(), "required"),
            "no such column": (good.replace(b"verb", b"word", 1), "invalid_csv"),
            "not UTF-8": (good.replace(b"assign,", b"\xff,"), "invalid_utf8"),
        }
        for name, (sheet, code) in cases.items():
            with self.subTest(name):
                answer = self.send(self.mai, sheet)
                self.assertEqual((answer.status, answer.code), (422, code), answer)
        first = next(row for row in rows if b",assign," in row)
        for name, sheet, code in (("no such act", good.replace(b"assign,", b"delete,"), "unknown_value"), ("twice", good + first + b"\r\n", "not_found"),
                                  ("another's break", good.replace(first[:30], b"exc_" + b"0" * 26), "not_found")):
            with self.subTest(name):
                shown = self.send(self.mai, sheet).json
                self.assertEqual([one["code"] for one in shown["refused"]], [code], shown)
                self.assertEqual(self.send(self.mai, sheet, shown["sha256"]).status, 422)
        self.assertEqual({one["state"]["name"] for one in self.breaks()}, {"open"})

    def test_the_overview_counts_what_the_list_finds(self):
        self.run_day([1000, 2000, 3000])
        self.must(self.mai, self.breaks()[0], "assign")
        overview = self.mai.call("GET", f"/v1/recon/break-overview?partner={self.partner}").json
        self.assertEqual((overview["count"], overview["at_stake"]["amount"]), (3, 6000))
        cells = {group: {cell["name"]: cell["count"] for cell in overview[group]} for group in ("by_class", "by_state", "by_age", "by_escalation", "by_cause")}
        self.assertEqual(cells, {"by_class": {"MISSING_INTERNAL": 3}, "by_state": {"assigned": 1, "open": 2}, "by_age": {"0-1": 3}, "by_escalation": {"0": 3}, "by_cause": {"": 3}})
        for state, count in cells["by_state"].items():
            self.assertEqual(len(self.breaks(state=state)), count)
        self.assertEqual(self.breaks(age_gt=0), [])
        self.assertEqual(len(self.breaks(cause="")), 3)


if __name__ == "__main__":
    unittest.main()
