"""Bands: exactly one row must match. A gap or an overlap keeps the grades it may end in as worlds."""

import polars as pl

from jiceng_sdk.engine.compile import compiled, condition
from jiceng_sdk.engine.decide.gaps import nearest_rows
from jiceng_sdk.engine.decide.state import ASKED, GRADE, RATED, STATUS, State
from jiceng_sdk.engine.exact import LEVEL
from jiceng_sdk.expressions.tree import Tree
from jiceng_sdk.rulebook import Bands

LIVE, HITS, OPEN, POSSIBLE, MASK = "~live", "~hits", "~open", "~possible", "~mask"


def bands(state: State, rule: Bands, path: str) -> None:
    """Give every live world the grade of its row."""
    if rule.from_ is not None:
        _from_fact(state, rule, path)
        return
    rows = _rows(state, rule, path)
    scope, book = state.scope(), state.board.book
    flags = [compiled(when, scope) for when, _ in rows]
    mine = condition(rule.for_, scope).expr
    marks = [flag.expr.alias(f"~row{n}") for n, flag in enumerate(flags)]
    state.table.keep(
        [*marks, (state.graded() & mine.fill_null(value=True)).alias(LIVE), mine.is_null().alias(OPEN)]
    )
    hits = pl.sum_horizontal(
        [pl.col(f"~row{n}").cast(pl.Int16) for n in range(len(rows))], ignore_nulls=False
    )
    grade: pl.Expr = pl.lit(None, dtype=LEVEL)
    for n, (_, word) in enumerate(rows):
        grade = pl.when(pl.col(f"~row{n}")).then(pl.lit(book.level(word), dtype=LEVEL)).otherwise(grade)
    state.table.keep([hits.alias(HITS)])
    sure = pl.col(LIVE) & (pl.col(HITS) == 1).fill_null(value=False) & ~pl.col(OPEN)
    asked = pl.col(LIVE) & ~((pl.col(HITS) == 1).fill_null(value=False) & ~pl.col(OPEN))
    _ask(state, path, rows, asked)
    state.put(sure & ~pl.col("~unmatched"), {GRADE: grade})
    _tidy(state, len(rows))


def _rows(state: State, rule: Bands, path: str) -> list[tuple[Tree, str]]:
    rows = [(row.when.tree, row.grade) for row in rule.rows]
    below = state.board.analysis.formulas.get(f"{path}.below")
    if below is not None and rule.below is not None:
        rows.append((below.tree, rule.below))
    return rows


def _ask(state: State, path: str, rows: list[tuple[Tree, str]], asked: pl.Expr) -> None:
    """Worlds for everybody whom no row, two rows, or an unknown row meets."""
    state.table.keep([asked.alias("~unmatched")])
    open_ = state.frame.filter("~unmatched")
    if not open_.height:
        return
    book, count = state.board.book, len(rows)
    possible = [pl.col(f"~row{n}").fill_null(value=True) for n in range(count)]
    near = nearest_rows([when for when, _ in rows], state.scope(), open_)
    none = ~pl.any_horizontal(possible)
    levels: dict[int, list[pl.Expr]] = {}
    for n, (_, word) in enumerate(rows):
        levels.setdefault(book.level(word), []).append(possible[n] | (none & pl.col(f"~near{n}")))
    open_ = _listed(open_.with_columns(near), levels)
    reasons = (
        pl.when(none)
        .then(pl.lit("没有一行等次条件符合"))
        .when((pl.col(HITS) > 1).fill_null(value=False))
        .then(pl.lit("不止一行等次条件符合"))
        .otherwise(pl.lit("等次条件读到了没有答案的数"))
    )
    state.board.issues.add(open_, pl.col(STATUS) == RATED, path, "gap", reasons, words(state, POSSIBLE))
    _branch(state, open_, keep_grade=pl.col(OPEN), lonely=none)


def _listed(open_: pl.DataFrame, levels: dict[int, list[pl.Expr]]) -> pl.DataFrame:
    """The possible levels as a list, best first; every combination is written once and looked up."""
    bits = [
        pl.any_horizontal(found).cast(pl.Int64) * pl.lit(1 << n, dtype=pl.Int64)
        for n, found in enumerate(levels.values())
    ]
    open_ = open_.with_columns(pl.sum_horizontal(bits).alias(MASK))
    masks = open_[MASK].unique().to_list()
    lists = [sorted((lv for n, lv in enumerate(levels) if mask >> n & 1), reverse=True) for mask in masks]
    schema = {MASK: pl.Int64(), POSSIBLE: pl.List(LEVEL)}
    table = pl.DataFrame({MASK: masks, POSSIBLE: lists}, schema=schema)
    return open_.join(table, on=MASK, how="left", maintain_order="left").drop(MASK)


def _branch(state: State, open_: pl.DataFrame, keep_grade: pl.Expr, lonely: pl.Expr) -> None:
    """One world per possible grade; one without a grade where a single one would hide the question."""
    first = open_.with_columns(
        pl.when(pl.col(POSSIBLE).list.len() == 0)
        .then(pl.lit([None], dtype=pl.List(LEVEL)))
        .when(lonely & (pl.col(POSSIBLE).list.len() == 1))
        .then(pl.concat_list(pl.col(POSSIBLE), pl.lit(None, dtype=LEVEL)))
        .otherwise(pl.col(POSSIBLE))
        .alias(POSSIBLE)
    )
    as_was = first.filter(keep_grade).drop(POSSIBLE)
    worlds = first.explode(POSSIBLE).with_columns(pl.col(POSSIBLE).alias(GRADE)).drop(POSSIBLE)
    names = state.frame.columns
    rows = state.frame["~unmatched"].arg_true()
    state.grows(pl.concat([worlds.select(names), as_was.select(names)]), without=rows)


def words(state: State, column: str) -> pl.Expr:
    """Levels in a list column as grade words joined by 、."""
    book = state.board.book
    back = {book.level(grade): grade for grade in book.grades}
    word = pl.element().replace_strict(back, default=None, return_dtype=pl.String)
    return pl.col(column).list.eval(word).list.join("、")


def _from_fact(state: State, rule: Bands, path: str) -> None:
    """The grade a fact names."""
    book, scope = state.board.book, state.scope()
    source = state.table.values[rule.from_ or ""]
    levels = {grade: book.level(grade) for grade in book.grades}
    named = source.expr.cast(pl.String).replace_strict(levels, default=None, return_dtype=LEVEL)
    mine = condition(rule.for_, scope).expr.fill_null(value=True)
    state.table.keep([(state.graded() & mine).alias(LIVE), named.alias("~named")])
    lost = pl.col(LIVE) & pl.col("~named").is_null()
    state.board.issues.add(state.frame, lost, path, "gap", "没有给出等次")
    state.put(pl.col(LIVE), {GRADE: pl.col("~named"), ASKED: pl.col(ASKED) | pl.col("~named").is_null()})
    state.table.drop(LIVE, "~named")


def _tidy(state: State, rows: int) -> None:
    state.table.drop(LIVE, HITS, OPEN, "~unmatched", *(f"~row{n}" for n in range(rows)))
