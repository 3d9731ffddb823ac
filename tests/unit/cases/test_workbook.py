"""Cases in a workbook: one row each, columns named as people name them."""

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from tests.unit.cases.book import BOOK

from jiceng_sdk.cases import run_cases

HEAD = [
    "案例",
    "期间",
    "得分",
    "会议",
    "月报[2]",
    "上期等次",
    "应得状态",
    "应得分",
    "应得等次",
    "应得 参会",
    "应得 绩效",
]


def workbook(folder: Path, *rows: list[Any], head: list[Any] | None = None) -> Path:
    (folder / "small.toml").write_text(BOOK, encoding="utf-8")
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [head or HEAD, *rows]:
        sheet.append(row)
    path = folder / "small.cases.xlsx"
    book.save(path)
    return path


def test_a_row_is_a_case(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        ["七十分", "2024", 70, 2, 3, "差", "rated", 15, "好", 2, 100],
        ["除不尽", 2024, "1", None, None, None, None, "1/7", "差", None, 0],
    )
    report = run_cases([path])
    assert (report.passed, report.failed, report.broken) == (2, 0, ())


def test_a_row_that_fails_is_named_with_its_number(tmp_path: Path) -> None:
    report = run_cases([workbook(tmp_path, ["七十分", "2024", 70, None, None, None, None, 11])])
    assert [(one.case, one.line, one.wanted, one.got) for one in report.failures] == [
        ("七十分", 2, "11", "10")
    ]


def test_an_unknown_column_and_a_wrong_period_are_both_named(tmp_path: Path) -> None:
    path = workbook(tmp_path, ["a", "去年", 1], head=["案例", "期间", "得分啊"])
    report = run_cases([path])
    assert len(report.broken) == 1
    assert "不认识的列 '得分啊'，是否指“得分”" in report.broken[0]
    assert "第 2 行" in report.broken[0]


def test_dates_may_be_real_dates(tmp_path: Path) -> None:
    book = """title = "日期"
subject = "member"
[facts]
joined = { kind = "date", title = "入党日期" }
[items.a]
points = "if(joined <= years_before(period.start, 24), 1, 0)"
[groups.score]
of = ["a"]
"""
    path = workbook(
        tmp_path, ["老党员", "2024", date(2000, 1, 1), 1], head=["案例", "期间", "入党日期", "应得分"]
    )
    (tmp_path / "small.toml").write_text(book, encoding="utf-8")
    assert run_cases([path]).passed == 1
