"""The audit log as a list: filters, one page of it, and the same as a workbook."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

import msgspec

from jiceng.accounts.access import ROLE_NAMES, Role
from jiceng.console.audit.titles import Titles, things, titles
from jiceng.console.audit.vocabulary import DETAILS, DOORS
from jiceng.kernel import clock
from jiceng.kernel.audit import WORDS, Event
from jiceng.kernel.database import current_tenant, fetch, fetch_value
from jiceng.kernel.database.driver import Record
from jiceng.kernel.spreadsheets import Column, SheetOut, write_workbook

PAGE = 100
LARGEST_EXPORT = 50_000

MOST_COUNTED = 10_000
"""Beyond it a list says "more than": counting a log of years would take longer than reading it."""

_COUNT = "select count(*) from (select 1 from audit_entry e where {filters} limit {most}) counted"
_ROWS = """
select e.seq, e.at, e.event, e.object_kind, e.object_id, e.success, e.details, e.address, e.door, e.request,
       coalesce(a.login, '') as login
from (select * from audit_entry e where {filters} order by e.seq desc limit {most}) e
left join account a on a.tenant_id = e.tenant_id and a.id = e.person
order by e.seq desc
"""
_CONDITIONS = {
    "event": "e.event = ${}",
    "login": "e.person = (select id from account where tenant_id = $1 and login = ${})",
    "begins": "e.at >= ${}",
    "ends": "e.at < ${}",
    "object": "e.object_id = ${}",
    "upto": "e.seq <= ${}",
}


class Wanted(msgspec.Struct, frozen=True):
    """What to list: an event, a login, a day (China time), an object's id; empty ones narrow nothing."""

    event: str = ""
    login: str = ""
    day: dt.date | None = None
    object: str = ""


class Line(msgspec.Struct, frozen=True):
    """One entry as people read it; `details` are pairs of name and value, `thing` is what it is about."""

    seq: int
    at: dt.datetime
    event: str
    login: str
    object_kind: str
    object_id: str
    thing: str
    success: bool
    details: tuple[tuple[str, str], ...]
    address: str
    door: str
    request: UUID | None

    @property
    def time(self) -> str:
        """When, to the second, in China's time."""
        return _local(self.at)


class Lines(msgspec.Struct, frozen=True):
    """One page, newest first; `before` is where the next page begins (0: nothing older)."""

    rows: list[Line]
    total: int
    before: int


async def lines(wanted: Wanted, *, upto: int = 0, size: int = PAGE) -> Lines:
    """A page of entries, newest first, with numbers up to `upto` (0: from the newest)."""
    filters, args = _filters(wanted, 0)
    total: int = await fetch_value(_COUNT.format(filters=filters, most=MOST_COUNTED + 1), *args)
    filters, args = _filters(wanted, upto)
    rows = await fetch(_ROWS.format(filters=filters, most=size + 1), *args)
    called = await titles()
    shown = [_line(row, called) for row in rows[:size]]
    return Lines(shown, total, shown[-1].seq - 1 if len(rows) > size else 0)


def workbook(rows: Sequence[Line], tenant: str) -> bytes:
    """The entries as a workbook with a cover that says whose log it is and when it was taken."""
    columns = [Column(str(place), title) for place, title in enumerate(_TITLES)]
    cover = (("单位", tenant), ("导出时间（北京时间）", _local(clock.now())), ("条数", str(len(rows))))
    values = [
        (
            line.seq,
            line.time,
            words(line.event),
            line.login,
            things().get(line.object_kind, line.object_kind),
            line.object_id,
            "成功" if line.success else "未成功",
            "；".join(f"{DETAILS.get(name, name)} {value}" for name, value in line.details),
            line.address,
            DOORS.get(line.door, line.door),
            str(line.request or ""),
        )
        for line in rows
    ]
    return write_workbook([SheetOut("审计日志", columns, values)], made=clock.today(), cover=cover)


_TITLES = (
    "序号", "时间", "事件", "账号", "对象种类", "对象标识", "结果", "详情", "来源地址", "途径", "请求标识",
)  # fmt: skip


def words(event: str) -> str:
    """The event in Chinese; its own name when this version does not know it."""
    return WORDS[Event(event)][0] if event in set(Event) else event


def _filters(wanted: Wanted, upto: int) -> tuple[str, list[object]]:
    """The chosen conditions in SQL, and their arguments; only those, so that indexes serve them."""
    begins = ends = None
    if wanted.day is not None:
        begins = dt.datetime.combine(wanted.day, dt.time(), clock.CHINA)
        ends = begins + dt.timedelta(days=1)
    values = (wanted.event, wanted.login, begins, ends, wanted.object, upto)
    chosen = [(text, value) for text, value in zip(_CONDITIONS.values(), values, strict=True) if value]
    numbered = [text.format(number) for number, (text, _) in enumerate(chosen, start=2)]
    return " and ".join(["e.tenant_id = $1", *numbered]), [current_tenant(), *(value for _, value in chosen)]


def _line(row: Record, called: Titles) -> Line:
    told = msgspec.json.decode(row["details"], type=dict[str, str | int | bool])
    details = tuple((name, called.of(name, _said(name, value), told)) for name, value in told.items())
    thing = called.thing(row["object_kind"], row["object_id"])
    return Line(**{**dict(row), "details": details, "thing": thing})


def _said(name: str, value: str | int | bool) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return ROLE_NAMES[Role(value)] if name.startswith("role") and value in set(Role) else str(value)


def _local(moment: dt.datetime) -> str:
    return moment.astimezone(clock.CHINA).strftime("%Y-%m-%d %H:%M:%S")
