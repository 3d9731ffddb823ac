"""Earlier results: `previous.*` beside the subject, and conditions looked back through several periods."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
import polars as pl
from numpy.typing import NDArray

from jiceng_sdk.engine.door import SUBJECT, Index
from jiceng_sdk.engine.door.shape import enumerated
from jiceng_sdk.engine.formulas.compile import compiled
from jiceng_sdk.engine.formulas.scope import Maker, Scope
from jiceng_sdk.engine.formulas.table import KEY, Table
from jiceng_sdk.engine.formulas.value import Value
from jiceng_sdk.engine.numbers.columns import Column, arrays, nullable
from jiceng_sdk.engine.numbers.exact import EXACT, LEVEL, whole
from jiceng_sdk.engine.numbers.framing import framed
from jiceng_sdk.engine.numbers.given import numbered
from jiceng_sdk.expressions.symbols import Kind
from jiceng_sdk.expressions.tree import Call, Number, names
from jiceng_sdk.faults import Fault, Faults
from jiceng_sdk.rulebook import Analysis
from jiceng_sdk.rulebook.history import EARLIER, depth

BACK = "back"
"""Column: how many periods ago; 1 is the last one."""
GRADE = "grade"
_DTYPES: Mapping[Kind, pl.DataType] = {
    "number": EXACT,
    "flag": pl.Boolean(),
    "text": pl.String(),
    "date": pl.Date(),
    "grade": LEVEL(),
}


@dataclass(frozen=True, slots=True)
class History:
    """`frame`: `@`, `back` and one typed column per kind of result; `kinds`: name → kind; `score`:
    what the total is called; `deep`: names of more than one period ago that somebody reads.
    """

    frame: pl.DataFrame
    kinds: Mapping[str, Kind]
    score: str
    deep: frozenset[str]

    def last(self, table: Table) -> None:
        """Make `previous.*` readable; what does not exist compares as no."""
        for back, before in enumerate(EARLIER, 1):
            read = {n: before + n for n in self.kinds if back == 1 or before + n in self.deep}
            if not read:
                continue
            at = self._rows(back, table.size)
            for n, name in read.items():
                column = (self.frame[n] if at is None else self.frame[n][at]).alias(name)
                table.keep([column])
                table.values[name] = _past(name, self.kinds[n])
                if self.kinds[n] in ("grade", "flag", "date"):
                    table.seed(name, partial(_column, column, self.kinds[n]))

    def _rows(self, back: int, size: int) -> pl.Series | None:
        """The row of every subject's result so many periods ago; None when the rows are these, in order."""
        keys, rows = self.frame[KEY].to_numpy(), (self.frame[BACK].to_numpy() == back).nonzero()[0]
        if len(rows) == len(keys) == size and bool((keys == np.arange(size)).all()):
            return None
        at = np.zeros(size, np.uint32)
        there = np.zeros(size, np.bool_)
        at[keys[rows]], there[keys[rows]] = rows, True
        return nullable("", at, ~there)

    def calls(self, table: Table) -> Mapping[str, Maker]:
        """`streak(condition)` and `times(condition, periods)`: this period included."""

        def streak(call: Call, scope: Scope) -> Value:
            now, past = compiled(call.args[0], scope), self._hits(call, scope)
            run = past.sort(KEY, BACK).with_columns(
                pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over(KEY).alias("nth")
            )
            before = run.filter(pl.col("nth") == pl.col(BACK)).group_by(KEY).agg(pl.len().cast(pl.Int64))
            counted = _attached(table, before)
            out = pl.when(now.expr).then(counted + 1).otherwise(0)
            return _number(pl.when(now.expr.is_null()).then(None).otherwise(out), now)

        def times(call: Call, scope: Scope) -> Value:
            now, past = compiled(call.args[0], scope), self._hits(call, scope)
            if len(call.args) > 1 and isinstance(call.args[1], Number):
                past = past.filter(pl.col(BACK) < int(call.args[1].value))
            before = past.group_by(KEY).agg(pl.len().cast(pl.Int64))
            return _number(now.expr.cast(pl.Int64) + _attached(table, before), now)

        return {"streak": streak, "times": times}

    def _hits(self, call: Call, scope: Scope) -> pl.DataFrame:
        """Earlier periods in which the condition held; what is unknown there counts as no."""
        frame, then = self.frame, {name: Value(pl.col(name), kind, 12) for name, kind in self.kinds.items()}
        then[self.score] = then["score"]
        for name in sorted(n for n in names(call.args[0]) if depth(n)):
            plain = name.removeprefix(EARLIER[depth(name) - 1])
            before = self.frame.select(KEY, pl.col(BACK) - depth(name), pl.col(plain).alias(name))
            frame = frame.join(before, on=[KEY, BACK], how="left")
            then[name] = _past(name, self.kinds[plain])
        return frame.filter(compiled(call.args[0], Scope(then, scope.grades)).expr)


@lru_cache(maxsize=1024)
def _past(name: str, kind: Kind) -> Value:
    """An earlier result; what does not exist compares as no."""
    return Value(pl.col(name), kind, 12, absent=pl.col(name).is_null())


def _column(found: pl.Series, kind: Kind) -> Column:
    """The same as an array."""
    data, null = arrays(found)
    return Column(kind, data, null, absent=null)


def _attached(table: Table, found: pl.DataFrame) -> pl.Expr:
    name = table.fresh()
    table.join(found.rename({"len": name}))
    return pl.col(name).fill_null(0)


def _number(expr: pl.Expr, now: Value) -> Value:
    return Value(whole(expr), "number", 0, nullable=now.nullable)


def history(analysis: Analysis, previous: pl.DataFrame | None, index: Index) -> History:
    """Earlier results typed and keyed. Raises Faults for a missing column, a strange grade, a
    period given twice.
    """
    kinds, score = kinds_of(analysis), analysis.book.score
    deep = analysis.deep
    empty = {KEY: pl.UInt32(), BACK: pl.Int64(), **{name: _DTYPES[kind] for name, kind in kinds.items()}}
    if previous is None or not previous.height:
        return History(pl.DataFrame(schema=empty), kinds, score, deep)
    given = dict(zip(previous.columns, previous.get_columns(), strict=True))
    levels = _levels(analysis, given)
    if faults := tuple(_refused(given, levels)):
        raise Faults(faults)
    keys, back = index.keyed(given[SUBJECT].cast(index.ids.dtype)).alias(KEY), given[BACK].cast(pl.Int64)
    columns = [_typed(name, kind, given, levels) for name, kind in kinds.items()]
    if keys.null_count():
        there = keys.is_not_null()
        keys, back, *columns = (column.filter(there) for column in (keys, back, *columns))
    if _twice(keys, back):
        raise Faults([_fault("上期结果中同一对象同一期出现两次", "a subject has two results of one period")])
    return History(framed([keys, back, *columns]), kinds, score, deep)


def _twice(keys: pl.Series, back: pl.Series) -> bool:
    """Whether a subject has two results of one period."""
    most = back.max()
    if not isinstance(most, int) or most > len(back):
        return bool(pl.DataFrame([keys, back]).is_duplicated().any())
    if most == 1:
        return _again(keys.to_numpy())
    return bool((keys.cast(pl.Int64) * (most + 1) + back).is_duplicated().any())


def _again(keys: NDArray[np.uint32]) -> bool:
    """Whether a key is there twice."""
    return bool(len(keys)) and int(np.bincount(keys).max()) > 1


def _fault(zh: str, en: str) -> Fault:
    return Fault(zh=zh, en=en, path="previous", code="facts")


def kinds_of(analysis: Analysis) -> dict[str, Kind]:
    """What an earlier result holds: score, status, grade, every output."""
    kinds: dict[str, Kind] = {"score": "number", "status": "text"}
    if analysis.book.grades:
        kinds["grade"] = "grade"
    for name in analysis.book.outputs:
        kinds[name] = analysis.formulas[f"outputs.{name}.value"].kind
    return kinds


Given = Mapping[str, pl.Series]
"""Earlier results as handed in, by column."""


def _levels(analysis: Analysis, given: Given) -> pl.Series | None:
    """Earlier grades as levels, nothing for words that are no grade; None where there are no grades."""
    if GRADE not in given or not analysis.book.grades:
        return None
    grades = analysis.book.grades
    place, null = numbered(given[GRADE].cast(enumerated(grades), strict=False))
    return nullable(GRADE, len(grades) - place.astype(np.int16), null)


def _typed(name: str, kind: Kind, given: Given, levels: pl.Series | None) -> pl.Series:
    """A column of earlier results; nothing where it was not handed in."""
    if name not in given:
        return _nothing(_DTYPES[kind]).new_from_index(0, len(given[BACK])).alias(name)
    if kind == "grade" and levels is not None:
        return levels.alias(name)
    return given[name].cast(_DTYPES[kind])


@lru_cache(maxsize=64)
def _nothing(dtype: pl.DataType) -> pl.Series:
    return pl.Series([None], dtype=dtype)


def _refused(given: Given, levels: pl.Series | None) -> list[Fault]:
    missing = [column for column in (SUBJECT, BACK) if column not in given]
    if missing:
        return [_fault(f"上期结果缺少 {'、'.join(missing)} 列", f"previous lacks {', '.join(missing)}")]
    found = []
    if (given[BACK] < 1).any():
        found.append(_fault("上期结果的 back 应从 1 起（1 = 上一期）", "back counts from 1"))
    floats = [name for name, column in given.items() if column.dtype.is_float()]
    if floats:
        found.append(_fault(f"上期结果的 {'、'.join(floats)} 是浮点数", f"floats in previous: {floats}"))
    if levels is not None and levels.null_count() > given[GRADE].null_count():
        lost = levels.is_null() & given[GRADE].is_not_null()
        strange = given[GRADE].filter(lost).cast(pl.String).unique().to_list()
        found.append(_fault(f"上期结果中有不认识的等次：{'、'.join(sorted(strange))}", "unknown grades"))
    return found
