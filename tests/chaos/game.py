"""What both halves of the kill tests share: arguments, a folder and a cluster for the length of a run, rounds that are
counted, timed and written down."""
import argparse
import os
import pathlib
import secrets
import shutil
import signal
import sys
import tempfile
import time
import traceback
import xml.etree.ElementTree as tree

from cluster import Cluster


def arguments(description):
    options = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=200)
    options.add_argument("--seed", type=int, default=secrets.randbelow(1 << 31))
    given = options.parse_args()
    if given.rounds < 1:
        options.error("--rounds: at least one")
    return given


class Game:
    """`with Game("engine", seed, rounds) as game:` then play() each round; exit_code afterwards."""

    def __init__(self, name, seed, rounds):
        self.name, self.seed, self.rounds = name, seed, rounds
        self.cases, self.exit_code = [], 0

    def __enter__(self):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        self.began = time.monotonic()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="cho40-chaos-"))
        self.folder.chmod(0o755)  # PostgreSQL may run as another user
        self.cluster = Cluster(self.folder / "cluster")
        print(f"{self.name}: {self.rounds} rounds, seed {self.seed}", flush=True)
        return self

    def play(self, what, act, notes):
        """Runs act(). False: it failed, and what stands in the database is of no use to another round."""
        number, began, trouble = len(self.cases) + 1, time.monotonic(), ""
        try:
            act()
        except Exception:  # whatever went wrong is this round's failure, and the next begins anew
            trouble = f"{self.name}, round {number}, seed {self.seed}: {' '.join([what, *notes])}\n{traceback.format_exc()}"
            self.cluster.make_room()
            self.cluster.start()
        seconds = time.monotonic() - began
        self.cases.append((f"{number:03} {what}", seconds, trouble))
        print(f"{number:4}/{self.rounds} {seconds:5.1f} s  {' '.join([what, *notes])}{'  FAILED' if trouble else ''}", flush=True)
        if trouble:
            print(trouble, file=sys.stderr, flush=True)
        return not trouble

    def __exit__(self, kind, *_):
        self.cluster.close()
        failed = sum(1 for *_, trouble in self.cases if trouble)
        print(f"{self.name}: {len(self.cases)} rounds in {time.monotonic() - self.began:.0f} s, {failed} failed, seed {self.seed}", flush=True)
        if os.environ.get("CHO40_TEST_RESULTS"):
            self._write_results(pathlib.Path(os.environ["CHO40_TEST_RESULTS"], f"chaos-{self.name}.xml"))
        if failed or kind:
            self.exit_code = 1
            print(f"what was asked, what was answered and the logs are in {self.folder}", file=sys.stderr)
        else:
            shutil.rmtree(self.folder)

    def _write_results(self, path):
        root = tree.Element("testsuites")
        suite = tree.SubElement(root, "testsuite", name=f"chaos-{self.name}")
        for name, seconds, trouble in self.cases:
            case = tree.SubElement(suite, "testcase", classname=f"chaos.{self.name}", name=name, time=f"{seconds:.3f}")
            if trouble:
                tree.SubElement(case, "failure").text = trouble
        tree.ElementTree(root).write(path, encoding="utf-8")
