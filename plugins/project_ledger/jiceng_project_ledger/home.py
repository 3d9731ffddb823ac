"""What the plugin tells the home page: lights of the running projects, what is overdue or to decide."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from jiceng.api import today
from jiceng.api.database import current_tenant, fetch_row
from jiceng.api.hooks import Figure, Waiting
from jiceng.api.roster import seen_arguments
from jiceng_project_ledger.followup.lights import Colour
from jiceng_project_ledger.followup.queries import reminders
from jiceng_project_ledger.followup.standing import standings
from jiceng_project_ledger.library.queries import SEEN, Wanted, projects
from jiceng_project_ledger.states import RUNNING

if TYPE_CHECKING:
    from jiceng.api.pages import SignedIn

_CHECKS = f"""
select count(*) filter (where p.state = 'submitted') as submitted,
  count(*) filter (where p.state = 'under_review') as reviewing,
  count(*) filter (where p.state = 'acceptance') as accepting,
  (select count(*) from ledger_plan_change c join ledger_project p on p.tenant_id = $1 and p.id = c.project
    where c.tenant_id = $1 and c.state = 'asked' and {SEEN}) as changes,
  (select count(*) from ledger_report r join ledger_project p on p.tenant_id = $1 and p.id = r.project
    where r.tenant_id = $1 and r.state = 'handed_in' and {SEEN}) as reports,
  (select count(*) from ledger_accountability a join ledger_project p on p.tenant_id = $1 and p.id = a.project
    where a.tenant_id = $1 and {SEEN}
      and (a.state = 'proposed' or a.state = 'deferred' and a.until <= $4)) as proposals
from ledger_project p where p.tenant_id = $1 and {SEEN}
"""  # noqa: S608 - constants


async def figures() -> list[Figure]:
    """The running projects and how many of them are red and yellow; nothing while none runs."""
    running = await projects(Wanted(states=tuple(sorted(RUNNING))))
    if not running:
        return []
    lights = Counter(one.light.colour for one in await standings(running) if one.light)
    return [
        Figure(title="实施中的项目", value=len(running), path="ledger"),
        Figure(title="红灯项目", value=lights[Colour.RED], whole=len(running), path="ledger?by=light"),
        Figure(title="黄灯项目", value=lights[Colour.YELLOW], whole=len(running), path="ledger?by=light"),
    ]


async def to_check(_: SignedIn) -> list[Waiting]:
    """What somebody above decides: proposals, changes of plans, reports, acceptance, accountability.

    A proposal of accountability that was deferred waits again from the day it was deferred to.
    """
    row = await fetch_row(_CHECKS, current_tenant(), *await seen_arguments(today()), today())
    return [
        Waiting(title="待受理的项目申报", count=row["submitted"], path="?standing=submitted"),
        Waiting(title="论证中的项目", count=row["reviewing"], path="?standing=under_review"),
        Waiting(title="待验收的项目", count=row["accepting"], path="?standing=acceptance"),
        Waiting(title="待决定的计划变更", count=row["changes"], path="gantt"),
        Waiting(title="待接收的月汇报", count=row["reports"], path="reports"),
        Waiting(title="待决定的问责建议", count=row["proposals"], path="accountability"),
    ]


async def overdue(_: SignedIn) -> list[Waiting]:
    """What somebody was reminded of and is still awaited."""
    found = await reminders()
    late = sum(one.due < today() for one in found)
    return [
        Waiting(title="逾期的月汇报和调度答复", count=late, path="reminders", late=True),
        Waiting(title="三天内到期的月汇报和调度答复", count=len(found) - late, path="reminders"),
    ]
