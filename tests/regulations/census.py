"""Which part of the vocabulary each regulation uses; `python -m tests.regulations.census` writes it."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from jiceng_sdk.expressions.formula import Formula
from jiceng_sdk.expressions.tokens import ParseFault
from jiceng_sdk.expressions.tree import Call, Compare, Name, walk
from jiceng_sdk.rulebook.reading import toml

HERE = Path(__file__).parent
TARGET = HERE.parents[1] / "docs" / "vocabulary-census.md"
NAMED = ("facts", "items", "groups", "classes", "outputs", "area")
PROSE = ("title", "clause", "basis", "unit")
HEAD = """# Which part of the vocabulary each regulation uses

Counted from `tests/regulations/*.toml`, the published ones, by number, and `unseen/*.toml`, of other shapes
and written afterwards, by name (a test compares); the word before `·` is the section a key stands in.
A part that only one regulation uses is a candidate to go; a habit that needs three parts, for a preset.

| part | used by | regulations |
|---|---|---|
"""


def rulebooks(folder: Path) -> list[Path]:
    """The rulebooks of a folder, without their cases."""
    return sorted(path for path in folder.glob("*.toml") if not path.name.endswith(".cases.toml"))


def census(books: Iterable[Path]) -> str:
    """The table as Markdown, parts most used first."""
    parts = counted_parts(books)
    rows = sorted(parts.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return HEAD + "".join(f"| `{part}` | {len(books)} | {' '.join(books)} |\n" for part, books in rows)


def counted_parts(books: Iterable[Path]) -> dict[str, list[str]]:
    """Part → numbers (names of the unseen ones) of the regulations that use it."""
    found: dict[str, list[str]] = {}
    for path in books:
        for part in sorted(set(_parts(toml(path.read_text(encoding="utf-8"))))):
            number = path.stem[:2]
            found.setdefault(part, []).append(number if number.isdigit() else path.stem)
    return found


def _parts(raw: dict[str, Any]) -> Iterator[str]:
    for key, value in raw.items():
        yield key
        if key in NAMED and isinstance(value, dict):
            for part in value.values():
                yield from _part(key, part) if isinstance(part, dict) else _words(part)
        elif key == "decide":
            for rule in value:
                yield f"decide · {rule['do']}"
                yield from _part(f"decide {rule['do']}", {k: v for k, v in rule.items() if k != "do"})


def _part(section: str, part: dict[str, Any]) -> Iterator[str]:
    for key, value in part.items():
        if key in PROSE:
            continue
        yield f"{section} · {key}"
        if key == "kind":
            yield f"facts · kind = {value}"
        elif key in ("combine", "across", "each", "rounding", "ties", "since") and isinstance(value, str):
            yield f"{section} · {key} = {value}"
        yield from _deep(value)


def _deep(value: Any) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            for below in one.values():
                yield from _deep(below)
        else:
            yield from _words(one)


def _words(text: Any) -> Iterator[str]:
    """Functions, history, chains inside an expression."""
    if not isinstance(text, str):
        return
    try:
        tree = Formula(text).tree
    except ParseFault:
        return
    for part in walk(tree):
        if isinstance(part, Call):
            yield f"function {part.function}"
            if part.over is not None:
                yield "expression cohort_…(x, [names])"
        elif isinstance(part, Name) and part.name.startswith(("previous.", "period.")):
            yield f"name {part.name}"
        elif isinstance(part, Compare) and len(part.ops) > 1:
            yield "expression a <= b < c"


if __name__ == "__main__":
    TARGET.write_text(census([*rulebooks(HERE), *rulebooks(HERE / "unseen")]), encoding="utf-8")
