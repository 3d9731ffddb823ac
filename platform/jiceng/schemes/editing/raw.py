"""From what was typed to the raw rulebook, with the field that every path of it came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct, field

from jiceng.schemes.editing import leaves
from jiceng.schemes.editing.fields import SECTIONS, specs_of
from jiceng.schemes.editing.sheet import shown, words_of
from jiceng.schemes.editing.wording import WINDOWS, name_for
from jiceng_sdk.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jiceng.schemes.editing.sheet import Draft, Raw, Sheet
    from jiceng.schemes.editing.spec import Spec
    from jiceng.schemes.editing.wording import Words


_PAIR = ("drop.low", "drop.high")
"""Two fields that the rulebook keeps as one list."""


class Spot(NamedTuple):
    """A field: section, id of the part, name of the field in its form ("" = the whole part)."""

    section: str
    part: str
    field: str


class Composed(Struct, frozen=True):
    """The raw rulebook, the spot of every path, faults that only the forms can have (a name twice).

    `typed`: by path of a formula what was typed for it, and the words it was read with.
    """

    raw: Raw
    spots: dict[str, Spot] = field(default_factory=dict)
    typed: dict[str, tuple[str, Words]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def raw_of(draft: Draft) -> Composed:
    """What was typed as raw data of a rulebook; never raises."""
    header = draft["header"][0]
    words = words_of(draft, "header", header)
    found = Composed({})
    found.raw.update(_Part(found, "header", "", "", words).read(header, specs_of("header"), "", ""))
    for section in SECTIONS:
        parts = draft.get(section, [])
        if section == "decide":
            found.raw["decide"] = [_one(draft, found, sheet, f"decide[{n}]") for n, sheet in enumerate(parts)]
        else:
            found.raw[section] = _section(draft, found, section, parts)
    return found


def _one(draft: Draft, found: Composed, sheet: Sheet, path: str) -> Raw:
    part = _Part(found, "decide", str(sheet["id"]), path, words_of(draft, "decide", sheet))
    do = str(sheet.get("do", ""))
    return {"do": do, **part.read(sheet, specs_of("decide", do), path, "")}


def _section(draft: Draft, found: Composed, section: str, parts: list[Sheet]) -> Raw:
    raw: Raw = {}
    for sheet in parts:
        name = str(sheet.get("name") or "") or name_for(str(sheet.get("title", "")), frozenset(raw))
        name = name or f"part_{sheet['id']}"
        path = f"{section}.{name}"
        part = _Part(found, section, str(sheet["id"]), path, words_of(draft, section, sheet))
        value = part.read(sheet, specs_of(section), path, "")
        value.pop("name", None)
        if name in raw:
            part.fault(f"代号“{name}”已经用过", f"the name {name!r} is used twice", path)
        raw[name] = value.get("when", "") if section == "classes" else value
        if section == "classes":
            found.spots[path] = Spot(section, part.id, "when")
            found.typed[path] = found.typed[f"{path}.when"]
    return raw


class _Part:
    """One part being read."""

    def __init__(self, found: Composed, section: str, part: str, path: str, words: Words) -> None:
        self.found, self.section, self.id, self.words = found, section, part, words
        self.at(path, "")

    def at(self, path: str, name: str) -> None:
        """Remember which field a path came from; the first one stays."""
        self.found.spots.setdefault(path, Spot(self.section, self.id, name))

    def fault(self, zh: str, en: str, path: str) -> None:
        self.found.faults.append(Fault(zh=zh, en=en, path=path, code="duplicate"))

    def read(self, sheet: Sheet, specs: Iterable[Spec], path: str, prefix: str) -> Raw:
        """The fields of one form (or row); `prefix` is that of the names of its fields."""
        raw: Raw = {}
        specs = list(specs)
        chooser = next((spec for spec in specs if spec.kind == "chooser"), None)
        for spec in specs:
            where = f"{path}.{spec.key}" if path else spec.key
            if spec.kind == "chooser" or not shown(spec, sheet):
                continue
            if chooser and spec.key in dict(chooser.options) and spec.key != sheet.get(chooser.key):
                continue
            self.at(where, prefix + spec.key)
            if spec.key in _PAIR:
                where = f"{path}.drop[{_PAIR.index(spec.key)}]"
                self.at(where, prefix + spec.key)
                self.at(f"{path}.drop", prefix + spec.key)
            if spec.kind == "formula":
                self.found.typed[where] = str(sheet.get(spec.key, "")), self.words
            if spec.kind == "rows":
                value = self.rows(spec, sheet.get(spec.key, []), where, prefix)
            else:
                value = leaves.read(spec, str(sheet.get(spec.key, "")), self.words)
            if value is not None:
                _put(raw, spec.key, value)
        return raw

    def rows(self, spec: Spec, rows: list[Sheet], path: str, prefix: str) -> Any:  # noqa: ANN401 - raw data
        """A small table the way the rulebook writes it; None when it is empty."""
        read = []
        for n, row in enumerate(rows):
            place = f"{prefix}{spec.key}-{n}-"
            self.at(f"{path}[{n}]", place + spec.columns[0].key)
            read.append((place, self.read(row, spec.columns, f"{path}[{n}]", place), row))
        if not read:
            return None
        match spec.rows:
            case "list":
                return [one for _, one, _ in read]
            case "plain":
                return [one.get("value", "") for _, one, _ in read]
            case "pairs":
                return [[one.get("x", ""), one.get("y", "")] for _, one, _ in read]
        return self.keyed(spec, read, path)

    def keyed(self, spec: Spec, read: list[tuple[str, Raw, Sheet]], path: str) -> Raw:
        """Rows under their key: options, weights, limits, fields."""
        raw: Raw = {}
        for place, one, row in read:
            key, column, value = _keyed(spec, one, row, frozenset(raw))
            where = f"{path}.{key}"
            if key in raw:
                word = WINDOWS_SHOWN.get(key, key)
                self.fault(f"“{word}”写了两次", f"{key!r} is written twice", where)
            self.found.spots[where] = Spot(self.section, self.id, place + column)
            for inner in one:
                self.at(f"{where}.{inner}", place + inner)
            raw[key] = value
        return raw


WINDOWS_SHOWN = {name: word for word, name in WINDOWS.items()}


def _keyed(spec: Spec, one: Raw, row: Sheet, taken: frozenset[str]) -> tuple[str, str, Any]:
    """Key, column to point at, value of a row."""
    if spec.rows == "limits":
        low, high = one.get("low"), one.get("high", "")
        return str(one.get("per", "")), "high", high if low is None else [low, high]
    if spec.rows == "fields":
        name = str(one.pop("name", "")) or name_for(str(row.get("title", "")), taken)
        return name, "title", one
    return str(one.get("key", "")), "value", one.get("value", 1 if spec.rows == "weights" else "")


def _put(raw: Raw, key: str, value: Any) -> None:  # noqa: ANN401 - raw data
    if key in _PAIR:
        raw.setdefault("drop", [0, 0])[_PAIR.index(key)] = value
        return
    *outer, last = key.split(".")
    for word in outer:
        raw = raw.setdefault(word, {})
    raw[last] = value
