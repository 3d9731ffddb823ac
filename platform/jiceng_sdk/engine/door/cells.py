"""Values handed in per month, quarter or half: one per subject and sub-period, inside the period, typed."""

import polars as pl

from jiceng_sdk.engine.door import columns
from jiceng_sdk.engine.door.blame import Blame
from jiceng_sdk.engine.door.index import ROW_KEY, SUBJECT, Index
from jiceng_sdk.engine.door.inputs import CELL_KEY
from jiceng_sdk.engine.door.shape import of_fact
from jiceng_sdk.engine.numbers.exact import ROW
from jiceng_sdk.engine.numbers.framing import framed
from jiceng_sdk.engine.period import Period
from jiceng_sdk.rulebook.parts import Fact


def read(
    name: str, fact: Fact, given: pl.DataFrame | None, index: Index, period: Period, blame: Blame
) -> pl.DataFrame:
    """`#`, `k` (0 = first sub-period) and the value under the fact's name."""
    shape, path = of_fact(name, fact), f"facts.{name}"
    empty = pl.DataFrame(schema={ROW_KEY: ROW, CELL_KEY: ROW, name: shape.dtype})
    if given is None:
        return empty
    if set(given.columns) != {SUBJECT, CELL_KEY, "value"}:
        zh = f"应有 subject、k（第几个分期，从 0 起）、value 三列，收到 {'、'.join(given.columns)}"
        blame.whole(path, zh, "columns are subject, k, value")
        return empty
    if index.strange(given, path, blame) or _misplaced(fact, given, period, path, blame):
        return empty
    ids = given[SUBJECT]
    value = columns.read(given["value"], shape, ids, blame).alias(name)
    keys = index.keyed(ids).alias(ROW_KEY)
    return framed([keys, given[CELL_KEY].cast(ROW), value])


def _misplaced(fact: Fact, given: pl.DataFrame, period: Period, path: str, blame: Blame) -> bool:
    """Whether a sub-period lies outside the period or was given twice."""
    k = given[CELL_KEY]
    if not (k.dtype.is_integer() or k.dtype == pl.Null) or k.null_count():
        blame.whole(f"{path}.k", "k 应为从 0 起的整数，不得为空", "k is a whole number from 0")
        return True
    last = period.cells(fact.each or "month") - 1
    bad = (k < 0) | (k > last)
    blame.rows(
        f"{path}.k", given[SUBJECT].filter(bad), k.filter(bad), f"不在本期内（0–{last}）", "is outside"
    )
    twice = given.select(SUBJECT, CELL_KEY).is_duplicated()
    names = given[SUBJECT].filter(twice).unique(maintain_order=True)
    blame.rows(path, names, None, "同一分期交了两个值", "has two values for one sub-period")
    return bool(bad.any() or twice.any())
