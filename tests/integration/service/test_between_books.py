"""Amounts from one book to another over HTTP: what is answered, what is refused, and that a service which dies at any step ends
each of them once."""
import http.client
import pathlib
import subprocess
import threading
import time
import unittest
import uuid

import shared
from refusals import uuid_of
from service import Database, Service
from test_instances import free_port
from test_ledger import instant, money, transfer_id

PATH = "/v1/ledger/transfers/between"
AUDIT = pathlib.Path(__file__).resolve().parents[3] / "deploy/audit/run"


class Books:
    """Two books: `here` with cash 1 and a card 2 that cannot be overdrawn and has 100,000 on it; `there` with a shop 3."""

    def __init__(self, service, key):
        self.service, self.key = service, key
        self.here, self.there = self.make("Đây"), self.make("Kia")
        self.open(self.here, {"number": 1}, {"number": 2, "floor": 0})
        self.open(self.there, {"number": 3}, {"number": 4, "ceiling": 50000})
        self.must(201, self.post("/v1/ledger/transfers", {"id": transfer_id(), "book": self.here, "debit": 2, "credit": 1, "amount": money(100000)}))

    def post(self, path, body, **headers):
        return self.service.send("POST", path, body, {"Authorization": "Bearer " + self.key, "Content-Type": "application/json", "Accept-Language": "en",
                                                      **headers})

    @staticmethod
    def must(status, answer):
        if answer.status != status:
            raise AssertionError(answer)
        return answer.json

    def make(self, name):
        return self.must(201, self.post("/v1/ledger/books", {"name": name}, **{"Idempotency-Key": uuid.uuid4().hex}))["book"]

    def open(self, book, *accounts):
        results = self.must(200, self.post(f"/v1/ledger/books/{book}/accounts", {"accounts": list(accounts)}))["results"]
        assert all(r["status"] == "open" for r in results), results

    def wish(self, amount=45000, to=3, **more):
        return {"id": transfer_id(), "credit": {"book": self.here, "account": 2}, "debit": {"book": self.there, "account": to}, "amount": money(amount), **more}

    def send(self, wish):
        return self.post(PATH, wish)

    def read(self, book, identity):
        return self.service.send("GET", f"/v1/ledger/books/{book}/between/{identity}", None, {"Authorization": "Bearer " + self.key, "Accept-Language": "en"})

    def balance(self, book, account):
        return int(self.service.database.value(f"SELECT balance FROM account_balance WHERE book_id = {book} AND account_no = {account}") or 0)

    def balances(self):
        """The card, the shop, and the two transit accounts."""
        return (self.balance(self.here, 2), self.balance(self.there, 3), self.balance(self.here, f"-{self.there}"), self.balance(self.there, f"-{self.here}"))


class BetweenBooks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = shared.service()
        cls.key = cls.service.make_key("ledger:write", "ledger:read")

    @classmethod
    def tearDownClass(cls):
        cls.service.verify_books()

    def setUp(self):
        self.books = Books(self.service, self.key)

    def refused(self, status, code, answer, pointer=None):
        self.assertEqual((answer.status, answer.code), (status, code), answer)
        if pointer is not None:
            self.assertIn(pointer, [e["pointer"] for e in answer.json.get("errors", [])], answer)
        return answer.json

    def test_moves_once(self):
        wish = self.books.wish(reference="HD-17", code=1200)
        made = self.books.send(wish)
        self.assertEqual(made.status, 201, made)
        said = made.json
        self.assertEqual((said["id"], said["state"]["name"], said["state"]["finished"], said["amount"], said["reference"], said["code"]),
                         (wish["id"], "posted", True, money(45000), "HD-17", 1200))
        self.assertEqual(said["credit"], {"book": self.books.here, "account": 2, "seq": 2, "ended_seq": 3})
        self.assertEqual(said["debit"], {"book": self.books.there, "account": 3, "seq": 1})
        self.assertEqual(self.books.balances(), (55000, 45000, 45000, -45000))
        again = self.books.send(wish)
        self.assertEqual((again.status, again.json), (200, said))
        found = self.service.send("GET", made.headers["Location"], None, {"Authorization": "Bearer " + self.key})
        self.assertEqual((found.status, found.json), (200, said))
        self.assertEqual(self.books.balances(), (55000, 45000, 45000, -45000))
        transit = self.service.send("GET", f"/v1/ledger/books/{self.books.here}/accounts/-{self.books.there}", None, {"Authorization": "Bearer " + self.key})
        self.assertEqual((transit.status, transit.json["posted"]), (200, money(45000)), transit)
        listed = self.service.send("GET", f"/v1/ledger/books/{self.books.here}/accounts", None, {"Authorization": "Bearer " + self.key}).json["data"]
        self.assertEqual(listed[0], {name: value for name, value in transit.json.items() if name != "as_of"})
        self.refused(404, "not_found", self.books.read(self.books.there, wish["id"]))
        self.refused(404, "not_found", self.books.read(self.books.here, transfer_id()))

    def test_many_at_once(self):
        wishes = [self.books.wish(amount=100 + n) for n in range(40)]
        answers = {}

        def send(part):
            for wish in part:
                answers[wish["id"]] = self.books.send(wish)

        senders = [threading.Thread(target=send, args=(wishes[n::8],)) for n in range(8)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        self.assertEqual({a.status for a in answers.values()}, {201})
        moved = sum(wish["amount"]["amount"] for wish in wishes)
        self.assertEqual(self.books.balances(), (100000 - moved, moved, moved, -moved))

    def test_the_first_book_refuses(self):
        self.refused(409, "insufficient_funds", self.books.send(self.books.wish(amount=100001)))
        self.refused(422, "account_unknown", self.books.send({**self.books.wish(), "credit": {"book": self.books.here, "account": 9}}), "/credit/account")
        self.assertEqual(self.service.database.value(f"SELECT count(*) FROM between_books WHERE book_id = {self.books.here}"), "0")

    def test_the_other_book_refuses(self):
        for to, amount, status, code in ((404, 1000, 422, "account_unknown"), (4, 60000, 409, "limit_exceeded")):
            wish = self.books.wish(to=to, amount=amount)
            self.refused(status, code, self.books.send(wish), "/debit/account")
            said = self.books.read(self.books.here, wish["id"]).json
            self.assertEqual((said["state"]["name"], said["state"]["reason"]["code"], said["debit"]["seq"]), ("refused", code, None))
            self.refused(status, code, self.books.send(wish), "/debit/account")
            if to == 404:  # opened too late: this id is used up
                self.books.open(self.books.there, {"number": 404})
                self.refused(status, code, self.books.send(wish), "/debit/account")
        self.assertEqual(self.books.balances(), (100000, 0, 0, 0))

    def test_another_body_under_the_same_id(self):
        wish = self.books.wish(reference="A", event_at=instant(1_700_000_000))
        self.assertEqual(self.books.send(wish).status, 201)
        third = self.books.make("Ba")
        self.books.open(third, {"number": 3})
        for member, other, pointer in (("amount", money(45001), "/amount"), ("code", 1001, "/code"), ("reference", "B", "/reference"),
                                       ("event_at", instant(1_700_000_001), "/event_at"),
                                       ("credit", {"book": self.books.here, "account": 1}, "/credit/account"),
                                       ("debit", {"book": self.books.there, "account": 4}, "/debit/account"),
                                       ("debit", {"book": third, "account": 3}, "/debit/book")):
            with self.subTest(pointer):
                self.refused(409, "transfer_differs", self.books.send({**wish, member: other}), pointer)
        ordinary = transfer_id()
        self.books.must(201, self.books.post("/v1/ledger/transfers", {"id": ordinary, "book": self.books.here, "debit": 1, "credit": 2, "amount": money(45000)}))
        self.refused(409, "transfer_differs", self.books.send({**self.books.wish(), "id": ordinary}), "/id")

    def test_what_is_wrong_with_a_wish(self):
        market = shared.market()
        foreign = self.service.database.value(f"SELECT book_id FROM market WHERE market_id = '{uuid_of(market.market)}'")
        for change, status, code, pointer in (
                ({"id": "trf_x"}, 422, "validation_failed", "/id"), ({"amount": money(0)}, 422, "validation_failed", "/amount/amount"),
                ({"credit": {"book": "x", "account": 2}}, 422, "validation_failed", "/credit/book"),
                ({"debit": {"book": self.books.there, "account": -1}}, 422, "validation_failed", "/debit/account"),
                ({"debit": {"book": self.books.here, "account": 1}}, 422, "validation_failed", "/debit/book"),
                ({"debit": {"book": "4711", "account": 1}}, 404, "not_found", "/debit/book"),
                ({"debit": {"book": foreign, "account": 16}}, 403, "forbidden", "/debit/book"),
                ({"credit": {"book": foreign, "account": 16}}, 403, "forbidden", "/credit/book"),
                ({"event_at": instant(time.time() + 120)}, 422, "validation_failed", "/event_at"), ({"kind": "pending"}, 422, "unknown_field", "/kind"), ({"reference": "ạ" * 22}, 422, "validation_failed", "/reference")):
            with self.subTest(str(change)):
                self.refused(status, code, self.books.send({**self.books.wish(), **change}), pointer)

    def test_nobody_else_ends_the_hold(self):
        """Once it has arrived, giving it back as well would make money."""
        blocked = self.books.wish()
        with self.service.database.locked("between_books_decision"):
            answer = self.books.send(blocked)  # it has left, and cannot arrive yet
            self.assertEqual((answer.status, answer.json["state"]["name"], answer.json["debit"]["seq"]), (202, "pending", None), answer)
        self.service.database.wait_until(f"state = 2 FROM between_books WHERE movement_id = '{uuid_of(blocked['id'])}'")
        self.assertEqual(self.books.send(blocked).status, 200)
        for kind in ("post", "void"):
            answer = self.books.post("/v1/ledger/transfers", {"id": transfer_id(), "book": self.books.here, "kind": kind, "pending": blocked["id"]})
            self.assertGreaterEqual(answer.status, 400)
        self.assertEqual(self.books.balances(), (55000, 45000, 45000, -45000))


class Killed(unittest.TestCase):
    def setUp(self):
        self.database = Database()
        self.addCleanup(self.database.drop)

    def start(self, port=0, **settings):
        service = Service(shared.programs(), self.database, port, **settings)
        self.addCleanup(service.stop)
        return service

    def ended(self, wish):
        self.database.wait_until(f"state <> 1 FROM between_books WHERE movement_id = '{uuid_of(wish['id'])}'")

    def test_at_every_step(self):
        """A movement is three commits: it dies before and after each."""
        service = self.start()
        books = Books(service, service.make_key("ledger:write", "ledger:read"))
        left, arrived = 100000, 0
        for place in ("before", "after"):
            for commit in (1, 2, 3):
                for to in (3, 404):
                    with self.subTest(f"{place} commit {commit}, to {to}"):
                        service.stop()
                        books.service = service = self.start(CHO40_FAULT=f"ledger/segment/{place}=crash@{commit}")
                        wish = books.wish(amount=1000, to=to)
                        with self.assertRaises((OSError, http.client.HTTPException)):
                            books.send(wish)
                        service.process.wait(60)
                        books.service = service = self.start()
                        if (place, commit) != ("before", 1):
                            self.ended(wish)  # by the writer's rounds; nobody has asked again
                        answer = books.send(wish)
                        if to == 3:
                            left, arrived = left - 1000, arrived + 1000
                            self.assertIn(answer.status, (200, 201), answer)
                        else:
                            self.assertEqual((answer.status, answer.code), (422, "account_unknown"), answer)
                        self.assertEqual(books.balances(), (left, arrived, arrived, -arrived))
                        service.verify_books()
        self.assertEqual(self.database.value("SELECT count(*) FROM hold WHERE state = 1"), "0")
        audit = subprocess.run([AUDIT, self.database.url], capture_output=True, text=True, check=False)
        self.assertEqual(audit.returncode, 0, audit.stdout + audit.stderr)

    def test_the_writer_dies_and_the_other_goes_on(self):
        ports = free_port(), free_port()
        address = [f"http://127.0.0.1:{port}" for port in ports]
        prepared = self.start()
        books = Books(prepared, prepared.make_key("ledger:write", "ledger:read"))
        prepared.stop()
        writer = self.start(ports[0], CHO40_SERVER_CLUSTER_ADDRESS=address[0], CHO40_FAULT="ledger/segment/after=crash@2")
        other = self.start(ports[1], CHO40_SERVER_CLUSTER_ADDRESS=address[1])
        books.service = other
        wish = books.wish()
        answer = books.send(wish)  # arrived in the other book, and nobody has heard
        self.assertEqual(answer.status, 202, answer)
        writer.process.wait(60)
        self.ended(wish)
        self.assertEqual(books.send(wish).status, 200)
        self.assertEqual(books.balances(), (55000, 45000, 45000, -45000))
        other.verify_books()

    def test_two_writer_groups(self):
        """Each book has a writer of its own; the other one is away for a while."""
        ports = free_port(), free_port()
        prepared = self.start()
        books = Books(prepared, prepared.make_key("ledger:write", "ledger:read"))
        prepared.stop()
        self.database.value(f"UPDATE book SET writer_group = 'second' WHERE book_id = {books.there}")
        first, second = ({"CHO40_SERVER_CLUSTER_ADDRESS": f"http://127.0.0.1:{port}", "CHO40_DATABASE_WRITER_GROUP": group}
                         for port, group in zip(ports, ("main", "second")))
        books.service = self.start(ports[0], **first)
        wish = books.wish()
        waiting = books.send(wish)
        self.assertEqual((waiting.status, waiting.json["state"]["name"]), (202, "pending"), waiting)
        self.assertEqual(books.balances(), (100000, 0, 0, 0))
        other = self.start(ports[1], **second)
        self.ended(wish)
        self.assertEqual(books.send(wish).status, 200)
        self.assertEqual(books.balances(), (55000, 45000, 45000, -45000))
        self.assertEqual(books.send(books.wish(amount=5000)).status, 201)
        # The same asked of the other one, and back again.
        books.service = other
        self.assertEqual(books.send(books.wish(amount=1000)).status, 201)
        back = {**books.wish(amount=500), "credit": {"book": books.there, "account": 3}, "debit": {"book": books.here, "account": 2}}
        self.assertEqual(books.send(back).status, 201)
        self.assertEqual(books.balances(), (49500, 50500, 50500, -50500))
        self.assertEqual(books.must(201, books.post("/v1/ledger/transfers", {"id": transfer_id(), "book": books.here, "debit": 1, "credit": 2,
                                                                             "amount": money(1)}))["seq"], 9)
        other.verify_books()


if __name__ == "__main__":
    unittest.main()
