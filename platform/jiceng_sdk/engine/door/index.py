"""Who takes part: unique ids in the order given, and the number of each, 0…n−1."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from jiceng_sdk.engine.door.blame import Blame
from jiceng_sdk.engine.numbers.exact import ROW
from jiceng_sdk.engine.numbers.framing import framed

SUBJECT, ROW_KEY = "subject", "#"


@dataclass(frozen=True)
class Index:
    """`ids`: as given; `key`: their numbers; `dense`: the ids are these numbers themselves."""

    ids: pl.Series
    key: pl.Series
    dense: bool

    @property
    def frame(self) -> pl.DataFrame:
        """`subject` and `#`."""
        return framed([self.ids, self.key])

    @cached_property
    def dtype(self) -> pl.DataType:
        """Of the ids."""
        return self.ids.dtype

    def alike(self, ids: pl.Series) -> bool:
        """Whether ids are of the type of these."""
        return type(ids.dtype) is type(self.dtype)

    @cached_property
    def words(self) -> pl.Enum:
        """Ids that are words, as categories."""
        return pl.Enum(self.ids)

    def keyed(self, ids: pl.Series) -> pl.Series:
        """The number of every id, null for strangers.

        Words are looked up as categories, which keeps the order; integers 0…n−1 are numbers already.
        """
        known = self.ids
        if isinstance(self.dtype, pl.String):
            return ids.cast(self.words, strict=False).to_physical().cast(ROW)
        if self.dense:
            high = ids.max()
            low = 0 if ids.dtype.is_unsigned_integer() else ids.min()
            if isinstance(low, int) and isinstance(high, int) and low >= 0 and high < len(self.key):
                return ids if isinstance(ids.dtype, pl.UInt32) else ids.cast(ROW)
            inside = ids.is_between(0, len(known) - 1)
            return ids.zip_with(inside, ids.clear(len(ids))).cast(ROW)
        joined = ids.cast(known.dtype).alias(SUBJECT).to_frame()
        return joined.join(self.frame, on=SUBJECT, how="left", maintain_order="left")[ROW_KEY]

    def strange(self, frame: pl.DataFrame, path: str, blame: Blame) -> bool:
        """Whether the frame names subjects who take no part (each a fault), or has ids of another type."""
        if frame[SUBJECT].dtype != self.ids.dtype:
            if frame.height == 0:
                return False
            self.mistyped(frame[SUBJECT], path, blame)
            return True
        lost = frame.join(self.frame, on=SUBJECT, how="anti")
        if lost.height:
            names = lost[SUBJECT].unique(maintain_order=True)
            blame.rows(path, names, None, "不在对象表中", "is not among the subjects")
        return lost.height > 0

    def mistyped(self, ids: pl.Series, path: str, blame: Blame) -> None:
        """The fault of ids of another type."""
        zh = f"对象编号的类型是 {ids.dtype}，对象表是 {self.ids.dtype}"
        blame.whole(path, zh, f"ids are {ids.dtype}, in the frame of subjects {self.ids.dtype}")


def numbered(subjects: pl.DataFrame, blame: Blame) -> Index | None:
    """The ids with their numbers; None when they are missing or given twice."""
    if SUBJECT not in subjects.columns:
        blame.whole(
            "subjects", "对象表缺少 subject 列（对象编号）", "the frame of subjects has no column subject"
        )
        return None
    ids = subjects[SUBJECT]
    if not (ids.dtype == pl.String or ids.dtype.is_integer()):
        blame.whole(
            "subjects.subject",
            f"对象编号应为文字或整数，收到 {ids.dtype}",
            f"ids are words or integers, this column is {ids.dtype}",
        )
        return None
    if ids.null_count():
        blame.whole("subjects.subject", f"有 {ids.null_count()} 个对象没有编号", "subjects without an id")
        return None
    numbers = np.arange(len(ids), dtype=np.uint32)
    dense = ids.dtype != pl.String and len(ids) > 0 and bool((ids.to_numpy() == numbers).all())
    if not dense and ids.n_unique() < len(ids):
        twice = ids.filter(ids.is_duplicated()).unique(maintain_order=True)
        blame.rows("subjects.subject", twice, None, "在对象表中出现两次，请只保留一行", "is given twice")
        return None
    return Index(ids, pl.Series(ROW_KEY, numbers), dense)
