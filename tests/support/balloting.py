"""Ballots for tests: a small town whose scheme counts votes, a ballot in it, and people who vote."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.support.appraisal import YEAR, small_town

from jiceng.facts.ballots import drafting, handing_out, opening, papers, rolls, stored, voting
from jiceng.facts.ballots.asking import USUAL
from jiceng.facts.ballots.drafting import Wanted
from jiceng.schemes.service import adopt

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

DAY = date(2026, 10, 30)
REGULATIONS = Path(__file__).parents[1] / "regulations"
PARTIES = """
title = "民主评议"
subject = "member"
period = "year"

[facts]
vote = { kind = "ballot", title = "评议票", fields = { party = ["党员", "群众"], option = ["优秀", "合格", "不合格"] } }
satisfied = { kind = "number", title = "满意度", min = 0, max = 100, places = 1, default = 0 }

[items]
by_members = { from = "vote", when = "party == '党员'", value = "option", combine = "mean", choice = { "优秀" = 100, "合格" = 80, "不合格" = 40 } }
by_masses = { from = "vote", when = "party == '群众'", value = "option", combine = "mean", choice = { "优秀" = 100, "合格" = 80, "不合格" = 40 } }
rate = { points = "satisfied" }

[groups]
score = { of = { by_members = 0.5, by_masses = 0.4, rate = 0.1 } }
"""  # noqa: E501 - a rulebook's lines


def wanted(**given: Any) -> Wanted:
    """A ballot for itself about members, on the usual four grades; `given` changes it."""
    usual: dict[str, Any] = {
        "title": "年度民主评议",
        "kind": "member",
        "target": "",
        "measure": "votes",
        "day": DAY,
        "options": USUAL["grades"],
    }
    return Wanted(**(usual | given))


async def town_with(scheme: str, toml: str, members: int = 4) -> dict[str, str]:
    """A small town with a scheme in force for 2026; the ids of its members by number."""
    people = await small_town(members)
    await adopt(scheme, toml=toml, in_force_from=YEAR, reason="测试")
    return people


async def one_party(
    voters: int,
    *,
    numbers: Sequence[str] = ("D001",),
    small: bool = False,
    party: str = "群众",
    **given: Any,
) -> tuple[UUID, UUID]:
    """A ballot about `numbers`, open, with one party of so many numbered voters: (ballot, party)."""
    ballot = await drafting.draft(wanted(**given))
    await drafting.add_subjects(ballot, numbers)
    added = await drafting.add_party(ballot, word=party, title="", weight=1, small=small)
    await rolls.add_numbered(added, voters)
    await opening.open_ballot(ballot)
    return ballot, added


async def tokens(party: UUID) -> list[str]:
    """Fresh links of everybody in the party without a paper."""
    return [token for _, token in await opening.make_links(party)]


async def votes(token: str, choice: int | Mapping[UUID, int]) -> str:
    """One voter checks in and casts: the same option for everybody, or as given. Returns the slip used."""
    ballot, slip = await voting.check_in(token)
    if isinstance(choice, int):
        empty = await voting.paper(ballot, slip)
        choice = {one.subject: choice for one in empty.subjects}
    await voting.cast(ballot, slip, choice)
    return slip


async def on_paper(party: UUID, counts: papers.Counts, count: int, *people: UUID) -> UUID:
    """Everybody left is handed paper, a batch of `count` is typed by each of `people`; returns the batch."""
    await handing_out.hand_out_rest(party)
    batch = await papers.new_batch(party, count)
    for person in people:
        await papers.type_in(batch, counts, by=person)
    return batch


async def turnout(party: UUID) -> tuple[int, int]:
    """(papers given out online, papers given out by hand)."""
    _, found = await stored.party(party)
    return found.online, found.paper
