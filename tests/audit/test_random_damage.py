"""Whatever is changed in a row that a signed head covers, something is found."""
import os
import random
import time
import unittest
import uuid

from database import Database
from ledger import busy_ledger, copied, stored

ROUNDS = int(os.environ.get("CHO40_AUDIT_ROUNDS", "200"))
# `part` says where a row lies and is no part of what was vouched for.
WIDTHS = {"book_id": 64, "seq": 64, "debit_account": 64, "credit_account": 64, "amount": 64, "debit_balance": 64, "credit_balance": 64,
          "code": 16, "kind": 16}
TIMES = ("event_at", "recorded_at", "expires_at")
IDS = ("transfer_id", "pending_id")


def flipped(chance, value, width):
    """The number with one bit changed, as two's complement of that width."""
    bits = (value % (1 << width)) ^ (1 << chance.randrange(width))
    return bits - (1 << width) if bits >> (width - 1) else bits


def damaged(chance, field, value):
    if field in WIDTHS:
        return flipped(chance, value, WIDTHS[field])
    if field in TIMES:
        if value is None:
            return chance.randrange(1 << 50)
        return None if field == "expires_at" and chance.random() < 0.2 else value ^ (1 << chance.randrange(50))
    if field in IDS:
        if value is None:
            return uuid.UUID(int=chance.getrandbits(128))
        return None if field == "pending_id" and chance.random() < 0.2 else uuid.UUID(int=value.int ^ (1 << chance.randrange(128)))
    if not value:
        return "x"
    place = chance.randrange(len(value))
    other = chance.choice([letter for letter in "aZ09 đ" if letter != value[place]] + [""])
    return value[:place] + other + value[place + 1:]


def literal(field, value):
    if value is None:
        return "NULL"
    if field in TIMES:
        return "'" + copied(field, value) + "'"
    return "'" + str(value).replace("'", "''") + "'"


class RandomDamage(unittest.TestCase):
    def test_is_always_found(self):
        seed = int(os.environ.get("CHO40_AUDIT_SEED") or time.time_ns() % 1_000_000)
        print(f"CHO40_AUDIT_SEED={seed}", flush=True)
        chance = random.Random(seed)
        ledger = busy_ledger(seed, batches=45, book_count=2)
        with Database() as database:
            ledger.save(database.migrate())
            self.assertEqual(database.faults(), [], f"seed {seed}")
            # An insider who can write can also take away what the database itself forbids.
            database.run("ALTER TABLE journal DROP CONSTRAINT journal_amount_positive; ALTER TABLE journal DROP CONSTRAINT journal_two_accounts;"
                         + "".join(f"DROP INDEX journal_p{part['part']:08}_seq_idx; DROP INDEX journal_p{part['part']:08}_transfer_idx;"
                                   for part in ledger.parts))
            for number in range(ROUNDS):
                row = stored(chance.choice(ledger.rows))
                field = chance.choice([*WIDTHS, *TIMES, *IDS, "reference"])
                worse = damaged(chance, field, row[field])
                named = worse if field == "transfer_id" else row["transfer_id"]
                database.run(f"UPDATE journal SET {field} = {literal(field, worse)} WHERE transfer_id = '{row['transfer_id']}'")
                with self.subTest(seed=seed, round=number, field=field, before=row[field], after=worse, book=row["book_id"], seq=row["seq"]):
                    self.assertTrue(database.faults())
                database.run(f"UPDATE journal SET {field} = {literal(field, row[field])} WHERE transfer_id = '{named}'")
            self.assertEqual(database.faults(), [], "what was mended is clean again")


if __name__ == "__main__":
    unittest.main()
