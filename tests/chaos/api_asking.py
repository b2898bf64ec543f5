"""Transfers asked for over HTTP, and what is noted of each: what was asked before it is asked, and what was answered, line
by line."""
import collections
import http.client
import json

PATIENCE = 90  # seconds, for a busy machine
LINES_MAX = 8000  # of one request

# A transfer may be refused by a rule of the books. Whatever else it is refused for is a fault.
RULES = {"insufficient_funds", "limit_exceeded", "account_unknown", "pending_not_found", "pending_finished", "pending_expired", "linked_failed"}


class Contradiction(Exception):
    """The service answered something that cannot be."""


class Chain:
    """Transfers that are posted together or not at all: what was asked and what was answered."""

    def __init__(self, lines, may_be_refused=RULES):
        self.lines = lines  # as they are sent, but for what links them
        self._may_be_refused = may_be_refused
        self.asked = 0
        self.in_doubt = False  # some asking was never answered
        self.posted = None  # (seq, amount) of each line
        self.refused = None  # a code for each line
        self.is_new = None  # whether the last answer said that it was posted just now
        self.recorded_at = None  # where the answer said so
        self.was_found = False  # asked again without an answer to the first asking, and it stood

    @property
    def settled(self):
        """While an asking without an answer may still be running, a refusal of another one is not the last word."""
        return self.posted is not None or (self.refused is not None and not self.in_doubt)

    def hear(self, results):
        statuses = {result["status"] for result in results}
        if len(statuses) != 1 or [result["id"] for result in results] != [line["id"] for line in self.lines]:
            raise Contradiction(f"{self} was answered {results}")
        status, = statuses
        if status == "refused":
            codes = [result["code"] for result in results]
            if self.posted or not self._may_be_refused.issuperset(codes):
                raise Contradiction(f"{self} was refused: {results}")
            self.refused, self.is_new = codes, False
            return
        posted = [(result["seq"], result["amount"]["amount"]) for result in results]
        if self.posted not in (None, posted) or (status == "posted" and self.posted) or (status == "replayed" and self.asked == 1):
            raise Contradiction(f"{self} was answered {results}")
        self.was_found |= status == "replayed" and self.posted is None
        self.posted, self.refused, self.is_new = posted, None, status == "posted"
        self.recorded_at = results[0].get("recorded_at", self.recorded_at)

    def __repr__(self):
        return json.dumps({"asked": self.asked, "in_doubt": self.in_doubt, "posted": self.posted, "refused": self.refused, "lines": self.lines})


class Asker:
    """One connection to each door, and the two forms of asking."""

    def __init__(self, key, book):
        self._headers = {"Authorization": "Bearer " + key, "Content-Type": "application/json", "Accept-Language": "en"}
        self._book, self._connections = book, {}

    def ask(self, port, chains, patience=PATIENCE, alone=False, when_sent=lambda: True):
        """True: answered, and each chain has heard its part. `alone`: by the route for one transfer. `when_sent` says
        whether to wait for the answer. Raises OSError when nobody is there: nothing was asked."""
        connection = self._connections.setdefault(port, http.client.HTTPConnection("127.0.0.1", port))
        connection.timeout = patience
        if connection.sock is None:
            connection.connect()
        for chain in chains:
            chain.asked += 1
        answer = self._send(connection, chains, alone, when_sent)
        if answer is None:
            for chain in chains:
                chain.in_doubt = True
            return False
        results = [self._result_of_one(chains[0].lines[0], *answer)] if alone else self._results(*answer)
        if len(results) != line_count(chains):
            raise Contradiction(f"{len(results)} results for another number of lines")
        results = collections.deque(results)
        for chain in chains:
            chain.hear([results.popleft() for _ in chain.lines])
        return True

    def _send(self, connection, chains, alone, when_sent):
        """The answer's status and body; none when it was lost, or says that nobody can say now."""
        path, body = "/v1/ledger/transfers", {"book": self._book, **chains[0].lines[0]}
        if not alone:
            path, body = path + "/bulk", {"book": self._book, "transfers": [line for chain in chains for line in linked(chain.lines)]}
        try:
            connection.request("POST", path, json.dumps(body).encode(), self._headers)
            if not when_sent():
                connection.close()
                return None
            response = connection.getresponse()
            text = response.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            return None
        if response.will_close:
            connection.close()
        return None if response.status == 503 else (response.status, json.loads(text))

    @staticmethod
    def _result_of_one(line, status, body):
        if status in (200, 201):
            if body["replayed"] != (status == 200):
                raise Contradiction(f"{status} {body}")
            return {**body, "status": "replayed" if body["replayed"] else "posted"}
        return {"id": line["id"], "status": "refused", "code": body["code"]}

    @staticmethod
    def _results(status, body):
        if status != 200:
            raise Contradiction(f"{status} {body}")
        return body["results"]


def linked(lines):
    return [{**line, "linked": True} for line in lines[:-1]] + lines[-1:]


def line_count(chains):
    return sum(len(chain.lines) for chain in chains)


def within(lines, chains):
    """Takes from the end of `chains` what has no more lines, or one."""
    taken = []
    while chains and (not taken or len(chains[-1].lines) <= lines):
        taken.append(chains.pop())
        lines -= len(taken[-1].lines)
    return taken
