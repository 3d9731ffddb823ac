"""How the rows of one fact come to the totals of its items: everything that can be said before they are seen.

A recipe depends on the rulebook and on the form of the rows; it holds expressions, tables of combinations and
the ways to go, never a row of anybody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from jiceng_sdk.engine.items import direct, staged, windows
from jiceng_sdk.engine.items import parts as shared
from jiceng_sdk.engine.items import plan as names
from jiceng_sdk.engine.items.form import Form
from jiceng_sdk.engine.items.found import Found
from jiceng_sdk.engine.items.parts import Part, Words
from jiceng_sdk.engine.items.plan import Plan
from jiceng_sdk.engine.items.source import Source
from jiceng_sdk.engine.items.windows import Windowed
from jiceng_sdk.engine.value import Value


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
    packed: dict[int, tuple[Words, ...]] = field(default_factory=dict, compare=False, repr=False)

    def words(self, source: Source) -> tuple[Words, ...]:
        """What is looked up. Fields are as wide as a subject may have rows; where narrower ones would share
        words better, they are taken if nobody has too many.
        """
        most = self._packed(self.form.bits)
        if not any(part.how in ("sum", "any") for part in self.parts):
            return most
        bits = shared.width(source)
        narrow = self._packed(bits) if bits < self.form.bits else most
        if _size(narrow) == _size(most) or int(source.many.max(initial=0)) >> bits:
            return most
        return narrow

    def _packed(self, bits: int) -> tuple[Words, ...]:
        if bits not in self.packed:
            self.packed[bits] = shared.packed(self.parts, self.form, bits)
        return self.packed[bits]


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
