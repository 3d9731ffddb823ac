"""What a page shows of a job."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from jiceng.kernel.jobs import JobStatus

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def shown(**changes: Any) -> JobStatus:
    values: dict[str, Any] = {
        "id": UUID(int=1), "kind": "x", "state": "running", "attempts": 1, "done": 0, "total": 0, "note": "",
        "error": "", "cancel_asked": False, "created_at": NOW, "started_at": NOW, "finished_at": None,
    }  # fmt: skip
    return JobStatus(**{**values, **changes})


@pytest.mark.parametrize(
    ("state", "done", "total", "percent"),
    [
        ("queued", 0, 0, 0),
        ("running", 0, 0, 0),
        ("running", 1, 3, 33),
        ("running", 3, 3, 99),
        ("done", 0, 0, 100),
    ],
)
def test_only_a_finished_job_shows_a_hundred_percent(state: str, done: int, total: int, percent: int) -> None:
    assert shown(state=state, done=done, total=total).percent == percent


@pytest.mark.parametrize(
    ("state", "ended"),
    [
        ("queued", False),
        ("running", False),
        ("done", True),
        ("failed", True),
        ("parked", True),
        ("cancelled", True),
    ],
)
def test_a_page_stops_asking_when_nothing_more_happens(state: str, ended: bool) -> None:
    assert shown(state=state).ended is ended
