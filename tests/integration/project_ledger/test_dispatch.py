"""Integration: what is told to a late project and what it answers do not overwrite each other."""

from __future__ import annotations

import asyncio
from contextvars import copy_context
from datetime import date
from typing import TYPE_CHECKING

import pytest
from tests.support.project_follow_up import Clock, begun_in_may
from tests.support.projects import somebody

from jiceng.api import Conflict
from jiceng.kernel.database import tenant_scope, transaction
from jiceng.kernel.ids import new_id
from jiceng_project_ledger.followup import queries
from jiceng_project_ledger.followup.dispatch.service import answer, instruct, list_late
from jiceng_project_ledger.followup.reminding import remind

if TYPE_CHECKING:
    from jiceng_project_ledger.library.schemas import Project

SPRING = date(2026, 4, 1)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
async def project(two_tenants: tuple[int, int], time: Clock) -> Project:
    return await begun_in_may(two_tenants[0], time)


async def test_of_two_answers_at_once_the_first_stays_and_nothing_is_told_after_it(
    project: Project, time: Clock, two_tenants: tuple[int, int]
) -> None:
    time.set(7, 9)
    owner = project.made_by
    assert owner is not None
    with tenant_scope(two_tenants[0]):
        assert await list_late(SPRING) == 1
        (line,) = await queries.dispatched(SPRING)
        await instruct(line.id, "月底前摸清", date(2026, 7, 20), somebody())
        apart = copy_context()
        async with transaction():
            await answer(line.id, "已摸清 412 户", owner)
            late = (
                answer(line.id, "已摸清 400 户", owner),
                instruct(line.id, "本周内摸清", date(2026, 7, 12), somebody()),
            )
            others = [asyncio.create_task(one, context=apart.copy()) for one in late]
            await asyncio.sleep(0.2)
        told = await asyncio.gather(*others, return_exceptions=True)
        assert [type(one) for one in told] == [Conflict, Conflict]
        (line,) = await queries.dispatched(SPRING)
        assert (line.instruction, line.answer) == ("月底前摸清", "已摸清 412 户")


async def test_a_reminder_of_an_answer_tells_the_day_that_was_told_last(
    project: Project, time: Clock, two_tenants: tuple[int, int]
) -> None:
    time.set(7, 9)
    with tenant_scope(two_tenants[0]):
        await list_late(SPRING)
        (line,) = await queries.dispatched(SPRING)
        await instruct(line.id, "月底前摸清", date(2026, 7, 12), somebody())
        await remind(date(2026, 7, 13))
        await instruct(line.id, "月底前摸清，可延期", date(2026, 7, 20), somebody())
        due = [one.due for one in await queries.reminders() if one.kind == "dispatch"]
        assert due == [date(2026, 7, 20)]
        await answer(line.id, "已摸清", project.made_by or new_id())
        assert [one for one in await queries.reminders() if one.kind == "dispatch"] == []
