"""What arrays stood in is used again, not handed back to the system and fetched anew."""

import platform
from resource import RUSAGE_SELF, getrusage

import numpy as np
import pytest

from jiceng_sdk.engine import heap

PAGE, TURNS = 4096, 20
SIZE = 256 * PAGE


@pytest.mark.skipif(
    platform.libc_ver()[0] != "glibc", reason="other C libraries keep memory by rules of their own"
)
def test_arrays_of_a_mebibyte_stand_on_the_same_pages_again() -> None:
    heap.kept()
    np.ones(SIZE, np.uint8)
    before = getrusage(RUSAGE_SELF).ru_minflt
    for _ in range(TURNS):
        np.ones(SIZE, np.uint8)
    fetched = getrusage(RUSAGE_SELF).ru_minflt - before
    assert fetched < TURNS * SIZE // PAGE // 4
