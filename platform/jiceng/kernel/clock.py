"""The one place that reads the clock; tests put another one in with `showing`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context, ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")


def _system_time() -> datetime:
    return datetime.now(UTC)


_source: ContextVar[Callable[[], datetime]] = ContextVar("clock", default=_system_time)


def now() -> datetime:
    """This moment, aware, in UTC."""
    return _source.get()()


def today(zone: ZoneInfo = CHINA) -> date:
    """The calendar day in `zone` (a tenant's time zone; China's by default)."""
    return now().astimezone(zone).date()


def apart() -> Context:
    """An empty context for work that is none of the caller's but goes by his clock."""
    context = Context()
    context.run(_source.set, _source.get())
    return context


@contextmanager
def showing(moment: datetime) -> Iterator[None]:
    """Stop the clock at `moment` (aware) inside the block, for this task and the tasks it starts."""
    if moment.tzinfo is None:
        raise ValueError("the clock shows aware times only; give the moment a time zone")
    fixed = moment.astimezone(UTC)
    token = _source.set(lambda: fixed)
    try:
        yield
    finally:
        _source.reset(token)
