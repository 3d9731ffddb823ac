"""A look into an xlsx or ods before it is opened: bombs, hostile XML, formulas, how far the sheets reach.

Every expression here takes time in proportion to what it reads, whatever is written there: while one runs,
nothing else in the process does. What cannot be told at a glance is not guessed: `Inside.plain` is False and
the file is measured in a limited child first (see `measuring`).
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import msgspec

from jiceng.kernel.errors import Refusal
from jiceng.kernel.spreadsheets.columns import column_number
from jiceng.kernel.spreadsheets.limits import MB, Limits, Reach, check_extent, check_reaches, too_many

_FOUND = re.compile(rb'<(?:\w{1,30}:)?(?:c r="([A-Z]{1,3})([0-9]{1,7})"|(f)[\s/>])')
"""A cell as every office program writes it, its address first; a formula."""
_CELLS = tuple(
    begins + after for begins in (b"<c", b":c") for after in (b" ", b"\t", b"\r", b"\n", b"/", b">")
)
"""However else a cell may begin."""
_ODS_FORMULA = re.compile(rb"table:formula\s*=")
_RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_BOOK, _RELATIONS, _ODS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "content.xml"
_SHEET, _TEXT, _MERGED = b"sheetData", (b"<si", b":si"), b"mergeCell"
MOST_PARTS = 4_000
LARGEST_PLAN = 4 * MB
"""Of a part that says what is in the file; these alone are read as trees."""
MOST_MERGED = 200_000
Cells = frozenset[tuple[int, int]]


class Inside(msgspec.Struct, frozen=True):
    """What the package tells beforehand: cells with formulas, as (row, column) from 0, by sheet name.

    `plain`: how far the sheets reach is known and within the limits.
    """

    formulas: dict[str, Cells]
    plain: bool = False


class _Seen(msgspec.Struct, frozen=True):
    """One part: its formulas, how far its cells reach; None: they are not written plainly."""

    formulas: Cells
    reach: Reach | None


def inspect(data: bytes, name: str, limits: Limits) -> Inside:
    """Unpack within the limits and look; raises `Refusal` for anything that must not be opened."""
    plans: dict[str, bytes] = {}
    seen: dict[str, _Seen] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            for part, content in _unpacked(package, name, limits):
                _look(part, content, name, limits, plans, seen)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise damaged(name) from error
    if _ODS in plans:
        return Inside({})
    sheets = _sheets(plans, name, limits)
    unclear = [each for each in seen.values() if each.reach is None]
    if any(each.formulas for each in unclear):
        raise _formulas_somewhere(name)
    known = {part: each.reach for part, each in seen.items() if each.reach}
    titles = {path: f"{name}，工作表「{sheet}」" for sheet, path in sheets}
    for part, reach in known.items():
        check_extent(reach.rows, reach.columns, titles.get(part, name), limits)
    check_reaches(known.values(), name, limits)
    found = {sheet: seen[path].formulas for sheet, path in sheets if path in seen}
    return Inside(found, plain=not unclear)


def _unpacked(package: zipfile.ZipFile, name: str, limits: Limits) -> Iterator[tuple[str, bytes]]:
    """Every part by its name in small letters: readers look for it in any."""
    parts, left = package.infolist(), limits.unpacked_bytes
    names = {part.filename.lower() for part in parts}
    if len(names) != len(parts) or len(parts) > MOST_PARTS or "xl/workbook.bin" in names:
        raise damaged(name)
    for info in parts:
        info.file_size = left + 2  # what the file claims is not believed: read until its stream really ends
        with package.open(info) as stream:
            content = stream.read(left + 1)
        left -= len(content)
        if left < 0:
            raise Refusal(
                f"文件解压后超过 {limits.unpacked_bytes // MB} MB",
                where=name,
                todo_zh="请只保留要导入的工作表和列，另存后再上传。",
                what_en=f"the file unpacks to more than {limits.unpacked_bytes // MB} MB",
                todo_en="keep only the sheets and columns to be imported",
                status=413,
            )
        yield info.filename.lower(), content


def _look(
    part: str,
    content: bytes,
    name: str,
    limits: Limits,
    plans: dict[str, bytes],
    seen: dict[str, _Seen],
) -> None:
    """Keep what one part tells; a sheet is known by what it holds, wherever it lies."""
    if part.endswith((".xml", ".rels")) or _SHEET in content:
        _refuse_definitions(content, name)
    if part in {_BOOK, _RELATIONS} and len(content) > LARGEST_PLAN:
        raise damaged(name)
    if part in {_BOOK, _RELATIONS, _ODS}:
        plans[part] = content
    if part == _ODS and _ODS_FORMULA.search(content):
        raise _formulas_somewhere(name)
    if sum(map(content.count, _TEXT)) > limits.cells or content.count(_MERGED) > 2 * MOST_MERGED:
        raise too_many(name, limits)
    if _SHEET in content:
        seen[part] = _inspected(content, name, limits)


def _refuse_definitions(content: bytes, name: str) -> None:
    """XML that defines something, or is in an encoding in which that could not be seen."""
    if b"\0" in content:
        raise damaged(name)
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise Refusal(
            "文件里有不允许的 XML 定义（DOCTYPE）",
            where=name,
            todo_zh="请用 Excel 或 WPS 另存为 .xlsx 后再上传。",
            what_en="the file holds a document type, which is not allowed",
            todo_en="save it as .xlsx in Excel or WPS",
        )


def _sheets(plans: dict[str, bytes], name: str, limits: Limits) -> list[tuple[str, str]]:
    """The sheets' names, and the parts they lie in."""
    try:
        rels = ET.fromstring(plans[_RELATIONS])  # noqa: S314  DOCTYPE and ENTITY are refused above
        book = ET.fromstring(plans[_BOOK])  # noqa: S314  as above
    except (KeyError, ET.ParseError) as error:
        raise Refusal(
            "这不是 Excel 工作簿",
            where=name,
            todo_zh="请上传 .xlsx、.xls、.ods 或 .csv 文件；Word、PDF、图片不能导入。",
            what_en="this is no workbook",
            todo_en="upload an .xlsx, .xls, .ods or .csv file",
        ) from error
    targets = {
        rel.get("Id", ""): posixpath.normpath(posixpath.join("/xl", rel.get("Target", "")))[1:].lower()
        for rel in rels
    }
    sheets = [node for node in book.iter() if node.tag.endswith("}sheet")]
    if len(sheets) > limits.sheets:
        raise Refusal(
            f"文件有 {len(sheets)} 个工作表，超过 {limits.sheets} 个的上限",
            where=name,
            todo_zh="请只保留要导入的工作表。",
            what_en=f"the file has {len(sheets)} sheets, more than {limits.sheets}",
            todo_en="keep only those to be imported",
            status=413,
        )
    return [(node.get("name", ""), targets.get(node.get(_RELATED, ""), "")) for node in sheets]


def _inspected(xml: bytes, name: str, limits: Limits) -> _Seen:
    """The cells of a sheet, one after the other, and the formulas in them."""
    cells = last_row = 0
    columns: dict[bytes, int] = {}
    formulas = set()
    here = (-1, -1)
    for found in _FOUND.finditer(xml):
        letters, digits, formula = found.groups()
        if formula:
            formulas.add(here)
            continue
        cells += 1
        row = int(digits)
        if letters not in columns:
            columns[letters] = column_number(letters.decode())
        here = (row - 1, columns[letters])
        last_row = max(last_row, row)
        if cells > limits.cells:
            raise too_many(name, limits)
    if sum(map(xml.count, _CELLS)) != cells:
        return _Seen(frozenset(formulas), None)
    return _Seen(frozenset(formulas), Reach(last_row, max(columns.values(), default=-1) + 1))


def damaged(name: str) -> Refusal:
    """What cannot be opened, or only by readers that look away."""
    return Refusal(
        "文件打不开：内容已损坏或加了密码",
        where=name,
        todo_zh="请用 Excel 或 WPS 打开，去掉密码，另存为 .xlsx 后再上传。",
        what_en="the file is damaged or protected",
        todo_en="open it in Excel or WPS and save it as .xlsx without a password",
    )


def _formulas_somewhere(name: str) -> Refusal:
    return Refusal(
        "表里有公式，公式的结果会随别的格子变化，不能导入",
        where=name,
        todo_zh="请全选、复制，「选择性粘贴」为「数值」，保存后再上传。",
        what_en="the sheet holds formulas, whose results would change",
        todo_en="copy everything and paste it as values",
    )
