"""A sheet as its page shows it: every line with what each stage gave, and the fields that may be typed in."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from jiceng.accounts.access import Permission, may
from jiceng.accounts.queries import names_of
from jiceng.facts.campaigns import campaigns
from jiceng.facts.campaigns.progress import apart, state_of, total
from jiceng.facts.campaigns.schemas import Entry
from jiceng.facts.campaigns.sheets import (
    book_of,
    entries,
    fault_of,
    rubric,
    sheets_of,
    writable,
    writable_on_paper,
)
from jiceng.facts.campaigns.standing import Place, places
from jiceng.kernel.clock import today
from jiceng.kernel.errors import Conflict, Forbidden, NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from jiceng.accounts.schemas import SignedIn
    from jiceng.facts.campaigns.rubric import Line
    from jiceng.facts.campaigns.schemas import CampaignInfo, Saved, SheetInfo, Typed
    from jiceng.facts.campaigns.sheets import Opened
    from jiceng_sdk.rulebook import Rulebook


WAYS = (("review", Permission.CHECK_WORK), ("own", Permission.TAKE_PART), ("paper", Permission.ENTER_FACTS))
"""How somebody may come to write a sheet, and what he needs for it."""


class Row(msgspec.Struct, frozen=True):
    """One line: what the stages that handed in gave, whether they differ, and the field to type in.

    `mine` is what stands in the field, `fault` what is wrong with it; `theirs` tells, after somebody else
    changed the line meanwhile, who and to what.
    """

    line: Line
    given: dict[str, Entry]
    differs: bool
    mine: Entry
    fault: str
    theirs: str


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A whole sheet; `way` is one of WAYS when it may be written here, else "" and `why` says why not."""

    info: CampaignInfo
    place: Place
    rows: tuple[Row, ...]
    handed: dict[str, SheetInfo]
    states: dict[str, str]
    totals: dict[str, Decimal]
    stage: str
    way: str
    why: str


async def shown(
    campaign_id: UUID,
    subject: UUID,
    user: SignedIn,
    crossed: Sequence[Saved],
    typed: Mapping[str, Typed],
) -> Shown:
    """The sheet for this person; raises NotFound for what may not be seen here."""
    info = await campaigns.campaign(campaign_id)
    place = (await places(info.subject, today())).get(str(subject))
    if place is None:
        raise NotFound("名册里没有这个对象")
    sheets = await sheets_of(info.id, [place.subject])
    handed = {stage: one for (_, stage), one in sheets.items() if one.handed_at is not None}
    opened, way, why = await _turn(info, place, user, handed)
    draft = sheets.get((place.subject, opened.stage)) if opened else None
    mine = await entries(draft.id) if draft else {}
    given = {stage: await entries(one.id) for stage, one in handed.items()}
    book, lines = await book_of(info.rulebook), await rubric(info)
    theirs = await _theirs(crossed)
    typed_here = {name: one for name, one in typed.items() if name in theirs}
    rows = [
        _row(line, book, given, _field(line.name, mine, typed_here), theirs.get(line.name, ""))
        for line in lines
    ]
    return Shown(
        info=info,
        place=place,
        rows=tuple(rows),
        handed=handed,
        states={
            stage: state_of(info, sheets.get((place.subject, stage)), stage) for stage in info.dates.stages()
        },
        totals={
            stage: total(lines, book, {name: one.value for name, one in some.items()})
            for stage, some in given.items()
        },
        stage=opened.stage if opened else "",
        way=way,
        why=why,
    )


def _row(
    line: Line, book: Rulebook, given: Mapping[str, Mapping[str, Entry]], mine: Entry, theirs: str
) -> Row:
    of_stages = {stage: some[line.name] for stage, some in given.items() if line.name in some}
    differs = bool(of_stages) and apart(line, book, {s: one.value for s, one in of_stages.items()})[0]
    return Row(line, of_stages, differs, mine, fault_of(line, book, mine.value), theirs)


async def _theirs(crossed: Sequence[Saved]) -> dict[str, str]:
    """Who changed the lines that crossed, and to what, by line."""
    people = await names_of({one.entry.by for one in crossed if one.entry.by})
    return {
        one.line: f"{people.get(one.entry.by, '—')}：{one.entry.value or '（空）'}"
        for one in crossed
        if one.entry.by
    }


async def by_way(way: str, campaign: UUID, subject: UUID) -> Opened:
    """The sheet to be written by this way; raises as `writable` and `writable_on_paper`."""
    if way == "paper":
        return await writable_on_paper(campaign, subject)
    return await writable(campaign, subject, review=way == "review")


async def _turn(
    info: CampaignInfo, place: Place, user: SignedIn, handed: Mapping[str, SheetInfo]
) -> tuple[Opened | None, str, str]:
    """The sheet that may be written here now, by which way; or why none."""
    told = ""
    for way, permission in WAYS:
        if not may(user, permission):
            continue
        try:
            opened = await by_way(way, info.id, UUID(place.subject))
        except Forbidden:
            continue
        except Conflict as refused:
            told = told or refused.in_chinese()
            continue
        if opened.stage in handed:
            told = told or "这张表已经提交"
            continue
        return opened, way, ""
    return None, "", told


def _field(name: str, mine: Mapping[str, Entry], typed: Mapping[str, Typed]) -> Entry:
    there = mine.get(name, Entry(name))
    if name not in typed:
        return there
    one = typed[name]
    return Entry(name, one.value or "", one.proof or "", one.comment or "", there.revision, there.by)
