"""Who stands where towards a project: of the owner organization, above it, or neither."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.api import Forbidden, organizations, today
from jiceng.api.database import current_tenant, fetch_value
from jiceng.api.people import account_info
from jiceng.api.roster import seen_arguments

if TYPE_CHECKING:
    from uuid import UUID

    from jiceng_project_ledger.library.schemas import Project

_BELONGS = """
select true from member m where m.tenant_id = $1 and m.number = $2
  and (m.id = $5::uuid or exists (select from membership b where b.tenant_id = $1 and b.member = m.id
    and b.since <= $4 and (b.until is null or b.until > $4) and b.organization = any($3)))
limit 1
"""


async def of_the_owner(project: Project, account: UUID) -> bool:
    """Whether the account works for the owner organization, or its person is a member there or below it.

    Whoever answers for the project is of the owner too, wherever he is a member.
    """
    info = await account_info(account)
    if info is None:
        return False
    if info.organization == project.organization:
        return True
    if info.person is None:
        return False
    homes = await with_all_below(project.organization)
    asked = (info.person, homes, today(), project.responsible)
    return await fetch_value(_BELONGS, current_tenant(), *asked) is not None


async def owns(project: Project, account: UUID) -> bool:
    """Whether the person speaks for the owner: of the owner organization, or proposed the project for it."""
    return account == project.made_by or await of_the_owner(project, account)


async def refuse_stranger(project: Project, account: UUID, what: str) -> None:
    """Raise Forbidden unless the person speaks for the owner; `what` only the owner does."""
    if not await owns(project, account):
        raise Forbidden(
            f"{what}由责任单位办理",
            where=project.organization_name,
            todo_zh="请责任单位的同志办理",
            what_en="only the owner organization does this",
        )


async def refuse_owner(project: Project, account: UUID, what: str) -> None:
    """Raise Forbidden for the proposer and for anyone of the owner organization; `what` they may not do."""
    if account == project.made_by:
        raise Forbidden(f"申报人不能{what}", todo_zh="请由其他同志办理", what_en="not by who proposed it")
    if await of_the_owner(project, account):
        raise Forbidden(
            f"责任单位的人员不能{what}",
            where=project.organization_name,
            todo_zh="请由上级或其他单位的同志办理",
            what_en="not by anyone of the owner organization",
        )


async def refuse_from_below(project: Project, account: UUID) -> None:
    """Raise Forbidden unless the person at work stands above the owner organization.

    Whoever decides sees the superior organization too, and belongs neither to the owner nor below it. About
    the project of an owner that was dissolved decides who sees the whole roster.
    """
    whole = (await seen_arguments(today()))[0] is None
    seen = {row.id: row for row in await organizations(today())}
    place = seen.get(project.organization)
    if not whole and (place is None or (place.parent is not None and place.parent not in seen)):
        raise Forbidden(
            "这一步由上级组织办理",
            todo_zh="请联系上级组织部门",
            what_en="a superior organization decides this",
        )
    await refuse_owner(project, account, "决定自己单位的项目")


async def stands_above(project: Project, account: UUID) -> bool:
    """Whether the person may decide about the project."""
    try:
        await refuse_from_below(project, account)
    except Forbidden:
        return False
    return True


async def with_all_below(organization: UUID) -> list[UUID]:
    """The organization and all below it, of those that are seen (in tree order)."""
    found = {organization}
    for row in await organizations(today()):
        if row.parent in found:
            found.add(row.id)
    return list(found)
