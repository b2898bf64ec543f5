"""One fault at a time in a copy of a right ledger: the audit finds it under its own name, at its place, and says nothing that
does not follow from it."""
import hashlib
import unittest
import uuid

from database import ROOT, Database
from ledger import EXPIRE, PENDING, POST, POSTED, SECOND, UNDO, Account, busy_ledger, copied, stored

# What follows from any change of a row below a stored node.
PROOF = {"head_root", "node_wrong"}


def value(name, thing):
    if thing is None:
        return "NULL"
    return "'" + (copied(name, thing) if name.endswith("_at") else str(thing)).replace("'", "''") + "'"


class Books:
    """The ledger of these tests, and what the faults need to know of it."""

    def __init__(self):
        self.ledger = busy_ledger(seed=40, batches=220)
        self.newest = {}
        for row in self.ledger.rows:
            self.newest[row["book_id"]] = row["seq"]
        open_holds = [hold for hold in self.ledger.open_holds() if hold["flags"] == 0 and hold["amount"] > 1]
        self.open_hold = next(hold for hold in open_holds if hold["expires_at"] is None)
        self.timed_hold = next(hold for hold in open_holds if hold["expires_at"])
        self.ended_hold = next(hold for hold in self.ledger.holds.values() if hold["state"] == 3 and hold["flags"] == 0)

    def row(self, book, number):
        return next(row for row in self.ledger.rows if row["book_id"] == book and row["seq"] == number)

    def posted_row(self, book, first, last):
        """A plain transfer whose two accounts have later rows and stood at different balances before."""
        for row in self.ledger.rows:
            if row["book_id"] == book and first <= row["seq"] <= last and row["kind"] == POSTED and row["flags"] == 0:
                later = {other[side] for other in self.ledger.rows if other["book_id"] == book and other["seq"] > row["seq"]
                         for side in ("debit_account", "credit_account")}
                if {row["debit_account"], row["credit_account"]} <= later and row["debit_balance"] - row["amount"] != row["credit_balance"] + row["amount"]:
                    return row
        raise LookupError("no such row")

    def account(self, book, closed, limited=False):
        return next(number for number, account in self.ledger.books[book].items()
                    if account.closed == closed and (account.floor is not None or account.ceiling is not None) == limited)

    def append(self, book, debit, credit, amount, kind=POSTED, **other):
        """SQL that adds a row as the engine would have: in order, with its balances and its batch."""
        accounts = self.ledger.books[book]
        moved = amount if kind in (POSTED, POST) else 0
        row = {"book_id": book, "seq": self.newest[book] + 1, "transfer_id": uuid.uuid4(), "debit_account": debit, "credit_account": credit,
               "amount": amount, "debit_balance": accounts[debit].balance + moved, "credit_balance": accounts[credit].balance - moved,
               "event_at": self.ledger.now, "recorded_at": self.ledger.now, "part": self.ledger.parts[-1]["part"], "code": 100, "kind": kind,
               "flags": 0, "reference": "", "pending_id": None, "expires_at": None, **other}
        row = stored(row)
        return (f"INSERT INTO journal ({', '.join(row)}) VALUES ({', '.join(value(name, thing) for name, thing in row.items())});"
                f"INSERT INTO ledger_batch VALUES ('main', 99, 1, 1, {value('recorded_at', self.ledger.now)});")

    def end(self, hold, kind, amount, **other):
        """SQL that ends a hold by a new row, also in the table of holds."""
        ended_by = uuid.uuid4()
        return (self.append(hold["book_id"], hold["debit_account"], hold["credit_account"], amount, kind, transfer_id=ended_by,
                            pending_id=hold["hold_id"], **other)
                + f"ALTER TABLE hold DROP CONSTRAINT hold_posted_within; UPDATE hold SET state = {kind - 1},"
                  f" posted_amount = {amount if kind == POST else 0}, ended_by = '{ended_by}', ended_seq = {self.newest[hold['book_id']] + 1},"
                  f" ended_at = {value('ended_at', self.ledger.now)} WHERE hold_id = '{hold['hold_id']}'")


def following(identity, words):
    """The id that follows from an UUIDv7: its time, and a digest of the words and itself."""
    parts = "".join(f"{len(part)}:{part}" for part in (words, str(identity)))
    number = int.from_bytes(identity.bytes[:6] + hashlib.sha256(parts.encode()).digest()[6:16])
    return uuid.UUID(int=number & ~(15 << 76) & ~(3 << 62) | 7 << 76 | 2 << 62)


class Movement:
    """An amount on its way from book 2 to book 3, written step by step as the engine would."""

    def __init__(self, books, amount=4000):
        self.books, self.amount = books, amount
        self.id = uuid.UUID(int=1_772_000_000_123 << 80 | 7 << 76 | 2 << 62 | 4711)
        self.source, self.target = books.account(2, closed=False), books.account(3, closed=False)
        self.steps = {2: 0, 3: 0}
        self.sql = "INSERT INTO account (book_id, account_no, closed, opened_at) VALUES (2, -3, false, now()), (3, -2, false, now());"

    def row(self, book, debit, credit, amount, kind, **other):
        accounts = self.books.ledger.books[book]
        transit = -2 if book == 3 else -3
        accounts[transit] = Account()
        try:
            self.steps[book] += 1
            sql = self.books.append(book, debit, credit, amount, kind, seq=self.books.newest[book] + self.steps[book], **other)
        finally:
            del accounts[transit]
        self.sql += sql.replace("('main', 99, 1,", f"('main', 99, {book * 10 + self.steps[book]},")
        return self

    def leave(self):
        self.row(2, -3, self.source, self.amount, PENDING, transfer_id=self.id)
        self.sql += (f"INSERT INTO hold SELECT book_id, transfer_id, seq, debit_account, credit_account, amount, 0, code, reference, recorded_at, NULL, 1"
                     f" FROM journal WHERE transfer_id = '{self.id}';"
                     f"INSERT INTO between_books SELECT book_id, transfer_id, seq, credit_account, 3, {self.target}, amount, code, reference, event_at, 1"
                     f" FROM journal WHERE transfer_id = '{self.id}';")
        return self

    def arrive(self, amount=None):
        self.row(3, self.target, -2, amount or self.amount, POSTED, transfer_id=following(self.id, "between books: arrive from 2"))
        return self.decide()

    def decide(self, turned_away="NULL"):
        self.sql += f"INSERT INTO between_books_decision VALUES (3, 2, '{self.id}', {turned_away});"
        return self

    def end(self, kind):
        ended_by = uuid.uuid4()
        self.row(2, -3, self.source, self.amount, kind, transfer_id=ended_by, pending_id=self.id)
        posted = self.amount if kind == POST else 0
        self.sql += (f"UPDATE hold SET state = {kind - 1}, posted_amount = {posted}, ended_by = '{ended_by}', ended_seq ="
                     f" {self.books.newest[2] + self.steps[2]}, ended_at = {value('ended_at', self.books.ledger.now)} WHERE hold_id = '{self.id}';"
                     f"UPDATE between_books SET state = {kind - 1}, " + ("arrived_seq = 1" if kind == POST else "reason = 'account_closed'")
                     + f" WHERE movement_id = '{self.id}';")
        return self


class PlantedFaults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.books = Books()
        cls.right = Database().migrate()
        cls.addClassCleanup(cls.right.drop)
        cls.books.ledger.save(cls.right)

    def planted(self, sql, fault, book=None, seq=None, account=None, also=()):
        """The fault is found at its place; `also` names what else follows from it."""
        with self.right.copy() as database:
            self.assertNotEqual(database.run(f"BEGIN; SELECT txid_current(); {sql}; COMMIT"), "")
            found = database.faults()
        self.assertIn((fault, book, seq, account), [(f["fault"], f["book"], f["seq"], f["account"]) for f in found])
        self.assertEqual({f["fault"] for f in found}, {fault, *also})

    # --- rows ------------------------------------------------------------------------------------------------------

    def test_changed_amount(self):
        row = self.books.posted_row(2, 300, 400)
        self.planted(f"UPDATE journal SET amount = amount + 1 WHERE book_id = 2 AND seq = {row['seq']}", "amount_changed", 2, row["seq"], also=PROOF)

    def test_deleted_row_in_the_middle(self):
        row = self.books.posted_row(2, 30, 100)
        self.planted(f"DELETE FROM journal WHERE book_id = 2 AND seq = {row['seq']}", "seq_gap", 2, row["seq"] + 1,
                     also=PROOF | {"running_balance", "batch_count", "part_rows", "snapshot_wrong"})

    def test_deleted_newest_row(self):
        head = self.books.ledger.heads[1][-1]["size"]
        self.planted(f"DELETE FROM journal WHERE book_id = 1 AND seq = {self.books.newest[1]}", "head_beyond_journal", 1, head, also={"batch_count"})

    def test_deleted_newest_row_with_its_heads(self):
        newest = self.books.newest[1]
        self.planted(f"DELETE FROM journal WHERE book_id = 1 AND seq = {newest}; DELETE FROM ledger_head WHERE book_id = 1 AND size = {newest}",
                     "batch_count")

    def test_swapped_accounts(self):
        row = self.books.posted_row(2, 300, 400)
        self.planted("UPDATE journal SET debit_account = credit_account, credit_account = debit_account"
                     f" WHERE book_id = 2 AND seq = {row['seq']}", "accounts_swapped", 2, row["seq"], also=PROOF | {"running_balance"})

    def test_swapped_accounts_with_their_balances(self):
        row = self.books.posted_row(2, 300, 400)
        self.planted("UPDATE journal SET debit_account = credit_account, credit_account = debit_account, debit_balance = credit_balance,"
                     f" credit_balance = debit_balance WHERE book_id = 2 AND seq = {row['seq']}", "accounts_swapped", 2, row["seq"], also=PROOF)

    def test_gap_in_the_numbers(self):
        self.planted("UPDATE journal SET seq = -seq - 1 WHERE book_id = 3 AND seq > 10; UPDATE journal SET seq = -seq WHERE book_id = 3 AND seq < 0;"
                     "UPDATE hold SET seq = seq + 1 WHERE book_id = 3 AND seq > 10; UPDATE hold SET ended_seq = ended_seq + 1 WHERE book_id = 3 AND ended_seq > 10;"
                     "UPDATE account_snapshot SET seq = seq + 1 WHERE book_id = 3 AND seq > 10", "seq_gap", 3, 12, also=PROOF | {"part_range"})

    def test_two_rows_of_one_number(self):
        part = self.books.ledger.parts[-1]["part"]
        newest = self.books.newest[1]
        debit, credit = self.books.row(1, newest)["debit_account"], self.books.row(1, newest)["credit_account"]
        with self.right.copy() as database:
            database.run(f"DROP INDEX journal_p{part:08}_seq_idx;" + self.books.append(1, debit, credit, 1, seq=newest))
            self.assertIn(("seq_twice", 1, newest), [(f["fault"], f["book"], f["seq"]) for f in database.faults()])

    def test_the_same_transfer_twice(self):
        row = next(row for row in self.books.ledger.rows if row["kind"] == POSTED and row["flags"] == 0
                   and not any(self.books.ledger.books[row["book_id"]][row[side]].closed for side in ("debit_account", "credit_account"))
                   and row["debit_account"] % 5 not in (1, 2) and row["credit_account"] % 5 not in (1, 2))
        book = row["book_id"]
        self.planted(self.books.append(book, row["debit_account"], row["credit_account"], row["amount"], transfer_id=row["transfer_id"],
                                       reference=row["reference"]),
                     "transfer_twice", book, self.books.newest[book] + 1)

    def test_money_made(self):
        """One balance raised, and every later one of the account with it."""
        row = next(row for row in self.books.ledger.rows if row["book_id"] == 2 and row["seq"] > 300 and row["debit_account"] % 5 not in (1, 2))
        account, seq = row["debit_account"], row["seq"]
        self.planted(f"UPDATE journal SET debit_balance = debit_balance + 1000 WHERE book_id = 2 AND seq >= {seq} AND debit_account = {account};"
                     f"UPDATE journal SET credit_balance = credit_balance + 1000 WHERE book_id = 2 AND seq >= {seq} AND credit_account = {account};"
                     f"UPDATE account_snapshot SET balance = balance + 1000 WHERE book_id = 2 AND seq >= {seq} AND account_no = {account}",
                     "running_balance", 2, seq, account, also=PROOF | {"book_sum"})

    def test_money_made_in_the_newest_row_of_an_account(self):
        newest = self.books.row(4, self.books.newest[4])
        self.planted(f"UPDATE journal SET debit_balance = debit_balance + 700 WHERE book_id = 4 AND seq = {newest['seq']}",
                     "book_sum", 4, also={"running_balance", "head_root"})

    def test_row_moved_to_another_book(self):
        """There its accounts stand at other balances, and one of them is closed."""
        row = self.books.posted_row(2, 300, 400)
        self.planted(f"UPDATE journal SET book_id = 3, seq = {self.books.newest[3] + 1} WHERE book_id = 2 AND seq = {row['seq']}",
                     "seq_gap", 2, row["seq"] + 1, also=PROOF | {"running_balance", "recorded_backwards", "part_range", "snapshot_wrong", "book_sum",
                                   "used_while_closed"})

    def test_changed_recorded_time(self):
        row = self.books.posted_row(2, 300, 400)
        self.planted(f"UPDATE journal SET recorded_at = recorded_at - interval '10 seconds' WHERE book_id = 2 AND seq = {row['seq']}",
                     "recorded_backwards", 2, row["seq"], also=PROOF)

    def test_changed_reference(self):
        """Nothing adds up differently: only the signed heads know."""
        row = self.books.posted_row(2, 300, 400)
        head = next(head["size"] for head in self.books.ledger.heads[2] if head["size"] >= row["seq"])
        self.planted(f"UPDATE journal SET reference = reference || ' ' WHERE book_id = 2 AND seq = {row['seq']}", "head_root", 2, head, also={"node_wrong"})

    def test_impossible_row(self):
        debit, credit = self.books.account(1, False), self.books.account(1, False, limited=True)
        self.planted(self.books.append(1, debit, credit, 1, flags=16, kind=2, expires_at=self.books.ledger.now - SECOND)
                     + "INSERT INTO hold SELECT book_id, transfer_id, seq, debit_account, credit_account, amount, kind >> 4, code, reference,"
                       f" recorded_at, expires_at, 1 FROM journal WHERE book_id = 1 AND seq = {self.books.newest[1] + 1};"
                       f" UPDATE account SET floor = NULL, ceiling = NULL WHERE book_id = 1 AND account_no = {credit}",
                     "row_impossible", 1, self.books.newest[1] + 1)

    def test_unknown_account(self):
        account = self.books.account(3, closed=False)
        first = next(row["seq"] for row in self.books.ledger.rows if row["book_id"] == 3 and account in (row["debit_account"], row["credit_account"]))
        self.planted(f"DELETE FROM account WHERE book_id = 3 AND account_no = {account}", "account_unknown", 3, first, account)

    def test_unknown_book(self):
        self.planted("DELETE FROM book WHERE book_id = 3", "book_unknown", 3)

    # --- holds -----------------------------------------------------------------------------------------------------

    def test_hold_released_that_the_journal_still_holds(self):
        hold = self.books.open_hold
        self.planted(f"UPDATE hold SET state = 3 WHERE hold_id = '{hold['hold_id']}'", "hold_released", hold["book_id"], hold["seq"])

    def test_hold_kept_that_the_journal_has_ended(self):
        hold = self.books.ended_hold
        self.planted(f"UPDATE hold SET state = 1, ended_by = NULL, ended_seq = NULL, ended_at = NULL WHERE hold_id = '{hold['hold_id']}'",
                     "hold_not_released", hold["book_id"], hold["seq"])

    def test_hold_missing(self):
        hold = self.books.open_hold
        self.planted(f"DELETE FROM hold WHERE hold_id = '{hold['hold_id']}'", "hold_missing", hold["book_id"], hold["seq"])

    def test_hold_invented(self):
        hold = self.books.open_hold
        self.planted("INSERT INTO hold SELECT book_id, gen_random_uuid(), 7, debit_account, credit_account, amount, flags, code, reference,"
                     f" recorded_at, expires_at, state FROM hold WHERE hold_id = '{hold['hold_id']}'", "hold_invented", hold["book_id"], 7)

    def test_hold_changed(self):
        hold = self.books.open_hold
        self.planted(f"UPDATE hold SET amount = amount - 1 WHERE hold_id = '{hold['hold_id']}'", "hold_changed", hold["book_id"], hold["seq"])

    def test_ending_of_nothing(self):
        debit, credit = sorted(n for n, a in self.books.ledger.books[2].items() if not a.closed and n % 5 not in (1, 2))[:2]
        self.planted(self.books.append(2, debit, credit, 5, POST, pending_id=uuid.uuid4()), "ending_without_hold", 2, self.books.newest[2] + 1)

    def test_hold_ended_twice(self):
        hold = self.books.ended_hold
        self.planted(self.books.append(hold["book_id"], hold["debit_account"], hold["credit_account"], hold["amount"], UNDO, pending_id=hold["hold_id"]),
                     "hold_ended_twice", hold["book_id"], self.books.newest[hold["book_id"]] + 1)

    def test_posted_more_than_held(self):
        hold = self.books.open_hold
        self.planted(self.books.end(hold, POST, hold["amount"] + 1), "posted_more_than_held", hold["book_id"], self.books.newest[hold["book_id"]] + 1)

    def test_gave_back_another_amount(self):
        hold = self.books.open_hold
        self.planted(self.books.end(hold, UNDO, hold["amount"] - 1), "ending_differs", hold["book_id"], self.books.newest[hold["book_id"]] + 1)

    def test_expired_early(self):
        hold = self.books.timed_hold
        self.planted(self.books.end(hold, EXPIRE, hold["amount"]), "expired_early", hold["book_id"], self.books.newest[hold["book_id"]] + 1)

    # --- between books ---------------------------------------------------------------------------------------------

    def test_movements_between_books_are_no_faults(self):
        start = lambda: Movement(self.books).leave()
        for name, movement in (("under way", start()), ("arrived", start().arrive()), ("turned away", start().decide("'account_closed'")),
                               ("posted", start().arrive().end(POST)), ("given back", start().decide("'account_closed'").end(UNDO))):
            with self.subTest(name), self.right.copy() as database:
                database.run(movement.sql)
                self.assertEqual(database.faults(), [])

    def test_lost_between_books(self):
        self.planted(Movement(self.books).leave().decide().end(POST).sql, "between_lost", 2, self.books.newest[2] + 2)

    def test_given_back_and_arrived(self):
        movement = Movement(self.books).leave().arrive().end(UNDO)
        self.planted(movement.sql, "between_doubled", 2, self.books.newest[2] + 2, also={"between_changed"})

    def test_arrived_without_being_sent(self):
        movement = Movement(self.books)
        movement.row(3, movement.target, -2, 4000, POSTED)
        self.planted(movement.sql, "between_unsent", 3, self.books.newest[3] + 1)

    def test_another_amount_arrived(self):
        self.planted(Movement(self.books).leave().arrive(4001).end(POST).sql, "between_differs", 2, self.books.newest[2] + 2)

    def test_transit_account_emptied_by_hand(self):
        movement = Movement(self.books)
        movement.row(2, -3, movement.source, 4000, POSTED)
        self.planted(movement.sql, "transit_misused", 2, self.books.newest[2] + 1, -3)

    def test_movement_changed_beside_the_journal(self):
        for sql in ("UPDATE between_books SET debit_account = debit_account, to_book = 4", "UPDATE between_books SET state = 3, reason = 'account_closed'",
                    "DELETE FROM between_books", "UPDATE between_books SET amount = amount + 1"):
            with self.subTest(sql):
                self.planted(Movement(self.books).leave().arrive().sql + sql, "between_changed", 2, self.books.newest[2] + 1)

    # --- accounts --------------------------------------------------------------------------------------------------

    def test_account_closed_silently(self):
        account = self.books.account(2, closed=False)
        self.planted(f"UPDATE account SET closed = true WHERE book_id = 2 AND account_no = {account}", "closed_silently", 2, None, account)

    def test_account_reopened_silently(self):
        account = self.books.account(2, closed=True)
        closing = max(row["seq"] for row in self.books.ledger.rows if row["book_id"] == 2 and row["kind"] in (1, 2)
                      and ((row["flags"] & 4 and row["debit_account"] == account) or (row["flags"] & 8 and row["credit_account"] == account)))
        self.planted(f"UPDATE account SET closed = false WHERE book_id = 2 AND account_no = {account}", "reopened_silently", 2, closing, account)

    def test_closed_account_used(self):
        closed, other = self.books.account(2, closed=True), self.books.account(2, closed=False)
        self.planted(self.books.append(2, closed, other, 5), "used_while_closed", 2, self.books.newest[2] + 1, closed)

    def test_overdrawn_by_one(self):
        account = next(n for n, a in self.books.ledger.books[1].items() if a.floor == 0 and not a.closed)
        other = self.books.account(1, closed=False)
        room = self.books.ledger.books[1][account].room_out()
        self.planted(self.books.append(1, other, account, room + 1), "limit_exceeded", 1, self.books.newest[1] + 1, account)

    def test_overpaid_by_one(self):
        account = next(n for n, a in self.books.ledger.books[1].items() if a.ceiling == 0 and not a.closed)
        other = self.books.account(1, closed=False)
        room = self.books.ledger.books[1][account].room_in()
        self.planted(self.books.append(1, account, other, room + 1), "limit_exceeded", 1, self.books.newest[1] + 1, account)

    def test_down_to_the_limit_is_no_fault(self):
        account = next(n for n, a in self.books.ledger.books[1].items() if a.floor == 0 and not a.closed and a.room_out() > 0)
        with self.right.copy() as database:
            database.run(self.books.append(1, self.books.account(1, closed=False), account, self.books.ledger.books[1][account].room_out()))
            self.assertEqual(database.faults(), [])

    # --- parts and snapshots ---------------------------------------------------------------------------------------

    def test_part_off_the_list(self):
        self.planted("DELETE FROM journal_part WHERE part = 3", "part_unknown")

    def test_part_sealed_with_another_count(self):
        self.planted("UPDATE journal_part SET row_count = row_count + 1 WHERE part = 1", "part_rows")

    def test_part_opened_after_its_rows(self):
        self.planted("UPDATE journal_part SET opened_at = opened_at + interval '10 seconds' WHERE part = 1", "part_time")

    def test_part_sealed_without_a_time(self):
        self.planted("UPDATE journal_part SET sealed_at = NULL WHERE part = 1", "part_state")

    def test_too_many_open_parts(self):
        self.planted("INSERT INTO journal_part (part, writer_group, state, opened_at) SELECT n, 'main', 1, now() FROM generate_series(90, 92) n", "parts_open")

    def test_wrong_range(self):
        self.planted("UPDATE journal_part_book SET last_seq = last_seq + 1 WHERE book_id = 2 AND part = 0", "part_range", 2, 1)

    def test_wrong_snapshot(self):
        book, account, seq = self.right.run("SELECT book_id, account_no, seq FROM account_snapshot ORDER BY 1, 2 LIMIT 1").split("|")
        place = int(book), int(seq), int(account)
        where = f"WHERE book_id = {book} AND account_no = {account}"
        self.planted(f"UPDATE account_snapshot SET balance = balance + 1 {where}", "snapshot_wrong", *place)
        self.planted(f"UPDATE account_snapshot SET entries = entries - 1 {where}", "snapshot_wrong", *place)
        self.planted(f"DELETE FROM account_snapshot {where}", "snapshot_missing", *place)
        self.planted("INSERT INTO account_snapshot VALUES (1, 4711, 8, 0, 1)", "snapshot_invented", 1, 8, 4711)

    # --- batches and events ----------------------------------------------------------------------------------------

    def test_batch_missing(self):
        self.planted("DELETE FROM ledger_batch WHERE batch_no = 50", "batch_count")

    def test_event_missing(self):
        self.planted("DELETE FROM event WHERE book_id = 2 AND seq = 30", "event_gap", 2, 31)

    def test_newest_event_missing(self):
        newest = len(self.books.ledger.batches)
        self.planted(f"DELETE FROM event WHERE book_id = 2 AND seq = {newest}", "event_lost", 2, newest)

    # --- heads -----------------------------------------------------------------------------------------------------

    def test_forged_newest_head(self):
        size = self.books.ledger.heads[2][-1]["size"]
        self.planted(f"UPDATE ledger_head SET root = sha256('forged') WHERE book_id = 2 AND size = {size}", "head_root", 2, size)

    def test_forged_earlier_head(self):
        size = self.books.ledger.heads[2][20]["size"]
        self.planted(f"UPDATE ledger_head SET root = sha256('forged') WHERE book_id = 2 AND size = {size}", "head_root", 2, size, also={"head_chain"})

    def test_head_for_more_rows_than_there_are(self):
        size = self.books.newest[2] + 9
        self.planted(f"INSERT INTO ledger_head SELECT book_id, {size}, root, sha256('nothing'), at, key_id, signature FROM ledger_head"
                     f" WHERE book_id = 2 AND size = {self.books.newest[2]}", "head_beyond_journal", 2, size, also={"head_chain"})

    def test_forged_chain_of_heads(self):
        size = self.books.ledger.heads[2][20]["size"]
        self.planted(f"UPDATE ledger_head SET previous = sha256('forged') WHERE book_id = 2 AND size = {size}", "head_chain", 2, size)

    def test_head_taken_out(self):
        gone, after = (self.books.ledger.heads[2][number]["size"] for number in (20, 21))
        self.planted(f"DELETE FROM ledger_head WHERE book_id = 2 AND size = {gone}", "head_chain", 2, after)

    def test_head_of_another_key(self):
        signed, after = (self.books.ledger.heads[2][number]["size"] for number in (20, 21))
        self.planted(f"UPDATE ledger_head SET key_id = 'otherkey' WHERE book_id = 2 AND size = {signed}", "head_chain", 2, after)

    def test_newest_head_of_another_key(self):
        """Nothing follows it that would not fit: only who may sign tells."""
        size = self.books.ledger.heads[2][-1]["size"]
        ours = b"auditkey".hex()
        with self.right.copy() as database:
            self.assertEqual(database.faults("--key-id", f"{ours},0011223344556677"), [])
            database.run(f"UPDATE ledger_head SET key_id = 'otherkey' WHERE book_id = 2 AND size = {size}")
            self.assertEqual(database.faults(), [])
            found = database.faults("--key-id", ours)
        self.assertEqual([(f["fault"], f["book"], f["seq"], f["found"]) for f in found], [("head_key", 2, size, b"otherkey".hex())])

    def test_heads_taken_out_at_the_end(self):
        """A row changed and its head thrown away: no chain is broken, but everything else was signed long after."""
        gone = "DELETE FROM ledger_head WHERE book_id = 2 AND size > 300"
        kept = max(head["size"] for head in self.books.ledger.heads[2] if head["size"] <= 300)
        pulse = "INSERT INTO ledger_pulse SELECT 'main', 1, '', max(recorded_at) + interval '1 hour' FROM journal"
        self.planted(f"{gone}; {pulse}", "rows_unsigned", 2, kept + 1)
        self.planted(f"DELETE FROM ledger_head WHERE book_id = 2; {pulse}", "rows_unsigned", 2, 1)

    def test_head_dated_back(self):
        size = self.books.ledger.heads[2][-1]["size"]
        self.planted(f"UPDATE ledger_head SET at = at - interval '1 day' WHERE book_id = 2 AND size = {size}", "head_backwards", 2, size)

    def test_changed_node(self):
        self.planted("UPDATE merkle_node SET hash = sha256('forged') WHERE book_id = 2 AND level = 8 AND index = 1", "node_wrong", 2)
        self.planted("INSERT INTO merkle_node VALUES (2, 16, 0, sha256('forged'))", "node_wrong", 2)

    def test_node_taken_out(self):
        size = self.books.ledger.heads[2][-1]["size"]
        self.planted("DELETE FROM merkle_node WHERE book_id = 2 AND level = 8 AND index = 1", "node_missing", 2, size // 256 * 256)

    # --- and nothing forgotten -------------------------------------------------------------------------------------

    def test_every_fault_is_planted(self):
        text = (ROOT / "tests/audit/test_planted_faults.py").read_text(encoding="utf-8")
        for path in (ROOT / "deploy/audit/checks").glob("*.sql"):
            for line in path.read_text(encoding="utf-8").splitlines():
                if line.startswith("-- check: "):
                    for name in line.removeprefix("-- check: ").split(", "):
                        self.assertIn(f'"{name}"', text)


if __name__ == "__main__":
    unittest.main()
