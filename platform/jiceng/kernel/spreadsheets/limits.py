"""How large an uploaded spreadsheet may be; beyond it the file is refused before it is opened."""

from collections.abc import Iterable

import msgspec

from jiceng.kernel.errors import Refusal

MB = 1024 * 1024


class Limits(msgspec.Struct, frozen=True):
    """Sizes in bytes (file as uploaded, all parts unpacked), in rows and columns of a sheet, in all cells."""

    file_bytes: int = 20 * MB
    unpacked_bytes: int = 300 * MB
    rows: int = 200_000
    columns: int = 200
    cells: int = 8_000_000
    sheets: int = 60


class Reach(msgspec.Struct, frozen=True):
    """How far a sheet reaches: its last row and its last column that are used, from 1."""

    rows: int
    columns: int


LIMITS = Limits()


def check_bytes(size: int, name: str, limits: Limits) -> None:
    """Refuse a file of no bytes or of more than `limits.file_bytes`."""
    if size == 0:
        raise Refusal(
            "文件是空的",
            where=name,
            todo_zh="请确认文件已保存，再上传一次。",
            what_en="the file is empty",
            todo_en="make sure it is saved and upload it again",
        )
    if size > limits.file_bytes:
        raise Refusal(
            f"文件有 {size / MB:.1f} MB，超过 {limits.file_bytes // MB} MB 的上限",
            where=name,
            todo_zh="请删去图片和多余的工作表，或按乡镇分成几个文件上传。",
            what_en=f"the file is larger than {limits.file_bytes // MB} MB",
            todo_en="remove pictures and needless sheets, or upload it in parts",
            status=413,
        )


def check_extent(rows: int, columns: int, where: str, limits: Limits) -> None:
    """Refuse a sheet that reaches beyond a limit (`rows`, `columns`: the last one used, from 1)."""
    if rows > limits.rows or columns > limits.columns or rows * columns > limits.cells:
        raise Refusal(
            f"工作表用到了第 {rows} 行、第 {columns} 列，超过上限（{limits.rows} 行、{limits.columns} 列）",
            where=where,
            todo_zh="如果下面或右边是空白，请选中多余的行、列整行整列删除后保存；确有这么多数据的，请分成几个文件。",
            what_en=f"the sheet reaches beyond {limits.rows} rows and {limits.columns} columns",
            todo_en="delete the empty rows and columns, or upload it in parts",
            status=413,
        )


def check_reaches(reaches: Iterable[Reach], name: str, limits: Limits) -> None:
    """Refuse a file whose sheets are too many cells together: each is held with all its empty ones."""
    if sum(each.rows * each.columns for each in reaches) > limits.cells:
        raise too_many(name, limits)


def too_many(name: str, limits: Limits) -> Refusal:
    """More cells, merged areas or texts than a file may hold, or than were needed to say the same."""
    return Refusal(
        f"文件里的单元格太多，超过 {limits.cells // 10_000} 万个的上限",
        where=name,
        todo_zh="请删去多余的工作表和下面、右边的空行空列，或分成几个文件上传。",
        what_en=f"the file holds more than {limits.cells} cells",
        todo_en="delete needless sheets and empty rows and columns, or upload it in parts",
        status=413,
    )
