"""Facts in batches: subjects by number, strangers out, numbers with no more decimals than they need."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import polars as pl
import pyarrow as pa

from jiceng.facts.rows.reading import Places, Reader
from jiceng.facts.schemas import Column

ONE, TWO, OTHER = (f"01900000-0000-7000-8000-00000000000{n}" for n in (1, 2, 9))
IDS = pl.Series([TWO, ONE])
DAY = date(2026, 5, 1)


def batch(ids: list[str], **columns: list[object]) -> pa.RecordBatch:
    arrays = {
        "subject": pa.array([UUID(one).bytes for one in ids], pa.binary(16)),
        "date": pa.array([DAY] * len(ids)),
        **{name: pa.array(values) for name, values in columns.items()},
    }
    return pa.record_batch(arrays)


def test_subjects_become_their_place_and_strangers_are_left_out() -> None:
    reader = Reader([], {})
    found = reader.whole(
        [reader.narrow(batch([ONE, OTHER, TWO])), reader.narrow(batch([ONE]).slice(0))], Places(IDS)
    )
    assert found["subject"].to_list() == [1, 0, 1]
    assert found["date"].to_list() == [DAY] * 3


def test_a_part_of_a_batch_is_read_from_its_own_rows() -> None:
    reader = Reader([], {})
    found = reader.whole([reader.narrow(batch([OTHER, TWO, ONE, OTHER]).slice(1, 2))], Places(IDS))
    assert found["subject"].to_list() == [0, 1]


def test_whole_numbers_stay_integers_and_others_keep_the_decimals_they_need() -> None:
    columns = [Column("n", "number", 1, 6), Column("h", "number", 2, 6)]
    reader = Reader(columns, {})
    rows = batch([ONE, TWO], n1=[5_000_000, None], n2=[1_250_000, -500_000])
    found = reader.whole([reader.narrow(rows)], Places(IDS))
    assert [str(kind) for kind in found.select("n", "h").dtypes] == [
        "Int64",
        "Decimal(precision=38, scale=2)",
    ]
    assert found["n"].to_list() == [5, None]
    assert found["h"].to_list() == [Decimal("1.25"), Decimal("-0.50")]


def test_options_are_kept_as_numbers_unless_a_word_is_unknown() -> None:
    reader = Reader([Column("w", "choice", 1)], {"w": ("优", "良")})
    known, strange = (reader.narrow(batch([ONE], w1=[word])) for word in ("良", "差"))
    assert known["w"].dtype == pl.Enum(["优", "良"])
    found = reader.whole([known, strange], Places(IDS))
    assert found.schema["w"] == pl.String
    assert found["w"].to_list() == ["良", "差"]


def test_ids_whose_second_half_is_the_same_are_told_apart() -> None:
    ids = [f"0190000{n}-0000-7000-8000-000000000001" for n in range(3)]
    reader = Reader([], {})
    found = reader.whole([reader.narrow(batch([ids[2], ids[0], ids[1]]))], Places(pl.Series(ids[:2])))
    assert found["subject"].to_list() == [0, 1]


def test_no_rows_give_an_empty_frame_with_the_fields() -> None:
    reader = Reader([Column("n", "number", 1, 6), Column("w", "choice", 1)], {"w": ("优",)})
    found = reader.whole([], Places(IDS))
    assert (found.height, found.columns) == (0, ["subject", "date", "n", "w"])
