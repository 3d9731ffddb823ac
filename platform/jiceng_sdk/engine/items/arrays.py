"""Adding up by number. Subjects are numbered 0…n−1, so totals stand in an array, not in a hash table.

Whole numbers only: nothing here is a float, and whoever calls has proved that all rows together fit 64 bits.
"""

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Codes = NDArray[np.unsignedinteger | np.signedinteger]
"""Numbers of places: of subjects, or of subjects and windows packed into one."""

SPARSE = 4
"""How many places a row may have for an array of all places to be cheaper than sorting the rows."""
NARROW = 2**16
NO_BIT = 63
_BITS = 63


def added(at: Codes, values: Whole, size: int) -> Whole:
    """The sum of the values at every place."""
    out = np.zeros(size, np.int64)
    np.add.at(out, at, values)
    return out


def joined(at: Codes, bits: Whole, size: int) -> Whole:
    """The bits seen at every place."""
    out = np.zeros(size, np.int64)
    np.bitwise_or.at(out, at, bits)
    return out


def marked(at: NDArray[np.intp], bits: Whole, size: int) -> Whole:
    """The same for single bits given by their number; `NO_BIT` is none."""
    seen = np.zeros((size, NO_BIT + 1), np.bool_)
    seen.reshape(-1)[at * (NO_BIT + 1) + bits] = True
    seen[:, NO_BIT] = False
    return np.packbits(seen, axis=1, bitorder="little").view("<i8").reshape(size)


def distinct(codes: Codes) -> Codes:
    """Every number once, in order."""
    codes = np.sort(codes)
    return codes[begins(codes)]


def changes(codes: Codes) -> NDArray[np.bool_]:
    """Whether a number differs from the one before it; the first does."""
    new = np.empty(len(codes), np.bool_)
    new[:1] = True
    np.not_equal(codes[1:], codes[:-1], out=new[1:])
    return new


def begins(codes: Codes) -> NDArray[np.intp]:
    """Where runs of equal numbers begin, in sorted numbers."""
    return np.flatnonzero(changes(codes))


def lengths(starts: NDArray[np.intp], many: int) -> Whole:
    """How long every run is."""
    return np.diff(starts, append=many).astype(np.int64, copy=False)


def runs(codes: Codes, values: Whole) -> tuple[Codes, Whole]:
    """Every number of sorted numbers once, and the sum of its values."""
    if not len(codes):
        return codes, values
    starts = begins(codes)
    return codes[starts], np.add.reduceat(values, starts)


def counted(codes: Codes, places: int) -> tuple[Codes, Whole]:
    """Every number once, in order, and how often it is there. `places`: how many there can be."""
    if places <= SPARSE * len(codes) + NARROW:
        many = np.bincount(codes, minlength=places)
        there = np.flatnonzero(many > 0)
        return there, many[there]
    codes = np.sort(codes)
    starts = begins(codes)
    return codes[starts], lengths(starts, len(codes))


def grouped(codes: Codes, values: Whole, places: int, largest: int) -> tuple[Codes, Whole]:
    """The same for numbers in any order. `largest`: the greatest magnitude of a value."""
    if places <= SPARSE * len(codes) + NARROW:
        seen = np.zeros(places, np.bool_)
        seen[codes] = True
        there = np.flatnonzero(seen)
        return there, added(codes, values, places)[there]
    return runs(*ordered(codes, values, places, largest))


def ordered(codes: Codes, values: Whole, places: int, largest: int) -> tuple[Codes, Whole]:
    """Both sorted by number, equal ones by value; as one number where both fit into it."""
    shift = (2 * largest + 1).bit_length()
    if places.bit_length() + shift > _BITS:
        order = np.lexsort((values, codes))
        return codes[order], values[order]
    packed = codes.astype(np.int64) << shift
    packed += values + largest
    packed.sort()
    return packed >> shift, (packed & ((1 << shift) - 1)) - largest


def highest(codes: Codes, values: Whole, most: int, places: int, largest: int) -> tuple[Codes, Whole]:
    """The `most` highest values of every number, sorted by number."""
    codes, values = ordered(codes, -values, places, largest)
    starts = begins(codes)
    place = np.arange(len(codes)) - np.repeat(starts, lengths(starts, len(codes)))
    kept = place < most
    return codes[kept], -values[kept]
