"""Whether the facts that are there fit a rulebook: asked before it is published, told where facts come in.

A run refuses every value beyond the bounds, decimals and options of its rules, so rules that the facts of
their own period do not fit cannot be computed.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from jiceng.facts import queries
from jiceng.facts.rows.checking import bounds, fields_of, handed_in, registered
from jiceng.facts.rows.layout import KIND_WORDS, misfit
from jiceng.facts.schemas import WORDS
from jiceng.kernel.database import current_tenant, fetch_row
from jiceng.schemes.periods import span_around

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jiceng.facts.schemas import Column, KindInfo
    from jiceng_sdk.rulebook import Fact, Field, Rulebook

_Test = Literal["option", "range", "places"]
_EVER = date(1900, 1, 1)
_STANDING = """
from fact f where f.tenant_id = $1 and f.kind = $2 and f.occurred >= $3 and not f.withdrawn
  and f.seq not in (select c.corrects from fact c where c.tenant_id = $1 and c.corrects is not null)
"""


async def objections(scheme: str, book: Rulebook, day: date) -> list[str]:
    """What of the facts handed in does not fit the rulebook in the period of a day, in words; [] when all do.

    Fields that could take no further fact (another kind, more decimals than are kept), and values that a run
    would refuse, with how many facts have them.
    """
    kept = {one.name: one for one in await queries.kinds(scheme)}
    here = {name: fact for name, fact in handed_in(book).items() if name in kept}
    lasting = [words for name, fact in here.items() for words in _changed(kept[name], fact)]
    if lasting:
        return lasting
    first = span_around(book.period, day).first_day
    found: list[str] = []
    for name, fact in here.items():
        found += await _beyond(kept[name], fact, _EVER if fact.since == "always" else first)
    return found


def _changed(info: KindInfo, fact: Fact) -> Iterator[str]:
    """Fields that are kept in a way the rulebook's facts cannot be."""
    fields = fields_of(fact)
    scales = {column.name: column.scale for column in info.layout.columns}
    for field in registered(fact):
        kind, said = fact.title or info.name, fields[field.name].title or field.name
        if column := misfit(info.layout, field):
            before, after = KIND_WORDS[column.kind], KIND_WORDS[field.kind]
            yield (
                f"填报资料：{kind}：“{said}”已经按“{before}”收过事实，不能改成“{after}”；"
                "请另加一个不同名的字段"
            )
        elif field.kind == "number" and field.places > scales.get(field.name, field.places):
            kept = scales[field.name]
            yield (
                f"填报资料：{kind}：“{said}”已登记保留 {kept} 位小数，不能改成 {field.places} 位；"
                "请另加一个不同名的字段"
            )


async def _beyond(info: KindInfo, fact: Fact, first: date) -> list[str]:
    """Values from a day on that the fields would refuse; one read of the kind's facts."""
    asked: list[tuple[str, Field, _Test]] = []
    sums: list[str] = []
    args: list[Any] = [current_tenant(), info.id, first]
    columns = {column.name: column for column in info.layout.columns}
    for name, field in fields_of(fact).items():
        for test, condition in _tests(columns.get(name), field, args):
            asked.append((name, field, test))
            value = _value(columns[name])
            sums.append(f"count(*) filter (where {condition}), min({value}) filter (where {condition})")
    if not asked:
        return []
    row = await fetch_row(f"select {', '.join(sums)} {_STANDING}", *args)
    values = list(row.values()) if row is not None else []
    return [
        _said(
            test, field, (fact.title or info.name, field.title or name), count, _shown(columns[name], example)
        )
        for (name, field, test), count, example in zip(asked, values[::2], values[1::2], strict=True)
        if count
    ]


def _tests(column: Column | None, field: Field, args: list[Any]) -> Iterator[tuple[_Test, str]]:
    """What is asked of a column, the SQL that finds what is wrong; its values are added to `args`."""
    if column is None:
        return
    value = _value(column)
    if field.kind == "choice" and column.kind in WORDS:
        args.append(list(field.options))
        yield "option", f"{value} <> all(${len(args)}::text[])"
    if field.kind == "number" and column.kind == "number":
        low, high = bounds(field)
        args += [int(low.scaleb(column.scale)), int(high.scaleb(column.scale))]
        yield "range", f"{value} not between ${len(args) - 1} and ${len(args)}"
        if column.scale > field.places:
            args.append(10 ** (column.scale - field.places))
            yield "places", f"{value} % ${len(args)} <> 0"


def _said(test: _Test, field: Field, called: tuple[str, str], count: int, example: str) -> str:
    kind, said = called
    match test:
        case "option":
            return (
                f"填报资料：{kind}：已有 {count} 条事实的“{said}”不在选项里，例如 {example}；"
                "请先更正这些事实，或放宽规则"
            )
        case "range":
            low, high = bounds(field)
            return (
                f"填报资料：{kind}：已有 {count} 条事实的“{said}”不在 {low} 到 {high} 之间，例如 {example}；"
                "请先更正这些事实，或放宽规则"
            )
        case "places":
            return (
                f"填报资料：{kind}：已有 {count} 条事实的“{said}”超过 {field.places} 位小数，例如 {example}；"
                "请先更正这些事实，或放宽规则"
            )


def _value(column: Column) -> str:
    return f"f.{'words' if column.kind in WORDS else 'numbers'}[{column.place}]"


def _shown(column: Column, value: str | int) -> str:
    return value if isinstance(value, str) else f"{Decimal(value).scaleb(-column.scale).normalize():f}"
