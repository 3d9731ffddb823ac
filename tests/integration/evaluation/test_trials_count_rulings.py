"""Trials count the rulings already made, as far as the draft leaves what they are about as it is."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from tests.support.stars import DAY, Branches, ten_branches

from jiceng.evaluation import jobs, queries
from jiceng.evaluation.rulings import deciding
from jiceng.evaluation.service import open_run
from jiceng.evaluation.trial import asking
from jiceng.evaluation.trial.asking import ask
from jiceng.evaluation.trial.ground import GROUNDS
from jiceng.evaluation.trial.movers import movers
from jiceng.evaluation.trial.schemas import Trial
from jiceng.kernel import clock
from jiceng.kernel.database import tenant_scope
from jiceng.kernel.ids import new_id
from jiceng.kernel.jobs import run_due_jobs
from jiceng.schemes.queries import rulebook_for
from jiceng_sdk.rulebook import Rulebook, read_rulebook, to_toml

BY = new_id()
NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
VETO = """[[decide]]
do = "override"
title = "考核过低"
when = "assessment < 65"
grade = "四星"
final = true

[[decide]]
"""


@pytest.fixture
async def branches(two_tenants: tuple[int, int]) -> AsyncIterator[Branches]:
    """E2 and E3 tie for the last of two places; a ruling has put E3 first."""
    GROUNDS.clear()
    asking.forget()
    with tenant_scope(two_tenants[0]):
        found = await ten_branches({"农村": [95, 90, 90, 80, 70], "社区": [99, 98, 80, 70, 60]})
        run = await open_run("stars", DAY)
        await run_due_jobs(jobs.JOBS)
        run = await queries.run(run.id)
        await deciding.decide(run, UUID(found["E3"]), "decide[0]", "first", "群众评价更高", by=BY)
        yield found


async def changed(old: str = "", new: str = "") -> Rulebook:
    text = to_toml((await rulebook_for("stars", DAY)).book)
    assert old in text, text
    return read_rulebook(text.replace(old, new, 1), "draft.toml")


async def tried(book: Rulebook) -> Trial:
    with clock.showing(NOW):
        answer = await ask("stars", uuid4(), 1, book, within=30)
    assert isinstance(answer, Trial), answer
    return answer


async def test_the_same_rules_move_nobody_and_ask_nobody_who_was_ruled_on(branches: Branches) -> None:
    assert len(branches) == 10
    trial = await tried(await changed())
    assert (trial.ruled, trial.unruled) == (1, 0)
    assert [(share.label, share.before, share.after) for share in trial.shares] == [
        ("五星", 4, 4),
        ("四星", 6, 6),
    ]
    assert (trial.movers.height, trial.questions) == (0, ())


async def test_a_ruling_follows_its_decision_to_another_place(branches: Branches) -> None:
    del branches
    trial = await tried(await changed("[[decide]]\n", VETO))
    assert (trial.ruled, trial.unruled) == (1, 0)
    assert (trial.movers.height, trial.questions) == (0, ())


async def test_where_the_decision_changed_its_ruling_no_longer_counts(branches: Branches) -> None:
    del branches
    trial = await tried(await changed("within", 'ties = "out"\nwithin'))
    assert (trial.ruled, trial.unruled) == (0, 1)
    told = {row.name: (row.before, row.after) for row in (await movers(trial)).rows}
    assert told == {"农村第3党支部": ("五星", "四星")}


async def test_a_new_ruling_drives_the_kept_ground_out(branches: Branches) -> None:
    await tried(await changed())
    run = (await queries.runs())[0]
    await deciding.decide(run, UUID(branches["E2"]), "decide[0]", "first", "核实", by=BY)
    trial = await tried(await changed())
    assert trial.ruled == 2
    assert GROUNDS.size[0] == 1
