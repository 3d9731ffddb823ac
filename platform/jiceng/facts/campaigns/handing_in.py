"""Handing a sheet in: everything wrong with it at once, or it is closed and tells who did it and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.facts.campaigns.settling import settle_late
from jiceng.facts.campaigns.sheets import (
    Opened,
    all_entries,
    all_writable,
    book_of,
    entries,
    fault_of,
    locked_sheet,
    refuse_elsewhere,
    rubric,
    sheets_of,
    still_on,
)
from jiceng.facts.campaigns.stages import DEPARTMENT, SELF
from jiceng.kernel.audit import Event, record
from jiceng.kernel.clock import now, today
from jiceng.kernel.database import current_tenant, execute, joined
from jiceng.kernel.errors import Conflict, Invalid

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from jiceng.facts.campaigns.schemas import CampaignInfo, Entry

_HAND_IN = """
update rating_sheet set handed_by = $3, handed_at = $4, late = $5, on_paper = $6
where tenant_id = $1 and id = $2
"""


async def hand_in(opened: Opened, *, by: UUID) -> None:
    """Hand the sheet in; from then on it is closed to everybody of this stage.

    After the campaign's end the department's late sheet becomes facts at once.

    Raises Invalid with every fault (what is missing, out of range, without proof), Conflict as `save`, and
    when the campaign was ended, moved on or withdrawn since the sheet was opened.
    """
    async with joined():
        info = await still_on(opened)
        sheet = await locked_sheet(opened)
        await refuse_elsewhere(opened, by)
        faults = await faults_of(opened, await entries(sheet))
        if faults:
            raise Invalid(faults, f"有 {len(faults)} 处没有填对，没有提交", where=opened.place.name)
        late = today() > info.dates.last_day(opened.stage)
        await execute(_HAND_IN, current_tenant(), sheet, by, now(), late, opened.on_paper)
        record(Event.RATING_HANDED_IN, ("rating_sheet", sheet), state=opened.stage)
        if opened.stage == DEPARTMENT:
            await settle_late(info, [opened.place.subject], by=by)


async def faults_of(opened: Opened, there: Mapping[str, Entry]) -> list[str]:
    """What keeps the lines from being handed in."""
    info, book = opened.campaign, await book_of(opened.campaign.rulebook)
    found: list[str] = []
    for line in await rubric(info):
        entry = there.get(line.name)
        value = entry.value.strip() if entry else ""
        if line.must and not value:
            found.append(f"{line.title}：没有填")
        elif fault := fault_of(line, book, value):
            found.append(f"{line.title}「{value}」：{fault}")
        elif info.proof and opened.stage == SELF and value and not (entry and entry.proof.strip()):
            found.append(f"{line.title}：没有写佐证")
    return found


async def hand_in_all(info: CampaignInfo, *, review: bool, by: UUID) -> tuple[int, list[str]]:
    """Hand in every complete sheet that somebody began; how many, and the names of those left.

    Left are those not complete yet and, with the reason, those the person may not hand in.
    """
    written, sheets = await all_entries(info.id), await sheets_of(info.id)
    done, left = 0, []
    for opened in await all_writable(info, review=review):
        key = (opened.place.subject, opened.stage)
        begun = any(entry.value.strip() for entry in written.get(key, {}).values())
        if not begun or sheets[key].handed_at is not None:
            continue
        try:
            await hand_in(opened, by=by)
            done += 1
        except Invalid:
            left.append(opened.place.name)
        except Conflict as refused:
            left.append(f"{opened.place.name}（{refused.what_zh}）")
    return done, left
