"""Cohorts: what splits subjects into groups must be one word or flag per subject."""

from collections.abc import Iterator

from jiceng_sdk.faults import Fault, meant, nearest
from jiceng_sdk.rulebook.meaning import Analysis
from jiceng_sdk.rulebook.parts import Quota, Rulebook


def cohorts(found: Analysis) -> Iterator[Fault]:
    """Faults of `cohort`, `within` of quotas and `by` of area values."""
    book = found.book
    for path, names in _lists(book):
        for n, name in enumerate(names):
            yield from _splits(book, name, f"{path}[{n}]")


def _lists(book: Rulebook) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "cohort", book.cohort
    for n, rule in enumerate(book.decide):
        if isinstance(rule, Quota):
            yield f"decide[{n}].within", rule.within
    for name, area in book.area.items():
        yield f"area.{name}.by", area.by


def _splits(book: Rulebook, name: str, path: str) -> Iterator[Fault]:
    known = [*book.classes, *(key for key, fact in book.facts.items() if fact.kind in ("choice", "flag"))]
    fact = book.facts.get(name)
    if name in known and not (fact is not None and (fact.rows or fact.each)):
        return
    near = nearest(name, known)
    zh, en = meant(near)
    yield Fault(
        zh=f"“{name}”不能用来分组：要写每个对象一个值的选项、是否或类别{zh}",
        en=f"{name!r} cannot split subjects: name a choice, a flag or a class{en}",
        path=path,
        nearest=near,
        code="reference",
    )
