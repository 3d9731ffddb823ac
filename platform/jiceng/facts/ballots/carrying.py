"""Ballots that were held and counted elsewhere, brought in from a workbook: totals only, nothing handed on.

One row for each ballot, party, subject and option. They show beside the ballots held here, under the same
rule about what may be told; what the schemes know of them is handed in as facts of its own.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from jiceng.facts.ballots.asking import USUAL
from jiceng.facts.ballots.schemas import Option
from jiceng.kernel.audit import Event, record
from jiceng.kernel.clock import CHINA, today
from jiceng.kernel.database import current_tenant, execute, fetch_value, joined, next_block, one_at_a_time
from jiceng.kernel.errors import Invalid
from jiceng.kernel.ids import new_id
from jiceng.kernel.spreadsheets import CellFault, Column, Table, read_table, read_workbook
from jiceng.roster.queries import subject_numbers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

KINDS = {"党员": "member", "组织": "organization", "企业": "enterprise"}
COLUMNS = (
    Column("title", "票决", required=True, must=True, longest=100, width=28),
    Column("day", "日期", "date", required=True, must=True),
    Column("kind", "对象类别", "choice", required=True, must=True, options=tuple(KINDS)),
    Column("party", "评议方", required=True, must=True, longest=60),
    Column("entitled", "应到", "integer", required=True, must=True, low=1, high=2000),
    Column("returned", "收回", "integer", required=True, must=True, low=0, high=2000),
    Column("subject", "对象编号", required=True, must=True),
    Column("option", "选项", required=True, must=True, longest=60),
    Column("votes", "票数", "integer", required=True, must=True, low=0, high=2000),
)
_BY_FIELD = {column.field: column for column in COLUMNS}
_THERE = "select id from ballot where tenant_id = $1 and title = $2 and day = $3"
_BALLOT = """
insert into ballot (tenant_id, id, number, title, kind, measure, day, options, quorum, state, counted_at)
values ($1, $2, $3, $4, $5, 'rate', $6, $7, '0', 'counted', $8)
"""
_PARTY = """
insert into ballot_party (tenant_id, id, ballot, place, word, title) values ($1, $2, $3, $4, $5, $5)
"""
_ROLL = """
insert into ballot_voter (tenant_id, id, ballot, party, place, label, way)
select $1, gen_random_uuid(), $2, $3, n, to_char(n, 'FM000'), case when n <= $5 then 'paper' else '' end
from generate_series(1, $4::int) n
"""
_SUBJECT = """
insert into ballot_subject (tenant_id, id, ballot, place, subject) values ($1, $2, $3, $4, $5)
"""
_TALLY = """
insert into ballot_tally (tenant_id, id, ballot, party, subject, option, votes)
values ($1, $2, $3, $4, $5, $6, $7)
"""


class Known(Protocol):
    """Who the roster has, or is about to have: the id of every number."""

    @property
    def members(self) -> Mapping[str, str]: ...  # noqa: D102 - as the protocol says
    @property
    def organizations(self) -> Mapping[str, str]: ...  # noqa: D102
    @property
    def units(self) -> Mapping[str, str]: ...  # noqa: D102


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the sheet."""

    title: str
    day: dt.date
    kind: str
    party: str
    entitled: int
    returned: int
    subject: str
    option: str
    votes: int


def examine(data: bytes, place: str, known: Known) -> Sequence[CellFault]:
    """Every fault of a workbook; the database is not asked."""
    table = _table(data, place)
    if faults := [fault for fault in table.faults if not fault.hint]:
        return faults
    numbers = {"党员": known.members, "组织": known.organizations, "企业": known.units}
    return _faults(table, _rows(table), numbers)


async def bring_in(data: bytes, place: str) -> int:
    """Keep the ballots that are not here yet (by title and day); returns how many. Raises Invalid."""
    table = _table(data, place)
    if faults := [fault for fault in table.faults if not fault.hint]:
        raise Invalid(faults, where=place)
    rows = _rows(table)
    numbers = {
        word: await subject_numbers(kind, today())  # type: ignore[arg-type]  # a value of KINDS
        for word, kind in KINDS.items()
    }
    if faults := _faults(table, rows, numbers):
        raise Invalid(faults, where=place)
    brought = 0
    async with joined():
        await one_at_a_time("counted ballots")
        for title, day in dict.fromkeys((row.title, row.day) for row in rows):
            if await fetch_value(_THERE, current_tenant(), title, day) is None:
                own = [row for row in rows if (row.title, row.day) == (title, day)]
                await _keep(own, numbers[own[0].kind])
                brought += 1
    return brought


def _table(data: bytes, place: str) -> Table:
    return read_table(read_workbook(data, place).sheets[0], COLUMNS)


def _rows(table: Table) -> list[Row]:
    lines = zip(*(table.values[column.field] for column in COLUMNS), strict=True)
    return [Row(**dict(zip(_BY_FIELD, line, strict=True))) for line in lines]


def _faults(table: Table, rows: Sequence[Row], numbers: Mapping[str, Mapping[str, str]]) -> list[CellFault]:
    """What single cells do not show: strangers, more votes than papers, rows that contradict each other."""
    faults: list[CellFault] = []
    votes: dict[tuple[str, dt.date, str, str], int] = {}
    said: dict[tuple[str, dt.date, str], tuple[str, int, int]] = {}
    kinds: dict[tuple[str, dt.date], str] = {}
    told: set[tuple[str, dt.date, str, str, str]] = set()
    for index, row in enumerate(rows):
        if row.subject not in numbers[row.kind]:
            faults.append(table.fault(index, _BY_FIELD["subject"], "名册里没有这个编号", "核对编号"))
        if row.day > today():
            faults.append(table.fault(index, _BY_FIELD["day"], "日期晚于今天", "核对日期"))
        if row.returned > row.entitled:
            faults.append(table.fault(index, _BY_FIELD["returned"], "收回多于应到", "核对份数"))
        party = row.title, row.day, row.party
        same = row.kind, row.entitled, row.returned
        if said.setdefault(party, same) != same:
            words = "同一评议方的类别、应到、收回前后不同"
            faults.append(table.fault(index, _BY_FIELD["party"], words, "每一行写成一样"))
        if kinds.setdefault(party[:2], row.kind) != row.kind:
            faults.append(table.fault(index, _BY_FIELD["kind"], "同一票决的对象类别前后不同", "分成两次票决"))
        line = (*party, row.subject, row.option)
        if line in told:
            faults.append(table.fault(index, _BY_FIELD["option"], "同样的一行前面已经有了", "合并成一行"))
        told.add(line)
        total = votes[*party, row.subject] = votes.get((*party, row.subject), 0) + row.votes
        if total > row.returned:
            faults.append(table.fault(index, _BY_FIELD["votes"], "票数合计多于收回份数", "核对票数"))
    return faults


async def _keep(rows: Sequence[Row], ids: Mapping[str, str]) -> None:
    ballot, first = new_id(), rows[0]
    usual = {one.name: one for set_ in USUAL.values() for one in set_}
    options = [usual.get(name, Option(name)) for name in dict.fromkeys(row.option for row in rows)]
    counted = dt.datetime.combine(first.day, dt.time(18), CHINA)
    number = await next_block("ballots")
    written = msgspec.json.encode(options).decode()
    head = (number, first.title, KINDS[first.kind], first.day, written, counted)
    await execute(_BALLOT, current_tenant(), ballot, *head)
    for place, subject in enumerate(dict.fromkeys(row.subject for row in rows)):
        await execute(_SUBJECT, current_tenant(), new_id(), ballot, place, ids[subject])
    for place, party in enumerate(dict.fromkeys(row.party for row in rows)):
        own = [row for row in rows if row.party == party]
        await _keep_party(ballot, place, own, ids)
    record(Event.BALLOT_CHANGED, ("ballot", ballot), state="counted", number=number)


async def _keep_party(ballot: Any, place: int, rows: Sequence[Row], ids: Mapping[str, str]) -> None:  # noqa: ANN401 - a UUID
    party, first = new_id(), rows[0]
    await execute(_PARTY, current_tenant(), party, ballot, place, first.party)
    await execute(_ROLL, current_tenant(), ballot, party, first.entitled, first.returned)
    await execute(_TALLY, current_tenant(), new_id(), ballot, party, None, "", first.returned)
    for row in rows:
        if row.votes:
            subject = ids[row.subject]
            await execute(_TALLY, current_tenant(), new_id(), ballot, party, subject, row.option, row.votes)
