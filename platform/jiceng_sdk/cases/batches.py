"""Which cases may share one evaluation: those of one period and preset, unless area values are expected.

Subjects of different cases never meet: where a rulebook ranks or compares in cohorts, every cohort is split
by a fact that holds the number of the case, which by the meaning of cohorts is evaluating them apart.
"""

from collections.abc import Sequence
from typing import cast

from msgspec import Struct, structs

from jiceng_sdk.cases.frames import CASE
from jiceng_sdk.cases.shape import Case
from jiceng_sdk.expressions.formula import Formula
from jiceng_sdk.expressions.tokens import tokens
from jiceng_sdk.expressions.tree import Call, Tree, walk
from jiceng_sdk.rulebook import Analysis, Fact, Quota, Rulebook
from jiceng_sdk.rulebook.formulas import formulas


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
    book = structs.replace(book, decide=decide, area={})
    if any(names_cohorts(one.tree) for _, one in formulas(book)):
        book = cast("Rulebook", _apart(book))
    return structs.replace(book, facts={**book.facts, CASE: case}, cohort=(*book.cohort, CASE))


def names_cohorts(tree: Tree) -> bool:
    """Whether a formula says itself among whom it compares."""
    return any(isinstance(part, Call) and part.over is not None for part in walk(tree))


def _apart(part: object) -> object:
    """The same with the case among what splits the cohorts that formulas name."""
    match part:
        case Formula():
            return Formula(_with_case(part.text)) if "[" in part.text else part
        case tuple():
            return tuple(_apart(one) for one in part)
        case dict():
            return {name: _apart(one) for name, one in part.items()}
        case Struct():
            changed = {name: _apart(getattr(part, name)) for name in part.__struct_fields__}
            return structs.replace(part, **changed)
    return part


def _with_case(text: str) -> str:
    parts = tokens(text)
    for before, sign, after in reversed(list(zip(parts, parts[1:], parts[2:], strict=False))):
        if before.text == "," and sign.text == "[":
            comma = "" if after.text == "]" else ", "
            text = f"{text[: sign.at + 1]}'{CASE}'{comma}{text[sign.at + 1 :]}"
    return text
