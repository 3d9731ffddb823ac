"""The user's own file back, with what is wrong written into it; openpyxl comes with the first such file."""

from collections.abc import Sequence

from jiceng.kernel.spreadsheets.columns import CellFault


def mark(data: bytes, name: str, faults: Sequence[CellFault]) -> bytes:
    """Mark the faults (hints are left out) in the file and return it as xlsx, formats and merges kept.

    A csv, xls or ods becomes an xlsx with the same cells at the same addresses.
    """
    from jiceng.kernel.spreadsheets.painting import painted  # noqa: PLC0415 - an eighth of what starting costs

    return painted(data, name, faults)
