"""Events, ballots and results at the door: known subjects and fields, inside the period, typed and
keyed by number.
"""

from collections.abc import Mapping

import polars as pl

from jiceng_sdk.engine.door import columns
from jiceng_sdk.engine.door.blame import Blame
from jiceng_sdk.engine.door.inputs import ROW_KEY, VOTES, Rows
from jiceng_sdk.engine.door.shape import Shape, bounds, of_fact, of_field
from jiceng_sdk.engine.door.subjects import SUBJECT, keyed
from jiceng_sdk.engine.door.words import Typed
from jiceng_sdk.engine.exact import ROW, SNAP
from jiceng_sdk.engine.period import Period
from jiceng_sdk.faults import nearest
from jiceng_sdk.rulebook.parts import Fact

MOST_VOTES = 100_000_000


NONE: Typed = {}


def read(
    name: str,
    fact: Fact,
    given: pl.DataFrame | None,
    index: pl.DataFrame,
    period: Period,
    blame: Blame,
    shapes: Mapping[str, Shape],
    typed: Typed = NONE,
) -> Rows:
    """All rows of one fact, typed. `shapes`: what its columns must look like; `typed`: those typed already.

    Faults go to `blame`; the rows are then not to be used.
    """
    frame = pl.DataFrame(schema=_schema(fact, shapes, index)) if given is None else given
    path = f"facts.{name}"
    if SUBJECT not in frame.columns:
        blame.whole(path, "缺少 subject 列（对象编号）", "no column subject")
        return read(name, fact, None, index, period, blame, shapes)
    for column in frame.columns:
        if column not in shapes and column not in (SUBJECT, "date", VOTES):
            _undeclared(path, column, shapes, blame)
    keyed = _keyed(frame, index, path, blame)
    out = [keyed]
    if "date" in frame.columns or fact.kind == "event":
        out.append(_dates(frame, fact, period, path, blame))
    if VOTES in frame.columns:
        out.append(_votes(frame, fact, path, blame))
    ids = frame[SUBJECT]
    for column, shape in shapes.items():
        found = _field(frame, column, shape, ids, blame, typed.get(column))
        out.append(found.alias(_named(name, fact, column)))
    return Rows(pl.DataFrame(out), frozenset(column.name for column in out if column.null_count()))


def _named(name: str, fact: Fact, column: str) -> str:
    """The name expressions use: `result.score` of a result, the fact's own name for a choice with
    many values.
    """
    if fact.kind == "result":
        return f"result.{column}"
    return name if fact.many else column


def shapes_of(name: str, fact: Fact) -> Mapping[str, Shape]:
    """What every column of its rows must look like."""
    path = f"facts.{name}"
    if fact.many:
        return {"value": of_fact(name, fact)}
    found = {n: of_field(f"{path}.{n}", n, field) for n, field in fact.fields.items()}
    if fact.kind == "result":
        found["score"] = Shape(f"{path}.score", "得分", "number", (), *bounds(fact), SNAP)
        found["grade"] = Shape(f"{path}.grade", "等次", "choice", fact.options)
        found["role"] = Shape(f"{path}.role", "角色", "text")
    return found


def _schema(fact: Fact, shapes: Mapping[str, Shape], index: pl.DataFrame) -> dict[str, pl.DataType]:
    dated: dict[str, pl.DataType] = {"date": pl.Date()} if fact.kind == "event" else {}
    return {SUBJECT: index.schema[SUBJECT], **dated, **{n: shape.dtype for n, shape in shapes.items()}}


def _undeclared(path: str, column: str, shapes: Mapping[str, Shape], blame: Blame) -> None:
    near = nearest(column, [*shapes, "date", VOTES])
    hint = f"，是否指“{near}”？" if near else "；请删去该列或在规则中声明该字段"
    blame.whole(f"{path}.{column}", f"没有声明字段“{column}”{hint}", f"no field {column!r}", nearest=near)


def _keyed(frame: pl.DataFrame, index: pl.DataFrame, path: str, blame: Blame) -> pl.Series:
    ids = frame[SUBJECT]
    if ids.dtype != index[SUBJECT].dtype and frame.height:
        zh = f"对象编号的类型是 {ids.dtype}，对象表是 {index[SUBJECT].dtype}"
        blame.whole(path, zh, f"ids are {ids.dtype}, in the frame of subjects {index[SUBJECT].dtype}")
        return pl.Series(ROW_KEY, [0] * frame.height, dtype=ROW)
    keys = keyed(ids, index)
    if keys.null_count():
        names = ids.filter(keys.is_null()).unique(maintain_order=True)
        blame.rows(path, names, None, "不在对象表中", "is not among the subjects")
    return keys


def _dates(frame: pl.DataFrame, fact: Fact, period: Period, path: str, blame: Blame) -> pl.Series:
    where = f"{path}.date"
    if "date" not in frame.columns or frame["date"].dtype not in (pl.Date, pl.Null):
        if "date" not in frame.columns or frame.height:
            blame.whole(where, "缺少日期列 date（类型 Date）", "no column date of type Date")
        return pl.Series("date", [None] * frame.height, dtype=pl.Date)
    days = frame["date"].cast(pl.Date)
    if days.null_count() and fact.kind == "event":
        blame.rows(
            where, frame[SUBJECT].filter(days.is_null()), None, "有一行没有日期", "has a row without a date"
        )
    _inside(frame, days, fact, period, where, blame)
    return days


def _inside(
    frame: pl.DataFrame, days: pl.Series, fact: Fact, period: Period, where: str, blame: Blame
) -> None:
    first, last = days.min(), days.max()
    always = fact.since == "always" or fact.source == "roster"
    if last is not None and last > period.end:  # type: ignore[operator] # a column of dates
        bad = (days > period.end).fill_null(value=False)
        zh = f"晚于期末 {period.end}"
        blame.rows(where, frame[SUBJECT].filter(bad), days.filter(bad), zh, f"is after {period.end}")
    if first is not None and not always and first < period.start:  # type: ignore[operator] # a column of dates
        bad = (days < period.start).fill_null(value=False)
        zh = f'早于期初 {period.start}（要回看以前的事，请给该事实写 since = "always"）'
        blame.rows(where, frame[SUBJECT].filter(bad), days.filter(bad), zh, f"is before {period.start}")


def _votes(frame: pl.DataFrame, fact: Fact, path: str, blame: Blame) -> pl.Series:
    votes, where = frame[VOTES], f"{path}.votes"
    if fact.kind != "ballot" or not (votes.dtype.is_integer() or votes.dtype == pl.Null):
        zh = "只有投票（ballot）可以带票数 votes，且应为整数"
        blame.whole(where, zh, "only a ballot has votes, whole numbers")
        return pl.Series(VOTES, [1] * frame.height, dtype=pl.Int64)
    bad = (votes.cast(pl.Int64).fill_null(-1) < 0) | (votes.cast(pl.Int64).fill_null(0) > MOST_VOTES)
    if bad.any():
        zh = "票数应为 0 到 1 亿的整数"
        blame.rows(where, frame[SUBJECT].filter(bad), votes.filter(bad), zh, "is no number of votes")
    return votes.cast(pl.Int64)


def _field(
    frame: pl.DataFrame, column: str, shape: Shape, ids: pl.Series, blame: Blame, typed: pl.Series | None
) -> pl.Series:
    if column not in frame.columns:
        out = pl.Series(column, [None] * frame.height, dtype=shape.dtype)
    elif typed is not None:
        out = columns.options(frame[column], typed, shape, ids, blame)
    else:
        out = columns.read(frame[column], shape, ids, blame, narrow=True)
    return out.fill_null(value=False) if shape.kind == "flag" and out.null_count() else out
