"""Onboarding folders of small tenants."""

import datetime as dt
from pathlib import Path

from tests.support.roster_books import roster_book

from jiceng.operations.demo_data.claims import Claim, Deeds
from jiceng.operations.demo_data.files import write_facts
from jiceng.operations.demo_data.shapes import Roster
from jiceng.operations.demo_data.witnesses import Witnesses

TENANT = """
name = "{name}"
kind = "{kind}"
{parent}
plugins = ["points"]
[admin]
login = "{slug}-admin"
name = "管理员"
[schemes.points]
from = 2026-01-01
"""


def tenant_folder(source: Path, slug: str, name: str, kind: str = "district", parent: str = "") -> Path:
    """A folder with tenant.toml, a roster of three members and one claim of each."""
    folder = source / slug
    folder.mkdir(parents=True)
    above = f'parent = "{parent}"' if parent else ""
    (folder / "tenant.toml").write_text(TENANT.format(name=name, kind=kind, slug=slug, parent=above), "utf-8")
    (folder / "roster.xlsx").write_bytes(roster_book(cover=(("租户", slug), ("名册日期", "2026-03-01"))))
    write_claims(folder, ("M1", "M2", "M3"))
    return folder


def write_claims(folder: Path, members: tuple[str, ...]) -> None:
    """facts/points.xlsx with one verified claim of each member."""
    day = dt.date(2026, 5, 1)
    claims = [Claim(member, day, "BX01 参加主题党日", "必选", 10, "已核验") for member in members]
    write_facts(folder / "facts" / "points.xlsx", Deeds(claims), Witnesses(Roster()))
