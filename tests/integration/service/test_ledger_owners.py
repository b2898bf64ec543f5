"""Whose a book of the ledger is: what a stranger to it is answered, and who is none."""
import json
import unittest
import uuid

import shared
from service import Browser
from test_ledger import instant, money, transfer_id

WRITE, READ = "ledger:write", "ledger:read"


class Owners(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = shared.service()
        made = cls.service.command("user", "key", "add", "my books", "--scope", WRITE, "--scope", READ, "--json")
        cls.key, cls.key_id = (json.loads(made.stdout)[name] for name in ("key", "id"))
        cls.book = cls.ask(cls.key, "POST", "/v1/ledger/books", {"name": "Thẻ ăn"}).json["book"]
        cls.accounts = {"accounts": [{"number": 1}, {"number": 2}]}
        cls.ask(cls.key, "POST", f"/v1/ledger/books/{cls.book}/accounts", cls.accounts)
        cls.posted = cls.transfer(cls.book)
        cls.ask(cls.key, "POST", "/v1/ledger/transfers", cls.posted)

    @classmethod
    def ask(cls, key, method, path, body=None):
        headers = {"Authorization": "Bearer " + key, "Content-Type": "application/json", "Accept-Language": "en"}
        if method == "POST" and path.endswith(("/books", "/periods")):
            headers["Idempotency-Key"] = uuid.uuid4().hex
        return cls.service.send(method, path, body, headers)

    @staticmethod
    def transfer(book):
        return {"id": transfer_id(), "book": book, "debit": 1, "credit": 2, "amount": money(1000)}

    def everything(self, book):
        """Each thing that can be asked of a book."""
        line = self.transfer(book)
        yield "POST", "/v1/ledger/transfers", line
        yield "POST", "/v1/ledger/transfers/bulk", {"book": book, "transfers": [{name: line[name] for name in line if name != "book"}]}
        yield "POST", f"/v1/ledger/books/{book}/accounts", self.accounts
        yield "POST", f"/v1/ledger/books/{book}/periods", {"closed_before": instant(0)}
        period = "from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z"
        for path in ("", "/accounts", "/holds?account=1", "/accounts/1", "/accounts/1/entries", f"/accounts/1/statement?{period}", "/transfers?account=1", f"/transfers/{self.posted['id']}",
                     "/holds", "/journal"):
            yield "GET", f"/v1/ledger/books/{book}{path}", None

    def test_nothing_goes_into_or_out_of_a_strangers_book(self):
        stranger = self.service.make_key(WRITE, READ)
        own = self.ask(stranger, "POST", "/v1/ledger/books", {"name": "Sổ khác"}).json["book"]
        self.assertEqual(self.ask(stranger, "POST", f"/v1/ledger/books/{own}/accounts", self.accounts).status, 200)
        mine, theirs = ({"book": book, "account": 1} for book in (own, self.book))
        for credit, debit, pointer in ((mine, theirs, "/debit/book"), (theirs, mine, "/credit/book")):
            wish = {"id": transfer_id(), "credit": credit, "debit": debit, "amount": money(1000)}
            answer = self.ask(stranger, "POST", "/v1/ledger/transfers/between", wish)
            self.assertEqual((answer.status, answer.code), (404, "not_found"), answer)
            self.assertEqual([error["pointer"] for error in answer.json["errors"]], [pointer])
        self.assertEqual(self.ask(stranger, "GET", f"/v1/ledger/books/{self.book}/between/{transfer_id()}").status, 404)

    @staticmethod
    def said(answer):
        return answer.status, {name: value for name, value in answer.json.items() if name not in ("request_id", "instance")}

    def test_a_stranger_is_answered_as_if_there_were_no_such_book(self):
        stranger = self.service.make_key(WRITE, READ)
        for (method, path, body), (_, nowhere, other_body) in zip(self.everything(self.book), self.everything("1")):
            with self.subTest(f"{method} {path}"):
                answer = self.ask(stranger, method, path, body)
                self.assertEqual((answer.status, answer.code), (404, "not_found"), answer)
                self.assertEqual(self.said(answer), self.said(self.ask(stranger, method, nowhere, other_body)))
        self.assertEqual(self.service.database.value(f"SELECT count(*) FROM journal WHERE book_id = {self.book}"), "1")

    def test_keys_of_one_owner_share_their_books(self):
        beside = self.service.make_key(WRITE, READ, owner=self.key_id)
        for method, path, body in self.everything(self.book):
            if method == "GET":
                self.assertEqual(self.ask(beside, method, path, body).status, 200, path)
        self.assertEqual(self.ask(beside, "POST", f"/v1/ledger/books/{self.book}/accounts", self.accounts).status, 200)
        made = self.ask(beside, "POST", "/v1/ledger/books", {"name": "Cổ phần"}).json["book"]
        self.assertEqual(self.ask(self.key, "GET", f"/v1/ledger/books/{made}/journal").status, 200)
        refused = self.service.command("user", "key", "add", "tests", "--scope", WRITE, "--owner", "nobody.at.all")
        self.assertEqual(refused.returncode, 2, refused.stderr)

    def test_people(self):
        login = self.service.make_user("owner-" + uuid.uuid4().hex[:12], "operator")
        person = Browser(self.service, login)
        # Operators see what happens on the platform; they do not write into other people's books.
        self.assertEqual(person.call("GET", f"/v1/ledger/books/{self.book}/journal").status, 200)
        answer = person.call("POST", "/v1/ledger/transfers", self.transfer(self.book), Accept_Language="en")
        self.assertEqual((answer.status, answer.code), (403, "forbidden"), answer)
        own = person.call("POST", "/v1/ledger/books", {"name": "Sổ của tôi"}).json["book"]
        self.assertEqual(person.call("POST", f"/v1/ledger/books/{own}/accounts", self.accounts).status, 200)
        key = self.service.make_key(WRITE, owner=login)
        self.assertEqual(self.ask(key, "POST", "/v1/ledger/transfers", self.transfer(own)).status, 201)
        self.assertEqual(self.ask(self.key, "POST", "/v1/ledger/transfers", self.transfer(own)).status, 404)

    def listed(self, key, path="/v1/ledger/books"):
        found, cursor = [], ""
        while True:
            page = self.ask(key, "GET", f"{path}?limit=2{cursor}").json
            found += page["data"]
            if not page["page"]["has_more"]:
                return found
            cursor = "&cursor=" + page["page"]["next"]

    def test_everybody_is_listed_their_own_books(self):
        key = self.service.make_key(WRITE, READ)
        made = [self.ask(key, "POST", "/v1/ledger/books", {"name": f"Sổ {n}"}).json for n in range(5)]
        nobodys = self.ask(key, "POST", "/v1/ledger/books", {"name": "Sổ cũ"}).json
        self.service.database.value(f"UPDATE book SET owner_id = NULL WHERE book_id = {nobodys['book']}")
        numbers = [int(book["book"]) for book in self.listed(key)]
        self.assertEqual(numbers, sorted(set(numbers)))
        self.assertLessEqual({int(book["book"]) for book in made + [nobodys]}, set(numbers))
        self.assertNotIn(int(self.book), numbers)
        self.assertIn(self.book, [book["book"] for book in self.listed(self.key)])
        operator = Browser(self.service, self.service.make_user("lister-" + uuid.uuid4().hex[:12], "operator"))
        seen = operator.call("GET", "/v1/ledger/books?limit=100").json["data"]
        self.assertLessEqual({self.book, made[0]["book"]}, {book["book"] for book in seen})
        self.assertEqual({book["kind"] for book in seen}, {"general"})
        bound = self.service.make_key(READ, place=shared.market().market)
        self.assertEqual(self.ask(bound, "GET", "/v1/ledger/books").json["data"], [])
        # One of them, as it was answered when it was made, and after a period was closed.
        path = "/v1/ledger/books/" + made[0]["book"]
        self.assertEqual(self.ask(key, "GET", path).json, made[0])
        self.assertIsNone(made[0]["closed_before"])
        before = instant(1_700_000_000)
        self.assertEqual(self.ask(key, "POST", path + "/periods", {"closed_before": before}).status, 200)
        self.assertEqual(self.ask(key, "GET", path).json["closed_before"], before)

    def test_books_of_before_are_nobodys_in_particular(self):
        old = self.ask(self.key, "POST", "/v1/ledger/books", {"name": "Sổ cũ"}).json["book"]
        self.service.database.value(f"UPDATE book SET owner_id = NULL WHERE book_id = {old}")
        stranger = self.service.make_key(WRITE, READ)
        self.assertEqual(self.ask(stranger, "POST", f"/v1/ledger/books/{old}/accounts", self.accounts).status, 200)
        self.assertEqual(self.ask(stranger, "POST", "/v1/ledger/transfers", self.transfer(old)).status, 201)
        self.assertEqual(self.ask(stranger, "GET", f"/v1/ledger/books/{old}/journal").status, 200)

    def test_a_key_of_one_place_makes_no_book_and_is_told_why(self):
        bound = self.service.make_key(WRITE, place=shared.market().stall)
        answer = self.ask(bound, "POST", "/v1/ledger/books", {"name": "Sổ"})
        self.assertEqual((answer.status, answer.code), (403, "forbidden"), answer)
        self.assertIn("one place", answer.json["detail"])
        self.assertEqual(self.ask(bound, "POST", "/v1/ledger/transfers", self.transfer(self.book)).status, 404)


if __name__ == "__main__":
    unittest.main()
