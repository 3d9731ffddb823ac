"""Two years of stars in the demo: the same every time, plausible, and what lies in the repository."""

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from jiceng.operations.demo_data.generate import DEMOS, Demo, make
from jiceng.operations.demo_data.member_stars import (
    EXCUSED,
    FLAGS,
    STARRED_MEMBERS,
    flags,
    write_member_stars,
)
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


def test_the_members_stars_in_the_repository_are_what_the_generator_writes(tmp_path: Path) -> None:
    group = next(demo for demo in DEMOS if demo.slug in STARRED_MEMBERS)
    members = make(group)[0].members
    path = tmp_path / "member_star.xlsx"
    write_member_stars(path, members, group.seed)
    assert path.read_bytes() == (TENANTS / group.slug / "facts" / "member_star.xlsx").read_bytes()


def test_no_member_is_both_excused_and_starred_and_nobody_who_left_is_either() -> None:
    group = next(demo for demo in DEMOS if demo.slug in STARRED_MEMBERS)
    members = make(group)[0].members
    found = flags(members, group.seed)
    starred = {number for title in FLAGS for number in found[title]}
    assert starred.isdisjoint(found[EXCUSED])
    assert {one.number for one in members if one.until}.isdisjoint(starred | set(found[EXCUSED]))
    assert all(len(found[title]) > len(members) * 0.5 for title in FLAGS)
