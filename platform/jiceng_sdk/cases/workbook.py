"""Worked cases from a workbook: the first sheet, one case per row, headers as a person names the columns.

案例 (name), 例号 (example), 期间 (period); a fact by its title or name (an event: how often, on the first
day; a fact per month: `title[3]`); 上期等次, 上期得分; 应得状态, 应得分, 应得等次, 应问原因; `应得 x` for
an item or output by title or name. Numbers may be text ("634/7", "90.50"). Empty cells say nothing.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import msgspec
import python_calamine

from jiceng_sdk.cases.periods import read_span
from jiceng_sdk.cases.shape import Case, CaseFile, Person, Wanted, Written
from jiceng_sdk.faults import Fault, Faults, meant, nearest
from jiceng_sdk.rulebook import Rulebook

SHEET_SUFFIX = ".cases.xlsx"
_HEAD = {"案例": "name", "例号": "example", "期间": "period"}
_WANTED = {"应得状态": "status", "应得分": "score", "应得等次": "grade", "应问原因": "reason"}
_PREVIOUS = {"上期等次": "grade", "上期得分": "score"}
_YES_NO = {"是": True, "否": False, "有": True, "无": False}
Place = Callable[["_Draft", Any], None]


class _Draft:
    """What one row says, column by column."""

    def __init__(self) -> None:
        self.head: dict[str, str] = {}
        self.values: dict[str, Any] = {}
        self.facts: dict[str, Any] = {}
        self.previous: dict[str, Any] = {}
        self.wanted: dict[str, Any] = {}
        self.outputs: dict[str, Any] = {}
        self.nodes: dict[str, Any] = {}


def read_sheet_cases(path: Path, book: Rulebook) -> CaseFile:
    """Cases of `<stem>.cases.xlsx`. Raises Faults with every fault and its row."""
    try:
        sheet = python_calamine.load_workbook(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, OSError, IndexError) as error:
        raise Faults([Fault(zh=f"不是合格的工作簿：{error}", en="not a workbook", file=str(path))]) from error
    if not sheet:
        raise Faults([Fault(zh="工作表是空的", en="the sheet is empty", file=str(path))])
    faults: list[Fault] = []
    columns = [_column(str(header).strip(), book, path, faults) for header in sheet[0]]
    cases = [
        _case(row, number, columns, book, path, faults)
        for number, row in enumerate(sheet[1:], 2)
        if any(cell not in ("", None) for cell in row)
    ]
    if faults:
        raise Faults(faults)
    rulebook = path.with_name(path.name.removesuffix(SHEET_SUFFIX) + ".toml")
    return CaseFile(
        path=str(path), rulebook=str(rulebook), cases=tuple(case for case in cases if case is not None)
    )


def _column(header: str, book: Rulebook, path: Path, faults: list[Fault]) -> Place | None:
    """What a column's cells mean; an unknown header is a fault."""
    for known, section in ((_HEAD, "head"), (_WANTED, "wanted"), (_PREVIOUS, "previous")):
        if header in known:
            return _into(section, known[header])
    named = _titles(book)
    if header.startswith("应得"):
        word = header.removeprefix("应得").strip()
        section, name = named.get(word, ("", word))
        if section in ("outputs", "nodes"):
            return _into(section, name)
    plain, _, cell = header.partition("[")
    section, name = named.get(plain.strip(), ("", plain))
    if section == "facts":
        return _fact(book, name, cell.rstrip("]"))
    if header:
        zh, en = meant(nearest(header, [*_HEAD, *_WANTED, *_PREVIOUS, *named]))
        faults.append(
            Fault(
                zh=f"不认识的列 {header!r}{zh}", en=f"unknown column {header!r}{en}", file=str(path), line=1
            )
        )
    return None


def _titles(book: Rulebook) -> dict[str, tuple[str, str]]:
    """Every name and title a header may use, with its section."""
    found: dict[str, tuple[str, str]] = {}
    sections: list[tuple[str, Mapping[str, Any]]] = [
        ("nodes", book.items), ("nodes", book.groups), ("outputs", book.outputs), ("facts", book.facts),
    ]  # fmt: skip
    for section, parts in sections:
        for name, part in parts.items():
            if part.title:
                found[part.title] = (section, name)
            found[name] = (section, name)
    return found


def _into(section: str, key: str) -> Place:
    def place(draft: _Draft, cell: Written) -> None:
        getattr(draft, section)[key] = _date_or_text(cell) if section == "head" else _value(cell)

    return place


def _fact(book: Rulebook, name: str, cell_number: str) -> Place:
    fact = book.facts[name]

    def place(draft: _Draft, cell: Written) -> None:
        value = _value(cell)
        if fact.kind == "flag" and isinstance(value, str):
            value = _YES_NO.get(value, value)
        if cell_number:
            draft.facts.setdefault(name, {})[cell_number] = value
        elif fact.rows:
            draft.facts[name] = int(value) if isinstance(value, Decimal) else value
        else:
            draft.values[name] = str(cell).strip() if fact.kind == "choice" else value

    return place


def _value(cell: Written) -> Written:
    """A cell as a case file would write it: exact numbers, dates, flags, words."""
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


def _date_or_text(cell: Written) -> str:
    return str(_value(cell))


def _case(
    row: list[Any], number: int, columns: list[Place | None], book: Rulebook, path: Path, faults: list[Fault]
) -> Case | None:
    draft = _Draft()
    for place, cell in zip(columns, row, strict=False):
        if place is not None and cell not in ("", None):
            place(draft, cell)
    try:
        span = read_span(draft.head.get("period", ""), book.period)
        wanted = msgspec.convert({**draft.wanted, "outputs": draft.outputs, "nodes": draft.nodes}, Wanted)
    except (ValueError, msgspec.ValidationError) as error:
        faults.append(
            Fault(
                zh=f"第 {number} 行：{error}",
                en=f"row {number} is not understood",
                file=str(path),
                line=number,
            )
        )
        return None
    person = Person(
        name="", values=draft.values, facts=draft.facts, previous=(draft.previous,) if draft.previous else ()
    )
    name = draft.head.get("name") or f"第 {number} 行"
    return Case(
        name=name, file=str(path), line=number, period=span, people=(person,), wanted={"": wanted},
        example=draft.head.get("example", ""),
    )  # fmt: skip
