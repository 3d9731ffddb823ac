"""Which fields the form of a part may carry: those of its section, and of what a decision does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from jiceng.schemes.editing.fields import SECTIONS, specs_of
from jiceng.schemes.editing.fields.decisions import LOOKS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jiceng.schemes.editing.spec import Spec

CELLS = r"(items|groups)\.\w{1,80}\.(points|cap)"
"""A number that is changed in the tables of a draft."""
_ALWAYS = ("revision", "do", "_into", "again", "drop_row", "add_row")
_ROW = "[0-9]{1,4}"


def part_fields(parameters: Mapping[str, Any], sent: Mapping[str, Any]) -> tuple[str, ...]:
    """The names that the form of a part may carry; of an unknown section or decision only what all have."""
    section, do = parameters.get("section"), str(sent.get("do", ""))
    if section == "decide":
        specs = LOOKS.get(do, ())
    else:
        specs = specs_of(section) if section == "header" or section in SECTIONS else ()
    return (*_ALWAYS, *(name for spec in specs for name in _names(spec)))


def _names(spec: Spec) -> Iterator[str]:
    """A field's name; of a small table a name for each cell."""
    if spec.kind == "rows":
        yield from (f"{re.escape(spec.key)}-{_ROW}-{re.escape(column.key)}" for column in spec.columns)
    else:
        yield re.escape(spec.key)
