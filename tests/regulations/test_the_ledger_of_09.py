"""Regulation 09 has no score but a running balance: its seven examples pass through ledger and redemption."""

import tomllib
from decimal import Decimal
from typing import Any

import pytest
import yaml
from msgspec.structs import replace
from tests.regulations.published import FOLDER, HERE, LEDGER
from tests.support.ledger import earn, enrol

from jiceng.kernel.database import tenant_scope
from jiceng.kernel.errors import Conflict
from jiceng.kernel.ids import new_id
from jiceng_points.ledger import queries as ledger
from jiceng_points.ledger.proving import prove
from jiceng_points.people.schemas import Actor
from jiceng_points.redemption import queries
from jiceng_points.redemption.goods import add_gift, take_in
from jiceng_points.redemption.rules import USUAL, change_rule, pause
from jiceng_points.redemption.schemas import GiftGiven
from jiceng_points.redemption.service import hand_out, redeem

BOOK = tomllib.loads((HERE / f"{LEDGER}.ledger").read_text(encoding="utf-8"))
CLERK = new_id()


async def cards() -> dict[str, Any]:
    """The two cards on the shelf, five of each, for whoever has the points."""
    made = {}
    for name, price in BOOK["prices"].items():
        given = GiftGiven(title=name, details="", price=Decimal(price), each_year=None, offered=True)
        made[name] = await add_gift(given, CLERK)
        await take_in(made[name], 5, CLERK)
    await change_rule(replace(USUAL, qualifies="anyone"), CLERK)
    return made


@pytest.mark.parametrize("example", BOOK["examples"], ids=lambda example: example["id"])
async def test_every_example_ends_with_its_balance_and_cards(
    example: dict[str, Any], two_tenants: tuple[int, int]
) -> None:
    with tenant_scope(two_tenants[0]):
        gifts = await cards()
        (member,) = await enrol("D001")
        if example["blocked"]:
            await pause(member, CLERK)
        for number, (act, what) in enumerate(example["ops"]):
            if act == "earn":
                await earn(member, what, f"service/{number}")
                continue
            try:
                await redeem(new_id(), gifts[what], member, by=Actor(CLERK, member))
            except Conflict:
                continue
            (held,) = [one for one in await queries.of_member(member) if one.state == "held"]
            await hand_out(held.code or "", by=Actor(CLERK))
        granted = [one.title for one in reversed(await queries.of_member(member))]
        assert granted == example["granted"]
        assert await ledger.balance(member) == Decimal(example["balance"])
        assert (await prove()).holds


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the regulations are not part of the repository")
def test_the_examples_are_the_published_ones() -> None:
    document = yaml.safe_load((FOLDER / f"{LEDGER}.yaml").read_text(encoding="utf-8"))
    published = [
        {
            "id": one["id"],
            "ops": [[act, str(what)] for act, what in one["facts"]["ops"]],
            "blocked": one["facts"]["blocked"],
            **one["expected"],
        }
        for one in document["examples"]
    ]
    assert published == BOOK["examples"]
    assert len(published) == 7
