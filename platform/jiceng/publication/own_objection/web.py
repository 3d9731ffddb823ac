"""The page where a person objects to a result he may see while it is on notice, and reads the answers."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.accounts.access import Permission, needs
from jiceng.evaluation import queries as evaluation
from jiceng.evaluation.results import listing
from jiceng.kernel.audit import Event, record_now
from jiceng.kernel.clock import today
from jiceng.kernel.errors import Conflict, Invalid, Refusal
from jiceng.publication import queries
from jiceng.publication.acts.objecting import object_to

AnyRequest = Request[Any, Any, Any]
TAKING_PART = [needs(Permission.TAKE_PART)]


class OwnObjectionForm(msgspec.Struct, frozen=True):
    """What is wrong with the result."""

    text: str = ""


@get("/runs/{run_id:uuid}/results/{subject:uuid}/objection", guards=TAKING_PART)
async def own_objection_page(
    request: AnyRequest, run_id: FromPath[UUID], subject: FromPath[UUID]
) -> Template:
    """Where the result stands, the form while it is on notice, one's own objections with their answers."""
    return await _page(request, run_id, subject)


@post("/runs/{run_id:uuid}/results/{subject:uuid}/objection", guards=TAKING_PART)
async def send_objection(
    request: AnyRequest,
    run_id: FromPath[UUID],
    subject: FromPath[UUID],
    data: URLEncodedBody[OwnObjectionForm],
) -> Response[Any]:
    """Object; what was written stays on the page when it is refused."""
    run = await evaluation.done(run_id)
    await listing.result(run, subject)
    try:
        await object_to(run_id, subject, data.text, by=request.user.id)
    except (Invalid, Conflict) as refused:
        return await _page(request, run_id, subject, refused, data.text)
    place = f"/t/{request.state.tenant.slug}/runs/{run_id}/results/{subject}/objection"
    return Redirect(place, status_code=303)


async def _page(
    request: AnyRequest, run_id: UUID, subject: UUID, refused: Refusal | None = None, text: str = ""
) -> Template:
    run = await evaluation.done(run_id)
    row = await listing.result(run, subject)
    await record_now(Event.RESULT_READ, ("subject", subject), run=run.id)
    info = await queries.publication(run_id)
    own = await queries.objections_of(info.id, subject, request.user.id) if info.id else []
    return Template(
        "publication/own_objection.html",
        context={
            "run": run,
            "row": row,
            "info": info,
            "own": own,
            "refused": refused,
            "text": text,
            "today": today(),
            "newer": await evaluation.superseded_by(run_id),
        },
        status_code=refused.status if refused else 200,
    )
