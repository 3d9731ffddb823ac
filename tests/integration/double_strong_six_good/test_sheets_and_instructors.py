"""Instructors at units without members; workbooks of help and instructors come in whole and once."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from contextvars import copy_context

import pytest
from tests.support.enterprises import Firms, town_of_firms

from jiceng.api import Conflict, Invalid, today
from jiceng.kernel import clock
from jiceng.kernel.database import tenant_scope, transaction
from jiceng.kernel.ids import new_id
from jiceng.kernel.spreadsheets import SheetOut, write_workbook
from jiceng_double_strong_six_good.firms.queries import firms
from jiceng_double_strong_six_good.help.queries import plans as help_plans
from jiceng_double_strong_six_good.instructors import service as instructors
from jiceng_double_strong_six_good.instructors.queries import at_unit
from jiceng_double_strong_six_good.instructors.schemas import Sent
from jiceng_double_strong_six_good.sheets import bringing_in, columns

NOVEMBER = dt.datetime(2026, 11, 20, 4, tzinfo=dt.UTC)
TOWN = new_id()
SENT = Sent(name="李某", since=dt.date(2026, 7, 1), until=dt.date(2027, 6, 30), task="找党员")


@pytest.fixture
async def town(two_tenants: tuple[int, int]) -> AsyncIterator[Firms]:
    with tenant_scope(two_tenants[0]), clock.showing(NOVEMBER):
        yield await town_of_firms()


async def test_instructors_are_sent_to_units_without_members_only_one_at_a_time(town: Firms) -> None:
    with pytest.raises(Conflict, match="组织覆盖是“仅有个别党员”，不派指导员"):
        await instructors.send(town["U4"], SENT, TOWN)
    with pytest.raises(Invalid) as told:
        await instructors.send(town["U5"], Sent(name="", since=SENT.until, until=SENT.since), TOWN)
    assert len(told.value.faults) == 3
    made = await instructors.send(town["U5"], SENT, TOWN)
    with pytest.raises(Conflict, match="已有指导员"):
        await instructors.send(town["U5"], SENT, TOWN)
    with pytest.raises(Invalid, match="走访日期应在 2026-07-01 到 2026-11-20 之间"):
        await instructors.visit(made, dt.date(2026, 6, 30), "谈话", "", TOWN)
    await instructors.visit(made, dt.date(2026, 11, 2), "谈话", "再去", TOWN)
    await instructors.end(made, "已发展党员", TOWN)
    with pytest.raises(Conflict, match="已于 2026-11-20 结束"):
        await instructors.visit(made, dt.date(2026, 11, 3), "谈话", "", TOWN)
    assert await instructors.send(town["U5"], SENT, TOWN)


async def test_a_workbook_of_help_that_fails_in_its_months_leaves_no_plan(
    town: Firms, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr(bringing_in, "_follow", broken)
    row: dict[str, str | int] = {"number": "U1", "year": 2026, "state": "拟定"}
    cells = [row.get(column.field) for column in columns.HELP]
    data = write_workbook([SheetOut(columns.HELPED, columns.HELP, [cells])], made=dt.date(2026, 11, 20))
    with pytest.raises(OSError, match="no room"):
        await bringing_in.bring_help(data, "帮扶.xlsx")
    assert await help_plans(2026, await firms(today())) == {}
    del town


Cells = dict[str, str | dt.date | None]


def instructors_book(*rows: Cells) -> bytes:
    usual: Cells = {
        "number": "U5",
        "name": "李某",
        "since": SENT.since,
        "until": SENT.until,
        "task": "找党员",
    }
    cells = [[(usual | row).get(column.field) for column in columns.INSTRUCTOR] for row in rows]
    sheet = SheetOut(columns.SENT, columns.INSTRUCTOR, cells)
    return write_workbook([sheet], made=dt.date(2026, 11, 20))


async def test_one_workbook_of_instructors_brought_in_twice_at_once_is_brought_in_once(town: Firms) -> None:
    data, apart = instructors_book({}), copy_context()
    async with transaction():
        assert await bringing_in.bring_instructors(data, "指导员.xlsx") == 1
        other = asyncio.create_task(bringing_in.bring_instructors(data, "指导员.xlsx"), context=apart)
        await asyncio.sleep(0.2)
    assert await other == 0
    assert len(await at_unit(town["U5"])) == 1


async def test_a_workbook_sends_no_second_instructor_to_a_unit(town: Firms) -> None:
    before: Cells = {"name": "王某", "ended": dt.date(2026, 8, 1)}
    assert await bringing_in.bring_instructors(instructors_book({}, before), "指导员.xlsx") == 2
    with pytest.raises(Invalid, match="单位 U5 已有指导员"):
        await bringing_in.bring_instructors(instructors_book({"name": "赵某"}), "指导员.xlsx")
    with pytest.raises(Invalid, match="前面已有一位没有结束的指导员"):
        await bringing_in.bring_instructors(
            instructors_book({"number": "U4"}, {"number": "U4", "name": "赵某"}), "指导员.xlsx"
        )
    assert len(await at_unit(town["U5"])) == 2
