"""What is running in the tenant: campaigns, ballots, notices, evaluations, each with its last day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.accounts.access import Permission, may
from jiceng.console.home.belated import belated
from jiceng.evaluation.queries import runs
from jiceng.facts.ballots.stored import ballots
from jiceng.facts.campaigns.campaigns import campaigns
from jiceng.facts.campaigns.stages import DEPARTMENT, DONE, RATING, STAGE_NAMES, WITHDRAWN
from jiceng.kernel.clock import CHINA, today
from jiceng.kernel.database import current_tenant, fetch
from jiceng.publication.flow.states import NOTICE_AHEAD, NOTICE_OVER, STATE_WORDS, State
from jiceng.publication.queries import by_run

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from jiceng.accounts.schemas import SignedIn
    from jiceng.evaluation.schemas import RunInfo
    from jiceng.facts.campaigns.schemas import CampaignInfo

CAMPAIGN, BALLOT, NOTICE, RUN = "评定活动", "票决", "公示", "评定"
VOTING, COMPUTING = "投票中", "计算中"
NOTICES = (STATE_WORDS[State.NOTICE], NOTICE_AHEAD, NOTICE_OVER)
WORDS = (CAMPAIGN, BALLOT, NOTICE, RUN, VOTING, COMPUTING, *NOTICES, *STAGE_NAMES.values())
"""What a line may call its kind and its state."""
_OWN = """
select r.run, r.subject from result r join member m on m.tenant_id = $1 and m.id = r.subject and m.number = $2
where r.tenant_id = $1 and r.run = any($3)
"""
MOST = 12
"""So many lines at most; the lists behind them hold all."""


class Running(msgspec.Struct, frozen=True):
    """One line: `kind` and `state` are words of the pages, `until` its last day, `path` leads to it."""

    kind: str
    title: str
    state: str
    until: date | None
    path: str
    late: bool = False


async def running(user: SignedIn, evaluations: list[RunInfo]) -> list[Running]:
    """What the person may look at and is not over, the earliest last day first; at most MOST."""
    found: list[Running] = []
    if may(user, Permission.VIEW_FACTS):
        found += [_campaign(one) for one in await open_campaigns()]
    if may(user, Permission.VIEW_SCHEMES):
        found += [
            Running(BALLOT, one.title, VOTING, one.closes_at.astimezone(CHINA).date(), "ballots")
            for one in await ballots()
            if one.state == "open" and one.closes_at
        ]
    if may(user, Permission.VIEW_RUNS):
        found += await _published(evaluations)
    found.sort(key=lambda one: (one.until is None, one.until))
    return found[:MOST]


async def open_campaigns() -> list[CampaignInfo]:
    """The campaigns that are neither done nor withdrawn."""
    return [one for one in await campaigns() if one.stage(today()) not in {DONE, WITHDRAWN}]


async def evaluations_shown(user: SignedIn) -> list[RunInfo]:
    """Every run of the tenant, newest first, for who may look at runs."""
    return await runs() if may(user, Permission.VIEW_RUNS) else []


async def own_results(user: SignedIn, evaluations: list[RunInfo]) -> dict[UUID, UUID]:
    """For who sees himself only: the runs that have a result of his, each with his id as their subject."""
    if user.reach.person is None or not may(user, Permission.VIEW_RESULTS):
        return {}
    rows = await fetch(_OWN, current_tenant(), user.reach.person, [one.id for one in evaluations])
    return {row["run"]: row["subject"] for row in rows}


def _campaign(info: CampaignInfo) -> Running:
    stage = info.stage(today())
    until = info.dates.last_day(stage) if stage in RATING else info.dates.self_from
    over = stage == DEPARTMENT and until < today()
    return Running(CAMPAIGN, info.title, STAGE_NAMES[stage], until, f"campaigns/{info.id}", over)


async def _published(evaluations: list[RunInfo]) -> list[Running]:
    known = await by_run()
    found = []
    for run in evaluations:
        title = f"{run.title}，{run.period}"
        if run.state in {"queued", "running"}:
            found.append(Running(RUN, title, COMPUTING, None, f"runs/{run.id}"))
        elif run.id in known and known[run.id].state is State.NOTICE:
            info = known[run.id]
            state, path = info.in_words(today()), f"runs/{run.id}/notice"
            found.append(Running(NOTICE, title, state, info.last_day, path, await belated(info)))
    return found
