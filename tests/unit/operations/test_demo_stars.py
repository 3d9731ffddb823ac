"""Two years of stars in the demo: the same every time, plausible, and what lies in the repository."""

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from jiceng.operations.demo_data.generate import DEMOS, Demo, make
from jiceng.operations.demo_data.stars import DAYS, RUBRIC, STARRED, ratings, write_stars

TENANTS = Path(__file__).parents[3] / "tenants"
TOWN = next(demo for demo in DEMOS if demo.slug == "qingshi")


@pytest.mark.parametrize("demo", [demo for demo in DEMOS if demo.slug in STARRED], ids=lambda demo: demo.slug)
def test_the_stars_in_the_repository_are_what_the_generator_writes(demo: Demo, tmp_path: Path) -> None:
    path = tmp_path / "star_rating.xlsx"
    write_stars(path, make(demo)[0].organizations, demo.seed, STARRED[demo.slug])
    assert path.read_bytes() == (TENANTS / demo.slug / "facts" / "star_rating.xlsx").read_bytes()


def test_every_organization_but_the_topmost_is_rated_in_both_years_within_the_rubric() -> None:
    places = make(TOWN)[0].organizations
    found = ratings(places, TOWN.seed)
    given = Counter((one.number, one.day) for one in found if one.sheet == "领导班子")
    assert set(given.values()) == {1}
    assert {number for number, _ in given} == {place.number for place in places if place.parent}
    assert {day for _, day in given} == set(DAYS)
    numbers = [one for one in found if one.sheet in RUBRIC]
    assert all(0 <= Decimal(one.value) <= RUBRIC[one.sheet] for one in numbers)
    assert all(Decimal(one.value) * 2 % 1 == 0 for one in numbers)
