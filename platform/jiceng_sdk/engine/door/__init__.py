"""The door of the engine: facts are checked, refused with subject and field, never clipped or ignored."""

from collections.abc import Mapping

import polars as pl

from jiceng_sdk.engine.door import cells, rows, words
from jiceng_sdk.engine.door.blame import Blame
from jiceng_sdk.engine.door.inputs import CELL_KEY, ROW_KEY, VOTES, Inputs, Rows
from jiceng_sdk.engine.door.subjects import SUBJECT, numbered, singles
from jiceng_sdk.engine.period import Period
from jiceng_sdk.faults import Fault, Faults, nearest
from jiceng_sdk.rulebook.parts import Fact, Rulebook

__all__ = ["CELL_KEY", "ROW_KEY", "SUBJECT", "VOTES", "Inputs", "Rows", "admitted", "refused"]


def admitted(
    book: Rulebook, subjects: pl.DataFrame, facts: Mapping[str, pl.DataFrame], period: Period
) -> Inputs:
    """Everything typed and keyed. Raises Faults with every fault of the facts at once."""
    inputs, faults = _read(book, subjects, facts, period)
    if inputs is None or faults:
        raise Faults(faults)
    return inputs


def refused(
    book: Rulebook, subjects: pl.DataFrame, facts: Mapping[str, pl.DataFrame], period: Period
) -> tuple[Fault, ...]:
    """The faults alone; empty when the facts may be evaluated."""
    return _read(book, subjects, facts, period)[1]


def _read(
    book: Rulebook, subjects: pl.DataFrame, facts: Mapping[str, pl.DataFrame], period: Period
) -> tuple[Inputs | None, tuple[Fault, ...]]:
    blame = Blame()
    _unknown_kinds(book, facts, blame)
    index = numbered(subjects, blame)
    if index is None:
        return None, tuple(blame.faults)
    single = singles(book, subjects, facts, index, blame)
    monthly = {
        name: cells.read(name, fact, facts.get(name), index, period, blame)
        for name, fact in book.facts.items()
        if fact.each is not None
    }
    handed = {name: _handed(name, fact, subjects, facts) for name, fact in book.facts.items() if fact.rows}
    shapes = {name: rows.shapes_of(name, book.facts[name]) for name in handed}
    typed = words.typed({name: frame for name, frame in handed.items() if frame is not None}, shapes)
    many = {
        name: rows.read(
            name, book.facts[name], frame, index, period, blame, shapes[name], typed.get(name, rows.NONE)
        )
        for name, frame in handed.items()
    }
    return Inputs(index[SUBJECT], single, monthly, many), tuple(blame.faults)


def _unknown_kinds(book: Rulebook, facts: Mapping[str, pl.DataFrame], blame: Blame) -> None:
    for name in facts:
        if name not in book.facts:
            near = nearest(name, book.facts)
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
