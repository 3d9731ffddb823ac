"""What a run keeps of its subjects in blocks, so that explaining one unpacks a block and not the district."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import polars as pl
from msgspec import structs

from jiceng_sdk.engine import Outcome, joined, pack, unpack

if TYPE_CHECKING:
    from collections.abc import Sequence

SUBJECT = "subject"
SIZE = 4_000
"""Subjects in a block: unpacked in some 30 ms."""
OUTCOME, SUBJECTS = "outcome", "subjects"
"""What is kept in blocks: what came out, and the attributes that went in."""


def part_of(kind: str, place: int) -> str:
    """The name of the block that the subject at this place (from 0) lies in; the first is the bare kind."""
    return part_name(kind, place // SIZE)


def part_name(kind: str, block: int) -> str:
    """The name under which a block is kept."""
    return f"{kind} {block}" if block else kind


def frame_blocks(frame: pl.DataFrame) -> list[bytes]:
    """A frame with one row for each subject, packed block by block; at least one."""
    return [packed_frame(frame.slice(first, SIZE)) for first in range(0, max(1, frame.height), SIZE)]


def packed_frame(frame: pl.DataFrame) -> bytes:
    """A frame as compressed Arrow."""
    buffer = io.BytesIO()
    frame.write_ipc(buffer, compression="zstd")
    return buffer.getvalue()


def blocks(outcome: Outcome) -> list[bytes]:
    """The outcome packed block by block, in the order of its subjects; what is of nobody in the first."""
    order = outcome.results[SUBJECT]
    count = max(1, -(-len(order) // SIZE))
    if count == 1:
        return [pack(outcome)]
    issues = _split(outcome.issues, order, count)
    cells = {unit: _split(frame, order, count) for unit, frame in outcome.cells.items()}
    found = []
    for block in range(count):
        first = block * SIZE
        found.append(
            pack(
                structs.replace(
                    outcome,
                    results=outcome.results.slice(first, SIZE),
                    kept_nodes=outcome.kept_nodes.slice(first, SIZE),
                    kept_details=outcome.kept_details.slice(first, SIZE),
                    issues=issues[block],
                    cells={unit: frames[block] for unit, frames in cells.items()},
                    area=outcome.area if not block else outcome.area.clear(),
                    cohort=outcome.cohort if not block else outcome.cohort.clear(),
                )
            )
        )
    return found


def whole(packed: Sequence[bytes]) -> Outcome:
    """The outcome again from all its blocks, the first first."""
    parts = [unpack(one) for one in packed]
    if len(parts) == 1:
        return parts[0]
    return structs.replace(
        parts[0],
        results=pl.concat([part.results for part in parts]),
        kept_nodes=joined([part.kept_nodes for part in parts]),
        kept_details=joined([part.kept_details for part in parts]),
        issues=pl.concat([part.issues for part in parts]),
        cells={unit: pl.concat([part.cells[unit] for part in parts]) for unit in parts[0].cells},
    )


def _split(frame: pl.DataFrame, order: pl.Series, count: int) -> list[pl.DataFrame]:
    """The rows of a frame by the block their subject lies in, in their order."""
    places = pl.DataFrame({SUBJECT: order}).with_columns((pl.int_range(pl.len()) // SIZE).alias("~block"))
    placed = frame.join(places, on=SUBJECT, how="left", maintain_order="left")
    parts = placed.partition_by("~block", maintain_order=True, include_key=False, as_dict=True)
    return [parts.get((block,), frame.clear()) for block in range(count)]
