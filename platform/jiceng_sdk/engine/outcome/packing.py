"""An outcome as bytes and back: Arrow, zstd, numbers as integers at their own scale. What comes
back is equal.
"""

from io import BytesIO

import polars as pl
from msgspec import Struct, msgpack

from jiceng_sdk.engine.numbers.exact import EXACT, SNAP
from jiceng_sdk.engine.outcome.kept import Kept
from jiceng_sdk.engine.outcome.outcome import Outcome
from jiceng_sdk.engine.period import Period

FRAMES = ("results", "issues", "area", "cohort")
KEPT = ("nodes", "details")
_LARGEST = 2**63 - 1


class _Packed(Struct, frozen=True):
    """The container: frames as Arrow IPC, and the scale of each number column."""

    period: Period
    places: dict[str, int | None]
    grades: tuple[str, ...]
    score: str
    version: str
    frames: dict[str, bytes]
    cells: dict[str, bytes]
    scales: dict[str, dict[str, int]]


def pack(outcome: Outcome) -> bytes:
    """The whole outcome, or `outcome.of(subject)`, or any part with the same frames."""
    scales: dict[str, dict[str, int]] = {}
    known = {name: SNAP if places is None else min(places, SNAP) for name, places in outcome.places.items()}
    frames = {name: _written(getattr(outcome, name), {}, scales.setdefault(name, {})) for name in FRAMES}
    for name, kept in zip(KEPT, (outcome.kept_nodes, outcome.kept_details), strict=True):
        scales[name] = dict(kept.scales)
        frames[name] = _written(kept.frame, known if name == "nodes" else {}, scales[name])
    cells = {
        unit: _written(frame, {}, scales.setdefault(f"cells.{unit}", {}))
        for unit, frame in outcome.cells.items()
    }
    return msgpack.encode(
        _Packed(
            outcome.period,
            dict(outcome.places),
            outcome.grades,
            outcome.score,
            outcome.version,
            frames,
            cells,
            scales,
        )
    )


def unpack(packed: bytes) -> Outcome:
    """The outcome again. Raises msgspec.DecodeError for bytes that are none."""
    found = msgpack.decode(packed, type=_Packed)
    frames = {name: _read(found.frames[name], found.scales[name]) for name in FRAMES}
    cells = {unit: _read(raw, found.scales[f"cells.{unit}"]) for unit, raw in found.cells.items()}
    return Outcome(
        period=found.period,
        places=found.places,
        grades=found.grades,
        score=found.score,
        version=found.version,
        cells=cells,
        kept_nodes=_kept(found, "nodes"),
        kept_details=_kept(found, "details"),
        **frames,
    )


def _written(frame: pl.DataFrame, known: dict[str, int], scales: dict[str, int]) -> bytes:
    """Decimals become 64-bit integers at their scale where all of them fit."""
    columns = []
    for column in frame.get_columns():
        if not column.dtype.is_decimal():
            columns.append(column.cast(pl.String) if isinstance(column.dtype, pl.Enum) else column)
            continue
        scale = known.get(column.name, SNAP)
        narrow = column.round(scale, mode="half_away_from_zero").cast(pl.Decimal(38, scale))
        whole = narrow.to_physical()
        if whole.null_count() == len(whole) or (_fits(whole)):
            scales[column.name] = scale
            columns.append(whole.cast(pl.Int64))
        else:
            columns.append(narrow)
    return _bytes(pl.DataFrame(columns))


def _fits(whole: pl.Series) -> bool:
    low, high = whole.min(), whole.max()
    return isinstance(low, int) and isinstance(high, int) and low >= -_LARGEST and high <= _LARGEST


def _bytes(frame: pl.DataFrame) -> bytes:
    sink = BytesIO()
    frame.write_ipc(sink, compression="zstd")
    return sink.getvalue()


def _read(raw: bytes, scales: dict[str, int]) -> pl.DataFrame:
    """Every number as an exact decimal."""
    return Kept(_widened(raw, scales), scales).exact


def _kept(found: _Packed, name: str) -> Kept:
    """Numbers as the integers they were packed as."""
    scales = found.scales[name]
    return Kept(_widened(found.frames[name], scales), scales)


def _widened(raw: bytes, scales: dict[str, int]) -> pl.DataFrame:
    """A frame whose numbers that did not fit 64 bits are exact decimals."""
    frame = pl.read_ipc(raw)
    return frame.with_columns(
        pl.col(name).cast(EXACT)
        for name, dtype in frame.schema.items()
        if dtype.is_decimal() and name not in scales
    )
