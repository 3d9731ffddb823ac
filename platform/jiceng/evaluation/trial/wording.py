"""Changes of a rulebook as sentences for people: formulas in words instead of their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from jiceng.schemes.wording.phrases import say
from jiceng.schemes.wording.words import titles_of
from jiceng_sdk.expressions import Formula
from jiceng_sdk.told import Told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jiceng_sdk.rulebook import Rulebook
    from jiceng_sdk.rulebook.difference.change import Change

_SHORTEST = 3
"""A shorter formula is a number, which is the same in words."""


class InWords:
    """Says changes from one rulebook to another."""

    def __init__(self, old: Rulebook, new: Rulebook) -> None:
        self._said: dict[str, str] = {}
        for book in (old, new):
            titles = titles_of(book)
            self._said |= {found.text: say(found, titles) for found in _formulas(book)}

    def __call__(self, change: Change) -> Told:
        """The sentence of a change; the longest formulas are looked for first, each stands for itself.

        In English formulas stay as they are written: their names are those of the rulebook.
        """
        zh = change.zh
        for text in sorted(self._said, key=len, reverse=True):
            if len(text) >= _SHORTEST and text in zh:
                zh = zh.replace(text, self._said[text])
        return Told(zh, change.en)


def _formulas(part: object) -> Iterator[Formula]:
    """Every formula in a part and what it consists of."""
    if isinstance(part, Formula):
        yield part
    elif isinstance(part, Struct):
        for name in part.__struct_fields__:
            yield from _formulas(getattr(part, name))
    elif isinstance(part, dict):
        for value in part.values():
            yield from _formulas(value)
    elif isinstance(part, tuple):
        for value in part:
            yield from _formulas(value)
