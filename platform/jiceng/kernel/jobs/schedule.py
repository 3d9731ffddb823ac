"""Schedules: what is due every day or every few minutes in a tenant; each tick becomes a job exactly once."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from jiceng.kernel import clock
from jiceng.kernel.database import (
    current_tenant,
    execute,
    fetch_row,
    in_transaction,
    one_at_a_time,
    relay_transaction,
)
from jiceng.kernel.ids import new_id
from jiceng.kernel.jobs.arguments import encode_arguments
from jiceng.kernel.jobs.statements import INSERT

_WAITING = "select id, zone from tick where tenant_id = $1 and schedule = $2 and state = 'waiting'"
_MOVE = "update tick set due_at = $3, zone = $4 where tenant_id = $1 and id = $2 and state = 'waiting'"
_PLANT = """
insert into tick (tenant_id, id, schedule, due_at, zone, state) values ($1, $2, $3, $4, $5, 'waiting')
on conflict (tenant_id, schedule, due_at) do nothing
"""
_DUE = """
select tenant_id, id, schedule, due_at, zone, clock_timestamp() as now from tick
where state = 'waiting' and due_at <= clock_timestamp() and schedule = any($1)
order by due_at limit 1 for update skip locked
"""
_TURNED = "update tick set state = $3 where tenant_id = $1 and id = $2"


class Schedule(msgspec.Struct, frozen=True, kw_only=True):
    """A job of `kind` that is due daily at `at` (the tenant's time zone) or `every` so often.

    After a time without workers, `catch_up` does every tick that was missed; otherwise those missed by more
    than one period are skipped and the next one is done.
    """

    name: str
    kind: str
    at: time | None = None
    every: timedelta | None = None
    catch_up: bool = False

    def __post_init__(self) -> None:
        if (self.at is None) == (self.every is None):
            raise ValueError(f"schedule {self.name}: give either at or every")

    def after(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """Return the first tick later than `moment` (aware)."""
        if self.every is not None:
            return moment + self.every
        local = moment.astimezone(zone)
        today = datetime.combine(local.date(), self.at or time(), zone)
        if today > local:
            return today
        return datetime.combine(local.date() + timedelta(days=1), self.at or time(), zone)

    def missed(self, due: datetime, now: datetime, zone: ZoneInfo) -> bool:
        """Whether the next tick is due already too, so that this one may be skipped."""
        return not self.catch_up and self.after(due, zone) <= now


async def plant(schedules: Iterable[Schedule], zone: ZoneInfo = clock.CHINA) -> None:
    """Start schedules in the current tenant, within the open transaction; running ones stay as they are.

    A daily one that waits in another time zone moves to `zone`.
    """
    in_transaction()
    # Two hosts that start together would otherwise each begin a row of ticks of their own.
    await one_at_a_time("schedules")
    for schedule in schedules:
        waiting = await fetch_row(_WAITING, current_tenant(), schedule.name)
        first = schedule.after(clock.now(), zone)
        if waiting is None:
            await execute(_PLANT, current_tenant(), new_id(), schedule.name, first, zone.key)
        elif waiting["zone"] != zone.key and schedule.at is not None:
            await execute(_MOVE, current_tenant(), waiting["id"], first, zone.key)


async def turn_ticks(schedules: Mapping[str, Schedule]) -> int:
    """Turn every due tick of these schedules into a job, as role relay; workers may do so at once.

    The tick, its job and the next tick commit together. Returns how many jobs were made.
    """
    made = 0
    while schedules:
        async with relay_transaction() as relay:
            row = await relay.connection.fetchrow(_DUE, list(schedules))
            if row is None:
                break
            schedule, zone = schedules[row["schedule"]], ZoneInfo(row["zone"])
            due, tenant = row["due_at"], row["tenant_id"]
            skipped = schedule.missed(due, row["now"], zone)
            following = schedule.after(due, zone)
            while skipped and schedule.missed(following, row["now"], zone):
                following = schedule.after(following, zone)
            await relay.connection.execute(_TURNED, tenant, row["id"], "skipped" if skipped else "done")
            await relay.connection.execute(_PLANT, tenant, new_id(), schedule.name, following, zone.key)
            if not skipped:
                key = f"{schedule.name}@{due.isoformat()}"
                arguments = encode_arguments({"due_at": due.isoformat()})
                job = (tenant, new_id(), schedule.kind, arguments, key, 0, row["now"], row["now"])
                await relay.connection.execute(INSERT, *job)
                made += 1
    return made
