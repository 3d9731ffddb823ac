"""A scheme: the card of a plugin, its rulebook, and presets that lay a few changes over it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, field

from jiceng_sdk.faults import Fault, Faults, errors
from jiceng_sdk.rulebook.meaning import Analysis
from jiceng_sdk.rulebook.parts import Rulebook
from jiceng_sdk.rulebook.positions import line_of, positions
from jiceng_sdk.rulebook.reading import Raw, Reading, examine_raw, text_of, toml
from jiceng_sdk.rulebook.shape import mismatches, shape_of

_CARD, _PRESETS = "plugin", "presets"
_OWN = ("title", "note")


class Card(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who made a scheme and for what. `id`: its name in the platform; `sdk`: range such as `>=0.1,<1`."""

    id: str
    title: str
    version: str
    subject: str
    sdk: str = ""
    owner: str = ""
    basis: str = ""


class Preset(Struct, frozen=True, kw_only=True):
    """A variant: keys of `overlay` replace (lists, values) or extend (tables) the rulebook."""

    name: str
    title: str = ""
    note: str = ""
    overlay: Mapping[str, Any] = field(default_factory=dict)


class Scheme(Struct, frozen=True, kw_only=True):
    """A plugin's rulebook with its card and presets; all of them have been checked."""

    card: Card
    book: Rulebook
    presets: Mapping[str, Preset] = field(default_factory=dict)
    raw: Mapping[str, Any] = field(default_factory=dict)
    analysis: Analysis

    def book_for(self, preset: str) -> Rulebook:
        """The rulebook of a preset, the plain one for "". Raises KeyError for an unknown preset."""
        if not preset:
            return self.book
        found = examine_raw(overlaid(dict(self.raw), self.presets[preset].overlay), {})
        if found.book is None:
            raise Faults(found.faults)
        return found.book


def read_scheme(path: Path) -> Scheme:
    """The scheme in `path` (a scheme.toml, or its folder). Raises Faults with all faults."""
    file = path / "scheme.toml" if path.is_dir() else path
    return scheme_of(text_of(file), str(file))


def scheme_of(text: str, file: str = "scheme.toml") -> Scheme:
    """The scheme in a TOML text. Raises Faults with all faults of card, rulebook and presets."""
    scheme, faults = examine_scheme(text, file)
    if scheme is None or errors(faults):
        raise Faults(faults)
    return scheme


def examine_scheme(text: str, file: str = "scheme.toml") -> tuple[Scheme | None, tuple[Fault, ...]]:
    """Read a scheme as far as possible; never raises. All faults, warnings included, with file and line."""
    try:
        raw = toml(text)
    except Faults as error:
        return None, tuple(fault.at(file=file) for fault in error.faults)
    lines = positions(text)
    card_raw, presets_raw = raw.pop(_CARD, None), raw.pop(_PRESETS, {})
    faults = list(_card_faults(card_raw))
    card = None if faults else msgspec.convert(card_raw, Card)
    if isinstance(card_raw, dict):
        raw = {key: card_raw[key] for key in ("title", "subject", "basis") if key in card_raw} | raw
    plain = examine_raw(raw, lines, file)
    presets, preset_faults = _presets(presets_raw, raw, plain)
    faults = [fault.at(file=file, line=line_of(fault.path, lines)) for fault in (*faults, *preset_faults)]
    found = (*faults, *plain.faults)
    if card is None or plain.book is None or plain.analysis is None:
        return None, found
    return Scheme(card=card, book=plain.book, presets=presets, raw=raw, analysis=plain.analysis), found


def overlaid(raw: Raw, overlay: Mapping[str, Any]) -> Raw:
    """`raw` with the overlay on it: tables are merged, everything else is replaced."""
    found = dict(raw)
    for key, value in overlay.items():
        below = found.get(key)
        found[key] = (
            overlaid(below, value) if isinstance(below, dict) and isinstance(value, Mapping) else value
        )
    return found


def _card_faults(raw: object) -> list[Fault]:
    if raw is None:
        zh = "缺少 [plugin]：写明 id、title、version、subject"
        return [Fault(zh=zh, en="[plugin] is missing", code="missing-key")]
    return list(mismatches(raw, shape_of(Card), _CARD))


def _presets(raw: object, base: Raw, plain: Reading) -> tuple[dict[str, Preset], list[Fault]]:
    if not isinstance(raw, dict):
        return {}, [Fault(zh="presets 要写成表", en="presets must be a table", path=_PRESETS, code="shape")]
    found: dict[str, Preset] = {}
    faults: list[Fault] = []
    known = {(fault.path, fault.zh) for fault in plain.faults}
    for name, part in raw.items():
        where = f"{_PRESETS}.{name}"
        if not isinstance(part, dict):
            faults.append(Fault(zh="预设要写成表", en="a preset must be a table", path=where, code="shape"))
            continue
        overlay = {key: value for key, value in part.items() if key not in _OWN}
        found[name] = Preset(
            name=name, title=str(part.get("title", "")), note=str(part.get("note", "")), overlay=overlay
        )
        faults += [
            msgspec.structs.replace(fault, path=f"{where}.{fault.path}")
            for fault in examine_raw(overlaid(base, overlay), {}).faults
            if (fault.path, fault.zh) not in known
        ]
    return found, faults
