"""What the plugin tells the home page: the weak, those turned round, plans that wait or are late."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.api import today
from jiceng.api.hooks import Figure, Waiting
from jiceng.api.pages import Permission, may
from jiceng_classification.plans import queries
from jiceng_classification.plans.states import State
from jiceng_classification.plans.vocabulary import REMEDY
from jiceng_classification.standing import queries as standing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jiceng.api.pages import SignedIn
    from jiceng_classification.plans.schemas import Plan


async def figures() -> list[Figure]:
    """The year's weak organizations, and of last year's weak ones how many rose."""
    board = await standing.board(today().year)
    if board is None:
        return []
    weak = len(board.in_programme(REMEDY))
    found = [Figure(title="后进组织", value=weak, whole=len(board.rows), path=f"programmes/{REMEDY}")]
    if board.weak_before:
        found.append(Figure(title="上年后进转化", value=board.turned, whole=board.weak_before))
    return found


async def to_do(user: SignedIn) -> list[Waiting]:
    """Plans past their deadline, months nobody reported, plans that wait for their acceptance.

    Of all years: whoever was found weak in a year is turned round in the next.
    """
    plans, accepting = await queries.open_plans(), may(user, Permission.CHECK_WORK)
    pages = dict.fromkeys((plan.year, plan.programme) for plan in plans)
    return [
        one
        for year, programme in pages
        for one in _of_page(
            year,
            programme,
            [plan for plan in plans if (plan.year, plan.programme) == (year, programme)],
            accepting=accepting,
        )
    ]


def _of_page(year: int, programme: str, plans: Sequence[Plan], *, accepting: bool) -> list[Waiting]:
    day, path = today(), f"programmes/{programme}?year={year}"
    handed_in = sum(plan.state is State.HANDED_IN for plan in plans) if accepting else 0
    return [
        Waiting(
            title="超过期限的转化提升方案",
            count=sum(plan.overdue(day) for plan in plans),
            path=f"{path}&only=late",
            late=True,
        ),
        Waiting(
            title="有月份没有报进展的方案",
            count=sum(bool(plan.late_months(day)) for plan in plans),
            path=f"{path}&only=late",
            late=True,
        ),
        Waiting(title="待验收销号的方案", count=handed_in, path=path),
    ]
