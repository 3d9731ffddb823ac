"""The frame of subjects at the door: declared columns, typed single values."""

from collections.abc import Mapping

import polars as pl

from jiceng_sdk.engine.door import columns
from jiceng_sdk.engine.door.blame import Blame
from jiceng_sdk.engine.door.index import SUBJECT, Index
from jiceng_sdk.engine.door.layout import Layout
from jiceng_sdk.engine.numbers.framing import framed
from jiceng_sdk.faults import nearest
from jiceng_sdk.rulebook.parts import Fact


def singles(
    layout: Layout, subjects: pl.DataFrame, facts: Mapping[str, pl.DataFrame], index: Index, blame: Blame
) -> pl.DataFrame:
    """`#` and one typed column per fact that has one value per subject and period."""
    given = dict(zip(subjects.columns, subjects.get_columns(), strict=True))
    for name in given:
        if name not in layout.readable:
            _undeclared(name, layout.facts, blame)
    out = [index.key]
    for name, shape in layout.single.items():
        if name in facts:
            column = _joined(name, facts[name], index, blame, taken=name in given)
        elif name in given:
            column = given[name]
        else:
            column = pl.Series(name, [None] * len(index.ids), dtype=pl.Null)
        typed = columns.read(column, shape, index.ids, blame, narrow=True)
        out.append(typed if typed.name == name else typed.alias(name))
    return framed(out)


def _undeclared(column: str, facts: Mapping[str, Fact], blame: Blame) -> None:
    near = nearest(column, facts)
    hint = f"，是否指“{near}”？" if near else "；请删去该列或在规则中声明"
    blame.whole(f"subjects.{column}", f"规则没有声明“{column}”{hint}", f"no fact {column!r}", nearest=near)


def _joined(name: str, frame: pl.DataFrame, index: Index, blame: Blame, *, taken: bool) -> pl.Series:
    empty = pl.Series(name, [None] * len(index.ids), dtype=pl.Null)
    path = f"facts.{name}"
    if taken:
        blame.whole(path, f"“{name}”既在对象表中又单独给出，只能给一次", "given twice")
        return empty
    if set(frame.columns) != {SUBJECT, "value"}:
        blame.whole(
            path, f"应有 subject、value 两列，收到 {'、'.join(frame.columns)}", "columns are subject, value"
        )
        return empty
    if index.strange(frame, path, blame):
        return empty
    twice = frame.filter(frame[SUBJECT].is_duplicated())
    if twice.height:
        blame.rows(
            path, twice[SUBJECT].unique(maintain_order=True), None, "交了两个值，只能有一个", "has two values"
        )
        return empty
    return index.frame.join(frame, on=SUBJECT, how="left", maintain_order="left")["value"]
