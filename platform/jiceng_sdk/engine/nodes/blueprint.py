"""What is known of a node before any fact is: names of its columns, its bounds, members, weights.

Made once per rulebook and kept in `Analysis.worked`; an evaluation walks these instead of the rulebook.
"""

from decimal import Decimal

from msgspec import Struct

from jiceng_sdk.engine.formulas.table import applies
from jiceng_sdk.engine.items import plan as names
from jiceng_sdk.engine.items import staged
from jiceng_sdk.engine.nodes.finishing import BOUNDS, adjusted, part
from jiceng_sdk.engine.numbers.exact import decimals
from jiceng_sdk.engine.numbers.straight import Bounds, Factor
from jiceng_sdk.expressions.tree import Number, Tree, Unary
from jiceng_sdk.rulebook import Analysis, Group, Item

ONE = Decimal(1)
KEPT = "nodes"
"""Under which the blueprints of a rulebook are kept."""


class Bound(Struct, frozen=True):
    """A start, cap or floor. `mark`: the column explanation reads, None where the bound is written out."""

    word: str
    tree: Tree
    mark: str | None


class Member(Struct, frozen=True):
    """A member of a group. `weight`: None where it is 1."""

    name: str
    weight: Decimal | None
    applies: str


class Blueprint(Struct, frozen=True):
    """An item or group. `unit`: the sub-period it is computed in; `rows`: it is an item over rows; `scale`:
    what its `choice` or `line` looks at; `raw`: the column of its raw value, where it is adjusted at all;
    `opens`: columns that say where its rows leave it open; `straight`: its bounds, where it is a sum of whole
    numbers between bounds that are written out, as far as the rulebook can say (see `straight`).
    """

    name: str
    node: Item | Group
    unit: str | None
    rows: bool
    scale: Tree | None
    raw: str | None
    bounds: tuple[Bound, ...]
    members: tuple[Member, ...]
    factors: tuple[Factor, ...]
    total: str
    opens: tuple[str, ...]
    applies: str
    gate: str
    straight: Bounds | None


def blueprints(analysis: Analysis) -> tuple[Blueprint, ...]:
    """Every item and group, in the order they read each other."""
    found: tuple[Blueprint, ...] | None = analysis.worked.get(KEPT)
    if found is None:
        found = tuple(_blueprint(analysis, name) for name in analysis.order)
        analysis.worked[KEPT] = found
    return found


def _blueprint(analysis: Analysis, name: str) -> Blueprint:
    book = analysis.book
    node: Item | Group = book.items[name] if name in book.items else book.groups[name]
    scale = analysis.scale.get(name)
    rows = isinstance(node, Item) and bool(node.from_) and book.facts[node.from_ or ""].rows
    members = tuple(_member(*member) for member in node.of.items()) if isinstance(node, Group) else ()
    return Blueprint(
        name,
        node,
        analysis.each.get(name),
        rows,
        None if scale is None else scale.tree,
        part(name, "raw") if adjusted(node) else None,
        tuple(_bound(node, name, word) for word in BOUNDS if getattr(node, word) is not None),
        members,
        tuple(_factor(weight) for weight in node.of.values()) if isinstance(node, Group) else (),
        names.total(name),
        _opens(name, node),
        applies(name),
        part(name, "gate"),
        _straight(node) if rows or members else None,
    )


def _straight(node: Item | Group) -> Bounds | None:
    if node.for_ is not None or node.round is not None:
        return None
    if isinstance(node, Group):
        plain = node.combine == "sum" and node.gate is None and not node.keep
    else:
        plain = not node.averages and node.quorum is None
    bounds = [(word, getattr(node, word)) for word in BOUNDS if getattr(node, word) is not None]
    if not plain or not all(_written_out(formula.tree) for _, formula in bounds):
        return None
    return tuple((word, _number(formula.tree)) for word, formula in bounds)


def _number(tree: Tree) -> Decimal:
    """The number that is written out."""
    if isinstance(tree, Unary):
        return -_number(tree.arg)
    return tree.value if isinstance(tree, Number) else Decimal(0)


def _opens(name: str, node: Item | Group) -> tuple[str, ...]:
    if isinstance(node, Group):
        return ()
    return names.open_(name), staged.merged_open(names.Plan(name, node, None, frozenset()))


def _bound(node: Item | Group, name: str, word: str) -> Bound:
    tree: Tree = getattr(node, word).tree
    return Bound(word, tree, None if _written_out(tree) else part(name, word))


def _written_out(tree: Tree) -> bool:
    """Whether it is a number written out."""
    return _written_out(tree.arg) if isinstance(tree, Unary) else isinstance(tree, Number)


def _member(name: str, weight: Decimal) -> Member:
    return Member(name, None if weight == ONE else weight, applies(name))


def _factor(weight: Decimal) -> Factor:
    places = decimals(weight)
    return int(weight.scaleb(places)), places
