"""The star regulations' published examples as tenants: subjects on a roster, facts, last year's stars."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import polars as pl

from jiceng.kernel.database import bulk_insert, current_tenant, fetch_value, tenant_scope, transaction
from jiceng.kernel.ids import new_id
from jiceng.roster.tables import (
    Member,
    Membership,
    MemberState,
    Organization,
    OrganizationState,
    Unit,
    UnitState,
)
from jiceng.schemes.service import adopt
from jiceng.tenancy.service import create_tenant
from jiceng_sdk.cases.shape import NOTHING, Case, Person, Wanted
from jiceng_sdk.cases.sources import read_source
from jiceng_sdk.rulebook.reading import read_rulebook

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from jiceng_sdk.rulebook import Rulebook

HERE = Path(__file__).parents[1] / "regulations"
STARS = {
    "11-wuxing-110": 9,
    "13-district-10-40-30": 7,
    "17-shengzhou-step-promotion": 6,
    "18-zhengxing-85-percent": 7,
    "19-shaanxi-two-year-veto": 7,
    "33-chongyi-3-5-2": 7,
}
"""How many published examples each regulation has."""
ALONE = {"G1", "P1", "P2"}
"""Examples about a whole group: nobody else may be on the roster with them."""
RANKED = {"13-district-10-40-30", "33-chongyi-3-5-2"}
DAY = date(2026, 5, 1)
YEARS_BEFORE = (date(2025, 5, 1), date(2024, 5, 1))
BEGINNING = date(2020, 1, 1)
KEY = "stars"
_EARLIER = """
title = "上年办法"
subject = "%s"
period = "year"
grades = [%s]
[facts]
justified = { kind = "choice", title = "考核应得星级", options = [%s] }
[[decide]]
do = "bands"
title = "考核应得星级"
from = "justified"
"""


class Somebody(NamedTuple):
    """A subject of an example: its number on the roster, its facts, what is expected of it."""

    number: str
    example: str
    person: Person
    wanted: Wanted


class World(NamedTuple):
    """A tenant with the subjects of one example, or of several that do not touch each other."""

    tenant: int
    slug: str
    book: Rulebook
    everybody: list[Somebody]
    cases: list[Case]


def rulebook_text(regulation: str) -> str:
    """The regulation's rulebook; "founded this year" and the township of a secretary are handed in here."""
    text = (HERE / f"{regulation}.toml").read_text(encoding="utf-8")
    text = text.replace('title = "当年新建", source = "roster"', 'title = "当年新建"')
    return text.replace('title = "乡镇", source = "roster"', 'title = "乡镇", options = ["甲乡", "乙乡"]')


def examples(regulation: str) -> list[Case]:
    """The published examples among the regulation's cases."""
    cases = read_source(HERE / f"{regulation}.cases.toml").file.cases
    return [case for case in cases if case.example]


def groups(regulation: str) -> list[list[Case]]:
    """The examples by roster: those that rank subjects have one each, the others share one."""
    found = examples(regulation)
    apart = [case for case in found if regulation in RANKED or case.example in ALONE]
    together = [case for case in found if case not in apart]
    return [*([together] if together else []), *([case] for case in apart)]


async def world(regulation: str, cases: Sequence[Case], slug: str) -> World:
    """A tenant of its own with the subjects of these cases and the regulation in force."""
    book = read_rulebook(rulebook_text(regulation), regulation)
    tenant = await create_tenant(slug, "星级样例", "district")
    everybody = list(_everybody(cases))
    with tenant_scope(tenant.id):
        numbers = [one.number for one in everybody]
        await ROSTERS[book.subject](numbers)
        first = date(2026, 1, 1) if "justified" in book.facts else BEGINNING
        if "justified" in book.facts and any(one.person.previous for one in everybody):
            words = ", ".join(f'"{grade}"' for grade in book.grades)
            text = _EARLIER % (book.subject, words, words)
            await adopt(KEY, toml=text, in_force_from=date(2024, 1, 1), reason="上年")
        text = rulebook_text(regulation)
        await adopt(KEY, toml=text, in_force_from=first, reason="样例")
    return World(tenant.id, slug, book, everybody, list(cases))


def facts_of(found: World) -> dict[str, list[dict[str, Any]]]:
    """This year's facts as the API takes them, by kind."""
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for one in found.everybody:
        for name, value in one.person.values.items():
            row = {"number": one.number, "date": DAY.isoformat(), "values": {"value": _told(value)}}
            by_kind.setdefault(name, []).append(row)
        for name, rows in one.person.facts.items():
            for row in rows:
                values = {key: _told(value) for key, value in row.items() if key != "date"}
                told = {"number": one.number, "date": row["date"].isoformat(), "values": values}
                by_kind.setdefault(name, []).append(told)
    return by_kind


def earlier_years(found: World) -> list[tuple[date, dict[str, list[dict[str, Any]]]]]:
    """Day and facts (by kind) of the years that gave everybody the grades he had, the earliest first."""
    years = []
    for back, day in enumerate(YEARS_BEFORE):
        had = {
            one.number: str(one.person.previous[back]["grade"])
            for one in found.everybody
            if len(one.person.previous) > back
        }
        if had and "justified" in found.book.facts:
            years.append((day, {"justified": [_fact(number, day, grade) for number, grade in had.items()]}))
        elif had:
            years.append((day, _ranked(found, day, had)))
    return years[::-1]


MARKS = {"一类": 99, "二类": 60, "三类": 1}
"""Marks that give these grades among the others of an example of 33."""


def _ranked(found: World, day: date, had: dict[str, str]) -> dict[str, list[dict[str, Any]]]:
    """Marks of an earlier year by which those of `had` came into their grades; the others as this year."""
    facts: dict[str, list[dict[str, Any]]] = {"township": [], "year_end": []}
    for one in found.everybody:
        own = MARKS[had[one.number]] if one.number in had else one.person.values["year_end"]
        facts["year_end"].append(_fact(one.number, day, str(own)))
        facts["township"].append(_fact(one.number, day, one.person.values["township"]))
    return facts


def _fact(number: str, day: date, value: Any) -> dict[str, Any]:
    return {"number": number, "date": day.isoformat(), "values": {"value": value}}


def as_expected(one: Somebody, result: dict[str, Any]) -> list[str]:
    """What of a result (as the API tells it) is not what the example says."""
    wanted, wrong = one.wanted, []
    for name in ("status", "grade"):
        expected = getattr(wanted, name)
        if expected is not msgspec.UNSET and result[name] != (None if expected == NOTHING else expected):
            wrong.append(f"{one.example} {one.number} {name}: {result[name]} instead of {expected}")
    if wanted.score is not msgspec.UNSET:
        score = None if result["score"] is None else Decimal(result["score"])
        if score != (None if wanted.score == NOTHING else Decimal(wanted.score)):
            wrong.append(f"{one.example} {one.number} score: {score} instead of {wanted.score}")
    wrong += [
        f"{one.example} {one.number} {name}: {result['outputs'].get(name)} instead of {value}"
        for name, value in wanted.outputs.items()
        if not _same(result["outputs"].get(name), value)
    ]
    return wrong


def _same(told: Any, wanted: Any) -> bool:
    """Whether the API tells what is wanted; it tells numbers as exact text."""
    if isinstance(wanted, bool | str) or told is None:
        return bool(told == wanted)
    return Decimal(told) == Decimal(wanted)


def _everybody(cases: Iterable[Case]) -> Iterator[Somebody]:
    for case in cases:
        graded = {name: grade for grade, names in case.grades.items() for name in names}
        for place, person in enumerate(case.people):
            wanted = case.wanted.get(person.name, Wanted())
            if person.name in graded:
                wanted = msgspec.structs.replace(wanted, grade=graded[person.name])
            yield Somebody(f"{case.example}-{place + 1:03}", case.example, person, wanted)


async def _organizations(numbers: Sequence[str]) -> None:
    ids = [str(new_id()) for _ in numbers]
    async with transaction():
        await bulk_insert(Organization, pl.DataFrame({"id": ids, "number": numbers}))
        await bulk_insert(OrganizationState, _states(ids, numbers))


async def _units(numbers: Sequence[str]) -> None:
    place, ids = str(new_id()), [str(new_id()) for _ in numbers]
    async with transaction():
        await bulk_insert(Organization, pl.DataFrame({"id": [place], "number": ["O1"]}))
        await bulk_insert(OrganizationState, _states([place], ["O1"]))
        await bulk_insert(Unit, pl.DataFrame({"id": ids, "number": numbers}))
        same = {"since": BEGINNING, "kind": "非公企业", "should_have": True, "coverage": "单独组建"}
        state = {"unit": ids, "name": [f"企业{number}" for number in numbers], "organization": place}
        await bulk_insert(
            UnitState, pl.DataFrame(state).with_columns(**{k: pl.lit(v) for k, v in same.items()})
        )


async def _members(numbers: Sequence[str]) -> None:
    await _organizations(["O1"])
    home = await fetch_value("select id::text from organization where tenant_id = $1", current_tenant())
    ids = [str(new_id()) for _ in numbers]
    since = [BEGINNING] * len(ids)
    off = {name: [False] * len(ids) for name in ("dual", "mobile", "worker")}
    states = {"member": ids, "since": since, "category": ["农村"] * len(ids), "state": ["正式"] * len(ids)}
    async with transaction():
        names = [f"书记{number}" for number in numbers]
        await bulk_insert(Member, pl.DataFrame({"id": ids, "number": numbers, "name": names}))
        await bulk_insert(MemberState, pl.DataFrame(states | off))
        homes = {"member": ids, "organization": [home] * len(ids), "since": since}
        await bulk_insert(Membership, pl.DataFrame(homes))


ROSTERS = {"organization": _organizations, "enterprise": _units, "member": _members}


def _states(ids: Sequence[str], numbers: Sequence[str]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "organization": ids,
            "since": [BEGINNING] * len(ids),
            "name": [f"党支部{number}" for number in numbers],
            "kind": ["党支部"] * len(ids),
            "field": ["社区"] * len(ids),
            "parent": pl.Series([None] * len(ids), dtype=pl.String),
        }
    )


def _told(value: Any) -> Any:
    if isinstance(value, bool | str):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)
