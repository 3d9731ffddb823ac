"""Facts in the order they were recorded: a page after a number, so that a program can follow along."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, get_args
from uuid import UUID  # noqa: TC003 - msgspec looks it up

import msgspec

from jiceng.accounts.labels import cleared
from jiceng.accounts.scope import reach_here
from jiceng.facts.rows.shown import shown
from jiceng.facts.rows.veiling import FIRST_ONLY, JOINED, why
from jiceng.kernel.clock import today
from jiceng.kernel.crypto.keyring import keyring
from jiceng.kernel.database import current_tenant, fetch
from jiceng.roster.queries import SubjectKind, subject_numbers

if TYPE_CHECKING:
    from jiceng.facts.schemas import Value

_AFTER = f"""
select f.seq, f.subject, k.scheme, k.name, k.title, k.layout, f.occurred, f.numbers, f.words,
  f.entered_by, f.accepted_by, f.corrects, f.withdrawn, b.source, n.text as evidence, v.minimum,
  exists (select 1 from fact c where c.tenant_id = f.tenant_id and c.corrects = f.seq) as corrected
from fact f
join fact_kind k on k.tenant_id = f.tenant_id and k.id = f.kind
join fact_batch b on b.tenant_id = f.tenant_id and b.id = f.batch
left join fact_note n on n.tenant_id = f.tenant_id and n.seq = f.seq
{JOINED}
where f.tenant_id = $1 and f.seq > $2 and {FIRST_ONLY}
  and ($4 = '' or k.scheme = $4) and ($5 = '' or k.name = $5)
  and ($6::uuid is null or f.subject = $6) and ($7::uuid[] is null or f.subject = any($7))
{{cleared}}
order by f.seq limit $3
"""  # noqa: S608 - the two constants of veiling


_CLEARED = """
  and not exists (select 1 from member m where m.tenant_id = f.tenant_id and m.id = f.subject
    and not (true {cleared}))
"""
"""Nothing of members labelled higher than the person is cleared for (control 18)."""


class FactOut(msgspec.Struct, frozen=True, kw_only=True):
    """A fact, numbers as exact text; `state` is "", "corrected" (another replaces it) or "withdrawn".

    `withheld` says why no values are told: a ballot in which too few voted, told by one fact for all of it.
    """

    seq: int
    scheme: str
    kind: str
    subject: UUID
    date: dt.date
    values: dict[str, str | bool | None]
    evidence: str
    source: str
    state: str
    corrects: int | None
    withheld: str


async def facts_after(
    after: int, size: int, *, scheme: str = "", kind: str = "", subject: UUID | None = None
) -> list[FactOut]:
    """At most `size` facts numbered above `after`, narrowed to a scheme, a kind, a subject."""
    seen = await _seen_subjects()
    label = cleared("m")
    sql = _AFTER.format(cleared=_CLEARED.format(cleared=label) if label else "")
    rows = await fetch(sql, current_tenant(), after, size, scheme, kind, subject, seen)
    found, keys = [], await keyring()
    for row in rows:
        fact = shown(row, {}, keys)
        found.append(
            FactOut(
                seq=fact.seq,
                scheme=fact.scheme,
                kind=fact.kind,
                subject=row["subject"],
                date=fact.occurred,
                values={name: _told(value) for name, value in fact.values.items()},
                evidence=fact.evidence,
                source=fact.source,
                state=fact.state,
                corrects=fact.corrects,
                withheld=why(fact.withheld) if fact.withheld else "",
            )
        )
    return found


async def _seen_subjects() -> list[str] | None:
    """Ids of everybody and everything whose facts may be seen here; None for all."""
    if reach_here().everything:
        return None
    kinds: tuple[SubjectKind, ...] = get_args(SubjectKind)
    return [one for kind in kinds for one in (await subject_numbers(kind, today())).values()]


def _told(value: Value) -> str | bool | None:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, dt.date) else value
