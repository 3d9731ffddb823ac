"""Files behind a declaration: added and taken away while it is being written, handed out to who sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.api import Conflict, Invalid, now
from jiceng.api.database import current_tenant, execute, joined, new_id
from jiceng.api.files import content, remove, store
from jiceng_double_strong_six_good.declarations import queries
from jiceng_double_strong_six_good.declarations.service import KIND, locked
from jiceng_double_strong_six_good.declarations.states import STATE_WORDS
from jiceng_double_strong_six_good.history.service import told
from jiceng_double_strong_six_good.vocabulary import CRITERIA

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from uuid import UUID

    from jiceng.api.files import FileInfo
    from jiceng_double_strong_six_good.declarations.schemas import Declaration

MOST_FILES = 10
"""Files behind one criterion."""
_ADD = """
insert into six_good_evidence (tenant_id, id, declaration, criterion, file, name, by, at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
"""
_REMOVE = "delete from six_good_evidence where tenant_id = $1 and id = $2"


async def add(
    declaration_id: UUID, criterion: str, name: str, pieces: AsyncIterator[bytes], by: UUID | None
) -> None:
    """Keep a file behind a criterion.

    Raises Invalid for an unknown criterion, Conflict when it is handed in or has ten files already, and as
    the file store for a file of a wrong kind, too large or infected.
    """
    if criterion not in CRITERIA:
        raise Invalid([f"没有“{criterion[:20]}”这条标准"], "没有保存", where="佐证")
    async with joined():
        found = await _open(declaration_id)
        there = (await queries.evidence(declaration_id)).get(criterion, [])
        if len(there) >= MOST_FILES:
            raise Conflict(f"每条标准最多 {MOST_FILES} 个文件", todo_zh="请先去掉一个")
        file = await store(pieces, name, about=(KIND, declaration_id), by=by)
        kept = (declaration_id, criterion, file.id, file.name, by, now())
        await execute(_ADD, current_tenant(), new_id(), *kept)
        await told((KIND, found.id), "add_file", (found.state, found.state), CRITERIA[criterion], by)


async def take_away(declaration_id: UUID, evidence_id: UUID, by: UUID | None) -> None:
    """Remove a file while the declaration is being written."""
    async with joined():
        found = await _open(declaration_id)
        one = await queries.one_file(declaration_id, evidence_id)
        await execute(_REMOVE, current_tenant(), evidence_id)
        await remove(one.file)
        await told((KIND, found.id), "drop_file", (found.state, found.state), CRITERIA[one.criterion], by)


async def evidence_file(declaration_id: UUID, evidence_id: UUID) -> tuple[FileInfo, bytes]:
    """A file and its bytes; raises NotFound for whoever may not see the unit."""
    return await content((await queries.one_file(declaration_id, evidence_id)).file)


async def _open(declaration_id: UUID) -> Declaration:
    found = await locked(declaration_id)
    if not found.writable:
        raise Conflict(
            f"申报{STATE_WORDS[found.state]}，不能再改佐证", todo_zh="可以先撤回，或请审核的人退回"
        )
    return found
