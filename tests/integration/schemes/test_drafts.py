"""Drafts that two people write at once: nobody's part lands in the place of another."""

import msgspec
import pytest
from tests.support.appraisal import with_points

from jiceng.kernel.database import tenant_scope
from jiceng.kernel.errors import Invalid
from jiceng.schemes.editing import drafts
from jiceng.schemes.editing.forms import BallotForm
from jiceng.schemes.editing.leaves import is_number
from jiceng.schemes.editing.parts import add_ballot, set_cells
from jiceng.schemes.editing.publishing import Order, publish, revise
from jiceng.schemes.editing.sheet import draft_of
from jiceng.schemes.editing.showing import show


async def test_a_part_opened_before_a_file_was_read_in_is_not_saved_over_the_files_part(
    two_tenants: tuple[int, int],
) -> None:
    with tenant_scope(two_tenants[0]):
        await with_points()
        draft = await revise("points", None)
        opened = await drafts.draft(draft)
        mine = {**opened.sheets["items"][0], "title": "我改的"}
        book = await drafts.book_of_draft(draft)
        items = dict(reversed(book.items.items()))
        await drafts.replace(draft, draft_of(msgspec.structs.replace(book, items=items)), "用文件替换", None)
        with pytest.raises(drafts.Crossed) as refused:
            await drafts.save_part(draft, "items", mine, opened.revision, None)
        assert [change.words for change in refused.value.changes] == ["用文件替换"]
        assert "我改的" not in {one.get("title") for one in (await drafts.draft(draft)).sheets["items"]}


async def test_of_all_cells_sent_together_none_is_saved_over_what_another_wrote_meanwhile(
    two_tenants: tuple[int, int],
) -> None:
    with tenant_scope(two_tenants[0]):
        await with_points()
        draft = await revise("points", None)
        opened = await drafts.draft(draft)
        capped = [one for one in opened.sheets["items"] if is_number(str(one.get("cap", "")))]
        one, other = capped[:2]
        theirs = {**other, "cap": "77"}
        await drafts.save_part(draft, "items", theirs, opened.revision, None)
        form = {"revision": str(opened.revision), f"items.{one['id']}.cap": "66"}
        form[f"items.{other['id']}.cap"] = str(other["cap"])
        with pytest.raises(drafts.Crossed):
            await set_cells(draft, form, None)
        kept = (await drafts.draft(draft)).sheets["items"]
        assert theirs in kept
        assert one in kept, "nothing is half-saved"


async def test_a_second_vote_of_the_same_title_is_refused(two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]):
        await with_points()
        draft = await drafts.draft(await revise("points", None))
        once = await add_ballot(draft, BallotForm(), None)
        with pytest.raises(Invalid) as refused:
            await add_ballot(once, BallotForm(), None)
        assert "已有“民主评议票”，请换一个名称" in refused.value.faults
        assert (await drafts.draft(draft.id)).revision == once.revision


async def test_a_decision_that_was_changed_is_marked_on_the_page(two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]):
        await with_points()
        draft = await drafts.draft(await revise("points", None))
        mine = {**draft.sheets["decide"][0], "title": "改过的决定"}
        saved = await drafts.save_part(draft.id, "decide", mine, draft.revision, None)
        lines = (await show(saved.draft)).lines["decide"]
        assert [line.title for line in lines if line.changed] == ["改过的决定"]


async def test_a_reason_that_has_no_room_is_refused_in_words(two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]):
        await with_points()
        draft = await revise("points", None)
        with pytest.raises(Invalid) as refused:
            await publish(draft, Order("2027-01-01", "议" * 501), None)
        assert refused.value.faults == ("发布理由最多 500 字",)


async def test_a_part_that_is_added_never_gets_the_place_of_one_taken_out(
    two_tenants: tuple[int, int],
) -> None:
    with tenant_scope(two_tenants[0]):
        await with_points()
        draft = await drafts.draft(await revise("points", None))
        last = draft.sheets["items"][-1]
        gone = await drafts.remove_part(draft.id, "items", last["id"], draft.revision, None)
        added = await drafts.save_part(draft.id, "items", {"title": "新的"}, gone.draft.revision, None)
        assert added.part != last["id"]
        with pytest.raises(drafts.Crossed) as refused:
            await drafts.save_part(draft.id, "items", {**last, "title": "旧的"}, draft.revision, None)
        assert refused.value.theirs is None
