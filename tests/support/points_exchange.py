"""What the tests of every route send to the pages of ledger and redemption."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec.structs import replace

from jiceng.kernel.database import fetch, fetch_value, tenant_scope
from jiceng.kernel.ids import new_id
from jiceng_points.ledger.by_hand import credit_by_hand
from jiceng_points.ledger.schemas import Because
from jiceng_points.people.schemas import Actor
from jiceng_points.redemption.goods import add_gift, take_in
from jiceng_points.redemption.rules import change_rule, pause, pauses, rule_in_force
from jiceng_points.redemption.schemas import GiftGiven
from jiceng_points.redemption.service import redeem

if TYPE_CHECKING:
    from uuid import UUID

    from jiceng.tenancy.schemas import TenantInfo

_NEWEST = """
select id from points_transfer where tenant_id = $1 and because = 'opening' order by seq desc limit 1
"""
_AT = "/t/{tenant:str}/points"
_KNOWN = "LY000001"
"""The number of a member in every tenant (tests/plugins/points/world.py)."""
_OLDEST = "select id from member where tenant_id = $1 order by id limit 2"
_CODE = """
select code from points_redemption where tenant_id = $1 and member = $2 and state = 'held' limit 1
"""
FORMS: dict[str, dict[str, str]] = {
    f"{_AT}/gifts/for": {"number": _KNOWN},
    f"{_AT}/gifts/{{gift:uuid}}/redeem": {"redemption": str(new_id())},
    f"{_AT}/desk": {"code": "00000000"},
    f"{_AT}/desk/hand-out": {"code": "00000000"},
    f"{_AT}/stock": {"title": "水杯", "price": "15", "offered": "yes"},
    f"{_AT}/stock/{{gift:uuid}}": {"title": "图书", "price": "15", "offered": "yes", "version": "1"},
    f"{_AT}/stock/{{gift:uuid}}/pieces": {"act": "intake", "count": "1"},
    f"{_AT}/redemption-rule": {
        "opened": "yes",
        "qualifies": "anyone",
        "least": "80",
        "grades": "合格",
        "days": "14",
    },
    f"{_AT}/pauses": {"number": _KNOWN},
    f"{_AT}/balance/{{member:uuid}}/credit": {
        "form": str(new_id()),
        "points": "1",
        "because": "service",
    },
}
ANSWERED: dict[str, set[int]] = {
    f"{_AT}/gifts/for": {404},  # a member acts for nobody else
    f"{_AT}/gifts/{{gift:uuid}}/redeem": {404},  # the same
    f"{_AT}/redemptions/{{redemption:uuid}}/cancel": {404, 409},  # the one before cancelled it; not his own
    f"{_AT}/desk/hand-out": {404},  # the one before handed it out
    f"{_AT}/stock": {409},  # the one before entered it
    f"{_AT}/stock/{{gift:uuid}}": {409},  # the one before changed it
    f"{_AT}/pauses": {409},  # the one before paused him
    f"{_AT}/pauses/{{pause_id:uuid}}/end": {404},  # the one before ended it
}


async def values(tenant: TenantInfo) -> dict[str, str]:
    """A gift in stock, redemptions of it that wait, credits booked by hand, somebody paused."""
    by = new_id()
    with tenant_scope(tenant.id):
        member, other = await _two(tenant)
        rule = await rule_in_force()
        await change_rule(replace(rule, qualifies="anyone"), by)
        given = GiftGiven(title="图书", details="", price=Decimal(5), each_year=None, offered=True)
        gift, redemption = await add_gift(given, by), new_id()
        await take_in(gift, 5, by)
        transfer = await _credit(tenant, member)
        await redeem(redemption, gift, member, by=Actor(by))
        await _credit(tenant, other)
        await redeem(new_id(), gift, other, by=Actor(by))
        await pause(member, by)
        (paused,) = await pauses()
    return {
        "gift": str(gift),
        "redemption": str(redemption),
        "transfer": str(transfer),
        "pause_id": str(paused.id),
    }


async def prepared(tenant: TenantInfo, path: str) -> dict[str, str]:
    """A credit to be undone and whose it is, a code, for whom to redeem, the rule's number."""
    if not path.startswith(_AT):
        return {}
    with tenant_scope(tenant.id):
        if path.endswith("/undo/{transfer:uuid}"):
            member, _ = await _two(tenant)
            return {"member": str(member), "transfer": str(await _credit(tenant, member))}
        if path.startswith(f"{_AT}/desk"):
            code = await fetch_value(_CODE, tenant.id, (await _two(tenant))[1])
            return {"=code": code} if code else {}
        if path.endswith("/redeem"):
            return {"=member": str((await _two(tenant))[1])}
        if path.endswith("/redemption-rule"):
            return {"=number": str((await rule_in_force()).number)}
    return {}


async def _two(tenant: TenantInfo) -> tuple[UUID, UUID]:
    """The member whose things wait and who is paused, and one who may redeem."""
    first, second = await fetch(_OLDEST, tenant.id)
    return first["id"], second["id"]


async def _credit(tenant: TenantInfo, member: UUID) -> UUID:
    """Fifty points booked by hand."""
    await credit_by_hand(member, Decimal(50), Because.OPENING, new_id())
    found: UUID = await fetch_value(_NEWEST, tenant.id)
    return found
