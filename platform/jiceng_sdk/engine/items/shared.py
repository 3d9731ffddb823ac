"""What the rows of one fact come to, in as few passes over them as may be.

Whole numbers are added up in arrays by the number of the subject; everything else (decimals, tallies) is left
to Polars.
"""

from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from jiceng_sdk.engine.formulas.table import KEY
from jiceng_sdk.engine.items import plan as names
from jiceng_sdk.engine.items import staged, windows
from jiceng_sdk.engine.items.found import Found
from jiceng_sdk.engine.items.parts import END, Field, Part, Word
from jiceng_sdk.engine.items.recipe import Recipe
from jiceng_sdk.engine.items.source import Source
from jiceng_sdk.engine.numbers import arrays
from jiceng_sdk.engine.numbers.arrays import Whole

_NOTHING = pl.DataFrame()
At = NDArray[np.intp]
Total = NDArray[np.int64] | NDArray[np.bool_]


@dataclass(slots=True)
class Totals:
    """What the rows of one fact come to: `arrays` by name have one number or flag per subject, `lazy` are yet
    to be made.
    """

    found: list[Found] = field(default_factory=list)
    arrays: dict[str, Total] = field(default_factory=dict)
    lazy: list[pl.LazyFrame] = field(default_factory=list)


def totals(recipe: Recipe, source: Source) -> Totals:
    """Everything the rows come to, as far as arrays do; nothing but the rows is looked at."""
    out = Totals(arrays=_totals(recipe, source))
    general = {}
    for plan in recipe.general:
        pipeline, amount = staged.total(plan, source)
        out.lazy.append(pipeline)
        constant = None if plan.item.combine == "count" else amount.constant
        general[plan.name] = Found(plan, amount.places, constant, amount.largest)
    left = iter(general.values())
    out.found = [next(left) if found is None else found for found in recipe.found]
    if recipe.exprs:
        out.lazy.append(source.frame.group_by(KEY).agg(recipe.exprs))
    return out


def _totals(recipe: Recipe, source: Source) -> dict[str, Total]:
    """The totals of every part and of every item in windows, one value per subject."""
    found: dict[str, Total] = {}
    if not recipe.parts and not recipe.swift:
        return found
    each: dict[str, NDArray[np.int64]] = {}
    held: set[str] = set()
    for packed in recipe.words(source):
        code = packed.code(source)
        for word in packed.words:
            found.update(_read(word, code, source))
        each.update({name: table.take(code) for name, table in packed.each.items()})
        held |= packed.holds
        del code
    alone = [part for part in recipe.parts if part.name not in held]
    wanted = [part.column() for part in alone if part.how != "rows"]
    rows = source.given.select(wanted) if wanted else _NOTHING
    each.update({part.name: rows[part.name].to_numpy() for part in alone if part.how == "each"})
    found.update({part.name: _alone(part, rows, source) for part in alone if part.how != "each"})
    for windowed in recipe.swift:
        found[names.total(windowed.plan.name)] = windows.total(windowed, source, each)
    return found


def _read(word: Word, code: At, source: Source) -> dict[str, Total]:
    """The totals that stand in a word's total."""
    at, size, values = source.rows_at, source.size, word.table.take(code)
    match word.how:
        case "sum":
            found = arrays.added(at, values, size)
        case "bits":
            found = arrays.joined(at, values, size)
        case "bit":
            found = arrays.marked(at, values, size)
        case "max" | "min":
            return {word.fields[0].name: _end(word.how, at, values, size)}
    return {field.name: _field(field, found, source) for field in word.fields}


def _end(how: str, at: At, values: Whole, size: int) -> Whole:
    """The largest or smallest; of nothing 0."""
    out = np.full(size, -END if how == "max" else END, np.int64)
    (np.maximum if how == "max" else np.minimum).at(out, at, values)
    out[np.abs(out) == END] = 0
    return out


def _field(field: Field, total: Whole, source: Source) -> Total:
    some: Whole = total >> field.shift
    some &= (1 << field.width) - 1
    match field.how:
        case "any":
            return some > 0
        case "bits":
            return np.bitwise_count(some).astype(np.int64)
    return some + source.many * field.low if field.low else some


def _alone(part: Part, rows: pl.DataFrame, source: Source) -> Total:
    """The total of one part by itself."""
    if part.how == "rows":
        return source.many
    column, at, size = rows[part.name], source.rows_at, source.size
    if part.how == "any" or column.dtype == pl.Boolean:
        hits = np.bincount(at.take(column.to_numpy().nonzero()[0]), minlength=size)
        return hits > 0 if part.how == "any" else hits
    if part.how == "sum":
        return arrays.added(at, column.to_numpy(), size)
    if part.how == "bits":
        return np.bitwise_count(arrays.joined(at, column.to_numpy(), size)).astype(np.int64)
    there = column.is_not_null().to_numpy()
    at, values = (at, column.to_numpy()) if there.all() else (at[there], column.drop_nulls().to_numpy())
    return _end(part.how, at, values, size)
