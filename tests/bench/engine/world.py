"""Made-up subjects and facts of the size of a district: about 49.5 event rows and 7 single facts per subject.

Everything comes from hashes of row numbers, so it is the same in every run; nobody in it exists.
"""

from dataclasses import dataclass
from datetime import date

import polars as pl

START = date(2024, 1, 1)
DAYS = 366
MARKS = ("优秀", "合格", "基本合格", "不合格")


@dataclass(frozen=True, slots=True)
class World:
    """What `evaluate` takes."""

    subjects: pl.DataFrame
    facts: dict[str, pl.DataFrame]
    previous: pl.DataFrame

    def rows(self) -> pl.DataFrame:
        """All event rows as (subject, item, points): what a bare aggregation would add up."""
        numbered = enumerate(self.facts.values())
        frames = [
            frame.select(
                "subject",
                pl.lit(n, dtype=pl.UInt8).alias("item"),
                (pl.int_range(pl.len()) % 1000).cast(pl.Decimal(38, 2)).alias("points"),
            )
            for n, frame in numbered
        ]
        return pl.concat(frames)


def a_world(size: int) -> World:
    """A district of so many members."""
    n = pl.int_range(size, eager=True)
    ids = n.cast(pl.UInt32).alias("subject")
    return World(_subjects(ids, n), _facts(ids), _previous(ids, n))


def _pick(key: pl.Series, seed: int, below: int) -> pl.Series:
    return (key.hash(seed) % below).cast(pl.Int64)


def _word(key: pl.Series, seed: int, words: tuple[str, ...]) -> pl.Series:
    return pl.Series(words).gather(_pick(key, seed, len(words)))


def _tenths(key: pl.Series, seed: int, below: int) -> pl.Series:
    """0.0 to below, one decimal."""
    return pl.select(
        _pick(key, seed, below * 10).cast(pl.Decimal(38, 1)) / pl.lit(10).cast(pl.Decimal(38, 1))
    ).to_series()


def _subjects(ids: pl.Series, n: pl.Series) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "subject": ids,
            "township": pl.select(pl.format("t{}", _pick(n, 1, 500))).to_series(),
            "kind": _word(n, 2, ("full", "full", "full", "probationary", "retired")),
            "deduct": _pick(n, 3, 30),
            "base_": _pick(n, 4, 80),
            "review": _word(n, 5, MARKS),
            "target": _pick(n, 6, 90) + 10,
            "done": _pick(n, 7, 100),
            "sat": _pick(n, 8, 100),
            "offence": _pick(n, 9, 50) == 0,
        }
    )


def _previous(ids: pl.Series, n: pl.Series) -> pl.DataFrame:
    grades = ("五星", "四星", "三星", "二星", "一星")
    return pl.DataFrame(
        {"subject": ids, "back": pl.repeat(1, len(n), eager=True), "grade": _word(n, 10, grades)}
    )


def _events(ids: pl.Series, seed: int, per_subject: float) -> tuple[pl.DataFrame, pl.Series]:
    """Subjects and days of some events, and the key their fields are drawn from."""
    many = int(len(ids) * per_subject)
    key = pl.int_range(many, eager=True) + seed * 1_000_000_007
    day = pl.select(pl.lit(START) + pl.duration(days=pl.lit(_pick(key, 11, DAYS)))).to_series().alias("date")
    return pl.DataFrame([ids.gather(_pick(key, 12, len(ids))), day]), key


def _facts(ids: pl.Series) -> dict[str, pl.DataFrame]:
    forms = ("congress", "committee", "group", "class", "theme_day", "life")
    found: dict[str, pl.DataFrame] = {}

    def made(name: str, per_subject: float, **fields: object) -> None:
        frame, key = _events(ids, len(found) + 1, per_subject)
        columns = []
        for n, (field, kind) in enumerate(fields.items()):
            seed = 20 + n
            if isinstance(kind, tuple):
                columns.append(_word(key, seed, kind).alias(field))
            elif kind == "flag":
                columns.append((_pick(key, seed, 4) == 0).alias(field))
            elif kind == "hours":
                columns.append(_tenths(key, seed, 12).alias(field))
            else:
                columns.append((_pick(key, seed, 60) + 1).alias(field))
        found[name] = frame.with_columns(columns)

    made("meeting", 8, form=forms)
    made("training", 1.5, days="number")
    made("article", 1, awarded="flag")
    made("lecture", 1)
    made("duty", 3, hours="hours")
    made("volunteer", 5, hours="hours", level=("village", "town", "county"))
    made("praise", 1, level=("town", "county", "city", "province"))
    made("breach", 1, level=("light", "medium", "grave"), mended="flag")
    made("claim", 2, quality=("A", "B", "C"))
    made("login", 10)
    made("visit", 2, matter=tuple(f"件{n}" for n in range(40)))
    made("study", 4, minutes="number")
    made("vote", 10, party=("masses", "members", "leaders"), option=MARKS)
    return found
