"""An import is one change: taken back, the roster is as before to the row, unless something stands on it."""

import datetime as dt
from collections.abc import Iterator
from uuid import UUID

import msgspec
import polars as pl
import pytest
from tests.integration.roster.test_import import POSTS, UNITS, dated
from tests.support.roster_books import PEOPLE, TOWN, roster_book

from jiceng.kernel import clock
from jiceng.kernel.database import bulk_insert, execute, fetch, fetch_value, tenant_scope, transaction
from jiceng.kernel.errors import Conflict, Invalid
from jiceng.kernel.ids import new_id
from jiceng.operations.nightly.forgetting import forget_expired
from jiceng.roster import service
from jiceng.roster.importing.undoing import OWNERS
from jiceng.roster.tables import ProjectState

OCTOBER = dt.datetime(2026, 10, 1, 4, tzinfo=dt.UTC)
TABLES = (*OWNERS, *(table for tables in OWNERS.values() for table in tables))
MOVED = (
    ("M1", "许文兰", "农村", "正式", "Z2", "20050701"),
    ("M2", "沈听舟", "社区", "正式", "Z1", "20100701", None, "2026-07-05", "转出"),
    ("M4", "陆一苇", "农村", "预备", "Z2", "20260101"),
)
SHRUNK = (
    TOWN[0],
    ("Z1", "上圩村党总支", "党总支", "农村", "Z0", "19650101"),
    ("Z3", "新村党支部", "党支部", "农村", "Z1"),
)
CHANGED = roster_book(
    SHRUNK, MOVED, cover=dated(dt.date(2026, 7, 1)), 单位=(UNITS[0], (*UNITS[1][:3], 55, *UNITS[1][4:]))
)


@pytest.fixture(autouse=True)
def october() -> Iterator[None]:
    with clock.showing(OCTOBER):
        yield


@pytest.fixture
def donghu(two_tenants: tuple[int, int]) -> Iterator[int]:
    with tenant_scope(two_tenants[0]):
        yield two_tenants[0]


async def brought_in(data: bytes) -> UUID:
    change = await service.apply_roster(await service.preview_roster(data, "名册.xlsx"))
    assert change is not None
    return change


async def everything(tenant: int) -> dict[str, list[str]]:
    """Every row of the roster, as JSON."""
    sql = "select to_jsonb(t)::text as row from {} t where tenant_id = $1 order by id"
    return {table: [row["row"] for row in await fetch(sql.format(table), tenant)] for table in TABLES}


async def test_taken_back_every_row_is_what_it_was(donghu: int) -> None:
    await brought_in(roster_book(单位=UNITS, 任职=POSTS))
    before = await everything(donghu)
    change = await brought_in(CHANGED)
    assert {name for name, rows in (await everything(donghu)).items() if rows != before[name]} == {
        *("organization", "organization_state", "unit_state", "member", "member_state", "membership")
    }
    await service.undo_import(change, "传错了", by=new_id())
    assert await everything(donghu) == before
    assert (await service.preview_roster(CHANGED, "名册.xlsx")).errors == []


async def test_the_first_import_taken_back_leaves_nothing(donghu: int) -> None:
    change = await brought_in(roster_book(单位=UNITS, 任职=POSTS))
    await service.undo_import(change, "传错了", by=new_id())
    assert await everything(donghu) == {table: [] for table in TABLES}


async def test_imports_are_taken_back_from_the_last_one_on(donghu: int) -> None:
    first, second = await brought_in(roster_book()), await brought_in(CHANGED)
    with pytest.raises(Conflict, match="不能撤销"):
        await service.undo_import(first, "传错了", by=new_id())
    await service.undo_import(second, "传错了", by=new_id())
    with pytest.raises(Conflict, match="不能撤销"):
        await service.undo_import(second, "再来", by=new_id())
    await service.undo_import(first, "传错了", by=new_id())
    assert await fetch_value("select count(*) from member where tenant_id = $1", donghu) == 0


async def test_what_changed_since_is_not_overwritten(donghu: int) -> None:
    change = await brought_in(roster_book())
    await execute("update member set sensitivity = 1 where tenant_id = $1 and number = 'M2'", donghu)
    with pytest.raises(Conflict, match="又有改动"):
        await service.undo_import(change, "传错了", by=new_id())
    assert await fetch_value("select count(*) from member where tenant_id = $1", donghu) == 3


async def a_project_of(donghu: int, number: str) -> None:
    place = await fetch_value(
        "select id from organization where tenant_id = $1 and number = $2", donghu, number
    )
    project = new_id()
    await execute("insert into project (tenant_id, id, number) values ($1, $2, 'P1')", donghu, project)
    row = {"project": str(project), "since": dt.date(2026, 9, 1), "name": "修渠", "kind": "主体"}
    async with transaction():
        await bulk_insert(ProjectState, pl.DataFrame([row | {"organization": str(place)}]))


async def test_an_organization_that_is_named_elsewhere_holds_its_import(donghu: int) -> None:
    change = await brought_in(roster_book())
    await a_project_of(donghu, "Z2")
    with pytest.raises(Conflict, match="导入以后已有项目的历史用到"):
        await service.undo_import(change, "传错了", by=new_id())


async def test_what_named_a_changed_organization_before_the_import_does_not_hold_it(donghu: int) -> None:
    await brought_in(roster_book())
    await a_project_of(donghu, "Z1")
    before = await everything(donghu)
    await service.undo_import(await brought_in(CHANGED), "传错了", by=new_id())
    assert await everything(donghu) == before


@pytest.mark.usefixtures("donghu")
async def test_a_reason_is_asked_for() -> None:
    change = await brought_in(roster_book())
    for reason in ("", "因" * 301):
        with pytest.raises(Invalid):
            await service.undo_import(change, reason, by=new_id())


async def test_how_rows_were_is_sealed_and_forgotten_after_a_month(donghu: int) -> None:
    await brought_in(roster_book())
    change = await brought_in(roster_book(members=MOVED, cover=dated(dt.date(2026, 7, 1))))
    stored = await fetch_value(
        "select content from roster_undo where tenant_id = $1 and id = $2", donghu, change
    )
    assert PEOPLE[0][1].encode() not in bytes(stored)
    with clock.showing(OCTOBER + dt.timedelta(days=31)):
        assert (await forget_expired())["roster_undo"] == 2
        with pytest.raises(Conflict, match="不能撤销"):
            await service.undo_import(change, "传错了", by=new_id())


async def test_the_log_says_who_took_it_back(donghu: int) -> None:
    change, by = await brought_in(roster_book()), new_id()
    await service.undo_import(change, "传错了", by=by)
    entry = await fetch(
        "select event, details from audit_entry where tenant_id = $1 order by seq desc limit 1", donghu
    )
    assert entry[0]["event"] == "roster_import_undone"
    row = await fetch("select undone_by, undone_reason from roster_change where tenant_id = $1", donghu)
    assert [(each["undone_by"], each["undone_reason"]) for each in row] == [(by, "传错了")]
    assert msgspec.json.decode(entry[0]["details"]) == {}
