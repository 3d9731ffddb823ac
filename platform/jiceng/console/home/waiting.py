"""What waits for the person who looks: rulings, objections, notices that are over, sheets, requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.accounts.access import Permission, may
from jiceng.accounts.second_person.deciding import requests
from jiceng.accounts.second_person.kinds import KINDS
from jiceng.api.hooks import Waiting
from jiceng.console.home.belated import belated
from jiceng.console.home.running import open_campaigns
from jiceng.facts.ballots.stored import ballots
from jiceng.facts.campaigns import progress
from jiceng.kernel.clock import today
from jiceng.kernel.database import current_tenant, fetch, fetch_value
from jiceng.publication.flow.states import State
from jiceng.publication.queries import by_run

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from jiceng.accounts.schemas import SignedIn
    from jiceng.evaluation.schemas import RunInfo
    from jiceng.publication.schemas import PublicationInfo

SHOWN = 100
"""Requests looked at: those that wait come first."""
_QUESTIONS = """
select run, count(*) as count from result
where tenant_id = $1 and run = any($2) and status = 'needs_ruling' group by run
"""
_OBJECTIONS = """
select p.run, count(*) as count
from objection o join publication p on p.tenant_id = $1 and p.id = o.publication
where o.tenant_id = $1 and o.answered_at is null group by p.run
"""
# A job of the night that failed found something out: a log that was touched, files that are lost.
_PARKED = """
select count(*) from job
where tenant_id = $1 and set_aside_at is null
  and (state = 'parked' or (state = 'failed' and kind like 'operations.%'))
"""


async def waiting(user: SignedIn, evaluations: list[RunInfo]) -> list[Waiting]:
    """What the core has for him; lines with a count of 0 are left out."""
    found = [*await _of_runs(user, evaluations), *await _of_ballots(user), *await _of_campaigns(user)]
    if may(user, Permission.SECOND_SIGN):
        decides = {act.value for act, kind in KINDS.items() if may(user, kind.permission)}
        asked = await requests(SHOWN)
        waits = sum(one.waiting and one.act in decides and one.asked_by != user.id for one in asked)
        found.append(Waiting(title="待我批准的事项", count=waits, path="approvals"))
    if may(user, Permission.MANAGE_JOBS):
        parked = await fetch_value(_PARKED, current_tenant())
        found.append(Waiting(title="停下来等人处理的后台任务", count=parked, path="jobs"))
    return [one for one in found if one.count]


async def _of_runs(user: SignedIn, evaluations: list[RunInfo]) -> list[Waiting]:
    known = await by_run() if evaluations else {}
    over = {State.FINAL, State.STOPPED}
    open_ = [one for one in _newest(evaluations) if one.id not in known or known[one.id].state not in over]
    found = []
    if may(user, Permission.DECIDE_RULINGS):
        rows = await fetch(_QUESTIONS, current_tenant(), [one.id for one in open_])
        paths = [f"runs/{row['run']}/questions" for row in rows]
        asked = sum(row["count"] for row in rows)
        found.append(Waiting(title="待裁定的结果", count=asked, path=_only(paths, "runs")))
    if may(user, Permission.PUBLISH_RESULTS):
        found += _to_move_on(user, open_, known)
        rows = await fetch(_OBJECTIONS, current_tenant())
        paths = [f"runs/{row['run']}/publication" for row in rows]
        answers = sum(row["count"] for row in rows)
        found.append(Waiting(title="待答复的异议", count=answers, path=_only(paths, "notices")))
        ended = [info for info in known.values() if info.over_on(today())]
        end = _only([f"runs/{info.run}/publication" for info in ended], "notices")
        late = any([await belated(info) for info in ended])
        found.append(Waiting(title="公示期满，待确认生效", count=len(ended), path=end, late=late))
    return found


def _to_move_on(user: SignedIn, open_: list[RunInfo], known: Mapping[UUID, PublicationInfo]) -> list[Waiting]:
    """Results of periods that are over: to be reviewed by another than who began them, then to be shown."""
    found = []
    for title, state in (("算好待复核的结果", State.COMPUTED), ("复核后待公示的结果", State.REVIEWED)):
        paths = [
            f"runs/{run.id}/publication"
            for run in open_
            if run.last_day < today()
            and (known[run.id].state if run.id in known else State.COMPUTED) is state
            and (state is State.REVIEWED or run.opened_by != user.id)
        ]
        found.append(Waiting(title=title, count=len(paths), path=_only(paths, "runs")))
    return found


async def _of_ballots(user: SignedIn) -> list[Waiting]:
    if not may(user, Permission.MANAGE_BALLOTS):
        return []
    closed = [f"ballots/{one.id}" for one in await ballots() if one.state == "closed"]
    return [Waiting(title="已截止待计票的票决", count=len(closed), path=_only(closed, "ballots"))]


async def _of_campaigns(user: SignedIn) -> list[Waiting]:
    own, review = may(user, Permission.TAKE_PART), may(user, Permission.CHECK_WORK)
    if not may(user, Permission.VIEW_FACTS) or not (own or review):
        return []
    found = []
    for info in await open_campaigns():
        _, mine = await progress.overview(info, own=own, review=review)
        path = f"campaigns/{info.id}"
        found.append(Waiting(title="待自评的评分表", count=mine.get("own", 0), path=path))
        found.append(Waiting(title="待评议的评分表", count=mine.get("review", 0), path=path))
    return found


def _newest(evaluations: Iterable[RunInfo]) -> list[RunInfo]:
    """The last computed run of each scheme and period; `evaluations` are the newest first."""
    found: dict[tuple[UUID, UUID], RunInfo] = {}
    for run in evaluations:
        if run.state == "done":
            found.setdefault((run.scheme_id, run.period_id), run)
    return list(found.values())


def _only(paths: list[str], many: str) -> str:
    """The one place there is to go, else the list."""
    return paths[0] if len(paths) == 1 else many
