"""What may be done with results: review, notice, confirm, object, take effect; each by a named person."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - msgspec reads the fields of Notice
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from jiceng.accounts.second_person import Act as Guarded
from jiceng.accounts.second_person import guarded
from jiceng.evaluation import queries as evaluation
from jiceng.evaluation.service import make_final
from jiceng.kernel.audit import Event, record
from jiceng.kernel.clock import now, today
from jiceng.kernel.crypto.keyring import keyring
from jiceng.kernel.database import current_tenant, execute, fetch_row, joined
from jiceng.kernel.errors import Conflict, Forbidden, Invalid
from jiceng.kernel.ids import new_id
from jiceng.publication import queries
from jiceng.publication.flow.states import ACT_WORDS, LIFE, Act, State
from jiceng.publication.tables import MOVED
from jiceng.schemes.periods.keeping import calendar
from jiceng.schemes.queries import book_of
from jiceng.tenancy.service import set_setting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jiceng.evaluation.schemas import RunInfo
    from jiceng.publication.schemas import PublicationInfo

LONGEST = 2000
CONFIRMED_ONE_BY_ONE = ("member",)
"""Kinds of subjects whose verdicts stay proposals until a named person confirms them."""
REASONED = (Act.RETURN, Act.WITHDRAW_NOTICE, Act.FINISH, Act.STOP)
"""Acts that need a reason."""
ONWARD = (Act.REVIEW, Act.OPEN_NOTICE, Act.FINISH)
"""Acts that are refused for results that a later evaluation takes the place of."""
_OPEN = """
insert into publication (tenant_id, id, run) values ($1, $2, $3) on conflict (tenant_id, run) do nothing
"""
_ADD_MOVE = """
insert into publication_move (tenant_id, id, publication, act, before, after, reason, by, at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
_SET_NOTICE = """
update publication set grades = $3, document = $4, first_day = $5, last_day = $6, working_days = $7,
  office = $8, phone = $9, place = $10, masked = $11
where tenant_id = $1 and id = $2
"""


def offered(info: PublicationInfo, *, superseded: bool) -> list[Act]:
    """What may be done with the results today; to take effect only once their notice is over."""
    early = not info.over_on(today())
    return [
        act
        for act in LIFE.allowed(info.state)
        if not (superseded and act in ONWARD) and not (early and act is Act.FINISH)
    ]


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """What a notice is opened with: which grades it lists, from when for how long, who takes objections."""

    grades: tuple[str, ...]
    first_day: date
    working_days: int
    office: str
    phone: str
    place: str = ""
    document: str = ""
    masked: bool = True


async def move(run_id: UUID, act: Act, reason: str = "", *, by: UUID) -> State:
    """Take a run's results to the next state; taking effect may need a second person.

    Raises as `_move`, and Awaiting.
    """
    if act is not Act.FINISH:
        return await _move(run_id, act, reason, by=by)
    told = {"run": run_id, "act": act, "reason": reason}
    title = f"{await _title(run_id)}：{ACT_WORDS[act]}"
    async with guarded(Guarded.PUBLISH_RESULTS, f"{run_id}:{act.value}", title, told, reason, by):
        return await _move(run_id, act, reason, by=by)


async def publish_approved(told: Mapping[str, Any], by: UUID) -> None:
    """Open the notice or let results take effect, as a second person approved."""
    if "notice" in told:
        await open_notice(UUID(told["run"]), msgspec.convert(told["notice"], Notice), by=by)
    else:
        await move(UUID(told["run"]), Act(told["act"]), told["reason"], by=by)


async def _title(run_id: UUID) -> str:
    run = await evaluation.run(run_id)
    return f"{run.title} {run.period} 第 {run.number} 次评定"


async def _move(run_id: UUID, act: Act, reason: str = "", *, by: UUID) -> State:
    """Take a run's results to the next state, except for opening a notice; returns it.

    Raises IllegalMove naming the acts that are allowed, Invalid without a reason where one is needed,
    Forbidden for a review by the one who opened the run, Conflict when results may not take effect yet.
    """
    if act is Act.OPEN_NOTICE:
        raise Invalid(["开始公示要填写公示的内容"], "没有开始公示", where="公示")
    if act in REASONED and not reason.strip():
        raise Invalid(["请写明理由"], "没有写理由，没有办理", where="理由")
    async with joined():
        run, info = await locked(run_id)
        to = LIFE.after(info.state, act)
        if act is Act.REVIEW and run.opened_by == by:
            raise Forbidden(
                "复核的人不能是发起这次评定的人", where=f"第 {run.number} 次", todo_zh="请由另一位同事复核"
            )
        if act in ONWARD:
            await _refuse_superseded(run)
        if act is Act.FINISH:
            await _take_effect(run, info)
        await _go(info, act, to, reason, by)
    return to


async def open_notice(run_id: UUID, notice: Notice, *, by: UUID) -> PublicationInfo:
    """Put reviewed results up for objections, at once or as soon as a second person approves.

    Raises as `_open_notice`, and Awaiting where the tenant wants a second person.
    """
    told = {"run": run_id, "notice": notice}
    title = f"{await _title(run_id)}：{ACT_WORDS[Act.OPEN_NOTICE]}"
    about = f"{run_id}:{Act.OPEN_NOTICE.value}"
    async with guarded(Guarded.PUBLISH_RESULTS, about, title, told, "", by):
        return await _open_notice(run_id, notice, by=by)


async def _open_notice(run_id: UUID, notice: Notice, *, by: UUID) -> PublicationInfo:
    """Put reviewed results up for objections; returns the publication with its last day.

    Raises IllegalMove, UnknownYear when the calendar does not reach that far, Invalid with every fault.
    """
    async with joined():
        run, info = await locked(run_id)
        to = LIFE.after(info.state, Act.OPEN_NOTICE)
        await _refuse_superseded(run)
        await _check(run, notice)
        days = await calendar()
        first = days.next_working(notice.first_day)
        await execute(
            _SET_NOTICE,
            current_tenant(),
            info.id,
            msgspec.json.encode(notice.grades).decode(),
            notice.document.strip(),
            first,
            days.last_of(first, notice.working_days),
            notice.working_days,
            notice.office.strip(),
            notice.phone.strip(),
            notice.place.strip(),
            notice.masked,
        )
        await _go(info, Act.OPEN_NOTICE, to, "", by)
        return await queries.publication(run_id)


async def set_history(scheme: str, *, only_final: bool) -> None:
    """Say which results of earlier periods a scheme reads from today on: final ones only, or the last run."""
    value = evaluation.FINAL if only_final else evaluation.COMPUTED
    await set_setting(evaluation.history_name(scheme), value, today())


async def locked(run_id: UUID) -> tuple[RunInfo, PublicationInfo]:
    """The run and its publication, made when it has none; its row stays locked until commit.

    Raises NotFound, Conflict for a run without results.
    """
    run = await evaluation.run(run_id)
    if run.state != "done":
        raise Conflict("这次评定还没有结果", where=f"第 {run.number} 次", todo_zh="请等计算完成")
    await execute(_OPEN, current_tenant(), new_id(), run.id)
    await fetch_row(
        "select id from publication where tenant_id = $1 and run = $2 for update", current_tenant(), run.id
    )
    return run, await queries.publication(run.id)


async def _check(run: RunInfo, notice: Notice) -> None:
    known = (await book_of(run.rulebook)).grades
    faults = [f"没有“{grade}”这个等次" for grade in notice.grades if grade not in known]
    if not notice.grades:
        faults.append("请选择公示哪些等次")
    if notice.first_day < today():
        faults.append("公示不能从过去的日子开始")
    faults += [
        f"请填写{word}"
        for word, text in (("受理单位", notice.office), ("电话", notice.phone))
        if not text.strip()
    ]
    faults += [
        f"{word}最多 {most} 字"
        for word, text, most in (
            ("受理单位", notice.office, 200),
            ("电话", notice.phone, 100),
            ("地址", notice.place, 200),
            ("文号", notice.document, 100),
        )
        if len(text.strip()) > most
    ]
    if faults:
        raise Invalid(faults, "没有开始公示", where="公示")


async def _refuse_superseded(run: RunInfo) -> None:
    newer = await evaluation.superseded_by(run.id)
    if newer is not None:
        raise Conflict(
            f"已经被第 {newer.number} 次评定取代",
            where=f"第 {run.number} 次",
            todo_zh=f"请办理第 {newer.number} 次评定",
        )


async def _take_effect(run: RunInfo, info: PublicationInfo) -> None:
    """Everything that must hold before results take effect, then they do."""
    if info.last_day is None or today() <= info.last_day:
        raise Conflict(
            "公示还没有期满", where=f"公示到 {info.last_day}", todo_zh="请在公示期满后的第一天起办理"
        )
    if info.id is None:
        raise RuntimeError("a publication on notice has a row")
    unanswered = [one.number for one in await queries.objections(info.id) if not one.answered_at]
    if unanswered:
        numbers = "、".join(str(number) for number in unanswered)
        raise Conflict("还有异议没有答复", where=f"第 {numbers} 号", todo_zh="请先办理并答复异议")
    confirming = run.subject in CONFIRMED_ONE_BY_ONE
    waiting = (await queries.standing(info)).waiting
    if confirming and waiting:
        raise Conflict(
            f"还有 {waiting} 人的结果没有具名确认", where=run.period, todo_zh="请按组织确认，例外的列出来"
        )
    await make_final(run.id, await queries.held(info, confirming=confirming))


async def _go(info: PublicationInfo, act: Act, to: State, reason: str, by: UUID) -> None:
    await execute(
        "update publication set state = $3 where tenant_id = $1 and id = $2",
        current_tenant(),
        info.id,
        to.value,
    )
    move = new_id()
    words = (await keyring()).seal(MOVED, move, reason.strip()[:LONGEST])
    await execute(
        _ADD_MOVE,
        current_tenant(),
        move,
        info.id,
        act.value,
        info.state.value,
        to.value,
        words,
        by,
        now(),
    )
    event = Event.RUN_REVIEWED if act is Act.REVIEW else Event.RESULTS_MOVED
    record(event, ("run", info.run), state=to.value)
