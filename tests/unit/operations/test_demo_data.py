"""The demo data: the same bytes every time, and the totals of the real districts."""

from collections import Counter
from pathlib import Path

import pytest

from jiceng.kernel.spreadsheets import read_workbook
from jiceng.kernel.spreadsheets.cells import Raw
from jiceng.operations.demo_data.claims import Deeds
from jiceng.operations.demo_data.files import write_facts, write_roster
from jiceng.operations.demo_data.generate import DEMOS, SURVEYED, Demo, make
from jiceng.operations.demo_data.gifts import write_gifts
from jiceng.operations.demo_data.shapes import Roster
from jiceng.operations.demo_data.surveys import write_surveys
from jiceng.operations.demo_data.witnesses import Witnesses

TENANTS = Path(__file__).parents[3] / "tenants"
Made = dict[str, tuple[Roster, Deeds]]


def stored(name: str) -> dict[str, list[list[Raw]]]:
    book = read_workbook((TENANTS / name).read_bytes(), name)
    return {sheet.name: sheet.rows for sheet in book.sheets}


@pytest.fixture(scope="module")
def made() -> Made:
    return {demo.slug: make(demo) for demo in DEMOS}


def test_the_district_has_the_real_shape(made: Made) -> None:
    roster, deeds = made["chengxi"]
    assert len(roster.organizations) == 614
    assert len(roster.members) == 11_945
    assert len(deeds.claims) == 74_335
    born = [2026 - member.birth_year for member in roster.members]
    college = sum(member.education in {"研究生", "大学本科", "大专"} for member in roster.members)
    assert round(sum(age > 60 for age in born) / len(born), 4) == 0.3536
    assert round(sum(age <= 35 for age in born) / len(born), 4) == 0.2218
    assert round(college / len(born), 4) == 0.4935


def test_coverage_of_the_districts_firms_is_70_13_percent_39_points_above_last_years(made: Made) -> None:
    roster, _ = made["chengxi"]
    rates = []
    for units in (roster.units, roster.earlier):
        firms = [unit for unit in units if unit.kind == "非公企业" and unit.should_have]
        assert all(unit.employees >= 30 for unit in firms)
        covered = sum(unit.coverage in {"单独组建", "联合组建"} for unit in firms)
        rates.append((covered, len(firms), f"{100 * covered / len(firms):.2f}"))
    assert rates == [(216, 308, "70.13"), (94, 302, "31.13")]


def test_twelve_communities_have_over_300_members_and_two_over_800(made: Made) -> None:
    roster, _ = made["chengxi"]
    above = {one.number: one.parent for one in roster.organizations}
    community = {
        one.number for one in roster.organizations if "社区党" in one.short_name and one.kind != "党支部"
    }
    held = Counter(above[m.organization] for m in roster.members if above[m.organization] in community)
    assert sum(members > 300 for members in held.values()) == 12
    assert sum(members > 800 for members in held.values()) == 2


def test_the_town_has_353_members_in_ten_branches_301_of_them_in_seven_rural_ones(made: Made) -> None:
    roster, _ = made["qingshi"]
    branches = [one for one in roster.organizations if one.kind in {"党支部", "联合支部"}]
    assert len(branches) == 10
    assert sum(one.field == "农村" for one in branches) == 7
    assert len(roster.members) == 353
    assert sum(member.field == "农村" for member in roster.members) == 301


@pytest.mark.parametrize("slug", ["linjiang", "qingshi", "hengyuan"])
def test_the_files_in_the_repository_are_what_the_generator_writes(
    made: Made, slug: str, tmp_path: Path
) -> None:
    roster, deeds = made[slug]
    write_roster(tmp_path / "roster.xlsx", slug, roster)
    write_facts(tmp_path / "facts" / "points.xlsx", deeds, Witnesses(roster))
    for name in ("roster.xlsx", "facts/points.xlsx"):
        assert (tmp_path / name).read_bytes() == (TENANTS / slug / name).read_bytes()


def test_the_districts_files_in_the_repository_hold_what_the_generator_makes(made: Made) -> None:
    roster, deeds = made["chengxi"]
    book = stored("chengxi/points/claims.xlsx")
    items = {row[0]: row for row in stored("chengxi/points/shelf.xlsx")["事项"][1:]}
    claims, adjustments = book["认领"][1:], book["奖惩"][1:]
    assert [
        (row[0], f"{row[1]} {items[row[1]][1]}", *items[row[1]][2:3], items[row[1]][6]) for row in claims
    ] == [(c.member, c.item, c.kind, c.worth) for c in deeds.claims]
    assert [row[3] for row in claims if row[4] == "已核验"] == [
        c.day for c in deeds.claims if c.stage == "已核验"
    ]
    assert [row[:4] for row in adjustments] == [[a.member, a.day, a.kind, a.worth] for a in deeds.adjustments]
    assert [row[0] for row in book["一事一议"][1:]] == [member for member, _ in deeds.exempted]
    assert [row for row in claims if row[4] == "已核验" and (not row[7] or row[7] in (row[0], row[6]))] == []
    units = [(row[0], row[5]) for row in stored("chengxi/rosters/2025-12-31.xlsx")["单位"][1:]]
    assert units == [(unit.number, unit.coverage) for unit in roster.earlier]
    members = [(row[0], row[1], row[12]) for row in stored("chengxi/roster.xlsx")["党员"][1:]]
    assert members == [(member.number, member.name, member.organization) for member in roster.members]


@pytest.mark.parametrize(
    "demo", [demo for demo in DEMOS if demo.slug in SURVEYED], ids=lambda demo: demo.slug
)
def test_the_surveys_in_the_repository_are_what_the_generator_writes(
    demo: Demo, made: Made, tmp_path: Path
) -> None:
    write_surveys(tmp_path / "counted.xlsx", made[demo.slug][0].organizations, demo.seed)
    written = (tmp_path / "counted.xlsx").read_bytes()
    assert written == (TENANTS / demo.slug / "ballots" / "counted.xlsx").read_bytes()


def test_the_districts_gifts_in_the_repository_are_what_the_generator_writes(
    made: Made, tmp_path: Path
) -> None:
    roster, _ = made["chengxi"]
    written = write_gifts(tmp_path / "gifts.xlsx", roster.members)
    assert written.read_bytes() == (TENANTS / "chengxi" / "points" / "gifts.xlsx").read_bytes()
    rows = stored("chengxi/points/gifts.xlsx")
    assert (len(rows["物品"]) - 1, len(rows["上年结转"]) > 200) == (6, True)


def test_nobody_carries_an_id_number_or_a_telephone(made: Made) -> None:
    roster, _ = made["chengxi"]
    fields = set(roster.members[0].__struct_fields__)
    assert fields == {
        *("number", "name", "sex", "field", "organization", "birth_year", "education", "category", "state"),
        *("joined", "employment", "dual", "mobile", "worker", "since", "joined_by", "until", "left_by"),
    }
