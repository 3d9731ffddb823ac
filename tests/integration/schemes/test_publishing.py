"""What is published is what the draft says at that moment: nothing saved meanwhile is lost."""

import asyncio
import contextvars
from uuid import UUID

import msgspec
from tests.support.appraisal import with_points

from jiceng.kernel.database import tenant_scope, transaction
from jiceng.kernel.errors import Conflict
from jiceng.schemes.editing import drafts
from jiceng.schemes.editing.publishing import Order, publish, revise
from jiceng.schemes.editing.sheet import draft_of


async def renamed(draft: UUID, title: str) -> int:
    """Give the draft another title; its revision then."""
    book = await drafts.book_of_draft(draft)
    saved = await drafts.replace(draft, draft_of(msgspec.structs.replace(book, title=title)), "改名", None)
    return saved.draft.revision


async def published(tenant: int, draft: UUID, revision: int) -> str:
    """Publish in a request of its own; says how it ended."""
    with tenant_scope(tenant):
        try:
            await publish(draft, Order("2027-01-01", "议定", revision), None)
        except Conflict as refused:
            return refused.what_zh
    return "published"


async def test_a_draft_that_is_saved_while_it_is_published_is_not_published_without_it(
    two_tenants: tuple[int, int],
) -> None:
    with tenant_scope(two_tenants[0]):
        await with_points()
        draft = await revise("points", None)
        seen = await renamed(draft, "积分办法（修订）")
        async with transaction():
            await renamed(draft, "积分办法（再修订）")
            asked = asyncio.create_task(published(two_tenants[0], draft, seen), context=contextvars.Context())
            await asyncio.sleep(0.2)  # until it waits for the draft
        assert await asked == "草稿刚被别人改过，没有发布"
        assert (await drafts.draft(draft)).revision == seen + 1
