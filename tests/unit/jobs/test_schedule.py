"""When a schedule is due: in the tenant's time zone, and what happens to ticks nobody was there for."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from jiceng.kernel.jobs.schedule import Schedule

CHINA = ZoneInfo("Asia/Shanghai")
NIGHTLY = Schedule(name="nightly", kind="check", at=time(2, 30))
QUARTERLY = Schedule(name="often", kind="check", every=timedelta(minutes=15))


def test_a_daily_schedule_is_due_at_the_tenants_local_time() -> None:
    before = datetime(2026, 5, 1, 18, 0, tzinfo=UTC)  # 02:00 on 2 May in China
    assert NIGHTLY.after(before, CHINA) == datetime(2026, 5, 2, 2, 30, tzinfo=CHINA)


def test_the_tick_after_a_tick_is_the_next_days() -> None:
    tick = datetime(2026, 5, 2, 2, 30, tzinfo=CHINA)
    assert NIGHTLY.after(tick, CHINA) == datetime(2026, 5, 3, 2, 30, tzinfo=CHINA)


def test_a_frequent_schedule_counts_from_its_last_tick() -> None:
    tick = datetime(2026, 5, 2, 2, 30, tzinfo=UTC)
    assert QUARTERLY.after(tick, CHINA) == datetime(2026, 5, 2, 2, 45, tzinfo=UTC)


@pytest.mark.parametrize(("minutes_late", "missed"), [(0, False), (14, False), (15, True), (60, True)])
def test_a_tick_is_missed_once_the_next_one_is_due_too(minutes_late: int, missed: bool) -> None:
    tick = datetime(2026, 5, 2, 2, 30, tzinfo=UTC)
    assert QUARTERLY.missed(tick, tick + timedelta(minutes=minutes_late), CHINA) is missed


def test_a_schedule_that_catches_up_misses_nothing() -> None:
    schedule = Schedule(name="x", kind="check", every=timedelta(minutes=15), catch_up=True)
    tick = datetime(2026, 5, 2, 2, 30, tzinfo=UTC)
    assert not schedule.missed(tick, tick + timedelta(days=30), CHINA)


def test_a_schedule_is_daily_or_frequent_not_both_nor_neither() -> None:
    with pytest.raises(ValueError, match="give either at or every"):
        Schedule(name="x", kind="check")
    with pytest.raises(ValueError, match="give either at or every"):
        Schedule(name="x", kind="check", at=time(1), every=timedelta(hours=1))
