"""Ballots counted elsewhere come in from a workbook, once; rows that contradict each other are told."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from tests.support.appraisal import small_town

from jiceng.api.hooks import Numbers
from jiceng.facts.ballots import stored
from jiceng.facts.ballots.carrying import COLUMNS, bring_in, examine
from jiceng.facts.ballots.results import result
from jiceng.kernel.database import tenant_scope, transaction
from jiceng.kernel.errors import Invalid
from jiceng.kernel.spreadsheets import SheetOut, write_workbook

DAY = date(2025, 11, 20)
ONE = ("满意度测评", DAY, "组织", "居民代表", 10, 8, "O2")


def sheet(*rows: tuple[Any, ...]) -> bytes:
    return write_workbook([SheetOut("已计票的票决", COLUMNS, rows)], made=DAY)


@pytest.fixture
async def tenant(two_tenants: tuple[int, int]) -> AsyncIterator[int]:
    with tenant_scope(two_tenants[0]):
        await small_town(1)
        yield two_tenants[0]


@pytest.mark.usefixtures("tenant")
async def test_a_ballot_comes_in_once_and_shows_like_one_held_here() -> None:
    rows = [(*ONE, "满意", 6), (*ONE, "不满意", 1), (*ONE[:6], "O3", "满意", 3)]
    assert await bring_in(sheet(*rows), "counted.xlsx") == 1
    assert await bring_in(sheet(*rows), "counted.xlsx") == 0
    (ballot,) = await stored.ballots()
    assert (ballot.title, ballot.state, ballot.day) == ("满意度测评", "counted", DAY)
    found = await result(ballot.id)
    assert [(one.party.title, one.party.entitled, one.returned) for one in found.parties] == [
        ("居民代表", 10, 8)
    ]
    assert [(one.name, told and told.votes) for one, told in found.subjects] == [
        ("东街党支部", {"满意": 6, "不满意": 1}),
        ("西街党支部", None),
    ]


@pytest.mark.usefixtures("tenant")
async def test_a_workbook_brought_in_by_two_at_once_comes_in_once() -> None:
    data, kept = sheet((*ONE, "满意", 6)), asyncio.Event()

    async def later() -> int:
        await kept.wait()
        return await bring_in(data, "counted.xlsx")

    other = asyncio.create_task(later())
    async with transaction():
        assert await bring_in(data, "counted.xlsx") == 1
        kept.set()
        done, _ = await asyncio.wait({other}, timeout=0.3)
        assert not done, "the other waits for the first to commit"
    assert await other == 0
    assert len(await stored.ballots()) == 1


def test_every_fault_stands_at_its_cell() -> None:
    rows = [
        (*ONE, "满意", 6),
        (*ONE, "不满意", 3),
        (*ONE[:5], 7, "O1", "满意", 1),
        ("另一次", DAY, "企业", "街道", 3, 5, "O1", "满意", 1),
    ]
    known = Numbers({"D001": "m"}, {"O1": "o", "O2": "o"}, {"U1": "u"})
    told = [(fault.address, fault.what) for fault in examine(sheet(*rows), "counted.xlsx", known)]
    assert told == [
        ("I3", "票数合计多于收回份数"),
        ("D4", "同一评议方的类别、应到、收回前后不同"),
        ("G5", "名册里没有这个编号"),
        ("F5", "收回多于应到"),
    ]


def test_a_row_given_twice_two_kinds_in_one_ballot_and_a_long_title_are_faults() -> None:
    rows = [
        (*ONE, "满意", 1),
        (*ONE, "满意", 1),
        (ONE[0], DAY, "党员", "党员", 3, 3, "D001", "满意", 1),
        ("长" * 101, *ONE[1:], "满意", 1),
    ]
    known = Numbers({"D001": "m"}, {"O2": "o"}, {})
    found = [fault.what for fault in examine(sheet(*rows), "counted.xlsx", known)]
    assert found == ["有 101 个字，最多 100 个字"]
    found = [fault.what for fault in examine(sheet(*rows[:3]), "counted.xlsx", known)]
    assert found == ["同样的一行前面已经有了", "同一票决的对象类别前后不同"]


@pytest.mark.usefixtures("tenant")
async def test_a_workbook_with_faults_brings_nothing_in() -> None:
    with pytest.raises(Invalid, match="多于收回份数"):
        await bring_in(sheet((*ONE, "满意", 9)), "counted.xlsx")
    assert await stored.ballots() == []
