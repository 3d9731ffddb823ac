"""Sentences put together from parts, in English: what a fault or a refusal says about this cell, that day.

`locale/en/composed.po` has a sentence for each shape; `%(a)s` stands where something is put in. What is put
in stays as it is, unless the catalog has a word for it: names and numbers are data.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Told = tuple[re.Pattern[str], str]
_PART = re.compile(r"%\((\w+)\)s")
_CJK = re.compile(r"[\u4e00-\u9fff]")
_DEEPEST = 4
LONGEST = 1_000
"""Longer than any sentence of ours: a text of somebody is put in, and every shape is tried all along it."""
_SIGNS = str.maketrans({"「": "“", "」": "”", "（": "(", "）": ")", "、": ", ", "，": ", ", "；": "; "})


def shapes(catalog: Mapping[str, str]) -> tuple[Told, ...]:
    """Every sentence of the catalog with something put in: how it is recognised, and its English.

    The longest first, so that the most particular one speaks.
    """
    found = [chinese for chinese in catalog if _PART.search(chinese) and _CJK.search(_PART.sub("", chinese))]
    found.sort(key=lambda chinese: -len(_PART.sub("", chinese)))
    return tuple((re.compile(_recognised(chinese), re.DOTALL), catalog[chinese]) for chinese in found)


def _recognised(chinese: str) -> str:
    pieces, end, known = [], 0, set[str]()
    for found in _PART.finditer(chinese):
        pieces.append(re.escape(chinese[end : found.start()]))
        pieces.append(f"(?P={found[1]})" if found[1] in known else f"(?P<{found[1]}>.+?)")
        known.add(found[1])
        end = found.end()
    return "".join([*pieces, re.escape(chinese[end:])])


def in_english(text: str, words: Mapping[str, str], told: Sequence[Told]) -> str:
    """The sentence in English, or "" when it has a part that nobody wrote in English.

    `words`: the catalog of whole sentences; `told`: the shapes of put-together ones.
    """
    if len(text) > LONGEST:
        return ""
    return _said(text, lambda one: words.get(one, ""), told, _DEEPEST)


def _said(text: str, word: Callable[[str], str], told: Sequence[Told], depth: int) -> str:
    """Whole, by its shape, or clause by clause."""
    if not _CJK.search(text):
        return text.translate(_SIGNS)
    if found := word(text.strip()):
        return found
    if not depth:
        return ""
    for shape, english in told:
        if whole := shape.fullmatch(text):
            put_in = {name: _put(part, word, told, depth) for name, part in whole.groupdict().items()}
            return english % put_in
    for sign, joint in (("；", "; "), ("。", ". "), ("，", ", ")):
        clauses = [clause for clause in text.split(sign) if clause.strip()]
        said = [_said(clause, word, told, depth - 1) for clause in clauses] if len(clauses) > 1 else [""]
        if all(said):
            return joint.join(said)
    head, colon, rest = text.partition("：")
    said_rest = _said(rest, word, told, depth - 1) if colon else ""
    return f"{_put(head, word, told, depth)}: {said_rest}" if said_rest else ""


def _put(part: str, word: Callable[[str], str], told: Sequence[Told], depth: int) -> str:
    """What was put in: in English where there is a word for it, else as it is."""
    listed = [_said(one, word, told, depth - 1) or one for one in part.split("、")]
    return ", ".join(listed)


@lru_cache(maxsize=4096)
def has_chinese(text: str) -> bool:
    """Whether there is anything to say in English."""
    return _CJK.search(text) is not None
