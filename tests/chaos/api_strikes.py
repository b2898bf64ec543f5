"""What is done to the service and to PostgreSQL in one round over HTTP. Each is a function of the stage; it leaves PostgreSQL
up and nothing frozen. How it has to end is what the stage checks afterwards."""
import signal

from api_asking import PATIENCE
from api_books import Broken
from proxy import Proxy

LEASE_LOST = 3  # how a service that was alone ends when another has taken its place
GIVE_UP = 1  # seconds a client waits where an instance may be frozen; it asks another then
WRITERS_CONNECTIONS = b"cho40 ledger"


def says(event):
    return lambda line: line.get("event") == event


def kill(stage, *victims):
    """One service, alone; more than once, for a start after a kill may be killed as well."""
    service = stage.start()
    crowd = stage.crowd(service)
    for _ in range(stage.dice.randint(1, 2)):
        crowd.wait_to_strike(stage.some_lines())
        for victim in stage.dice.sample(victims, len(victims)):
            if victim == "service":
                service.kill()
            else:
                stage.cluster.kill()
        stage.cluster.start()
        if "service" in victims:
            service = stage.start()
            crowd.use(service)
    crowd.wait_for(stage.few_lines())


def kill_instance(stage, *victims):
    """Two instances, one of which hands over to the other. One is killed and comes back behind the other."""
    running = {"writer": stage.start_instance(), "other": stage.start_instance()}
    crowd = stage.crowd(*running.values())
    crowd.wait_to_strike(stage.some_lines())
    if "PostgreSQL" in victims:
        stage.cluster.kill()
    victim, survivor = (running["writer"], running["other"]) if "writer" in victims else (running["other"], running["writer"])
    victim.kill()
    stage.cluster.start()
    if "writer" in victims:
        survivor.wait_for_log(says("ledger.taken_over"))
    crowd.wait_for(stage.few_lines())
    stage.start_instance(victim.port)
    crowd.wait_for(stage.few_lines())


def freeze_instance(stage):
    """The writing one of two stands still past its lease; thawed, it finds itself replaced and hands over what it has."""
    first, second = stage.start_instance(), stage.start_instance()
    crowd = stage.crowd(first, second, patience=GIVE_UP)
    crowd.wait_to_strike(stage.some_lines())
    first.process.send_signal(signal.SIGSTOP)
    try:
        second.wait_for_log(says("ledger.taken_over"))
        if stage.dice.random() < 0.5:
            crowd.wait_for(stage.few_lines())  # else they run side by side from the start
    finally:
        first.process.send_signal(signal.SIGCONT)
    first.wait_for_log(says("ledger.writes_elsewhere"))
    crowd.wait_for(stage.few_lines())


def replace(stage, how):
    """A second that is alone starts beside the first: two writers at once. The first must end, and know why."""
    first = stage.start()
    crowd = stage.crowd(first, patience=GIVE_UP if how == "frozen" else PATIENCE)
    crowd.wait_to_strike(stage.some_lines())
    if how == "frozen":
        first.process.send_signal(signal.SIGSTOP)
    try:
        first.may_end_with = LEASE_LOST
        second = stage.start()
        crowd.use(first, second)
        if how == "frozen":
            crowd.wait_for(stage.few_lines())
    finally:
        first.process.send_signal(signal.SIGCONT)
    code = first.process.wait(PATIENCE)
    if code != LEASE_LOST:
        raise Broken(f"the service that was replaced ended with exit code {code}:\n" + "".join(first.log()[-60:]))
    crowd.use(second)
    crowd.wait_for(stage.few_lines())


def cut(stage, when):
    """A connection of the writer goes between COMMIT and its answer: with the commit on its way, or after it was done."""
    proxy = Proxy(stage.folder / "proxy", stage.cluster.socket_folder, 0, when == "answered", WRITERS_CONNECTIONS)
    try:
        service = stage.start(through=proxy.folder)
        crowd = stage.crowd(service)
        for _ in range(stage.dice.randint(1, 3)):
            crowd.wait_to_strike(stage.some_lines())
            proxy.has_cut.clear()
            proxy.cut_at(stage.dice.randint(1, 40))
            if not proxy.has_cut.wait(PATIENCE):
                raise Broken("nothing was cut")
        crowd.wait_for(stage.few_lines())
        crowd.end()
        stage.end_services()
    finally:
        proxy.close()


def fill_disk(stage):
    """The writer waits, or PostgreSQL dies of it; with room again all goes on."""
    service = stage.start()
    crowd = stage.crowd(service)
    crowd.wait_to_strike(stage.some_lines())
    stage.cluster.fill()
    service.wait_for_log(says("ledger.append_retried"))
    stage.cluster.make_room()
    stage.cluster.start()
    crowd.wait_for(stage.few_lines())


def deck(cluster):
    """Every kind of round as (name, function, arguments), the common ones more than once."""
    cards = [("kill the service", kill, ("service",))] * 3 + [("kill PostgreSQL", kill, ("PostgreSQL",))] * 2
    cards += [("kill both", kill, ("service", "PostgreSQL"))] * 2
    cards += [("two instances, kill the writer", kill_instance, ("writer",))] * 2
    cards += [("two instances, kill the writer and PostgreSQL", kill_instance, ("writer", "PostgreSQL")),
              ("two instances, kill the other", kill_instance, ("other",))]
    cards += [("two instances, freeze the writer past its lease", freeze_instance, ())] * 2
    cards += [("two writers at once, the first frozen", replace, ("frozen",)), ("two writers at once", replace, ("running",))]
    cards += [("cut before COMMIT is done", cut, ("sent",)), ("cut before COMMIT is answered", cut, ("answered",))]
    if cluster.can_be_full:
        cards.append(("disk full", fill_disk, ()))
    return cards
