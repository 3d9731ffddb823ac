"""Texts about persons are stored sealed; empty ones stay empty, those from before are given as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from jiceng.api.crypto import keyring

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from jiceng.api.crypto import Column


async def sealed(column: Column, row: UUID, text: str) -> str:
    """What to store of one text."""
    return (await keyring()).seal(column, row, text) or "" if text else ""


async def sealed_rows(frame: pl.DataFrame, *columns: Column) -> pl.DataFrame:
    """Rows to insert with the texts of these columns sealed; `id` is their id as text."""
    keys, ids = await keyring(), frame["id"].to_list()
    return frame.with_columns(
        pl.Series(
            column.name,
            [
                keys.seal(column, row, text) if text else ""
                for row, text in zip(ids, frame[column.name].to_list(), strict=True)
            ],
            dtype=pl.String,
        )
        for column in columns
    )


async def in_clear(rows: Iterable[Any], *columns: Column) -> list[dict[str, Any]]:
    """Stored rows, which bring their `id`, with the texts of these columns in the clear."""
    found = [dict(row) for row in rows]
    if not any(row[column.name] for row in found for column in columns):
        return found
    keys = await keyring()
    for row in found:
        row.update({one.name: keys.open(one, row["id"], row[one.name]) or "" for one in columns})
    return found
