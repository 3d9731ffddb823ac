"""The shipped star schemes: their cards, their worked cases, presets that are told apart."""

from pathlib import Path

import pytest

from jiceng_sdk.cases import run_cases
from jiceng_sdk.rulebook import Scheme, analyse
from jiceng_sdk.rulebook.burden import burden, refused
from jiceng_star_rating.plugin import HERE, jiceng_schemes

SCHEMES = {scheme.card.id: scheme for scheme in jiceng_schemes()}


@pytest.mark.parametrize("cases", sorted(HERE.glob("*.cases.toml")), ids=lambda path: path.name)
def test_every_worked_case_comes_out_as_a_reader_of_the_regulation_expects(cases: Path) -> None:
    report = run_cases([cases])
    assert (report.failures, report.broken, report.failed) == ((), (), 0)
    assert report.passed >= 5


def test_organizations_and_members_have_a_scheme_each() -> None:
    assert {key: scheme.card.subject for key, scheme in SCHEMES.items()} == {
        "star_rating": "organization",
        "member_star": "member",
    }


@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=SCHEMES.keys())
def test_the_card_is_complete_and_every_part_names_its_clause(scheme: Scheme) -> None:
    card = scheme.card
    assert all((card.title, card.owner, card.basis, card.sdk, card.version))
    book = scheme.book
    parts = [*book.facts.values(), *book.items.values(), *book.decide, *book.outputs.values()]
    assert [part.title for part in parts if not part.clause] == []


def test_the_points_of_the_eight_items_make_110() -> None:
    numbers = [fact.max for fact in SCHEMES["star_rating"].book.facts.values() if fact.kind == "number"]
    assert sum(most for most in numbers if most is not None) == 110


def test_the_presets_are_those_the_districts_use() -> None:
    presets = SCHEMES["star_rating"].presets
    assert {name: preset.title for name, preset in presets.items()} == {
        "five_band": "五档 110 分",
        "ten_forty_thirty": "按比例 10/40/30",
        "category_85": "单项 85% 得一星",
        "step_promotion": "逐级晋升",
        "satisfaction_floor": "满意度占 20% 并设底线",
        "two_year_veto": "两年内严重事件否决",
        "with_projects": "项目考核计入总分",
    }
    assert all(preset.note for preset in presets.values())


@pytest.mark.parametrize("preset", ["", *SCHEMES["star_rating"].presets])
def test_every_preset_may_be_published(preset: str) -> None:
    analysis = analyse(SCHEMES["star_rating"].book_for(preset))
    analysis.usable()
    assert not refused(burden(analysis))
