"""Acts on parts that touch more than one: a new item counted in a group, numbers in tables, a whole vote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.kernel.database import joined
from jiceng.kernel.errors import Invalid
from jiceng.schemes.editing import drafts
from jiceng.schemes.editing.forms import BallotForm, Typed, revision_in
from jiceng.schemes.editing.sheet import words_of
from jiceng.schemes.editing.starting import Ballot, ballot_parts, named

if TYPE_CHECKING:
    from uuid import UUID

    from jiceng.schemes.editing.drafts import Change, DraftInfo, Saved
    from jiceng.schemes.editing.sheet import Sheet

CELLS = {"items": ("points", "cap"), "groups": ("cap",)}
LONGEST_CELL = 40


async def keep_part(
    draft: DraftInfo, section: str, sheet: Sheet, revision: int, into: str, by: UUID | None
) -> Saved:
    """Save a part with a name; a new item is also counted in the group `into` (a name, or nothing).

    Raises Crossed, NotFound.
    """
    adding = section == "items" and "id" not in sheet
    async with joined():
        sheet = named(draft.sheets, section, sheet)
        saved = await drafts.save_part(draft.id, section, sheet, revision, by)
        group = next((one for one in saved.draft.sheets["groups"] if into and one.get("name") == into), None)
        if not adding or group is None:
            return saved
        member = {"key": words_of(saved.draft.sheets, "groups", group).word(str(sheet.get("name", "")))}
        fuller = {**group, "of": [*group.get("of", []), member]}
        counted = await drafts.save_part(draft.id, "groups", fuller, saved.draft.revision, by)
    return saved._replace(draft=counted.draft)


async def set_cells(draft_id: UUID, form: Typed, by: UUID | None) -> tuple[DraftInfo, list[Change]]:
    """Save numbers changed in the tables (`items.3.cap`); what others changed meanwhile comes along.

    Raises Crossed when somebody changed one of the same parts.
    """
    revision = revision_in(form)
    async with joined():
        found = await drafts.draft(draft_id)
        # All cells are compared with what was looked at: the own saves touch other parts and cross nothing.
        others = await drafts.changes(draft_id, revision)
        for section, keys in CELLS.items():
            for old in list(found.sheets.get(section, [])):
                sheet = _with_cells(section, keys, old, form)
                if sheet != old:
                    saved = await drafts.save_part(draft_id, section, sheet, revision, by)
                    found = saved.draft
    return found, others


async def add_ballot(draft: DraftInfo, form: BallotForm, by: UUID | None) -> DraftInfo:
    """Add the parts of a vote. Raises Invalid without parties, marks or title."""
    ballot = Ballot(form.title.strip()[:40], form.pairs(form.marks), form.pairs(form.parties))
    if not (ballot.title and ballot.marks and ballot.parties):
        raise Invalid(["名称、评议意见和评议方都要写"], "没有添加")
    parts = ballot_parts(ballot)
    taken = {str(one.get("title", "")) for sheets in draft.sheets.values() for one in sheets}
    wanted = [str(sheet["title"]) for sheets in parts.values() for sheet in sheets]
    twice = [title for n, title in enumerate(wanted) if title in taken or title in wanted[:n]]
    if twice:  # the new parts find each other by their titles
        raise Invalid([f"已有“{title}”，请换一个名称" for title in twice], "没有添加")
    async with joined():
        for section, sheets in parts.items():
            for sheet in sheets:
                saved = await drafts.save_part(
                    draft.id, section, named(draft.sheets, section, sheet), draft.revision, by
                )
                draft = saved.draft
    return draft


def _with_cells(section: str, keys: tuple[str, ...], old: Sheet, form: Typed) -> Sheet:
    sheet = dict(old)
    for key in keys:
        name = f"{section}.{old['id']}.{key}"
        if name not in form:
            continue
        text = form[name].strip()[:LONGEST_CELL]
        if text:
            sheet[key] = text
        else:
            sheet.pop(key, None)
    return sheet
