"""What a run is computed from, and the digest that makes the same inputs the same run."""

from __future__ import annotations

import hashlib
from datetime import date  # noqa: TC003 - msgspec reads the types of its structs at run time
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from uuid import UUID

    import polars as pl

_NULL = "\x00"
"""How a missing value is written for the digest; no cell of a roster can hold it."""


class Inputs(msgspec.Struct, frozen=True):
    """Everything that decides a run's outcome; each digest is a sha256 in hex.

    `rulebook` is the version's digest, `subjects` that of the roster attributes the rulebook reads,
    `watermark` the last fact that counts, `previous` the runs whose results are the history (newest first),
    `rulings` the decisions of named people on open questions, `history` which results count as history:
    those last computed, or only those that took effect; `sources` the runs of other schemes that are read.
    """

    scheme: str
    first_day: date
    last_day: date
    rulebook: str
    engine: str
    plugin: str
    subjects: str
    watermark: int
    previous: tuple[str, ...] = ()
    rulings: tuple[str, ...] = ()
    history: str = "computed"
    sources: tuple[str, ...] = ()


def digest(inputs: Inputs) -> str:
    """The inputs' sha256 in hex: equal inputs, equal digest, whatever the day or the machine."""
    return hashlib.sha256(msgspec.json.encode(inputs, order="deterministic")).hexdigest()


def after(made: str, run: UUID) -> str:
    """The digest of the same inputs evaluated once more, for `run` with the digest `made` is over."""
    return hashlib.sha256(f"{made} {run}".encode()).hexdigest()


def frame_digest(frame: pl.DataFrame) -> str:
    """A frame's sha256 in hex, whatever the order of its rows and columns; `subject` must be unique."""
    columns = sorted(frame.columns)
    text = frame.select(columns).sort("subject").write_csv(null_value=_NULL)
    return hashlib.sha256(text.encode()).hexdigest()
