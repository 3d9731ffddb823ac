"""The four demo tenants: province, district, town and enterprise, each from its own seed."""

from collections.abc import Callable
from pathlib import Path
from random import Random

import msgspec

from jiceng.operations.demo_data import firms, trees
from jiceng.operations.demo_data.claims import Deeds, deeds
from jiceng.operations.demo_data.classes import write_classes
from jiceng.operations.demo_data.enterprises import write_enterprises
from jiceng.operations.demo_data.files import write_earlier, write_facts, write_roster
from jiceng.operations.demo_data.gifts import write_gifts
from jiceng.operations.demo_data.member_stars import STARRED_MEMBERS, write_member_stars
from jiceng.operations.demo_data.people import fill
from jiceng.operations.demo_data.project_sheets import LED, write_projects
from jiceng.operations.demo_data.shapes import Roster
from jiceng.operations.demo_data.shelf import write_points
from jiceng.operations.demo_data.stars import STARRED, write_stars
from jiceng.operations.demo_data.surveys import write_surveys
from jiceng.operations.demo_data.witnesses import Witnesses


class Demo(msgspec.Struct, frozen=True):
    """One demo tenant: its slug, the prefix of its numbers, its seed, and how its tree and units grow.

    `shelf`: its year went through the points plugin; the others hand in plain facts.
    """

    slug: str
    prefix: str
    seed: int
    tree: Callable[[trees.Tree, Random], None]
    units: Callable[[Roster, str, Random], None] | None = None
    shelf: bool = False


def _town(tree: trees.Tree, _random: Random) -> None:
    trees.town(tree, None)


DEMOS = (
    Demo("linjiang", "LJ", 11, trees.province),
    Demo("chengxi", "CX", 23, trees.district, firms.district_units, shelf=True),
    Demo("qingshi", "QS", 37, _town, firms.town_units),
    Demo("hengyuan", "HY", 53, trees.enterprise, firms.group_units),
)
CLASSIFIED = ("chengxi",)
"""Where organizations were classified."""
RATED = ("chengxi", "hengyuan")
"""Where enterprises are rated by 「双强六好」."""
SURVEYED = ("chengxi", "qingshi")
"""Where satisfaction was surveyed."""


def make(demo: Demo) -> tuple[Roster, Deeds]:
    """The roster and the year's facts of one demo tenant; the same every time."""
    random = Random(demo.seed)  # noqa: S311  invented data, no secret
    tree = trees.Tree(demo.prefix, random)
    demo.tree(tree, random)
    roster = Roster(organizations=tree.rows)
    fill(roster, demo.prefix, random)
    if demo.units is not None:
        demo.units(roster, f"{demo.prefix}U", random)
    return roster, deeds(roster.members, random)


def write(folder: Path) -> list[Path]:
    """Write the workbooks of every demo tenant below the folder; return them."""
    written = []
    for demo in DEMOS:
        place = folder / demo.slug
        place.mkdir(parents=True, exist_ok=True)
        roster, facts = make(demo)
        write_roster(place / "roster.xlsx", demo.slug, roster)
        written.append(place / "roster.xlsx")
        if roster.earlier:
            written.append(write_earlier(place, demo.slug, roster))
        if demo.shelf:
            written += write_points(place / "points", facts, roster)
            written.append(write_gifts(place / "points" / "gifts.xlsx", roster.members))
        else:
            write_facts(place / "facts" / "points.xlsx", facts, Witnesses(roster))
            written.append(place / "facts" / "points.xlsx")
        if demo.slug in STARRED:
            flags = STARRED[demo.slug]
            write_stars(place / "facts" / "star_rating.xlsx", roster.organizations, demo.seed, flags)
            written.append(place / "facts" / "star_rating.xlsx")
        if demo.slug in STARRED_MEMBERS:
            write_member_stars(place / "facts" / "member_star.xlsx", roster.members, demo.seed)
            written.append(place / "facts" / "member_star.xlsx")
        if demo.slug in CLASSIFIED:
            written += write_classes(place, roster.organizations, demo.seed)
        if demo.slug in RATED:
            written += write_enterprises(place, roster, demo.seed)
        if demo.slug in LED:
            write_projects(place / "project_ledger" / "projects.xlsx", roster, demo.slug, demo.seed)
            written.append(place / "project_ledger" / "projects.xlsx")
        if demo.slug in SURVEYED:
            write_surveys(place / "ballots" / "counted.xlsx", roster.organizations, demo.seed)
            written.append(place / "ballots" / "counted.xlsx")
    return written
