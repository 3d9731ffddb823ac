"""Word and PDF: what people typed stays text, templates reach nothing, a missing font is named."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from docx import Document
from jinja2.exceptions import SecurityError, UndefinedError

from jiceng.kernel.documents import NoFont, fonts, pdf, printing, word
from jiceng.kernel.documents.columns import widths

MADE = datetime(2026, 11, 22, 8, 0, 1, 500, tzinfo=UTC)


def template(folder: Path, *paragraphs: str) -> Path:
    paper = Document()
    for text in paragraphs:
        paper.add_paragraph(text)
    path = folder / "paper.docx"
    paper.save(str(path))
    return path


def texts(data: bytes) -> list[str]:
    return [paragraph.text for paragraph in Document(io.BytesIO(data)).paragraphs]


async def test_what_is_filled_in_stays_text(tmp_path: Path) -> None:
    path = template(tmp_path, "项目：{{ name }}")
    data = await word(path, {"name": "<b>邻里\x00中心</b> {{ 7 * 7 }} & 其他"})
    assert texts(data) == ["项目：<b>邻里中心</b> {{ 7 * 7 }} & 其他"]


async def test_a_template_reaches_no_inner_attribute(tmp_path: Path) -> None:
    with pytest.raises(SecurityError):
        await word(template(tmp_path, "{{ name.__class__.__mro__ }}"), {"name": "邻里中心"})


async def test_a_mark_without_a_value_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UndefinedError):
        await word(template(tmp_path, "{{ budget }}"), {"name": "邻里中心"})


async def test_columns_of_a_table_have_the_widths_they_are_given(tmp_path: Path) -> None:
    paper = Document()
    table = paper.add_table(rows=2, cols=4)
    whole = sum(column.width for column in table.columns)
    path = tmp_path / "table.docx"
    paper.save(str(path))
    made = Document(io.BytesIO(await word(path, {}, [(6, 42, 8, 14)]))).tables[0]
    shares = [round(100 * column.width / whole) for column in made.columns]
    assert shares == [9, 60, 11, 20]
    assert [[cell.width for cell in row.cells] for row in made.rows] == [[c.width for c in made.columns]] * 2


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([("序号", "组织", "得分"), ("1", "东街党支部", "85.13"), ("11", "西街", "—")], (6, 12, 7)),
        ([("序号", "组织", "名称"), ("1", "东" * 30, "城南精密制造有限公司")], (6, 44, 22)),
        ([("甲" * 50, "乙" * 50)], (36, 36)),
    ],
    ids=["all fit", "the long one gives way", "all are long"],
)
def test_a_column_is_as_wide_as_its_texts_and_long_ones_give_way(
    rows: list[tuple[str, ...]], found: tuple[int, ...]
) -> None:
    assert widths(rows, 72) == found


async def test_without_a_chinese_font_the_package_to_install_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "font_here", lambda: "")
    with pytest.raises(NoFont) as refused:
        await pdf(tmp_path / "paper.typ", {}, MADE)
    assert fonts.TO_INSTALL in refused.value.todo_zh
    assert "Word" in refused.value.todo_zh


async def test_typst_takes_values_as_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "font_here", lambda: "New Computer Modern")
    source = tmp_path / "paper.typ"
    source.write_text(
        '#let v = json(bytes(sys.inputs.values))\n#v.name #if v.name.len() != 9 { panic("markup") }'
    )
    made = await pdf(source, {"name": "#panic(1)"}, MADE)
    assert made.startswith(b"%PDF-")
    assert made == await pdf(source, {"name": "#panic(1)"}, MADE)
