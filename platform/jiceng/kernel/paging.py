"""A list in pages: which rows stand on one of them, and how many there are."""

from collections.abc import Sequence
from typing import Generic, TypeVar

import msgspec

PAGE = 100
PRINTED = 500
"""Rows to a page of a list that people print."""
Row = TypeVar("Row")


class Page(msgspec.Struct, Generic[Row], frozen=True):
    """One page of a list; `page` counts from 1, `size` rows to a page, `total` are on all pages."""

    rows: list[Row]
    total: int
    page: int
    size: int

    @classmethod
    def of(cls, everything: Sequence[Row], page: int, size: int = PAGE) -> "Page[Row]":
        """Cut one page out of a whole list; a page that does not exist is the first or the last one."""
        page = nearest(page, len(everything), size)
        return cls(list(everything[(page - 1) * size : page * size]), len(everything), page, size)

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return pages_of(self.total, self.size)

    @property
    def first(self) -> int:
        """The running number of the first row; 0 when there is none."""
        return (self.page - 1) * self.size + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """The running number of the last row."""
        return max(0, self.first + len(self.rows) - 1)


def pages_of(total: int, size: int = PAGE) -> int:
    """How many pages so many rows fill, at least one."""
    return max(1, -(-total // size))


def nearest(page: int, total: int, size: int = PAGE) -> int:
    """The page asked for, or the first or last one where there is no such page."""
    return min(max(1, page), pages_of(total, size))
