"""What a rulebook means before any fact is known: typed formulas, order, decimals, all faults."""

from collections.abc import Mapping

from msgspec import Struct, field

from jiceng_sdk.expressions.symbols import Range
from jiceng_sdk.expressions.typedtree import Typed
from jiceng_sdk.faults import Fault, Faults, errors
from jiceng_sdk.rulebook.parts import Rulebook


class Analysis(Struct, frozen=True, kw_only=True):
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

    def usable(self) -> "Analysis":
        """The same analysis. Raises Faults with all faults when one of them forbids evaluation."""
        if errors(self.faults):
            raise Faults(self.faults)
        return self
