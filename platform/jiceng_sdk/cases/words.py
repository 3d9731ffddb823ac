"""Which words could stand where a word stands: the other options, the next grades, the other settings."""

from collections.abc import Iterator
from typing import Any

Raw = dict[str, Any]
MOST = 3
"""So many other options of a list are tried in place of one."""
NAMES = 2
"""So many other names are tried in place of one."""
_WINDOWS = ("day", "week", "month", "quarter", "half", "year", "period")
ENUMERATIONS: dict[str, tuple[str, ...]] = {
    "combine": ("sum", "mean", "median", "max", "min", "count"),
    "across": ("sum", "mean", "max", "min", "last"),
    "merge": _WINDOWS,
    "rounding": ("ask", "down", "up", "half_up", "half_even", "largest_remainder"),
    "mode": ("half_up", "half_even", "down", "up"),
    "ties": ("ask", "in", "out"),
    "since": ("period", "always"),
    "gaps": ("refuse", "ask"),
    "overlaps": ("refuse", "ask"),
}


class Words:
    """The lists of words of one rulebook."""

    def __init__(self, raw: Raw) -> None:
        self.grades = tuple(map(str, raw.get("grades", [])))
        self.lists = [self.grades, *(tuple(map(str, options)) for options in _options(raw))]
        self._alike = _alike(raw)

    def like(self, name: str) -> Iterator[str]:
        """Other names of the same kind: facts, fields of one event, items and groups."""
        for names in self._alike:
            if name in names:
                yield from [other for other in names if other != name][:NAMES]

    def beside_grade(self, word: str) -> Iterator[str]:
        """The next better and the next worse grade."""
        if word in self.grades:
            at = self.grades.index(word)
            yield from self.grades[max(0, at - 1) : at]
            yield from self.grades[at + 1 : at + 2]

    def beside(self, word: str) -> Iterator[str]:
        """Other words of the list the word is in; a free word is changed."""
        if word in self.grades:
            yield from self.beside_grade(word)
            return
        for options in self.lists:
            if word in options:
                yield from [other for other in options if other != word][:MOST]
                return
        yield f"{word}改"


def _options(raw: Raw) -> Iterator[list[Any]]:
    for fact in raw.get("facts", {}).values():
        if not isinstance(fact, dict):
            continue
        if isinstance(fact.get("options"), list):
            yield [*fact["options"], *([fact["absent"]] if "absent" in fact else [])]
        fields = fact.get("fields", {})
        for field in fields.values() if isinstance(fields, dict) else ():
            if isinstance(field, list):
                yield field
            elif isinstance(field, dict) and isinstance(field.get("options"), list):
                yield field["options"]


def _alike(raw: Raw) -> list[list[str]]:
    """Names that could stand for each other: of one kind, seen in the same sub-period."""
    found: dict[tuple[Any, ...], list[str]] = {}
    for name, fact in raw.get("facts", {}).items():
        found.setdefault((fact.get("kind"), fact.get("each"), str(fact.get("options"))), []).append(name)
        for field, shape in fact.get("fields", {}).items():
            kind = shape.get("kind") if isinstance(shape, dict) else str(shape)
            found.setdefault((name, kind), []).append(field)
    for name in raw.get("classes", {}):
        found.setdefault(("flag", None, "None"), []).append(name)
    for section in ("items", "groups"):
        for name, part in raw.get(section, {}).items():
            unit = None if "across" in part else part.get("each")
            found.setdefault(("node", unit), []).append(name)
    return list(found.values())
