"""Which decisions changed a subject's grade or score, from what to what."""

import polars as pl

from jiceng_sdk.engine.numbers.exact import EXACT, LEVEL

SCHEMA = {
    "where": pl.String(),
    "before": pl.String(),
    "after": pl.String(),
    "score_before": EXACT,
    "score_after": EXACT,
    "place": pl.Int64(),
    "places": pl.Int64(),
}


def trail(details: pl.DataFrame, score: pl.Series | None, grades: tuple[str, ...]) -> pl.DataFrame:
    """subject, where, grade and score before and after, rank and places of a quota; in the order
    of decisions.
    """
    words = {len(grades) - n: grade for n, grade in enumerate(grades)}
    paths = [name.removesuffix(":grade") for name in details.columns if name.endswith("]:grade")]
    none = pl.lit(None, dtype=EXACT)
    before, total = pl.lit(None, dtype=LEVEL), none if score is None else pl.lit(score)
    found = [pl.DataFrame(schema={"subject": details.schema["subject"], **SCHEMA})]
    for path in sorted(paths, key=number):
        after = pl.col(f"{path}:grade")
        new = pl.col(f"{path}:score") if f"{path}:score" in details.columns else total
        changed = after.ne_missing(before) | new.ne_missing(total)
        found.append(
            details.select(
                "subject",
                pl.lit(path).alias("where"),
                _word(before, words).alias("before"),
                _word(after, words).alias("after"),
                total.cast(EXACT).alias("score_before"),
                new.cast(EXACT).alias("score_after"),
                *(_rank(details, f"{path}:{word}").alias(word) for word in ("place", "places")),
                changed.alias("~changed"),
            )
            .filter("~changed")
            .drop("~changed")
        )
        before, total = after, new
    return pl.concat(found)


def number(path: str) -> int:
    """The place of `decide[3]` in the list."""
    return int(path.removeprefix("decide[").removesuffix("]"))


def _word(level: pl.Expr, words: dict[int, str]) -> pl.Expr:
    if not words:
        return pl.lit(None, dtype=pl.String)
    return level.replace_strict(words, default=None, return_dtype=pl.String)


def _rank(details: pl.DataFrame, column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Int64) if column in details.columns else pl.lit(None, dtype=pl.Int64)
