#!/usr/bin/env python3
"""The service's half of the kill tests: cho40d under a flood of notifications while it, PostgreSQL or both are killed.

A provider tells again what was not accepted, and now and then what was. After each round every accepted notification is
booked exactly once, and when all have been told again every one is. One round here for twenty of the engine's.
"""
import os
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "integration/service"))
from game import Game, arguments
from service import Database, Market, Service, reference  # noqa: E402  (needs the path above)
from test_crash import Flood  # noqa: E402

NOTIFICATIONS = 120


class Lost(Exception):
    """Something accepted is not booked once."""


class Shop:
    """A market and its service on a database of their own."""

    def __init__(self):
        self.database = Database()
        self.service = Service(os.environ["CHO40_BIN"], self.database)
        self.market = Market(self.service)
        self.told = {}  # reference -> body, of all rounds

    def restart(self):
        self.service = Service(os.environ["CHO40_BIN"], self.database)
        self.market = self.market.on(self.service)

    def new_notifications(self):
        bodies = {}
        for i in range(NOTIFICATIONS):
            number, amount = reference(), 10_000 + len(self.told) + i
            memo = self.market.ask(amount)["reference"] if i % 2 == 0 else "mua ca"
            bodies[number] = self.market.payos_body(memo, amount, number)
        self.told.update(bodies)
        return bodies

    def booked(self):
        return {number: int(times) for number, times in self.database.rows("SELECT bank_reference, count(*) FROM bank_credit GROUP BY 1")}

    def must_be_booked_once(self, numbers):
        booked = self.booked()
        wrong = {number: booked.get(number, 0) for number in numbers if booked.get(number, 0) != 1}
        if wrong:
            raise Lost(f"accepted, and booked so often: {wrong}")


def strike(game, shop, dice, victims):
    bodies = shop.new_notifications()
    flood = Flood(shop.market, bodies)
    flood.wait_for(dice.randint(5, NOTIFICATIONS // 2))
    for victim in dice.sample(victims, len(victims)):
        if victim == "service":
            shop.service.kill()
        else:
            game.cluster.kill()
    if "PostgreSQL" in victims:
        game.cluster.start()
        shop.database.connect_again()
    accepted = set(flood.join())
    if "service" in victims:
        shop.restart()
    shop.must_be_booked_once(accepted)
    again = Flood(shop.market, bodies)
    if set(again.join()) != set(bodies):
        raise Lost(f"not accepted when told again: {again.refused}")
    shop.must_be_booked_once(shop.told)
    shop.service.verify_books()


def main():
    given = arguments(__doc__)
    count = max(3, given.rounds // 20)
    with Game("service", given.seed, count) as game:
        os.environ["CHO40_TEST_DATABASE_URL"] = game.cluster.server
        shops = []
        for number in range(count):
            victims = (["service"], ["PostgreSQL"], ["service", "PostgreSQL"])[number % 3]

            def act():
                if not shops:
                    shops.append(Shop())
                strike(game, shops[0], random.Random(f"{given.seed}/service/{number}"), victims)

            if not game.play("kill " + " and ".join(victims), act, []):
                shops.clear()
        if shops:
            shops[0].service.stop()
            shops[0].database.drop()
    return game.exit_code


if __name__ == "__main__":
    sys.exit(main())
