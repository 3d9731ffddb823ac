"""Moving a project on: the one place where its state changes. Each move is kept and audited."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec

from jiceng.api import Conflict, Invalid, now, today
from jiceng.api.database import current_tenant, execute, fetch_value, joined, new_id
from jiceng.api.pages import Event, record
from jiceng.api.projects import enter, leave
from jiceng_project_ledger.course import gates
from jiceng_project_ledger.library.powers import refuse_from_below
from jiceng_project_ledger.library.service import locked
from jiceng_project_ledger.library.vocabulary import KIND_WORDS, LONGEST_TEXT, PLUGIN
from jiceng_project_ledger.states import ACT_WORDS, BY_THE_OWNER, LIFE, Act, State

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from jiceng.api.pages import SignedIn
    from jiceng_project_ledger.library.schemas import Project

_MOVE = """
update ledger_project set state = $3, round = $4, subject = $5, deadline = $6, began = $7, ended = $8,
    handed_in_by = $9
where tenant_id = $1 and id = $2
"""
_LAST = "select coalesce(max(seq), 0) from ledger_move where tenant_id = $1 and project = $2"
_TOLD = """
insert into ledger_move (tenant_id, id, project, seq, act, before, after, reason, deadline, by, decided_by,
    at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
"""
_OVER = frozenset({State.CLOSED, State.TERMINATED, State.REJECTED, State.DISCARDED})


class Hand(msgspec.Struct, frozen=True):
    """Who moves a project, when and why; `account` is None for what a tenant brings along."""

    name: str
    reason: str
    account: UUID | None
    at: datetime
    day: date
    deadline: date | None = None


async def act(
    project_id: UUID, wanted: Act, reason: str, by: SignedIn, *, deadline: date | None = None
) -> State:
    """Move a project on, as the person signed in.

    Raises NotFound; Conflict (not from this state, with what is allowed; a gate is shut, with what is
    missing); Forbidden (decided above only; the owner, the proposer himself); Invalid (no reason, deadline).
    """
    async with joined():
        project = await locked(project_id)
        LIFE.after(project.state, wanted)
        if wanted not in BY_THE_OWNER:
            await refuse_from_below(project, by.id)
        if wanted not in BY_THE_OWNER or wanted is Act.DISCARD:
            _refuse_unreasoned(wanted, reason)
        _refuse_own_work(project, wanted, by.id)
        _refuse_deadline(project, wanted, deadline)
        await gates.refuse_unmet(project, wanted)
        hand = Hand(by.name, reason.strip(), by.id, now(), today(), deadline)
        return await carry_out(project, wanted, hand)


async def carry_out(project: Project, wanted: Act, hand: Hand) -> State:
    """Move a project on without asking who may: for `act`, and for what a tenant brings along.

    Inside a transaction. Raises Conflict for a move its state does not allow.
    """
    after = LIFE.after(project.state, wanted)
    async with joined():
        subject = await _on_the_roster(project, after, hand.day)
        await execute(
            _MOVE,
            *(current_tenant(), project.id, after.value),
            project.round + (after is State.UNDER_REVIEW),
            subject,
            hand.deadline if wanted is Act.EXTEND else project.deadline,
            hand.day if wanted is Act.START else project.began,
            hand.day if after in _OVER else None,
            hand.account if wanted is Act.HAND_IN else project.handed_in_by,
        )
        seq = await fetch_value(_LAST, current_tenant(), project.id) + 1
        told = (wanted.value, project.state.value, after.value, hand.reason, hand.deadline)
        who = (hand.account, hand.name, hand.at)
        await execute(_TOLD, current_tenant(), new_id(), project.id, seq, *told, *who)
        record(Event.WORK_MOVED, ("ledger_project", project.id), plugin=PLUGIN, state=after.value)
    return after


async def _on_the_roster(project: Project, after: State, day: date) -> UUID | None:
    """A project is a subject from its approval to the end of the year in which it ended."""
    if after is State.APPROVED and project.subject is None:
        kind = KIND_WORDS[project.kind]
        return await enter(project.number, project.title, kind, project.organization, day)
    if after in _OVER and project.subject is not None:
        await leave(project.subject, date(day.year + 1, 1, 1))
    return project.subject


def _refuse_unreasoned(wanted: Act, reason: str) -> None:
    faults = []
    if not reason.strip():
        faults.append(f"{ACT_WORDS[wanted]}要写明理由")
    if len(reason) > LONGEST_TEXT:
        faults.append(f"理由最多 {LONGEST_TEXT} 字")
    if faults:
        raise Invalid(faults, "没有办理", where="理由")


def _refuse_own_work(project: Project, wanted: Act, account: UUID) -> None:
    if wanted is Act.CLOSE and account == project.handed_in_by:
        raise Conflict("申请验收的人不能自己验收", todo_zh="请由上级的另一位同志验收")


def _refuse_deadline(project: Project, wanted: Act, deadline: date | None) -> None:
    if wanted is not Act.EXTEND:
        return
    latest = max(project.deadline or today(), today())
    if deadline is None or deadline <= latest:
        raise Invalid([f"新期限应晚于 {latest}"], "没有延期", where="新期限")
