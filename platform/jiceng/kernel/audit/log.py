"""Writing the audit log: an entry commits with its act, or neither does."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

import msgspec

from jiceng.kernel import clock
from jiceng.kernel.audit.actor import Actor, actor_here
from jiceng.kernel.audit.chain import Entry, Head, sealed
from jiceng.kernel.audit.details import Object, canonical_details, canonical_object
from jiceng.kernel.audit.events import Detail, Event
from jiceng.kernel.ciphers.devices import suite
from jiceng.kernel.database import (
    current_tenant,
    execute,
    fetch_row,
    in_open_transaction,
    in_transaction,
    transaction,
)
from jiceng.kernel.ids import new_id

_LOCK = "select seq, hash, purged_seq, purged_hash from audit_head where tenant_id = $1 for update"
_BEGIN = """
insert into audit_head (tenant_id, id, seq, hash, purged_seq, purged_hash) values ($1, $2, 0, '', 0, '')
on conflict (tenant_id) do update set seq = audit_head.seq
returning seq, hash, purged_seq, purged_hash
"""
_ADD = """
with moved as (update audit_head set seq = $2, hash = $15 where tenant_id = $1)
insert into audit_entry (tenant_id, seq, id, at, door, person, address, request, event, object_kind,
  object_id, success, details, algorithm, hash)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
"""


class _Told(msgspec.Struct, frozen=True):
    """What an act says of itself; number, time and hash follow when it commits."""

    event: Event
    object_kind: str
    object_id: str
    success: bool
    details: str
    actor: Actor


def record(
    event: Event,
    about: Object | None = None,
    *,
    success: bool = True,
    by: UUID | None = None,
    **details: Detail | None,
) -> None:
    """Tell the audit log of an act, within its open transaction; written right before the commit.

    So nobody waits for a long act, and the log's lock is always the last one taken. `about` is (kind, id);
    `by` is the account where the door does not know it yet (signing in). A savepoint that is undone takes
    its entries with it.

    Raises:
        RuntimeError: outside a tenant's transaction. ValueError: a detail the log does not take.
    """
    opened = in_transaction()
    if opened.tenant is None:
        raise RuntimeError("the audit log belongs to a tenant: record inside the tenant's transaction")
    opened.before_commit(partial(_write, _told(event, about, success=success, by=by, details=details)))


async def record_here(event: Event, about: Object | None = None, **details: Detail | None) -> None:
    """Tell the log at once, inside the open transaction of whatever role: for changes of the registry.

    The log's lock is held from here to the commit, so it stands at the end of a short transaction.
    """
    in_transaction()
    await _write(_told(event, about, success=True, by=None, details=details))


async def record_now(
    event: Event,
    about: Object | None = None,
    *,
    success: bool = True,
    by: UUID | None = None,
    **details: Detail | None,
) -> None:
    """Tell the log of something that changes nothing itself: a read, a refusal, a failed attempt.

    In a transaction of its own, or with the open one. When it fails, so does what it tells of.
    """
    if in_open_transaction():
        record(event, about, success=success, by=by, **details)
        return
    async with transaction():
        record(event, about, success=success, by=by, **details)


def _told(
    event: Event,
    about: Object | None,
    *,
    success: bool,
    by: UUID | None,
    details: Mapping[str, Detail | None],
) -> _Told:
    actor = actor_here()
    if by is not None:
        actor = msgspec.structs.replace(actor, person=by)
    return _Told(event, *canonical_object(about), success, canonical_details(details), actor)


async def _write(told: _Told) -> None:
    head = await lock_head()
    actor = told.actor
    entry = Entry(
        tenant=head.tenant,
        seq=head.seq + 1,
        id=new_id(),
        at=clock.now(),
        door=actor.door,
        person=actor.person,
        address=actor.address,
        request=actor.request,
        event=told.event.value,
        object_kind=told.object_kind,
        object_id=told.object_id,
        success=told.success,
        details=told.details,
        algorithm=suite().digest,
        hash="",
    )
    made = bytes.fromhex(sealed(head.hash, entry))
    await execute(_ADD, *msgspec.structs.astuple(entry)[:-1], made)


async def lock_head() -> Head:
    """The end of the current tenant's chain; nobody else adds an entry until this transaction ends."""
    tenant = current_tenant()
    row = await fetch_row(_LOCK, tenant) or await fetch_row(_BEGIN, tenant, new_id())
    return head_of(tenant, row)


def head_of(tenant: int, row: Mapping[str, object] | None) -> Head:
    """A row of audit_head; an empty chain when there is none yet."""
    if row is None:
        return Head(tenant=tenant, seq=0, hash="")
    held = {name: value.hex() if isinstance(value, bytes) else value for name, value in row.items()}
    return msgspec.convert({"tenant": tenant, **held}, Head)
