#!/usr/bin/env python3
"""The engine's half of the kill tests: the real writer on a real database, killed, frozen, cut off and starved.

After each round: what was acknowledged stands exactly once and as it was asked for; what was not is absent, or found when it
is asked again; what follows from the journal agrees with it; `cho40 ledger verify` says so too. A round is thrown from the
seed and its number. A failure prints both and keeps the folder.
"""
import collections
import os
import random
import subprocess
import sys
from pathlib import Path

import books
import rounds
from game import Game, arguments
from poster import DONE, Poster

ROUNDS_A_DATABASE = 8  # what is checked grows with each


class Stage:
    """A round's surroundings: the database with what earlier rounds left in it, and the posters' records."""

    def __init__(self, cluster, folder, database, program):
        self.cluster, self.folder, self.database, self.program = cluster, folder, database, program
        self.dice, self.notes, self.posters = None, [], []

    def begin(self, dice, notes):
        self.dice, self.notes, self.posters = dice, notes, []

    def poster(self, name, commands=None, through=None, fault="", refusals=False):
        commands = self.dice.randint(1200, 2400) if commands is None else commands
        server = self.cluster.server.replace(self.cluster.socket_folder, str(through)) if through else self.cluster.server
        poster = Poster(self.program, f"{server} dbname={self.database}", self.folder, name, self.dice.getrandbits(32), commands, fault, refusals)
        self.posters.append(poster)
        return poster

    def some_answers(self):
        return self.dice.randint(1, 900)

    def ask(self, sql):
        return self.cluster.sql(sql, self.database)

    def records(self):
        return [books.Record(self.folder, name) for name in ("first", "second")]

    def end_posters(self):
        for poster in self.posters:
            if poster.process.poll() is None:
                poster.thaw()
                poster.kill()
                poster.process.wait()


class Chaos:
    def __init__(self, game):
        self.game = game
        self.programs, self.program = os.environ["CHO40_BIN"], os.environ["CHO40_POSTER"]
        self.databases, self.stage = 0, None

    def fresh_stage(self):
        cluster = self.game.cluster
        if self.stage:
            cluster.sql(f"DROP DATABASE IF EXISTS {self.stage.database} WITH (FORCE)", "postgres")
        self.databases += 1
        name = f"chaos{self.databases}"
        cluster.sql(f"CREATE DATABASE {name}", "postgres")
        folder = self.game.folder / name
        folder.mkdir()
        subprocess.run([self.program, "--prepare", "--database", f"{cluster.server} dbname={name}"], check=True)
        self.stage = Stage(cluster, folder, name, self.program)

    def round(self, number, act, given, notes):
        """Whether what the round is about has happened."""
        if self.stage is None or number % ROUNDS_A_DATABASE == 0:
            self.fresh_stage()
        stage = self.stage
        stage.begin(random.Random(f"{self.game.seed}/{number}"), notes)
        try:
            happened = act(stage, *given)
        finally:
            stage.end_posters()
        self.game.cluster.wait_until_nobody_writes()
        laws = books.Books(self.game.cluster, stage.database, self.programs)
        before = stage.records()
        standing = laws.check(before)
        # Whoever has open questions asks them again; both hold the lease in turn.
        for record in before:
            if record.unanswered():
                rounds.expect(stage.poster(record.name, commands=0).wait(), DONE)
        if any(record.unanswered() for record in before):
            after = stage.records()
            laws.check(after)
            books.check_settled(before, standing, after)
        return happened


def check_installed_programs():
    """Nobody can make an installed program fail: its fault points are not there."""
    for program in ("cho40", "cho40d"):
        text = Path(os.environ["CHO40_BIN"], program).read_bytes()
        found = [place for place in rounds.PLACES if place.encode() in text]
        if found:
            raise RuntimeError(f"{program} was built with fault points: {found[0]}")


def play(game):
    chaos, happened = Chaos(game), collections.Counter()
    hand = rounds.deal(rounds.deck(game.cluster), game.rounds, random.Random(game.seed))
    for number, (name, act, given) in enumerate(hand):
        what = " ".join([name, *map(str, given)])
        notes = []  # filled in by the round

        def act_and_count():
            happened[what] += bool(chaos.round(number, act, given, notes))

        if not game.play(what, act_and_count, notes):
            chaos.stage = None  # its database stays as it is
    for what in sorted(what for what, times in happened.items() if times == 0):
        print(f"never happened, though tried: {what}", flush=True)


def main():
    given = arguments(__doc__)
    check_installed_programs()
    with Game("engine", given.seed, given.rounds) as game:
        if not game.cluster.can_be_full:
            print("no rounds with a full disk: that takes a file system of one's own, and only root may mount one", flush=True)
        play(game)
    return game.exit_code


if __name__ == "__main__":
    sys.exit(main())
