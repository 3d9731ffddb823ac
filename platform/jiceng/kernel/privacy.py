"""A process that holds keys and passwords keeps its memory to itself (control 33)."""

import ctypes
import logging
import resource
import sys

log = logging.getLogger(__name__)
_SET_DUMPABLE = 4
"""Of Linux' prctl(2)."""


def keep_memory_private(*, production: bool) -> None:
    """Write no core file; in production on Linux let no other process of this account read our memory either.

    Debuggers and profilers that attach from outside stop working there, which is what is wanted.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if production and sys.platform == "linux":
        failed = ctypes.CDLL(None, use_errno=True).prctl(_SET_DUMPABLE, 0, 0, 0, 0)
        if failed:
            log.warning("this process may be read by others of its account (errno %s)", ctypes.get_errno())
