"""Units and standings as structs, for tests without a database."""

from __future__ import annotations

from decimal import Decimal

from jiceng.kernel.ids import new_id
from jiceng_double_strong_six_good.firms.schemas import Firm
from jiceng_double_strong_six_good.standing.schemas import Standing, Verdict
from jiceng_double_strong_six_good.vocabulary import CRITERIA


def unit(
    coverage: str, *, employees: int = 60, should_have: bool = True, number: str = "U", town: str = "北渡镇"
) -> Firm:
    """A non-public enterprise."""
    return Firm(
        id=new_id(),
        number=number,
        name=f"企业{number}",
        kind="非公企业",
        employees=employees,
        should_have=should_have,
        coverage=coverage,
        organization=new_id(),
        town=town,
    )


def standing(tier: str, points: int, *, town: str = "北渡镇", confirmed: Verdict | None = None) -> Standing:
    """An enterprise with the same points on every criterion."""
    return Standing(
        firm=unit("单独组建", town=town),
        run=new_id(),
        status="rated",
        tier=tier,
        before="",
        score=Decimal(points * 6 + 40),
        points=dict.fromkeys(CRITERIA, Decimal(points)),
        confirmed=confirmed,
    )
