"""What the rulebook alone says of its area values: what is aggregated, and what they read of one another."""

from msgspec import Struct, structs

from jiceng_sdk.engine.area.worlds import SETTLED, STATUS
from jiceng_sdk.engine.decide.state import INCOMPLETE, WAITING
from jiceng_sdk.expressions.functions import AGGREGATES
from jiceng_sdk.expressions.tree import (
    Among,
    Arithmetic,
    Call,
    Compare,
    Logic,
    Name,
    Text,
    Tree,
    Unary,
    walk,
)
from jiceng_sdk.rulebook import Analysis, Area

KEPT = "area"
"""Under which the plans are kept in `Analysis.worked`."""


class Plan(Struct, frozen=True):
    """`tree`: the value, foreseen; `calls`: its aggregations; `read`: every name it reads."""

    name: str
    area: Area
    tree: Tree
    calls: list[Call]
    read: frozenset[str]


def plans(analysis: Analysis) -> tuple[Plan, ...]:
    """The area values in the order written."""
    found: tuple[Plan, ...] | None = analysis.worked.get(KEPT)
    if found is None:
        found = tuple(_plan(analysis, name, area) for name, area in analysis.book.area.items())
        analysis.worked[KEPT] = found
    return found


def _plan(analysis: Analysis, name: str, area: Area) -> Plan:
    tree, named = foreseen(area.value.tree), analysis.named
    calls = [part for part in walk(tree) if isinstance(part, Call) and part.function in AGGREGATES]
    calls = [call for call in dict.fromkeys(calls) if _outermost(call, tree)]
    read = [named.get(f"area.{name}.{key}", frozenset()) for key in ("of", "value", "aim")]
    return Plan(name, area, tree, calls, frozenset[str]().union(*read))


def _outermost(call: Call, tree: Tree) -> bool:
    """Not inside another aggregation, where `count` is the function of conditions."""
    return not any(
        call is not other and any(part is call for part in walk(other))
        for other in walk(tree)
        if isinstance(other, Call) and other.function in AGGREGATES
    )


def foreseen(tree: Tree) -> Tree:
    """The same tree, where a comparison of `status` with anything but "waiting" reads the status
    in the end.
    """
    match tree:
        case Compare():
            args = tuple(foreseen(arg) for arg in tree.args)
            words = [arg.value for arg in args if isinstance(arg, Text)]
            return structs.replace(tree, args=tuple(_ending(arg, words) for arg in args))
        case Among():
            words = [option.value for option in tree.options if isinstance(option, Text)]
            return structs.replace(tree, item=_ending(tree.item, words))
        case Logic() | Call():
            return structs.replace(tree, args=tuple(foreseen(arg) for arg in tree.args))
        case Unary():
            return structs.replace(tree, arg=foreseen(tree.arg))
        case Arithmetic():
            return structs.replace(tree, left=foreseen(tree.left), right=foreseen(tree.right))
    return tree


def _ending(side: Tree, words: list[str]) -> Tree:
    waiting = any(word in (WAITING, INCOMPLETE) for word in words)
    if isinstance(side, Name) and side.name == STATUS and not waiting:
        return structs.replace(side, name=SETTLED)
    return side
