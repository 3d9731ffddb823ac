"""Words of many rows as options, several columns at once: every core takes some."""

from collections.abc import Mapping

import polars as pl

from jiceng_sdk.engine.door.layout import Rowed

MANY, SOME = 100_000, 5_000
"""Rows of all frames from which on it pays, and of each."""

Typed = Mapping[str, pl.Series]
"""Columns as options; words that are none have become null."""


def typed(frames: Mapping[str, pl.DataFrame], rows: Mapping[str, Rowed]) -> dict[str, Typed]:
    """The columns of words with known options, by frame. Frames of few rows are left to the reader."""
    work: dict[str, pl.LazyFrame] = {}
    if sum(frame.height for frame in frames.values()) < MANY:
        return {}
    for name, frame in frames.items():
        if frame.height < SOME:
            continue
        wanted = [
            pl.col(column).cast(shape.dtype, strict=False)
            for column, shape in rows[name].shapes.items()
            if shape.options and shape.kind != "number" and frame.schema.get(column) == pl.String
        ]
        if wanted:
            work[name] = frame.lazy().select(wanted)
    found = pl.collect_all(list(work.values())) if work else []
    return {name: frame.to_dict() for name, frame in zip(work, found, strict=True)}
