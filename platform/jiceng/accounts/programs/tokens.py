"""API tokens: made and ended by an administrator, recognised at every request of a program."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from jiceng.accounts.access import Permission, may
from jiceng.accounts.programs.schemas import TokenInfo
from jiceng.accounts.programs.tables import ApiToken
from jiceng.accounts.signing_in.persons import ACCOUNT, person
from jiceng.accounts.signing_in.tokens import digest, new_token
from jiceng.kernel.audit import Event, record
from jiceng.kernel.clock import now, today
from jiceng.kernel.database import current_tenant, execute, fetch, fetch_row, joined
from jiceng.kernel.errors import Invalid, NotFound
from jiceng.kernel.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from jiceng.accounts.schemas import SignedIn

PREFIX = "jiceng_"
LONGEST_NAME = 64
LONGEST_DAYS = 366
MOST_OPEN = 50
USED_EVERY = timedelta(minutes=1)
SCOPES: dict[Permission, str] = {
    Permission.VIEW_ROSTER: "读取名册",
    Permission.VIEW_SCHEMES: "读取方案和规则",
    Permission.VIEW_FACTS: "读取事实",
    Permission.ENTER_FACTS: "提交和更正事实",
    Permission.TAKE_PART: "填写本单位的评分表",
    Permission.CHECK_WORK: "填写上级和部门的评分表",
    Permission.MANAGE_BALLOTS: "开放、结束票决和计票",
    Permission.VIEW_RUNS: "读取评定",
    Permission.OPEN_RUN: "发起和取消评定",
    Permission.VIEW_RESULTS: "读取结果和得分说明",
}
"""What a token may be allowed; every operation of the API asks for one of these."""
_ADD = f"""
insert into {ApiToken._meta.tablename}
(tenant_id, id, account, name, digest, scopes, created_at, expires_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
"""  # noqa: S608 - a table's name
_KNOWN = f"""
select t.id as token, t.scopes, t.used_at, {ACCOUNT}
from api_token t join account a on a.tenant_id = t.tenant_id and a.id = t.account
where t.tenant_id = $1 and t.digest = $2 and t.ended_at is null and t.expires_at > $3 and a.state = 'active'
"""  # noqa: S608 - constants
_LIST = """
select t.id, t.name, a.name as account, t.scopes, t.created_at, t.expires_at, t.used_at, t.ended_at
from api_token t join account a on a.tenant_id = t.tenant_id and a.id = t.account
where t.tenant_id = $1 order by t.ended_at is not null, t.created_at desc
"""
_END = """
update api_token set ended_at = $3, ended_by = $4
where tenant_id = $1 and id = $2 and ended_at is null returning id
"""


def offered(by: SignedIn) -> dict[Permission, str]:
    """The scopes a person may give: never more than his own permissions."""
    return {scope: words for scope, words in SCOPES.items() if may(by, scope)}


async def make_token(by: SignedIn, name: str, scopes: Collection[str], days: int) -> str:
    """Make a token that acts for `by`; the secret is returned once and stored nowhere.

    Raises Invalid with everything that is wrong with the wish.
    """
    wanted = name.strip()
    allowed = offered(by)
    faults = []
    if not 0 < len(wanted) <= LONGEST_NAME:
        faults.append(f"名称应为 1 到 {LONGEST_NAME} 个字")
    if not scopes or any(scope not in allowed for scope in scopes):
        faults.append("请选择至少一项您自己也有的权限")
    if not 1 <= days <= LONGEST_DAYS:
        faults.append(f"有效期应为 1 到 {LONGEST_DAYS} 天")
    if faults:
        raise Invalid(faults, "令牌没有建立", "接口令牌")
    secret, moment, token = PREFIX + new_token(), now(), new_id()
    until = moment + timedelta(days=days)
    async with joined():
        open_now = [one for one in await tokens() if one.open]
        if len(open_now) >= MOST_OPEN:
            raise Invalid([f"已有 {MOST_OPEN} 个有效令牌"], "令牌没有建立，请先作废不用的", "接口令牌")
        values = (current_tenant(), token, by.id, wanted, digest(secret), sorted(scopes), moment, until)
        await execute(_ADD, *values)
        record(Event.TOKEN_MADE, ("api_token", token), count=len(scopes))
    return secret


async def end_token(token: UUID, by: SignedIn) -> None:
    """End a token at once; NotFound when the tenant has no such open token."""
    async with joined():
        if await fetch_row(_END, current_tenant(), token, now(), by.id) is None:
            raise NotFound("没有这个令牌，或者它已经作废")
        record(Event.TOKEN_ENDED, ("api_token", token))


async def tokens() -> list[TokenInfo]:
    """The tenant's tokens, open ones first, newest first."""
    rows = await fetch(_LIST, current_tenant())
    return [TokenInfo(**{**dict(row), "scopes": tuple(row["scopes"])}) for row in rows]


async def recognised(secret: str) -> SignedIn | None:
    """Whom a token of the current tenant acts for; None when it is unknown, ended, expired or his no more."""
    if not secret.startswith(PREFIX) or not secret.isascii():
        return None
    moment = now()
    row = await fetch_row(_KNOWN, current_tenant(), digest(secret), moment, today())
    if row is None:
        return None
    if row["used_at"] is None or moment - row["used_at"] > USED_EVERY:
        used = "update api_token set used_at = $3 where tenant_id = $1 and id = $2"
        await execute(used, current_tenant(), row["token"], moment)
    return person(row, row["token"], frozenset(row["scopes"]))
