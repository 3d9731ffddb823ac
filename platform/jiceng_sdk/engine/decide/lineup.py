"""Those who compete, in order: cohort by cohort, best first. Ranks are differences of running counts."""

import polars as pl

from jiceng_sdk.engine import integers
from jiceng_sdk.engine.decide.ranking import COHORT, LIVE, RANKED

FIRST, LAST, START, END = "~first", "~last", "~start", "~end"


def lineup(frame: pl.DataFrame) -> pl.DataFrame:
    """The competing rows sorted; for each the first and last row of its tie and of its cohort."""
    frame = frame.filter(LIVE)
    low, high = frame[RANKED].min(), frame[RANKED].max()
    order: pl.Expr | None = None
    if isinstance(low, int) and isinstance(high, int):
        span, most = high - low + 1, frame[COHORT].max()
        if isinstance(most, int) and (most + 1) * span < integers.LARGEST:
            order = pl.col(COHORT).cast(pl.Int64) * span + (high - pl.col(RANKED))
    frame = frame.sort(COHORT, RANKED, descending=[False, True]) if order is None else frame.sort(order)
    new = pl.col(COHORT).ne_missing(pl.col(COHORT).shift(1))
    tie = new | pl.col(RANKED).ne_missing(pl.col(RANKED).shift(1))
    return frame.with_columns(*_ends(new, START, END), *_ends(tie, FIRST, LAST))


def _ends(begins: pl.Expr, first: str, last: str) -> tuple[pl.Expr, pl.Expr]:
    """The first and last row of every run."""
    place = pl.int_range(pl.len(), dtype=pl.UInt32)
    ends = begins.shift(-1, fill_value=True)
    return (
        pl.when(begins).then(place).otherwise(None).forward_fill().alias(first),
        pl.when(ends).then(place).otherwise(None).backward_fill().alias(last),
    )


def count(who: pl.Expr) -> pl.Expr:
    """How many of the row's cohort."""
    running = who.cast(pl.Int64).cum_sum()
    return running.gather(pl.col(END)) - (running - who).gather(pl.col(START))


def first(who: pl.Expr) -> pl.Expr:
    """The best rank a row can be given among those: ties share it. Means something where `who` holds."""
    running = who.cast(pl.Int64).cum_sum() - who
    return running.gather(pl.col(FIRST)) - running.gather(pl.col(START)) + 1


def last(who: pl.Expr) -> pl.Expr:
    """The worst one: as if everybody who ties came before it."""
    running = who.cast(pl.Int64).cum_sum()
    return running.gather(pl.col(LAST)) - (running - who).gather(pl.col(START))
