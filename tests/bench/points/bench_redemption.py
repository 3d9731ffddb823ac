"""Speed of redeeming, its catalogue and a balance card, beside a bare Litestar page with one query.

`main(full=True)`: 200 requests of each kind; else 60, on a ledger of 20,000 transfers. Through the whole
application as role app under row security; times are the server's. Gives 1 when an aim is missed.
"""

import asyncio
import shutil
import tempfile
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import httpx
from msgspec.structs import replace
from tests.bench.points.bench_points import FULL, SLUG, SMALL, Ask, bare, shown, timed
from tests.support.appraisal import small_town, with_points
from tests.support.web import Browser, signed_in_browser

from jiceng.app import create_app
from jiceng.kernel.database import close, connect, tenant_scope, transaction
from jiceng.kernel.database.migrate import migrate
from jiceng.kernel.ids import new_id
from jiceng.kernel.servers import running
from jiceng.kernel.settings import Settings
from jiceng.tenancy.service import create_tenant
from jiceng_points.ledger.schemas import Because, Credit
from jiceng_points.ledger.service import credit_many
from jiceng_points.redemption.goods import add_gift, take_in
from jiceng_points.redemption.rules import USUAL, change_rule
from jiceng_points.redemption.schemas import GiftGiven

MEMBERS, TRANSFERS, BLOCK = 2_000, 20_000, 5_000
PAGE_AIM, REDEEM_AIM = 100.0, 30.0


def main(full: bool) -> int:
    """Measure, print, and say by the exit code whether every aim is met."""
    folder = Path(tempfile.mkdtemp(prefix="jb-"))
    folder.chmod(0o711)
    try:
        with running(Settings(data_dir=folder / "data"), durable=False) as settings:
            return asyncio.run(measured(settings, FULL if full else SMALL))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def measured(settings: Settings, times: int) -> int:
    """Seed, ask every page so many times, compare with the aims."""
    await migrate(settings)
    await connect(settings)
    try:
        tenant = await create_tenant(SLUG, "测量区", "district")
        with tenant_scope(tenant.id):
            members = [UUID(one) for one in (await small_town(MEMBERS)).values()]
            await with_points()
            gift = await stocked(members)
        clerk = await signed_in_browser(create_app(settings), tenant.id, "tenant_admin")
        found = await all_of(clerk, bare(tenant.id), gift, members, times)
    finally:
        await close()
    return shown(found, f"{TRANSFERS:,} transfers, {MEMBERS:,} members")


async def stocked(members: list[UUID]) -> UUID:
    """Points for everybody, one gift with enough pieces, and a rule that lets them redeem."""
    async with transaction():
        for start in range(0, TRANSFERS, BLOCK):
            numbers = range(start, start + BLOCK)
            await credit_many(
                [
                    Credit(
                        member=members[number % len(members)],
                        points=Decimal(10),
                        key=f"claim/{number}",
                        because=Because.CLAIM_VERIFIED,
                    )
                    for number in numbers
                ]
            )
    by = new_id()
    await change_rule(replace(USUAL, qualifies="anyone"), by)
    gift = await add_gift(
        GiftGiven(title="图书", details="", price=Decimal(10), each_year=None, offered=True), by
    )
    await take_in(gift, MEMBERS, by)
    return gift


async def all_of(
    clerk: Browser, plain: httpx.AsyncClient, gift: UUID, members: list[UUID], times: int
) -> list[tuple[str, float, float, float]]:
    """What, median, p95 (milliseconds), aim."""
    base = f"/t/{SLUG}/points"

    async def redeem(turn: int) -> httpx.Response:
        form = {"redemption": str(new_id()), "member": str(members[turn % len(members)])}
        return await clerk.post(f"{base}/gifts/{gift}/redeem", form)

    asked: list[tuple[str, Ask, float]] = [
        ("bare Litestar, one query", lambda _: plain.get("/"), 0.0),
        ("catalogue", lambda turn: clerk.get(f"{base}/gifts?member={members[turn]}"), PAGE_AIM),
        ("redeem", redeem, REDEEM_AIM),
        ("balance card", lambda turn: clerk.get(f"{base}/balance/{members[turn]}"), PAGE_AIM),
        ("pick-up desk", lambda _: clerk.get(f"{base}/desk"), PAGE_AIM),
    ]
    return [(what, *await timed(ask, times), aim) for what, ask, aim in asked]
