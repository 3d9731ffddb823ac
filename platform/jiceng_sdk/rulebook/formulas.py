"""Every expression of a rulebook with its path, as `items.dues.checks[0].when`."""

from collections.abc import Iterator

from msgspec import Struct

from jiceng_sdk.expressions.formula import Formula
from jiceng_sdk.rulebook.parts import Override, Rulebook

SECTIONS = ("facts", "items", "groups", "outputs", "area")


def formulas(book: Rulebook) -> Iterator[tuple[str, Formula]]:
    """All expressions in the order of the book; `score = "none"` is a word and not among them."""
    for name, formula in book.classes.items():
        yield f"classes.{name}", formula
    for section in SECTIONS:
        for name, part in getattr(book, section).items():
            yield from inside(part, f"{section}.{name}")
    for n, decision in enumerate(book.decide):
        yield from inside(decision, f"decide[{n}]")


def inside(part: Struct, path: str) -> Iterator[tuple[str, Formula]]:
    """The expressions of one part and of its rows; paths use the words of TOML (`for`, `from`)."""
    for name, word in zip(part.__struct_fields__, part.__struct_encode_fields__, strict=True):
        if name == "score" and isinstance(part, Override) and part.unscored:
            continue
        value, where = getattr(part, name), f"{path}.{word}"
        if isinstance(value, Formula):
            yield where, value
        elif isinstance(value, tuple):
            yield from _rows(value, where)


def _rows(values: tuple[object, ...], path: str) -> Iterator[tuple[str, Formula]]:
    for n, value in enumerate(values):
        if isinstance(value, Formula):
            yield f"{path}[{n}]", value
        elif isinstance(value, Struct):
            yield from inside(value, f"{path}[{n}]")
