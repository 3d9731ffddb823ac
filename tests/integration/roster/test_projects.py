"""Projects are subjects: entered, changed from a day on, seen by who sees the organization that leads."""

import datetime as dt
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from tests.support.roster_books import roster_book

from jiceng.accounts.scope import Reach, looking
from jiceng.kernel import clock
from jiceng.kernel.database import tenant_scope
from jiceng.kernel.errors import Conflict, NotFound
from jiceng.kernel.ids import new_id
from jiceng.roster import queries, service
from jiceng.roster.projects import service as projects

NOVEMBER = dt.datetime(2026, 11, 1, 4, tzinfo=dt.UTC)
JANUARY, JUNE = dt.date(2026, 1, 1), dt.date(2026, 6, 1)
Places = dict[str, UUID]


@pytest.fixture
async def places(two_tenants: tuple[int, int]) -> AsyncIterator[Places]:
    """The organizations of a small roster by number."""
    with tenant_scope(two_tenants[0]), clock.showing(NOVEMBER):
        await service.apply_roster(await service.preview_roster(roster_book(), "名册.xlsx"))
        yield {row.number: row.id for row in await queries.whole_tree(dt.date(2026, 11, 1))}


async def test_a_change_counts_from_its_day_and_what_was_before_stays(places: Places) -> None:
    project = await projects.enter("P1", "红色物业", "主体", places["Z1"], JANUARY)
    await projects.change(project, "红色物业提升", "主体", places["Z2"], JUNE)
    before = await queries.subject_frame("project", dt.date(2026, 3, 1))
    after = await queries.subject_frame("project", JUNE)
    assert before.select("subject", "number", "name", "kind", "organization").rows() == [
        (str(project), "P1", "红色物业", "主体", str(places["Z1"]))
    ]
    assert after.select("name", "organization").rows() == [("红色物业提升", str(places["Z2"]))]
    assert await queries.names([project]) == {project: "红色物业提升"}


async def test_a_number_is_used_once_and_a_later_change_is_not_overtaken(places: Places) -> None:
    project = await projects.enter("P1", "红色物业", "主体", places["Z1"], JANUARY)
    with pytest.raises(Conflict, match="项目编号已经用过（P1）"):
        await projects.enter("P1", "另一个", "主体", places["Z1"], JANUARY)
    await projects.change(project, "红色物业提升", "主体", places["Z1"], JUNE)
    with pytest.raises(Conflict, match="项目在这一天之后已有变动（2026-03-01）"):
        await projects.change(project, "早一点", "主体", places["Z1"], dt.date(2026, 3, 1))
    with pytest.raises(NotFound):
        await projects.change(new_id(), "没有的", "主体", places["Z1"], JUNE)


async def test_who_sees_the_organization_sees_its_projects(places: Places) -> None:
    mine = await projects.enter("P1", "红色物业", "主体", places["Z1"], JANUARY)
    other = await projects.enter("P2", "邻里食堂", "特色", places["Z2"], JANUARY)
    with looking(Reach("own", organization=places["Z1"]), "secretary"):
        assert await queries.subject_numbers("project", JUNE) == {"P1": str(mine)}
        assert await queries.subject_name(mine, JUNE) == "红色物业"
        assert await queries.subject_name(other, JUNE) is None
    assert set(await queries.subject_numbers("project", JUNE)) == {"P1", "P2"}


async def test_a_project_that_left_is_not_appraised_afterwards(places: Places) -> None:
    project = await projects.enter("P1", "红色物业", "主体", places["Z1"], JANUARY)
    await projects.leave(project, JUNE)
    assert (await queries.subject_frame("project", JUNE)).is_empty()
    assert (await queries.subject_frame("project", dt.date(2026, 5, 31))).height == 1
