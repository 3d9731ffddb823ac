"""The shipped 「双强六好」 scheme: its card, its worked cases, its preset for groups of enterprises."""

from pathlib import Path

from jiceng_double_strong_six_good.plugin import SCHEME, jiceng_schemes
from jiceng_sdk.cases import run_cases
from jiceng_sdk.rulebook import Quota

CASES = Path(SCHEME).with_name("scheme.cases.toml")


def test_every_worked_case_comes_out_as_a_reader_of_the_regulation_expects() -> None:
    report = run_cases([CASES])
    assert (report.failures, report.broken, report.failed) == ((), (), 0)
    assert report.passed >= 80


def test_the_card_is_complete() -> None:
    (scheme,) = jiceng_schemes()
    card = scheme.card
    assert (card.id, card.subject, card.version) == ("double_strong_six_good", "enterprise", "0.1.0")
    assert all((card.title, card.owner, card.basis, card.sdk))


def test_there_are_two_strong_and_six_good_criteria() -> None:
    (scheme,) = jiceng_schemes()
    groups = scheme.book.groups
    assert tuple(groups["double_strong"].of) == ("development", "organization_work")
    assert len(groups["six_good"].of) == 6


def test_inside_a_group_no_town_limits_the_sites() -> None:
    (scheme,) = jiceng_schemes()
    assert [part.places for part in scheme.book.decide if isinstance(part, Quota)] == [{"示范": 3}]
    assert [part for part in scheme.book_for("group").decide if isinstance(part, Quota)] == []


def test_every_item_and_decision_names_its_clause() -> None:
    (scheme,) = jiceng_schemes()
    book = scheme.book
    parts = [*book.items.values(), *book.groups.values(), *book.decide]
    assert [part.title for part in parts if not part.clause] == []
