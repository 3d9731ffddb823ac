"""What of a rulebook compares a subject with others: `cohort_*` in formulas of items, groups and classes.

What a comparison of the period came to is kept beside the nodes, so that an explanation can say it.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from jiceng_sdk.engine.formulas.scope import VALUE
from jiceng_sdk.expressions.tree import Call, Name, Tree, names, walk
from jiceng_sdk.rulebook import Analysis


class Noted(NamedTuple):
    """Columns beside the nodes: `among`: what a comparison came to; `own`: what the subject itself has of
    what is compared, "" where that is a node or a condition.
    """

    among: str
    own: str


CLASSES, CALLS = "classes compared", "calls that compare"


def classes_compared(analysis: Analysis) -> frozenset[str]:
    """Classes whose formulas look at other subjects, or read such a class."""
    found: frozenset[str] | None = analysis.worked.get(CLASSES)
    if found is None:
        classes = analysis.book.classes
        some = {name for name, formula in classes.items() if comparisons(formula.tree)}
        while more := {name for name, one in classes.items() if names(one.tree) & some} - some:
            some |= more
        found = analysis.worked[CLASSES] = frozenset(some)
    return found


def comparisons(tree: Tree) -> tuple[Call, ...]:
    """The calls of `cohort_*` in a formula."""
    return tuple(
        part for part in walk(tree) if isinstance(part, Call) and part.function.startswith("cohort_")
    )


def compared_by(analysis: Analysis, name: str) -> tuple[Call, ...]:
    """The comparisons of an item or group of the period, each once, as they stand in its formulas. One that
    reads `value` is left out: it means something else in every item.
    """
    if analysis.each.get(name) is not None:
        return ()
    found = [call for tree in _trees(analysis, name) for call in comparisons(tree)]
    return tuple(dict.fromkeys(call for call in found if VALUE not in names(call)))


def kept_as(analysis: Analysis) -> Mapping[Call, Noted]:
    """Under which names the values of each comparison of a node are kept."""
    found: dict[Call, Noted] | None = analysis.worked.get(CALLS)
    if found is None:
        calls = dict.fromkeys(call for name in analysis.order for call in compared_by(analysis, name))
        found = analysis.worked[CALLS] = {call: _noted(analysis, n, call) for n, call in enumerate(calls)}
    return found


def _noted(analysis: Analysis, n: int, call: Call) -> Noted:
    mine = call.function != "cohort_count" and named(call) not in analysis.order
    return Noted(f"compared[{n}]:among", f"compared[{n}]:own" if mine else "")


def named(call: Call) -> str:
    """The name a comparison is about; "" for a formula."""
    part = call.args[0]
    return part.name if isinstance(part, Name) else ""


def _trees(analysis: Analysis, name: str) -> Iterator[Tree]:
    section = "items" if name in analysis.book.items else "groups"
    for path, typed in analysis.formulas.items():
        if path.startswith(f"{section}.{name}."):
            yield typed.tree
    if name in analysis.scale:
        yield analysis.scale[name].tree
