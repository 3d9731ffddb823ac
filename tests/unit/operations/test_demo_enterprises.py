"""Two years of rated enterprises: the files are what the generator writes, and agree with the rosters."""

from pathlib import Path

import pytest

from jiceng.kernel.spreadsheets import read_workbook
from jiceng.kernel.spreadsheets.cells import Raw
from jiceng.operations.demo_data.enterprises import write_enterprises
from jiceng.operations.demo_data.files import write_earlier
from jiceng.operations.demo_data.generate import DEMOS, RATED, Demo, make
from jiceng.operations.demo_data.shapes import Roster

TENANTS = Path(__file__).parents[3] / "tenants"
COVERED = {"单独组建", "联合组建"}


@pytest.fixture(
    scope="module", params=[demo for demo in DEMOS if demo.slug in RATED], ids=lambda demo: demo.slug
)
def made(request: pytest.FixtureRequest) -> tuple[Demo, Roster]:
    demo: Demo = request.param
    return demo, make(demo)[0]


def rows(path: str, sheet: str) -> list[list[Raw]]:
    book = read_workbook((TENANTS / path).read_bytes(), path)
    return next(one for one in book.sheets if one.name == sheet).rows[1:]


def test_the_files_in_the_repository_are_what_the_generator_writes(
    made: tuple[Demo, Roster], tmp_path: Path
) -> None:
    demo, roster = made
    (tmp_path / "facts").mkdir()
    written = write_enterprises(tmp_path, roster, demo.seed)
    assert len(written) == 4
    for path in (*written, write_earlier(tmp_path, demo.slug, roster)):
        assert path.read_bytes() == (TENANTS / demo.slug / path.relative_to(tmp_path)).read_bytes(), path


def test_only_covered_units_declare_and_only_units_without_members_have_an_instructor(
    made: tuple[Demo, Roster],
) -> None:
    demo, roster = made
    covered = {
        year: {unit.number for unit in units if unit.coverage in COVERED}
        for year, units in ((2025, roster.earlier), (2026, roster.units))
    }
    declared = rows(f"{demo.slug}/double_strong_six_good/declarations.xlsx", "企业申报")
    for year, numbers in covered.items():
        assert {row[0] for row in declared if row[1] == year} == numbers
    alone = {unit.number for unit in roster.units if unit.coverage == "无党员"}
    assert {row[0] for row in rows(f"{demo.slug}/double_strong_six_good/instructors.xlsx", "指导员")} <= alone
