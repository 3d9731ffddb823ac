"""What an expression may read where it stands: named values, grades, and functions that need more
than the row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from jiceng_sdk.engine.formulas.value import Value

if TYPE_CHECKING:
    from jiceng_sdk.expressions.tree import Call

VALUE = "value"
"""The name that stands for what a row is worth so far."""
Maker = Callable[["Call", "Scope"], Value]


@dataclass(frozen=True, slots=True)
class Scope:
    """`values`: name → value. `grades`: best first. `calls`: function name → maker of its value."""

    values: Mapping[str, Value]
    grades: tuple[str, ...] = ()
    calls: Mapping[str, Maker] = field(default_factory=dict)

    def level(self, grade: str) -> int:
        """Worst grade 1, best `len(grades)`."""
        return len(self.grades) - self.grades.index(grade)

    def over(self, values: Mapping[str, Value], calls: Mapping[str, Maker] | None = None) -> Scope:
        """The same scope with further names, which win over the known ones."""
        return replace(self, values={**self.values, **values}, calls={**self.calls, **(calls or {})})
