"""A program follows the facts of what its account may see, projects like everybody and everything else."""

from datetime import date
from decimal import Decimal

import polars as pl
from tests.support.appraisal import YEAR, small_town

from jiceng.accounts.scope import Reach, looking
from jiceng.facts.programs.reading import facts_after
from jiceng.facts.service import import_facts
from jiceng.kernel.database import current_tenant, fetch, tenant_scope
from jiceng.roster.projects import service as projects
from jiceng.schemes.service import adopt

RULES = """
title = "项目考核"
subject = "project"
period = "year"
[facts]
mark = { kind = "number", title = "得分", min = 0, max = 100 }
[items.marked]
points = "mark"
[groups.score]
of = ["marked"]
"""


async def test_facts_of_projects_are_followed_by_whoever_answers_for_them(
    two_tenants: tuple[int, int],
) -> None:
    with tenant_scope(two_tenants[0]):
        await small_town(2)
        await adopt("works", toml=RULES, in_force_from=YEAR, reason="测试")
        rows = await fetch("select number, id from organization where tenant_id = $1", current_tenant())
        places = {row["number"]: row["id"] for row in rows}
        own, other = [
            await projects.enter(number, number, "重点", places[home], YEAR)
            for number, home in (("P1", "O2"), ("P2", "O3"))
        ]
        given = [
            {"subject": str(one), "date": date(2026, 5, 1), "value": Decimal(80)} for one in (own, other)
        ]
        await import_facts("works", "mark", pl.DataFrame(given), source="测试")
        with looking(Reach("subtree", places["O2"])):
            assert [fact.subject for fact in await facts_after(0, 50)] == [own]
        assert [fact.subject for fact in await facts_after(0, 50)] == [own, other]
