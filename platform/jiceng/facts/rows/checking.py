"""Checks facts before they are kept: every fault of every row at once, by row and field, never clipped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import polars as pl

from jiceng.facts.rows import layout
from jiceng_sdk.rulebook import DEFAULT_MAX, Fact, Field

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date
    from decimal import Decimal

    from jiceng_sdk.rulebook import Rulebook

SUBJECT, DATE, VALUE = "subject", "date", layout.VALUE
ROW = "~row"
"""The row's number from 0 among those handed in; no field of a rulebook can be called so."""
EVIDENCE, ENTERED, ACCEPTED = "evidence", "entered_by", "accepted_by"
LONGEST_TEXT, LONGEST_EVIDENCE = 200, 2000
_MONTHS = {"day": "1d", "month": "1mo", "quarter": "3mo", "half": "6mo", "year": "1y"}
Test = tuple[str, pl.Expr, str, str]
"""Field, mask of the rows that fail, what is wrong, what to do."""


class ValueFault(msgspec.Struct, frozen=True):
    """One value that cannot be kept; `row` counts the rows handed in from 0."""

    row: int
    field: str
    what: str
    todo: str

    def __str__(self) -> str:
        return f"第 {self.row + 1} 条 {self.field}：{self.what}；{self.todo}"


def fields_of(fact: Fact) -> dict[str, Field]:
    """Fields of a fact; a single-valued one has one field, `value`, which must be filled in."""
    if fact.kind in ("event", "ballot"):
        votes = {"votes": Field(kind="number", title="票数", min=DEFAULT_MAX * 0, places=0)}
        return dict(fact.fields) | (votes if fact.kind == "ballot" else {})
    if fact.kind not in ("number", "flag", "choice", "date"):
        raise ValueError("results of another scheme are read from its runs, not handed in")
    only = Field(
        kind=fact.kind,
        title=fact.title,
        options=fact.options,
        min=fact.min,
        max=fact.max,
        places=fact.places,
        required=True,
    )
    return {VALUE: only}


def handed_in(book: Rulebook) -> dict[str, Fact]:
    """The kinds of facts that people hand in: neither roster attributes nor results of other schemes."""
    return {
        name: fact for name, fact in book.facts.items() if fact.source != "roster" and fact.kind != "result"
    }


def numbered(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with their numbers, which those of a part have already."""
    return rows if ROW in rows.columns else rows.with_row_index(ROW)


def registered(fact: Fact) -> tuple[layout.Field, ...]:
    """The fields as the layout registers them."""
    return tuple(
        layout.Field(name, field.kind, field.places if field.kind == "number" else 0)
        for name, field in fields_of(fact).items()
    )


def faults_in(
    fact: Fact, rows: pl.DataFrame, *, period: str, subjects: Collection[str], today: date
) -> list[ValueFault]:
    """Every fault of `rows`, by row, numbered as they come or as ROW says.

    `subjects` are the ids the roster knows, `period` is the kind of period the rulebook has; no date may
    lie after `today`.
    """
    counted = numbered(rows)
    found = [
        ValueFault(row, field, what, todo)
        for field, mask, what, todo in _tests(fact, rows.columns, period, subjects, today)
        for row in counted.filter(mask)[ROW].to_list()
    ]
    return sorted(found, key=lambda fault: fault.row)


def _tests(
    fact: Fact, columns: list[str], period: str, subjects: Collection[str], today: date
) -> Iterator[Test]:
    known = pl.Series(sorted(subjects), dtype=pl.String).implode()
    nobody = ~pl.col(SUBJECT).is_in(known).fill_null(value=False)
    yield SUBJECT, nobody, "名册中没有这个编号", "核对编号，或先更新名册"
    yield DATE, pl.col(DATE).is_null(), "没有日期", "补填日期"
    yield DATE, pl.col(DATE) > today, f"日期晚于今天（{today}）", "核对日期"
    for name, field in fields_of(fact).items():
        if name not in columns:
            if field.required:
                yield name, pl.lit(value=True), f"缺少「{field.title or name}」", "补上这一列"
            continue
        yield from _field_tests(name, field)
    if EVIDENCE in columns:
        too_long = pl.col(EVIDENCE).str.len_chars() > LONGEST_EVIDENCE
        yield EVIDENCE, too_long, f"超过 {LONGEST_EVIDENCE} 字", "写短一些"
    if {ENTERED, ACCEPTED} <= set(columns):
        same = pl.col(ENTERED) == pl.col(ACCEPTED)
        yield ACCEPTED, same, "录入人和核验人是同一人", "由另一人核验"
    if not fact.rows:
        key = [pl.col(SUBJECT), window(fact, period)]
        twice = pl.struct(key).is_duplicated() & pl.col(SUBJECT).is_not_null()
        yield SUBJECT, twice, "同一对象填了两次", "只留一条"


def bounds(field: Field) -> tuple[Decimal, Decimal]:
    """The least and the largest number a field may hold."""
    most = layout.largest(field.places)
    low = -DEFAULT_MAX if field.min is None else field.min
    high = DEFAULT_MAX if field.max is None else field.max
    return max(low, -most), min(high, most)


def window(fact: Fact, period: str) -> pl.Expr:
    """First day of what a single value stands for: its sub-period, or the period its date lies in."""
    return pl.col(DATE).dt.truncate(_MONTHS[fact.each or period])


def _field_tests(name: str, field: Field) -> Iterator[Test]:
    value, title = pl.col(name), field.title or name
    if field.required:
        yield name, value.is_null(), f"「{title}」没有填", f"补填{title}"
    match field.kind:
        case "choice":
            options = "、".join(field.options)
            wrong = value.is_not_null() & ~value.is_in(list(field.options))
            yield name, wrong, f"「{title}」不在选项内", f"改为：{options}"
        case "text":
            yield name, value.str.len_chars() > LONGEST_TEXT, f"超过 {LONGEST_TEXT} 字", "写短一些"
        case "number":
            low, high = bounds(field)
            wide = value.cast(pl.Decimal(38, 12))
            outside = (wide < low) | (wide > high)
            yield name, outside, f"「{title}」应在 {low} 到 {high} 之间", "核对数字"
            short = wide.cast(pl.Decimal(38, field.places), strict=False).cast(pl.Decimal(38, 12))
            yield (
                name,
                short.ne_missing(wide) & ~outside,
                f"「{title}」最多 {field.places} 位小数",
                "核对数字",
            )
