"""The frame of subjects at the door: unique ids, declared columns, typed single values."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from jiceng_sdk.engine.door import columns
from jiceng_sdk.engine.door.blame import Blame
from jiceng_sdk.engine.door.inputs import ROW_KEY
from jiceng_sdk.engine.door.shape import of_fact
from jiceng_sdk.engine.exact import ROW
from jiceng_sdk.faults import nearest
from jiceng_sdk.rulebook.parts import Fact, Rulebook

SUBJECT = "subject"


def numbered(subjects: pl.DataFrame, blame: Blame) -> pl.DataFrame | None:
    """`subject` and its number `#`; None when ids are missing or given twice."""
    if SUBJECT not in subjects.columns:
        blame.whole(
            "subjects", "对象表缺少 subject 列（对象编号）", "the frame of subjects has no column subject"
        )
        return None
    ids = subjects[SUBJECT]
    if not (ids.dtype == pl.String or ids.dtype.is_integer()):
        blame.whole(
            "subjects.subject",
            f"对象编号应为文字或整数，收到 {ids.dtype}",
            f"ids are words or integers, this column is {ids.dtype}",
        )
        return None
    if ids.null_count():
        blame.whole("subjects.subject", f"有 {ids.null_count()} 个对象没有编号", "subjects without an id")
        return None
    numbers = np.arange(len(ids), dtype=np.uint32)
    if ids.dtype != pl.String and bool((ids.to_numpy() == numbers).all()):
        ids = ids.set_sorted()
    elif ids.n_unique() < len(ids):
        twice = ids.filter(ids.is_duplicated()).unique(maintain_order=True)
        blame.rows("subjects.subject", twice, None, "在对象表中出现两次，请只保留一行", "is given twice")
        return None
    return pl.DataFrame([ids, pl.Series(ROW_KEY, numbers)])


def keyed(ids: pl.Series, index: pl.DataFrame) -> pl.Series:
    """The number of every id, null for strangers.

    Words are looked up as categories, which keeps the order; integers 0…n−1 are numbers already.
    """
    known = index[SUBJECT]
    if known.dtype == pl.String:
        return ids.cast(pl.Enum(known), strict=False).to_physical().cast(ROW).alias(ROW_KEY)
    if _dense(known):
        low, high = ids.min(), ids.max()
        if isinstance(low, int) and isinstance(high, int) and low >= 0 and high < len(known):
            return ids.cast(ROW).alias(ROW_KEY)
        inside = ids.is_between(0, len(known) - 1)
        return ids.zip_with(inside, ids.clear(len(ids))).cast(ROW).alias(ROW_KEY)
    joined = pl.DataFrame({SUBJECT: ids.cast(known.dtype)}).join(
        index, on=SUBJECT, how="left", maintain_order="left"
    )
    return joined[ROW_KEY]


def _dense(known: pl.Series) -> bool:
    """Whether unique ids are 0…n−1 in this order."""
    if not known.flags["SORTED_ASC"] or not len(known):
        return False
    return bool(known[0] == 0 and known[-1] == len(known) - 1)


def singles(
    book: Rulebook,
    subjects: pl.DataFrame,
    facts: Mapping[str, pl.DataFrame],
    index: pl.DataFrame,
    blame: Blame,
) -> pl.DataFrame:
    """One typed column per fact that has one value per subject and period."""
    wanted = {name: fact for name, fact in book.facts.items() if not fact.rows and fact.each is None}
    many = {name for name, fact in book.facts.items() if fact.many}
    for given in subjects.columns:
        if given != SUBJECT and given not in wanted and given not in many:
            _undeclared(given, book, blame)
    ids = index[SUBJECT]
    out = [index[ROW_KEY]]
    for name, fact in wanted.items():
        column = _given(name, subjects, facts, index, blame)
        out.append(_read(column, name, fact, ids, blame))
    return pl.DataFrame(out)


def _read(column: pl.Series, name: str, fact: Fact, ids: pl.Series, blame: Blame) -> pl.Series:
    return columns.read(column, of_fact(name, fact), ids, blame, narrow=True).alias(name)


def _undeclared(column: str, book: Rulebook, blame: Blame) -> None:
    near = nearest(column, book.facts)
    hint = f"，是否指“{near}”？" if near else "；请删去该列或在规则中声明"
    blame.whole(f"subjects.{column}", f"规则没有声明“{column}”{hint}", f"no fact {column!r}", nearest=near)


def _given(
    name: str, subjects: pl.DataFrame, facts: Mapping[str, pl.DataFrame], index: pl.DataFrame, blame: Blame
) -> pl.Series:
    """The column from the frame of subjects, or from `facts[name]` (subject, value), or all missing."""
    if name in facts:
        return _joined(name, facts[name], index, blame, taken=name in subjects.columns)
    if name in subjects.columns:
        return subjects[name]
    return pl.Series(name, [None] * len(subjects), dtype=pl.Null)


def _joined(name: str, frame: pl.DataFrame, index: pl.DataFrame, blame: Blame, *, taken: bool) -> pl.Series:
    empty = pl.Series(name, [None] * index.height, dtype=pl.Null)
    path = f"facts.{name}"
    if taken:
        blame.whole(path, f"“{name}”既在对象表中又单独给出，只能给一次", "given twice")
        return empty
    if set(frame.columns) != {SUBJECT, "value"}:
        blame.whole(
            path, f"应有 subject、value 两列，收到 {'、'.join(frame.columns)}", "columns are subject, value"
        )
        return empty
    if strange(frame, index, path, blame):
        return empty
    twice = frame.filter(frame[SUBJECT].is_duplicated())
    if twice.height:
        blame.rows(
            path, twice[SUBJECT].unique(maintain_order=True), None, "交了两个值，只能有一个", "has two values"
        )
        return empty
    return index.join(frame, on=SUBJECT, how="left", maintain_order="left")["value"]


def strange(frame: pl.DataFrame, index: pl.DataFrame, path: str, blame: Blame) -> bool:
    """Whether the frame names subjects that don't take part (each a fault), or has ids of another type."""
    if frame[SUBJECT].dtype != index[SUBJECT].dtype:
        if frame.height == 0:
            return False
        blame.whole(
            path,
            f"对象编号的类型是 {frame[SUBJECT].dtype}，对象表是 {index[SUBJECT].dtype}",
            f"ids are {frame[SUBJECT].dtype}, in the frame of subjects {index[SUBJECT].dtype}",
        )
        return True
    lost = frame.join(index, on=SUBJECT, how="anti")
    if lost.height:
        names = lost[SUBJECT].unique(maintain_order=True)
        blame.rows(path, names, None, "不在对象表中", "is not among the subjects")
    return lost.height > 0
