"""A whole rulebook."""

from typing import Literal

from msgspec import field

from jiceng_sdk.expressions.formula import Formula
from jiceng_sdk.rulebook.parts.base import Part
from jiceng_sdk.rulebook.parts.calendar import Year
from jiceng_sdk.rulebook.parts.decisions import Bands, Override, Quota, Step
from jiceng_sdk.rulebook.parts.facts import Fact
from jiceng_sdk.rulebook.parts.nodes import Group, Item
from jiceng_sdk.rulebook.parts.outputs import Area, Output

SubjectKind = Literal["member", "organization", "enterprise", "project"]
PeriodKind = Literal["day", "month", "quarter", "half", "year"]


class Rulebook(Part, frozen=True, kw_only=True):
    """A regulation as data: facts → items → groups → decisions in the order written → outputs, area values.

    `grades`: best first. `score`: the node that is the total. `cohort`: facts that split subjects for
    `cohort_*`. `calendar`: days off by year, for working days. All names (classes, facts, items, groups,
    outputs) share one name space.
    """

    subject: SubjectKind
    period: PeriodKind = "year"
    grades: tuple[str, ...] = ()
    score: str = "score"
    cohort: tuple[str, ...] = ()
    calendar: dict[str, Year] = field(default_factory=dict)
    classes: dict[str, Formula] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    decide: tuple[Bands | Override | Quota | Step, ...] = ()
    outputs: dict[str, Output] = field(default_factory=dict)
    area: dict[str, Area] = field(default_factory=dict)

    def level(self, grade: str) -> int:
        """Worst grade 1, best `len(grades)`. Raises ValueError for a word that is no grade."""
        return len(self.grades) - self.grades.index(grade)
