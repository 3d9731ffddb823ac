"""Two years of 「双强六好」: what enterprises declared and three parties gave them, as ledgers and facts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Any

import msgspec

from jiceng.kernel.spreadsheets import Column, SheetOut, write_workbook
from jiceng.operations.demo_data.help_ledgers import write_help, write_instructors
from jiceng.operations.demo_data.shapes import ROSTER_DAY, YEAR

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from jiceng.operations.demo_data.shapes import Roster, Unit

CRITERIA = ("生产经营好", "企业文化好", "劳动关系好", "党组织班子好", "党员队伍好", "社会反映好")
PARTIES = ("镇街", "部门", "职工")
DAYS = {YEAR - 1: dt.date(YEAR - 1, 12, 10), YEAR: dt.date(YEAR, 11, 12)}
COVERED = ("单独组建", "联合组建")
FEW = "仅有个别党员"
STATES = ("已采信",) * 22 + ("已提交，待审核",) * 2 + ("已退回", "填写中")
"""How far this year's declarations are; last year's are all accepted."""
_WEAKEST, _FAIR, _STRONG, _STRONGEST = 0.40, 0.70, 0.88, 0.985
_USUAL, _HEADS, _DEPUTIES, _COMMITTEES, _COMMITTEE_FROM = 0.86, 0.15, 0.6, 0.9, 7
_SAID = ("有计划，有记录，职工代表会上报告过", "比上年有进步，短板已列清单", "镇街检查两次，问题当月整改")


class Fortune(msgspec.Struct, frozen=True):
    """One unit in one year: what was found, and the share of the points it deserves."""

    unit: Unit
    year: int
    share: float
    members: int
    head_secretary: bool
    deputy: bool
    committee: bool
    ledger: str
    growth: Decimal
    marks: dict[tuple[str, str], Decimal]


def write_enterprises(folder: Path, roster: Roster, seed: int) -> list[Path]:
    """Write facts/double_strong_six_good.xlsx and the plugin's three ledgers below a tenant's folder."""
    random = Random(f"enterprises {seed}")  # noqa: S311  invented data, no secret
    years = ((YEAR - 1, roster.earlier or roster.units), (YEAR, roster.units))
    weak = _weak(years, random)
    shares: dict[str, float] = {}
    found: list[Fortune] = []
    for year, units in years:
        for unit in units:
            if unit.coverage in COVERED:
                share = _share(shares.get(unit.number), unit.number in weak[year], random)
                shares[unit.number] = share
                found.append(_fortune(unit, year, share, random))
    facts = folder / "facts" / "double_strong_six_good.xlsx"
    ledgers = folder / "double_strong_six_good"
    ledgers.mkdir(exist_ok=True)
    facts.write_bytes(write_workbook([*_facts(found, roster, random)], made=ROSTER_DAY))
    declared = ledgers / "declarations.xlsx"
    declared.write_bytes(write_workbook([_declarations(found, random)], made=ROSTER_DAY))
    helped = write_help(ledgers / "help.xlsx", weak[YEAR - 1], weak[YEAR], random)
    return [facts, declared, helped, write_instructors(ledgers / "instructors.xlsx", roster.units, random)]


def _weak(years: Sequence[tuple[int, Sequence[Unit]]], random: Random) -> dict[int, list[str]]:
    """Who is in the last tier: one in fifteen last year; two of them and a few new ones this year."""
    (before, earlier), (now, later) = years
    first = [unit.number for unit in earlier if unit.coverage in COVERED]
    lagging = random.sample(first, max(1, len(first) // 15))
    others = [unit.number for unit in later if unit.coverage in COVERED and unit.number not in lagging]
    fresh = random.sample(others, len(others) // 30)
    return {before: lagging, now: [*lagging[: len(lagging) // 5], *fresh]}


def _share(before: float | None, weak: bool, random: Random) -> float:
    if weak:
        return random.uniform(_WEAKEST, _WEAKEST + 0.06)
    if before is None or before < _FAIR:
        usual = random.random() < _USUAL
        return random.uniform(_FAIR, _STRONG) if usual else random.uniform(_STRONG, _STRONGEST)
    return min(_STRONGEST, max(_FAIR, before + random.gauss(0.015, 0.03)))


def _fortune(unit: Unit, year: int, share: float, random: Random) -> Fortune:
    members = random.randint(4, 34) if unit.coverage == "单独组建" else random.randint(3, 9)
    head = random.random() < _HEADS
    marks = {
        (party, criterion): _tenth(10 * min(1.0, max(0.0, random.gauss(share, 0.03))))
        for party in PARTIES
        for criterion in CRITERIA
    }
    return Fortune(
        unit=unit,
        year=year,
        share=share,
        members=members,
        head_secretary=head,
        deputy=head and random.random() < _DEPUTIES,
        committee=members >= _COMMITTEE_FROM and random.random() < _COMMITTEES,
        ledger="齐全" if random.random() < share + 0.1 else "不全",
        growth=_tenth(20 * min(1.0, max(0.0, random.gauss(share, 0.02)))),
        marks=marks,
    )


def _tenth(value: float) -> Decimal:
    return Decimal(round(value * 10)) / 10


def _facts(found: Sequence[Fortune], roster: Roster, random: Random) -> Iterable[SheetOut]:
    lonely = [
        (unit.number, DAYS[YEAR], random.randint(1, 4)) for unit in roster.units if unit.coverage == FEW
    ]
    yield _values("党员数", "integer", [*_each(found, lambda one: one.members), *lonely])
    yield _values("发展强：经营增长", "decimal", _each(found, lambda one: one.growth))
    yield _values("单位负责人兼任书记", "flag", _each(found, lambda one: one.head_secretary))
    yield _values("配有专职副书记", "flag", _each(found, lambda one: one.deputy))
    yield _values("已设委员会", "flag", _each(found, lambda one: one.committee))
    yield _values("党员和积极分子台账", "text", _each(found, lambda one: one.ledger))
    columns = (
        *_WHO,
        Column("party", "评价方", required=True),
        Column("criterion", "标准", required=True),
        Column("mark", "评分", "decimal", required=True),
    )
    rows = [
        (one.unit.number, DAYS[one.year], party, criterion, mark)
        for one in found
        for (party, criterion), mark in one.marks.items()
    ]
    yield SheetOut("三方评价", columns, rows)


_WHO = (Column("subject", "编号", required=True), Column("date", "日期", "date", required=True))
Row = tuple[Any, ...]


def _each(found: Iterable[Fortune], value: Callable[[Fortune], Any]) -> list[Row]:
    return [(one.unit.number, DAYS[one.year], value(one)) for one in found]


def _values(title: str, kind: Any, rows: Sequence[Row]) -> SheetOut:  # noqa: ANN401  a kind of cell
    return SheetOut(title, (*_WHO, Column("value", title, kind, required=True)), rows)


def _declarations(found: Sequence[Fortune], random: Random) -> SheetOut:
    titles = (
        "发展强：经营增长自评分",
        "党员数",
        "有党组织书记",
        "已设委员会",
        "单位负责人兼任书记",
        "配有专职副书记",
    )
    columns = [Column("number", "单位编号"), Column("year", "年度", "integer"), Column("state", "状态")]
    columns += [Column(title, title) for title in (*titles, "换届", "党员和积极分子台账")]
    columns += [Column(title, f"{title}：做法和成效", width=30) for title in CRITERIA]
    columns += [Column(title + "自评", f"{title}：自评分") for title in CRITERIA]
    rows: list[Row] = []
    for one in found:
        state = "已采信" if one.year < YEAR else random.choice(STATES)
        flags = ["是" if flag else "否" for flag in (True, one.committee, one.head_secretary, one.deputy)]
        own = [min(Decimal(10), _tenth(10 * one.share) + Decimal("0.4")) for _ in CRITERIA]
        said = [random.choice(_SAID) for _ in CRITERIA]
        answers = (str(one.growth), str(one.members), *flags, "按期", one.ledger)
        rows.append((one.unit.number, one.year, state, *answers, *said, *map(str, own)))
    return SheetOut("企业申报", columns, rows)
