"""Word files from a template: its marks are filled in a sandbox, what is filled in stays text."""

from __future__ import annotations

import asyncio
import io
import re
from typing import TYPE_CHECKING, Any

from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What no XML file may hold."""
EMU = 635
"""python-docx tells lengths in these; a twentieth of a point, which the file holds, has so many."""


async def word(template: Path, values: Mapping[str, Any], columns: Sequence[Sequence[int]] = ()) -> bytes:
    """Fill a .docx template; made in a thread.

    `columns`: of each table, in order, how wide its columns are beside each other; the table keeps its width.
    The template's expressions run in a sandbox: no attribute that begins with an underscore, nothing changed.
    A mark without a value raises UndefinedError.
    """
    return await asyncio.to_thread(_fill, template, values, columns)


def _fill(template: Path, values: Mapping[str, Any], columns: Sequence[Sequence[int]]) -> bytes:
    from docxtpl import DocxTemplate  # noqa: PLC0415 - most processes never write a Word file

    paper = DocxTemplate(io.BytesIO(template.read_bytes()))
    sandbox = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    paper.render(_printable(values), sandbox, autoescape=True)
    for table, parts in zip(paper.element.body.tbl_lst, columns, strict=False):
        _lay_out(table, parts)
    buffer = io.BytesIO()
    paper.save(buffer)
    return buffer.getvalue()


def _lay_out(table: Any, parts: Sequence[int]) -> None:  # noqa: ANN401 - an element of python-docx
    """Give its columns their widths: in the grid, which LibreOffice reads, and in each cell, for Word."""
    from docx.oxml.ns import qn  # noqa: PLC0415 - as above

    grid = table.tblGrid.gridCol_lst
    whole = sum(int(one.w) for one in grid) // EMU
    given = [whole * part // sum(parts) for part in parts]
    for one, width in zip(grid, given, strict=True):
        one.set(qn("w:w"), str(width))
    for row in table.tr_lst:
        for cell, width in zip(row.tc_lst, given, strict=True):
            size = cell.get_or_add_tcPr().get_or_add_tcW()
            size.set(qn("w:type"), "dxa")
            size.set(qn("w:w"), str(width))


def _printable(value: Any) -> Any:  # noqa: ANN401 - any value of a template
    if isinstance(value, str):
        return _UNPRINTABLE.sub("", value)
    if isinstance(value, dict):
        return {key: _printable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(one) for one in value]
    return value
