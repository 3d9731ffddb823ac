"""The tenant's working-day calendar: what comes with the platform, and what the tenant changed or added."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import msgspec

from jiceng.kernel.audit import Event, record
from jiceng.kernel.clock import now
from jiceng.kernel.database import current_tenant, execute, fetch, joined
from jiceng.kernel.errors import Invalid
from jiceng.kernel.ids import new_id
from jiceng.kernel.spreadsheets.dates import DateError, read_date
from jiceng.kernel.typed import plain
from jiceng.schemes.periods.calendar import Calendar, Day, days_from, shipped, shipped_years

if TYPE_CHECKING:
    from uuid import UUID

ONE_DAY = timedelta(days=1)
LONGEST_SOURCE, LONGEST_NOTE = 300, 100
_LINE = re.compile(
    r"(?P<first>\d{4}[-－./年]\d{1,2}[-－./月]\d{1,2}日?)"
    r"(?:\s*(?:至|到|[~～—–])\s*(?P<last>\d{4}[-－./年]\d{1,2}[-－./月]\d{1,2}日?))?\s*(?P<note>.*)"
)
_SET_DAY = """
insert into calendar_day (tenant_id, id, day, working, note, by, at) values ($1, $2, $3, $4, $5, $6, $7)
on conflict (tenant_id, day) do update
set working = excluded.working, note = excluded.note, by = excluded.by, at = excluded.at
"""
_SET_YEAR = """
insert into calendar_year (tenant_id, id, year, source, by, at) values ($1, $2, $3, $4, $5, $6)
on conflict (tenant_id, year) do update set source = excluded.source, by = excluded.by, at = excluded.at
"""
_FORGET_YEAR = """
delete from calendar_day d using calendar_year y
where d.tenant_id = $1 and y.tenant_id = $1 and y.year = $2
  and d.day between make_date($2, 1, 1) and make_date($2, 12, 31) and d.at = y.at
"""
"""The days a year was entered with before; those changed one by one since have a moment of their own."""


class YearShown(msgspec.Struct, frozen=True):
    """A year as the page shows it: where it is from (empty: unknown) and its exceptions in order."""

    year: int
    source: str
    days: tuple[Day, ...]

    @property
    def known(self) -> bool:
        """Whether working days of the year can be counted."""
        return bool(self.source)

    def lines(self, *, working: bool) -> str:
        """The days off (or worked) as `enter_year` reads them: a line for each span of one name."""
        spans: list[list[Day]] = []
        for one in (day for day in self.days if day.working is working):
            last = spans[-1][-1] if spans else None
            if last and last.note == one.note and one.day - last.day == ONE_DAY:
                spans[-1].append(one)
            else:
                spans.append([one])
        return "\n".join(
            f"{span[0].day}{f' 至 {span[-1].day}' if len(span) > 1 else ''} {span[0].note}".strip()
            for span in spans
        )


async def calendar() -> Calendar:
    """The tenant's working days: the platform's years that it did not enter itself, then its own days."""
    rows = await fetch("select day, working from calendar_day where tenant_id = $1", current_tenant())
    own = await fetch("select year from calendar_year where tenant_id = $1", current_tenant())
    entered = {row["year"] for row in own}
    given = [found for year in shipped_years() - entered if (found := shipped(year))]
    base = {day.day: day.working for found in given for day in found.days}
    exceptions = base | {row["day"]: row["working"] for row in rows}
    return Calendar(shipped_years() | entered, exceptions)


async def year_shown(year: int) -> YearShown:
    """One year with everything in it that is not plain Monday to Friday."""
    given = shipped(year)
    rows = await fetch(
        "select day, working, note from calendar_day where tenant_id = $1 and day between $2 and $3",
        current_tenant(),
        date(year, 1, 1),
        date(year, 12, 31),
    )
    source = await fetch(
        "select source from calendar_year where tenant_id = $1 and year = $2", current_tenant(), year
    )
    days = {day.day: day for day in (given.days if given and not source else ())}
    days |= {row["day"]: Day(row["day"], row["working"], row["note"]) for row in rows}
    said = source[0]["source"] if source else given.source if given else ""
    return YearShown(year, said, tuple(days[day] for day in sorted(days)))


async def set_day(day: date, *, working: bool, note: str, by: UUID | None) -> None:
    """Make a day a working day or a day off, whatever its weekday. Raises Invalid for a note too long."""
    if len(note) > LONGEST_NOTE:
        raise Invalid([f"说明最多 {LONGEST_NOTE} 字"], "工作日历没有保存", where="说明")
    async with joined():
        await execute(_SET_DAY, current_tenant(), new_id(), day, working, note.strip(), by, now())
        record(Event.SETTING_CHANGED, kind="calendar", day=day, on=working)


async def enter_year(year: int, source: str, off: str, working: str, *, by: UUID | None) -> int:
    """Keep a year's holidays and make-up days; returns how many days were entered.

    `off` and `working` have a line for each span: `2027-01-01 至 2027-01-03 元旦`. Raises Invalid with every
    line that cannot be read, lies in another year or has a day of a line before; then nothing is kept.
    Entered again, or in place of what the platform came with, the year has the days of the new notice and
    those changed one by one.
    """
    faults: list[str] = [] if source.strip() else ["请写明依据的通知"]
    if len(source) > LONGEST_SOURCE:
        faults.append(f"依据的通知最多 {LONGEST_SOURCE} 字")
    told: dict[date, Day] = {}
    _read(year, off, working=False, told=told, faults=faults)
    _read(year, working, working=True, told=told, faults=faults)
    days = list(told.values())
    if not any(not day.working for day in days):
        faults.append("一年不会没有放假的日子，请填写放假安排")
    if faults:
        raise Invalid(faults, "工作日历没有保存", where=f"{year} 年度")
    moment = now()
    async with joined():
        await execute(_FORGET_YEAR, current_tenant(), year)
        await execute(_SET_YEAR, current_tenant(), new_id(), year, source.strip(), by, moment)
        for day in days:
            await execute(_SET_DAY, current_tenant(), new_id(), day.day, day.working, day.note, by, moment)
        record(Event.SETTING_CHANGED, kind="calendar", number=year, count=len(days))
    return len(days)


def _read(year: int, text: str, *, working: bool, told: dict[date, Day], faults: list[str]) -> None:
    """Add the days of the lines to `told`; a line with a day that is there already is a fault."""
    for line in filter(None, map(str.strip, text.splitlines())):
        span = _span(line)
        if span is None:
            faults.append(f"“{line[:40]}”读不懂，应写成“{year}-01-01 至 {year}-01-03 元旦”")
            continue
        first, last, note = span
        if first.year != year or last.year != year or last < first:
            faults.append(f"“{line[:40]}”不是 {year} 年里从早到晚的日期")
            continue
        days = days_from(first, last)
        if twice := next((day for day in days if day in told), None):
            faults.append(f"“{line[:40]}”里的 {twice} 前面已经写过")
        if len(note) > LONGEST_NOTE:
            faults.append(f"“{line[:40]}”的说明超过 {LONGEST_NOTE} 字")
        told |= {day: Day(day, working, note) for day in days if day not in told}


def _span(line: str) -> tuple[date, date, str] | None:
    """First and last day of a line, and what it says of them; None when it cannot be read."""
    found = _LINE.fullmatch(line)
    if found is None:
        return None
    try:
        first, last = (read_date(plain(text)) for text in (found["first"], found["last"] or found["first"]))
    except DateError:
        return None
    return first, last, found["note"]
