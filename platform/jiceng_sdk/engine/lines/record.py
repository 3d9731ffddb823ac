"""What is stored of one subject, as the fold reads it: values of nodes and the marks beside them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from jiceng_sdk.expressions.tree import Number, Unary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jiceng_sdk.engine.outcome.outcome import Outcome
    from jiceng_sdk.expressions.formula import Formula

Stored = Decimal | int | bool | str | None


class Record:
    """One subject's row of nodes, details, sub-periods and results."""

    def __init__(self, outcome: Outcome, subject: str | int) -> None:
        one = outcome.of(subject)
        self.outcome = one
        self._nodes: Mapping[str, Stored] = one.nodes.row(0, named=True)
        self._details: Mapping[str, Stored] = one.details.row(0, named=True)
        self.result: Mapping[str, Stored] = one.results.row(0, named=True)
        self.issues = one.issues.rows(named=True)
        self.cells: dict[str, list[dict[str, Stored]]] = {
            unit: frame.sort("k").rows(named=True) for unit, frame in one.cells.items()
        }

    def value(self, node: str) -> Fraction | None:
        """The node's value; None when open or not applying."""
        return fraction(self._nodes.get(node))

    def mark(self, node: str, word: str) -> Fraction | None:
        """A number beside the node: raw, back, cap …"""
        return fraction(self._details.get(f"{node}:{word}"))

    def flag(self, node: str, word: str) -> bool | None:
        """A yes or no beside the node: applies, gate."""
        found = self._details.get(f"{node}:{word}")
        return found if isinstance(found, bool) else None

    def applies(self, node: str) -> bool:
        """Whether the node is meant for this subject."""
        return self.flag(node, "applies") is not False

    def detail(self, name: str) -> Stored:
        """Any other column beside the nodes."""
        return self._details.get(name)

    def bound(self, node: str, word: str, formula: Formula) -> Fraction | None:
        """Start, cap or floor as it was for this subject."""
        written = _written(formula)
        return written if written is not None else self.mark(node, word)


def fraction(value: Stored) -> Fraction | None:
    """A stored number, exact."""
    return Fraction(value) if isinstance(value, Decimal | int) and not isinstance(value, bool) else None


def _written(formula: Formula) -> Fraction | None:
    tree = formula.tree
    if isinstance(tree, Unary) and isinstance(tree.arg, Number) and tree.op == "-":
        return -Fraction(tree.arg.value)
    return Fraction(tree.value) if isinstance(tree, Number) else None
