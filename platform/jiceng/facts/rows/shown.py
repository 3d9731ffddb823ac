"""Facts in words: the two arrays turned back into fields that a person can read."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from jiceng.facts.schemas import Column, FactShown, Layout, Value
from jiceng.facts.tables import NOTE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from jiceng.kernel.crypto.keyring import Keyring

_EPOCH = date(1970, 1, 1)
_NOBODY = "—"


def shown(row: Any, people: Mapping[UUID, str], keys: Keyring) -> FactShown:  # noqa: ANN401 - a database row
    """A fact's row in words; `people` are the names of those who entered and accepted it.

    Where the row has a `minimum`, the fact is under a veil: neither values nor free text.
    """
    layout = msgspec.json.decode(row["layout"], type=Layout)
    veiled = row["minimum"] is not None
    columns = () if veiled else layout.columns
    values = {column.name: value_of(column, row["numbers"], row["words"]) for column in columns}
    return FactShown(
        seq=row["seq"],
        scheme=row["scheme"],
        kind=row["name"],
        title=row["title"],
        occurred=row["occurred"],
        values=values,
        fields={name: in_words(value) for name, value in values.items()},
        evidence="" if veiled else keys.open(NOTE, row["seq"], row["evidence"]) or "",
        entered_by=people.get(row["entered_by"], _NOBODY),
        accepted_by=people.get(row["accepted_by"], _NOBODY),
        source=row["source"],
        state="withdrawn" if row["withdrawn"] else "corrected" if row["corrected"] else "",
        corrects=row["corrects"],
        withheld=row["minimum"] or 0,
    )


def value_of(column: Column, numbers: Sequence[int | None], words: Sequence[str | None]) -> Value:
    """One field as it was handed in; None when it was not given or registered later."""
    values: Sequence[int | str | None] = words if column.key[0] == "w" else numbers
    value = values[column.place - 1] if column.place <= len(values) else None
    if value is None or isinstance(value, str):
        return value
    match column.kind:
        case "flag":
            return bool(value)
        case "date":
            return _EPOCH + timedelta(days=value)
    return Decimal(value).scaleb(-column.scale)


def in_words(value: Value) -> str:
    """A field's value as text: 10, 0.5, 是, 2026-03-01; empty for none."""
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case Decimal():
            return f"{value.normalize():f}"
    return str(value)
