"""Enterprises and other units, and which of them an organization covers."""
# ruff: noqa: PLR2004  the numbers are shares of invented firms

from random import Random

from jiceng.operations.demo_data import names
from jiceng.operations.demo_data.shapes import COVERED, SHOULD_HAVE, Roster, Unit


def district_units(roster: Roster, prefix: str, random: Random) -> None:
    """308 firms that should have an organization, 216 of them covered; small firms and societies."""
    own = [o.number for o in roster.organizations if o.field == "非公企业" and o.kind == "党支部"][:15]
    joint = [
        o.number for o in roster.organizations if o.field in {"非公企业", "园区"} and o.kind == "联合支部"
    ]
    for number in range(SHOULD_HAVE):
        if number < len(own):
            coverage, organization = "单独组建", own[number]
        elif number < COVERED:
            coverage, organization = "联合组建", joint[number % len(joint)]
        else:
            coverage, organization = ("仅有个别党员" if number % 3 == 0 else "无党员"), None
        employees = random.randint(30, 420) if organization else random.randint(30, 90)
        _add(roster, prefix, names.firm(random, number + 1), "非公企业", employees, coverage, organization)
    for number in range(120):
        coverage = "仅有个别党员" if number % 4 == 0 else "无党员"
        name = names.firm(random, SHOULD_HAVE + number + 1)
        _add(roster, prefix, name, "非公企业", random.randint(3, 29), coverage, None)
    societies = [o.number for o in roster.organizations if o.field == "社会组织"]
    for number in range(60):
        society = names.SOCIETIES[number % len(names.SOCIETIES)]
        name = f"澄溪{random.choice(names.FIRM_WORDS)}{society}（{number + 1:02d}）"
        organization = societies[number % len(societies)] if number < 44 else None
        coverage = "单独组建" if number < 5 else "联合组建" if organization else "无党员"
        _add(roster, prefix, name, "社会组织", random.randint(3, 60), coverage, organization)


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
    """A group's companies, each with its own general branch."""
    for organization in roster.organizations:
        if organization.kind == "党总支":
            name = organization.short_name.removesuffix("党总支")
            _add(roster, prefix, name, "非公企业", random.randint(120, 900), "单独组建", organization.number)


def _add(
    roster: Roster, prefix: str, name: str, kind: str, employees: int, coverage: str, organization: str | None
) -> None:
    number = f"{prefix}{len(roster.units) + 1:04d}"
    should_have = kind == "社会组织" or employees >= 30
    roster.units.append(Unit(number, name, kind, employees, should_have, coverage, organization))
