"""The newest number each subject was given of one kind: for lists that need no engine."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from jiceng.facts.queries import kind
from jiceng.facts.rows.checking import VALUE
from jiceng.facts.rows.shown import value_of
from jiceng.kernel.database import current_tenant, fetch

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

_NEWEST = """
select distinct on (f.subject) f.subject, f.numbers, f.words from fact f
where f.tenant_id = $1 and f.kind = $2 and f.occurred <= $3 and not f.withdrawn
  and f.seq not in (select c.corrects from fact c where c.tenant_id = $1 and c.corrects is not null)
order by f.subject, f.occurred desc, f.seq desc
"""


async def numbers_of(scheme: str, name: str, *, last_day: date) -> dict[UUID, Decimal]:
    """The newest number of a kind that every subject was given up to a day; corrected ones are left out."""
    info = await kind(scheme, name)
    column = next((one for one in info.layout.columns if one.name == VALUE), None) if info else None
    if info is None or column is None:
        return {}
    rows = await fetch(_NEWEST, current_tenant(), info.id, last_day)
    found = {row["subject"]: value_of(column, row["numbers"], row["words"]) for row in rows}
    return {subject: value for subject, value in found.items() if isinstance(value, Decimal)}
