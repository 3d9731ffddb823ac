"""Subject and windows of a row as one number: a field of bits for each window, the smallest last.

A larger window, and at last the subject alone, is that number shifted to the right.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from jiceng_sdk.engine import period as windows
from jiceng_sdk.engine.items.source import Source
from jiceng_sdk.engine.numbers.arrays import Codes, short
from jiceng_sdk.engine.period import Period


@dataclass(frozen=True, slots=True)
class Layout:
    """`below[window]`: how many bits stand below a window's number; below the subject's for "period".

    `days`: the bits of every day's windows; empty for a field, whose numbers they are themselves.
    """

    below: dict[str, int]
    days: NDArray[np.uint32]

    def places(self, source: Source, window: str) -> int:
        """How many numbers of subject and window there can be."""
        return source.size << (self.below["period"] - self.below[window])

    def codes(self, source: Source, first: str) -> Codes:
        """Subject and windows of every row; 32 bits where they suffice."""
        bits = self.below["period"]
        every = (source.size << bits).bit_length()
        subject = short(source.keys, every)
        if not bits:
            return subject
        subject <<= bits
        if first in source.coded:
            subject |= short(source.number(first), every)
        else:
            subject |= short(self.days, every).take(source.number("date"))
        return subject


def layout(source: Source, chain: tuple[str, ...]) -> Layout:
    """For windows one inside the other, small ones first, without the whole period; a field stands alone."""
    field = next((window for window in chain if window in source.coded), None)
    if field is None:
        return of_days(chain, source.form.period)
    return Layout({field: 0, "period": (source.coded[field] - 1).bit_length()}, np.zeros(0, np.uint32))


@lru_cache(maxsize=64)
def of_days(chain: tuple[str, ...], period: Period) -> Layout:
    """For windows of the calendar; given in any order."""
    code, above = np.zeros(period.days, np.uint32), np.zeros(period.days, np.uint32)
    widths: dict[str, int] = {}
    for window in sorted(set(chain), key=windows.order, reverse=True):
        number = windows.mapping("day", window, period).to_numpy().astype(np.uint32)
        first = number[np.searchsorted(above, above)]  # of the window's number in the larger one
        within = number - first
        widths[window] = int(within.max(initial=0)).bit_length()
        code, above = (code << np.uint32(widths[window])) | within, number
    below, bits = {}, 0
    for window in reversed(widths):
        below[window] = bits
        bits += widths[window]
    return Layout({**below, "period": bits}, code)
