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
NEAR = 2**19
"""How many places lie in the processor's caches; rows are sorted rather than strewn over more of them."""
NO_BIT = 63
_BITS, _SHORT = 63, 32


def short(numbers: Codes, bits: int) -> Codes:
    """A copy of numbers that, with all that is put beside them, need so many bits: 32 where they suffice."""
    return numbers.astype(np.uint32 if bits <= _SHORT else np.int64)


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
    seen = np.zeros(size * (NO_BIT + 1), np.bool_)
    places = at * (NO_BIT + 1)
    places += bits
    seen[places] = True
    seen[NO_BIT :: NO_BIT + 1] = False
    return np.packbits(seen, bitorder="little").view("<i8")


def distinct(codes: Codes) -> Codes:
    """Every number once, in order."""
    codes = codes.copy()
    codes.sort()
    return codes[changes(codes)]


def changes(codes: Codes) -> NDArray[np.bool_]:
    """Whether a number differs from the one before it; the first does."""
    new = np.empty(len(codes), np.bool_)
    new[:1] = True
    np.not_equal(codes[1:], codes[:-1], out=new[1:])
    return new


def begins(codes: Codes) -> NDArray[np.intp]:
    """Where runs of equal numbers begin, in sorted numbers."""
    return changes(codes).nonzero()[0]


def lengths(starts: NDArray[np.intp], many: int) -> Whole:
    """How long every run is."""
    found = np.empty(len(starts), np.int64)
    np.subtract(starts[1:], starts[:-1], out=found[:-1])
    found[-1:] = many - starts[-1:]
    return found


def runs(codes: Codes, values: Whole) -> tuple[Codes, Whole]:
    """Every number of sorted numbers once, and the sum of its values."""
    if not len(codes):
        return codes, values
    starts = begins(codes)
    ends = np.empty_like(starts)
    np.subtract(starts[1:], 1, out=ends[:-1])
    ends[-1] = len(codes) - 1
    sums = values.cumsum().take(ends)
    sums[1:] -= sums[:-1].copy()
    return codes.take(starts), sums


def counted(codes: Codes, places: int, *, inorder: bool = False) -> tuple[Codes, Whole]:
    """Every number once, in order, and how often it is there. `places`: how many there can be."""
    if not inorder and near(places, len(codes)):
        many = np.bincount(codes, minlength=places)
        there = many.nonzero()[0]
        return there, many.take(there)
    codes = codes if inorder else np.sort(codes)
    starts = begins(codes)
    return codes.take(starts), lengths(starts, len(codes))


def near(places: int, rows: int) -> bool:
    """Whether an array of all places is cheaper than sorting the rows."""
    return places <= min(SPARSE * rows + NARROW, NEAR)


def grouped(codes: Codes, values: Whole, places: int) -> tuple[Codes, Whole]:
    """Every number once, in order, and the sum of its values."""
    if near(places, len(codes)):
        codes = codes.astype(np.intp)
        seen = np.zeros(places, np.bool_)
        seen[codes] = True
        there = seen.nonzero()[0]
        return there, added(codes, values, places).take(there)
    return runs(*ordered(codes, values, places))


def folded(values: Whole, by: int) -> Whole:
    """The sums of every `2^by` values that stand side by side."""
    found: Whole = np.einsum("ij->i", values.reshape(-1, 1 << by))
    return found


def ordered(codes: Codes, values: Whole, places: int) -> tuple[Codes, Whole]:
    """Both sorted by number, equal ones by value; as one number where both fit, of 32 bits if they can."""
    if not len(codes):
        return codes, values
    low = int(values.min())
    shift = (int(values.max()) - low).bit_length()
    bits = places.bit_length() + shift
    if bits > _BITS:
        order = np.lexsort((values, codes))
        return codes[order], values[order]
    packed = short(codes, bits) << shift
    packed |= short(values - low, bits)
    packed.sort()
    return packed >> shift, (packed & ((1 << shift) - 1)).astype(np.int64) + low


def highest(codes: Codes, values: Whole, most: int, places: int) -> tuple[Codes, Whole]:
    """The `most` highest values of every number, sorted by number."""
    codes, values = ordered(codes, -values, places)
    kept = np.ones(len(codes), np.bool_)
    np.not_equal(codes[most:], codes[:-most], out=kept[most:])
    there = kept.nonzero()[0]
    return codes.take(there), -values.take(there)
