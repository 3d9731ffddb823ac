"""Faults as the preview lists them: in the order of the file, a remark about a column only once."""

from collections.abc import Sequence

import msgspec

from jiceng.kernel.spreadsheets import CellFault
from jiceng.kernel.spreadsheets.columns import column_number


class Told(msgspec.Struct, frozen=True):
    """One line of the list: the first cell, and how many cells of the column it holds for."""

    fault: CellFault
    cells: int


def place(address: str) -> tuple[int, int]:
    """Row and column of a cell's address; what concerns a whole sheet comes first."""
    letters = address.rstrip("0123456789")
    return (int(address[len(letters) :] or 0), column_number(letters)) if address else (0, 0)


def told_once(faults: Sequence[CellFault]) -> list[Told]:
    """Errors one by one, each sheet from top to bottom; then hints, one line for all cells of a column.

    A column of 3,000 「—」 would otherwise leave no room for anything else.
    """
    sheets = list(dict.fromkeys(fault.sheet for fault in faults))
    wrong = [fault for fault in faults if not fault.hint]
    wrong.sort(key=lambda fault: (sheets.index(fault.sheet), *place(fault.address)))
    hints: dict[tuple[str, str, str, str], list[CellFault]] = {}
    for fault in faults:
        if fault.hint:
            hints.setdefault((fault.sheet, fault.column, fault.what, fault.todo), []).append(fault)
    return [*(Told(fault, 1) for fault in wrong), *(Told(same[0], len(same)) for same in hints.values())]
