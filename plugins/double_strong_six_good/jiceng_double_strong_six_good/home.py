"""What the plugin tells the home page: coverage, tiers, what waits to be decided, what is late."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from jiceng.api import first_day, today
from jiceng.api.hooks import Earlier, Figure, Waiting
from jiceng_double_strong_six_good.coverage.counting import counted
from jiceng_double_strong_six_good.declarations.queries import declarations
from jiceng_double_strong_six_good.declarations.states import State
from jiceng_double_strong_six_good.firms.queries import firms, own
from jiceng_double_strong_six_good.help import queries as help_queries
from jiceng_double_strong_six_good.instructors.queries import instructors
from jiceng_double_strong_six_good.limits import limits
from jiceng_double_strong_six_good.standing import queries as standing
from jiceng_double_strong_six_good.vocabulary import MODEL, NON_PUBLIC

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jiceng.api.pages import SignedIn
    from jiceng_double_strong_six_good.coverage.counting import Count
    from jiceng_double_strong_six_good.firms.schemas import Firm


async def figures() -> list[Figure]:
    """How far organizations reach into non-public enterprises, beside last year; model sites of the rated."""
    day, found = today(), []
    seen = await firms(day)
    now = _reached(seen.values())
    if now.should:
        found.append(
            Figure(
                title="非公企业组织覆盖率",
                value=now.covered,
                whole=now.should,
                before=await _last_year(date(day.year - 1, 12, 31)),
                path="coverage",
            )
        )
    tiers = await standing.tiers(day.year, seen)
    if tiers:
        sites = sum(tier == MODEL for tier in tiers.values())
        found.append(Figure(title="够示范点的企业", value=sites, whole=len(tiers)))
    return found


async def to_check(_: SignedIn) -> list[Waiting]:
    """Declarations to decide, tiers to confirm: of this year and the last, which is settled in this one."""
    found, seen = [], await firms(today())
    last = today().year - 1
    for year, of_year in ((last + 1, ""), (last, f"year={last}")):
        written = (await declarations(year, seen)).values()
        tiers, settled = await standing.tiers(year, seen), await standing.verdicts(year)
        open_ = sum(unit not in settled or settled[unit].tier != tier for unit, tier in tiers.items())
        handed_in = sum(one.state is State.HANDED_IN for one in written)
        found += [
            Waiting(
                title="上年度待审核的企业申报" if of_year else "待审核的企业申报",
                count=handed_in,
                path=f"declarations?{of_year}".rstrip("?"),
            ),
            Waiting(
                title="上年度待确认的企业档次" if of_year else "待确认的企业档次",
                count=open_,
                path=f"enterprises?tier=open&{of_year}".rstrip("&"),
            ),
        ]
    return found


async def to_do(_: SignedIn) -> list[Waiting]:
    """One's own declarations to write; help past its deadline or unreported, instructors who are overdue."""
    day, rules = today(), await limits()
    seen = await firms(day)
    written = await declarations(day.year, seen)
    mine = [written.get(one.id) for one in await own(seen.values()) if one.takes_part]
    helped = await help_queries.running(seen)
    late = [one for one in helped if one.late(day)]
    sent = await instructors(seen)
    return [
        Waiting(
            title="退回重报的企业申报",
            count=sum(one is not None and one.state is State.RETURNED for one in mine),
            path="declarations",
        ),
        Waiting(
            title="还没有提交的企业申报",
            count=sum(one is None or one.state is State.DRAFT for one in mine)
            * (day <= rules.last_day(day.year)),
            path="declarations",
        ),
        *(
            Waiting(
                title="超期或缺月报的帮扶",
                count=sum(one.year == year for one in late),
                path=f"help?only=late&year={year}",
                late=True,
            )
            for year in dict.fromkeys(one.year for one in late)
        ),
        Waiting(
            title="久未走访的指导员",
            count=sum(one.visit_late(day, rules.visit_days) for one in sent),
            path="instructors",
            late=True,
        ),
        Waiting(
            title="派驻期满的指导员",
            count=sum(one.expired(day) for one in sent),
            path="instructors",
            late=True,
        ),
    ]


def _reached(seen: Iterable[Firm]) -> Count:
    return counted(one for one in seen if one.kind == NON_PUBLIC)


async def _last_year(day: date) -> Earlier | None:
    """The end of last year; None while no roster tells of it."""
    first = await first_day()
    if first is None or first > day:
        return None
    then = _reached((await firms(day)).values())
    return Earlier("上年末", then.covered, then.should)
