"""Tiered review 逐级评议: the parties and the paper of one layer, drawn from the tree of organizations.

Residents rate their community, communities their street, streets and communities the departments and the
units (驻区单位) among them; each group rates its own and nobody else's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import msgspec

from jiceng.facts.ballots import stored
from jiceng.facts.ballots.drafting import NOT_A_DRAFT, add_party, put_on_paper
from jiceng.facts.ballots.rolls import put_on_roll
from jiceng.facts.ballots.schemas import MOST_VOTERS
from jiceng.kernel.clock import today
from jiceng.kernel.database import joined
from jiceng.kernel.errors import Conflict, Invalid
from jiceng.roster.queries import descendants, units, whole_tree

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from jiceng.roster.schemas import OrganizationRow

Layer = Literal["residents", "below", "departments", "units"]
LAYERS: dict[Layer, tuple[str, str]] = {
    "residents": ("居民评议下级组织", "居民"),
    "below": ("下级评议上级", "社区"),
    "departments": ("街道、社区评议部门", "街道社区"),
    "units": ("街道、社区评议驻区单位", "街道社区"),
}
"""Each layer with its title and the usual word for its party."""
DEPARTMENT = "机关"
Line = tuple[str, "UUID | None"]


class Group(msgspec.Struct, frozen=True):
    """Voters who rate the same: a title, their lines of the roll, whom they rate."""

    title: str
    voters: tuple[Line, ...]
    rates: tuple[UUID, ...]


async def add_layer(ballot_id: UUID, layer: str, top: UUID, *, slips: int, word: str, weight: int) -> int:
    """Add the groups of a layer below `top` to a draft, with their rolls and subjects; returns how many.

    `slips`: numbered links for the residents of each place. Groups below the minimum are marked small, so
    their voters are told. Raises Invalid when nothing is there to be rated, or the ballot rates others.
    """
    async with joined():
        ballot = await stored.locked(ballot_id, "draft", what=NOT_A_DRAFT)
        groups = await _groups(layer, top, slips)
        wanted = "enterprise" if layer == "units" else "organization"
        if ballot.kind != wanted:
            raise Conflict("这一层评议的对象和本次票决不同", todo_zh="请另建一次票决")
        if not groups:
            raise Invalid(["这个组织下面没有可以这样评议的对象"], "评议层级没有加上")
        await put_on_paper(ballot_id, list(dict.fromkeys(one for group in groups for one in group.rates)))
        for group in groups:
            party = await add_party(
                ballot_id,
                word=word.strip() or LAYERS[layer][1],  # type: ignore[index]  # a key, or _groups had refused
                title=group.title,
                weight=weight,
                small=len(group.voters) < ballot.minimum,
                rates=group.rates,
            )
            await put_on_roll(ballot_id, party, group.voters)
    return len(groups)


async def _groups(layer: str, top: UUID, slips: int) -> list[Group]:
    tree = await whole_tree(today())
    below = {one.id: [child for child in tree if child.parent == one.id] for one in tree}
    first = below.get(top, [])
    match layer:
        case "residents":
            if not 1 <= slips <= MOST_VOTERS:
                raise Invalid([f"每处的份数应在 1 到 {MOST_VOTERS} 之间"], "评议层级没有加上")
            return [Group(f"{_short(one)}居民", (("", None),) * slips, (one.id,)) for one in first]
        case "below":
            return [
                Group(f"{_short(one)}下级", _lines(below[one.id]), (one.id,))
                for one in first
                if below[one.id]
            ]
        case "departments":
            rated = tuple(one.id for one in first if one.field == DEPARTMENT)
            places = [one for one in first if one.field != DEPARTMENT]
            voters = [each for one in places for each in (one, *below[one.id])]
            return [Group("街道和社区", _lines(voters), rated)] if rated and voters else []
        case "units":
            return [group for one in first if (group := await _of_units(one, below[one.id])) is not None]
    raise Invalid([f"评议层级应是：{'、'.join(get_args(Layer))}"])


async def _of_units(place: OrganizationRow, below: Sequence[OrganizationRow]) -> Group | None:
    inside = set(await descendants(place.id, today()))
    rated = tuple(one.id for one in await units(today()) if one.organization in inside)
    return Group(f"{_short(place)}和所属社区", _lines([place, *below]), rated) if rated else None


def _lines(places: Sequence[OrganizationRow]) -> tuple[Line, ...]:
    return tuple((_short(one), one.id) for one in places)


def _short(one: OrganizationRow) -> str:
    return one.short_name or one.name
