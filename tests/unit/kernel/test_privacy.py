"""Processes with secrets leave no core file and cannot be read by others of their account (control 33)."""

import subprocess
import sys

import pytest

PROGRAM = """
import ctypes, resource
from jiceng.kernel.privacy import keep_memory_private
keep_memory_private(production={production})
print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux'")
@pytest.mark.parametrize(("production", "dumpable"), [(True, 0), (False, 1)])
def test_no_core_file_and_in_production_no_reader(production: bool, dumpable: int) -> None:
    program = PROGRAM.format(production=production)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == f"(0, 0) {dumpable}\n"
