"""Sheets of facts: every kind gets a sheet Excel can hold, every field a column of its own."""

import io

import openpyxl

from jiceng.facts.rows.checking import handed_in
from jiceng.facts.rows.sheets import columns_for
from jiceng.facts.service import sheet_names, template
from jiceng.kernel.spreadsheets import sheet_name
from jiceng_sdk.rulebook import Rulebook, read_rulebook

LONG = "参加上级组织的集中培训、专题研讨和现场教学（含线上），以签到表或结业证书为准的天数"


def book(*titles: str) -> Rulebook:
    facts = "".join(
        f'[facts.f{n}]\ntitle = "{title}"\nkind = "number"\nmin = 0\nmax = 9\ndefault = 0\n'
        f'[items.i{n}]\ntitle = "项目{n}"\npoints = "f{n}"\n'
        for n, title in enumerate(titles)
    )
    of = ", ".join(f'"i{n}"' for n in range(len(titles)))
    return read_rulebook(
        f'title = "培训"\nsubject = "member"\nperiod = "year"\n{facts}'
        f'[groups.score]\ntitle = "总分"\nof = [{of}]\n'
    )


def test_titles_that_are_no_names_of_sheets_make_a_template_all_the_same() -> None:
    made = book(LONG, "培训/研讨", "培训研讨", LONG)
    sheets = openpyxl.load_workbook(io.BytesIO(template(made))).sheetnames
    assert sheets == list(sheet_names(handed_in(made)).values())
    assert sheets == [LONG[:31], "培训研讨", "培训研讨2", f"{LONG[:30]}2"]


def test_a_title_of_nothing_but_signs_is_a_sheet_too() -> None:
    assert sheet_name("[?]") == "Sheet"
    assert sheet_name("'引号'") == "引号"


def test_a_field_called_as_a_column_every_sheet_has_keeps_its_own() -> None:
    fact = read_rulebook(
        'title = "表彰"\nsubject = "member"\nperiod = "year"\n'
        '[facts.praise]\ntitle = "表彰"\nkind = "event"\n[facts.praise.fields]\n'
        'why = {kind = "text", title = "事由"}\nday = {kind = "date", title = "日期"}\n'
        '[items.praised]\ntitle = "表彰"\nfrom = "praise"\npoints = 1\ncap = 3\n'
        '[groups.score]\ntitle = "总分"\nof = ["praised"]\n'
    ).facts["praise"]
    columns = columns_for(fact)
    assert (columns["why"].title, columns["evidence"].aliases) == ("事由", ("备注",))
    assert (columns["date"].title, columns["day"].title) == ("日期", "表彰日期")
