"""What a rulebook means before any fact is known: typed formulas, order, decimals, all faults."""

from collections.abc import Hashable, Mapping
from functools import cached_property
from typing import Any

from msgspec import Struct, field

from jiceng_sdk.expressions.symbols import Range
from jiceng_sdk.expressions.tree import Call, names, walk
from jiceng_sdk.expressions.typedtree import Typed
from jiceng_sdk.faults import Fault, Faults, errors
from jiceng_sdk.rulebook.history import depth
from jiceng_sdk.rulebook.parts import Rulebook
from jiceng_sdk.rulebook.workdays import WORKDAY_FUNCTIONS, Workdays, workdays


class Analysis(Struct, frozen=True, kw_only=True, dict=True):
    """A rulebook understood. The engine compiles from this only.

    - `formulas[path]`: typed tree; paths as `items.dues.checks[0].when`, `groups.score.cap`, `classes.full`,
      `facts.team.for`, `decide[2].rows[0].when`, `decide[2].below`, `decide[3].rank[1]`,
      `outputs.pay.value`, `area.two_up.aim`; what the author left out is not there.
    - `order`: items and groups, each after all it reads. `reads[name]`: facts, classes and nodes it reads.
    - `places[name]`: decimals of facts, items, groups, outputs (None = a quotient). `ranges[name]`: bounds.
    - `score_places`: decimals of the total after all overrides.
    - `each[name]`: the sub-period in which a node is computed; `unit[name]`: in which others see it
      (None when `across` has brought it to the period, or it never had one). Facts with `each` are in both.
    - `scale[name]`: the typed value that `choice` or `line` of an item reads.
    """

    book: Rulebook
    faults: tuple[Fault, ...] = ()
    order: tuple[str, ...] = ()
    formulas: Mapping[str, Typed] = field(default_factory=dict)
    reads: Mapping[str, frozenset[str]] = field(default_factory=dict)
    places: Mapping[str, int | None] = field(default_factory=dict)
    score_places: int | None = None
    ranges: Mapping[str, Range] = field(default_factory=dict)
    each: Mapping[str, str | None] = field(default_factory=dict)
    unit: Mapping[str, str | None] = field(default_factory=dict)
    scale: Mapping[str, Typed] = field(default_factory=dict)

    @cached_property
    def named(self) -> Mapping[str, frozenset[str]]:
        """`named[path]`: every name a formula reads."""
        return {path: names(typed.tree) for path, typed in self.formulas.items()}

    @cached_property
    def direct(self) -> frozenset[str]:
        """What decisions and outputs read, and the total."""
        found = (read for path, read in self.named.items() if path.startswith(("decide[", "outputs.")))
        return frozenset({self.book.score}).union(*found)

    @cached_property
    def deep(self) -> frozenset[str]:
        """Names of results of more than one period ago that somebody reads."""
        return frozenset(name for read in self.named.values() for name in read if depth(name) > 1)

    @cached_property
    def items_read(self) -> Mapping[str, frozenset[str]]:
        """Every name the formulas of an item read, its rows' fields and `nth` included."""
        found: dict[str, frozenset[str]] = dict.fromkeys(self.book.items, frozenset())
        for path, typed in self.formulas.items():
            name = path.split(".", 2)[1] if path.startswith("items.") else ""
            if name in found:
                found[name] |= frozenset(typed.symbols())
        for name, typed in self.scale.items():
            found[name] |= frozenset(typed.symbols())
        return found

    @cached_property
    def reads_calendar(self) -> bool:
        """Whether a formula counts working days."""
        return any(
            isinstance(part, Call) and part.function in WORKDAY_FUNCTIONS
            for typed in self.formulas.values()
            for part in walk(typed.tree)
        )

    @cached_property
    def by_workdays(self) -> frozenset[str]:
        """Items whose formulas count working days."""
        return frozenset(
            path.split(".", 2)[1]
            for path, typed in (self.formulas.items() if self.reads_calendar else ())
            if path.startswith(("items.", "groups."))
            and any(isinstance(one, Call) and one.function in WORKDAY_FUNCTIONS for one in walk(typed.tree))
        )

    @cached_property
    def workdays(self) -> Workdays:
        """The working days of the calendar's years. Raises ValueError for a calendar with faults."""
        return workdays(self.book.calendar)

    @cached_property
    def worked(self) -> dict[Hashable, Any]:
        """What the engine has worked out of the rulebook and of the form of facts, to be used again; nothing
        of anybody's facts. Whoever puts it there bounds it.
        """
        return {}

    def usable(self) -> "Analysis":
        """The same analysis. Raises Faults with all faults when one of them forbids evaluation."""
        if errors(self.faults):
            raise Faults(self.faults)
        return self
