"""The sandbox's side of every rail against the service: what goes wrong on the way brings the money once, or says so."""
import time
import uuid

import shared
from providers import SECRETS
from refusals import Refusals
from sandbox import Sandbox
from service import PATIENCE, PAYOS_SECRET, VIETQR_SECRET, day_from_today

ALL_SECRETS = {"payos": PAYOS_SECRET, "vietqr": VIETQR_SECRET, **SECRETS}
RAILS = sorted(ALL_SECRETS)
CONTRACTS = ("vnpay", "momo", "zalopay")
# By its rule: what can never be right is not sent again.
GIVES_UP_AT_A_WRONG_SIGNATURE = {"payos", "casso", "zalopay"}


class SandboxTest(Refusals):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sandbox = Sandbox(shared.programs(), cls.service)

    @classmethod
    def tearDownClass(cls):
        if (code := cls.sandbox.stop()) != 0:
            raise AssertionError(f"the sandbox ended with exit code {code}")

    def open_stall(self, channel="bank", **more):
        """A market of its own: the same money on one account over two rails would be one transfer."""
        self.market = shared.market()
        self.account = str(10**12 + uuid.uuid4().int % 10**12)  # ZaloPay's merchant accounts are whole numbers
        self.market.stall = self.market.must("POST", "/v1/stalls", {
            "market": self.market.market, "household": self.market.household, "name": "Cô Hạnh", "number": "14", "activity": "a",
            "receiving_account": {"bank_bin": "970436", "account_number": self.account, "account_name": "TRAN THI HANH", "channel": channel, **more}})["id"]

    def connect(self, *rails, channel="bank", sandbox=None, **more):
        made = []
        for rail in rails:
            body = {"place": self.market.market, "rail": rail, "name": rail, "channel": channel, "secret": ALL_SECRETS[rail]}
            answer = self.market.must("POST", "/v1/rail-accounts", body)
            made.append((answer["id"], rail, answer["address"], ALL_SECRETS[rail]))
        (sandbox or self.sandbox).connect(made, self.account, channel=channel, **more)
        self.rails = [rail[0] for rail in made]
        return self.rails

    def becomes(self, payment, state):
        """A provider may be answered before its money is matched."""
        end = time.monotonic() + PATIENCE
        while (seen := self.market.state(payment)) != state and time.monotonic() < end:
            pass
        self.assertEqual(seen, state)

    def lines(self):
        return [(line["kind"], line["amount"]["amount"]) for line in self.market.day_book()["lines"]]

    def tearDown(self):
        self.service.verify_books()


class Faults(SandboxTest):
    def test_told_thrice_and_each_answer_lost(self):
        for rail in RAILS:
            with self.subTest(rail):
                self.open_stall()
                self.connect(rail)
                paid = self.sandbox.pay(payment := self.market.ask(45000), faults=[{"duplicates": 2, "lost_answers": 1}])
                calls = self.sandbox.sent(paid, 6)
                self.assertEqual([call["attempt"] for call in calls].count(1), 3)
                self.assertEqual([call["status"] for call in calls if call["attempt"] == 1], [0, 0, 0])
                self.assertEqual({call["status"] for call in calls if call["attempt"] == 2}, {204 if rail == "momo" else 200}, calls)
                self.assertEqual(len(calls), 6, "each provider left it at the first answer it heard")
                self.becomes(payment, "paid")
                self.assertEqual(self.lines(), [("matched", 45000)])

    def test_a_virtual_account_pays_whatever_the_memo_says(self):
        """On the rails that tell it; its money is an entry of the account it belongs to."""
        for rail in ("payos", "sepay", "casso"):
            with self.subTest(rail):
                self.open_stall()
                number = "9624" + self.account[:12]
                self.connect(rail, virtual_accounts=[number])
                payment = self.market.must("POST", "/v1/payments", {**self.market.wish(45000), "virtual_account": number})
                paid = self.sandbox.pay(payment, scenario="nameless")
                self.becomes(payment, "paid")
                match = self.market.must("GET", f"/v1/payments/{payment['id']}/credits")["data"][0]["match"]
                self.assertEqual(match["rule"], "virtual_account", match)
                account = self.sandbox.must("GET", f"/bank/camt053?rail_account={self.rails[0]}&date={day_from_today(0)}").text
                self.assertIn(self.account, account)
                self.assertIn(paid["bank_reference"], account)
                self.assertNotIn(f"<Id>{number}</Id>", account)

    def test_a_contract_is_told_by_its_own_name_and_the_code_names_the_account(self):
        for rail, name in (("vnpay", "CHO40T12"), ("momo", "MOMOQN01S12"), ("zalopay", "2553012")):
            with self.subTest(rail):
                self.open_stall("provider", provider_account=name)
                self.connect(rail, channel="provider", sandbox=None)
                self.sandbox.must("POST", "/setup/receiving-accounts", {"bank_bin": "970436", "account_number": self.account, "provider_account": name,
                                                                        "holder_name": "TRAN THI HANH", "rail_accounts": self.rails})
                payment = self.market.ask(45000)
                self.assertIn(self.account, payment["qr"]["payload"])
                self.assertNotIn(name, payment["qr"]["payload"])
                told = self.sandbox.sent(self.sandbox.pay(payment, faults=[{"duplicates": 1}]), 1)[0]
                self.assertIn(name, "".join(told[key] for key in ("where", "request")))
                self.becomes(payment, "paid")
                self.assertEqual(self.lines(), [("matched", 45000)])

    def test_a_name_of_a_provider_is_one_stalls(self):
        self.open_stall("provider", provider_account="TERMINAL1")
        again = {"market": self.market.market, "household": self.market.household, "name": "Cô Mai", "number": "15", "activity": "a",
                 "receiving_account": {"bank_bin": "970436", "account_number": "9" + self.account[1:], "account_name": "MAI", "channel": "provider",
                                       "provider_account": "TERMINAL1"}}
        self.assertEqual(self.market.call("POST", "/v1/stalls", again).status, 409)
        again["receiving_account"].update(channel="bank", provider_account="TERMINAL2")
        wrong = self.market.call("POST", "/v1/stalls", again)
        self.assertEqual((wrong.status, wrong.json["errors"][0]["pointer"]), (422, "/receiving_account/provider_account"), wrong)

    def test_a_later_one_overtakes(self):
        patient = Sandbox(shared.programs(), self.service, hurry=1, seed=2)  # whose minute is one
        try:
            for rail in RAILS:
                with self.subTest(rail):
                    self.open_stall()
                    self.connect(rail, sandbox=patient)
                    first, second = self.market.ask(45000), self.market.ask(46000)
                    overtaken = patient.pay(first, scenario="overtaken")
                    self.assertEqual(self.market.state(first), "waiting")
                    patient.pay(second)
                    self.assertEqual(len(patient.sent(overtaken, 1)), 1)
                    self.becomes(first, "paid")
                    self.becomes(second, "paid")
                    self.assertEqual(sorted(self.lines()), [("matched", 45000), ("matched", 46000)])
        finally:
            self.assertEqual(patient.stop(), 0)

    def test_a_wrong_signature(self):
        for rail in RAILS:
            with self.subTest(rail):
                self.open_stall()
                self.connect(rail)
                tries = 1 if rail in GIVES_UP_AT_A_WRONG_SIGNATURE else 2
                payment = self.market.ask(45000)
                told = (paid := self.sandbox.pay(payment, scenario="signed_wrongly"))["notifications"][0]
                refused = {"vnpay": '"RspCode":"97"', "zalopay": '"return_code":-1'}.get(rail)
                self.assertFalse(told["content"])
                self.assertEqual(told["status"], 200 if refused else 401, told)
                self.assertIn(refused or "", told["body"].replace(" ", ""))
                self.assertEqual(len(self.sandbox.sent(paid, tries)), tries)
                self.becomes(payment, "paid" if tries == 2 else "waiting")
                if tries == 1:  # what the provider gave up is told by hand at its pages, or by its list
                    again = self.market.ask(46000)
                    self.assertTrue(self.sandbox.pay(again)["notifications"][0]["content"])
                    self.becomes(again, "paid")
                    self.assertEqual(self.lines(), [("matched", 46000)])
                    self.assertEqual(len(self.sandbox.sent(paid, 1)), 1)

    def test_half_a_body_and_a_wrong_clock(self):
        for rail in RAILS:
            with self.subTest(rail):
                self.open_stall()
                self.connect(rail)
                payment = self.market.ask(45000)
                wrong = [{"cut_bodies": 100}] + ([{"clock_skew": 600}, {"clock_skew": -600}] if rail in ("sepay", "casso") else [])
                for fault in wrong:
                    told = self.sandbox.pay(payment, faults=[fault])["notifications"][0]
                    self.assertFalse(told["content"], told)
                self.assertEqual(self.lines(), [])
                self.assertEqual(self.market.state(payment), "waiting")

    def test_what_one_rail_drops_another_tells_and_the_list_has(self):
        for rail in ("sepay", "casso"):
            with self.subTest(rail):
                self.open_stall()
                ids = self.connect(rail, "vietqr", api_key="key-of-the-list")
                paid = self.sandbox.pay(payment := self.market.ask(45000), faults=[{"rail_account": ids[0], "dropped": True}])
                self.assertEqual([told["status"] for told in paid["notifications"]], [0, 200])
                self.becomes(payment, "paid")
                nowhere = self.sandbox.pay(unheard := self.market.ask(46000), scenario="not_told")
                self.assertEqual(self.market.state(unheard), "waiting")
                if rail == "sepay":
                    listed = self.sandbox.send("GET", "/userapi/transactions/list", headers={"Authorization": "Bearer key-of-the-list"}).json
                    found = {line["reference_number"]: line["accumulated"] for line in listed["transactions"]}
                    self.assertEqual(found, {paid["bank_reference"]: "45000.00", nowhere["bank_reference"]: "91000.00"})
                else:
                    listed = self.sandbox.send("GET", "/v2/transactions", headers={"Authorization": "Apikey key-of-the-list"}).json
                    found = {record["tid"]: record["cusumBalance"] for record in listed["data"]["records"]}
                    self.assertEqual(found, {paid["bank_reference"]: 45000, nowhere["bank_reference"]: 91000})


class Registration(SandboxTest):
    def test_probes(self):
        for rail in ("payos", "casso", "vietqr"):
            with self.subTest(rail):
                self.open_stall()
                made = self.connect(rail)
                before = self.service.database.counts()
                answer = self.sandbox.must("POST", "/setup/probe", {"rail_account": made[0]}).json
                self.assertTrue(answer["content"], answer)
                self.assertEqual(answer["status"], 200)
                self.assertEqual(self.service.database.counts(), before)

    def test_a_service_that_refuses_the_probe_is_told_of(self):
        for rail in ("payos", "casso", "vietqr"):
            with self.subTest(rail):
                self.open_stall()
                body = {"place": self.market.market, "rail": rail, "name": rail, "channel": "bank", "secret": ALL_SECRETS[rail]}
                answer = self.market.must("POST", "/v1/rail-accounts", body)
                self.sandbox.connect([(answer["id"], rail, answer["address"], ALL_SECRETS[rail] + "x")], self.account)
                probe = self.sandbox.must("POST", "/setup/probe", {"rail_account": answer["id"]}).json
                self.assertFalse(probe["content"], probe)


class Settlement(SandboxTest):
    """A merchant contract's money comes the next day, net of the fee, in one sum with the batch's name."""

    def run_day(self, day, contract):
        """Both files of a day, and what the run makes of them."""
        for side, path in (("provider", "/providers/daily-file"), ("bank", "/bank/camt053")):
            file = self.sandbox.must("GET", f"{path}?rail_account={contract}&date={day}").bytes
            stored = self.market.send_file(side, contract, day, file)
            self.assertLess(stored.status, 300, stored)
        return self.market.must("POST", "/v1/recon/runs", {"date": day, "partner": contract})

    def play(self, day, contract):
        run = self.run_day(day, contract)
        self.assertEqual([row for row in run["breaks"] if row["count"]], [])
        self.assertTrue(all(row["holds"] for row in run["equations"]), run["equations"])
        return run

    def test_two_days_without_a_break(self):
        for rail in CONTRACTS:
            with self.subTest(rail):
                self.open_stall(channel="provider")
                (contract,) = self.connect(rail, channel="provider", fee_basis_points=80)
                for amount in (45000, 120000, 60000):
                    payment = self.market.ask(amount)
                    self.assertTrue(self.sandbox.pay(payment, faults=[{"duplicates": 1}])["notifications"][0]["content"])
                    self.becomes(payment, "paid")
                self.market.key = self.service.make_key("recon:read", "recon:write")
                today = day_from_today(0)
                run = self.play(today, contract)
                self.assertEqual((run["matched"]["count"], run["matched"]["sum"]["amount"]), (3, 225000))
                self.assertGreater(run["waiting"]["count"], 0, "the pay-out of tomorrow")
                run = self.play(day_from_today(1), contract)
                sums = {row["name"]: row["left"]["amount"] for row in run["equations"]}
                self.assertEqual((sums["batch sums"], sums["bank days"], run["waiting"]["count"]), (223200, 223200, 0), "less 0.8 %")

    def test_a_wrong_file_is_a_break(self):
        self.open_stall(channel="provider")
        (contract,) = self.connect("momo", channel="provider")
        for amount in (45000, 120000):
            self.sandbox.pay(self.market.ask(amount))
        self.sandbox.must("POST", "/setup/breaks", {"date": day_from_today(0), "missing_at_provider": 1})
        try:
            self.market.key = self.service.make_key("recon:read", "recon:write")
            run = self.run_day(day_from_today(0), contract)
            self.assertEqual(sum(row["count"] for row in run["breaks"]), 1, run["breaks"])
        finally:
            self.sandbox.must("POST", "/setup/breaks", {"date": day_from_today(0)})
