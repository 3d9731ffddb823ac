"""Words of the roster that the rules do not offer are told when they are brought in, not at the first run."""

import io
from pathlib import Path

import pytest
from rich.console import Console
from tests.support.roster_books import PEOPLE, roster_book
from tests.support.tenant_folders import tenant_folder

from jiceng.operations.commands import print_plan
from jiceng.operations.onboarding.planning import plan
from jiceng.operations.service import onboard
from jiceng.schemes.service import wanted_book
from jiceng_sdk.rulebook import to_toml

pytestmark = pytest.mark.usefixtures("database")
RURAL = '"农村", '
TOLD = (
    "方案 points：填报资料：党员类别：名册里有 {} 个党员是“{}”，不在选项里；请加进选项，或先改名册；"
    "不改的话评定不了"
)


def own_rules(folder: Path, without: str) -> None:
    """Rules of the tenant's own that lack a category of members."""
    path = folder / "rulebooks" / "points.toml"
    path.parent.mkdir(exist_ok=True)
    text = to_toml(wanted_book("points", "three_required"))
    assert without in text
    path.write_text(text.replace(without, ""), "utf-8")


async def test_a_new_tenants_plan_tells_the_words_its_rules_lack(tmp_path: Path) -> None:
    folder = tenant_folder(tmp_path, "donghu", "东湖区")
    own_rules(folder, RURAL)
    made = await plan(tmp_path)
    assert made.tenants[0].action == "create"
    assert made.tenants[0].warnings == (TOLD.format(2, "农村"),)
    paper = io.StringIO()
    print_plan(Console(file=paper, width=200), made)
    assert "? 方案 points：填报资料：党员类别：名册里有 2 个党员是“农村”" in paper.getvalue()


async def test_a_roster_that_brings_another_word_is_told_too_counting_each_once(tmp_path: Path) -> None:
    folder = tenant_folder(tmp_path, "donghu", "东湖区")
    own_rules(folder, RURAL)
    people = tuple((*row[:2], "社区", *row[3:]) for row in PEOPLE)
    cover = (("租户", "donghu"), ("名册日期", "2026-03-01"))
    (folder / "roster.xlsx").write_bytes(roster_book(members=people, cover=cover))
    assert (await plan(tmp_path)).tenants[0].warnings == ()
    await onboard(tmp_path)
    moved = ((*people[0][:2], "农村", *people[0][3:]), *people[1:], ("M9", "罗昭宁", "农村", "正式", "Z1"))
    (folder / "roster.xlsx").write_bytes(roster_book(members=moved, cover=cover))
    assert (await plan(tmp_path)).tenants[0].warnings == (TOLD.format(2, "农村"),)
