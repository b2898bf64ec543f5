"""Integrators who post to the ledger while it is killed under them: what they wish for, and how they go on when they are not
answered."""
import random
import threading
import time
import traceback

from api_asking import LINES_MAX, PATIENCE, Asker, Chain, Contradiction, line_count, within
from test_ledger import LETTERS, instant, money

CLIENTS = 6

# What can go out of them, or come in, is limited: floor, ceiling.
FREE, NEVER_OVERDRAWN, NEVER_OVERPAID, BOTH = range(1, 21), range(21, 29), range(29, 35), range(35, 41)
ACCOUNTS = [{"number": n} for n in FREE] + [{"number": n, "floor": 0} for n in NEVER_OVERDRAWN] + [{"number": n, "ceiling": 0} for n in NEVER_OVERPAID]
ACCOUNTS += [{"number": n, "floor": -50_000, "ceiling": 50_000} for n in BOTH]
UNKNOWN_ACCOUNT = 99


def transfer_id(dice):
    number = int(time.time() * 1000) << 80 | 7 << 76 | dice.getrandbits(12) << 64 | 2 << 62 | dice.getrandbits(62)
    return "trf_" + "".join(LETTERS[number >> 5 * i & 31] for i in reversed(range(26)))


class Wishes:
    """What one client comes up with: all that can be asked for, some of it to be refused."""

    def __init__(self, name, dice):
        self._name, self._dice, self._count, self._holds = name, dice, 0, []

    def chain(self):
        return Chain([self._line() for _ in range(1 if self._dice.random() < 0.85 else self._dice.randint(2, 5))])

    def _line(self):
        dice = self._dice
        self._count += 1
        line = {"id": transfer_id(dice), "reference": f"{self._name}-{self._count}"}
        if dice.random() < 0.3:
            line["event_at"] = instant(int(time.time()) - dice.randrange(86_400))
        if self._holds and dice.random() < 0.15:
            return self._ending(line)
        accounts = dice.sample(range(FREE.start, BOTH.stop), 2)
        line.update(debit=accounts[0], credit=accounts[1], amount=money(dice.randint(1, 2000)), code=dice.randint(1000, 1999))
        what = dice.random()
        if what < 0.01:
            line["amount"] = money(10**9)  # more than a limited account bears
        elif what < 0.02:
            line["credit"] = UNKNOWN_ACCOUNT
        elif what < 0.12:
            line["flags"] = [dice.choice(("balancing_debit", "balancing_credit"))]
        if dice.random() < 0.2:
            line["kind"] = "pending"
            if dice.random() < 0.3:
                line["timeout_s"] = dice.randint(1, 3)
            self._holds.append((line["id"], line["amount"]["amount"]))
        return line

    def _ending(self, line):
        """Of a hold that was asked for, whatever has become of it; now and then of one that was ended before."""
        index = self._dice.randrange(len(self._holds))
        line["pending"], held = self._holds[index]
        if self._dice.random() < 0.9:
            self._holds.pop(index)
        line["kind"] = self._dice.choice(("post", "void"))
        if line["kind"] == "post" and self._dice.random() < 0.5:
            line["amount"] = money(self._dice.randint(1, held))
        return line


class Client(threading.Thread):
    """Asks until the crowd ends, and now and then does not wait for the answer. What was not answered it asks again: the
    same, or in another order and among other things, or not before the round is over."""

    def __init__(self, crowd, name, dice):
        super().__init__(name=name, daemon=True)
        self.crowd, self.dice = crowd, dice
        self.chains = []  # all it has ever asked
        self.trouble = None
        self._asker, self._wishes = Asker(crowd.key, crowd.book), Wishes(name, dice)
        self._same, self._others = [], []

    def run(self):
        try:
            while self.crowd.goes_on():
                self._once()
        except Exception:  # told to whoever waits for the crowd
            self.trouble = traceback.format_exc()
        self.crowd.tell()

    def _once(self):
        chains, waits = self._next(), self.dice.random() < 0.97
        alone = len(chains) == 1 and len(chains[0].lines) == 1 and self.dice.random() < 0.9

        def when_sent():
            self.crowd.tell(asked=1)
            return waits

        try:
            answered = self._asker.ask(self.crowd.door(self.dice), chains, self.crowd.patience, alone, when_sent)
        except OSError:
            self._same = chains
            self.crowd.wait_for_news()
            return
        if answered:
            self.crowd.tell(acknowledged=line_count(chain for chain in chains if chain.posted))
            return
        what = self.dice.random()
        if what < 0.5:
            self._same = chains
        elif what < 0.85:
            self._others += chains
        if waits:
            self.crowd.wait_for_news()

    def _next(self):
        dice = self.dice
        if self._same:
            chains, self._same = self._same, []
            return chains
        wanted = dice.choices((1, dice.randint(2, 20), dice.randint(50, 500), dice.randint(1000, LINES_MAX - 50)), (45, 10, 43, 2))[0]
        chains = within(wanted, self._others)
        if wanted > 1 and self.chains:
            chains += [chain for chain in dice.choices(self.chains, k=3) if chain.posted]
        lines = line_count(chains)
        while lines < wanted:
            chain = self._wishes.chain()
            chains.append(chain)
            self.chains.append(chain)
            lines += len(chain.lines)
        dice.shuffle(chains)
        return chains


class Crowd:
    """Clients at the doors of one or more instances of the service."""

    def __init__(self, key, book, dice, name, ports, patience=PATIENCE):
        self.key, self.book, self.patience = key, book, patience
        self._ports = list(ports)
        self._changed = threading.Condition()
        self._dice, self._acknowledged, self._asked, self._news, self._ends = dice, 0, 0, 0, False
        self._clients = [Client(self, f"{name}-{i}", random.Random(dice.getrandbits(64))) for i in range(CLIENTS)]
        for client in self._clients:
            client.start()

    # --- for the clients ---

    def goes_on(self):
        return not self._ends

    def door(self, dice):
        with self._changed:
            return dice.choice(self._ports)

    def tell(self, acknowledged=0, asked=0):
        with self._changed:
            self._acknowledged += acknowledged
            self._asked += asked
            self._changed.notify_all()

    def wait_for_news(self):
        """For whoever was not answered: until something about the doors changes, or a moment, as an integrator waits."""
        with self._changed:
            seen = self._news
            self._changed.wait_for(lambda: self._news != seen or self._ends, 0.1)

    # --- for who directs the round ---

    @property
    def chains(self):
        return [chain for client in self._clients for chain in client.chains]

    def use(self, *services):
        """The doors from now on."""
        with self._changed:
            self._ports = [service.port for service in services]
            self._news += 1
            self._changed.notify_all()

    def wait_for(self, lines):
        """Until so many more lines are acknowledged."""
        with self._changed:
            goal = self._acknowledged + lines
            reached = self._changed.wait_for(lambda: self._acknowledged >= goal or self._troubles(), PATIENCE)
            self._raise_troubles()
            if not reached:
                raise Contradiction(f"nobody answers: {goal - self._acknowledged} of {lines} lines were not acknowledged")

    def wait_to_strike(self, lines):
        """The same, and then for some requests that are not answered yet: a strike at the moment of an answer comes when a
        batch has just ended."""
        self.wait_for(lines)
        with self._changed:
            goal = self._asked + self._dice.randint(0, 4)
            self._changed.wait_for(lambda: self._asked >= goal or self._troubles(), PATIENCE)

    def end(self):
        with self._changed:
            self._ends = True
            self._changed.notify_all()
        for client in self._clients:
            client.join(2 * PATIENCE)
            if client.is_alive():
                raise Contradiction("a request has neither an answer nor an end")
        self._raise_troubles()

    def _troubles(self):
        return [client.trouble for client in self._clients if client.trouble]

    def _raise_troubles(self):
        if troubles := self._troubles():
            raise Contradiction("".join(troubles))
