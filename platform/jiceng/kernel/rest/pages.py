"""One page of a list, as the API answers it."""

from collections.abc import Sequence
from typing import Generic, TypeVar

import msgspec

Row = TypeVar("Row")


class Page(msgspec.Struct, Generic[Row], frozen=True):
    """`items` of page number `page` (from 1), `size` to a page; `total` counts all pages' items."""

    items: list[Row]
    page: int
    size: int
    total: int

    @classmethod
    def of(cls, everything: Sequence[Row], page: int, size: int) -> "Page[Row]":
        """Cut one page out of a whole list."""
        return cls(list(everything[(page - 1) * size : page * size]), page, size, len(everything))
