"""Numbers put in order, equal ones as they stood: sorted with their places as one integer, while it fits."""

import numpy as np

from jiceng_sdk.engine.columns import At, Numbers
from jiceng_sdk.engine.integers import LARGEST
from jiceng_sdk.engine.items.arrays import changes


def in_order(numbers: Numbers) -> At:
    """Where the numbers, none of them negative, stand, the least first."""
    bits = len(numbers).bit_length()
    if int(numbers.max(initial=0)) << bits >= LARGEST:
        return np.argsort(numbers, kind="stable")
    line = numbers << bits
    line |= np.arange(len(numbers))
    line.sort()
    line &= (1 << bits) - 1
    return line


def first_of_each(numbers: Numbers) -> At:
    """Where each of the numbers, none of them negative, stands first; in the order of the numbers."""
    order = in_order(numbers)
    return order[changes(numbers.take(order))]


def firsts(keys: At, wanted: At) -> At:
    """Where each of these keys stands first; every one is there."""
    first = first_of_each(keys)
    found: At = first[np.searchsorted(keys[first], wanted)]
    return found
