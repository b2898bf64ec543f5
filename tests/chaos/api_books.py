"""What must be true of the journal after each round over HTTP: what was acknowledged stands once and as it was answered, what
was refused is absent, a chain stands as a whole or not at all, and nothing stands that nobody asked for."""
import collections
import datetime
import functools
import pathlib
import subprocess

from refusals import uuid_of

ROOT = pathlib.Path(__file__).resolve().parents[2]
KINDS = {"posted": 1, "pending": 2, "post": 3, "void": 4}
EXPIRE = 5
FLAGS = {"balancing_debit": 1, "balancing_credit": 2}

Row = collections.namedtuple("Row", "id seq kind flags debit credit amount code reference event_at pending recorded_at")
QUESTION = """
    SELECT transfer_id, seq, kind & 15, kind >> 4, debit_account, credit_account, amount, code, reference,
           (extract(epoch FROM event_at) * 1000)::int8, coalesce(pending_id::text, ''), floor(extract(epoch FROM recorded_at) * 1000)::int8
      FROM journal WHERE book_id = {} ORDER BY seq"""


class Broken(Exception):
    """A law of the books does not hold."""


uuid = functools.lru_cache(1 << 17)(uuid_of)


def milliseconds(text):
    return round(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000)


class Books:
    """One book of one database."""

    def __init__(self, cluster, database, book, programs):
        self.cluster, self.database, self.book, self.programs = cluster, database, book, pathlib.Path(programs)

    def check(self, chains):
        """The journal's rows by id. Raises Broken."""
        found = [Row(r[0], int(r[1]), *map(int, r[2:8]), r[8], int(r[9]), r[10], int(r[11]))
                 for r in self.cluster.rows(QUESTION.format(self.book), self.database)]
        if [row.seq for row in found] != list(range(1, len(found) + 1)):
            raise Broken("the book's numbers have a gap")
        rows = {row.id: row for row in found}
        if len(rows) != len(found):
            raise Broken("these stand more than once: " + str([i for i, n in collections.Counter(r.id for r in found).items() if n > 1]))
        asked = {uuid(line["id"]): line for chain in chains for line in chain.lines}
        for row in found:
            if row.id not in asked and not (row.kind == EXPIRE and row.pending in asked):
                raise Broken(f"{row} was asked for by nobody")
        for chain in chains:
            self._check_chain(chain, rows, asked)
        return rows

    def _check_chain(self, chain, rows, asked):
        stands = standing(chain, rows)
        if any(stands) != all(stands):
            raise Broken(f"{chain} stands in part: {stands}")
        if not stands[0]:
            if chain.posted:
                raise Broken(f"{chain} was acknowledged and is not there")
            return
        if chain.settled and not chain.posted:
            raise Broken(f"{chain} was refused and stands: {stands}")
        if chain.posted and [(row.seq, row.amount) for row in stands] != chain.posted:
            raise Broken(f"{chain} was acknowledged otherwise than it stands: {stands}")
        if chain.recorded_at and milliseconds(chain.recorded_at) != stands[0].recorded_at:
            raise Broken(f"{chain} was recorded at another time than was answered, {chain.recorded_at}: {stands}")
        if [row.seq for row in stands] != list(range(stands[0].seq, stands[0].seq + len(stands))):
            raise Broken(f"{chain} does not stand together: {stands}")
        for line, row in zip(chain.lines, stands):
            self._check_line(line, row, rows, asked)

    @staticmethod
    def _check_line(line, row, rows, asked):
        kind = line.get("kind", "posted")
        hold = asked[uuid(line["pending"])] if "pending" in line else None
        its = hold or line  # who ends a hold has accounts, code and flags from there
        flags = sum(FLAGS[flag] for flag in its.get("flags", ()))
        event_at = milliseconds(line["event_at"]) if "event_at" in line else int(row.id.replace("-", "")[:12], 16)
        expected = row._replace(kind=KINDS[kind], flags=flags, debit=its["debit"], credit=its["credit"], code=its["code"],
                                reference=line["reference"], event_at=event_at, pending=uuid(line["pending"]) if hold else "")
        if "amount" in line:
            most = line["amount"]["amount"]
            expected = expected._replace(amount=min(row.amount, most) if flags and not hold else most)
        else:
            expected = expected._replace(amount=rows[uuid(line["pending"])].amount)
        if row != expected:
            raise Broken(f"{row} stands, {line} was asked for")

    def prove(self):
        """By the ledger's own verifier, and by the auditor who shares no code with it."""
        url = f"{self.cluster.server} dbname={self.database}"
        for command in ([self.programs / "cho40", "ledger", "verify", "--database", url], [ROOT / "deploy/audit/run", url]):
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                raise Broken(" ".join(map(str, command[:-1])) + ": " + done.stdout + done.stderr)


def standing(chain, rows):
    """The row of each line, or none."""
    return [rows.get(uuid(line["id"])) for line in chain.lines]
