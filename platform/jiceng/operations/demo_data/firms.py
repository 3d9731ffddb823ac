"""Enterprises and other units, and which of them an organization covers."""
# ruff: noqa: PLR2004  the numbers are shares of invented firms

from random import Random

import msgspec

from jiceng.operations.demo_data import names
from jiceng.operations.demo_data.shapes import (
    COVERED,
    COVERED_BEFORE,
    SHOULD_HAVE,
    SHOULD_HAVE_BEFORE,
    Roster,
    Unit,
)

TOWNS = ("青石镇", "北渡镇", "白石镇", "云岭镇", "南桥街道", "河西街道", "东门街道", "新城街道")
"""Whose committees look after the district's units that have no organization."""


def district_units(roster: Roster, prefix: str, random: Random) -> None:
    """308 firms that should have an organization, 216 of them covered; small firms and societies.

    A unit without an organization names the town's committee that looks after it.
    """
    own = [o.number for o in roster.organizations if o.field == "非公企业" and o.kind == "党支部"][:15]
    towns = [next(o.number for o in roster.organizations if o.short_name.startswith(t)) for t in TOWNS]
    joint = [
        o.number for o in roster.organizations if o.field in {"非公企业", "园区"} and o.kind == "联合支部"
    ]
    for number in range(SHOULD_HAVE):
        if number < len(own):
            coverage, organization = "单独组建", own[number]
        elif number < COVERED:
            coverage, organization = "联合组建", joint[number % len(joint)]
        else:
            coverage, organization = ("仅有个别党员" if number % 3 == 0 else "无党员"), towns[number % 8]
        employees = random.randint(30, 420) if number < COVERED else random.randint(30, 90)
        _add(roster, prefix, names.firm(random, number + 1), "非公企业", employees, coverage, organization)
    for number in range(120):
        coverage = "仅有个别党员" if number % 4 == 0 else "无党员"
        name = names.firm(random, SHOULD_HAVE + number + 1)
        _add(roster, prefix, name, "非公企业", random.randint(3, 29), coverage, towns[number % 8])
    societies = [o.number for o in roster.organizations if o.field == "社会组织"]
    for number in range(60):
        society = names.SOCIETIES[number % len(names.SOCIETIES)]
        name = f"澄溪{random.choice(names.FIRM_WORDS)}{society}（{number + 1:02d}）"
        organization = societies[number % len(societies)] if number < 44 else towns[number % 8]
        coverage = "单独组建" if number < 5 else "联合组建" if number < 44 else "无党员"
        _add(roster, prefix, name, "社会组织", random.randint(3, 60), coverage, organization)
    roster.earlier = [
        _a_year_before(unit, place, towns[place % 8]) for place, unit in enumerate(roster.units)
    ]


def _a_year_before(unit: Unit, place: int, town: str) -> Unit:
    """The firm before this year's organizations were founded and before six of them grew to 30 people."""
    if unit.kind != "非公企业" or not unit.should_have:
        return unit
    if place >= SHOULD_HAVE_BEFORE:
        return msgspec.structs.replace(unit, employees=20 + place % 10, should_have=False)
    if COVERED_BEFORE <= place < COVERED:
        coverage = "仅有个别党员" if place % 4 == 0 else "无党员"
        return msgspec.structs.replace(unit, coverage=coverage, organization=town)
    return unit


def town_units(roster: Roster, prefix: str, random: Random) -> None:
    """A town's few firms, most in its joint branch."""
    joint = next(o.number for o in roster.organizations if o.kind == "联合支部")
    for number in range(14):
        organization = joint if number < 9 else None
        coverage = "联合组建" if organization else "无党员"
        _add(
            roster,
            prefix,
            f"青石{names.firm(random, number + 1)[2:]}",
            "非公企业",
            random.randint(8, 60),
            coverage,
            organization,
        )


def group_units(roster: Roster, prefix: str, random: Random) -> None:
    """A group's companies, each with its own general branch; the youngest founded its own this year."""
    for organization in roster.organizations:
        if organization.kind == "党总支":
            name = organization.short_name.removesuffix("党总支")
            _add(roster, prefix, name, "非公企业", random.randint(120, 900), "单独组建", organization.number)
    root = roster.organizations[0].number
    youngest = msgspec.structs.replace(roster.units[-1], coverage="仅有个别党员", organization=root)
    roster.earlier = [*roster.units[:-1], youngest]


def _add(
    roster: Roster, prefix: str, name: str, kind: str, employees: int, coverage: str, organization: str | None
) -> None:
    number = f"{prefix}{len(roster.units) + 1:04d}"
    should_have = kind == "社会组织" or employees >= 30
    roster.units.append(Unit(number, name, kind, employees, should_have, coverage, organization))
