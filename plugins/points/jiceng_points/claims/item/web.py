"""The page of one item: what it is, who claims it, what may be done with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, get
from litestar.params import FromPath
from litestar.response import Template

from jiceng.api import organizations, today
from jiceng.api.pages import Permission, may, needs
from jiceng_points.claims import queries as claims
from jiceng_points.claims.schemas import ClaimFilter
from jiceng_points.shelf import queries, words

AnyRequest = Request[Any, Any, Any]
VIEWING = [needs(Permission.VIEW_FACTS)]


@get("/items/{item:uuid}", guards=VIEWING)
async def item_page(request: AnyRequest, item: FromPath[UUID]) -> Template:
    """One item, who claims it, and what may be done with it."""
    found = await queries.item(item)
    places = {row.id: row.short_name or row.name for row in await organizations(today())}
    wanted = ClaimFilter(year=found.year, item=item)
    return Template(
        "points/item.html",
        context={
            "item": found,
            "places": places,
            "claims": await claims.claims(wanted),
            "sources": words.SOURCE_TITLES,
            "today": today(),
            "may_claim": may(request.user, Permission.TAKE_PART) and found.open_on(today()),
            "may_review": may(request.user, Permission.DECIDE_RULINGS),
            "may_manage": may(request.user, Permission.MANAGE_SCHEMES),
            "mine": found.entered_by == request.user.id,
        },
    )
