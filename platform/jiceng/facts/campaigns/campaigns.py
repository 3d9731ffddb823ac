"""Campaigns: opened, moved on, their dates changed, a stage opened again for one organization."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jiceng.accounts.queries import names_of
from jiceng.facts.campaigns.rubric import rateable
from jiceng.facts.campaigns.schemas import CampaignInfo, Reopening
from jiceng.facts.campaigns.stages import DEPARTMENT, DONE, ORDER, STAGE_NAMES, WAITING, Dates, after
from jiceng.facts.campaigns.standing import places
from jiceng.kernel.audit import Event, record
from jiceng.kernel.clock import now, today
from jiceng.kernel.database import current_tenant, execute, fetch, fetch_row, joined
from jiceng.kernel.errors import Conflict, Invalid, NotFound
from jiceng.kernel.ids import new_id
from jiceng.roster.queries import names
from jiceng.schemes.periods import span_around
from jiceng.schemes.periods.opening import open_period
from jiceng.schemes.queries import rulebook_for, scheme
from jiceng.schemes.schemas import PeriodInfo

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date
    from uuid import UUID

_CAMPAIGNS = """
select c.id, c.scheme, s.title as scheme_title, s.subject, c.title, c.rulebook, v.number as version,
  c.lines, c.proof,
  c.stage, c.self_from, c.self_until, c.superior_until, c.department_until, c.opened_at, c.closed_at,
  c.withdrawn_at, c.withdrawn_why,
  p.id as period, p.kind, p.first_day, p.last_day, p.title as period_title, p.state
from campaign c
join period p on p.tenant_id = c.tenant_id and p.id = c.period
join rulebook_version v on v.tenant_id = c.tenant_id and v.id = c.rulebook
join scheme s on s.tenant_id = c.tenant_id and s.key = c.scheme
where c.tenant_id = $1
"""
_ADD = """
insert into campaign (tenant_id, id, scheme, title, period, rulebook, lines, proof, stage, self_from,
  self_until, superior_until, department_until, opened_by, opened_at, closed_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, 'self', $9, $10, $11, $12, $13, $14, null)
on conflict (tenant_id, scheme, period, withdrawn) do nothing returning id
"""
_ADD_REOPENING = """
insert into campaign_reopening (tenant_id, id, campaign, organization, stage, until, reason, by, at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
_REOPENINGS = """
select organization, stage, until, reason, by, at from campaign_reopening
where tenant_id = $1 and campaign = $2 order by at desc, id desc
"""
_DRAFT_AGAIN = """
update rating_sheet set handed_by = null, handed_at = null, late = false, on_paper = false
where tenant_id = $1 and campaign = $2 and stage = $3 and subject = any($4::uuid[])
"""
LONGEST_TITLE, LONGEST_REASON = 120, 500


async def campaigns() -> list[CampaignInfo]:
    """Every campaign of the tenant, the latest first."""
    return [
        _campaign(row) for row in await fetch(f"{_CAMPAIGNS} order by c.opened_at desc", current_tenant())
    ]


async def campaign(campaign_id: UUID) -> CampaignInfo:
    """One campaign; raises NotFound."""
    row = await fetch_row(f"{_CAMPAIGNS} and c.id = $2", current_tenant(), campaign_id)
    if row is None:
        raise NotFound("没有这次评定活动")
    return _campaign(row)


async def open_campaign(
    key: str,
    day: date,
    title: str,
    dates: Dates,
    *,
    lines: Collection[str],
    proof: bool,
    by: UUID | None = None,
) -> UUID:
    """Open the rating of a scheme for the period that `day` lies in, by the rulebook in force at its end.

    `lines` are the facts to rate. Raises NotFound (scheme, rulebook), Invalid with every fault, Conflict when
    the period is closed or has a campaign of this scheme.
    """
    await scheme(key)
    current = await rulebook_for(key, max(day, today()))
    span = span_around(current.book.period, day)
    rules = await rulebook_for(key, span.last_day)
    chosen = [name for name in rateable(rules.book) if name in set(lines)]
    _refuse_faults(title, dates, chosen)
    async with joined():
        period = await open_period(span.kind, span.first_day)
        if period.state == "closed":
            raise Conflict("期间已经关闭", where=period.title, todo_zh="请先重新开放期间")
        row = await fetch_row(
            _ADD,
            *(current_tenant(), new_id(), key, title.strip(), period.id, rules.version.id, chosen, proof),
            *(dates.self_from, dates.self_until, dates.superior_until, dates.department_until, by, now()),
        )
        if row is None:
            raise Conflict("这个方案这个期间已经有评定活动", where=f"{key}，{period.title}")
        record(Event.CAMPAIGN_CHANGED, ("campaign", row["id"]), scheme=key, state="opened")
    made: UUID = row["id"]
    return made


async def move_on(campaign_id: UUID, seen: str = "") -> str:
    """Begin the next stage today, before its time; returns it.

    `seen`: the stage that was on when the button was pressed; pressed twice it moves on once. Raises Conflict
    at the last stage, and when another stage has begun meanwhile.
    """
    async with joined():
        info = await locked(campaign_id)
        refuse_ended(info)
        stage = info.stage(today())
        if seen and stage != seen:
            raise Conflict(
                f"现在已经是{STAGE_NAMES[stage]}阶段", where=info.title, todo_zh="请返回看一遍再决定"
            )
        if stage == DEPARTMENT:
            raise Conflict("已经是最后一个阶段", where=info.title, todo_zh="评定完请办结")
        if stage == WAITING:
            raise Conflict("自评还没有开始", where=info.title, todo_zh="需要提前时请改自评的开始日期")
        following = after(stage, info.dates)
        await execute(
            "update campaign set stage = $3 where tenant_id = $1 and id = $2",
            current_tenant(),
            info.id,
            following,
        )
        record(Event.CAMPAIGN_CHANGED, ("campaign", info.id), state=following)
    return following


async def change_dates(campaign_id: UUID, dates: Dates) -> None:
    """Set other days. Raises Invalid for a wrong order, Conflict once the campaign is done."""
    if faults := dates.faults():
        raise Invalid(faults, "日期没有改", where="各阶段日期")
    async with joined():
        info = await locked(campaign_id)
        refuse_ended(info)
        if (info.dates.superior_until is None) != (dates.superior_until is None):
            raise Invalid(["开始以后不能增减上级评议这个阶段"], "日期没有改", where="上级评议")
        await execute(
            "update campaign set self_from = $3, self_until = $4, superior_until = $5, department_until = $6 "
            "where tenant_id = $1 and id = $2",
            *(current_tenant(), info.id, dates.self_from, dates.self_until, dates.superior_until),
            dates.department_until,
        )
        record(Event.CAMPAIGN_CHANGED, ("campaign", info.id), state="dates")


async def reopen(
    campaign_id: UUID, organization: UUID, stage: str, until: date, reason: str, *, by: UUID | None = None
) -> None:
    """Open a stage again for the subjects of one organization; what was handed in there is a draft again.

    Raises NotFound, Invalid (no reason, a day that is past, a stage that is none of its or has not begun).
    """
    info = await campaign(campaign_id)
    place = (await names([organization])).get(organization)
    faults = [] if 0 < len(reason.strip()) <= LONGEST_REASON else [f"请写明理由，最多 {LONGEST_REASON} 字"]
    faults += [] if until >= today() else ["开放到的日期已经过了"]
    faults += [] if place is not None else ["请从列表里选择组织"]
    faults += _faults_of_stage(info, stage)
    if faults:
        raise Invalid(faults, "没有重新开放", where=place or "组织")
    place_id = str(organization)
    async with joined():
        refuse_withdrawn(await locked(campaign_id))
        await execute(
            _ADD_REOPENING,
            *(current_tenant(), new_id(), info.id, organization, stage, until),
            *(reason.strip(), by, now()),
        )
        subjects = [
            one.subject for one in (await places(info.subject, today())).values() if one.home == place_id
        ]
        await execute(_DRAFT_AGAIN, current_tenant(), info.id, stage, subjects)
        record(Event.CAMPAIGN_CHANGED, ("campaign", info.id), state="reopened", kind=stage)


async def reopenings(campaign_id: UUID) -> list[Reopening]:
    """Every re-opening of a campaign, the latest first."""
    rows = await fetch(_REOPENINGS, current_tenant(), campaign_id)
    named = await names({row["organization"] for row in rows})
    people = await names_of({row["by"] for row in rows if row["by"]})
    return [
        Reopening(
            row["organization"],
            named.get(row["organization"], ""),
            row["stage"],
            row["until"],
            row["reason"],
            people.get(row["by"], ""),
            row["at"],
        )
        for row in rows
    ]


async def opened_again(campaign_id: UUID, day: date) -> frozenset[tuple[str, str]]:
    """The organizations (as text) and stages that are opened again on the day."""
    rows = await fetch(
        "select distinct organization::text as organization, stage from campaign_reopening "
        "where tenant_id = $1 and campaign = $2 and until >= $3",
        *(current_tenant(), campaign_id, day),
    )
    return frozenset((row["organization"], row["stage"]) for row in rows)


async def locked(campaign_id: UUID) -> CampaignInfo:
    """The campaign, its row locked until the commit; raises NotFound."""
    await fetch_row(
        "select id from campaign where tenant_id = $1 and id = $2 for update", current_tenant(), campaign_id
    )
    return await campaign(campaign_id)


def refuse_ended(info: CampaignInfo) -> None:
    """Raise Conflict once the campaign is done or withdrawn."""
    refuse_withdrawn(info)
    if info.moved_to == DONE:
        raise Conflict("评定活动已经办结", where=info.title)


def refuse_withdrawn(info: CampaignInfo) -> None:
    """Raise Conflict once the campaign is withdrawn."""
    if info.withdrawn_at is not None:
        raise Conflict("评定活动已经撤回", where=info.title)


def _faults_of_stage(info: CampaignInfo, stage: str) -> list[str]:
    """What keeps a stage from being opened again."""
    if stage not in info.dates.stages():
        return ["没有这个阶段"]
    if ORDER.index(stage) > ORDER.index(info.stage(today())):
        return [f"{STAGE_NAMES[stage]}阶段还没有开始，不用重新开放"]
    return []


def _refuse_faults(title: str, dates: Dates, chosen: list[str]) -> None:
    faults = [] if title.strip() else ["请写名称"]
    faults += [f"名称最多 {LONGEST_TITLE} 个字"] if len(title.strip()) > LONGEST_TITLE else []
    faults += [] if chosen else ["请至少选一个评分项目"]
    faults += dates.faults()
    if faults:
        raise Invalid(faults, "评定活动没有开始", where=title.strip()[:LONGEST_TITLE] or "评定活动")


def _campaign(row: Any) -> CampaignInfo:  # noqa: ANN401 - a database row
    period = PeriodInfo(
        row["period"], row["kind"], row["first_day"], row["last_day"], row["period_title"], row["state"]
    )
    return CampaignInfo(
        id=row["id"],
        scheme=row["scheme"],
        scheme_title=row["scheme_title"],
        subject=row["subject"],
        title=row["title"],
        period=period,
        rulebook=row["rulebook"],
        version=row["version"],
        lines=tuple(row["lines"]),
        proof=row["proof"],
        moved_to=row["stage"],
        dates=Dates(row["self_from"], row["self_until"], row["superior_until"], row["department_until"]),
        opened_at=row["opened_at"],
        closed_at=row["closed_at"],
        withdrawn_at=row["withdrawn_at"],
        withdrawn_why=row["withdrawn_why"],
    )
