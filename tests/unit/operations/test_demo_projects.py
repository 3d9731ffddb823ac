"""The demo's projects: the same bytes every time, all kinds and states, a year of reports, sums agree."""

from collections import Counter
from pathlib import Path

import pytest

from jiceng.api.hooks import Numbers
from jiceng.operations.demo_data.generate import DEMOS, Demo, make
from jiceng.operations.demo_data.project_sheets import LED, write_projects
from jiceng_project_ledger.sheets import columns
from jiceng_project_ledger.sheets.reading import ProjectBook, read_projects

TENANTS = Path(__file__).parents[3] / "tenants"


def read(demo: Demo, path: Path) -> ProjectBook:
    roster = make(demo)[0]
    write_projects(path, roster, demo.slug, demo.seed)
    members = {one.number: one.number for one in roster.members}
    organizations = {one.number: one.number for one in roster.organizations}
    return read_projects(path.read_bytes(), path.name, Numbers(members, organizations, {}))


@pytest.mark.parametrize("demo", [demo for demo in DEMOS if demo.slug in LED], ids=lambda demo: demo.slug)
def test_the_projects_in_the_repository_are_what_the_generator_writes_and_can_be_read(
    demo: Demo, tmp_path: Path
) -> None:
    path = tmp_path / "projects.xlsx"
    book = read(demo, path)
    assert path.read_bytes() == (TENANTS / demo.slug / "project_ledger" / "projects.xlsx").read_bytes()
    assert book.faults == []
    projects = book.rows[columns.PROJECTS]
    assert Counter(row["state"] for row in projects) == LED[demo.slug][0]
    spent = Counter[str]()
    for row in book.rows[columns.COSTS]:
        spent[row["number"]] += row["amount"]
    assert all(row["budget"] == spent[row["number"]] for row in projects)


def test_the_district_leads_over_sixty_projects_with_a_year_of_reports(tmp_path: Path) -> None:
    district = next(demo for demo in DEMOS if demo.slug == "chengxi")
    book = read(district, tmp_path / "projects.xlsx")
    assert len(book.rows[columns.PROJECTS]) == 69
    assert len({row["kind"] for row in book.rows[columns.PROJECTS]}) == 3
    months = Counter(row["month"] for row in book.rows[columns.REPORTS])
    assert len(months) == 13
    assert len(book.rows[columns.REPORTS]) == 569
    quoted = [row for row in book.rows[columns.COSTS] if row["supplier_三"]]
    assert len(quoted) == len(book.rows[columns.COSTS])
