#!/usr/bin/env python3
"""The kill tests' half over HTTP: integrators post to cho40d, in bulk and one by one, while it, PostgreSQL or both are killed,
frozen, cut off and starved, alone and as two instances of one installation.

After each round what was acknowledged stands in the journal once and as it was answered; what was not is asked again and
found, posted now, or refused by a rule; what was acknowledged is answered the same when it is asked again. `cho40 ledger
verify` and the auditor of deploy/audit agree. One round here for ten of the engine's.
"""
import contextlib
import copy
import os
import random
import signal
import sys
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "integration/service"))
import api_strikes  # noqa: E402  (needs the path above)
from api_asking import LINES_MAX, Asker, Chain, Contradiction, within  # noqa: E402
from api_books import Books, Broken, standing  # noqa: E402
from api_crowd import ACCOUNTS, Crowd  # noqa: E402
from game import Game, arguments  # noqa: E402
from rounds import deal  # noqa: E402
from service import Database, Service  # noqa: E402
from test_instances import free_port  # noqa: E402

ROUNDS_A_DATABASE = 3  # what is checked grows with each
PASSES_MAX = 50


class Stage:
    """A database with one book, what its clients noted in all rounds so far, and the instances that run on it."""

    def __init__(self, game, number):
        self.cluster, self.database = game.cluster, Database()
        self.folder = game.folder / f"api{number}"
        self.folder.mkdir()
        self.past, self.services, self.crowds = [], [], []
        self.books = None

    def begin(self, name, dice, notes):
        self.name, self.dice, self.notes, self.services = name, dice, notes, []
        if self.books is None:
            self._open_book()

    def _open_book(self):
        service = self.start()
        self.key = service.make_key("ledger:write")
        headers = {"Authorization": "Bearer " + self.key, "Content-Type": "application/json", "Idempotency-Key": uuid.uuid4().hex}
        self.book = service.send("POST", "/v1/ledger/books", {"name": "Sổ thử"}, headers).json["book"]
        opened = service.send("POST", f"/v1/ledger/books/{self.book}/accounts", {"accounts": ACCOUNTS}, headers)
        if {result["status"] for result in opened.json["results"]} != {"open"}:
            raise RuntimeError(opened.text)
        self.end_services()
        self.books = Books(self.cluster, self.database.name, self.book, os.environ["CHO40_BIN"])

    # --- instances ---

    def start(self, through=None):
        """One that is alone. `through`: the folder of another socket than PostgreSQL's own."""
        database = copy.copy(self.database)
        if through:
            database.url = database.url.replace(self.cluster.socket_folder, str(through))
        return self._keep(Service(os.environ["CHO40_BIN"], database))

    def start_instance(self, port=None):
        """One of several; the first of them writes."""
        port = port or free_port()
        return self._keep(Service(os.environ["CHO40_BIN"], self.database, port, CHO40_SERVER_CLUSTER_ADDRESS=f"http://127.0.0.1:{port}"))

    def _keep(self, service):
        service.may_end_with = 0
        self.services.append(service)
        return service

    def end_services(self):
        """In good order, so that no request runs any more."""
        for service in self.services:
            service.stop()
            if service.process.returncode not in (0, -signal.SIGKILL, service.may_end_with):
                raise Broken(f"the service ended with exit code {service.process.returncode}:\n" + "".join(service.log()[-60:]))

    # --- load ---

    def crowd(self, *services, **more):
        crowd = Crowd(self.key, self.book, self.dice, self.name, [service.port for service in services], **more)
        self.crowds.append(crowd)
        return crowd

    def some_lines(self):
        return self.dice.randint(200, 5000)

    def few_lines(self):
        return self.dice.randint(20, 500)

    @property
    def chains(self):
        return self.past + [chain for crowd in self.crowds for chain in crowd.chains]

    # --- after the round ---

    def finish(self):
        for crowd in self.crowds:
            crowd.end()
        self.end_services()
        self.cluster.wait_until_nobody_writes()
        before = self.books.check(self.chains)
        service = self.start()
        self._settle(service, before)
        self._ask_again(service)
        self.end_services()
        self.books.check(self.chains)
        self.books.prove()
        self.past, self.crowds = self.chains, []

    def _settle(self, service, before):
        """Everything without a last word gets it: nothing that was asked earlier runs any more."""
        left = [chain for chain in self.chains if chain.asked and not chain.settled]
        stood = {chain for chain in left if all(standing(chain, before))}
        found = sum(1 for crowd in self.crowds for chain in crowd.chains if chain.was_found)
        self.notes.append(f"({len(before)} rows; without an answer at the end {len(left)} chains, of which {len(stood)} stand; "
                          f"found meanwhile {found})")
        asker = Asker(self.key, self.book)
        self._ask_all(asker, service, left)
        for chain in left:
            if (chain in stood) != (chain.posted is not None and not chain.is_new):
                raise Broken(f"{chain}, " + ("stood already" if chain in stood else "did not stand"))
        for _ in range(PASSES_MAX):
            if not any(chain.is_new for chain in left):
                return
            left = [chain for chain in left if chain.refused]  # what was posted just now may have made room for them
            self._ask_all(asker, service, left)
        raise Broken(f"{len(left)} chains are refused, and then they are not")

    def _ask_all(self, asker, service, chains):
        chains = self.dice.sample(chains, len(chains))
        while piece := within(LINES_MAX, chains):
            for chain in piece:
                chain.in_doubt = False
            self._must_answer(asker.ask(service.port, piece))

    def _ask_again(self, service):
        """What was acknowledged, in another order; and with something changed, which is another transfer under a used id."""
        asker = Asker(self.key, self.book)
        posted = [chain for chain in self.chains if chain.posted]
        sample = self.dice.sample(posted, min(400, len(posted)))
        self._ask_all(asker, service, sample)
        for chain in [chain for chain in sample if len(chain.lines) == 1][:20]:
            self._must_answer(asker.ask(service.port, [chain], alone=True))
            other = Chain([{**chain.lines[0], "reference": "another"}], may_be_refused={"transfer_differs"})
            self._must_answer(asker.ask(service.port, [other], alone=True))
            if not other.refused:
                raise Broken(f"{other} was answered under the id of {chain}")

    @staticmethod
    def _must_answer(answered):
        if not answered:
            raise Broken("a service that nobody disturbs did not answer")

    def abandon(self):
        """After a failure: everything ends, and what was noted and said is kept."""
        for service in self.services:
            service.kill()
        for crowd in self.crowds:
            with contextlib.suppress(Contradiction):
                crowd.end()
        with open(self.folder / "chains", "w", encoding="utf-8") as out:
            out.writelines(f"{chain}\n" for chain in self.chains)
        for number, service in enumerate(self.services, 1):
            (self.folder / f"service-{number}.log").write_text("".join(service.log()), encoding="utf-8")


def play(game):
    stages = []
    deck = api_strikes.deck(game.cluster)
    for number, (name, act, given) in enumerate(deal(deck, game.rounds, random.Random(game.seed))):
        notes = []

        def act_and_check():
            if stages and number % ROUNDS_A_DATABASE == 0:
                stages.pop().database.drop()
            if not stages:
                stages.append(Stage(game, number))
            stage = stages[0]
            try:
                stage.begin(f"r{number + 1}", random.Random(f"{game.seed}/api/{number}"), notes)
                act(stage, *given)
                stage.finish()
            except BaseException:
                stage.abandon()
                raise

        if not game.play(name, act_and_check, notes):
            stages.clear()  # its database stays as it is


def main():
    given = arguments(__doc__)
    with Game("api", given.seed, max(3, given.rounds // 10)) as game:
        os.environ["CHO40_TEST_DATABASE_URL"] = game.cluster.server
        play(game)
    return game.exit_code


if __name__ == "__main__":
    sys.exit(main())
