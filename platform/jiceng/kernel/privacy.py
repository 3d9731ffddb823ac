"""A process that holds keys and passwords keeps its memory and its environment to itself (control 33)."""

import ctypes
import logging
import os
import resource
import sys

log = logging.getLogger(__name__)
_SET_DUMPABLE = 4
"""Of Linux' prctl(2)."""


def environment_without_secrets() -> dict[str, str]:
    """What a program that this process starts is given: nothing of the service's own settings, which are
    addresses with passwords, nor a password of PostgreSQL's programs.
    """
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("JICENG_") and name != "PGPASSWORD"
    }


def keep_memory_private(*, production: bool) -> None:
    """Write no core file; in production on Linux let no other process of this account read our memory either.

    Debuggers and profilers that attach from outside stop working there, which is what is wanted.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if production and sys.platform == "linux":
        failed = ctypes.CDLL(None, use_errno=True).prctl(_SET_DUMPABLE, 0, 0, 0, 0)
        if failed:
            log.warning("this process may be read by others of its account (errno %s)", ctypes.get_errno())
