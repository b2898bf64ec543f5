"""A new fee schedule: handed in by one person, approved by another, in force for everybody from then on and after a restart."""
import csv
import hashlib
import io
import itertools
import socket
import time
import unittest

import shared
from service import PATIENCE, Agency, Browser, Database, Service, day_from_today

COPY = {"agency": None, "channel": "counter", "lines": [{"fee_code": "CERT_COPY", "quantity": 1, "pages": 1}]}


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Schedule:
    """A schedule file whose rows a test changes."""

    def __init__(self, text):
        self.rows = list(csv.DictReader(io.StringIO(text)))
        self.columns = list(self.rows[0])

    def row(self, fee_code):
        return next(row for row in self.rows if row["fee_code"] == fee_code)

    def line(self, fee_code):
        return 2 + self.rows.index(self.row(fee_code))

    def bytes(self):
        out = io.StringIO()
        writer = csv.DictWriter(out, self.columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.rows)
        return out.getvalue().encode()


class FeeSchedules(unittest.TestCase):
    """One installation for all: each test begins with whatever is in force by then."""

    @classmethod
    def setUpClass(cls):
        cls.database = Database()
        cls.addClassCleanup(cls.database.drop)
        cls.service = cls.start()
        cls.lan, cls.minh = (Browser(cls.service, cls.service.make_user(login, "operator")) for login in ("lan", "minh"))
        cls.agency = Agency(cls.service)
        cls.prices = itertools.count(3000, 1000)
        cls.at_first = cls.lan.call("GET", "/v1/fee-schedules").json

    @classmethod
    def start(cls):
        port = free_port()
        service = Service(shared.programs(), cls.database, port, CHO40_SERVER_CLUSTER_ADDRESS=f"http://127.0.0.1:{port}")
        cls.addClassCleanup(service.stop)
        return service

    def in_force(self):
        return Schedule(self.lan.call("GET", "/v1/fee-schedules/in-force/file").text)

    def hand_in(self, schedule, who=None, note="", **headers):
        return (who or self.lan).call("POST", "/v1/fee-schedules" + (f"?note={note}" if note else ""), schedule if isinstance(schedule, bytes) else schedule.bytes(),
                                      Content_Type="text/csv", **headers)

    def handed_in(self, schedule):
        answer = self.hand_in(schedule)
        self.assertEqual(answer.status, 201, answer)
        return answer.json

    def approve(self, schedule, who=None):
        return (who or self.minh).call("POST", f"/v1/fee-schedules/{schedule['id']}/approval", {})

    def due(self, service=None, **changes):
        """What certifying one page costs today, by the preview every agency uses."""
        agency = self.agency.on(service) if service else self.agency
        answer = agency.must("POST", "/v1/fee-assessments", {**COPY, "agency": self.agency.id, **changes})
        return answer["total"]["amount"]

    def dearer(self):
        """The schedule in force, but that a certified page costs what it never did, on all days."""
        schedule, price = self.in_force(), str(next(self.prices))
        schedule.row("CERT_COPY").update(amount_vnd=price, unit=f"per_page:1-2={price},3+=1000;cap_per_copy=200000")
        schedule.price = int(price)
        return schedule

    def test_from_the_file_to_the_next_notice(self):
        before, price = self.agency.notice(), self.due()
        schedule = self.dearer()
        answer = self.hand_in(schedule, note="NQ%20moi")
        self.assertEqual(answer.status, 201, answer)
        made = answer.json
        self.assertEqual(made["state"]["name"], "proposed")
        self.assertEqual(made["sha256"], hashlib.sha256(schedule.bytes()).hexdigest())
        self.assertEqual(made["note"], "NQ moi")
        self.assertEqual(made["difference"], {"added": 0, "ended": 0, "changed": 1, "removed": 0, "reaching_back": 1})
        change = made["changes"][0]
        self.assertEqual((change["fee_code"], change["before"]["amount"]["amount"], change["after"]["amount"]["amount"]), ("CERT_COPY", price, schedule.price))
        self.assertIn(f"{price:,} đ".replace(",", "."), change["text"])
        self.assertIn(f"{schedule.price:,} đ".replace(",", "."), change["text"])
        self.assertEqual(self.due(), price, "nobody has approved it")

        approved = self.approve(made)
        self.assertEqual(approved.status, 200, approved)
        self.assertEqual((approved.json["state"]["name"], approved.json["in_force"]), ("approved", True))
        self.assertEqual(approved.json["decided_by"]["name"], "Người thử")
        self.assertEqual(self.due(), schedule.price)

        with self.subTest("what was asked for before stays as it was"):
            after = self.agency.must("GET", f"/v1/fee-notices/{before['id']}")
            self.assertEqual(after["total"], before["total"])
            self.assertEqual(after["lines"][0]["explanation"], before["lines"][0]["explanation"])
            self.assertGreater(self.agency.notice()["total"]["amount"], before["total"]["amount"])
        with self.subTest("what is in force can be fetched, and begun with again"):
            self.assertEqual(self.lan.call("GET", "/v1/fee-schedules/in-force/file").text.encode(), schedule.bytes())
            self.assertEqual(self.hand_in(schedule).code, "file_duplicate")
        with self.subTest("who did what stands in the trail"):
            trail = self.lan.call("GET", f"/v1/audit?resource={made['id']}").json["data"]
            self.assertEqual([(e["act"], e["outcome"]) for e in trail], [("fee_schedules.approve", "done"), ("fee_schedules.create", "done")])
            self.assertEqual(len({e["actor"]["id"] for e in trail}), 2)
        with self.subTest("an instance that starts later goes by it from its first answer on"):
            later = self.start()
            self.assertEqual(self.due(later), schedule.price)
            later.stop()

    def test_a_row_holds_from_its_first_day_and_not_from_its_approval(self):
        schedule = self.in_force()
        old = schedule.row("ID_LOST")
        from_day = day_from_today(30)
        schedule.rows.insert(schedule.rows.index(old) + 1, {**old, "amount_vnd": "90000", "effective_from": from_day})
        old["effective_to"] = day_from_today(29)
        made = self.handed_in(schedule)
        self.assertEqual([(c["change"], c["first_date"], c["reaches_back"]) for c in made["changes"]],
                         [("ended", from_day, False), ("added", from_day, False)])
        lines = [{"fee_code": "ID_LOST", "quantity": 1}]
        today, before = self.due(lines=lines), self.due(lines=lines, on_date=from_day)
        self.assertEqual(self.approve(made).status, 200)
        self.assertEqual(self.due(lines=lines), today)
        self.assertEqual(self.due(lines=lines, on_date=day_from_today(29)), self.due(lines=lines, on_date=day_from_today(28)))
        self.assertNotEqual(self.due(lines=lines, on_date=from_day), before)

    def test_every_instance_hears_of_it(self):
        other, schedule = self.start(), self.dearer()
        self.assertEqual(self.due(other), self.due())
        self.assertEqual(self.approve(self.handed_in(schedule)).status, 200)
        end = time.monotonic() + PATIENCE
        while self.due(other) != schedule.price:
            self.assertLess(time.monotonic(), end, "the other instance never heard")
        other.stop()

    def test_wrong_cells_are_named_and_nothing_is_kept(self):
        schedule = self.dearer()
        schedule.row("RES_PERM")["amount_vnd"] = "20.000"
        schedule.row("BR_PUB")["kind"] = "le phi"
        counts = self.database.counts()
        answer = self.hand_in(schedule)
        self.assertEqual((answer.status, answer.code), (422, "invalid_csv"), answer)
        self.assertEqual([e["pointer"] for e in answer.json["errors"]],
                         [f"line {schedule.line('RES_PERM')}, column amount_vnd", f"line {schedule.line('BR_PUB')}, column kind"])
        self.assertIn(f"Dòng {schedule.line('RES_PERM')}, cột amount_vnd", answer.json["detail"])
        for name, body, code in (("no columns", b"a,b\n1,2\n", "invalid_csv"), ("not UTF-8", b"\xff\xfe", "invalid_utf8"), ("empty", b"", "invalid_input")):
            with self.subTest(name):
                self.assertEqual(self.hand_in(body).code, code)
        self.assertEqual(self.lan.call("POST", "/v1/fee-schedules", {}).code, "unsupported_media_type")
        self.assertEqual(self.database.counts(), counts)

    def test_nobody_decides_about_his_own(self):
        made = self.handed_in(self.dearer())
        self.assertEqual(self.approve(made, self.lan).code, "maker_cannot_check")
        key = self.service.make_key("admin:write", "fees:read", owner="minh")
        by_key = self.agency.call("POST", "/v1/fee-schedules", self.dearer().bytes(), Content_Type="text/csv", Authorization="Bearer " + key)
        self.assertEqual(by_key.status, 201, by_key)
        self.assertEqual(self.approve(by_key.json, self.minh).code, "maker_cannot_check", "his own key handed it in")
        with self.subTest("an agency's officer is a second person too"):
            officer = Browser(self.service, self.service.make_user("hoa", f"agency:{self.agency.id}"))
            self.assertEqual(self.hand_in(self.dearer(), officer).code, "forbidden")
            self.assertEqual(self.approve(made, officer).status, 200)

    def test_a_refusal_says_why_and_is_for_good(self):
        price, made = self.due(), self.handed_in(self.dearer())
        path = f"/v1/fee-schedules/{made['id']}/rejection"
        self.assertEqual(self.minh.call("POST", path, {}).code, "validation_failed")
        self.assertEqual(self.lan.call("POST", path, {"reason": "thôi"}).code, "maker_cannot_check")
        refused = self.minh.call("POST", path, {"reason": "Chưa có số nghị quyết"})
        self.assertEqual((refused.status, refused.json["state"]["name"], refused.json["state"]["reason"]["text"]),
                         (200, "refused", "Chưa có số nghị quyết"), refused)
        self.assertEqual(self.approve(made).code, "invalid_state")
        self.assertEqual(self.due(), price)

    def test_compared_with_what_was_replaced_meanwhile(self):
        schedule = self.dearer()
        first, second = self.handed_in(schedule), self.handed_in(self.dearer())
        number = self.approve(first).json["number"]
        self.assertEqual(self.approve(second).code, "stale")
        self.assertEqual(self.due(), schedule.price)
        again = self.handed_in(self.dearer())
        self.assertEqual(again["compared_with"], {"number": number, "sha256": first["sha256"]})
        self.assertEqual(self.approve(again).json["number"], number + 1)
        listed = self.lan.call("GET", "/v1/fee-schedules?limit=3").json["data"]
        self.assertEqual([(s["id"], s["state"]["name"], s["in_force"]) for s in listed],
                         [(again["id"], "approved", True), (second["id"], "proposed", False), (first["id"], "approved", False)])

    def test_the_difference_as_a_file(self):
        price, schedule = self.due(), self.dearer()
        made = self.handed_in(schedule)
        answer = self.lan.call("GET", f"/v1/fee-schedules/{made['id']}/difference")
        self.assertEqual(answer.headers["Content-Type"], "text/csv; charset=utf-8")
        rows = list(csv.DictReader(io.StringIO(answer.text)))
        self.assertEqual([(r["change"], r["fee_code"], r["old_amount_vnd"], r["new_amount_vnd"], r["columns"]) for r in rows],
                         [("changed", "CERT_COPY", str(price), str(schedule.price), "amount_vnd unit")])

    def test_none_was_handed_in_yet(self):
        self.assertEqual((self.at_first["data"], self.at_first["why_empty"]["code"]), ([], "programs_own_schedule"))
        self.assertEqual(self.lan.call("GET", "/v1/fee-schedules/in-force").code, "not_found")


if __name__ == "__main__":
    unittest.main()
