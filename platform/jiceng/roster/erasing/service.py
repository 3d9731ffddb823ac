"""What erasing a person does: empties every table of personal words at once, keeps a note without a name.

What goes is declared by the tables themselves (`_personal`). What stays: the random id with its facts,
results and ledger entries, so that runs and the audit log can still be verified.
"""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from jiceng.accounts.labels import Label, cleared
from jiceng.accounts.second_person import Act, guarded
from jiceng.kernel import files
from jiceng.kernel.audit import Event, record
from jiceng.kernel.clock import now, today
from jiceng.kernel.database import (
    TenantTable,
    current_tenant,
    execute,
    fetch,
    fetch_row,
    fetch_value,
    joined,
)
from jiceng.kernel.database.migrate import registered_tables
from jiceng.kernel.errors import Conflict, Invalid, NotFound
from jiceng.kernel.ids import new_id
from jiceng.roster.erasing.registry import note_it, read_list

if TYPE_CHECKING:
    from collections.abc import Mapping

GROUNDS: dict[str, str] = {"request": "本人申请", "expired": "保存期满", "order": "主管机关决定"}
"""On what ground a person may be erased (PIPL, Art. 47)."""
_DOCUMENT = re.compile(r"[\w〔〕（）()\-－—.·]{1,60}")
_NAMED = "select m.name, m.number, m.sensitivity from member m where m.tenant_id = $1 and m.id = $2 {cleared}"
_LOCKED = "select number from member where tenant_id = $1 and id = $2 for update"
_BELONGS = """
select 1 from membership
where tenant_id = $1 and member = $2 and since <= $3 and (until is null or until > $3)
"""
_ACCOUNTS = "select id from account where tenant_id = $1 and person = $2"
_NOTE = """
insert into erasure (tenant_id, id, member, ground, document, erased_at, erased_by, counts)
values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb)
"""


async def erase(member: UUID, ground: str, document: str, by: UUID | None) -> None:
    """Erase what is kept about a member who has left; `document` names the request or decision.

    Raises:
        Awaiting: asked for; it happens when a second person approves. NotFound. Invalid: no ground, or no
        document. Conflict: belongs to an organization still, or erased already.
    """
    if ground not in GROUNDS or not _DOCUMENT.fullmatch(document.strip()):
        fault = "请选择依据，并写明申请或批文的编号（不写姓名，不超过 60 字）"
        raise Invalid([fault], "没有清除", where="依据")
    told = {"member": str(member), "ground": ground, "document": document.strip()}
    why = f"{GROUNDS[ground]}（{document.strip()}）"
    async with guarded(Act.ERASE_PERSON, str(member), await _who(member), told, why, by), joined():
        await _erase(member, ground, document.strip(), by)


async def _who(member: UUID) -> str:
    """Whom the second person decides about; the request forgets it with the person.

    Whoever is labelled is told by number alone: the list of requests is read by more than those cleared.
    Raises NotFound for who is labelled higher than the person at work is cleared for, as for nobody.
    """
    row = await fetch_row(_NAMED.format(cleared=cleared("m")), current_tenant(), member)
    if row is None:
        raise NotFound("名册里没有这个人")
    return f"{row['name']}（{row['number']}）" if row["sensitivity"] == Label.GENERAL else str(row["number"])


async def erase_approved(told: Mapping[str, Any], by: UUID) -> None:
    """Erase whom a second person approved to."""
    await erase(UUID(told["member"]), told["ground"], told["document"], by)


async def _erase(member: UUID, ground: str, document: str, by: UUID | None, *, left: bool = False) -> None:
    """`left`: known to have left, whatever a restored roster says."""
    row = await fetch_row(_LOCKED, current_tenant(), member)
    if row is None:
        raise NotFound("名册里没有这个人")
    if await erased(member):
        raise Conflict("这个人的个人信息已经清除", todo_zh="请看清除登记")
    if not left and await fetch_value(_BELONGS, current_tenant(), member, today()):
        raise Conflict("这个人现在还在册，没有清除", todo_zh="请先在名册里办理转出、出党或去世")
    accounts = [each["id"] for each in await fetch(_ACCOUNTS, current_tenant(), row["number"])]
    counts = await _empty({"member": member, "accounts": accounts, "number": row["number"]})
    for file in await files.stored_about(member):
        await files.remove(file.id)
        counts["stored_file"] = counts.get("stored_file", 0) + 1
    told = msgspec.json.encode(counts).decode()
    await execute(_NOTE, current_tenant(), new_id(), member, ground, document, now(), by, told)
    record(Event.PERSON_ERASED, ("member", member), kind=ground, rows=sum(counts.values()))
    if not left:
        note_it(member, ground, document)


async def _empty(about: Mapping[str, Any]) -> dict[str, int]:
    """Do what the tables declare; how many rows of each table were emptied or deleted."""
    counts: dict[str, int] = {}
    for table in registered_tables():
        for kept in table._personal if issubclass(table, TenantTable) else ():
            name = table._meta.tablename
            statement, arguments = kept.statement(name, current_tenant(), about)
            if rows := await execute(statement, *arguments):
                counts[name] = counts.get(name, 0) + rows
    return counts


async def erase_again() -> int:
    """Erase whom the list beside the database names and the current tenant still has; how many.

    For a database that was put back to a moment before: by `jiceng restore`, or by means of PostgreSQL.
    """
    done = 0
    for line in await asyncio.to_thread(read_list):
        if line.tenant != current_tenant() or await erased(line.member):
            continue
        async with joined():
            if await fetch_value(_LOCKED, current_tenant(), line.member) is None:
                continue
            await _erase(line.member, line.ground, line.document, None, left=True)
        done += 1
    return done


async def erased(member: UUID) -> bool:
    """Whether the member was erased."""
    there = await fetch_value(
        "select 1 from erasure where tenant_id = $1 and member = $2", current_tenant(), member
    )
    return there is not None
