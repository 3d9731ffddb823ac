"""Proposals of accountability: made from the ledger, decided by a named person, never by themselves."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from jiceng.api import Conflict, Forbidden, Invalid, now, today
from jiceng.api.crypto import keyring
from jiceng.api.database import current_tenant, execute, fetch_value, joined, new_id
from jiceng.api.pages import Event, record
from jiceng.api.results import final_results
from jiceng_project_ledger.assessment import queries
from jiceng_project_ledger.assessment.grounds import grounds
from jiceng_project_ledger.assessment.handing_in import SCHEME, counts, read
from jiceng_project_ledger.assessment.life import LIFE, Act, State
from jiceng_project_ledger.assessment.measured import measured
from jiceng_project_ledger.assessment.tables import OBJECTION, REASON
from jiceng_project_ledger.followup.standing import reported
from jiceng_project_ledger.library import queries as library
from jiceng_project_ledger.library.powers import refuse_from_below
from jiceng_project_ledger.library.queries import Wanted
from jiceng_project_ledger.library.vocabulary import LONGEST_TEXT, PLUGIN
from jiceng_project_ledger.states import LED

if TYPE_CHECKING:
    from uuid import UUID

    from jiceng.api.pages import SignedIn
    from jiceng_project_ledger.assessment.schemas import Proposal

_PROPOSE = """
insert into ledger_accountability
  (tenant_id, id, project, year, person, grounds, state, until, objection, objected, at)
values ($1, $2, $3, $4, $5, $6, 'proposed', null, '', null, $7)
on conflict (tenant_id, project, year) do update set grounds = excluded.grounds
where ledger_accountability.state in ('proposed', 'deferred')
  and ledger_accountability.grounds <> excluded.grounds
returning id
"""
_LOCK = "select id from ledger_accountability where tenant_id = $1 and id = $2 for update"
_DECIDED = "update ledger_accountability set state = $3, until = $4 where tenant_id = $1 and id = $2"
_TOLD = """
insert into ledger_accountability_move (tenant_id, id, proposal, act, reason, until, decided_by, by, at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
_OBJECT = "update ledger_accountability set objection = $3, objected = $4 where tenant_id = $1 and id = $2"


async def propose(year: int) -> int:
    """Propose every project that is late or short in a year, once; returns how many are new or have changed.

    What was decided stays as it was decided. Of a year that is over, lateness is what it was at its end.
    """
    day, found = min(today(), date(year, 12, 31)), 0
    async with joined():
        projects = [one for one in await library.projects(Wanted(states=tuple(LED))) if counts(one, year)]
        months = await reported(projects, year)
        since, until = date(year, 1, 1), date(year, 12, 31)
        results = {one.subject: one for one in await final_results(SCHEME, since=since, until=until)}
        for project in projects:
            ledger = await read(project, months.get(project.id, (0, 0)), year)
            facts = measured(ledger, year, day)
            result = results.get(project.subject) if project.subject else None
            why = grounds(project, facts, result, day)
            if not why:
                continue
            row = (project.id, year, project.responsible, list(why), now())
            proposal = await fetch_value(_PROPOSE, current_tenant(), new_id(), *row)
            if proposal is not None:
                found += 1
                _record(proposal, State.PROPOSED)
    return found


async def decide(proposal_id: UUID, act: Act, reason: str, until: date | None, by: SignedIn) -> None:
    """Confirm, drop or defer a proposal, by name and with a reason; never the person it is about.

    Raises NotFound, Forbidden (not from above, the owner, the person himself), Conflict, Invalid.
    """
    async with joined():
        proposal = await _locked(proposal_id, by)
        await refuse_from_below(proposal.project, by.id)
        if proposal.own:
            raise Forbidden("责任人不能决定自己的问责建议", todo_zh="请由上级的另一位同志决定")
        after = LIFE.after(proposal.state, act)
        faults = []
        if not reason.strip() or len(reason) > LONGEST_TEXT:
            faults.append(f"请写明理由，最多 {LONGEST_TEXT} 字")
        if act is Act.DEFER and (until is None or until <= today()):
            faults.append("暂缓要填到哪一天，应晚于今天")
        if faults:
            raise Invalid(faults, "没有办理", where="问责建议")
        waits = until if act is Act.DEFER else None
        move, keys = new_id(), await keyring()
        await execute(_DECIDED, current_tenant(), proposal_id, after.value, waits)
        said = (act.value, keys.seal(REASON, move, reason.strip()), waits, by.name, by.id, now())
        await execute(_TOLD, current_tenant(), move, proposal_id, *said)
        _record(proposal_id, after)


async def object_(proposal_id: UUID, words: str, by: SignedIn) -> None:
    """What the responsible person says to a proposal, once; only he himself.

    Raises NotFound, Forbidden, Conflict when he has objected already, Invalid.
    """
    async with joined():
        proposal = await _locked(proposal_id, by)
        if not proposal.own:
            raise Forbidden("只有责任人本人可以提出异议", todo_zh="请由本人登录后提出")
        if proposal.objected is not None:
            raise Conflict("已经提出过异议", todo_zh="需要补充的，请联系决定人")
        if not words.strip() or len(words) > LONGEST_TEXT:
            raise Invalid([f"请写明异议，最多 {LONGEST_TEXT} 字"], "没有提交", where="异议")
        sealed = (await keyring()).seal(OBJECTION, proposal_id, words.strip())
        await execute(_OBJECT, current_tenant(), proposal_id, sealed, now())
        _record(proposal_id, proposal.state)


async def _locked(proposal_id: UUID, by: SignedIn) -> Proposal:
    await fetch_value(_LOCK, current_tenant(), proposal_id)
    return await queries.proposal(proposal_id, by)


def _record(proposal_id: UUID, state: State) -> None:
    about = ("ledger_accountability", proposal_id)
    record(Event.WORK_MOVED, about, plugin=PLUGIN, kind="accountability", state=state.value)
