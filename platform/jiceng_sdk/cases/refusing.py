"""Values that must be refused, or taken in, at the door of the engine: others are failures."""

from collections.abc import Sequence
from decimal import Decimal

import polars as pl

from jiceng_sdk.cases.frames import NUMBER
from jiceng_sdk.cases.shape import Failure, Refusal, Written
from jiceng_sdk.engine import Period, check_facts
from jiceng_sdk.rulebook import Analysis, Fact

ONE = "甲"
_OWN = {"result": ("score", "grade", "role"), "ballot": ("votes",)}
"""Columns rows have beside the declared fields."""


def not_refused(analysis: Analysis, refusals: Sequence[Refusal]) -> list[Failure]:
    """A failure for every value that passes the door and must not, or does not and must."""
    return [failure for refusal in refusals if (failure := _tried(analysis, refusal)) is not None]


def _tried(analysis: Analysis, refusal: Refusal) -> Failure | None:
    name, _, field = refusal.fact.partition(".")
    fact = analysis.book.facts.get(name)
    period = Period(refusal.period.kind, refusal.period.start, refusal.period.end)  # type: ignore[arg-type] # checked by the reader
    got = f"没有叫 {refusal.fact!r} 的事实"
    if fact is not None and (not field or field in (*fact.fields, *_OWN.get(fact.kind, ()))):
        subjects, facts = _alone(name, fact, field, refusal)
        faults = check_facts(analysis, subjects, facts, period)
        if bool(faults) != refusal.accepted:
            return None
        got = "；".join(fault.zh for fault in faults) or "收下了"
    wanted = f"{'收下' if refusal.accepted else '拒收'} {refusal.value}"
    return Failure(
        case=f"{refusal.name}：{refusal.fact} = {refusal.value}", file=refusal.file, line=refusal.line,
        subject=ONE, what=refusal.fact, wanted=wanted, got=got,
        rule=f"facts.{name}.fields.{field}" if field else f"facts.{name}",
    )  # fmt: skip


def _alone(
    name: str, fact: Fact, field: str, refusal: Refusal
) -> tuple[pl.DataFrame, dict[str, pl.DataFrame]]:
    """One subject of whom nothing is known but this value."""
    subjects = pl.DataFrame({"subject": [ONE]})
    value = _series(refusal.value)
    if fact.each:
        return subjects, {name: subjects.with_columns(k=pl.lit(0, dtype=pl.Int32), value=value)}
    if not fact.rows:
        return subjects.with_columns(value.alias(name)), {}
    rows = subjects.with_columns(value.alias(field))
    return subjects, {
        name: rows if fact.kind == "result" else rows.with_columns(date=pl.lit(refusal.period.start))
    }


def _series(value: Written) -> pl.Series:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return pl.Series("value", [Decimal(value)], dtype=NUMBER)
    return pl.Series("value", [value])
