"""Small workbooks for the tests, made as people make them: by hand, cell by cell."""

import io
from collections.abc import Sequence
from typing import Any, TypeAlias

from openpyxl import Workbook

Rows: TypeAlias = Sequence[Sequence[Any]]


def book(rows: Rows, title: str = "党员", merges: Sequence[str] = ()) -> bytes:
    """An xlsx with one sheet."""
    made = Workbook()
    page = made.worksheets[0]
    page.title = title
    for row in rows:
        page.append(list(row))
    for area in merges:
        page.merge_cells(area)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()
