"""What is known of earlier periods: `previous.score`, `.grade`, `.status`, the outputs, and the
same of the period before that: `previous.previous.score`.
"""

from collections.abc import Iterator, Mapping
from typing import Literal

from jiceng_sdk.expressions.functions import AGGREGATES, FUNCTIONS
from jiceng_sdk.expressions.symbols import Kind, Symbol
from jiceng_sdk.expressions.tree import (
    Among,
    Arithmetic,
    Call,
    Compare,
    Flag,
    Logic,
    Name,
    Number,
    Tree,
    Unary,
)
from jiceng_sdk.rulebook.parts import Override, Rulebook
from jiceng_sdk.rulebook.sources import STORED_PLACES, single

EARLIER = ("previous.", "previous.previous.", "previous.previous.previous.")
"""What names of the last three periods begin with, the latest first."""
STATUSES = ("rated", "needs_ruling", "incomplete")


def statuses(book: Rulebook) -> tuple[str, ...]:
    """Every status a subject of this rulebook can have."""
    outs = [rule.out for rule in book.decide if isinstance(rule, Override) and rule.out]
    return tuple(dict.fromkeys((*STATUSES, *outs)))


def previous(book: Rulebook, trees: Mapping[str, Tree]) -> dict[str, Symbol]:
    """The `previous.*` names; kinds of outputs are seen from the form of their expressions."""
    kinds = _Kinds(book, trees)
    known = {name: kinds.of_output(name, frozenset()) or "number" for name in book.outputs}
    return {symbol.name: symbol for before in EARLIER for symbol in _recorded(book, before, known)}


def depth(name: str) -> int:
    """How many periods ago a name is read: 0 for one of this period."""
    return next((n for n, before in reversed([*enumerate(EARLIER, 1)]) if name.startswith(before)), 0)


def _recorded(book: Rulebook, before: str, outputs: Mapping[str, Kind]) -> Iterator[Symbol]:
    yield _number(f"{before}score")
    yield Symbol(name=f"{before}status", kind="text", origin="previous", options=statuses(book))
    if book.grades:
        yield Symbol(name=f"{before}grade", kind="grade", origin="previous", options=book.grades)
    for name, kind in outputs.items():
        key = f"{before}{name}"
        yield _number(key) if kind == "number" else Symbol(name=key, kind=kind, origin="previous")


def _number(name: str) -> Symbol:
    return Symbol(name=name, kind="number", origin="previous", places=STORED_PLACES)


class _Kinds:
    """Kinds without types: enough to know what an output was last year before this year's is typed."""

    def __init__(self, book: Rulebook, trees: Mapping[str, Tree]) -> None:
        self._book, self._trees = book, trees

    def of_output(self, name: str, seen: frozenset[str]) -> Kind | None:
        tree = self._trees.get(f"outputs.{name}.value")
        return None if tree is None or name in seen else self._of(tree, seen | {name})

    def _of(self, tree: Tree, seen: frozenset[str]) -> Kind | None:  # noqa: PLR0911 - one line per part
        match tree:
            case Number() | Arithmetic():
                return "number"
            case Flag() | Logic() | Compare() | Among():
                return "flag"
            case Unary(op=op):
                return "flag" if op == "not" else "number"
            case Call(function="if", args=(_, yes, no)):
                return self._of(yes, seen) or self._of(no, seen)
            case Call(function=function):
                known = FUNCTIONS.get(function) or AGGREGATES.get(function)
                return None if known is None else _plain_kind(known.result)
            case Name(name=name):
                return self._named(name, seen)
            case _:
                return "text"

    def _named(self, name: str, seen: frozenset[str]) -> Kind | None:
        book, plain = self._book, name.removeprefix(EARLIER[depth(name) - 1]) if depth(name) else name
        if plain in ("grade", "status"):
            return "grade" if plain == "grade" else "text"
        if plain in book.outputs:
            return self.of_output(plain, seen)
        if name in book.facts and not book.facts[name].rows:
            return single(name, book.facts[name]).kind
        if name.startswith("period."):
            return "date"
        return "flag" if name in book.classes else "number"


def _plain_kind(result: Kind | Literal["first", "branch"]) -> Kind | None:
    match result:
        case "first" | "branch":
            return None
        case kind:
            return kind
