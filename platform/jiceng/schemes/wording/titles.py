"""Titles of a scheme's fields, for pages that show facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.kernel.clock import today
from jiceng.schemes import queries

if TYPE_CHECKING:
    from jiceng_sdk.rulebook import Rulebook

FieldTitles = dict[str, dict[str, str]]
"""Fact → field → title."""


async def field_titles(key: str) -> FieldTitles:
    """Titles in the rulebook in force today; empty when there is none."""
    version = await queries.in_force(key, today())
    return {} if version is None else titles_in(await queries.book_of(version.id))


def titles_in(book: Rulebook) -> FieldTitles:
    """Titles of a rulebook's fields; a single value carries its fact's title."""
    return {
        name: {field: spec.title or field for field, spec in fact.fields.items()}
        or {"value": fact.title or name}
        for name, fact in book.facts.items()
    }
