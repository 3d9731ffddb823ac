"""Events, ballots and results at the door: known subjects and fields, inside the period, typed and
keyed by number.
"""

from collections.abc import Mapping

import polars as pl

from jiceng_sdk.engine.door import columns
from jiceng_sdk.engine.door.blame import Blame
from jiceng_sdk.engine.door.fact_rows import VOTES, Rows
from jiceng_sdk.engine.door.index import ROW_KEY, SUBJECT, Index
from jiceng_sdk.engine.door.layout import Rowed
from jiceng_sdk.engine.door.shape import Shape
from jiceng_sdk.engine.door.words import Numbers
from jiceng_sdk.engine.numbers.exact import ROW
from jiceng_sdk.engine.period import Period
from jiceng_sdk.faults import nearest
from jiceng_sdk.rulebook.parts import Fact

MOST_VOTES = 100_000_000
MOST_DIGITS = 38
"""What decimals are kept with."""


NONE: Numbers = {}
_OTHERS = frozenset({SUBJECT, "date", VOTES})
"""Columns that are no fields."""


def read(
    rowed: Rowed,
    given: Mapping[str, pl.Series] | None,
    index: Index,
    period: Period,
    blame: Blame,
    numbers: Numbers = NONE,
) -> Rows:
    """All rows of one fact, typed. `given`: its columns; `numbers`: of its words and decimals, where there
    are some.

    Faults go to `blame`; the rows are then not to be used.
    """
    columns_ = pl.DataFrame(schema=_schema(rowed, index)).to_dict() if given is None else given
    fact, path, shapes = rowed.fact, rowed.path, rowed.shapes
    ids = columns_.get(SUBJECT)
    if ids is None:
        blame.whole(path, "缺少 subject 列（对象编号）", "no column subject")
        return read(rowed, None, index, period, blame)
    for column in columns_:
        if column not in shapes and column not in _OTHERS:
            _undeclared(path, column, shapes, blame)
    out = {ROW_KEY: _keyed(ids, index, path, blame)}
    if "date" in columns_ or rowed.dated:
        out["date"] = _dates(ids, columns_.get("date"), fact, period, path, blame)
    if VOTES in columns_:
        out[VOTES] = _votes(ids, columns_[VOTES], fact, path, blame)
    words: dict[str, tuple[str, ...]] = {}
    whole: dict[str, pl.Series] = {}
    coded: dict[str, pl.Series] = {}
    for name, shape in shapes.items():
        handed, number, known = columns_.get(name), numbers.get(name), rowed.named[name]
        if number is not None and name in rowed.grouped:
            found = _field(name, handed, shape, ids, blame)
            coded[known] = number
        elif handed is None or number is None or (sure := _numbered(shape, handed, number)) is None:
            found = _field(name, handed, shape, ids, blame)
        elif shape.options:
            found = sure
            words[known] = shape.options
        else:
            found = handed
            whole[known] = sure
        out[known] = found
    gaps = frozenset([name for name, column in out.items() if name != ROW_KEY and column.null_count()])
    return Rows(out, gaps, words, whole, coded)


def _numbered(shape: Shape, handed: pl.Series, number: pl.Series) -> pl.Series | None:
    """The numbers, if every word is an option, if decimals are kept as they are and lie within the bounds."""
    lost = number.null_count() > handed.null_count()
    if shape.options:
        return None if lost else number
    dtype = handed.dtype
    if not isinstance(dtype, pl.Decimal) or dtype.scale > shape.places or dtype.precision != MOST_DIGITS:
        return None
    if lost:  # some may need more than 32 bits
        number = handed.to_physical().cast(pl.Int64, strict=False)
    low, high = number.min(), number.max()
    if number.null_count() > handed.null_count() or not (isinstance(low, int) and isinstance(high, int)):
        return None
    inside = shape.low.scaleb(dtype.scale) <= low and high <= shape.high.scaleb(dtype.scale)
    return number if inside else None


def _schema(rowed: Rowed, index: Index) -> dict[str, pl.DataType]:
    dated: dict[str, pl.DataType] = {"date": pl.Date()} if rowed.dated else {}
    return {SUBJECT: index.ids.dtype, **dated, **{n: shape.dtype for n, shape in rowed.shapes.items()}}


def _undeclared(path: str, column: str, shapes: Mapping[str, Shape], blame: Blame) -> None:
    near = nearest(column, [*shapes, "date", VOTES])
    hint = f"，是否指“{near}”？" if near else "；请删去该列或在规则中声明该字段"
    blame.whole(f"{path}.{column}", f"没有声明字段“{column}”{hint}", f"no field {column!r}", nearest=near)


def _keyed(ids: pl.Series, index: Index, path: str, blame: Blame) -> pl.Series:
    if not index.alike(ids) and len(ids):
        index.mistyped(ids, path, blame)
        return pl.Series(ROW_KEY, [0] * len(ids), dtype=ROW)
    keys = index.keyed(ids)
    if keys.null_count():
        names = ids.filter(keys.is_null()).unique(maintain_order=True)
        blame.rows(path, names, None, "不在对象表中", "is not among the subjects")
    return keys


def _dates(
    ids: pl.Series, given: pl.Series | None, fact: Fact, period: Period, path: str, blame: Blame
) -> pl.Series:
    where = f"{path}.date"
    dated = given is not None and isinstance(given.dtype, pl.Date)
    if given is None or not (dated or isinstance(given.dtype, pl.Null)):
        if given is None or len(ids):
            blame.whole(where, "缺少日期列 date（类型 Date）", "no column date of type Date")
        return pl.Series("date", [None] * len(ids), dtype=pl.Date)
    days = given if dated else given.cast(pl.Date)
    if fact.kind == "event" and days.null_count():
        blame.rows(where, ids.filter(days.is_null()), None, "有一行没有日期", "has a row without a date")
    _inside(ids, days, fact, period, where, blame)
    return days


def _inside(ids: pl.Series, days: pl.Series, fact: Fact, period: Period, where: str, blame: Blame) -> None:
    first, last = days.min(), days.max()
    always = fact.since == "always" or fact.source == "roster"
    if last is not None and last > period.end:  # type: ignore[operator] # a column of dates
        bad = (days > period.end).fill_null(value=False)
        zh = f"晚于期末 {period.end}"
        blame.rows(where, ids.filter(bad), days.filter(bad), zh, f"is after {period.end}")
    if first is not None and not always and first < period.start:  # type: ignore[operator] # a column of dates
        bad = (days < period.start).fill_null(value=False)
        zh = f'早于期初 {period.start}（要回看以前的事，请给该事实写 since = "always"）'
        blame.rows(where, ids.filter(bad), days.filter(bad), zh, f"is before {period.start}")


def _votes(ids: pl.Series, votes: pl.Series, fact: Fact, path: str, blame: Blame) -> pl.Series:
    where = f"{path}.votes"
    if fact.kind != "ballot" or not (votes.dtype.is_integer() or votes.dtype == pl.Null):
        zh = "只有投票（ballot）可以带票数 votes，且应为整数"
        blame.whole(where, zh, "only a ballot has votes, whole numbers")
        return pl.Series(VOTES, [1] * len(ids), dtype=pl.Int64)
    bad = (votes.cast(pl.Int64).fill_null(-1) < 0) | (votes.cast(pl.Int64).fill_null(0) > MOST_VOTES)
    if bad.any():
        zh = "票数应为 0 到 1 亿的整数"
        blame.rows(where, ids.filter(bad), votes.filter(bad), zh, "is no number of votes")
    return votes.cast(pl.Int64)


def _field(name: str, given: pl.Series | None, shape: Shape, ids: pl.Series, blame: Blame) -> pl.Series:
    if given is None:
        out = pl.Series(name, [None] * len(ids), dtype=shape.dtype)
    else:
        out = columns.read(given, shape, ids, blame, narrow=True)
    return out.fill_null(value=False) if shape.kind == "flag" and out.null_count() else out
