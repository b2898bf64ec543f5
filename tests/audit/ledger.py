"""A small ledger of the test's own: it knows the rules of the books, and nothing of the engine's code or the auditor's."""
import datetime
import hashlib
import random
import uuid

from merkle import Tree

POSTED, PENDING, POST, UNDO, EXPIRE = 1, 2, 3, 4, 5
BALANCING_DEBIT, CLOSING_DEBIT, CLOSING_CREDIT = 1, 4, 8
SECOND = 1_000_000
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


class Account:
    def __init__(self, floor=None, ceiling=None):
        self.floor, self.ceiling = floor, ceiling
        self.closed = False
        self.balance = self.debits_held = self.credits_held = 0

    def room_out(self):
        return None if self.floor is None else self.balance - self.floor - self.credits_held

    def room_in(self):
        return None if self.ceiling is None else self.ceiling - self.balance - self.debits_held


class Ledger:
    """Books with accounts; post(), hold() and end() make rows, commit() ends a batch. tables() is what the database should hold."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.now = 1_772_000_000 * SECOND + 123_457
        self.books, self.trees, self.heads = {}, {}, {}
        self.rows, self.holds, self.events = [], {}, []
        self.batches = []
        self.parts = [{"part": 0, "state": 1, "opened_at": self.now, "full_at": None, "sealed_at": None, "row_count": None}]
        self._batch = 0

    def open_book(self, book, accounts):
        self.books[book] = accounts
        self.trees[book] = Tree()
        self.heads[book] = []

    def new_id(self):
        return uuid.UUID(int=self.random.getrandbits(128))

    # --- transfers -------------------------------------------------------------------------------------------------

    def _allowed(self, book, debit, credit, amount):
        accounts = self.books[book]
        room_in, room_out = accounts[debit].room_in(), accounts[credit].room_out()
        return (not accounts[debit].closed and not accounts[credit].closed and (room_in is None or amount <= room_in)
                and (room_out is None or amount <= room_out))

    def _write(self, book, kind, debit, credit, amount, flags=0, pending=None, timeout=None):
        accounts = self.books[book]
        if kind in (POSTED, POST):
            accounts[debit].balance += amount
            accounts[credit].balance -= amount
        row = {"book_id": book, "seq": len(self.trees[book].leaves) + 1, "transfer_id": self.new_id(), "debit_account": debit,
               "credit_account": credit, "amount": amount, "debit_balance": accounts[debit].balance,
               "credit_balance": accounts[credit].balance, "event_at": self.now - self.random.randrange(90 * SECOND),
               "recorded_at": self.now, "part": self.parts[-1]["part"], "code": self.random.choice([100, 102, 112, 200]), "kind": kind,
               "flags": flags, "reference": self.random.choice(["", "HL7A4K3M9XS", "phí chợ ô 12", "a\\b\t\"c\""]) + str(len(self.rows)),
               "pending_id": pending, "expires_at": self.now + timeout if timeout else None}
        self.trees[book].append(row)
        self.rows.append(row)
        self._batch += 1
        return row

    def _close(self, book, row):
        for bit, side in ((CLOSING_DEBIT, "debit_account"), (CLOSING_CREDIT, "credit_account")):
            if row["flags"] & bit:
                self.books[book][row[side]].closed = True

    def post(self, book, debit, credit, amount, flags=0):
        """The row, or None where the rules refuse it."""
        if not self._allowed(book, debit, credit, amount):
            return None
        row = self._write(book, POSTED, debit, credit, amount, flags)
        self._close(book, row)
        return row

    def hold(self, book, debit, credit, amount, flags=0, timeout=None):
        if not self._allowed(book, debit, credit, amount):
            return None
        row = self._write(book, PENDING, debit, credit, amount, flags, timeout=timeout)
        self.books[book][debit].debits_held += amount
        self.books[book][credit].credits_held += amount
        self._close(book, row)
        self.holds[row["transfer_id"]] = {
            **{name: row[name] for name in ("book_id", "seq", "debit_account", "credit_account", "amount", "flags", "code", "reference",
                                            "recorded_at", "expires_at")},
            "hold_id": row["transfer_id"], "state": 1, "posted_amount": 0, "ended_by": None, "ended_seq": None, "ended_at": None}
        return row

    def end(self, hold_id, kind, amount=None):
        hold = self.holds[hold_id]
        book, debit, credit = hold["book_id"], hold["debit_account"], hold["credit_account"]
        accounts = self.books[book]
        accounts[debit].debits_held -= hold["amount"]
        accounts[credit].credits_held -= hold["amount"]
        row = self._write(book, kind, debit, credit, hold["amount"] if amount is None else amount, hold["flags"] & 12, hold_id)
        if kind != POST:
            for bit, account in ((CLOSING_DEBIT, debit), (CLOSING_CREDIT, credit)):
                if hold["flags"] & bit:
                    accounts[account].closed = False
        hold.update(state=kind - 1, posted_amount=row["amount"] if kind == POST else 0, ended_by=row["transfer_id"],
                    ended_seq=row["seq"], ended_at=self.now)
        return row

    def open_holds(self):
        return [hold for hold in self.holds.values() if hold["state"] == 1]

    # --- batches, parts and heads ----------------------------------------------------------------------------------

    def commit(self, head=True):
        self.batches.append({"writer_group": "main", "epoch": 1 + len(self.batches) // 40, "batch_no": len(self.batches) + 1,
                             "transfers": self._batch, "recorded_at": self.now})
        self._batch = 0
        for book, tree in self.trees.items():
            size = len(tree.leaves)
            if head and size > (self.heads[book][-1]["size"] if self.heads[book] else 0):
                self._sign(book, size)
            self.events.append({"book_id": book, "seq": len(self.batches), "event_id": self.new_id(), "stream": self.new_id(),
                                "type": "batch.posted", "resource": self.new_id(), "data": "{}", "at": self.now})
        self.now += self.random.randrange(1, 3 * SECOND)

    def _sign(self, book, size):
        before = self.heads[book][-1] if self.heads[book] else None
        head = {"book_id": book, "size": size, "root": self.trees[book].root(size),
                "previous": hashlib.sha256(signed_bytes(before)).digest() if before else bytes(32), "at": self.now,
                "key_id": b"auditkey", "signature": bytes(64)}
        self.heads[book].append(head)

    def next_part(self):
        """The open part is full and sealed, a new one is opened. Only between batches."""
        last = self.parts[-1]
        last.update(state=3, full_at=self.now, sealed_at=self.now + SECOND, row_count=sum(row["part"] == last["part"] for row in self.rows))
        self.parts.append({"part": last["part"] + 1, "state": 1, "opened_at": self.now, "full_at": None, "sealed_at": None, "row_count": None})

    def tables(self):
        sealed = {part["part"] for part in self.parts if part["state"] == 3}
        ranges, snapshots = {}, {}
        for row in self.rows:
            if row["part"] not in sealed:
                continue
            ranges.setdefault((row["book_id"], row["part"]), []).append(row)
            for side in ("debit", "credit"):
                key = row["book_id"], row[f"{side}_account"]
                snapshots[key] = row["seq"], row[f"{side}_balance"], snapshots.get(key, (0, 0, 0))[2] + 1
        return {
            "book": [{"book_id": book, "kind": 1, "name": f"Chợ {book}", "writer_group": "main", "created_at": self.rows[0]["recorded_at"]}
                     for book in self.books],
            "account": [{"book_id": book, "account_no": number, "closed": account.closed, "opened_at": self.rows[0]["recorded_at"],
                         "floor": account.floor, "ceiling": account.ceiling}
                        for book, accounts in self.books.items() for number, account in accounts.items()],
            "journal_part": [{"writer_group": "main", **part} for part in self.parts],
            "journal": [stored(row) for row in self.rows],
            "journal_part_book": [{"book_id": book, "part": part, "first_seq": rows[0]["seq"], "last_seq": rows[-1]["seq"],
                                   **{f"{which}_{column}": pick(row[column] for row in rows) for which, pick in (("first", min), ("last", max))
                                      for column in ("recorded_at", "event_at")}}
                                  for (book, part), rows in ranges.items()],
            "account_snapshot": [{"book_id": book, "account_no": number, "seq": seq, "balance": balance, "entries": entries}
                                 for (book, number), (seq, balance, entries) in snapshots.items()],
            "hold": list(self.holds.values()),
            "ledger_batch": self.batches,
            "event": self.events,
            "event_cursor": [{"book_id": book, "consumer": "webhook", "seq": len(self.batches), "moved_at": self.now} for book in self.books],
            "ledger_head": [head for heads in self.heads.values() for head in heads],
            "merkle_node": [{"book_id": book, "level": 8, "index": index, "hash": tree.subtree(8, index)}
                            for book, tree in self.trees.items() for index in range(len(tree.leaves) >> 8)],
        }

    def save(self, database):
        script = ["BEGIN;", "DELETE FROM journal_part;"]
        script += [f"CREATE TABLE journal_p{part['part']:08} PARTITION OF journal FOR VALUES FROM ({part['part']}) TO ({part['part'] + 1});\n"
                   f"CREATE UNIQUE INDEX journal_p{part['part']:08}_seq_idx ON journal_p{part['part']:08} (book_id, seq);\n"
                   f"CREATE UNIQUE INDEX journal_p{part['part']:08}_transfer_idx ON journal_p{part['part']:08} (transfer_id);"
                   for part in self.parts[1:]]
        for table, rows in self.tables().items():
            if rows:
                script.append(f"COPY {table} ({', '.join(rows[0])}) FROM STDIN;")
                script += ["\t".join(copied(name, row[name]) for name in rows[0]) for row in rows]
                script.append("\\.")
        database.run("\n".join([*script, "COMMIT;\n"]))


def stored(row):
    """As the journal keeps it: the flags stand above the kind, in one number."""
    return {name: row["kind"] | row["flags"] << 4 if name == "kind" else thing for name, thing in row.items() if name != "flags"}


def signed_bytes(head):
    """Of a head: what is signed, and what the next head's `previous` is made over."""
    lines = ("cho40 ledger head v1", f"book {head['book_id']}", f"size {head['size']}", f"root {head['root'].hex()}",
             f"previous {head['previous'].hex()}", f"at {head['at']}", f"key {head['key_id'].hex()}")
    return "".join(line + "\n" for line in lines).encode()


def copied(name, value):
    """One value as COPY reads it; times are microseconds since 1970 UTC here."""
    if value is None:
        return "\\N"
    if isinstance(value, bytes):
        return "\\\\x" + value.hex()
    if name == "at" or name.endswith("_at"):
        return (EPOCH + datetime.timedelta(microseconds=value)).isoformat()
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


def busy_ledger(seed, batches, book_count=4):
    """Some days of everything: all kinds, holds with every ending, accounts that close and open again, several parts."""
    ledger = Ledger(seed)
    chance = ledger.random
    for book in range(1, book_count + 1):
        ledger.open_book(book, {number: Account(floor=0 if number % 5 == 1 else None, ceiling=0 if number % 5 == 2 else None)
                                for number in range(16, 40)})
    for batch in range(batches):
        for hold in ledger.open_holds():
            if hold["expires_at"] and hold["expires_at"] <= ledger.now:
                ledger.end(hold["hold_id"], EXPIRE)
        for _ in range(chance.randrange(10, 30)):
            book = chance.randrange(1, book_count + 1)
            debit, credit = chance.sample(sorted(ledger.books[book]), 2)
            amount = chance.randrange(1, 500_000)
            what, held = chance.random(), ledger.open_holds()
            if what < 0.45:
                ledger.post(book, debit, credit, amount, BALANCING_DEBIT if what < 0.05 else 0)
            elif what < 0.71:
                ledger.hold(book, debit, credit, amount, timeout=chance.choice([None, 5 * SECOND, 100 * SECOND]))
            elif what < 0.72 and debit < 24 and debit % 5 > 2:  # closing takes from few accounts, so that most stay open
                ledger.post(book, debit, credit, chance.choice([0, amount]), CLOSING_DEBIT)
            elif what < 0.735 and credit < 30 and credit % 5 > 2:
                ledger.hold(book, debit, credit, chance.choice([0, amount]), CLOSING_CREDIT, timeout=chance.choice([None, 5 * SECOND]))
            elif held and what < 0.92:
                hold = chance.choice(held)
                if what < 0.86:
                    ledger.end(hold["hold_id"], POST, chance.choice([None, (hold["amount"] + 1) // 2]))
                else:
                    ledger.end(hold["hold_id"], UNDO)
        if batch == batches - 1:  # every book ends with something held, with a time-out and without
            for book in ledger.books:
                free = [number for number, account in ledger.books[book].items() if not account.closed and number % 5 not in (1, 2)]
                ledger.hold(book, free[0], free[1], 4000)
                ledger.hold(book, free[1], free[2], 5000, timeout=100 * SECOND)
                ledger.post(book, free[2], free[0], 6000)
        ledger.commit(head=chance.random() < 0.8 or batch == batches - 1)
        if batch in (batches // 5, batches // 2, batches * 3 // 4):
            ledger.next_part()
    return ledger
