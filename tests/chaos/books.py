"""What must be true of the books after each round: what was acknowledged stands once and as it was asked for, and nothing
stands that nobody asked for. Reads the record of the posters (record.h) and the tables, and nothing of the engine."""
import collections
import pathlib
import subprocess

BOOK = 9100
NIL = "00000000-0000-0000-0000-000000000000"
EXPIRE = 5
MARKED_EVERY, EVENT_EVERY = 3, 5  # poster.cpp

# Laws that are one question each; whatever it returns is wrong.
LAWS = {
    "a transfer stands twice": "SELECT transfer_id, count(*) FROM journal GROUP BY book_id, transfer_id HAVING count(*) > 1",
    "a batch stands without its rows": "SELECT * FROM (SELECT (SELECT coalesce(sum(transfers), 0) FROM ledger_batch) AS noted, "
                                       "(SELECT count(*) FROM journal) AS rows) AS t WHERE noted <> rows",
    "events have a gap": "SELECT book_id, count(*), max(seq) FROM event GROUP BY book_id HAVING count(*) <> max(seq) OR min(seq) <> 1",
    "a hold is not what the journal says": """
        SELECT coalesce(h.hold_id, p.transfer_id), h.state, e.kind FROM hold h
          FULL JOIN (SELECT * FROM journal WHERE kind & 15 = 2) p ON p.book_id = h.book_id AND p.transfer_id = h.hold_id
          LEFT JOIN (SELECT * FROM journal WHERE kind & 15 > 2) e ON e.book_id = p.book_id AND e.pending_id = p.transfer_id
         WHERE h.hold_id IS NULL OR p.transfer_id IS NULL OR h.amount <> p.amount OR h.seq <> p.seq
            OR h.state <> coalesce((e.kind & 15) - 1, 1) OR h.ended_by IS DISTINCT FROM e.transfer_id OR h.ended_seq IS DISTINCT FROM e.seq
            OR h.posted_amount <> CASE WHEN e.kind & 15 = 3 THEN e.amount ELSE 0 END""",
    "a row lies in no part of its own": "SELECT part, count(*) FROM journal WHERE part NOT IN (SELECT part FROM journal_part) GROUP BY part",
    "a sealed part is not what was noted of it": """
        SELECT p.part FROM journal_part p LEFT JOIN (SELECT part, count(*) AS rows FROM journal GROUP BY part) j ON j.part = p.part
         WHERE p.state = 3 AND p.row_count <> coalesce(j.rows, 0)""",
    "the ranges of sealed parts are wrong": """
        SELECT part FROM (SELECT part, book_id, min(seq) AS first_seq, max(seq) AS last_seq FROM journal
                           WHERE part IN (SELECT part FROM journal_part WHERE state = 3) GROUP BY part, book_id) AS are
          FULL JOIN journal_part_book AS noted USING (part, book_id)
         WHERE (are.first_seq, are.last_seq) IS DISTINCT FROM (noted.first_seq, noted.last_seq)""",
    "noted balances are wrong": """
        WITH touched AS (SELECT book_id, debit_account AS account_no, seq, debit_balance AS balance, part FROM journal
                         UNION ALL SELECT book_id, credit_account, seq, credit_balance, part FROM journal),
             are AS (SELECT DISTINCT ON (book_id, account_no) book_id, account_no, seq, balance, count(*) OVER (PARTITION BY book_id, account_no) AS entries
                       FROM touched WHERE part IN (SELECT part FROM journal_part WHERE state = 3) ORDER BY book_id, account_no, seq DESC)
        SELECT account_no, are.seq, noted.seq, are.balance, noted.balance, are.entries, noted.entries
          FROM are FULL JOIN account_snapshot AS noted USING (book_id, account_no)
         WHERE (are.seq, are.balance, are.entries) IS DISTINCT FROM (noted.seq, noted.balance, noted.entries)""",
    "open parts pile up": "SELECT count(*) FROM journal_part WHERE state = 1 HAVING count(*) > 3",
}


class Broken(Exception):
    """A law of the books does not hold."""


class Record:
    """What one poster wrote down."""

    def __init__(self, folder, name):
        self.name = name
        self.asked = collections.defaultdict(list)
        for fields in self._lines(folder, "asked"):
            self.asked[int(fields[0])].append(tuple(fields[1:10]))  # all but the timeout
        self.answered = {int(fields[0]): (fields[1], int(fields[2]), fields[3]) for fields in reversed(list(self._lines(folder, "answered")))}

    def _lines(self, folder, what):
        path = pathlib.Path(folder, f"{self.name}.{what}")
        for line in path.read_text().splitlines() if path.exists() else ():
            if line.endswith(" ."):
                yield line.split(" ")[:-1]

    def unanswered(self):
        return self.asked.keys() - self.answered.keys()


class Books:
    def __init__(self, cluster, database, programs):
        self.cluster, self.database, self.programs = cluster, database, pathlib.Path(programs)

    def journal(self):
        """(seq, as asked for) by id. An id that stands twice is found by a law."""
        found = self.cluster.rows(
            "SELECT transfer_id, seq, kind & 15, debit_account, credit_account, amount, code, reference, "
            f"(extract(epoch FROM event_at) * 1000000)::int8, coalesce(pending_id, '{NIL}') FROM journal WHERE book_id = {BOOK}", self.database)
        return {row[0]: (int(row[1]), (row[0], *row[2:])) for row in found}

    def check(self, records):
        """The numbers of unanswered commands that stand, by poster. Raises Broken."""
        self._laws()
        journal = self.journal()
        standing = {record.name: self._record(record, journal) for record in records}
        asked = {transfer[0] for record in records for command in record.asked.values() for transfer in command}
        for number, row in journal.values():
            if row[0] not in asked and int(row[1]) != EXPIRE:
                raise Broken(f"row {number}, {row[0]}, was asked for by nobody")
        self._consequences(records, journal)
        self._verify()
        return standing

    def _laws(self):
        for law, question in LAWS.items():
            found = self.cluster.sql(question, self.database)
            if found:
                raise Broken(f"{law}:\n{found[:2000]}")

    @staticmethod
    def _record(record, journal):
        standing = set()
        for number, transfers in record.asked.items():
            there = [journal[t[0]] for t in transfers if t[0] in journal]
            who = f"{record.name}'s command {number}, {transfers[0][0]},"
            if there and len(there) != len(transfers):
                raise Broken(f"{who} stands in part")
            for transfer in transfers:
                if there and journal[transfer[0]][1] != transfer:
                    raise Broken(f"{who} stands as {journal[transfer[0]][1]} and was asked for as {transfer}")
            how, last_seq, _ = record.answered.get(number, ("", 0, ""))
            if how == "ok" and (not there or max(seq for seq, _ in there) != last_seq):
                raise Broken(f"{who} was acknowledged at {last_seq} and stands at {[seq for seq, _ in there]}")
            if how not in ("", "ok") and there:
                raise Broken(f"{who} was refused ({how}) and stands at {[seq for seq, _ in there]}")
            if not how and there:
                standing.add(number)
        return standing

    def _consequences(self, records, journal):
        """Attached rows and events stand when their command does, and only then."""
        stands = {(record.name, number) for record in records for number, transfers in record.asked.items() if transfers[0][0] in journal}
        marks = {(name, int(number)) for name, number in self.cluster.rows("SELECT poster, number FROM chaos_mark", self.database)}
        if marks != {key for key in stands if key[1] % MARKED_EVERY == 0}:
            raise Broken(f"attached rows do not go with their commands: {sorted(marks ^ {k for k in stands if k[1] % MARKED_EVERY == 0})[:10]}")
        events = int(self.cluster.sql("SELECT count(*) FROM event WHERE type = 'chaos.posted'", self.database))
        expected = sum(1 for _, number in stands if number % EVENT_EVERY == 0)
        if events != expected:
            raise Broken(f"{events} events stand, {expected} belong to what stands")

    def _verify(self):
        done = subprocess.run([self.programs / "cho40", "ledger", "verify", "--database", f"{self.cluster.server} dbname={self.database}"],
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Broken("cho40 ledger verify: " + done.stdout + done.stderr)


def check_settled(before, standing, after):
    """`after` has an answer for everything; what stood already was found, what did not was posted now or refused by a rule."""
    for old, new in zip(before, after):
        if new.unanswered():
            raise Broken(f"{new.name}'s commands {sorted(new.unanswered())[:10]} have no answer after they were asked again")
        for number in old.unanswered():
            how, _, novelty = new.answered[number]
            if number in standing[old.name] and (how, novelty) != ("ok", "again"):
                raise Broken(f"{new.name}'s command {number} stood already and was answered {how}, {novelty}")
            if number not in standing[old.name] and (how, novelty) == ("ok", "again"):
                raise Broken(f"{new.name}'s command {number} did not stand and was answered as if it did")
