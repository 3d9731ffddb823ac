"""What a plan tells of messy files: all faults in a marked copy, sheets and columns that are not read."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from tests.support.roster_books import roster_book
from tests.support.tenant_folders import tenant_folder

from jiceng.kernel.errors import Refusal
from jiceng.operations.onboarding.planning import plan
from jiceng.operations.onboarding.returning import into

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def two(tmp_path: Path) -> Path:
    tenant_folder(tmp_path, "linjiang", "临江省", "province")
    tenant_folder(tmp_path, "donghu", "东湖区", "district", "linjiang")
    return tmp_path


async def test_a_faulty_workbook_is_handed_back_with_every_fault_marked(two: Path, tmp_path: Path) -> None:
    people = [(f"M{i}", "罗昭宁", "农村", "正式", "Z9", "20200701") for i in range(25)]
    (two / "donghu" / "roster.xlsx").write_bytes(roster_book(members=people, cover=(("租户", "donghu"),)))
    with pytest.raises(Refusal, match="标好错误的文件不能写进接入文件夹"):
        into(two / "donghu" / "marked", two)
    back = tmp_path.with_name("back")
    made = await plan(two, into(back, two))
    assert made.tenants[1].reasons[20] == (
        "roster.xlsx：另有 5 处错误；plan 加上 --marked 文件夹，得到标好全部错误的同一份文件"
    )
    assert [path.relative_to(back).as_posix() for path in back.rglob("*.xlsx")] == ["donghu/roster.xlsx"]
    sheet = load_workbook(back / "donghu" / "roster.xlsx")["党员"]
    told = [str(cell.value) for cell in sheet[get_column_letter(sheet.max_column)]]
    assert told[0] == "错误原因"
    assert sum("名册里没有这个组织" in each for each in told) == 25


async def test_sheets_and_columns_that_are_not_read_are_told(two: Path) -> None:
    book = load_workbook(two / "donghu" / "roster.xlsx")
    column = book["党员"].max_column + 1
    book["党员"].cell(1, column, "籍贯")
    book["党员"].cell(2, column, "江西")
    book.create_sheet("填表说明").append(["由各支部填写"])
    book.save(two / "donghu" / "roster.xlsx")
    made = await plan(two)
    assert made.tenants[1].warnings == (
        "roster.xlsx：没有读的工作表：填表说明",
        "roster.xlsx：没有读的列：籍贯",
    )
