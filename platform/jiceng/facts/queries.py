"""Reads of facts: frames for the engine, the watermark, the facts of one subject."""

from __future__ import annotations

import asyncio
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from jiceng.facts.rows.checking import VALUE, fields_of
from jiceng.facts.rows.reading import Places, Reader
from jiceng.facts.rows.shown import shown, value_of
from jiceng.facts.rows.veiling import FIRST_ONLY, JOINED
from jiceng.facts.schemas import FactShown, KindInfo, Layout
from jiceng.kernel.crypto.keyring import keyring
from jiceng.kernel.database import bulk_read_batches, current_tenant, fetch, fetch_row, fetch_value
from jiceng.roster.queries import names

if TYPE_CHECKING:
    from uuid import UUID

    import polars as pl

    from jiceng_sdk.rulebook import Fact

_EVER = date(1900, 1, 1)
_LATEST = 2**63 - 1
_KIND = "select id, scheme, name, title, layout from fact_kind where tenant_id = $1 and scheme = $2"
_COUNTED = """
not f.withdrawn and f.seq not in (
  select c.corrects from fact c where c.tenant_id = $1 and c.corrects is not null and c.seq <= $3
)
"""
"""Corrections are few: they are looked up in a table of their own, where a join would sort all facts."""
_LAST = """
select coalesce(max(l.seq), 0) from fact_kind k
cross join lateral (
  select f.seq from fact f where f.tenant_id = $1 and f.kind = k.id order by f.seq desc limit 1
) l
where k.tenant_id = $1 and k.scheme = $2
"""
_SHOWN = f"""
select f.seq, k.scheme, k.name, k.title, k.layout, f.occurred, f.numbers, f.words,
  f.entered_by, f.accepted_by, f.corrects, f.withdrawn, b.source, n.text as evidence, v.minimum,
  exists (select 1 from fact c where c.tenant_id = f.tenant_id and c.corrects = f.seq and c.seq <= $3)
    as corrected
from fact f
join fact_kind k on k.tenant_id = f.tenant_id and k.id = f.kind
join fact_batch b on b.tenant_id = f.tenant_id and b.id = f.batch
left join fact_note n on n.tenant_id = f.tenant_id and n.seq = f.seq
{JOINED}
where f.tenant_id = $1 and f.subject = $2 and f.seq <= $3 and {FIRST_ONLY}
order by f.occurred desc, f.seq desc
"""  # noqa: S608 - the two constants of veiling
_NEWEST = """
select distinct on (f.subject) f.subject, f.numbers, f.words from fact f
where f.tenant_id = $1 and f.kind = $2 and f.occurred <= $3 and not f.withdrawn
  and f.seq not in (select c.corrects from fact c where c.tenant_id = $1 and c.corrects is not null)
order by f.subject, f.occurred desc, f.seq desc
"""


async def kind(scheme: str, name: str) -> KindInfo | None:
    """A registered kind of fact, or None while no fact of it was ever handed in."""
    row = await fetch_row(_KIND + " and name = $3", current_tenant(), scheme, name)
    return None if row is None else _kind(row)


async def kinds(scheme: str) -> list[KindInfo]:
    """Every kind of fact of the scheme that was ever handed in."""
    rows = await fetch(_KIND + " order by name", current_tenant(), scheme)
    return [_kind(row) for row in rows]


async def count(scheme: str, name: str) -> int:
    """How many facts of a kind count: neither corrected nor withdrawn."""
    found: int = await fetch_value(
        "select count(*) from fact f join fact_kind k on k.tenant_id = f.tenant_id and k.id = f.kind "
        "where f.tenant_id = $1 and k.scheme = $2 and k.name = $3 and not f.withdrawn and f.seq not in "
        "(select c.corrects from fact c where c.tenant_id = $1 and c.corrects is not null)",
        current_tenant(),
        scheme,
        name,
    )
    return found


async def watermark(scheme: str) -> int:
    """The number of the scheme's last fact; 0 when it has none.

    Numbers commit in order (the counter stays locked until commit), so no fact below can appear later.
    """
    last: int = await fetch_value(_LAST, current_tenant(), scheme)
    return last


async def frame(
    info: KindInfo, fact: Fact, places: Places, *, first_day: date | None, last_day: date, upto: int
) -> pl.DataFrame:
    """Facts of a kind for the engine: subject (its place), date, the fields; one row per fact.

    Only facts numbered up to `upto` that none of them corrects, of days `first_day` (None: since always) to
    `last_day`, of subjects that have a place. A field that was never handed in is not there.
    """
    fields = fields_of(fact)
    columns = [column for column in info.layout.columns if column.name in fields]
    reader = Reader(columns, {name: field.options for name, field in fields.items()})
    keys = "".join(
        f", f.{'words' if column.key[0] == 'w' else 'numbers'}[{column.place}] as {column.key}"
        for column in columns
    )
    sql = (
        f"select f.subject, f.occurred as date{keys} from fact f "  # noqa: S608 - n1, w2 only
        "where f.tenant_id = $1 and f.kind = $2 and f.seq <= $3 and f.occurred between $4 and $5 "
        f"and {_COUNTED}"
    )
    args = (current_tenant(), info.id, upto, first_day or _EVER, last_day)
    batches = await bulk_read_batches(sql, args, reader.narrow)
    return await asyncio.to_thread(reader.whole, batches, places)


async def of_subject(subject: UUID, upto: int | None = None) -> list[FactShown]:
    """Every fact of a subject, newest day first, with who entered and who accepted it.

    `upto` shows them as they were when the fact of that number was the last.
    """
    rows = await fetch(_SHOWN, current_tenant(), subject, _LATEST if upto is None else upto)
    people = await names({row[key] for row in rows for key in ("entered_by", "accepted_by") if row[key]})
    keys = await keyring()
    return [shown(row, people, keys) for row in rows]


async def numbers_of(scheme: str, name: str, *, last_day: date) -> dict[UUID, Decimal]:
    """The newest number of a kind that every subject was given up to a day; corrected ones are left out.

    For lists that need no engine.
    """
    info = await kind(scheme, name)
    column = next((one for one in info.layout.columns if one.name == VALUE), None) if info else None
    if info is None or column is None:
        return {}
    rows = await fetch(_NEWEST, current_tenant(), info.id, last_day)
    found = {row["subject"]: value_of(column, row["numbers"], row["words"]) for row in rows}
    return {subject: value for subject, value in found.items() if isinstance(value, Decimal)}


def _kind(row: Any) -> KindInfo:  # noqa: ANN401 - a database row
    layout = msgspec.json.decode(row["layout"], type=Layout)
    return KindInfo(row["id"], row["scheme"], row["name"], row["title"], layout)
