"""Comma- or tab-separated text: the encoding (UTF-8, GBK, UTF-16) and the separator are found out."""

import csv
import io
import itertools

from jiceng.kernel.errors import Refusal
from jiceng.kernel.spreadsheets.limits import Limits, check_extent

_ENCODINGS = ("utf-8-sig", "gb18030")


def read_delimited(data: bytes, name: str, limits: Limits) -> list[list[str]]:
    """All rows of the text, cells as typed; raises `Refusal` when it is not text or too large."""
    text = _decoded(data, name)
    first = text.split("\n", 1)[0]
    separator = max(",\t;", key=first.count)
    try:
        table = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        rows = list(itertools.islice(table, limits.rows + 1))
    except csv.Error as error:
        raise Refusal(
            "这个 CSV 文件读不出来",
            where=name,
            todo_zh="请用 Excel 或 WPS 另存为 .xlsx 后再上传。",
            what_en="this CSV file cannot be read",
            todo_en="save it as .xlsx in Excel or WPS and upload that",
        ) from error
    check_extent(len(rows), max(map(len, rows), default=0), name, limits)
    return rows


def _decoded(data: bytes, name: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    if b"\0" not in data:
        for encoding in _ENCODINGS:
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                continue
    raise Refusal(
        "看不懂这个文件，它不是表格",
        where=name,
        todo_zh="请上传 .xlsx、.xls、.ods 或 .csv 文件。",
        what_en="this file is no table",
        todo_en="upload an .xlsx, .xls, .ods or .csv file",
    )
