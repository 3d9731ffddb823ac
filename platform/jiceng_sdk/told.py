"""A sentence, or a part of one, in Chinese and in English."""

from __future__ import annotations

from typing import NamedTuple


class Told(NamedTuple):
    """The same in both languages; what a rulebook calls by name stands in both as it is written."""

    zh: str
    en: str


def same(text: str) -> Told:
    """A name, a number, a formula: as it is in both languages."""
    return Told(text, text)


def told(zh: str, en: str, **parts: Told | str) -> Told:
    """The sentence of two patterns, with the same parts put in (`{name}`), each in its language."""
    both = {key: part if isinstance(part, Told) else same(part) for key, part in parts.items()}
    return Told(
        zh.format(**{key: part.zh for key, part in both.items()}),
        en.format(**{key: part.en for key, part in both.items()}),
    )


def listed(parts: list[Told], zh: str = "、", en: str = ", ") -> Told:
    """Several one after the other."""
    return Told(zh.join(one.zh for one in parts), en.join(one.en for one in parts))
