"""Every provider tells the service of money in its own way, and is answered in its own way; secrets are renewed without a gap."""
import datetime
import itertools
import time
import unittest
import uuid

import shared
from providers import SECRETS, SENDERS
from refusals import Refusals, metric_of_rail
from service import PAYOS_SECRET

_numbers = itertools.count(int(time.time()) * 1000)


def next_number():
    return next(_numbers)


def in_seconds(seconds):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


class RailTest(Refusals):
    def setUp(self):
        self.market = shared.market()
        # A number that a merchant account of every provider may have: ZaloPay's is a whole number.
        self.account = str(10**12 + uuid.uuid4().int % 10**12)
        self.market.account = self.account
        self.market.stall = self.market.must("POST", "/v1/stalls", {
            "market": self.market.market, "household": self.market.household, "name": "Cô Hạnh", "number": "14", "activity": "a",
            "receiving_account": {"bank_bin": "970436", "account_number": self.account, "account_name": "TRAN THI HANH"}})["id"]

    def connect(self, rail, secret=None):
        secret = secret or SECRETS[rail]
        made = self.market.must("POST", "/v1/rail-accounts",
                                {"place": self.market.market, "rail": rail, "name": rail, "channel": "bank", "secret": secret})
        self.assertEqual(made["address"], f"/rails/{rail}/{made['id']}")
        self.assertIsNone(made["previous_secret_until"])
        self.rail_account = made["id"]
        return SENDERS[rail](self.service, made["address"], secret)

    def counted(self, rail, outcome):
        return self.service.metrics().get(metric_of_rail(rail, outcome), 0)

    def tearDown(self):
        self.service.verify_books()


class BankRails(RailTest):
    """SePay and Casso tell of a bank account."""

    def test_paid_and_told_again(self):
        for rail in ("sepay", "casso"):
            with self.subTest(rail):
                sender, payment, number = self.connect(rail), self.market.ask(45000), next_number()
                for outcome in ("booked", "repeated", "repeated"):
                    before = self.counted(rail, outcome)
                    answer = sender.tell(self.account, number, 45000, payment["reference"] + " tien ca")
                    self.assertEqual((answer.status, answer.json), (200, {"success": True}))
                    self.assertEqual(self.counted(rail, outcome), before + 1, outcome)
                self.assertEqual(self.market.state(payment), "paid")

    def test_both_tell_of_one_transfer(self):
        payment, number = self.market.ask(45000), next_number()
        for rail in ("sepay", "casso"):
            field = {"sepay": "referenceCode", "casso": "reference"}[rail]
            self.assertEqual(self.connect(rail).tell(self.account, number, 45000, payment["reference"], **{field: f"FT{number}"}).status, 200)
        self.assertEqual(self.market.payment(payment)["received"]["amount"], 45000)
        self.assertEqual([line["kind"] for line in self.market.day_book()["lines"]], ["matched"])

    def test_money_out_is_no_income(self):
        for rail, change in {"sepay": {"out": True, "amount": 45000}, "casso": {"amount": -45000}}.items():
            before = self.counted(rail, "money_out")
            self.assertEqual(self.connect(rail).tell(self.account, next_number(), memo="tra lai", **change).status, 200)
            self.assertEqual(self.counted(rail, "money_out"), before + 1)
        self.assertEqual(self.market.day_book()["lines"], [])

    def test_signed_too_long_ago_or_in_the_future(self):
        for rail in ("sepay", "casso"):
            sender, number = self.connect(rail), next_number()
            for seconds in (-330, 330):
                with self.subTest(f"{rail} {seconds}"):
                    written, before = self.service.database.counts(), self.counted(rail, "clock_window")
                    answer = sender.tell(self.account, number, 45000, at=time.time() + seconds)
                    self.assertEqual((answer.status, answer.json["code"]), (401, "bad_signature"))
                    self.assertEqual(self.counted(rail, "clock_window"), before + 1)
                    self.assertEqual(self.service.database.counts(), written)
            with self.subTest(f"{rail}, the provider's next try"):
                self.assertEqual(sender.tell(self.account, number, 45000, at=time.time() - 200).status, 200)

    def test_sepay_by_key_and_by_token(self):
        for secret in ("apikey:key-of-the-market", "bearer:token-of-the-market"):
            with self.subTest(secret):
                sender = self.connect("sepay", secret)
                self.assertEqual(sender.tell(self.account, next_number(), 1000).status, 200)
                sender.secret = secret[:-1] + "x"
                self.assertEqual(sender.tell(self.account, next_number(), 1000).status, 401)

    def test_cassos_sample_books_nothing(self):
        sender = self.connect("casso")
        written = self.service.database.counts()
        self.assertEqual(sender.tell("88888888", 0, 599000, reference="MA_GIAO_DICH_THU_NGHIEM").json, {"success": True})
        self.assertEqual(self.service.database.counts(), written)


class OrderRails(RailTest):
    """VNPAY, MoMo and ZaloPay tell of an order of ours and of a merchant account."""

    def answers(self, rail, answer):
        if rail == "momo":
            self.assertEqual(answer.text, "")
            return answer.status
        self.assertEqual(answer.status, 200, answer)
        return answer.json["RspCode" if rail == "vnpay" else "return_code"]

    def test_each_outcome(self):
        first = {"vnpay": "00", "momo": 204, "zalopay": 1}
        again = {"vnpay": "02", "momo": 204, "zalopay": 2}
        of_vnpay = {"amount": "04", "unknown": "01", "second": "02"}
        for rail in first:
            self.setUp()  # an account for each: the same money on one account over two rails would be one transfer
            sender = self.connect(rail)

            def tell(number, amount, order, expected, what):
                with self.subTest(f"{rail} {what}"):
                    self.assertEqual(self.answers(rail, sender.tell(self.account, number, amount, order=order)), expected)

            payment, number = self.market.ask(45000), next_number()
            tell(number, 45000, payment["reference"], first[rail], "paid")
            tell(number, 45000, payment["reference"], again[rail], "told again")
            self.assertEqual(self.market.state(payment), "paid")
            tell(next_number(), 45000, payment["reference"], of_vnpay["second"] if rail == "vnpay" else first[rail], "a second payment")

            payment, number = self.market.ask(45000), next_number()
            tell(number, 40000, payment["reference"], of_vnpay["amount"] if rail == "vnpay" else first[rail], "too little")
            tell(number, 40000, payment["reference"], again[rail], "too little, told again")
            self.assertEqual(self.market.state(payment), "underpaid", "the money is booked, whatever the answer says of the order")

            number = next_number()
            tell(number, 7000, "CQNOBODYS", of_vnpay["unknown"] if rail == "vnpay" else first[rail], "an order nobody knows")
            tell(number, 7000, "CQNOBODYS", again[rail], "an order nobody knows, told again")
            lines = sorted((line["kind"], line["amount"]["amount"]) for line in self.market.day_book()["lines"])
            self.assertEqual(lines, [("duplicate", 45000), ("matched", 45000), ("nameless", 7000), ("short", 40000)])

    def test_a_payment_that_failed_moves_nothing(self):
        for rail, change, expected in (("vnpay", {"response": "24"}, "00"), ("momo", {"result": 1006}, 204)):
            sender, payment = self.connect(rail), self.market.ask(45000)
            written, before = self.service.database.counts(), self.counted(rail, "no_money")
            self.assertEqual(self.answers(rail, sender.tell(self.account, next_number(), 45000, order=payment["reference"], **change)), expected)
            self.assertEqual((self.service.database.counts(), self.counted(rail, "no_money")), (written, before + 1))
            self.assertEqual(self.market.state(payment), "waiting")

    def test_refusals(self):
        for rail, wrong in {"vnpay": "97", "momo": 401, "zalopay": -1}.items():
            sender = self.connect(rail)
            sender.secret += "x"
            before = self.counted(rail, "bad_signature")
            answer = sender.tell(self.account, next_number(), 45000)
            self.assertEqual(answer.status if rail == "momo" else self.answers(rail, answer), wrong)
            self.assertEqual(self.counted(rail, "bad_signature"), before + 1)
        nobody = self.connect("vnpay").tell("NOBODYS1", next_number(), 45000)
        self.assertEqual(self.answers("vnpay", nobody), "01", "an operator has fifty minutes to connect the merchant account")

    def test_doors(self):
        sender = self.connect("vnpay")
        self.assertEqual(self.service.send("POST", sender.address, b"{}", {"Content-Type": "application/json"}).status, 405)
        self.assertEqual(self.service.send("GET", self.market.payos_path).status, 405)
        nobody = "rla_" + "0" * 26
        for path in (f"/rails/vnpay/{nobody}", f"/rails/nobody/{self.rail_account}", sender.address + "/api/token_generate", sender.address.replace("vnpay", "momo")):
            answer = self.service.send("GET" if "vnpay" in path else "POST", path, None if "vnpay" in path else b"{}", {"Content-Type": "application/json"})
            self.assertIn((answer.status, answer.code), {(404, "not_found"), (405, "method_not_allowed")}, path)
        too_long = self.service.send("GET", sender.address + "?vnp_A=" + "1" * 5000)
        self.assertEqual((too_long.status, too_long.json["RspCode"]), (200, "99"))
        paths = self.service.send("GET", "/openapi.json").json["paths"]
        self.assertEqual(paths["/rails/vnpay/{account}"]["get"]["operationId"], "rails.vnpay")
        self.assertIn("204", paths["/rails/momo/{account}"]["post"]["responses"])
        self.assertIn("/rails/vietqr/{account}/bank/api/transaction-sync", paths)


class Secrets(RailTest):
    def renew(self, secret, until, key=None):
        return self.market.call("POST", f"/v1/rail-accounts/{self.rail_account}/secret", {"secret": secret, "previous_until": until}, key=key)

    def end(self, **body):
        return self.market.call("POST", f"/v1/rail-accounts/{self.rail_account}/previous-secret", body)

    def used(self, which, rail="sepay"):
        return self.service.metrics().get(f'cho40_rail_secret_used_total{{account="{self.rail_account}",rail="{rail}",secret="{which}"}}', 0)

    def test_two_count_until_the_old_one_is_ended(self):
        old = self.connect("sepay")
        new = type(old)(self.service, old.address, "hmac:another-secret")
        tell = lambda sender: sender.tell(self.account, next_number(), 1000).status
        self.assertEqual((tell(old), tell(new)), (200, 401))
        key = str(uuid.uuid4())
        until = in_seconds(3600)
        made = self.renew(new.secret, until, key)
        self.assertEqual(made.status, 200, made)
        self.assertEqual((made.json["version"], made.headers["ETag"]), (2, '"2"'))
        self.assertEqual(made.json["previous_secret_until"][:19], until[:19])
        self.assertEqual(made.json["place"], self.market.market)
        self.assertNotIn("another-secret", made.text)
        self.assertEqual(self.renew(new.secret, until, key).text, made.text, "the same intention twice")
        before = self.used("current"), self.used("previous")
        self.assertEqual((tell(old), tell(new), tell(new)), (200, 200, 200))
        self.assertEqual((self.used("current"), self.used("previous")), (before[0] + 2, before[1] + 1))

        self.assertEqual(self.end(until=in_seconds(60)).json["version"], 3)
        self.assertEqual(tell(old), 200)
        self.assertIsNone(self.end().json["previous_secret_until"])
        self.assertEqual((tell(old), tell(new)), (401, 200))
        self.assertEqual((self.end().status, self.end().code), (409, "invalid_state"))
        self.assertNotIn("another-secret", "".join(self.service.log()))

    def test_an_old_one_that_is_not_wanted_ends_at_once(self):
        old = self.connect("sepay")
        self.assertEqual(self.renew("hmac:another-secret", in_seconds(-1)).status, 200)
        self.assertEqual(old.tell(self.account, next_number(), 1000).status, 401)

    def test_at_most_two(self):
        first = self.connect("sepay")
        for secret in ("hmac:the-second-one", "hmac:the-third-one"):
            self.assertEqual(self.renew(secret, in_seconds(3600)).status, 200)
        self.assertEqual(first.tell(self.account, next_number(), 1000).status, 401)
        first.secret = "hmac:the-second-one"
        self.assertEqual(first.tell(self.account, next_number(), 1000).status, 200)

    def test_the_current_one_given_again_keeps_the_one_before_it(self):
        old = self.connect("sepay")
        new = type(old)(self.service, old.address, "hmac:another-secret")
        tell = lambda sender: sender.tell(self.account, next_number(), 1000).status
        self.assertEqual(self.renew(new.secret, in_seconds(3600)).status, 200)
        later = in_seconds(7200)
        again = self.renew(new.secret, later)
        self.assertEqual((again.status, again.json["previous_secret_until"][:19]), (200, later[:19]), "its end is set anew")
        self.assertEqual((tell(old), tell(new)), (200, 200))
        ended = self.renew(new.secret, in_seconds(-1))
        self.assertIsNone(ended.json["previous_secret_until"])
        self.assertEqual((tell(old), tell(new)), (401, 200))
        alone = self.renew(new.secret, in_seconds(3600))
        self.assertEqual((alone.status, alone.json["previous_secret_until"]), (200, None), "what has ended does not come back")
        self.assertEqual((tell(old), tell(new)), (401, 200))

    def test_time_ends_it(self):
        old = self.connect("sepay")
        until = time.time() + 2
        self.assertEqual(self.renew("hmac:another-secret", in_seconds(2)).status, 200)
        tell = lambda: old.tell(self.account, next_number(), 1000).status
        heard = tell()
        while heard == 200 and time.time() < until + 10:
            heard = tell()
        self.assertEqual(heard, 401)

    def test_refusals(self):
        self.connect("sepay")
        wrong = {
            "a form of another rail": ({"secret": "user:password", "previous_until": in_seconds(60)}, "/secret", "invalid_format"),
            "no proof": ({"secret": "none:nothing", "previous_until": in_seconds(60)}, "/secret", "invalid_format"),
            "for ever": ({"secret": "hmac:another-secret", "previous_until": in_seconds(91 * 86400)}, "/previous_until", "too_large"),
            "no end": ({"secret": "hmac:another-secret"}, "/previous_until", "required"),
        }
        for name, (body, pointer, code) in wrong.items():
            with self.subTest(name):
                answer = self.market.call("POST", f"/v1/rail-accounts/{self.rail_account}/secret", body)
                self.assertEqual((answer.status, [(e["pointer"], e["code"]) for e in answer.json["errors"]]), (422, [(pointer, code)]))
        other = self.market.call("POST", f"/v1/rail-accounts/rla_{'0' * 26}/secret", {"secret": "hmac:another-secret", "previous_until": in_seconds(60)})
        self.assertEqual((other.status, other.code), (404, "not_found"))

    def test_registration_knows_every_rail_and_the_form_of_its_secret(self):
        wrong = {"payos": "two words here", "vietqr": "no-password", "sepay": "whsec_without_mode", "casso": "v1:short", "vnpay": "with a space",
                 "momo": "only-one-key", "zalopay": "with a space"}
        document = self.service.send("GET", "/openapi.json").json["components"]["schemas"]["rail_account_create"]["properties"]
        self.assertEqual(set(document["rail"]["enum"]), set(wrong))
        for rail, secret in wrong.items():
            self.assertIn(f"{rail}: ", document["secret"]["description"])
            with self.subTest(rail):
                body = {"place": self.market.market, "rail": rail, "name": rail, "channel": "provider", "secret": secret}
                answer = self.market.call("POST", "/v1/rail-accounts", body)
                self.assertEqual((answer.status, [(e["pointer"], e["code"]) for e in answer.json["errors"]]), (422, [("/secret", "invalid_format")]))
        answer = self.market.call("POST", "/v1/rail-accounts", {"place": self.market.market, "rail": "carrier pigeon", "name": "x", "channel": "bank",
                                                                "secret": PAYOS_SECRET})
        self.assertEqual([(e["pointer"], e["code"]) for e in answer.json["errors"]], [("/rail", "unknown_value")])


if __name__ == "__main__":
    unittest.main()
