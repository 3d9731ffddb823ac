"""The door of the engine: facts are checked, refused with subject and field, never clipped or ignored."""

from collections.abc import Mapping

import polars as pl

from jiceng_sdk.engine.door import cells, rows, words
from jiceng_sdk.engine.door.arriving import Arriving, Reader
from jiceng_sdk.engine.door.blame import Blame
from jiceng_sdk.engine.door.fact_rows import VOTES, Rows
from jiceng_sdk.engine.door.index import ROW_KEY, SUBJECT, Index, numbered
from jiceng_sdk.engine.door.inputs import CELL_KEY, Inputs
from jiceng_sdk.engine.door.layout import Layout, Rowed, layout
from jiceng_sdk.engine.door.subjects import singles
from jiceng_sdk.engine.period import Period
from jiceng_sdk.faults import Fault, Faults, nearest
from jiceng_sdk.rulebook import Analysis
from jiceng_sdk.rulebook.parts import Fact

__all__ = ["CELL_KEY", "ROW_KEY", "SUBJECT", "VOTES", "Index", "Inputs", "Rows", "admitted", "refused"]


def admitted(
    analysis: Analysis, subjects: pl.DataFrame, facts: Mapping[str, pl.DataFrame], period: Period
) -> Inputs:
    """Everything typed and keyed, but rows that still wait for numbers of their words (`Inputs.rows`).

    Raises Faults with every fault of the facts at once; if only those rows have faults, they raise them.
    """
    known = layout(analysis)
    handed = {name: _handed(name, rowed.fact, subjects, facts) for name, rowed in known.rows.items()}
    there = {name: frame for name, frame in handed.items() if frame is not None}
    columns = {name: dict(zip(one.columns, one.get_columns(), strict=True)) for name, one in there.items()}
    numbers = words.coming(there, columns, known, subjects)
    try:
        index, single, monthly, blame = _beside(known, subjects, facts, period)
        readers = {name: _reader(known.rows[name], columns.get(name), index, period) for name in handed}
        found = Arriving(readers, numbers, blame.faults)
        if found.faulty:
            found.settled()
    except BaseException:
        numbers.ended()
        raise
    return Inputs(index, single, monthly, found)


def _beside(
    known: Layout, subjects: pl.DataFrame, facts: Mapping[str, pl.DataFrame], period: Period
) -> tuple[Index, pl.DataFrame, dict[str, pl.DataFrame], Blame]:
    """Everything but rows. Raises Faults when nobody can be told from another."""
    blame = Blame()
    _unknown_kinds(known, facts, blame)
    index = numbered(subjects, blame)
    if index is None:
        raise Faults(blame.faults)
    single = singles(known, subjects, facts, index, blame)
    monthly = {
        name: cells.read(name, fact, facts.get(name), index, period, blame)
        for name, fact in known.monthly.items()
    }
    return index, single, monthly, blame


def _reader(rowed: Rowed, given: words.Columns | None, index: Index, period: Period) -> Reader:
    """How the rows of a fact are read."""
    return lambda numbers, blame: rows.read(rowed, given, index, period, blame, numbers)


def refused(
    analysis: Analysis, subjects: pl.DataFrame, facts: Mapping[str, pl.DataFrame], period: Period
) -> tuple[Fault, ...]:
    """The faults alone; empty when the facts may be evaluated."""
    try:
        admitted(analysis, subjects, facts, period).rows.settled()
    except Faults as faults:
        return faults.faults
    return ()


def _unknown_kinds(known: Layout, facts: Mapping[str, pl.DataFrame], blame: Blame) -> None:
    for name in facts:
        if name not in known.facts:
            near = nearest(name, known.facts)
            hint = f"，是否指“{near}”？" if near else ""
            blame.whole(f"facts.{name}", f"规则没有声明事实“{name}”{hint}", f"no fact {name!r}", nearest=near)


def _handed(
    name: str, fact: Fact, subjects: pl.DataFrame, facts: Mapping[str, pl.DataFrame]
) -> pl.DataFrame | None:
    """Rows as handed in; several posts may also stand as a list in the frame of subjects."""
    if fact.many and name in subjects.columns and name not in facts and SUBJECT in subjects.columns:
        listed = subjects.select(SUBJECT, pl.col(name).alias("value"))
        if isinstance(listed.schema["value"], pl.List):
            listed = listed.explode("value")
        return listed.filter(pl.col("value").is_not_null())
    return facts.get(name)
