"""Facts out of the database for the engine: batch by batch into narrow columns, subjects by their number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jiceng.facts.schemas import Column

SUBJECT, DATE = "subject", "date"
NUMBER = pl.UInt32
_LOW, _HIGH = "~low", "~high"


class Places:
    """The place of every subject in a list of ids (text), looked up by the two halves of the id."""

    def __init__(self, ids: pl.Series) -> None:
        raw = ids.str.replace_all("-", "", literal=True).str.decode("hex")
        high, low = _halves(pa.array(raw.to_list(), pa.binary(16)))
        number = pl.int_range(len(ids), dtype=NUMBER, eager=True).alias(SUBJECT)
        self._known = pl.DataFrame([high, low, number])
        self._by_half = low.n_unique() == len(low)

    def of(self, rows: pl.DataFrame) -> pl.Series:
        """The place of every row's subject, null for strangers."""
        if not self._by_half:  # not to be expected of random halves, but then both decide
            return rows.join(self._known, on=[_HIGH, _LOW], how="left", maintain_order="left")[SUBJECT]
        found = rows.select(_LOW).join(self._known, on=_LOW, how="left", maintain_order="left")
        same = found[_HIGH].eq_missing(rows[_HIGH])
        return found[SUBJECT] if same.all() else found[SUBJECT].set(~same, None)


class Reader:
    """Turns batches of (subject uuid, date, n1 …, w1 …) into columns the engine takes.

    `options`: the words a column may hold, which are then kept as their numbers.
    """

    def __init__(self, columns: Sequence[Column], options: dict[str, tuple[str, ...]]) -> None:
        self._columns = columns
        self._enums = {name: pl.Enum(list(dict.fromkeys(words))) for name, words in options.items() if words}

    def narrow(self, batch: pa.RecordBatch) -> pl.DataFrame:
        """One batch with its subjects as two halves of their ids."""
        columns = [
            *_halves(batch.column(SUBJECT)),
            pl.Series(DATE, pl.from_arrow(batch.column(DATE))),
            *(self._typed(batch, column) for column in self._columns),
        ]
        return pl.DataFrame(columns)

    def whole(self, batches: Sequence[pl.DataFrame], places: Places) -> pl.DataFrame:
        """All batches as subject (its place), date, fields; rows of strangers are left out."""
        rows = pl.concat(_alike(batches)) if batches else self._empty()
        numbers = places.of(rows)
        fields = [
            _scaled(rows[column.name], column.scale) if column.kind == "number" else rows[column.name]
            for column in self._columns
        ]
        found = pl.DataFrame([numbers, rows[DATE], *fields])
        return found.filter(pl.col(SUBJECT).is_not_null()) if numbers.null_count() else found

    def _typed(self, batch: pa.RecordBatch, column: Column) -> pl.Series:
        values = pl.Series(column.name, pl.from_arrow(batch.column(column.key)))
        match column.kind:
            case "date":
                return values.cast(pl.Int32).cast(pl.Date)
            case "flag":
                return values.cast(pl.Boolean)
            case "choice" | "text" if column.name in self._enums:
                known = values.cast(self._enums[column.name], strict=False)
                return values if known.null_count() > values.null_count() else known
        return values

    def _empty(self) -> pl.DataFrame:
        kinds = {
            "number": pl.Int64,
            "date": pl.Date,
            "flag": pl.Boolean,
            "choice": pl.String,
            "text": pl.String,
        }
        schema = {column.name: kinds[column.kind] for column in self._columns}
        return pl.DataFrame(schema={_HIGH: pl.UInt64, _LOW: pl.UInt64, DATE: pl.Date, **schema})


def _alike(batches: Sequence[pl.DataFrame]) -> list[pl.DataFrame]:
    """A column with an unknown word in one batch is text in all of them: the engine's door names the word."""
    text = {name for frame in batches for name, dtype in frame.schema.items() if dtype == pl.String}
    return [frame.with_columns(pl.col(name).cast(pl.String) for name in sorted(text)) for frame in batches]


def _halves(ids: pa.Array) -> tuple[pl.Series, pl.Series]:
    """The 16 bytes of every id as two integers, without copying them one by one."""
    storage = ids.storage if isinstance(ids, pa.ExtensionArray) else ids
    parts = pa.Array.from_buffers(
        pa.uint64(), 2 * len(storage), [None, storage.buffers()[1]], offset=2 * storage.offset
    )
    both = pl.Series(pl.from_arrow(parts))
    return both.gather_every(2).alias(_HIGH), both.gather_every(2, 1).alias(_LOW)


def _scaled(values: pl.Series, scale: int) -> pl.Series:
    """Numbers kept as integers of `scale` decimals: as integers when whole, else with the decimals needed."""
    places = _places(values, scale)
    whole: pl.Series = values // 10 ** (scale - places)
    if not places:
        return whole
    wide = pl.Decimal(38, places)
    return pl.select(
        (pl.lit(whole).cast(wide) / pl.lit(10**places).cast(wide)).alias(values.name)
    ).to_series()


def _places(values: pl.Series, scale: int) -> int:
    """How many decimals the values need; none when there is no value."""
    needed = (places for places in range(scale) if not (values % 10 ** (scale - places) != 0).any())
    return next(needed, scale)
