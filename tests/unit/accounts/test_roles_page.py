"""docs/roles.md is the table of access.py, in both languages."""

from pathlib import Path

from jiceng.accounts.access import ROLE_NAMES, ROLES, Permission, Role
from jiceng.accounts.fields import MEMBER_FIELDS
from jiceng.accounts.managing.roles_page import PERMISSION_WORDS, ROLE_ENGLISH, page

DOCS = Path(__file__).parents[3] / "docs"


def test_the_page_is_what_the_table_says() -> None:
    assert (DOCS / "roles.md").read_text(encoding="utf-8") == page(), (
        "run: python -m jiceng.accounts.managing.roles_page > docs/roles.md"
    )


def test_every_role_and_permission_has_its_words() -> None:
    assert set(ROLE_NAMES) == set(ROLE_ENGLISH) == set(ROLES) == set(Role)
    assert set(PERMISSION_WORDS) == set(Permission)
    assert all(chinese and english.isascii() for chinese, english in PERMISSION_WORDS.values())


def test_the_page_has_a_row_for_each_permission_and_a_column_for_each_role() -> None:
    lines = page().split("## 党员记录的字段")[0].splitlines()
    header = next(line for line in lines if line.startswith("| 权限"))
    assert header.count("|") == len(Role) + 2
    assert sum("(`" in line and line.startswith("| ") for line in lines) == len(Permission)
    entering = next(line for line in lines if "(`enter_facts`)" in line)
    assert [cell.strip() for cell in entering.split("|")[2:-1]] == [
        *("●", "●", "●", "", "●", "", "●"),
        *("", "", "", "", "", "", "", ""),
    ]
    auditing = next(line for line in lines if "(`view_audit`)" in line)
    assert [cell.strip() for cell in auditing.split("|")[2:-1]] == [
        *("○△", "○△", "", "", "", "", "", "", "", "", "○△", "", "", "○", ""),
    ]


def test_the_page_tells_who_reads_and_enters_each_field() -> None:
    lines = page().split("## 党员记录的字段")[1].splitlines()
    assert sum("(`" in line for line in lines) == len(MEMBER_FIELDS)
    assert "| 性别 sex (`sex`) | 看录 | 看录 | 看录 | 看 | 看 |  |  |" in lines
