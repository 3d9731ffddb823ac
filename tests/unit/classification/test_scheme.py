"""The shipped classification scheme: its card, its worked cases, its preset of four classes."""

from pathlib import Path

from jiceng_classification.plugin import SCHEME, jiceng_schemes
from jiceng_sdk.cases import run_cases

CASES = Path(SCHEME).with_name("scheme.cases.toml")


def test_every_worked_case_comes_out_as_a_reader_of_the_regulation_expects() -> None:
    report = run_cases([CASES])
    assert (report.failures, report.broken, report.failed) == ((), (), 0)
    assert report.passed >= 60


def test_the_card_is_complete() -> None:
    (scheme,) = jiceng_schemes()
    card = scheme.card
    assert (card.id, card.subject, card.version) == ("classification", "organization", "0.1.0")
    assert all((card.title, card.owner, card.basis, card.sdk))


def test_four_classes_change_grades_and_nothing_that_is_counted() -> None:
    (scheme,) = jiceng_schemes()
    four = scheme.book_for("four_classes")
    assert four.grades == ("好", "较好", "一般", "较差")
    assert (four.facts, four.items, four.groups) == (scheme.book.facts, scheme.book.items, scheme.book.groups)


def test_every_item_and_decision_names_its_clause() -> None:
    (scheme,) = jiceng_schemes()
    book = scheme.book
    parts = [*book.items.values(), *book.groups.values(), *book.decide]
    assert [part.title for part in parts if not part.clause] == []
