"""Memory of arrays stays with the process from one array to the next.

glibc hands a freed block back to the system when it is larger than any freed before it, and the free end of
the heap when that exceeds twice this size: an evaluation of 10,000 subjects then fetches the same 1,500 pages
anew every time, which costs as much as what is done with them. The largest size that counts is 32 MiB.
"""

from functools import cache

import numpy as np

LARGEST = 2**25 - 2**14
"""Bytes: as large a block as glibc takes for its measure, less what it puts beside it."""


@cache
def kept() -> None:
    """Take and let go, once per process, a block of that size; not one of its pages is touched.

    Other C libraries do not mind. The process keeps at most 64 MiB that are free.
    """
    np.empty(LARGEST, np.uint8)
