"""One grade of a quota: who is in, who is out, who is open, and what that leaves for the next grade."""

import polars as pl

from jiceng_sdk.engine.board import Board
from jiceng_sdk.engine.decide.lineup import count, first, last
from jiceng_sdk.engine.decide.ranking import COHORT, RANKED
from jiceng_sdk.engine.decide.state import GRADE, State
from jiceng_sdk.engine.exact import LEVEL
from jiceng_sdk.engine.table import KEY
from jiceng_sdk.rulebook import Quota

OPEN, LOWEST = "~open", "~lowest"
RELAXED = pl.lit(0, dtype=pl.Int64)


def started(state: State, rule: Quota, frame: pl.DataFrame) -> pl.DataFrame:
    """A full split starts with everybody in the best grade."""
    best = [state.board.book.level(grade) for grade in rule.ratio or ()]
    return frame.with_columns(
        (pl.lit(max(best), dtype=LEVEL) if best else pl.col(GRADE)).alias(GRADE),
        pl.lit(value=False).alias("~carry"),
        pl.lit(value=False).alias(OPEN),
        pl.lit(None, dtype=LEVEL).alias("~top"),
        pl.lit(None, dtype=LEVEL).alias(LOWEST),
        *(RELAXED.alias(name) for name in ("~fall1", "~fall2", "~spare1", "~spare2")),
        pl.lit(None, dtype=pl.Int64).alias("~place"),
        pl.lit(None, dtype=pl.Int64).alias("~places"),
    )


def lower() -> pl.Expr:
    """One grade down; nothing is below the lowest."""
    return pl.max_horizontal(pl.col(GRADE) - 1, pl.lit(1, dtype=LEVEL)).cast(LEVEL)


def filled(
    state: State,
    rule: Quota,
    path: str,
    frame: pl.DataFrame,
    waits: pl.DataFrame,
    used: pl.DataFrame,
    grade: str,
    n: int,
) -> pl.DataFrame:
    """Who is in, out or open at one grade. `waits`: those who may still claim a place; `used`: per cohort,
    places that final grades have taken.
    """
    level = state.board.book.level(grade)
    low, high = pl.col(f"~low{n}") + pl.col("~spare1"), pl.col(f"~high{n}") + pl.col("~spare2")
    if rule.final_uses_places:
        taken = pl.lit(used[str(level)]).gather(pl.col(COHORT))
        low, high = pl.max_horizontal(low - taken, 0), pl.max_horizontal(high - taken, 0)
    sure = ~pl.col(OPEN) & (pl.col(GRADE) == level).fill_null(value=False)
    frame = frame.with_columns(sure.alias("~in?"), low.alias("~low"), high.alias("~high"))
    frame = _ranks(frame)
    above_best, above_worst = pl.col("~p1") - pl.col("~s1"), pl.col("~p2") - pl.col("~s2")
    best = pl.col("~s1") + pl.max_horizontal(0, pl.col("~fall1") - pl.col("~m") + above_best)
    worst = pl.col("~s2") + pl.min_horizontal(above_worst, pl.col("~fall2"))
    tie = pl.col("~s2") - pl.col("~s1")
    inside = (worst - tie if rule.ties == "in" else worst) <= pl.col("~low")
    outside = (best + tie if rule.ties == "out" else best) > pl.col("~high")
    frame = frame.with_columns(
        (pl.col("~in?") & inside).alias("~in"),
        (pl.col("~in?") & ~inside & outside).alias("~out"),
        (pl.col("~in?") & ~inside & ~outside).alias("~contested"),
        worst.alias("~worst"),
    )
    _ask(state.board, rule, path, frame, waits, grade)
    placed = pl.col("~in?")
    stuck = pl.col("~carry") & (pl.col("~p2") > pl.col("~low"))
    return frame.with_columns(
        pl.when(placed).then(pl.col("~s1")).otherwise(pl.col("~place")).alias("~place"),
        pl.when(placed).then(pl.col("~low")).otherwise(pl.col("~places")).alias("~places"),
        pl.when("~contested").then(pl.lit(level, dtype=LEVEL)).otherwise(pl.col("~top")).alias("~top"),
        pl.when(pl.col("~contested") | stuck)
        .then(pl.lit(max(level - 1, 1), dtype=LEVEL))
        .otherwise(pl.col(LOWEST))
        .alias(LOWEST),
    )


def _ranks(frame: pl.DataFrame) -> pl.DataFrame:
    """Best and worst rank among those in the grade (`s`), and together with those who may come down (`p`)."""
    own, carried = pl.col("~in?"), frame["~carry"].any()
    frame = frame.with_columns(first(own).alias("~s1"), last(own).alias("~s2"))
    if not carried:
        none = pl.lit(0, dtype=pl.Int64).alias("~m")
        return frame.with_columns(pl.col("~s1").alias("~p1"), pl.col("~s2").alias("~p2"), none)
    pool = own | pl.col("~carry")
    return frame.with_columns(
        first(pool).alias("~p1"), last(pool).alias("~p2"), count(pl.col("~carry")).alias("~m")
    )


def _ask(board: Board, rule: Quota, path: str, frame: pl.DataFrame, waits: pl.DataFrame, grade: str) -> None:
    """Questions and hints of one grade."""
    unstated = pl.col("~low") != pl.col("~high")
    if not rule.hard:
        board.issues.add(frame, pl.col("~out"), path, "over_quota", f"超出“{grade}”的指导比例")
        board.issues.add(
            frame, pl.col("~contested"), path, "over_quota", f"可能超出“{grade}”的指导比例（并列或取整未定）"
        )
        return
    rounding = pl.col("~contested") & unstated
    board.issues.add(frame, rounding, path, "rounding", f"“{grade}”名额的取整没有规定，影响是否入围")
    board.issues.add(
        frame, pl.col("~contested") & ~unstated, path, "tie", f"“{grade}”名额线上并列，没有规定先后"
    )
    _provisional(board, path, frame, waits, grade)


def _provisional(board: Board, path: str, frame: pl.DataFrame, waits: pl.DataFrame, grade: str) -> None:
    """Places given while somebody still waits who could push the holder out."""
    level = board.book.level(grade)
    could = pl.col(GRADE).is_null() | (pl.col(GRADE) >= level)
    waits = waits.filter(could).unique(KEY)
    if not waits.height:
        return
    blind = waits.group_by(COHORT).agg(
        pl.len().cast(pl.Int64).alias("~all"),
        pl.col("~unranked").sum().cast(pl.Int64).alias("~blind"),
        pl.col(RANKED).filter(~pl.col("~unranked")).alias("~ranks"),
    )
    held = frame.filter("~in").select(KEY, COHORT, RANKED, "~worst", "~low").join(blind, on=COHORT)
    held = held.filter(pl.col("~worst") + pl.col("~all") > pl.col("~low"))
    held = held.explode("~ranks", empty_as_null=True)
    pushed = (pl.col("~ranks") >= pl.col(RANKED)).fill_null(value=False).sum().cast(pl.Int64)
    held = held.group_by(KEY).agg(pushed.alias("~push"), pl.col("~blind", "~worst", "~low").first())
    shaky = pl.col("~worst") + pl.col("~push") + pl.col("~blind") > pl.col("~low")
    board.issues.add(held, shaky, path, "provisional", f"“{grade}”暂定：同组还有待裁定的对象，可能挤占名额")


def _spare(rule: Quota, taken: pl.Expr, open_: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Places left unused, at least and at most. Tied ones fill what there is, unless all of them are out."""
    low, high = pl.col("~low"), pl.col("~high")
    if rule.ties == "out":
        return pl.max_horizontal(0, low - taken - open_ - pl.col("~fall2")), pl.max_horizontal(
            0, high - taken
        )
    there = count(pl.col("~in?"))
    return (
        pl.max_horizontal(0, low - there - pl.col("~fall2")),
        pl.max_horizontal(0, high - there - pl.col("~fall1")),
    )


def after(frame: pl.DataFrame, rule: Quota, *, carried: bool) -> pl.DataFrame:
    """Who is out falls one grade; open ones and unused places go on when the next grade is the next quota."""
    taken, open_ = count(pl.col("~in")), count(pl.col("~contested"))
    falls = [
        pl.max_horizontal(0, pl.col(fall) + open_ - pl.max_horizontal(0, pl.col(places) - taken)).alias(fall)
        for fall, places in (("~fall1", "~high"), ("~fall2", "~low"))
    ]
    least, most = _spare(rule, taken, open_)
    spare = [least.alias("~spare1"), most.alias("~spare2")] if rule.carry_down else []
    frame = frame.with_columns(
        *(falls if carried else [RELAXED.alias("~fall1"), RELAXED.alias("~fall2")]), *spare
    )
    open_now = pl.col(OPEN) | pl.col("~contested")
    return frame.with_columns(
        open_now.alias(OPEN),
        (open_now & (pl.col("~carry") | pl.col("~contested")) if carried else pl.lit(value=False)).alias(
            "~carry"
        ),
        pl.when("~out").then(lower()).otherwise(pl.col(GRADE)).cast(LEVEL).alias(GRADE),
    )
