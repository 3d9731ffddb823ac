"""What Polars makes of a formula over a table, as the array that decisions and nodes read."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from msgspec.structs import replace

from jiceng_sdk.engine.formulas.table import Table
from jiceng_sdk.engine.formulas.value import Value
from jiceng_sdk.engine.numbers.columns import Column, Unfit, arrays
from jiceng_sdk.engine.numbers.exact import EXACT, SNAP, finite
from jiceng_sdk.engine.numbers.given import measured, numbered


@dataclass(frozen=True, slots=True)
class General:
    """What Polars makes of a formula: `value` over the rows of `table`."""

    value: Value
    table: Table

    def series(self, expr: pl.Expr) -> pl.Series:
        """One value per row."""
        return self.table.series(expr)

    def column(self) -> Column:
        """As decisions read it: quotients at their 12 places. Raises Unfit for words without options."""
        value = self.value
        absent = None if value.absent is None else self.series(value.absent)
        gone = None if absent is None else arrays(absent)[0]
        found = self.series(value.snapped())
        match value.kind:
            case "number":
                places = value.places if value.places is not None and finite(value.places) else SNAP
                return replace(measured(found.cast(EXACT), places), absent=gone)
            case "text":
                return _words(value, found, gone)
        data, null = arrays(found)
        return Column(value.kind, data, null, absent=gone)


def _words(value: Value, found: pl.Series, gone: object) -> Column:
    """Words of known options, as their numbers."""
    if not value.options or gone is not None:
        raise Unfit
    options = tuple(dict.fromkeys(value.options))
    data, null = numbered(found.cast(pl.Enum(options)))
    return Column("text", data.astype(np.int64), null, options=options)
