"""The roster for programs: organizations, members and units as of a day. A door only."""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any, Literal, TypeVar, get_args
from uuid import UUID

import msgspec
from litestar.params import FromPath, JSONBody, QueryParameter

from jiceng.accounts.access import Permission, needs
from jiceng.accounts.fields import refuse_unreadable
from jiceng.kernel import clock
from jiceng.kernel.audit import Event, record_now
from jiceng.kernel.errors import NotFound
from jiceng.kernel.rest import (
    Day,
    Looked,
    Page,
    PageNumber,
    PageSize,
    PageWanted,
    SizeWanted,
    operations,
    read,
    search,
)
from jiceng.roster import queries
from jiceng.roster.listing import MemberFilters, find_members
from jiceng.roster.one_member.optional import switched_on
from jiceng.roster.one_member.private import FIELDS, private
from jiceng.roster.schemas import MemberRow

VIEWING = [needs(Permission.VIEW_ROSTER)]
Told = TypeVar("Told", bound=msgspec.Struct)
Words = Annotated[str, QueryParameter(max_length=64)]
Organization = Annotated[UUID | None, QueryParameter(description="It and every organization below it.")]
Asked = Literal["sex", "birth_year", "education", "dual", "mobile", "worker", "phone", "id_number"]
FURTHER = frozenset(get_args(Asked))
AskedFields = Annotated[
    list[Asked] | None,
    QueryParameter(
        name="fields",
        max_items=8,
        description="Further fields of each member; 403 when the role may not read one of them.",
    ),
]


class MembersWanted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Members to look for; everything but `name` as in the list of members."""

    name: Looked
    organization: UUID | None = None
    category: Annotated[str, msgspec.Meta(max_length=64)] = ""
    standing: Annotated[str, msgspec.Meta(max_length=64)] = ""
    at: dt.date | None = None
    fields: Annotated[list[Asked], msgspec.Meta(max_length=8)] = []
    page: PageWanted = 1
    size: SizeWanted = 50


class OrganizationOut(msgspec.Struct, frozen=True, kw_only=True):
    """An organization on the day asked about; `depth` in the tree from 0."""

    id: UUID
    number: str
    name: str
    short_name: str | None
    kind: str
    field: str
    parent: UUID | None
    depth: int
    founded: dt.date | None


class MemberOut(msgspec.Struct, frozen=True, kw_only=True):
    """A member and where he belongs on the day asked about, `since` when.

    `joined` is null for a role that may not read it; what follows `since` is told when asked for in `fields`.
    """

    id: UUID
    number: str
    name: str
    category: str
    state: str
    employment: str | None
    joined: dt.date | None
    organization: UUID
    since: dt.date
    sex: str | msgspec.UnsetType | None = msgspec.UNSET
    birth_year: int | msgspec.UnsetType | None = msgspec.UNSET
    education: str | msgspec.UnsetType | None = msgspec.UNSET
    dual: bool | msgspec.UnsetType | None = msgspec.UNSET
    mobile: bool | msgspec.UnsetType | None = msgspec.UNSET
    worker: bool | msgspec.UnsetType | None = msgspec.UNSET
    phone: str | msgspec.UnsetType | None = msgspec.UNSET
    id_number: str | msgspec.UnsetType | None = msgspec.UNSET


class UnitOut(msgspec.Struct, frozen=True, kw_only=True):
    """An enterprise or other unit on the day asked about; `coverage` says how organizations reach it."""

    id: UUID
    number: str
    name: str
    kind: str
    employees: int | None
    should_have: bool
    coverage: str
    organization: UUID | None


@read("/organizations", VIEWING)
async def list_organizations(
    at: Day = None, page: PageNumber = 1, size: PageSize = 50
) -> Page[OrganizationOut]:
    """Every organization, each after its superior."""
    found = await queries.organizations(at or clock.today())
    return Page.of([_as(OrganizationOut, row) for row in found], page, size)


@read("/organizations/{organization:uuid}", VIEWING)
async def read_organization(organization: FromPath[UUID], at: Day = None) -> OrganizationOut:
    """One organization."""
    for row in await queries.organizations(at or clock.today()):
        if row.id == organization:
            return _as(OrganizationOut, row)
    raise NotFound


@read("/members", VIEWING)
async def list_members(
    organization: Organization = None,
    category: Words = "",
    standing: Words = "",
    at: Day = None,
    fields: AskedFields = None,
    page: PageNumber = 1,
    size: PageSize = 50,
) -> Page[MemberOut]:
    """Members by organization and number; by name: `members/search`."""
    filters = MemberFilters(organization, category, standing)
    return await _members(filters, at, fields or (), page, size)


@search("/members/search", VIEWING)
async def search_members(data: JSONBody[MembersWanted]) -> Page[MemberOut]:
    """Members by a part of the name or the whole number, which so stands in no address; changes nothing."""
    filters = MemberFilters(data.organization, data.category, data.standing, data.name)
    return await _members(filters, data.at, data.fields, data.page, data.size)


async def _members(
    filters: MemberFilters, at: dt.date | None, fields: Sequence[Asked], page: int, size: int
) -> Page[MemberOut]:
    refuse_unreadable(fields)
    found = await find_members(filters, at or clock.today(), page, size)
    await record_now(Event.MEMBERS_READ, ("organization", filters.organization), count=len(found.rows))
    return Page(await _told(found.rows, fields), page, size, found.total)


@read("/members/{member:uuid}", VIEWING)
async def read_member(member: FromPath[UUID], at: Day = None, fields: AskedFields = None) -> MemberOut:
    """One member."""
    refuse_unreadable(fields or ())
    found = await find_members(MemberFilters(id=member), at or clock.today(), 1, 1)
    if not found.rows:
        raise NotFound
    await record_now(Event.MEMBER_READ, ("member", member))
    (told,) = await _told(found.rows, fields or ())
    return told


@read("/units", VIEWING)
async def list_units(at: Day = None, page: PageNumber = 1, size: PageSize = 50) -> Page[UnitOut]:
    """Every enterprise or other unit, by number."""
    found = await queries.units(at or clock.today())
    return Page.of([_as(UnitOut, row) for row in found], page, size)


@read("/units/{unit:uuid}", VIEWING)
async def read_unit(unit: FromPath[UUID], at: Day = None) -> UnitOut:
    """One unit."""
    for row in await queries.units(at or clock.today()):
        if row.id == unit:
            return _as(UnitOut, row)
    raise NotFound


def _as(kind: type[Told], row: msgspec.Struct) -> Told:
    """The fields of `row` that the API tells."""
    return kind(**{name: getattr(row, name) for name in kind.__struct_fields__})


async def _told(rows: Sequence[MemberRow], asked: Sequence[Asked]) -> list[MemberOut]:
    names = [name for name in MemberOut.__struct_fields__ if name not in FURTHER or name in asked]
    wanted = FIELDS & set(names) & await switched_on()
    closed = await private([row.id for row in rows]) if wanted else {}

    def value(row: MemberRow, name: str) -> Any:  # noqa: ANN401 - of any field
        if name in FIELDS:
            return getattr(closed[row.id], name) if name in wanted else None
        return getattr(row, name)

    return [MemberOut(**{name: value(row, name) for name in names}) for row in rows]


HANDLERS = [
    list_organizations,
    read_organization,
    list_members,
    search_members,
    read_member,
    list_units,
    read_unit,
]
rest_router = operations(HANDLERS, "roster")
