"""Small workbooks for the tests, made as people make them: by hand, cell by cell."""

import io
import zipfile
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


def with_part(data: bytes, part: str, content: bytes) -> bytes:
    """The same xlsx with one part of the package replaced."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
    return buffer.getvalue()


def part_of(data: bytes, part: str) -> bytes:
    """One part of an xlsx package."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read(part)
