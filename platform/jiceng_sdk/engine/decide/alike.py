"""Numbers put in order, equal ones as they stood: sorted with their places as one integer, while it fits."""

import numpy as np

from jiceng_sdk.engine.numbers.arrays import changes
from jiceng_sdk.engine.numbers.columns import At, Numbers
from jiceng_sdk.engine.numbers.integers import LARGEST


def in_order(numbers: Numbers) -> At:
    """Where the numbers stand, none of them negative, the least first; which of equal ones first, is open."""
    bits = _bits(numbers)
    return np.argsort(numbers) if bits is None else _sorted(numbers, bits)


def first_of_each(numbers: Numbers) -> At:
    """Where each of the numbers, none of them negative, stands first; in the order of the numbers."""
    bits = _bits(numbers)
    if bits is None:
        return np.unique(numbers, return_index=True)[1]
    order = _sorted(numbers, bits)
    return order[changes(numbers.take(order))]


def _bits(numbers: Numbers) -> int | None:
    """As many as a place among them needs; None where there are too few of them beside a number."""
    bits = len(numbers).bit_length()
    return bits if int(numbers.max(initial=0)) << bits < LARGEST else None


def _sorted(numbers: Numbers, bits: int) -> At:
    """The places, equal numbers as they stood."""
    line = numbers << bits
    line |= np.arange(len(numbers))
    line.sort()
    line &= (1 << bits) - 1
    return line


def firsts(keys: At, wanted: At) -> At:
    """Where each of these keys stands first; every one is there."""
    first = first_of_each(keys)
    found: At = first[np.searchsorted(keys[first], wanted)]
    return found
