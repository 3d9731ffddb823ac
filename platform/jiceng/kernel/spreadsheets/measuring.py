"""How far the sheets of a file reach, told by a limited child that opens it as it will be opened.

Old, foreign and oddly written files are opened by a library that takes the memory for every cell between the
first and the last; a file of a few kilobytes whose last cell stands in the far corner would end the process.
So it ends a child.
"""

import io
import sys
from threading import BoundedSemaphore

import msgspec
import python_calamine as calamine

from jiceng.kernel.children import Limits as ChildLimits
from jiceng.kernel.children import Request, ask
from jiceng.kernel.spreadsheets.limits import Limits, Reach, check_extent, check_reaches, too_many

_WITHIN = ChildLimits(megabytes=1024, cpu_seconds=20, seconds=30.0, answer_megabytes=1)
_AT_ONCE = BoundedSemaphore(2)
"""Each may take its gigabyte; whoever comes third waits, beside the pages."""
_UNREADABLE: list[Reach] = []


def measure(data: bytes, name: str, limits: Limits) -> None:
    """Refuse a file that reaches beyond the limits, or that cannot be opened within them.

    One that cannot be opened at all is not refused here: whoever opens it says why.
    """
    request = Request(f"{__name__}:reaches", data, _WITHIN)
    with _AT_ONCE:
        (answer,) = ask([request], ["python_calamine", __name__], sys.path)
    if answer.outcome != "answered":
        raise too_many(name, limits)
    found = msgspec.msgpack.decode(answer.data, type=list[Reach])
    for reach in found:
        check_extent(reach.rows, reach.columns, name, limits)
    check_reaches(found, name, limits)


def reaches(data: bytes) -> bytes:
    """The child's side: the packed reaches of all sheets."""
    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            found = [reach_of(book.get_sheet_by_name(sheet)) for sheet in book.sheet_names]
    except (calamine.CalamineError, calamine.PasswordError):
        found = _UNREADABLE
    return msgspec.msgpack.encode(found)


def reach_of(sheet: calamine.CalamineSheet) -> Reach:
    """How far the cells of an opened sheet reach."""
    row, column = sheet.end or (-1, -1)
    return Reach(row + 1, column + 1)
