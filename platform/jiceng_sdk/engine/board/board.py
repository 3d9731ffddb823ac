"""What one evaluation works on: the rulebook, the typed facts, tables of values, questions found so far."""

from dataclasses import dataclass, field

from jiceng_sdk.engine.board.issues import Issues
from jiceng_sdk.engine.board.rulings import Rulings
from jiceng_sdk.engine.door import CELL_KEY, Inputs
from jiceng_sdk.engine.formulas import cells, cohort, workdays
from jiceng_sdk.engine.formulas.cohort_arrays import Fellows
from jiceng_sdk.engine.formulas.compared import kept_as
from jiceng_sdk.engine.formulas.compile import compiled
from jiceng_sdk.engine.formulas.computing import BEYOND, Reading
from jiceng_sdk.engine.formulas.history import History
from jiceng_sdk.engine.formulas.queried import General
from jiceng_sdk.engine.formulas.scope import Scope
from jiceng_sdk.engine.formulas.table import Table
from jiceng_sdk.engine.items.found import Found
from jiceng_sdk.engine.numbers.columns import Column
from jiceng_sdk.engine.period import Period
from jiceng_sdk.expressions.tree import Tree
from jiceng_sdk.rulebook import Analysis, Rulebook


@dataclass(slots=True)
class Board:
    """State of one evaluation; `subjects` and `cells[unit]` grow from phase to phase."""

    analysis: Analysis
    period: Period
    inputs: Inputs
    history: History
    rulings: Rulings
    subjects: Table
    cells: dict[str, Table] = field(default_factory=dict)
    found: dict[str, Found] = field(default_factory=dict)
    issues: Issues = field(default_factory=Issues)
    _said: tuple[Table, Scope] | None = field(default=None, init=False)

    @property
    def book(self) -> Rulebook:
        """The rulebook."""
        return self.analysis.book

    def scope(self, table: Table | None = None) -> Scope:
        """What an expression about a subject reads; said once for every table."""
        table = table or self.subjects
        if self._said is None or self._said[0] is not table:
            told = kept_as(self.analysis) if table is self.subjects else {}
            calls = {
                **self.history.calls(table),
                **cohort.calls(self.book.cohort, table, told=told),
                **workdays.calls(self.analysis),
            }
            self._said = table, Scope(table.values, self.book.grades, calls)
        return self._said[1]

    def reading(self) -> Reading:
        """The same from arrays; Polars answers for what they cannot say."""
        table = self.subjects

        def general(tree: Tree) -> Column:
            return General(compiled(tree, self.scope()), table).column()

        return Reading(
            table.column,
            general,
            self.book.grades,
            BEYOND,
            Fellows(table, self.book.cohort, kept_as(self.analysis)).calls(),
        )

    def cell_scope(self, unit: str) -> Scope:
        """What an expression about a sub-period reads."""
        table = self.cells[unit]
        last = self.period.cells(unit) - 1
        calls = {
            **cohort.calls(self.book.cohort, table, within=(CELL_KEY,)),
            **cells.calls(last),
            **workdays.calls(self.analysis),
        }
        return Scope(table.values, self.book.grades, calls)

    def cell_table(self, unit: str) -> Table:
        """The table of a sub-period, made when first needed."""
        if unit not in self.cells:
            self.cells[unit] = cells.cell_table(self.inputs.size, self.period, unit)
        return self.cells[unit]
