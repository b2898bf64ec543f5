"""What is done to the writer and to the database in one round, and how it has to end.

Each is a function of the stage; it leaves no poster running and PostgreSQL up, and returns whether the thing it is named
after has happened (a fault whose place was not reached has not)."""
import os
import signal

from poster import DONE, KILLED_BY_FAULT, LEASE_LOST
from proxy import Proxy

# Places in the code (CHO_FAULT) and how often a life of a poster comes by, at the least.
BATCH = {"postgres/copy/piece": 2, "postgres/commit/sent": 2, "ledger/begin/before": 2, "ledger/lease/checked": 2, "ledger/copy/done": 2,
         "ledger/rows/done": 2, "ledger/commit/before": 2, "ledger/commit/after": 2, "ledger/segment/before": 20, "ledger/segment/after": 20,
         "postgres/pipeline/sent": 20}
PARTS = {"postgres/script/sent": 6, "ledger/part/numbered": 1, "ledger/part/created": 1, "ledger/part/attached": 1, "ledger/part/settled": 1,
         "ledger/seal/marked": 1, "ledger/seal/indexed": 1, "ledger/seal/noted": 1, "ledger/seal/frozen": 1}
TAKEOVER = {"ledger/lease/raised": 1, "ledger/lease/taken": 1, "ledger/load/before": 1}
PLACES = {**BATCH, **PARTS, **TAKEOVER}
CAN_REFUSE = ("ledger/begin/before", "ledger/lease/checked", "ledger/copy/done", "ledger/rows/done", "ledger/segment/before")


class Unexpected(Exception):
    """A poster did not end as it should."""


def expect(code, *allowed):
    if code not in allowed:
        raise Unexpected(f"exit code {code}, not one of {allowed}")


def kill_poster(stage):
    poster = stage.poster("first")
    reached = poster.wait_for_answers(stage.some_answers())
    poster.kill()
    poster.wait()
    return reached


def fault(stage, place, effect):
    armed = f"{place}={effect}@{stage.dice.randint(1, PLACES[place])}"
    stage.notes.append(armed)
    poster = stage.poster("first", fault=armed, refusals=effect == "refuse")
    if effect == "freeze":
        return be_overtaken(stage, poster, poster.wait_until_it_stands_still())
    code = poster.wait()
    expect(code, *((KILLED_BY_FAULT, DONE) if effect == "crash" else (DONE,)))
    return poster.has_said(f"fault: {place}")


def freeze(stage):
    poster = stage.poster("first")
    reached = poster.wait_for_answers(stage.some_answers())
    poster.freeze()
    return be_overtaken(stage, poster, reached)


def be_overtaken(stage, frozen, stands_still):
    """While the first stands still a second takes over and posts; thawed, the first writes nothing any more."""
    if not stands_still:
        expect(frozen.wait(), DONE)
        return False
    second = stage.poster("second")
    if not second.wait_until_it_writes():
        frozen.kill()
        raise Unexpected(f"the second did not take over, exit code {second.wait()}")
    batches = f"SELECT count(*) FROM ledger_batch WHERE epoch < {second.epoch}"
    before = stage.ask(batches)
    if stage.dice.random() < 0.5:
        second.wait_for_answers(stage.some_answers())  # else they run side by side from the start
    frozen.thaw()
    # Frozen before it had raised the epoch, it is the first that takes over when it is thawed.
    codes = frozen.wait(), second.wait()
    if frozen.epoch is not None and frozen.epoch < second.epoch or codes[0] == LEASE_LOST:
        expect(codes[0], LEASE_LOST)
        expect(codes[1], DONE)
        if stage.ask(batches) != before:
            raise Unexpected("the thawed writer has written after another took over")
    else:
        expect(codes[0], DONE)
        expect(codes[1], DONE, LEASE_LOST)
    return True


def two_at_once(stage):
    both = [stage.poster(name) for name in ("first", "second")]
    codes = [poster.wait() for poster in both]
    for code in codes:
        expect(code, DONE, LEASE_LOST)
    if DONE not in codes:
        raise Unexpected("both have lost the lease; nobody took it")
    return True


def kill_backend(stage):
    """PostgreSQL ends all its processes and recovers when one of them is killed."""
    poster = stage.poster("first")
    reached = poster.wait_for_answers(stage.some_answers())
    for pid in stage.dice.sample(pids := stage.cluster.writers_backends(), min(1, len(pids))):
        os.kill(pid, signal.SIGKILL)
    expect(poster.wait(), DONE)
    stage.cluster.start()
    return reached


def end_backends(stage):
    poster = stage.poster("first")
    reached = poster.wait_for_answers(stage.some_answers())
    stage.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'cho40 ledger%'")
    expect(poster.wait(), DONE)
    return reached


def kill_postgres(stage):
    poster = stage.poster("first")
    reached = poster.wait_for_answers(stage.some_answers())
    stage.cluster.kill()
    stage.cluster.start()
    expect(poster.wait(), DONE)
    return reached


def kill_both(stage):
    poster = stage.poster("first")
    reached = poster.wait_for_answers(stage.some_answers())
    first, second = stage.dice.sample((poster.kill, stage.cluster.kill), 2)
    first()
    second()
    poster.wait()
    stage.cluster.start()
    return reached


def cut_answer(stage, waits_for_answer):
    """The connection goes between COMMIT and its answer: lost with the commit on its way, or after it was done."""
    proxy = Proxy(stage.folder / "proxy", stage.cluster.socket_folder, stage.dice.randint(5, 40), waits_for_answer)
    try:
        poster = stage.poster("first", through=proxy.folder)
        expect(poster.wait(), DONE)
    finally:
        proxy.close()
    return proxy.has_cut.is_set()


def disk_full(stage):
    """The writer waits, or PostgreSQL dies of it; with room again all goes on."""
    poster = stage.poster("first", commands=4000)
    poster.wait_for_answers(stage.some_answers())
    stage.cluster.fill()
    bitten = poster.wait_until_it_says("ledger.append_retried")
    stage.cluster.make_room()
    stage.cluster.start()
    expect(poster.wait(), DONE)
    return bitten


def deck(cluster):
    """Every kind of round as (name, function, arguments), the common ones more than once."""
    cards = [("kill the writer", kill_poster, ())] * 6
    cards += [("kill a backend", kill_backend, ())] * 4 + [("end the backends", end_backends, ())] * 2
    cards += [("kill PostgreSQL", kill_postgres, ())] * 4 + [("kill both", kill_both, ())] * 4
    cards += [("freeze the writer past its lease", freeze, ())] * 5 + [("two writers at once", two_at_once, ())] * 4
    for waits in (True, False):
        cards += [("cut before the answer", cut_answer, (waits,))] * 4
    if cluster.can_be_full:
        cards += [("disk full", disk_full, ())] * 3
    for place in PLACES:
        cards.append(("crash at a fault point", fault, (place, "crash")))
        if place not in TAKEOVER:
            cards.append(("connection or answer lost at a fault point", fault, (place, "lose")))
    cards += [("refused at a fault point", fault, (place, "refuse")) for place in CAN_REFUSE]
    cards += [("frozen at a fault point", fault, (place, "freeze")) for place in (*BATCH, "ledger/lease/raised", "ledger/seal/indexed")]
    return cards


def deal(cards, count, dice):
    """One of each kind first, then every card, and again."""
    cards = list(cards)
    dice.shuffle(cards)
    first = list({name: (name, *rest) for name, *rest in cards}.values())
    dealt = first + [card for card in cards if card not in first]
    while len(dealt) < count:
        dice.shuffle(cards)
        dealt += cards
    return dealt[:count]
