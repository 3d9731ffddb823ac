"""From a rulebook to TOML for people and JSON for the database; reading gives the same rulebook."""

import re
from decimal import Decimal
from typing import Any

import msgspec

from jiceng_sdk.expressions.formula import Formula
from jiceng_sdk.rulebook.normal import short
from jiceng_sdk.rulebook.parts import Rulebook

Raw = dict[str, Any]
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_WIDE = 100
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def to_json(book: Rulebook) -> bytes:
    """The rulebook as JSON in the short form; exact numbers, order of parts kept."""
    return _ENCODER.encode(to_raw(book))


def to_raw(book: Rulebook) -> Raw:
    """The rulebook as plain data in the short form: dicts, lists, text, int, Decimal, bool."""
    raw: Raw = msgspec.to_builtins(book, builtin_types=(Decimal,), enc_hook=_written)
    return short(_plain(raw))


def to_toml(book: Rulebook) -> str:
    """The rulebook as TOML: header, then one section per part in the order of the book."""
    raw = to_raw(book)
    lines = [f"{key} = {_value(value)}" for key, value in raw.items() if key not in _SECTIONS]
    if classes := raw.get("classes"):
        lines += ["", "[classes]", *(f"{_key(name)} = {_value(text)}" for name, text in classes.items())]
    for section in ("calendar", "facts", "items", "groups"):
        lines += _section(raw, section)
    for rule in raw.get("decide", []):
        lines += ["", "[[decide]]", *_lines(rule)]
    for section in ("outputs", "area"):
        lines += _section(raw, section)
    return "\n".join(lines) + "\n"


_SECTIONS = ("classes", "calendar", "facts", "items", "groups", "decide", "outputs", "area")
_ENCODER = msgspec.json.Encoder(decimal_format="number")


def _written(value: object) -> Any:  # noqa: ANN401 - plain data
    if not isinstance(value, Formula):
        raise NotImplementedError(type(value))
    if not _NUMBER.fullmatch(value.text):
        return value.text
    return Decimal(value.text) if "." in value.text else int(value.text)


def _plain(value: Any) -> Any:  # noqa: ANN401 - plain data
    """Whole decimals as integers, tuples as lists."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items() if one is not None}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, Decimal) and value.as_tuple().exponent == 0:
        return int(value)
    return value


def _section(raw: Raw, section: str) -> list[str]:
    lines: list[str] = []
    for name, part in raw.get(section, {}).items():
        lines += ["", f"[{section}.{_key(name)}]", *_lines(part)]
    return lines


def _lines(part: Raw) -> list[str]:
    return [f"{_key(key)} = {_value(value)}" for key, value in part.items()]


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _text(text: str) -> str:
    inner = "".join(
        _ESCAPES.get(sign, sign if sign.isprintable() or sign == "\u3000" else _code(sign)) for sign in text
    )
    return f'"{inner}"'


def _code(sign: str) -> str:
    return f"\\U{ord(sign):08X}"


def _value(value: Any) -> str:  # noqa: ANN401 - plain data
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Decimal)):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        inner = ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items())
        return f"{{ {inner} }}"
    parts = [_value(one) for one in value]
    line = f"[{', '.join(parts)}]"
    return line if len(line) <= _WIDE else "[\n" + "".join(f"  {part},\n" for part in parts) + "]"
