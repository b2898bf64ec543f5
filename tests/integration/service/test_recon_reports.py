"""The minutes of a month and the league of providers: they add up, lead to lines and files, and are the same as table, paper and JSON."""
import csv
import hashlib
import io
import unittest

import day_files
import shared
from service import Browser, day_from_today
from test_day_close import Days
from test_denials import login_of


class Reports(Days):
    def get(self, path, who=None):
        answer = (who or self.mai).call("GET", path)
        self.assertEqual(answer.status, 200, answer)
        return answer

    def same_in_all_forms(self, path):
        """The JSON, after table and paper were held against it; and the rows of the table."""
        view = self.get(path).json
        table = self.get(path + "&format=csv")
        cut = table.bytes.rindex(b"total,")
        self.assertEqual(hashlib.sha256(table.bytes[:cut]).hexdigest(), view["sha256"])
        rows = list(csv.DictReader(io.StringIO(table.bytes.decode("utf-8-sig"))))
        self.assertEqual((int(rows[-1]["count"]), int(rows[-1]["sum"]), rows[-1]["sha256"]), (view["count"], view["sum"]["amount"], view["sha256"]))
        paper = self.get(path + "&format=pdf")
        self.assertEqual((paper.bytes[:5], paper.headers["Table-Sha256"], table.headers["Table-Sha256"]), (b"%PDF-", view["sha256"], view["sha256"]))
        return view, rows


class Minutes(Reports):
    def minutes(self, month):
        view, rows = self.same_in_all_forms(f"/v1/recon/minutes/{month}?partner={self.partner}")
        self.assertEqual(view["figures"]["total"]["ledger"], {"count": view["count"], "sum": view["sum"]})
        for name, total in view["figures"]["total"].items():
            days, adjusted = view["figures"]["days"][name], view["figures"]["adjusted"][name]
            self.assertEqual((total["count"], total["sum"]["amount"]), (days["count"] + adjusted["count"], days["sum"]["amount"] + adjusted["sum"]["amount"]))
        over = view["carry_over"]
        for figure in (lambda of: of["count"], lambda of: of["sum"]["amount"]):
            self.assertEqual(figure(over["before"]) + figure(over["opened"]) - figure(over["ended"]), figure(over["after"]))
        self.assertEqual(len(view["open_items"]), over["after"]["count"])
        return view, rows

    def test_a_month_with_a_closed_day_and_an_adjustment(self):
        self.file([45000, 46000])
        self.run_day()
        first = self.signed()
        self.file([45000, 46000, 47000], revision=2)
        self.run_day()
        second = self.signed()
        view, _ = self.minutes(self.day[:7])
        closed, = (day for day in view["days"] if day["state"] == "closed")
        self.assertEqual((closed["date"], closed["closing"], closed["sha256"]), (self.day, first["id"], first["sha256"]))
        self.assertEqual(view["figures"]["days"]["provider"], {"count": 2, "sum": {"amount": 91000, "currency": "VND"}})
        self.assertEqual(view["open_days"], len(view["days"]) - 1)
        signed_in, _ = self.minutes(day_from_today(0)[:7])
        self.assertEqual(signed_in["figures"]["adjusted"]["provider"], {"count": 1, "sum": {"amount": 47000, "currency": "VND"}})
        self.assertEqual({(one["closing"], one["sha256"], one["of_date"]) for one in signed_in["adjustments"]}, {(second["id"], second["sha256"], self.day)})
        self.assertEqual({item["at_stake"]["amount"] for item in signed_in["open_items"]}, {45000, 46000, 47000})
        found = self.get(signed_in["open_items"][0]["lines"]).json
        self.assertEqual(found["id"], signed_in["open_items"][0]["id"])
        self.assertEqual(self.get(closed["lines"]).json["sha256"], closed["sha256"])

    def test_what_is_ended_is_not_carried_over(self):
        self.file([45000, 46000])
        self.run_day()
        found = next(one for one in self.breaks() if one["at_stake"]["amount"] == 45000)
        proposed = self.mai.call("POST", f"/v1/recon/breaks/{found['id']}/actions",
                                 {"verb": "propose", "resolution": "refunded", "reason": "đã hoàn", "evidence": {"name": "cv.pdf", "sha256": "a" * 64}},
                                 If_Match=f'"{found["version"]}"').json
        self.assertEqual(self.lan.call("POST", f"/v1/recon/breaks/{found['id']}/actions", {"verb": "approve"}, If_Match=f'"{proposed["version"]}"').status, 200)
        commented = self.mai.call("POST", f"/v1/recon/breaks/{found['id']}/actions", {"verb": "comment", "reason": "xong"}, If_Match=f'"{proposed["version"] + 1}"')
        self.assertEqual(commented.status, 200, commented)
        view, _ = self.minutes(day_from_today(0)[:7])
        self.assertEqual({name: of["count"] for name, of in view["carry_over"].items()}, {"before": 0, "opened": 2, "ended": 1, "after": 1})
        self.assertEqual([(one["cause"], one["count"]) for one in view["causes"]], [(None, 2)])

    def test_an_empty_month(self):
        view, rows = self.minutes("2024-02")
        self.assertEqual((view["count"], view["open_days"], len(view["days"]), len([row for row in rows if row["row"] == "day"])), (0, 29, 29, 29))

    def test_wrong_requests(self):
        path = f"/v1/recon/minutes/2026-11?partner={self.partner}"
        for wrong, status, code in ((f"/v1/recon/minutes/2026-13?partner={self.partner}", 422, "invalid_period"), ("/v1/recon/minutes/2026-11", 422, "required"),
                                    ("/v1/recon/minutes/2026-11?partner=rla_" + "0" * 26, 404, "not_found"), (path + "&format=xlsx", 422, "unknown_value"),
                                    (path + "&day=1", 422, "unknown_field")):
            with self.subTest(wrong):
                answer = self.mai.call("GET", wrong)
                self.assertEqual(answer.status, status, answer)
                if code != "unknown_field":
                    self.assertEqual(answer.code, code)
        other = Browser(self.service, self.service.make_user(login_of("other"), "market_board:" + shared.market().market))
        self.assertEqual(other.call("GET", path).status, 404)


class League(Reports):
    def league(self, who=None):
        today = day_from_today(0)
        path = f"/v1/recon/provider-league?from={self.day}&to={today}"
        if who is None:
            return self.same_in_all_forms(path)[0]
        return self.get(path, who).json

    def mine(self, view):
        return next(one for one in view["partners"] if one["partner"] == self.partner)

    def test_files_and_breaks_of_one_partner(self):
        self.file([45000, 46000])
        conflict = self.send(day_files.provider_csv(self.day, [45001], mark=self.mark))
        corrected = self.file([45000, 46000, 47000], revision=2)
        self.run_day()
        board = Browser(self.service, self.service.make_user(login_of("board"), "market_board:" + self.market.market))
        view = self.league(board)
        row = self.mine(view)
        self.assertEqual([one["partner"] for one in view["partners"]], [self.partner], "others see only their own")
        self.assertEqual((row["files"], row["held_files"], row["corrected_files"], row["count"], row["open"]), (3, 1, 1, 3, 3))
        self.assertEqual(row["sum"]["amount"], 138000)
        self.assertEqual([(one["class"], one["count"], one["sum"]["amount"]) for one in row["classes"]], [("MISSING_INTERNAL", 3, 138000)])
        self.assertLessEqual({(conflict["id"], conflict["sha256"]), (corrected["id"], corrected["sha256"])},
                             {(one["id"], one["sha256"]) for one in row["remarkable_files"]})
        found = self.get(row["classes"][0]["lines"]).json["data"]
        self.assertEqual(len(found), 3)
        self.assertEqual(len(self.get(row["lines"]).json["data"]), row["count"])
        content = self.get(row["remarkable_files"][0]["content"])
        self.assertEqual(hashlib.sha256(content.bytes).hexdigest(), row["remarkable_files"][0]["sha256"])

    def test_all_forms_say_the_same(self):
        self.file([45000])
        self.run_day()
        view = self.league()
        self.assertEqual(view["count"], sum(one["count"] for one in view["partners"]))
        self.assertEqual(view["sum"]["amount"], sum(one["sum"]["amount"] for one in view["partners"]))
        self.assertEqual([one["place"] for one in view["partners"]], list(range(1, len(view["partners"]) + 1)))

    def test_wrong_requests(self):
        for query, code in (("", "invalid_date"), ("from=2026-11-22", "invalid_date"), ("from=2026-11-22&to=2026-11-21", "invalid_period"),
                            ("from=2025-01-01&to=2026-11-21", "invalid_period"), ("from=2026-02-30&to=2026-11-21", "invalid_date")):
            with self.subTest(query):
                answer = self.mai.call("GET", "/v1/recon/provider-league?" + query)
                self.assertEqual((answer.status, answer.code), (422, code), answer)


class Ranges(Days):
    def test_breaks_of_several_days(self):
        self.file([45000])
        self.run_day()
        for query, count in ((f"date_from={self.day}", 1), (f"date_to={self.day}", 1), (f"date_from={self.day}&date_to={self.day}", 1),
                             (f"date_from={day_from_today(0)}", 0), (f"date_to={day_from_today(-2)}", 0), (f"date={self.day}", 1)):
            with self.subTest(query):
                self.assertEqual(len(self.mai.call("GET", f"/v1/recon/breaks?partner={self.partner}&{query}").json["data"]), count)
                self.assertEqual(self.mai.call("GET", f"/v1/recon/break-overview?partner={self.partner}&{query}").json["count"], count)
        answer = self.mai.call("GET", "/v1/recon/breaks?date_to=2026-02-30")
        self.assertEqual((answer.code, answer.json["errors"][0]["pointer"]), ("invalid_date", "#query/date_to"))


if __name__ == "__main__":
    unittest.main()
