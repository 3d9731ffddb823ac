"""Grades nobody can get."""

from collections.abc import Iterator

from jiceng_sdk.faults import Fault
from jiceng_sdk.rulebook.meaning import Analysis
from jiceng_sdk.rulebook.parts import Bands, Override, Quota, Rulebook


def reach(found: Analysis) -> Iterator[Fault]:
    """A warning for every grade that no decision gives."""
    book = found.book
    reached = _reached(book)
    for n, grade in enumerate(book.grades):
        if grade not in reached:
            zh, en = f"没有一条决定会给出等次“{grade}”", f"no decision ever gives the grade {grade!r}"
            yield Fault(zh=zh, en=en, path=f"grades[{n}]", code="unreachable", severity="warning")


def _reached(book: Rulebook) -> set[str]:
    reached: set[str] = set()
    for rule in book.decide:
        match rule:
            case Bands(rows=rows, from_=source, below=below):
                fact = book.facts.get(source or "")
                options = fact.options or book.grades if fact else ()
                reached |= {*(row.grade for row in rows), *options, below or ""}
                if "ask" in (rule.gaps, rule.overlaps):
                    reached |= {*book.grades}
            case Override():
                reached |= _given(book, rule, reached)
            case Quota(share=share, places=places, ratio=ratio):
                reached |= {*ratio}
                reached |= {*share, *places} if rule.bottom else _next(book, {*share, *places} & reached)
            case _:
                worst = max((book.grades.index(g) for g in reached if g in book.grades), default=-1)
                best = min((book.grades.index(g) for g in reached if g in book.grades), default=0)
                reached |= {*book.grades[best : worst + 1]}
    return reached


def _given(book: Rulebook, rule: Override, reached: set[str]) -> set[str]:
    if rule.ask or "previous" in (rule.at_most, rule.at_least):
        return {*book.grades}
    found = {grade for grade in (rule.grade, rule.at_most, rule.at_least) if grade}
    for grade in reached & {*book.grades}:
        place = book.grades.index(grade) + rule.lower - rule.higher
        found.add(book.grades[max(0, min(len(book.grades) - 1, place))])
    return found


def _next(book: Rulebook, grades: set[str]) -> set[str]:
    below = {n + 1 for n, grade in enumerate(book.grades) if grade in grades}
    return {book.grades[n] for n in below if n < len(book.grades)}
