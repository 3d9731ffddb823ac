"""Which rule made a value: the decision that changed it, the part that asks, the node that adds up."""

from collections.abc import Mapping, Sequence
from typing import Any

from jiceng_sdk.rulebook import Rulebook

Rows = Sequence[Mapping[str, Any]]


def rule_of_score(book: Rulebook, trail: Rows) -> str:
    """Path of the rule that set the score."""
    changed = [row["where"] for row in trail if row.get("score_before") != row.get("score_after")]
    if changed:
        return str(changed[-1])
    return path_of(book, book.score)


def rule_of_grade(book: Rulebook, issues: Rows, trail: Rows) -> str:
    """Path of the decision that set the grade, or of the rule that left it open."""
    changed = [row["where"] for row in trail]
    return str(changed[-1]) if changed else rule_of_issue(book, issues, trail)


def rule_of_issue(book: Rulebook, issues: Rows, trail: Rows) -> str:
    """Path of the rule that asks; without a question, of the last decision that changed something."""
    if issues:
        return path_of(book, str(issues[0]["where"]))
    return str(trail[-1]["where"]) if trail else path_of(book, book.score)


def path_of(book: Rulebook, name: str) -> str:
    """`items.x`, `groups.x`, `facts.x` …; a decision's path stays itself."""
    for section in ("items", "groups", "facts", "outputs", "classes", "area"):
        if name in getattr(book, section):
            return f"{section}.{name}"
    return name
