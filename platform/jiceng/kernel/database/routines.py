"""Triggers and functions a table declares: `protect` makes them, the lint finds one missing or changed."""

from collections.abc import Iterator
from typing import Literal

import msgspec

from jiceng.kernel.database.driver import Connection

Change = Literal["INSERT", "UPDATE", "DELETE", "TRUNCATE"]
_EACH_ROW, _BEFORE = 1, 2
_BITS: dict[Change, int] = {"INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}
_DEFINER = "security definer set search_path = pg_catalog, public"
_PINNED = "set search_path = pg_catalog, public"


class Routine(msgspec.Struct, frozen=True, kw_only=True):
    """A PL/pgSQL function. A `definer` runs with the owner's rights and may be called by role app alone."""

    name: str
    body: str
    arguments: str = ""
    returns: str = "trigger"
    definer: bool = False

    @property
    def statements(self) -> tuple[str, ...]:
        """What makes it, whether or not an older one is there."""
        types = ", ".join(each.split()[-1] for each in self.arguments.split(",")) if self.arguments else ""
        made = (
            (
                f"create or replace function {self.name}({self.arguments}) returns {self.returns} "
                f"language plpgsql {_DEFINER if self.definer else _PINNED} as $body${self.body}$body$"
            ),
            f"revoke all on function {self.name}({types}) from public",
        )
        return (
            (*made, f"grant execute on function {self.name}({types}) to jiceng_app") if self.definer else made
        )


class Trigger(msgspec.Struct, frozen=True, kw_only=True):
    """Calls `routine` before each of `changes`, once for each row or once for the statement.

    A `deferred` one is called for each changed row right before COMMIT: for what holds between several rows.
    """

    name: str
    routine: Routine
    changes: tuple[Change, ...]
    each: Literal["row", "statement"] = "row"
    deferred: bool = False

    def __post_init__(self) -> None:
        if self.deferred and (self.each != "row" or "TRUNCATE" in self.changes):
            raise ValueError(f"trigger {self.name}: only changed rows can be looked at before COMMIT")

    @property
    def bits(self) -> int:
        """Its pg_trigger.tgtype."""
        before = 0 if self.deferred else _BEFORE
        return before | (_EACH_ROW if self.each == "row" else 0) | sum(_BITS[each] for each in self.changes)

    def statement(self, table: str) -> str:
        """What makes it on `table`, whether or not an older one is there."""
        changes = " or ".join(self.changes)
        if self.deferred:
            # PostgreSQL has no "or replace" for these.
            return (
                f'drop trigger if exists {self.name} on "{table}"; '
                f'create constraint trigger {self.name} after {changes} on "{table}" '
                f"deferrable initially deferred for each row execute function {self.routine.name}()"
            )
        return (
            f'create or replace trigger {self.name} before {changes} on "{table}" '
            f"for each {self.each} execute function {self.routine.name}()"
        )


class RoutineState(msgspec.Struct, frozen=True):
    """A function of schema public as the catalog has it."""

    body: str
    definer: bool
    app_may_call: bool


class TriggerState(msgspec.Struct, frozen=True):
    """A trigger as the catalog has it; `enabled` is "O" for one that works."""

    routine: str
    bits: int
    enabled: str
    deferred: bool = False


class Present(msgspec.Struct, frozen=True):
    """Every function and trigger of schema public, triggers by (table, name)."""

    routines: dict[str, RoutineState]
    triggers: dict[tuple[str, str], TriggerState]


_ROUTINES = """
select proname::text as name, prosrc as body, prosecdef as definer,
       has_function_privilege('jiceng_app', oid, 'execute') as app_may_call
from pg_proc where pronamespace = 'public'::regnamespace
"""
_TRIGGERS = """
select c.relname::text as relation, t.tgname::text as name, p.proname::text as routine, t.tgtype::int as bits,
       t.tgenabled::text as enabled,
       t.tginitdeferred as deferred
from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_proc p on p.oid = t.tgfoid
where not t.tgisinternal and c.relnamespace = 'public'::regnamespace
"""


async def read_routines(connection: Connection) -> Present:
    """Read the catalog."""
    return Present(
        {
            row["name"]: RoutineState(row["body"], row["definer"], row["app_may_call"])
            for row in await connection.fetch(_ROUTINES)
        },
        {
            (row["relation"], row["name"]): TriggerState(
                row["routine"], row["bits"], row["enabled"], row["deferred"]
            )
            for row in await connection.fetch(_TRIGGERS)
        },
    )


def wrong_routines(
    routines: tuple[Routine, ...], triggers: tuple[Trigger, ...], present: Present
) -> Iterator[Routine]:
    """Yield the functions that are absent or not as declared."""
    for routine in dict.fromkeys((*routines, *(trigger.routine for trigger in triggers))):
        state = present.routines.get(routine.name)
        if state != RoutineState(routine.body, routine.definer, routine.definer):
            yield routine


def wrong_triggers(table: str, triggers: tuple[Trigger, ...], present: Present) -> Iterator[Trigger]:
    """Yield the triggers of `table` that are absent, switched off or not as declared."""
    for trigger in triggers:
        state = present.triggers.get((table, trigger.name))
        if state != TriggerState(trigger.routine.name, trigger.bits, "O", trigger.deferred):
            yield trigger


def mending(
    table: str, routines: tuple[Routine, ...], triggers: tuple[Trigger, ...], present: Present
) -> Iterator[str]:
    """Yield the statements that make of the catalog what the table declares."""
    for routine in wrong_routines(routines, triggers, present):
        yield from routine.statements
    for trigger in wrong_triggers(table, triggers, present):
        yield trigger.statement(table)
        # Replacing a trigger leaves a switched-off one off.
        yield f'alter table "{table}" enable trigger {trigger.name}'
