"""The page of a draft: every part in a line with its words, faults, and what it was before."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from msgspec import Struct

from jiceng.schemes import queries
from jiceng.schemes.editing.checking import Checked, Wrong, check
from jiceng.schemes.editing.fields import SECTIONS
from jiceng.schemes.editing.fields.facts import KINDS
from jiceng.schemes.editing.leaves import is_number
from jiceng.schemes.editing.sheet import draft_of
from jiceng.schemes.wording import words
from jiceng_sdk.rulebook.difference import difference

if TYPE_CHECKING:
    from jiceng.schemes.editing.drafts import DraftInfo
    from jiceng.schemes.editing.sheet import Draft, Sheet
    from jiceng_sdk.rulebook import Rulebook
    from jiceng_sdk.rulebook.difference.change import Change


class Cell(Struct, frozen=True):
    """A number that can be changed in the table itself; `was` is what it was before, when it differs."""

    name: str
    value: str
    was: str = ""


class Line(Struct, frozen=True):
    """One part of the draft in the table of its section."""

    id: str
    title: str
    clause: str
    words: str
    changed: bool
    errors: int
    doubts: int
    points: Cell | None = None
    cap: Cell | None = None


class Shown(Struct, frozen=True):
    """The draft as its page shows it."""

    checked: Checked
    lines: dict[str, list[Line]]
    changes: tuple[Change, ...]
    placed: list[tuple[Wrong, str]]

    @property
    def ready(self) -> bool:
        """Whether it can be published."""
        return not self.checked.errors


async def show(draft: DraftInfo) -> Shown:
    """Check the draft and put it in words, off the event loop."""
    base = await queries.book_of(draft.base) if draft.base else None
    return await asyncio.to_thread(_shown, draft.sheets, base)


def _shown(sheets: Draft, base: Rulebook | None) -> Shown:
    checked = check(sheets)
    book = checked.book
    changes = difference(base, book) if base is not None and book is not None else ()
    before = draft_of(base) if base is not None else {}
    said = _said(book) if book is not None and checked.computable else {}
    touched = {_touched(change.path) for change in changes}
    lines = {
        section: [
            _line(section, n, sheet, checked, said, touched, before)
            for n, sheet in enumerate(sheets.get(section, []))
        ]
        for section in SECTIONS
    }
    return Shown(checked, lines, changes, [(wrong, titled(sheets, wrong)) for wrong in checked.wrongs])


def titled(sheets: Draft, wrong: Wrong) -> str:
    """What the part with a fault is called, and its field: 「评价项目：领导班子，封顶」."""
    section, part, field = wrong.spot
    if section == "header":
        return "基本情况"
    sheet = next((one for one in sheets.get(section, []) if one.get("id") == part), {})
    label = next((spec.label for spec in SECTIONS[section].specs if field and spec.key == field), "")
    name = sheet.get("title") or sheet.get("name") or "未命名"
    return f"{SECTIONS[section].title}：{name}" + (f"，{label}" if label else "")


def _touched(path: str) -> str:
    """`items.praise.checks[0]` as `items.praise`, `decide[1].title` as `decide.decide[1]`."""
    if path.startswith("decide["):
        return f"decide.{path.split('.', maxsplit=1)[0]}"
    return ".".join(path.split("[", maxsplit=1)[0].split(".")[:2])


def _line(
    section: str,
    n: int,
    sheet: Sheet,
    checked: Checked,
    said: dict[str, str],
    touched: set[str],
    before: Draft,
) -> Line:
    part = str(sheet["id"])
    name = f"decide[{n}]" if section == "decide" else str(sheet.get("name", ""))
    wrongs = checked.of(section, part)
    old = next((one for one in before.get(section, []) if one.get("name") and one["name"] == name), None)
    return Line(
        id=part,
        title=str(sheet.get("title") or sheet.get("name") or "未命名"),
        clause=str(sheet.get("clause", "")),
        words=said.get(f"{section}.{name}", _plainly(section, sheet)),
        changed=f"{section}.{name}" in touched,
        errors=sum(wrong.bad for wrong in wrongs),
        doubts=sum(not wrong.bad for wrong in wrongs),
        points=_cell(section, part, sheet, old, "points") if section == "items" else None,
        cap=_cell(section, part, sheet, old, "cap") if section in {"items", "groups"} else None,
    )


def _cell(section: str, part: str, sheet: Sheet, old: Sheet | None, key: str) -> Cell | None:
    value = str(sheet.get(key, ""))
    if key == "points" and (sheet.get("scale") != "points" or not is_number(value)):
        return None
    if key == "cap" and value and not is_number(value):
        return None
    was = str(old.get(key, "")) if old is not None else value
    return Cell(f"{section}.{part}.{key}", value, was or "无" if was != value else "")


def _said(book: Rulebook) -> dict[str, str]:
    found = {f"items.{one.name}": one.words for one in words.items_said(book)}
    found |= {f"groups.{one.name}": one.words for one in words.groups_said(book)}
    found |= {f"decide.{one.name}": one.words for one in words.decisions_said(book)}
    found |= {f"outputs.{one.name}": one.words for one in words.outputs_said(book)}
    return found | {f"area.{one.name}": one.words for one in words.areas_said(book)}


def _plainly(section: str, sheet: Sheet) -> str:
    """What can be said of a part while the whole is not yet readable."""
    if section == "facts":
        kind = dict(KINDS).get(str(sheet.get("kind", "")), "")
        options = str(sheet.get("options", "")).strip()
        fields = "、".join(str(row.get("title", "")) for row in sheet.get("fields", []))
        source = "（名册里已有）" if sheet.get("source") == "roster" else ""
        return f"{kind}{source}" + (f"：{options or fields}" if options or fields else "")
    return str(sheet.get("when") or sheet.get("value") or "")
