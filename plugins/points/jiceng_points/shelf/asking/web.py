"""Pages of residents' needs: the clerk's list, the QR forms, and the public form behind them."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

import msgspec
import segno
from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.api import Invalid, NotFound, Refusal, organizations, today
from jiceng.api.pages import Permission, anyone, household, needs
from jiceng.api.typed import needed_choice, read_choice, single
from jiceng_points.shelf import needs as service
from jiceng_points.shelf import queries, words
from jiceng_points.shelf.schemas import NewItem

AnyRequest = Request[Any, Any, Any]
ENTERING = [needs(Permission.ENTER_FACTS)]


class NeedForm(msgspec.Struct, frozen=True):
    """A need as the clerk notes it."""

    what: str = ""
    contact: str = ""
    organization: str = ""


class AnswerForm(msgspec.Struct, frozen=True):
    """What becomes of a need: `act` is shelve (with a number and a kind) or decline (with a reason)."""

    act: str = ""
    number: str = ""
    kind: str = "自选"
    reason: str = ""


class PlaceForm(msgspec.Struct, frozen=True):
    """For which community a form is opened."""

    organization: str = ""


class AskForm(msgspec.Struct, frozen=True):
    """What a resident sends."""

    what: str = ""
    contact: str = ""


@get("/needs", guards=ENTERING)
async def needs_page(request: AnyRequest, page: FromQuery[int] = 1) -> Template:
    """Residents' needs, those without an answer first, and the public forms."""
    return Template(
        "points/needs.html",
        context={
            "found": await queries.needs(page),
            "forms": await queries.forms(),
            "places": await organizations(today()),
            "states": words.NEED_STATES,
            "kinds": words.KINDS,
            "base": str(request.base_url).rstrip("/"),
        },
    )


@post("/needs", guards=ENTERING)
async def enter_need(request: AnyRequest, data: URLEncodedBody[NeedForm]) -> Redirect:
    """Note a need down."""
    place = single(read_choice, data.organization, "社区")
    if place is not None:
        await _refuse_unseen(place)
    await service.enter_need(data.what, data.contact, place)
    return _to(request, "needs")


@post("/needs/{need:uuid}/answer", guards=ENTERING)
async def answer_need(
    request: AnyRequest, need: FromPath[UUID], data: URLEncodedBody[AnswerForm]
) -> Redirect:
    """Turn a need into an item for review, or decline it."""
    if data.act != "shelve":
        await service.decline(need, data.reason, by=request.user.id)
        return _to(request, "needs")
    found = await queries.need(need)
    day = today()
    item = NewItem(
        year=day.year,
        number=data.number.strip(),
        title=found.what[:100],
        kind=data.kind,
        source=words.NEED,
        side=words.FOR_BOTH,
        opens=day,
        deadline=day.replace(month=12, day=31),
        capacity=1,
        owner=found.organization,
    )
    return _to(request, f"items/{await service.shelve(need, item, by=request.user.id)}")


@post("/needs/forms", guards=ENTERING)
async def open_form(request: AnyRequest, data: URLEncodedBody[PlaceForm]) -> Redirect:
    """Open a public form for one community."""
    place = single(needed_choice, data.organization, "社区")
    await _refuse_unseen(place)
    await service.open_form(place, by=request.user.id)
    return _to(request, "needs")


@post("/needs/forms/{form:uuid}/close", guards=ENTERING)
async def close_form(request: AnyRequest, form: FromPath[UUID]) -> Redirect:
    """Close a public form."""
    await service.close_form(form)
    return _to(request, "needs")


@get("/needs/forms/{form:uuid}/code.svg", guards=ENTERING)
async def form_code(request: AnyRequest, form: FromPath[UUID]) -> Response[bytes]:
    """The QR code of a public form, to be printed."""
    found = await queries.form(form)
    address = f"{str(request.base_url).rstrip('/')}/t/{request.state.tenant.slug}/points/ask/{found.code}"
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", scale=6, border=2)
    return Response(drawn.getvalue(), media_type="image/svg+xml")


@get("/ask/{code:str}", guards=[anyone])
async def ask_page(code: FromPath[str]) -> Template:
    """The public form; 404 for a closed or unknown one."""
    return _ask(await queries.open_form(code), AskForm())


@post("/ask/{code:str}", guards=[anyone], status_code=200)
async def ask(request: AnyRequest, code: FromPath[str], data: URLEncodedBody[AskForm]) -> Template:
    """Send a need; counted by address, so nobody floods it."""
    form = await queries.open_form(code)
    try:
        number = await service.send_need(code, data.what, data.contact, caller=caller_of(request))
    except Invalid as refused:
        return _ask(form, data, refused)
    return Template("points/asked.html", context={"number": number, "place": form.place})


async def _refuse_unseen(place: UUID) -> None:
    if place not in {row.id for row in await organizations(today())}:
        raise NotFound("名册里没有这个组织")


def caller_of(request: AnyRequest) -> str:
    """Whom a limit counts: the address the connection comes from."""
    return household(request.client.host) if request.client else "unknown"


def _ask(form: Any, data: AskForm, refused: Refusal | None = None) -> Template:  # noqa: ANN401 - a row
    context = {
        "place": form.place,
        "code": form.code,
        "form": data,
        "refused": refused,
        "longest": service.LONGEST_NEED,
        "days": service.KEPT_AFTER_ANSWER,
    }
    return Template("points/ask.html", context=context, status_code=refused.status if refused else 200)


def _to(request: AnyRequest, path: str) -> Redirect:
    return Redirect(f"/t/{request.state.tenant.slug}/points/{path}", status_code=303)


PAGES = (needs_page, enter_need, answer_need, open_form, close_form, form_code, ask_page, ask)
