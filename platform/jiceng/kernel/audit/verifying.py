"""Reading the log back: the chain's end, the proof that nothing was touched, the purge of what expired."""

import calendar
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta

from jiceng.kernel import clock
from jiceng.kernel.audit.chain import Checker, Entry, Finding, Head
from jiceng.kernel.audit.events import Event
from jiceng.kernel.audit.log import head_of, lock_head, record
from jiceng.kernel.audit.tables import LEAST_MONTHS
from jiceng.kernel.database import current_tenant, execute, fetch, fetch_row, fetch_value, transaction
from jiceng.kernel.errors import Refusal

USUAL_MONTHS = 36
_BLOCK = 5_000
_HEAD = "select seq, hash, purged_seq, purged_hash from audit_head where tenant_id = $1"
_ENTRIES = """
select tenant_id as tenant, seq, id, at, door, person, address, request, event, object_kind, object_id,
       success, details, algorithm, encode(hash, 'hex') as hash
from audit_entry where tenant_id = $1 and seq > $2 order by seq limit $3
"""
_EXPIRED = """
select seq, hash from audit_entry where tenant_id = $1 and seq <
  coalesce((select min(seq) from audit_entry where tenant_id = $1 and at >= $2), $3)
order by seq desc limit 1
"""
_CHECKPOINT = "update audit_head set purged_seq = $2, purged_hash = $3 where tenant_id = $1"


async def head() -> Head:
    """The end of the current tenant's chain. Kept elsewhere, it shows later that nothing was cut off."""
    tenant = current_tenant()
    return head_of(tenant, await fetch_row(_HEAD, tenant))


async def entries(since: int = 0) -> AsyncIterator[list[Entry]]:
    """Every entry after `since`, in blocks; inside a transaction, so that all blocks are of one moment."""
    while rows := await fetch(_ENTRIES, current_tenant(), since, _BLOCK):
        block = [Entry(**row) for row in rows]
        yield block
        since = block[-1].seq


async def verify_chain(known: Sequence[Head] = ()) -> tuple[Head, list[Finding]]:
    """Check the current tenant's whole log; returns its end and what is wrong (nothing when intact).

    `known` are heads handed out before: with them a cut-off or rewritten end is found as well.
    """
    async with transaction("repeatable read"):
        end = await head()
        checker = Checker(end, known)
        async for block in entries():
            for entry in block:
                checker.see(entry)
    return end, checker.end()


async def purge(months: int = USUAL_MONTHS) -> int:
    """Delete the entries older than `months`, leaving a checkpoint from which the rest still verifies.

    Returns how many. The database refuses whatever is younger than six months, whoever asks.

    Raises:
        Refusal: `months` is below six.
    """
    if months < LEAST_MONTHS:
        raise Refusal(
            f"审计日志至少保存 {LEAST_MONTHS} 个月",
            f"{months} 个月",
            f"请设为 {LEAST_MONTHS} 个月以上，通常为 {USUAL_MONTHS} 个月",
            what_en=f"audit entries are kept for at least {LEAST_MONTHS} months",
        )
    async with transaction():
        end = await lock_head()
        # A day more than asked for: the database counts months in its own time zone, and refuses to a second.
        expired = months_before(clock.now(), months) - timedelta(days=1)
        row = await fetch_row(_EXPIRED, end.tenant, expired, end.seq + 1)
        if row is None:
            return 0
        await execute(_CHECKPOINT, end.tenant, row["seq"], row["hash"])
        gone: int = await fetch_value("select audit_purge($1)", row["seq"])
        # `purge_details` in chain.py tells the verifier what this entry must say.
        record(Event.AUDIT_PURGED, ("audit_entry", None), last=row["seq"], digest=row["hash"].hex())
        return gone


def months_before(moment: datetime, months: int) -> datetime:
    """The same day so many months earlier, or the month's last day where there is none such."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)
