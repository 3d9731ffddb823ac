"""Faults of the language in the words of the forms: a key of the file is called by the label of its field."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from jiceng.schemes.editing.fields import SECTIONS, specs_of
from jiceng.schemes.editing.fields.decisions import LOOKS
from jiceng.schemes.editing.wording import FIXED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jiceng.schemes.editing.spec import Spec

_KEY = r"(?<![\w.])([a-z][a-z_]*(?:\.[a-z_]+)?)(?![\w.])"
_TOLD = re.compile(
    rf"""“[^”]{{0,200}}”|(?a:{_KEY})(?:\ =\ (?:'(?P<one>[^']*)'|"(?P<two>[^"]*)"|\[…\]))?""", re.VERBOSE
)
_VALUE = re.compile(r"(?a:(?<![\w.])(\w+))(?= = [^'\"\[])")
"""A name in an example: `score = 85`."""
_APART = re.compile(r" ?(「[^」]*」) ?")
_QUOTED = "“"
_ASKED = re.compile(r'写 (gaps|overlaps) = "ask" 留待裁定')
_ELSEWHERE = {
    "grades": "等次",
    "across": "各月怎样汇总",
    "each": "按什么计算",
    "from": "数据来自",
    "options": "选项",
    "min": "最小",
    "max": "最大",
    "places": "小数位数",
    "round": "保留小数",
    "drop": "去掉最低的、最高的",
    "absent": "没有填报的按",
    "start": "起评分",
    "true": "是",
    "false": "否",
}
"""Keys that faults of other sections name."""
_FUNCTIONS = ("share", "mean", "sum", "count", "units")
_WORDS = {name: word for word, name in reversed(FIXED.items()) if "." in name or name in _FUNCTIONS}
"""Functions and names of formulas that faults mention."""


def plain(zh: str, section: str, titles: Mapping[str, str]) -> str:
    """The sentence for the form of a section; what people called something themselves stays as it is.

    `titles`: name → title of the draft's parts, for examples like `score = 85`.
    """
    labels, options = _called(section)

    def said(found: re.Match[str]) -> str:
        if found[0].startswith(_QUOTED):
            return found[0]
        key, value = found[1], found["one"] or found["two"]
        label = labels.get(key) or _ELSEWHERE.get(key) or _WORDS.get(key)
        if label is None:
            return found[0]
        if value is None:
            return f"「{label}」"
        return f"「{label}」选「{options.get((key, value), value)}」"

    told = _VALUE.sub(lambda found: titles.get(found[1]) or found[1], zh)
    return _APART.sub(r"\1", _TOLD.sub(said, _ASKED.sub(r'把 \1 = "ask"', told)))


@cache
def _called(section: str) -> tuple[dict[str, str], dict[tuple[str, str], str]]:
    """Labels of a section's fields by their key, and of their options by key and value."""
    labels: dict[str, str] = {}
    options: dict[tuple[str, str], str] = {}
    for spec in _specs(section):
        labels.setdefault(spec.key.partition(".")[0], spec.label)
        for value, word in spec.options:
            options.setdefault((spec.key, value), word)
    return labels, options


def _specs(section: str) -> tuple[Spec, ...]:
    """The fields of a section, of every kind of decision, with the columns of their tables after them."""
    if section == "decide":
        own = tuple(spec for look in LOOKS.values() for spec in look)
    else:
        own = specs_of("header") if section == "header" else SECTIONS[section].specs
    return own + tuple(column for spec in own for column in spec.columns)
