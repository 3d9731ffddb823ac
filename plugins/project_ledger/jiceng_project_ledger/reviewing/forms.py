"""What a reviewer types, read into scores; what an administrator types, read into rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.api.typed import Typed, read_count, refuse, rows
from jiceng_project_ledger.reviewing.rules import Criterion, Rules

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


SCORED = "criterion"
"""Fields criterion1, criterion2 …: what the form asked to score, as it was when it was opened."""


def asked(criterion: Criterion) -> str:
    """A criterion as the form carries it."""
    return f"{criterion.most} {criterion.title}"


def by_other_rules(typed: Mapping[str, str], criteria: Sequence[Criterion]) -> bool:
    """Whether the form was opened by other criteria than those in force."""
    said = {name: text for name, text in typed.items() if name.startswith(SCORED)}
    return said != {f"{SCORED}{number}": asked(one) for number, one in enumerate(criteria, 1)}


def by_title(typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed, by the title of the criterion it was typed for."""
    return {
        text.partition(" ")[2]: typed.get(f"s{name.removeprefix(SCORED)}", "").strip()
        for name, text in typed.items()
        if name.startswith(SCORED)
    }


def scores(typed: Mapping[str, str], criteria: Sequence[Criterion]) -> dict[str, int]:
    """Scores by criterion from fields s1, s2 …; raises Invalid for what is no whole number."""
    faults: list[str] = []
    found = {
        one.title: read_count(said, f"“{one.title}”", faults)
        for number, one in enumerate(criteria, 1)
        if (said := typed.get(f"s{number}", "").strip())
    }
    refuse(faults, "论证评分", "评分没有保存")
    return found


class RulesForm(msgspec.Struct, frozen=True):
    """Rules of review as typed: a column of titles, a column of highest scores."""

    title: Typed = None
    most: Typed = None
    least: str = ""

    def rows(self) -> list[tuple[str, ...]]:
        """Rows of criteria as typed, without the empty ones."""
        return rows(self.title, self.most)

    def said(self) -> Rules:
        """The rules; what is no whole number is 0, which `Rules.faults` tells in its place."""
        criteria = tuple(Criterion(title, read_count(most, "", [])) for title, most in self.rows())
        return Rules(criteria, read_count(self.least, "", []))


def filled(kept: Rules) -> RulesForm:
    """Rules as rows of the form."""
    return RulesForm(
        [one.title for one in kept.criteria], [str(one.most) for one in kept.criteria], str(kept.least)
    )
