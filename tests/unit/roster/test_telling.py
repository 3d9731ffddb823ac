"""What the preview lists: errors in the order of the file, hints once for a column."""

from jiceng.kernel.spreadsheets import CellFault
from jiceng.roster.importing.telling import told_once


def fault(address: str, *, sheet: str = "党员", column: str = "姓名", hint: bool = False) -> CellFault:
    return CellFault(sheet, address, column, "—", "按空值处理" if hint else "是空的", "不用改", hint=hint)


def test_errors_stand_in_the_order_of_the_file() -> None:
    mixed = [fault("B10"), fault("AA2"), fault("C2"), fault(""), fault("A1", sheet="单位")]
    told = [(line.fault.sheet, line.fault.address) for line in told_once(mixed)]
    assert told == [("党员", ""), ("党员", "C2"), ("党员", "AA2"), ("党员", "B10"), ("单位", "A1")]


def test_a_hint_about_a_column_is_told_once_with_how_many_cells_it_holds_for() -> None:
    hints = [fault(f"K{row}", column="转入日期", hint=True) for row in range(4, 3004)]
    told = told_once([fault("E5", hint=True), *hints, fault("B9")])
    assert [(line.fault.address, line.cells) for line in told] == [("B9", 1), ("E5", 1), ("K4", 3000)]
