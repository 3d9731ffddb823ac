"""A look into an xlsx or ods before it is opened: bombs, hostile XML, formulas, how far the sheets reach."""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import msgspec

from jiceng.kernel.errors import Refusal
from jiceng.kernel.spreadsheets.columns import column_number
from jiceng.kernel.spreadsheets.limits import MB, Limits, check_extent

_CELL = re.compile(rb'<(?:\w+:)?c [^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_LAST = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_ODS_ROW = re.compile(rb"<table:table-row\b([^>]*)>(.*?)</table:table-row>", re.DOTALL)
_ODS_CELL = re.compile(rb"<table:(?:covered-)?table-cell\b([^>]*)>")
_ODS_REPEATED = re.compile(rb'number-(?:rows|columns)-repeated="(\d+)"')
_RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class Inside(msgspec.Struct, frozen=True):
    """What the package tells beforehand: cells with formulas, as (row, column) from 0, by sheet name."""

    formulas: dict[str, frozenset[tuple[int, int]]]


def inspect(data: bytes, name: str, limits: Limits) -> Inside:
    """Unpack within the limits and look; raises `Refusal` for anything that must not be opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = dict(_unpacked(package, name, limits))
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise Refusal(
            "文件打不开：内容已损坏或加了密码",
            where=name,
            todo_zh="请用 Excel 或 WPS 打开，去掉密码，另存为 .xlsx 后再上传。",
            what_en="the file is damaged or protected",
            todo_en="open it in Excel or WPS and save it as .xlsx without a password",
        ) from error
    if "content.xml" in parts:
        return _inspect_ods(parts["content.xml"], name, limits)
    formulas = {}
    for sheet, path in _sheet_paths(parts, name, limits):
        formulas[sheet] = _inspect_sheet(parts.get(path, b""), f"{name}，工作表「{sheet}」", limits)
    return Inside(formulas)


def _unpacked(package: zipfile.ZipFile, name: str, limits: Limits) -> Iterator[tuple[str, bytes]]:
    left = limits.unpacked_bytes
    for info in package.infolist():
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
        if info.filename.endswith((".xml", ".rels")):
            if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
                raise Refusal(
                    "文件里有不允许的 XML 定义（DOCTYPE）",
                    where=name,
                    todo_zh="请用 Excel 或 WPS 另存为 .xlsx 后再上传。",
                    what_en="the file holds a document type, which is not allowed",
                    todo_en="save it as .xlsx in Excel or WPS",
                )
            yield info.filename, content


def _sheet_paths(parts: dict[str, bytes], name: str, limits: Limits) -> list[tuple[str, str]]:
    try:
        rels = ET.fromstring(parts["xl/_rels/workbook.xml.rels"])  # noqa: S314  DOCTYPE and ENTITY are refused above
        book = ET.fromstring(parts["xl/workbook.xml"])  # noqa: S314  as above
    except (KeyError, ET.ParseError) as error:
        raise Refusal(
            "这不是 Excel 工作簿",
            where=name,
            todo_zh="请上传 .xlsx、.xls、.ods 或 .csv 文件；Word、PDF、图片不能导入。",
            what_en="this is no workbook",
            todo_en="upload an .xlsx, .xls, .ods or .csv file",
        ) from error
    targets = {
        rel.get("Id", ""): posixpath.normpath(posixpath.join("/xl", rel.get("Target", "")))[1:]
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


def _inspect_sheet(xml: bytes, where: str, limits: Limits) -> frozenset[tuple[int, int]]:
    cells = _CELL.findall(xml)
    widest = max((column_number(name.decode()) for name in {name for name, _ in cells}), default=-1)
    check_extent(max((int(row) for _, row in cells), default=0), widest + 1, where, limits)
    if not _FORMULA.search(xml):
        return frozenset()
    found = set()
    for piece in re.split(rb"<(?:\w+:)?c (?=[^>]*r=)", xml):
        place = _LAST.search(piece[:200])
        if place and _FORMULA.search(piece):
            found.add((int(place[2]) - 1, column_number(place[1].decode())))
    return frozenset(found)


def _inspect_ods(xml: bytes, name: str, limits: Limits) -> Inside:
    row = last_row = widest = 0
    for attributes, cells in _ODS_ROW.findall(xml):
        row += _times(attributes)
        column = last_column = 0
        for cell in _ODS_CELL.findall(cells):
            column += _times(cell)
            last_column = column if b"office:value-type" in cell else last_column
        last_row = row if last_column else last_row
        widest = max(widest, last_column)
    check_extent(last_row, widest, name, limits)
    if b"table:formula=" in xml:
        raise Refusal(
            "表里有公式，公式的结果会随别的格子变化，不能导入",
            where=name,
            todo_zh="请全选、复制，「选择性粘贴」为「数值」，保存后再上传。",
            what_en="the sheet holds formulas, whose results would change",
            todo_en="copy everything and paste it as values",
        )
    return Inside({})


def _times(attributes: bytes) -> int:
    """How often an ods row or cell stands there."""
    found = _ODS_REPEATED.search(attributes)
    return int(found[1]) if found else 1
