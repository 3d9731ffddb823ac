"""How the rows of one fact come to the totals of its items: everything that can be said before they are seen.

A recipe depends on the rulebook and on the form of the rows; it holds expressions, tables of combinations and
the ways to go, never a row of anybody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from jiceng_sdk.engine.formulas.value import Value
from jiceng_sdk.engine.items import direct, staged, windows
from jiceng_sdk.engine.items import parts as shared
from jiceng_sdk.engine.items import plan as names
from jiceng_sdk.engine.items.form import Form
from jiceng_sdk.engine.items.found import Found
from jiceng_sdk.engine.items.parts import Part, Words
from jiceng_sdk.engine.items.plan import Plan
from jiceng_sdk.engine.items.source import Source
from jiceng_sdk.engine.items.windows import Windowed


@dataclass(frozen=True)
class Recipe:
    """`found`: what is known of every total, in the order of the items; None where only `general` ways tell,
    which go step by step over the rows themselves. `parts`: whole numbers of the rows; `exprs`: aggregations
    of everything else; `swift`: in arrays, window by window. `coded`: columns that hold integers.
    """

    form: Form
    found: tuple[Found | None, ...]
    general: tuple[Plan, ...]
    swift: tuple[Windowed, ...]
    parts: tuple[Part, ...]
    exprs: tuple[pl.Expr, ...]
    coded: Mapping[str, Value]
    packed: dict[int, tuple[tuple[Words, ...], bool]] = field(default_factory=dict, compare=False, repr=False)

    def words(self, source: Source) -> tuple[Words, ...]:
        """What is looked up. Fields are as wide as a subject may have rows; where narrower ones would share
        words better, they are taken if nobody has too many.
        """
        bits = min(shared.width(source), self.form.bits) if self._counts else self.form.bits
        if bits not in self.packed:
            self.packed[bits] = self._narrowest(bits)
        found, enough = self.packed[bits]
        if enough or not int(source.many.max(initial=0)) >> bits:
            return found
        return self.packed[self.form.bits][0]

    @cached_property
    def _counts(self) -> bool:
        """Whether fields depend on how many rows a subject has."""
        return any(part.how in ("sum", "any") for part in self.parts)

    def _narrowest(self, bits: int) -> tuple[tuple[Words, ...], bool]:
        """Words with fields of so many bits, or for all rows where those are as few; whether all rows fit."""
        every = self.form.bits
        if every not in self.packed:
            self.packed[every] = shared.packed(self.parts, self.form, every), True
        most = self.packed[every][0]
        narrow = shared.packed(self.parts, self.form, bits) if bits < every else most
        return (most, True) if _size(narrow) == _size(most) else (narrow, False)


def _size(several: Sequence[Words]) -> tuple[int, int]:
    """How many words there are, and how many parts they hold."""
    return sum(len(one.words) for one in several), sum(len(one.holds) for one in several)


def recipe(form: Form, plans: Sequence[Plan]) -> Recipe:
    """How these items over the rows of one fact are computed."""
    found: list[Found | None] = []
    general: list[Plan] = []
    swift: list[Windowed] = []
    parts: list[Part] = []
    exprs: list[pl.Expr] = []
    coded: dict[str, Value] = {}
    for plan in plans:
        planned = direct.aggregations(plan, form)
        parts += planned.parts
        exprs += planned.exprs
        coded.update(planned.coded)
        if not plan.staged or planned.whole:
            dense = any(part.name == names.total(plan.name) for part in planned.parts)
            found.append(Found(plan, planned.places, planned.constant, planned.largest, dense))
            continue
        windowed = windows.planned(plan, form) if staged.packs_alone(plan, form) else None
        if windowed is None:
            found.append(None)
            general.append(plan)
        else:
            amount = windowed.amount
            found.append(Found(plan, amount.places, amount.constant, amount.largest, dense=True))
            swift.append(windowed)
            parts += windowed.parts
    return Recipe(form, tuple(found), tuple(general), tuple(swift), tuple(parts), tuple(exprs), coded)
