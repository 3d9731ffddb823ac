"""More ballots than voters: refused like any other fact that cannot be, naming the subject and
both numbers.
"""

import polars as pl

from jiceng_sdk.engine.board.board import Board
from jiceng_sdk.engine.door import ROW_KEY, VOTES
from jiceng_sdk.engine.formulas.compile import compiled
from jiceng_sdk.engine.formulas.table import KEY
from jiceng_sdk.engine.numbers.exact import whole
from jiceng_sdk.faults import Fault


def overvoted(board: Board) -> tuple[Fault, ...]:
    """A fault for every subject and ballot fact with more votes than its `voters` allows."""
    found: list[Fault] = []
    for name, fact in board.book.facts.items():
        if fact.voters is None:
            continue
        rows = board.inputs.rows[name]
        many = pl.col(VOTES).sum().cast(pl.Int64) if rows.tallied else pl.len().cast(pl.Int64)
        cast = rows.frame.group_by(pl.col(ROW_KEY).alias(KEY)).agg(many.alias("cast"))
        voters = compiled(fact.voters, board.scope()).snapped().alias("voters")
        both = board.subjects.frame.select(KEY, voters).join(cast, on=KEY, how="inner")
        over = both.filter(whole(pl.col("cast")) > pl.col("voters")).sort(KEY)
        for key, voted, allowed in over.select(KEY, "cast", "voters").iter_rows():
            subject, most = board.inputs.subjects[key], f"{allowed.normalize():f}"
            zh = f"对象 {subject}：收到 {voted} 票，多于应投的 {most} 票"
            en = f"subject {subject}: {voted} votes, more than the {most} voters"
            found.append(Fault(zh=zh, en=en, path=f"facts.{name}.voters", code="facts"))
    return tuple(found)
