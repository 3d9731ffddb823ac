"""What the tests of every route send to the points plugin's pages: items, claims, a form, a link."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from tests.support.enrolling import enrolled
from tests.support.points import CLERK, SECRETARY, VERIFIER, item, on_shelf, pieces
from tests.support.sample_files import png

from jiceng.kernel.clock import today
from jiceng.kernel.database import fetch_value, tenant_scope
from jiceng.kernel.ids import new_id
from jiceng.kernel.spreadsheets import SheetOut, write_workbook
from jiceng_points.claims import links, own_lists, service, verifying
from jiceng_points.claims.life import STATE_TITLES, State
from jiceng_points.claims.schemas import Proof
from jiceng_points.people import claimers
from jiceng_points.rhythm.service import propose
from jiceng_points.sheets import columns
from jiceng_points.shelf import needs, queries
from jiceng_points.shelf.service import add_item

if TYPE_CHECKING:
    from uuid import UUID

    from jiceng.tenancy.schemas import TenantInfo

_P = "/t/{tenant:str}/points"
_DAY = f"{today()}"
_NUMBER = "LY000001"
_NEW = {
    "number": "LY01",
    "title": "路由测试事项",
    "kind": "自选",
    "source": "计划",
    "side": "都可",
    "times": "1",
    "opens": f"{today().year}-01-01",
    "deadline": f"{today().year}-12-31",
}
_REASON = {"reason": "测试"}
_AGREED = {"agreed": "yes", "words": "同意"}
_DONE = {"done_on": _DAY, "sentence": "测试"}
_REWARD = {"number": _NUMBER, "kind": "奖励加分", "worth": "1", "day": _DAY, "reason": "测试"}
FORMS = {
    f"{_P}/items/new": _NEW,
    f"{_P}/items/{{item:uuid}}/review": {"act": "return", "reason": "测试"},
    f"{_P}/items/{{item:uuid}}/limits": {"capacity": "", "deadline": f"{today().year}-12-31"},
    f"{_P}/items/{{item:uuid}}/claim": {"number": _NUMBER},
    f"{_P}/needs": {"what": "帮忙修灯"},
    f"{_P}/needs/{{need:uuid}}/answer": {"act": "decline", "reason": "测试"},
    f"{_P}/ask/{{code:str}}": {"what": "帮忙修灯"},
    f"{_P}/claims/{{claim:uuid}}/complete": _DONE,
    f"{_P}/me/claims/{{claim:uuid}}/complete": _DONE,
    f"{_P}/claims/{{claim:uuid}}/reject": _REASON,
    f"{_P}/claims/{{claim:uuid}}/revoke": _REASON,
    f"{_P}/own-lists": {"number": _NUMBER, "reason": "年老", "tasks": "电话联系支部"},
    f"{_P}/own-lists/{{own_list:uuid}}/study": _AGREED,
    f"{_P}/own-lists/{{own_list:uuid}}/file": _AGREED,
    f"{_P}/adjustments": _REWARD,
    f"{_P}/adjustments/{{adjustment:uuid}}/decide": _AGREED,
    f"{_P}/year-end": {"year": str(today().year)},
}
ANSWERED = {
    f"{_P}/items/new": {409},  # the number is taken after the first
    f"{_P}/queue": {422},  # the one before verified what waited: nothing is ticked
    f"{_P}/ask/{{code:str}}": {429},  # counted by address, and all come from one
    f"{_P}/own-lists": {409},  # once a year
    f"{_P}/own-lists/{{own_list:uuid}}/file": {403},  # by the committee, not by a branch secretary
    f"{_P}/adjustments": {409},  # the same one twice
    f"{_P}/my/claim/{{item:uuid}}": {404},  # of these accounts only the member's belongs to one
    f"{_P}/me/claim/{{item:uuid}}": {404},  # no link was opened in this browser
    f"{_P}/me/claims/{{claim:uuid}}/complete": {404},
    f"{_P}/me/claims/{{claim:uuid}}/withdraw": {404},
}
NO_ID = {"book"}
FIXED = {"book": "claims"}
_WAITING = "select id from points_claim where tenant_id = $1 and state = 'done' limit 1"
_TOP = "select organization from organization_state where tenant_id = $1 and parent is null limit 1"
_CHOSEN = {f"{_P}/queue": ("=claim", _WAITING), f"{_P}/needs/forms": ("=organization", _TOP)}
"""Fields of forms that name something of the tenant, and the statement that finds it."""
_HOME = "select organization from membership where tenant_id = $1 and until is null limit 1"


@cache
def claims_book() -> bytes:
    """A workbook with one verified claim, of yesterday: today's is there already."""
    days = {"claimed_on": today() - timedelta(days=1), "done_on": today()}
    said: dict[str, Any] = days | {"subject": _NUMBER, "item": "LY00", "state": STATE_TITLES[State.VERIFIED]}
    rows = [[said.get(column.field) for column in columns.CLAIM]]
    return write_workbook([SheetOut(columns.CLAIMS, columns.CLAIM, rows)], made=today())


FILES = {f"{_P}/import/{{book:str}}": claims_book}


async def values(tenant: TenantInfo) -> dict[str, str]:
    """A member with the same number in every tenant, and one thing of each kind."""
    with tenant_scope(tenant.id):
        await enrolled(tenant.id, _NUMBER, "路由测试", await fetch_value(_HOME, tenant.id))
        made = await on_shelf("LY00", times=366)
        claim = await _claim(made)
        await service.complete(claim, Proof(today(), "见附件", "照片.png", pieces(png())), by=SECRETARY)
        form = await needs.open_form(await fetch_value(_HOME, tenant.id), by=new_id())
        return {
            "item": str(made),
            "claim": str(claim),
            "form": str(form),
            "code": (await queries.form(form)).code,
            **await _fresh(tenant.id),
        }


async def prepared(tenant: TenantInfo, path: str) -> dict[str, str]:
    """Fresh things for acts that use them up."""
    if not path.startswith(_P):
        return {}
    with tenant_scope(tenant.id):
        act = path.rsplit("/", 1)[-1]
        if path.endswith(("{item:uuid}/review", "{item:uuid}/claim")):
            number = f"LY-{new_id().hex[:12]}"
            entered = add_item(item(number), by=CLERK.account) if act == "review" else on_shelf(number)
            return {"item": str(await entered)}
        if "{claim:uuid}/" in path and act in ("complete", "withdraw", "reject", "revoke"):
            return {"claim": str(await _claim(await on_shelf(f"LY-{new_id().hex[:12]}"), act))}
        if path.endswith("{own_list:uuid}/file"):
            return {"own_list": str(await _own_list(tenant.id, studied=True))}
        if path in _CHOSEN:
            field, statement = _CHOSEN[path]
            found = await fetch_value(statement, tenant.id)
            return {field: str(found)} if found else {}
        used_up = ("{need:uuid}/answer", "{adjustment:uuid}/decide", "{link:str}", "{own_list:uuid}/study")
        return await _fresh(tenant.id) if path.endswith(used_up) else {}


async def _claim(made: UUID, act: str = "") -> UUID:
    """A claim in the state the act begins with."""
    claim = await service.claim(made, await claimers.by_number(_NUMBER), by=SECRETARY)
    if act in ("reject", "revoke"):
        await service.complete(claim, Proof(today(), "测试"), by=SECRETARY)
    if act == "revoke":
        await verifying.verify([claim], by=VERIFIER)
    return claim


async def _own_list(tenant: int, *, studied: bool) -> UUID:
    """An own list of a member who has none yet this year."""
    someone = await fetch_value(
        "select m.id from member m join membership b on b.tenant_id = $1 and b.member = m.id"
        " where m.tenant_id = $1 and b.until is null and not exists"
        " (select 1 from points_own_list l where l.tenant_id = $1 and l.member = m.id) limit 1",
        tenant,
    )
    made = await own_lists.apply(someone, today().year, "年老", "电话联系支部", by=CLERK)
    if studied:
        await own_lists.study(made, "同意", agreed=True, by=SECRETARY)
    return made


async def _fresh(tenant: int) -> dict[str, str]:
    """A need, a proposed reward, a special case and a link that nobody has dealt with."""
    member = (await claimers.by_number(_NUMBER)).member
    assert member is not None
    number = await needs.enter_need("帮忙修灯", "", await fetch_value(_HOME, tenant))
    need = await fetch_value(
        "select id from points_need where tenant_id = $1 and number = $2", tenant, number
    )
    day = date(today().year, 1, 1 + number // 30)
    reward = await propose(member, "奖励加分", 1 + number % 30, day, "测试", by=CLERK)
    return {
        "need": str(need),
        "adjustment": str(reward),
        "own_list": str(await _own_list(tenant, studied=False)),
        "link": await links.make_link(member, by=new_id()),
    }
