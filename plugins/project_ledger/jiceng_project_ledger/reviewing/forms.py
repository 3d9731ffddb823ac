"""What a reviewer types, read into scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.api import Invalid
from jiceng_project_ledger.typed import read_count

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jiceng_project_ledger.reviewing.service import Criterion


def scores(typed: Mapping[str, str], criteria: Sequence[Criterion]) -> dict[str, int]:
    """Scores by criterion from fields s1, s2 …; raises Invalid for what is no whole number."""
    faults: list[str] = []
    found = {
        one.title: read_count(said, f"“{one.title}”", faults)
        for number, one in enumerate(criteria, 1)
        if (said := typed.get(f"s{number}", "").strip())
    }
    if faults:
        raise Invalid(faults, "评分没有保存", where="论证评分")
    return found
