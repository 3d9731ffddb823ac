"""Facts into the database: what is recorded already is found row by row, the rest is inserted in bulk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from jiceng.facts.checking import ACCEPTED, DATE, ENTERED, EVIDENCE, SUBJECT
from jiceng.kernel.database import current_tenant, execute, fetch
from jiceng.kernel.ids import new_id

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from jiceng.facts.schemas import KindInfo

_CHUNK = 50_000
_NTH = "nth"


def not_recorded(rows: pl.DataFrame, recorded: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """The rows that `recorded` does not hold, one for one: three alike against one recorded leave two."""
    nth = pl.int_range(pl.len()).over(keys).alias(_NTH)
    return (
        rows.with_columns(nth)
        .join(recorded.select(keys).with_columns(nth), on=[*keys, _NTH], how="anti", nulls_equal=True)
        .drop(_NTH)
    )


async def recorded(info: KindInfo, first_day: date, last_day: date) -> pl.DataFrame:
    """Facts of a kind on these days, packed (subject, date, n1 …, w1 …); corrected ones are among them."""
    columns = ", ".join(f"{_cell(key)} as {key}" for key in _keys(info))
    sql = (
        f"select subject::text as subject, occurred as date, {columns} from fact "  # noqa: S608 - n1, w2 only
        "where tenant_id = $1 and kind = $2 and occurred between $3 and $4"
    )
    rows = await fetch(sql, current_tenant(), info.id, first_day, last_day)
    schema: dict[str, Any] = {SUBJECT: pl.String, DATE: pl.Date}
    schema |= {key: pl.String if key[0] == "w" else pl.Int64 for key in _keys(info)}
    return pl.DataFrame([tuple(row) for row in rows], schema=schema, orient="row")


async def insert(info: KindInfo, batch: UUID, first: int, rows: pl.DataFrame) -> None:
    """Insert packed rows, numbered from `first` in their order, with their free text apart."""
    for offset in range(0, rows.height, _CHUNK):
        part = rows.slice(offset, _CHUNK)
        await _insert_facts(info, batch, first + offset, part)
        await _insert_notes(first + offset, part)


async def _insert_facts(info: KindInfo, batch: UUID, first: int, part: pl.DataFrame) -> None:
    numbers, words = info.layout.numbers(), info.layout.words()
    names = ["id", "seq", "subject", "occurred", "entered", "accepted", *numbers, *words]
    kinds = [
        "uuid",
        "bigint",
        "text",
        "date",
        "text",
        "text",
        *["bigint"] * len(numbers),
        *["text"] * len(words),
    ]
    arrays = ", ".join(f"${place}::{kind}[]" for place, kind in enumerate(kinds, start=4))
    sql = (
        "insert into fact (tenant_id, id, seq, kind, subject, occurred, numbers, words, "  # noqa: S608
        "entered_by, accepted_by, corrects, withdrawn, batch) "
        "select $1, id, seq, $2, subject::uuid, occurred, "
        f"array[{', '.join(numbers)}]::bigint[], array[{', '.join(words)}]::text[], entered::uuid, "
        f"accepted::uuid, null, false, $3 from unnest({arrays}) as row ({', '.join(names)})"
    )
    await execute(
        sql,
        current_tenant(),
        info.id,
        batch,
        [new_id() for _ in range(part.height)],
        list(range(first, first + part.height)),
        part[SUBJECT].to_list(),
        part[DATE].to_list(),
        _given(part, ENTERED),
        _given(part, ACCEPTED),
        *(part[key].to_list() for key in (*numbers, *words)),
    )


async def _insert_notes(first: int, part: pl.DataFrame) -> None:
    notes = [(first + row, text) for row, text in enumerate(_given(part, EVIDENCE)) if text]
    if not notes:
        return
    await execute(
        "insert into fact_note (tenant_id, id, seq, text) "
        "select $1, id, seq, text from unnest($2::uuid[], $3::bigint[], $4::text[]) as row (id, seq, text)",
        current_tenant(),
        [new_id() for _ in notes],
        [seq for seq, _ in notes],
        [text for _, text in notes],
    )


def _given(part: pl.DataFrame, column: str) -> list[Any]:
    return part[column].to_list() if column in part.columns else [None] * part.height


def _keys(info: KindInfo) -> list[str]:
    return [column.key for column in info.layout.columns]


def _cell(key: str) -> str:
    return f"{'words' if key[0] == 'w' else 'numbers'}[{key[1:]}]"
