"""Pages of the shelf: what can be claimed, handing an item in, reviewing it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.api import Refusal, organizations, today
from jiceng.api.pages import Permission, may, needs
from jiceng.api.roster import CATEGORIES
from jiceng.api.typed import needed_day, read_choice, refuse, single
from jiceng_points.forms import needed_number, read_number, year_of
from jiceng_points.people import claimers
from jiceng_points.shelf import queries, service, words
from jiceng_points.shelf.schemas import NewItem, ShelfFilter

AnyRequest = Request[Any, Any, Any]
VIEWING = [needs(Permission.VIEW_FACTS)]
TAKING_PART = [needs(Permission.TAKE_PART)]
REVIEWING = [needs(Permission.DECIDE_RULINGS)]
MANAGING = [needs(Permission.MANAGE_SCHEMES)]


class ItemForm(msgspec.Struct, frozen=True):
    """An item as typed; every field is text so that faults can be told together."""

    number: str = ""
    title: str = ""
    kind: str = ""
    source: str = ""
    side: str = ""
    worth: str = ""
    capacity: str = ""
    times: str = "1"
    opens: str = ""
    deadline: str = ""
    place: str = ""
    proof: str = ""
    online: str = ""
    details: str = ""
    owner: str = ""
    categories: list[str] | str | None = None

    def item(self) -> NewItem:
        """The item; raises Invalid for what cannot be read."""
        chosen = [self.categories] if isinstance(self.categories, str) else self.categories or []
        faults: list[str] = []
        opens = needed_day(self.opens, "开始日期", faults)
        item = NewItem(
            year=opens.year,
            number=self.number.strip(),
            title=self.title,
            kind=self.kind,
            source=self.source,
            side=self.side,
            opens=opens,
            deadline=needed_day(self.deadline, "截止日期", faults),
            worth=read_number(self.worth, "建议分值", faults),
            capacity=read_number(self.capacity, "名额", faults),
            times=needed_number(self.times, "每年次数", faults),
            categories=tuple(one for one in chosen if one),
            place=self.place,
            proof=self.proof,
            online=self.online == "yes",
            details=self.details,
            owner=read_choice(self.owner, "提出的组织", faults),
        )
        refuse(faults, "事项")
        return item


class ReviewForm(msgspec.Struct, frozen=True):
    """What a review decides: `act` is approve, return, off or again."""

    act: str = ""
    worth: str = ""
    reason: str = ""


class LimitsForm(msgspec.Struct, frozen=True):
    """More or fewer places, another deadline."""

    capacity: str = ""
    deadline: str = ""


@get("/", guards=VIEWING)
async def shelf_page(
    request: AnyRequest,
    kind: FromQuery[str] = "",
    standing: FromQuery[str] = "shelf",
    category: FromQuery[str] = "",
    words_: FromQuery[str] = "",
    after: FromQuery[str] = "",
    year: FromQuery[int] = 0,
) -> Template:
    """The shelf: what can be claimed, what waits for review."""
    wanted = ShelfFilter(
        year=year_of(year, today()),
        state=standing if standing in words.STATES else "",
        kind=kind if kind in words.KINDS else "",
        category=category if category in CATEGORIES else "",
        words=words_[:60],
    )
    rows = await queries.items(wanted, after[:20], queries.PAGE + 1)
    counts = await queries.counts(wanted.year)
    return Template(
        "points/shelf.html",
        context={
            "rows": rows[: queries.PAGE],
            "more": rows[queries.PAGE - 1].number if len(rows) > queries.PAGE else "",
            "wanted": wanted,
            "states": words.STATES,
            "kinds": words.KINDS,
            "categories": CATEGORIES,
            "sources": words.SOURCE_TITLES,
            "counts": counts,
            "drafts": sum(number for (_, state), number in counts.items() if state == "draft"),
            "today": today(),
            "may_enter": may(request.user, Permission.TAKE_PART),
        },
    )


@get("/items/new", guards=TAKING_PART)
async def new_item_page(request: AnyRequest) -> Template:
    """Where an item is handed in for review."""
    return await _form_page(request, ItemForm(opens=f"{today()}", deadline=f"{today().year}-12-31"))


@post("/items/new", guards=TAKING_PART)
async def enter_item(request: AnyRequest, data: URLEncodedBody[ItemForm]) -> Response[Any]:
    """Hand an item in; what is wrong is told on the same page."""
    try:
        item = data.item()
        if item.source == words.MEMBER_OFFER:
            offered = (await claimers.actor(request.user)).member
            item = msgspec.structs.replace(item, offered_by=offered)
        added = await service.add_item(item, by=request.user.id)
    except Refusal as refused:
        return await _form_page(request, data, refused)
    return _to(request, f"items/{added}")


@post("/items/{item:uuid}/review", guards=REVIEWING)
async def review_item(
    request: AnyRequest, item: FromPath[UUID], data: URLEncodedBody[ReviewForm]
) -> Redirect:
    """Approve with points, return, take off the shelf, or hand in again."""
    by = request.user
    match data.act:
        case "approve":
            await service.approve(item, single(read_number, data.worth, "分值"), by=by.id)
        case "off":
            await service.take_off(item, data.reason, by=by.id)
        case "again":
            await service.enter_again(item, by=by.id)
        case _:
            await service.send_back(item, data.reason, by=by.id)
    return _to(request, f"items/{item}")


@post("/items/{item:uuid}/limits", guards=MANAGING)
async def change_item(
    request: AnyRequest, item: FromPath[UUID], data: URLEncodedBody[LimitsForm]
) -> Redirect:
    """Change places and deadline."""
    faults: list[str] = []
    capacity = read_number(data.capacity, "名额", faults)
    deadline = needed_day(data.deadline, "截止日期", faults)
    refuse(faults, "名额和截止日期")
    await service.change_limits(item, capacity, deadline, by=request.user.id)
    return _to(request, f"items/{item}")


async def _form_page(request: AnyRequest, form: ItemForm, refused: Refusal | None = None) -> Template:
    del request
    return Template(
        "points/item_new.html",
        context={
            "form": form,
            "refused": refused,
            "kinds": words.KINDS,
            "sources": words.SOURCE_TITLES,
            "sides": words.SIDES,
            "categories": CATEGORIES,
            "places": await organizations(today()),
            "most": words.MOST_POINTS,
        },
        status_code=refused.status if refused else 200,
    )


def _to(request: AnyRequest, path: str) -> Redirect:
    return Redirect(f"/t/{request.state.tenant.slug}/points/{path}", status_code=303)


PAGES = (shelf_page, new_item_page, enter_item, review_item, change_item)
