"""What an agency collected goes to the State budget: made by one person, approved by another, followed to the treasury."""
import concurrent.futures
import csv
import hashlib
import io
import time
import unittest
import uuid

import shared
from service import PATIENCE, VIETQR_SECRET, Agency, Browser, Database, Market, Service, day_from_today, reference

CHARGE = 20_000  # a permanent residence registered at the counter
TREASURY_ACCOUNT = "3511.0.9900061"
SHEET_HEAD = ["row", "reference", "treasury", "office", "account", "chapter", "subitem", "area", "kind", "amount", "count", "sha256"]
BANK_HEAD = "account,entry_ref,booking_date,value_date,booked_at,direction,amount_vnd,reversal,counterparty,narrative\n"


def days_ago(days):
    return day_from_today(-days)


class Ward(Agency):
    """An agency that collects what ward H49.61 of the pilot does: its code, by which shares are found, and its budget keys. Two people work there."""

    KEYS = {"code": "H49.61", "chapter": "805", "area_code": "06685", "collecting_office": "1139936", "treasury_code": "2827", "treasury_account": TREASURY_ACCOUNT}

    def __init__(self, service, **keys):
        super().__init__(service, service.make_key("admin:write", "fees:read", "fees:write", "payments:read", "payments:write"))
        changes = ", ".join(f"{name} = '{value}'" for name, value in {**self.KEYS, **keys}.items())
        service.database.value(f"UPDATE agency SET {changes} WHERE code = '{self.code}'")
        self.vietqr_path = self.must("POST", "/v1/rail-accounts", {"place": self.id, "rail": "vietqr", "name": "vietqr", "channel": "bank",
                                                                  "secret": VIETQR_SECRET})["address"]
        self.lan, self.minh = self.person(), self.person()
        self.path = f"/v1/agencies/{self.id}"

    vietqr_body, vietqr, fetch_token = Market.vietqr_body, Market.vietqr, Market.fetch_token

    def person(self):
        return Browser(self.service, self.service.make_user("b" + uuid.uuid4().hex[:12], f"agency:{self.id}"))

    def collect(self, days, *lines):
        """A notice of these lines, paid so many days ago; its total."""
        made = self.must("POST", "/v1/fee-notices", self.order(lines=list(lines), dossier={
            "code": f"{self.code}-{uuid.uuid4().int % 10**6}", "procedure_code": "2.000815", "applicant_name": "Nguyễn Văn Dân"}))
        code = self.start_paying(made)
        answer = self.pay_by_payos(code, made["total"]["amount"], reference())
        if answer.status != 200:
            raise AssertionError(f"the rail was answered {answer}")
        notice = self.must("GET", f"/v1/fee-notices/{made['id']}")
        ids = ", ".join("'" + self.service.database.value(f"SELECT receipt_id FROM receipt WHERE lookup_code = '{r['code']}'") + "'"
                        for r in notice["receipts"])
        self.service.database.value(f"UPDATE receipt SET issued_at = issued_at - interval '{days} days' WHERE receipt_id IN ({ids})")
        return notice

    def make(self, first, last, by=None):
        return (by or self.lan).call("POST", self.path + "/remittances", {"from": first, "to": last})

    def made(self, first, last):
        answer = self.make(first, last)
        if answer.status != 201:
            raise AssertionError(str(answer))
        return answer.json

    def act(self, remittance, what, body=None, by=None):
        return (by or self.minh).call("POST", f"/v1/remittances/{remittance['id']}/{what}", body or {})

    def read(self, remittance):
        return self.must("GET", f"/v1/remittances/{remittance['id']}")

    def entry(self, order, direction, account=None, amount=None, narrative=None):
        day = days_ago(0)
        amount = order["total"]["amount"] if amount is None else amount
        return f"{account or self.account},{reference()},{day},{day},{day} 10:00:00,{direction},{amount},0,,{narrative or 'NOP NSNN ' + order['reference']}\n"

    def hear(self, *entries):
        return self.call("POST", self.path + "/remittance-statements", (BANK_HEAD + "".join(entries)).encode(), Content_Type="text/csv")

    def balances(self):
        book = self.service.database.value(f"SELECT book_id FROM agency WHERE agency_id = (SELECT agency_id FROM agency a JOIN receiving_account r "
                                           f"USING (book_id) WHERE r.account_number = '{self.account}')")
        rows = self.service.database.rows(
            "SELECT kind, sum(amount) FROM (SELECT debit_account % 16 AS kind, book_id, amount FROM journal "
            f"UNION ALL SELECT credit_account % 16, book_id, -amount FROM journal) j WHERE book_id = {book} GROUP BY kind")
        names = {"0": "bank", "5": "refund_due", "6": "fees", "7": "charges", "8": "unassigned", "9": "retained", "10": "budget_due"}
        found = {names[kind]: int(amount) for kind, amount in rows}
        assert sum(found.values()) == 0, found
        return {name: amount for name, amount in found.items() if amount}


COPIES = {"fee_code": "CERT_COPY", "quantity": 1, "pages": 3}
RESIDENCE = {"fee_code": "RES_PERM"}


class Remittances(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = shared.service()

    def setUp(self):
        self.ward = Ward(self.service)

    def tearDown(self):
        self.service.verify_books()

    def refused(self, answer, status, code):
        self.assertEqual((answer.status, answer.code), (status, code), answer)
        return answer.json

    def collected(self, days=3):
        """Copies and a residence; what of them is phí."""
        notice = self.ward.collect(days, COPIES, RESIDENCE)
        return notice["total"]["amount"] - CHARGE

    def approved(self):
        fee = self.collected()
        made = self.ward.made(days_ago(5), days_ago(2))
        answer = self.ward.act(made, "approval")
        self.assertEqual(answer.status, 200, answer)
        return answer.json, fee

    # --- the life ---

    def test_from_the_receipts_to_the_treasury(self):
        fee = self.collected()
        self.assertEqual(self.ward.balances(), {"bank": fee + CHARGE, "fees": -fee, "charges": -CHARGE})
        preview = self.ward.must("GET", f"{self.ward.path}/remittance-preview?from={days_ago(5)}&to={days_ago(2)}")
        kept = fee // 2
        due = fee - kept + CHARGE
        self.assertEqual([preview[name]["amount"] for name in ("gross", "given_back", "net", "kept", "due", "ordered")],
                         [fee + CHARGE, 0, fee + CHARGE, kept, due, due])
        self.assertEqual(self.ward.must("GET", self.ward.path + "/remittances")["data"], [], "a preview makes nothing")

        made = self.ward.made(days_ago(5), days_ago(2))
        self.assertEqual((made["state"]["name"], made["number"], made["kept"]["amount"]), ("awaiting_approval", 1, kept))
        order = made["orders"][0]
        self.assertRegex(order["reference"], "^NS[2-9A-HJKMNP-TV-Z]{7}$")
        self.assertEqual((order["state"], order["treasury_code"], order["collecting_office"], order["treasury_account"], order["total"]["amount"]),
                         ("due", "2827", "1139936", TREASURY_ACCOUNT, due))
        self.assertEqual([(l["kind"], l["chapter"], l["subitem"], l["area"], l["amount"]["amount"]) for l in order["lines"]],
                         [("phi", "805", "2716", "06685", fee - kept), ("le_phi", "805", order["lines"][1]["subitem"], "06685", CHARGE)])
        self.assertTrue(order["words"].endswith("đồng"))
        self.refused(self.ward.lan.call("GET", f"/v1/remittances/{made['id']}/payment-file"), 409, "invalid_state")

        approved = self.ward.act(made, "approval")
        self.assertEqual(approved.status, 200, approved)
        self.assertEqual((approved.json["state"]["name"], approved.json["orders"][0]["state"]), ("approved", "ordered"))
        self.assertEqual(self.ward.balances(), {key: amount for key, amount in
                                                {"bank": fee + CHARGE, "retained": -kept, "budget_due": -due}.items() if amount})

        heard = self.ward.hear(self.ward.entry(order, "DBIT")).json
        self.assertEqual((heard["counts"]["debited"], heard["remittances"]), (1, [made["id"]]))
        self.assertEqual(self.ward.read(made)["orders"][0]["state"], "debited")
        self.assertEqual(self.ward.balances(), {"bank": kept, "retained": -kept})
        again = self.ward.hear(self.ward.entry(order, "DBIT")).json
        self.assertEqual((again["counts"]["repeated"], again["remittances"]), (1, []))

        treasury = self.ward.entry(order, "CRDT", account=TREASURY_ACCOUNT)
        self.assertEqual(self.ward.hear(treasury).json["counts"]["credited"], 1)
        self.assertEqual(self.ward.read(made)["orders"][0]["state"], "credited")
        confirmed = self.ward.act(made, "confirmation", {"reference": order["reference"], "document": "GNT-12", "evidence": "bản quét 12", "date": days_ago(0)})
        self.assertEqual(confirmed.status, 200, confirmed)
        self.assertEqual((confirmed.json["state"]["finished"], confirmed.json["orders"][0]["state"], confirmed.json["orders"][0]["confirmed"]["document"]),
                         (True, "confirmed", "GNT-12"))
        self.assertEqual(self.ward.balances(), {"bank": kept, "retained": -kept})

    def test_a_rail_tells_of_the_debit(self):
        remittance, _ = self.approved()
        order = remittance["orders"][0]
        told = self.ward.vietqr(self.ward.vietqr_body("NOP NSNN " + order["reference"] + " KY", order["total"]["amount"], reference(), transType="D"))
        self.assertEqual(told.status, 200, told)
        self.service.database.wait_until(f"EXISTS (SELECT FROM remittance m JOIN remittance_code c USING (book_id, remittance_id) "
                                         f"WHERE c.code = '{order['reference']}' AND m.orders->0->>'state' = '3')")
        self.assertEqual(self.ward.read(remittance)["orders"][0]["state"], "debited")

    def test_the_papers(self):
        remittance, _ = self.approved()
        order = remittance["orders"][0]
        path = f"/v1/remittances/{remittance['id']}"
        pain = self.ward.lan.call("GET", path + "/payment-file")
        self.assertEqual(pain.status, 200, pain)
        for wanted in ("pain.001.001.09", f"<EndToEndId>{order['reference']}</EndToEndId>", f"<MsgId>{order['reference']}-1</MsgId>",
                       f"<CtrlSum>{order['total']['amount']}</CtrlSum>", TREASURY_ACCOUNT.replace(".", ""), self.ward.account):
            self.assertIn(wanted, pain.text)
        self.assertEqual(self.ward.lan.call("GET", path + "/payment-file").text, pain.text)

        sheet = self.ward.lan.call("GET", path + "/sheet").text.lstrip("\ufeff")
        rows = list(csv.reader(io.StringIO(sheet)))
        self.assertEqual(rows[0], SHEET_HEAD)
        lines, total = rows[1:-1], rows[-1]
        self.assertEqual((total[0], int(total[9]), int(total[10])), ("total", sum(int(row[9]) for row in lines), len(lines)))
        self.assertEqual(int(total[9]), order["total"]["amount"])
        before = ("\ufeff" + sheet[:sheet.rindex("total,")]).encode()
        self.assertEqual(total[11], hashlib.sha256(before).hexdigest())

        paper = self.ward.lan.call("GET", path + "/paper")
        self.assertEqual((paper.status, paper.headers["Content-Type"]), (200, "application/pdf"))

    # --- once, and by two ---

    def test_the_maker_does_not_approve_and_a_rejected_period_is_free_again(self):
        self.collected()
        made = self.ward.made(days_ago(5), days_ago(2))
        self.refused(self.ward.act(made, "approval", by=self.ward.lan), 403, "maker_cannot_check")
        self.refused(self.ward.act(made, "rejection", {"reason": "thử xem"}, by=self.ward.lan), 403, "maker_cannot_check")
        self.refused(self.ward.make(days_ago(5), days_ago(2)), 409, "invalid_state")
        rejected = self.ward.act(made, "rejection", {"reason": "sai kỳ"})
        self.assertEqual((rejected.status, rejected.json["state"]["name"], rejected.json["orders"][0]["state"]), (200, "rejected", "dropped"))
        self.refused(self.ward.act(made, "approval"), 409, "invalid_state")
        second = self.ward.made(days_ago(5), days_ago(2))
        self.assertEqual(second["number"], 2)
        self.assertNotEqual(second["orders"][0]["reference"], made["orders"][0]["reference"])

    def test_a_key_does_not_make_its_owner_two_people(self):
        self.collected()
        login = "k" + uuid.uuid4().hex[:12]
        person = Browser(self.service, self.service.make_user(login, f"agency:{self.ward.id}"))
        key = self.service.make_key("fees:write", owner=login, place=self.ward.id)
        made = self.ward.call("POST", self.ward.path + "/remittances", {"from": days_ago(5), "to": days_ago(2)}, Authorization="Bearer " + key)
        self.assertEqual(made.status, 201, made)
        self.refused(self.ward.act(made.json, "approval", by=person), 403, "maker_cannot_check")

    def test_of_two_at_once_one_wins(self):
        self.collected()
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda who: self.ward.make(days_ago(5), days_ago(2), who), (self.ward.lan, self.ward.minh)))
        self.assertEqual(sorted(a.status for a in answers), [201, 409], answers)
        self.assertIn(next(a.code for a in answers if a.status == 409), ("stale", "invalid_state"))
        self.assertEqual(len(self.ward.must("GET", self.ward.path + "/remittances")["data"]), 1)

    def test_periods_follow_each_other(self):
        self.collected(days=9)
        self.collected(days=3)
        self.refused(self.ward.make(days_ago(8), days_ago(2)), 422, "invalid_period")  # what came nine days ago would be left out
        self.refused(self.ward.make(days_ago(9), days_ago(0)), 422, "invalid_period")  # today is not over
        first = self.ward.made(days_ago(10), days_ago(6))
        self.assertEqual(self.ward.act(first, "approval").status, 200)
        for wrong in (6, 4):
            problem = self.refused(self.ward.make(days_ago(wrong), days_ago(2)), 422, "invalid_period")
            self.assertIn("/".join(reversed(days_ago(5).split("-"))), problem["detail"])
        second = self.ward.made(days_ago(5), days_ago(2))
        self.assertEqual(second["gross"], first["gross"])

    # --- what stops it ---

    def test_an_unknown_share_is_named_and_never_guessed(self):
        agency = Ward(self.service, code="H49.99")
        agency.collect(3, COPIES)
        problem = self.refused(agency.make(days_ago(5), days_ago(2)), 422, "rate_missing")
        self.assertIn("CERT_COPY", problem["detail"])
        self.assertEqual(agency.must("GET", agency.path + "/remittances")["data"], [])

    def test_nothing_collected_is_nothing_to_remit(self):
        self.refused(self.ward.make(days_ago(5), days_ago(2)), 409, "invalid_state")

    # --- what the statements say ---

    def test_another_amount_is_a_difference_and_moves_nothing(self):
        remittance, _ = self.approved()
        order = remittance["orders"][0]
        before = self.ward.balances()
        short = self.ward.entry(order, "DBIT", amount=order["total"]["amount"] - 1)
        for _ in range(2):
            self.assertEqual(self.ward.hear(short).json["counts"]["differs"], 1)
        after = self.ward.read(remittance)
        self.assertEqual((after["orders"][0]["state"], len(after["differences"]), after["differences"][0]["amount"]["amount"]),
                         ("ordered", 1, order["total"]["amount"] - 1))
        self.assertEqual(self.ward.balances(), before)

    def test_lines_without_a_reference_and_of_other_accounts(self):
        remittance, _ = self.approved()
        order = remittance["orders"][0]
        heard = self.ward.hear(self.ward.entry(order, "DBIT", narrative="NOP NSNN"), self.ward.entry(order, "CRDT")).json
        self.assertEqual((heard["counts"]["none"], heard["named"]), (2, []))
        self.refused(self.ward.hear(self.ward.entry(order, "DBIT", account="9999999999")), 422, "unknown_receiving_account")
        self.assertEqual(self.ward.read(remittance)["orders"][0]["state"], "ordered")

    def test_sent_back_and_ordered_again(self):
        remittance, _ = self.approved()
        order = remittance["orders"][0]
        before = self.ward.balances()
        self.ward.hear(self.ward.entry(order, "DBIT"))
        returned = self.ward.act(remittance, "return", {"reference": order["reference"], "reason": "sai tài khoản"}, by=self.ward.minh)
        self.assertEqual((returned.status, returned.json["orders"][0]["state"]), (200, "returned"))
        self.assertEqual(self.ward.balances(), before)
        self.refused(self.ward.act(remittance, "approval", by=self.ward.minh), 403, "maker_cannot_check")
        again = self.ward.act(remittance, "approval", by=self.ward.lan)
        self.assertEqual((again.status, again.json["orders"][0]["state"], again.json["orders"][0]["attempt"], again.json["orders"][0]["reference"]),
                         (200, "ordered", 2, order["reference"]))
        self.assertEqual(self.ward.hear(self.ward.entry(order, "DBIT")).json["counts"]["debited"], 1)
        self.assertEqual(self.ward.read(remittance)["orders"][0]["state"], "debited")

    def test_what_was_remitted_and_is_given_back_later_is_carried_over(self):
        remittance, fee = self.approved()
        notice = self.ward.must("GET", f"/v1/fee-notices?agency={self.ward.id}")["data"][0]
        receipt = next(r for r in notice["receipts"] if r["kind"] == "le_phi")
        refund = self.ward.must("POST", f"/v1/fee-notices/{notice['id']}/refunds", {
            "lines": [{"receipt": receipt["id"], "line": 1, "amount": {"amount": CHARGE, "currency": "VND"}}],
            "expected_refundable": {"amount": fee + CHARGE, "currency": "VND"}, "reason": {"code": "not_accepted", "text": "Hồ sơ không được tiếp nhận"}})
        self.ward.vietqr(self.ward.vietqr_body(refund["reference"] + " HOAN", CHARGE, reference(), transType="D"))
        self.assertEqual(self.ward.must("GET", f"/v1/refunds/{refund['id']}")["state"]["name"], "done")
        database = self.service.database
        database.value(f"UPDATE receipt_entry SET entered_at = entered_at - interval '2 days' WHERE refund_id = "
                       f"(SELECT refund_id FROM refund WHERE code = '{refund['reference']}')")
        # The first period must have been over by then.
        first = database.value(f"UPDATE remittance SET period_to = period_to - 1 WHERE remittance_id = (SELECT remittance_id FROM remittance_code "
                               f"WHERE code = '{remittance['orders'][0]['reference']}') RETURNING period_to + 1")
        second = self.ward.made(first, days_ago(2))
        self.assertEqual((second["given_back"]["amount"], second["due"]["amount"], second["orders"]), (CHARGE, -CHARGE, []))
        self.assertEqual(second["carried_out"][0]["amount"]["amount"], -CHARGE)

    def test_a_receipt_that_replaces_another_is_no_second_money(self):
        fee = self.collected()
        notice = self.ward.must("GET", f"/v1/fee-notices?agency={self.ward.id}")["data"][0]
        old = next(r for r in notice["receipts"] if r["kind"] == "le_phi")
        asked = self.ward.lan.call("POST", f"/v1/receipts/{old['id']}/cancellation", {"reason": {"code": "wrong_payer", "text": "Ghi nhầm tên"},
                                                                                  "replacement": {"payer_name": "Nguyễn Thị Thệ"}})
        self.assertEqual(asked.status, 202, asked)
        self.assertEqual(self.ward.minh.call("POST", f"/v1/receipts/{old['id']}/cancellation/approval").status, 200)
        self.service.database.value("UPDATE receipt SET issued_at = issued_at - interval '2 days' WHERE receipt_id = "
                                    f"(SELECT replaced_by FROM receipt WHERE lookup_code = '{old['code']}')")
        made = self.ward.made(days_ago(5), days_ago(2))
        self.assertEqual((made["gross"]["amount"], made["given_back"]["amount"]), (fee + CHARGE, 0))

    def test_nobody_of_another_agency_sees_or_does_anything(self):
        remittance, _ = self.approved()
        stranger = Ward(self.service).lan
        self.refused(stranger.call("GET", f"/v1/remittances/{remittance['id']}"), 404, "not_found")
        self.refused(self.ward.act(remittance, "approval", by=stranger), 404, "not_found")
        self.refused(stranger.call("GET", self.ward.path + "/remittances"), 404, "not_found")
        self.refused(stranger.call("POST", self.ward.path + "/remittances", {"from": days_ago(5), "to": days_ago(2)}), 404, "not_found")


class Overdue(unittest.TestCase):
    def test_what_is_held_past_its_deadline_is_said(self):
        database = Database()
        self.addCleanup(database.drop)
        service = Service(shared.programs(), database)
        self.addCleanup(lambda: service.stop())
        ward = Ward(service)
        ward.collect(70, RESIDENCE)  # day 5 of the next month has passed since
        late = Ward(service, code="H49.62")
        late.collect(2, RESIDENCE)
        service.terminate()
        service = Service(shared.programs(), database)
        said = service.wait_for_log(lambda line: line.get("event") == "remittances.overdue")
        self.assertEqual(said["agency"], "H49.61")
        end = time.monotonic() + PATIENCE
        while service.metrics().get("cho40_remittances_overdue") != 1:
            self.assertLess(time.monotonic(), end)


if __name__ == "__main__":
    unittest.main()
