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
from jiceng.roster.one_member import keeping
from jiceng.roster.queries import names

AnyRequest = Request[Any, Any, Any]


@dataclass(frozen=True)
class LabelForm:
    """The label to give, and why."""

    level: int
    reason: str = ""


@get("/members/{member:uuid}", guards=[needs(Permission.VIEW_ROSTER)])
async def member_page(member: FromPath[UUID]) -> Template:
    """What is kept of a member and may be read here, and who else may read it."""
    row = await keeping.member(member)
    fields = readable_here()
    context = {
        "row": row,
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


@post("/members/{member:uuid}/label", guards=[needs(Permission.IMPORT_ROSTER)])
async def set_label(request: AnyRequest, member: FromPath[UUID], data: URLEncodedBody[LabelForm]) -> Redirect:
    """Give the record a security label."""
    await keeping.set_label(member, data.level, data.reason)
    return Redirect(f"/t/{request.state.tenant.slug}/members/{member}", status_code=303)


PAGES = [member_page, set_label]
