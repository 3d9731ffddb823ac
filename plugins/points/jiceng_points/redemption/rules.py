"""Who may redeem: the rule in force, members paused, and what a member's final result says to it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import asyncpg

from jiceng.api import Conflict, NotFound, Refusal, now, today
from jiceng.api.database import current_tenant, execute, fetch, fetch_row, fetch_value, new_id, transaction
from jiceng.api.pages import Event, record
from jiceng.api.results import final_result
from jiceng.api.roster import cleared
from jiceng_points.ledger.schemas import hundredths, in_points
from jiceng_points.people import claimers
from jiceng_points.redemption.schemas import Pause, Rule, Standing
from jiceng_points.redemption.vocabulary import QUALIFIES

if TYPE_CHECKING:
    from uuid import UUID

SCHEME = "points"
"""The scheme whose final results decide."""
USUAL = Rule(least=Decimal(80), grades=("合格",), days=14)
"""In force until a tenant says otherwise."""
_MOST_DAYS = 366
_RULE = """
select number, opened, qualifies, least, grades, days from points_redemption_rule
where tenant_id = $1 order by number desc limit 1
"""
_ADD_RULE = """
insert into points_redemption_rule
  (tenant_id, id, number, opened, qualifies, least, grades, days, at, by)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
_PAUSED = """
select exists (select from points_pause
  where tenant_id = $1 and member = $2 and since <= $3 and (until is null or until > $3))
"""
_SHUT_OUT = f"""
select ({_PAUSED.strip()}) as paused,
  (select max(coalesce(until, 'infinity')) <= $3 from membership where tenant_id = $1 and member = $2) as left
"""  # noqa: S608 - constants
_PAUSES = """
select p.id, p.member, p.since from points_pause p join member m on m.tenant_id = $1 and m.id = p.member
where p.tenant_id = $1 and p.until is null {cleared} order by p.since, p.id
"""
_PAUSE = """
insert into points_pause (tenant_id, id, member, since, made_by) values ($1, $2, $3, $4, $5)
"""
_END_PAUSE = """
update points_pause set until = greatest($3, since), ended_by = $4
where tenant_id = $1 and id = $2 and until is null returning member
"""


async def rule_in_force() -> Rule:
    """The tenant's rule, or the usual one."""
    row = await fetch_row(_RULE, current_tenant())
    if row is None:
        return USUAL
    return Rule(
        number=row["number"],
        opened=row["opened"],
        qualifies=row["qualifies"],
        least=in_points(row["least"]),
        grades=tuple(row["grades"].split("、")),
        days=row["days"],
    )


async def change_rule(rule: Rule, by: UUID) -> None:
    """Put a rule into force from now on; held gifts keep their day.

    Raises:
        Refusal: somebody else changed it meanwhile, or a value is not possible.
    """
    grades = tuple(grade.strip() for grade in rule.grades if grade.strip())
    if rule.qualifies not in QUALIFIES or not 1 <= rule.days <= _MOST_DAYS or not grades:
        raise Refusal(
            "兑换规则填写不全",
            "兑换规则",
            f"请选择兑换条件，等次至少填一个，保留天数填 1 至 {_MOST_DAYS}",
            422,
            what_en="the rule is incomplete",
            todo_en=f"choose who qualifies, give a grade and 1 to {_MOST_DAYS} days",
        )
    least = hundredths(rule.least)
    async with transaction():
        try:
            await execute(
                _ADD_RULE,
                *(current_tenant(), new_id(), rule.number + 1, rule.opened, rule.qualifies, least),
                *("、".join(grades), rule.days, now(), by),
            )
        except asyncpg.UniqueViolationError:
            raise changed_meanwhile("兑换规则") from None
        record(Event.WORK_MOVED, ("redemption_rule", rule.number + 1), plugin="points", kind="rule")


async def standing(member: UUID, rule: Rule) -> Standing:
    """Whether a member may redeem today by the rule, and why."""
    if not rule.opened:
        return Standing(may=False, why="closed")
    out = await fetch_row(_SHUT_OUT, current_tenant(), member, today())
    if out["paused"] or out["left"]:
        return Standing(may=False, why="paused" if out["paused"] else "left")
    if rule.qualifies == "anyone":
        return Standing(may=True, why="anyone")
    result = await final_result(SCHEME, member)
    if result is None or result.status != "rated":
        return Standing(may=False, why="no_result")
    if rule.qualifies == "score":
        passed = result.score is not None and result.score >= rule.least
        told = "—" if result.score is None else f"{result.score:.2f} 分"
    else:
        passed, told = result.grade in rule.grades, result.grade or "—"
    return Standing(may=passed, why="passed" if passed else "not_passed", period=result.period, told=told)


async def pauses() -> list[Pause]:
    """Everybody who is paused now and may be read about here."""
    rows = await fetch(_PAUSES.format(cleared=cleared("m")), current_tenant())
    return [Pause(**row) for row in rows]


async def pause(member: UUID, by: UUID) -> None:
    """Let a member redeem nothing from today on. Why is not kept here; what is held stays held.

    Raises:
        Conflict: he is paused already.
    """
    async with transaction():
        await claimers.hold(member)
        if await fetch_value(_PAUSED, current_tenant(), member, today()):
            raise Conflict(
                "这名党员已在暂缓名单中",
                what_en="this member is paused already",
                todo_zh="不用重复登记",
                todo_en="nothing to do",
            )
        await execute(_PAUSE, current_tenant(), new_id(), member, today(), by)
        record(Event.WORK_MOVED, ("member", member), plugin="points", kind="pause", on=True)


async def end_pause(pause_id: UUID, by: UUID) -> None:
    """Let a paused member redeem again; NotFound when there is no such pause any more."""
    async with transaction():
        seen = any(one.id == pause_id for one in await pauses())
        member = seen and await fetch_value(_END_PAUSE, current_tenant(), pause_id, today(), by)
        if not member:
            raise NotFound
        record(Event.WORK_MOVED, ("member", member), plugin="points", kind="pause", on=False)


def changed_meanwhile(where: str) -> Conflict:
    """The refusal for a form that was opened before somebody else saved."""
    return Conflict(
        "别人刚刚改过，您的修改没有保存",
        where,
        "请刷新页面，看过新的内容再改",
        what_en="somebody else changed it meanwhile; nothing was saved",
        todo_en="reload the page and look at it first",
    )
