"""Clocks that tests put in: for one task `kernel.clock.showing`, for everybody this."""

from contextvars import ContextVar
from datetime import datetime

import pytest

from jiceng.kernel import clock


def shown_to_all(moment: datetime, patch: pytest.MonkeyPatch) -> None:
    """Stop the clock at `moment` in every task, whoever began it, until the test ends."""
    patch.setattr(clock, "_source", ContextVar("clock", default=lambda: moment))
