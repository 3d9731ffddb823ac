"""Unit: purchases that look like parts of a larger one are named; others are left alone."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from jiceng_project_ledger.costs.rules import Route, Thresholds
from jiceng_project_ledger.costs.splitting import Bought, split, splits

RULES = Thresholds()
DAY = date(2026, 5, 20)
MINE, THEIRS = UUID(int=1), UUID(int=2)


def bought(
    line: int, yuan: int, name: str = "展板", supplier: str = "", *, project: UUID = MINE, late: int = 0
) -> Bought:
    day = DAY + timedelta(days=late)
    number = f"ZT-{project.int}"
    return Bought(
        project=project, number=number, line=line, name=name, amount=yuan * 100, supplier=supplier, day=day
    )


@pytest.mark.parametrize(
    ("other", "named"),
    [
        (bought(2, 3_000), True),
        (bought(1, 3_000, "展板（二）", project=THEIRS), True),
        (bought(2, 3_000, "打印", "新华 图文"), True),
        (bought(2, 3_000, "打印"), False),
        (bought(2, 2_999), False),
        (bought(2, 3_000, late=180), True),
        (bought(2, 3_000, late=-181), False),
        (bought(2, 30_000), False),
    ],
    ids=[
        "same thing",
        "other project",
        "same supplier",
        "neither",
        "too little",
        "at the edge",
        "too late",
        "compared",
    ],
)
def test_siblings_are_named_when_all_together_need_a_stricter_way(other: Bought, named: bool) -> None:
    own = bought(1, 7_000, supplier="新华图文")
    found = split(own, [own, other], RULES)
    assert (found is not None) is named
    if found is not None:
        assert (found.others, found.total, found.route) == ((other,), 10_000_00, Route.QUOTES)


def test_compared_purchases_together_may_need_a_tender() -> None:
    lines = [bought(1, 150_000), bought(2, 60_000), bought(3, 500, project=THEIRS)]
    found = splits(MINE, lines, RULES)
    assert {line: one.route for line, one in found.items()} == {1: Route.TENDER, 2: Route.TENDER}
    assert found[1].total == 210_500_00


def test_a_tenant_that_looks_for_none_is_told_none() -> None:
    rules = Thresholds(window_days=0)
    assert splits(MINE, [bought(1, 7_000), bought(2, 7_000)], rules) == {}
    assert Thresholds(window_days=731).faults() == ["拆分采购的核对天数应在 0 到 730 之间，0 表示不核对"]
