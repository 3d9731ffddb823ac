"""A rulebook as forms hold it: parts as lists of typed texts, so that nothing typed is ever lost.

`Sheet`: key → text, or → rows (each a sheet). `Draft`: section → sheets of its parts; `header` has one. Every
part has an `id` that stays the same while others come and go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jiceng.schemes.editing import leaves
from jiceng.schemes.editing.fields import SECTIONS, specs_of
from jiceng.schemes.editing.wording import Words, words_for
from jiceng_sdk.rulebook import to_raw
from jiceng_sdk.rulebook.normal import normal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jiceng.schemes.editing.spec import Spec
    from jiceng_sdk.rulebook import Rulebook

Sheet = dict[str, Any]
Draft = dict[str, list[Sheet]]
Raw = dict[str, Any]
_ABSENT: tuple[object, ...] = (None, "", {}, [], ())
"""What a key that is not used holds; 0 is a value."""


def draft_of(book: Rulebook) -> Draft:
    """The rulebook as forms show it; `raw_of` gives the same rulebook back."""
    raw, _ = normal(to_raw(book))
    titles = {name: str(part.get("title", "")) for _, name, part in _parts(raw)}
    draft: Draft = {"header": [_sheet(raw, specs_of("header"), words_for(titles, {}))]}
    for section in SECTIONS:
        draft[section] = []
        for n, (name, part) in enumerate(_named(raw, section), 1):
            words = words_for(titles, _fields_read(raw, section, part))
            do = str(part.get("do", ""))
            sheet = _sheet({"name": name, **part}, specs_of(section, do), words)
            draft[section].append({"id": str(n), **({"do": do} if do else {}), **sheet})
    return draft


def titles_of(draft: Draft) -> dict[str, str]:
    """Name → title of every part that has a name."""
    return {
        str(sheet["name"]): str(sheet.get("title", ""))
        for section in SECTIONS
        if section != "decide"
        for sheet in draft.get(section, [])
        if sheet.get("name")
    }


def fields_read_by(draft: Draft, section: str, sheet: Sheet) -> dict[str, str]:
    """Name → title of the fields of the rows that an item reads."""
    if section != "items" or not sheet.get("from"):
        return {}
    source = words_for(titles_of(draft), {}).name(str(sheet["from"]))
    fact = next((one for one in draft.get("facts", []) if one.get("name") == source), {})
    return {
        str(row.get("name") or row.get("title", "")): str(row.get("title", ""))
        for row in fact.get("fields", [])
    }


def words_of(draft: Draft, section: str, sheet: Sheet) -> Words:
    """The words that formulas of a part may use."""
    return words_for(titles_of(draft), fields_read_by(draft, section, sheet))


def shown(spec: Spec, sheet: Sheet) -> bool:
    """Whether the field is part of the form as it is filled in now."""
    if spec.shown is None:
        return True
    key, values = spec.shown
    return str(sheet.get(key, "")) in values


def _parts(raw: Raw) -> Iterable[tuple[str, str, Raw]]:
    for section in SECTIONS:
        if section != "decide":
            for name, part in _named(raw, section):
                yield section, name, part


def _named(raw: Raw, section: str) -> list[tuple[str, Raw]]:
    parts = raw.get(section, {})
    if section == "decide":
        return [("", part) for part in raw.get("decide", [])]
    if section == "classes":
        return [(name, {"when": when}) for name, when in parts.items()]
    return list(parts.items())


def _fields_read(raw: Raw, section: str, part: Raw) -> dict[str, str]:
    source = part.get("from") if section == "items" else None
    fact = raw.get("facts", {}).get(source, {})
    return {name: str(field.get("title", "")) for name, field in fact.get("fields", {}).items()}


def _sheet(raw: Raw, specs: Iterable[Spec], words: Words) -> Sheet:
    found: Sheet = {}
    for spec in specs:
        if spec.kind == "chooser":
            if used := next((key for key, _ in spec.options if key and raw.get(key) not in _ABSENT), ""):
                found[spec.key] = used
        elif spec.kind == "rows":
            rows = [_sheet(row, spec.columns, words) for row in _rows(spec, raw.get(spec.key))]
            if rows:
                found[spec.key] = rows
        elif text := leaves.show(spec, _dug(raw, spec.key), words):
            found[spec.key] = text
    return found


def _dug(raw: Raw, key: str) -> Any:  # noqa: ANN401 - a value of raw data
    if key.startswith("drop."):
        pair = raw.get("drop")
        return pair[key == "drop.high"] if pair else None
    value: Any = raw
    for word in key.split("."):
        value = value.get(word) if isinstance(value, dict) else None
    return value


def _rows(spec: Spec, value: Any) -> list[Raw]:  # noqa: ANN401, PLR0911 - one line per way of writing
    if not value:
        return []
    match spec.rows:
        case "plain":
            return [{"value": one} for one in value]
        case "table":
            return [{"key": key, "value": one} for key, one in value.items()]
        case "weights":
            return [{"key": key, **({} if one == 1 else {"value": one})} for key, one in value.items()]
        case "limits":
            return list(value)
        case "pairs":
            return [{"x": x, "y": y} for x, y in value]
        case "fields":
            return [{"name": name, **field} for name, field in value.items()]
    return list(value)
