"""The page of one member. A door only: what may be read and done is in `keeping`."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.accounts.access import ROLE_NAMES, Permission, needs
from jiceng.accounts.fields import MEMBER_FIELDS, readable_here
from jiceng.accounts.labels import LABEL_NAMES, Label, offered_labels
from jiceng.kernel.audit import Event, record_now
from jiceng.kernel.errors import NotFound
from jiceng.roster.importing.sheets import OPTIONAL
from jiceng.roster.one_member import keeping
from jiceng.roster.one_member.optional import switch_on, switched_on
from jiceng.roster.one_member.private import found_by_number, private
from jiceng.roster.queries import names

AnyRequest = Request[Any, Any, Any]


@dataclass(frozen=True)
class LabelForm:
    """The label to give, and why."""

    level: int
    reason: str = ""


@dataclass(frozen=True)
class FindForm:
    """A whole number."""

    number: str = ""


@dataclass(frozen=True)
class OptionalForm:
    """The optional fields to keep: none, one, or several boxes."""

    fields: list[str] | str = ""

    def wanted(self) -> list[str]:
        """The fields that were ticked."""
        return self.fields.split() if isinstance(self.fields, str) else self.fields


@get("/members/{member:uuid}", guards=[needs(Permission.VIEW_ROSTER)])
async def member_page(member: FromPath[UUID]) -> Template:
    """What is kept of a member and may be read here, and who else may read it."""
    row = await keeping.member(member)
    fields = readable_here() - (OPTIONAL - await switched_on())
    context = {
        "row": row,
        "private": (await private([member]))[member],
        "place": (await names([row.organization])).get(row.organization, ""),
        "fields": [(name, field) for name, field in MEMBER_FIELDS.items() if name in fields],
        "roles": {
            name: [ROLE_NAMES[role] for role in ROLE_NAMES if role in field.read]
            for name, field in MEMBER_FIELDS.items()
        },
        "label": LABEL_NAMES[Label(row.sensitivity)],
        "labels": offered_labels(),
    }
    return Template("roster/member.html", context=context)


@post("/members/find", guards=[needs(Permission.VIEW_ROSTER)])
async def find_member(request: AnyRequest, data: URLEncodedBody[FindForm]) -> Redirect:
    """Find somebody by the whole telephone or identity number; posted, so that it stands in no address."""
    found = await found_by_number(data.number)
    await record_now(Event.MEMBER_READ, ("member", found), success=found is not None)
    if found is None:
        raise NotFound("名册里没有这个号码", todo_zh="请核对号码；没有权限看的人也找不到")
    return Redirect(f"/t/{request.state.tenant.slug}/members/{found}", status_code=303)


@post("/members/optional", guards=[needs(Permission.SECURE_ACCOUNTS)])
async def choose_optional(request: AnyRequest, data: URLEncodedBody[OptionalForm]) -> Redirect:
    """Choose which optional fields of members the tenant keeps."""
    await switch_on(data.wanted())
    return Redirect(f"/t/{request.state.tenant.slug}/members/optional", status_code=303)


@get("/members/optional", guards=[needs(Permission.SECURE_ACCOUNTS)])
async def optional_page() -> Template:
    """The optional fields, which of them are kept, and who reads them."""
    held = await switched_on()
    offered = [(name, field) for name, field in MEMBER_FIELDS.items() if name in OPTIONAL]
    context = {
        "offered": offered,
        "held": held,
        "roles": {
            name: [ROLE_NAMES[role] for role in ROLE_NAMES if role in field.read] for name, field in offered
        },
    }
    return Template("roster/optional.html", context=context)


@post("/members/{member:uuid}/label", guards=[needs(Permission.IMPORT_ROSTER)])
async def set_label(request: AnyRequest, member: FromPath[UUID], data: URLEncodedBody[LabelForm]) -> Redirect:
    """Give the record a security label."""
    await keeping.set_label(member, data.level, data.reason)
    return Redirect(f"/t/{request.state.tenant.slug}/members/{member}", status_code=303)


PAGES = [member_page, find_member, optional_page, choose_optional, set_label]
