"""The shipped points scheme: its card, its worked cases, presets that change what they say."""

from pathlib import Path

from jiceng_points.plugin import ORGANIZATIONS, SCHEME, jiceng_schemes
from jiceng_sdk.cases import run_cases

CASES = Path(SCHEME).with_name("scheme.cases.toml")
OF_ORGANIZATIONS = Path(ORGANIZATIONS).with_name("organizations.cases.toml")


def test_every_worked_case_comes_out_as_a_reader_of_the_regulation_expects() -> None:
    report = run_cases([CASES, OF_ORGANIZATIONS])
    assert (report.failures, report.broken, report.failed) == ((), (), 0)
    assert report.passed >= 60


def test_the_card_is_complete() -> None:
    scheme, _ = jiceng_schemes()
    card = scheme.card
    assert (card.id, card.subject, card.version) == ("points", "member", "0.1.0")
    assert all((card.title, card.owner, card.basis, card.sdk))


def test_every_preset_says_what_it_changes_and_changes_nothing_else() -> None:
    scheme, _ = jiceng_schemes()
    assert {name: preset.title for name, preset in scheme.presets.items()} == {
        "recommended_gated": "推荐也随必选",
        "three_required": "减半必选",
        "above_eighty": "80、60 分不含本数",
        "base_sixty": "基础 60 分，加减不封顶",
    }
    gated = scheme.book_for("recommended_gated")
    assert gated.items == scheme.book.items
    assert gated.decide == scheme.book.decide
    assert {name for name in gated.groups if gated.groups[name] != scheme.book.groups[name]} == {
        "recommended_part"
    }


def test_every_item_group_and_decision_names_its_clause() -> None:
    scheme, _ = jiceng_schemes()
    book = scheme.book
    parts = [*book.items.values(), *book.groups.values(), *book.decide, *book.outputs.values()]
    assert [part.title for part in parts if not part.clause] == []
