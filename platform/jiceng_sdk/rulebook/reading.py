"""From TOML or JSON to a rulebook, with every fault of the text, its form and its meaning at once."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, field

from jiceng_sdk.expressions.formula import Formula
from jiceng_sdk.faults import Fault, Faults, errors
from jiceng_sdk.rulebook.analysis import analyse
from jiceng_sdk.rulebook.meaning import Analysis
from jiceng_sdk.rulebook.meant import as_meant
from jiceng_sdk.rulebook.normal import normal
from jiceng_sdk.rulebook.parts import Rulebook
from jiceng_sdk.rulebook.positions import line_of, positions
from jiceng_sdk.rulebook.shape import mismatches, shape_of
from jiceng_sdk.rulebook.syntax import syntax_fault

MOST_CHARACTERS = 4_000_000
MOST_PARTS = 20_000
_KEY = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')"""
_DEEP = re.compile(rf"(?<![A-Za-z0-9_-]){_KEY}(?:[ \t]*+\.[ \t]*+{_KEY}){{30}}")
"""A key of more than thirty parts, a.b.c…: no rulebook has one. Reading it takes memory for their square."""
Raw = dict[str, Any]


class Reading(Struct, frozen=True, kw_only=True):
    """What came out of one text: a rulebook if its form was right, its meaning, all faults with lines."""

    book: Rulebook | None = None
    analysis: Analysis | None = None
    faults: tuple[Fault, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict)


def read_rulebook(text: str, file: str = "rulebook.toml") -> Rulebook:
    """The rulebook in a TOML text. Raises Faults with all faults when one of them is an error."""
    found = examine(text, file)
    if found.book is None or errors(found.faults):
        raise Faults(found.faults)
    return found.book


def examine(text: str, file: str = "rulebook.toml") -> Reading:
    """Read a TOML text as far as possible; never raises."""
    try:
        raw = toml(text)
    except Faults as error:
        return Reading(faults=tuple(fault.at(file=file) for fault in error.faults))
    return examine_raw(raw, positions(text), file)


def examine_raw(raw: Raw, lines: Mapping[str, int], file: str = "") -> Reading:
    """Read data that has been parsed already (`lines`: where each path stands, may be empty)."""
    book, faults = _shaped(raw)
    if book is None:
        return Reading(faults=_placed([*faults, *_besides(raw, faults)], lines, file), lines=lines)
    analysis = analyse(book)
    return Reading(book=book, analysis=analysis, faults=_placed(analysis.faults, lines, file), lines=lines)


def _besides(raw: Raw, faults: list[Fault]) -> tuple[Fault, ...]:
    """What is wrong with the meaning as well, where only keys are unknown: all is told at once."""
    meant = as_meant(raw, faults)
    book = None if meant is None else _shaped(meant)[0]
    return () if book is None else analyse(book).faults


def toml(text: str) -> Raw:
    """The data of a TOML text, numbers exact. Raises Faults: too long, not TOML, too deep, no real number."""
    if len(text) > MOST_CHARACTERS:
        zh = f"文件太大：最多 {MOST_CHARACTERS} 个字"
        raise Faults([Fault(zh=zh, en=f"the file has more than {MOST_CHARACTERS} characters", code="size")])
    if _DEEP.search(text):
        raise Faults([Fault(zh="嵌套太深", en="nested too deeply", code="depth")])
    try:
        return tomllib.loads(text, parse_float=_exact)
    except tomllib.TOMLDecodeError as error:
        raise Faults([syntax_fault(str(error), text)]) from error
    except RecursionError as error:
        raise Faults([Fault(zh="嵌套太深", en="nested too deeply", code="depth")]) from error
    except (ValueError, InvalidOperation) as error:
        zh, en = "有太长或无法表示的数", "a number is too long or cannot be represented"
        raise Faults([Fault(zh=zh, en=en, code="number")]) from error


def from_json(text: bytes | str) -> Rulebook:
    """The rulebook in what `to_json` wrote. Raises Faults with all faults when one of them is an error."""
    try:
        raw = msgspec.json.Decoder(float_hook=_exact).decode(text)
    except (msgspec.DecodeError, RecursionError, ValueError, InvalidOperation) as error:
        raise Faults([Fault(zh="不是合格的 JSON", en=f"not valid JSON: {error}", code="syntax")]) from error
    found = examine_raw(raw if isinstance(raw, dict) else {}, {})
    if found.book is None or errors(found.faults):
        raise Faults(found.faults)
    return found.book


def read_file(path: Path) -> Rulebook:
    """The rulebook in a TOML file. Raises Faults: unreadable, not UTF-8, or any fault of the rulebook."""
    return read_rulebook(text_of(path), str(path))


def text_of(path: Path) -> str:
    """The text of a file, with or without the mark Windows begins one by. Raises Faults when it cannot be
    read as UTF-8.
    """
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        zh = f"文件打不开或不是 UTF-8：{type(error).__name__}"
        raise Faults([Fault(zh=zh, en="cannot be read as UTF-8", file=str(path), code="file")]) from error


def _exact(digits: str) -> Decimal:
    return Decimal(digits)


def _shaped(raw: Raw) -> tuple[Rulebook | None, list[Fault]]:
    parts = sum(len(part) for part in raw.values() if isinstance(part, (dict, list)))
    if parts > MOST_PARTS:
        zh = f"部件太多：{parts} 个，最多 {MOST_PARTS} 个，请拆成若干份"
        en = f"{parts} parts, at most {MOST_PARTS} are allowed"
        return None, [Fault(zh=zh, en=en, code="size")]
    long, faults = normal(raw)
    faults += mismatches(long, shape_of(Rulebook))
    if faults:
        return None, faults
    return msgspec.convert(long, Rulebook, dec_hook=_formula), []


def _formula(kind: type, raw: Any) -> Formula:  # noqa: ANN401 - checked by the shape
    if kind is not Formula:
        raise NotImplementedError(kind)
    return Formula(f"{raw:f}" if isinstance(raw, Decimal) else str(raw))


def _placed(faults: Iterable[Fault], lines: Mapping[str, int], file: str) -> tuple[Fault, ...]:
    found = [fault.at(file=file, line=line_of(fault.path, lines)) for fault in faults]
    return tuple(sorted(found, key=lambda fault: (fault.line, fault.severity)))
