"""The database refuses states and moves that the table of moves does not have; reasons lie sealed in it."""

import asyncpg
import pytest
from tests.support.appraisal import YEAR, small_town, with_points

from jiceng.evaluation import jobs
from jiceng.evaluation.service import open_run
from jiceng.kernel.database import current_tenant, execute, fetch_value, tenant_scope, transaction
from jiceng.kernel.ids import new_id
from jiceng.kernel.jobs import run_due_jobs
from jiceng.publication import queries, service
from jiceng.publication.flow.states import Act

REVIEWER, STOPPER = new_id(), new_id()
_MOVE = """
insert into publication_move (tenant_id, id, publication, act, before, after, reason, by, at)
select $1, $2, id, $3, $4, $5, '', $6, now() from publication where tenant_id = $1
"""
_WHY = "select reason from publication_move where tenant_id = $1 and act = 'stop'"


async def test_unknown_states_and_moves_are_refused_and_reasons_lie_sealed(
    two_tenants: tuple[int, int],
) -> None:
    with tenant_scope(two_tenants[0]):
        await small_town(1)
        await with_points()
        async with transaction():
            run = await open_run("points", YEAR)
        await run_due_jobs(jobs.JOBS)
        await service.move(run.id, Act.REVIEW, by=REVIEWER)
        for state in ("published", "", "FINAL"):
            with pytest.raises(asyncpg.CheckViolationError):
                await execute(
                    "update publication set state = $2 where tenant_id = $1", current_tenant(), state
                )
        for act, before, after in (
            ("review", "computed", "final"),
            ("finish", "reviewed", "final"),
            ("erase", "final", "computed"),
        ):
            with pytest.raises(asyncpg.CheckViolationError):
                await execute(_MOVE, current_tenant(), new_id(), act, before, after, REVIEWER)
        await service.move(run.id, Act.STOP, "材料不实", by=STOPPER)
        assert (await fetch_value(_WHY, current_tenant())).startswith("aes-256-gcm:")
        info = await queries.publication(run.id)
        assert info.id is not None
        assert [move.reason for move in await queries.moves(info.id)] == ["", "材料不实"]
