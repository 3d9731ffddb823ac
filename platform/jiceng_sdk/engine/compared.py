"""What of a rulebook compares a subject with others: `cohort_*` in a formula, or a class that reads one."""

from jiceng_sdk.expressions.tree import Call, Tree, names, walk
from jiceng_sdk.rulebook import Analysis

KEPT = "classes compared"


def classes_compared(analysis: Analysis) -> frozenset[str]:
    """Classes whose formulas look at other subjects, or read such a class."""
    found: frozenset[str] | None = analysis.worked.get(KEPT)
    if found is None:
        classes = analysis.book.classes
        some = {name for name, formula in classes.items() if comparisons(formula.tree)}
        while more := {name for name, one in classes.items() if names(one.tree) & some} - some:
            some |= more
        found = analysis.worked[KEPT] = frozenset(some)
    return found


def comparisons(tree: Tree) -> tuple[Call, ...]:
    """The calls of `cohort_*` in a formula."""
    return tuple(
        part for part in walk(tree) if isinstance(part, Call) and part.function.startswith("cohort_")
    )
