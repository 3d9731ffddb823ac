"""Drafts that two people write at once: nobody's part lands in the place of another."""

import msgspec
import pytest
from tests.support.appraisal import with_points

from jiceng.kernel.database import tenant_scope
from jiceng.schemes.editing import drafts
from jiceng.schemes.editing.publishing import revise
from jiceng.schemes.editing.sheet import draft_of


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
