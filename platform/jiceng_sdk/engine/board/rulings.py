"""Rulings: what a named person decided where the rules left something open. They answer questions,
never overrule rules.
"""

from dataclasses import dataclass

import polars as pl

from jiceng_sdk.engine.door import SUBJECT
from jiceng_sdk.engine.formulas.table import KEY
from jiceng_sdk.engine.numbers.exact import EXACT, LEVEL
from jiceng_sdk.faults import Fault, Faults, nearest
from jiceng_sdk.rulebook import Rulebook

COLUMNS = {
    "where": pl.String(),
    "points": EXACT,
    "grade": pl.String(),
    "order": pl.Int64(),
    "places": pl.Int64(),
    "within": pl.String(),
}


@dataclass(frozen=True, slots=True)
class Rulings:
    """`frame`: `@` (null = for a cohort) and the columns of COLUMNS; `where` is a node or `decide[n]`."""

    frame: pl.DataFrame

    def points(self, node: str) -> pl.DataFrame:
        """`@` and the points ruled for an open node."""
        mine = (pl.col("where") == node) & pl.col("points").is_not_null() & pl.col(KEY).is_not_null()
        return self.frame.filter(mine).select(KEY, "points")

    def grades(self, decision: str, levels: dict[str, int]) -> pl.DataFrame:
        """`@` and the level ruled at a decision."""
        mine = (pl.col("where") == decision) & pl.col("grade").is_not_null() & pl.col(KEY).is_not_null()
        level = pl.col("grade").replace_strict(levels, default=None, return_dtype=LEVEL)
        return self.frame.filter(mine).select(KEY, level.alias("level"))

    def order(self, decision: str) -> pl.DataFrame:
        """`@` and the ruled order among those tied, 1 first."""
        mine = (pl.col("where") == decision) & pl.col("order").is_not_null() & pl.col(KEY).is_not_null()
        return self.frame.filter(mine).select(KEY, "order")

    def places(self, decision: str) -> pl.DataFrame:
        """Ruled numbers of places: `grade`, `within` (cohort words joined by "/"), `places`."""
        mine = (pl.col("where") == decision) & pl.col("places").is_not_null()
        return self.frame.filter(mine).select("grade", pl.col("within").fill_null(""), "places")


NONE = Rulings(pl.DataFrame(schema={KEY: pl.UInt32(), **COLUMNS}))
"""Nothing was ruled."""


def rulings(book: Rulebook, given: pl.DataFrame | None, subjects: pl.Series) -> Rulings:
    """Rulings keyed. Raises Faults for a part that does not exist, a strange grade, a subject who
    takes no part.
    """
    if given is None or not given.height:
        return NONE
    frame = given.with_columns(
        pl.lit(None, dtype=dtype).alias(name) for name, dtype in COLUMNS.items() if name not in given.columns
    )
    if SUBJECT not in frame.columns:
        frame = frame.with_columns(pl.lit(None, dtype=subjects.dtype).alias(SUBJECT))
    titles = {rule.title: f"decide[{n}]" for n, rule in enumerate(book.decide) if rule.title}
    index = pl.DataFrame({SUBJECT: subjects}).with_row_index(KEY)
    keyed = frame.with_columns(pl.col("where").replace(titles), pl.col(SUBJECT).cast(subjects.dtype)).join(
        index, on=SUBJECT, how="left"
    )
    if faults := _refused(book, keyed):
        raise Faults(faults)
    return Rulings(keyed.select(KEY, *(pl.col(name).cast(dtype) for name, dtype in COLUMNS.items())))


def _refused(book: Rulebook, keyed: pl.DataFrame) -> list[Fault]:
    def fault(zh: str, en: str, near: str = "") -> Fault:
        return Fault(zh=zh, en=en, path="rulings", code="rulings", nearest=near)

    known = {*book.items, *book.groups, *(f"decide[{n}]" for n in range(len(book.decide)))}
    found: list[Fault] = []
    wheres = keyed["where"].unique(maintain_order=True).to_list()
    found += [
        fault(f"裁定所指的“{where}”不存在", f"nothing is called {where!r}", nearest(str(where), known))
        for where in wheres
        if where not in known
    ]
    grades = keyed["grade"].drop_nulls().unique(maintain_order=True).to_list()
    found += [
        fault(f"裁定的等次“{grade}”不存在", f"no grade {grade!r}", nearest(grade, book.grades))
        for grade in grades
        if grade not in book.grades
    ]
    lost = keyed.filter(pl.col(SUBJECT).is_not_null() & pl.col(KEY).is_null())
    found += [fault(f"裁定的对象 {s} 不在对象表中", f"no subject {s}") for s in lost[SUBJECT].to_list()]
    if keyed.filter(pl.col(SUBJECT).is_not_null()).select(SUBJECT, "where").is_duplicated().any():
        found.append(fault("同一对象在同一处有两条裁定", "a subject has two rulings in one place"))
    return found
