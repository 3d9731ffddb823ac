"""Which cases may share one evaluation: those of one period and preset, unless area values are expected.

Subjects of different cases never meet: where a rulebook ranks or compares in cohorts, every cohort is split
by a fact that holds the number of the case, which by the meaning of cohorts is evaluating them apart.
"""

from collections.abc import Sequence

from msgspec import structs

from jiceng_sdk.cases.frames import CASE
from jiceng_sdk.cases.shape import Case
from jiceng_sdk.expressions.tree import Call, walk
from jiceng_sdk.rulebook import Analysis, Fact, Quota, Rulebook


def batches(cases: Sequence[Case]) -> list[list[Case]]:
    """Cases by preset and period, in the order written; a case that expects area values stands alone."""
    shared: dict[tuple[object, ...], list[Case]] = {}
    alone: list[list[Case]] = []
    for case in cases:
        if case.alone:
            alone.append([case])
        else:
            key = (case.preset, case.period.kind, case.period.start, case.period.end)
            shared.setdefault(key, []).append(case)
    return [*shared.values(), *alone]


def compares_subjects(analysis: Analysis) -> bool:
    """Whether the outcome of one subject can depend on others."""
    trees = (part for typed in analysis.formulas.values() for part in walk(typed.tree))
    return any(isinstance(rule, Quota) for rule in analysis.book.decide) or any(
        isinstance(part, Call) and part.function.startswith("cohort_") for part in trees
    )


def split_by_case(book: Rulebook) -> Rulebook:
    """The rulebook whose cohorts are those of each case alone; area values are left out."""
    case = Fact(kind="choice", source="roster")
    decide = tuple(
        structs.replace(rule, within=(*rule.within, CASE)) if isinstance(rule, Quota) else rule
        for rule in book.decide
    )
    return structs.replace(
        book, facts={**book.facts, CASE: case}, cohort=(*book.cohort, CASE), decide=decide, area={}
    )
