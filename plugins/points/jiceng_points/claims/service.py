"""What may be done with claims by those who do the work: claim, report done with light proof, withdraw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.api import Conflict, Invalid, NotFound, Refusal, now, today
from jiceng.api.database import current_tenant, execute, fetch_row, fetch_value, joined, new_id, next_block
from jiceng.api.files import store
from jiceng.api.pages import Event, record
from jiceng_points.claims import queries
from jiceng_points.claims.life import HOLDING, LIFE, Act, State
from jiceng_points.claims.sealing import sealed
from jiceng_points.claims.tables import PROOF, REASON, WORDS
from jiceng_points.shelf.service import PLUGIN
from jiceng_points.shelf.words import FOR_MEMBERS, FOR_ORGANIZATIONS

if TYPE_CHECKING:
    from datetime import date
    from typing import Any
    from uuid import UUID

    from jiceng_points.claims.schemas import ClaimRow, Proof
    from jiceng_points.people.schemas import Actor, Claimer

LONGEST_PROOF = 200
_ITEM = """
select id, year, number, worth, capacity, taken, times, categories, side, online, opens, deadline, state
from points_item where tenant_id = $1 and id = $2 for no key update
"""
_SAME = """
select count(*) from points_claim where tenant_id = $1 and item = $2 and state <> 'withdrawn'
 and (member = $3 or ($3::uuid is null and member is null and organization = $4))
"""
_ADD = """
insert into points_claim (tenant_id, id, number, year, item, member, organization, state, worth, claimed_on,
  planned, due, proof, reason, claimed_by, times, posted)
values ($1, $2, $3, $4, $5, $6, $7, 'claimed', $8, $9, $10, $11, '', '', $12, 0, 0)
"""
_MOVE = """
insert into points_move (tenant_id, id, claim, before, after, at, by, by_member, words)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
_DONE = """
update points_claim set state = 'done', done_on = $3, proof = $4, file = coalesce($5, file),
  done_by = $6, reason = ''
where tenant_id = $1 and id = $2
"""


async def claim(item_id: UUID, claimer: Claimer, *, planned: date | None = None, by: Actor) -> UUID:
    """Take one place of an item; the item's row is locked, so the last place goes to one claimer only.

    Raises:
        NotFound: no such item on the shelf. Conflict: no place left, closed, or claimed already.
        Refusal: meant for others.
    """
    async with joined():
        item = await fetch_row(_ITEM, current_tenant(), item_id)
        if item is None or item["state"] not in ("shelf", "off"):
            raise NotFound("货架上没有这个事项")
        _refuse_unfit(item, claimer)
        same = await fetch_value(_SAME, current_tenant(), item_id, claimer.member, claimer.organization)
        if same >= item["times"]:
            times = "已经认领过" if item["times"] == 1 else f"一年可认领 {item['times']} 次，已认领 {same} 次"
            raise Conflict(f"这个事项{times}", where=item["number"], todo_zh="请选别的事项")
        made, number = new_id(), await next_block("points claims")
        await execute(
            _ADD,
            *(current_tenant(), made, number, item["year"], item_id, claimer.member, claimer.organization),
            *(item["worth"], today(), planned, item["deadline"], by.account),
        )
        await execute(
            "update points_item set taken = taken + 1 where tenant_id = $1 and id = $2",
            *(current_tenant(), item_id),
        )
        await told(made, "", State.CLAIMED, "", by)
    return made


async def complete(claim_id: UUID, proof: Proof, *, by: Actor) -> None:
    """Report a claim done (again, after it was sent back): the day and a sentence; a file is never needed.

    Raises Invalid with every fault of the proof, IllegalMove, and as the file store for a wrong file.
    """
    async with joined():
        found = await locked(claim_id)
        to = LIFE.after(found.state, Act.COMPLETE)
        if faults := _faults_of(proof, found):
            raise Invalid(faults, "没有提交", where=f"第 {found.number} 号认领")
        file = None
        if proof.pieces is not None:
            about = ("points_claim", claim_id)
            file = (await store(proof.pieces, proof.file_name, about=about, by=by.account)).id
        sentence = await sealed(PROOF, claim_id, proof.sentence.strip())
        await execute(_DONE, *(current_tenant(), claim_id, proof.done_on, sentence, file, by.account))
        await told(claim_id, found.state, to, "", by)


async def withdraw(claim_id: UUID, *, by: Actor) -> None:
    """Give a claim back before it is verified; its place is free again."""
    async with joined():
        found = await locked(claim_id)
        await settle(found, LIFE.after(found.state, Act.WITHDRAW), "", by)


async def settle(found: ClaimRow, to: State, words: str, by: Actor) -> None:
    """Move a locked claim on; a state that holds no place gives it back to the item."""
    await execute(
        "update points_claim set state = $3, reason = $4 where tenant_id = $1 and id = $2",
        *(current_tenant(), found.id, to.value, await sealed(REASON, found.id, words)),
    )
    if found.state in HOLDING and to not in HOLDING:
        await execute(
            "update points_item set taken = taken - 1 where tenant_id = $1 and id = $2",
            *(current_tenant(), found.item),
        )
    await told(found.id, found.state, to, words, by)


async def locked(claim_id: UUID) -> ClaimRow:
    """The claim, locked until commit; NotFound when it may not be seen here."""
    await fetch_row(
        "select id from points_claim where tenant_id = $1 and id = $2 for update", current_tenant(), claim_id
    )
    return await queries.claim(claim_id)


async def told(claim_id: UUID, before: str, to: State, words: str, by: Actor) -> None:
    """Record a move of a claim, for its own page and for the audit log."""
    move = new_id()
    await execute(
        _MOVE,
        *(current_tenant(), move, claim_id, before, to.value, now(), by.account),
        *(None if by.account else by.member, await sealed(WORDS, move, words)),
    )
    record(Event.WORK_MOVED, ("points_claim", claim_id), plugin=PLUGIN, state=to.value)


def _refuse_unfit(item: Any, claimer: Claimer) -> None:  # noqa: ANN401 - a database row
    where, side = item["number"], item["side"]
    if item["state"] != "shelf":
        raise Conflict("这个事项已经下架", where=where, todo_zh="请选别的事项")
    if today() > item["deadline"]:
        raise Conflict(f"这个事项已在 {item['deadline']} 截止", where=where, todo_zh="请选别的事项")
    if today() < item["opens"]:
        raise Conflict(f"这个事项从 {item['opens']} 起才能认领", where=where)
    if item["capacity"] is not None and item["taken"] >= item["capacity"]:
        raise Conflict("名额已满", where=where, todo_zh="请选别的事项，或等有人退回")
    if side == (FOR_ORGANIZATIONS if claimer.member else FOR_MEMBERS):
        raise Refusal(f"这个事项只由{'组织' if claimer.member else '党员个人'}认领", where=where)
    if claimer.member and item["categories"] and claimer.category not in item["categories"]:
        meant = "、".join(item["categories"])
        raise Refusal(f"这个事项只适用于：{meant}", where=where, todo_zh="请选适合本类党员的事项")


def _faults_of(proof: Proof, found: ClaimRow) -> list[str]:
    faults = []
    if not proof.sentence.strip():
        faults.append("请用一句话写明做了什么")
    if len(proof.sentence) > LONGEST_PROOF:
        faults.append(f"证明最长 {LONGEST_PROOF} 字")
    if proof.done_on > today():
        faults.append("完成日期不能晚于今天")
    if proof.done_on > found.due:
        faults.append(f"完成日期超过了截止日期 {found.due}")
    if proof.done_on.year != found.year:
        faults.append(f"完成日期应在 {found.year} 年内")
    return faults
