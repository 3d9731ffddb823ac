"""Pages about what came out: two runs compared, results as a spreadsheet; and stopping a run."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from jiceng.accounts.access import Permission, needs
from jiceng.evaluation import queries, service
from jiceng.evaluation.results import comparing
from jiceng.evaluation.results.explaining import shown_places
from jiceng.evaluation.results.exporting import workbook
from jiceng.evaluation.results.listing import Filters
from jiceng.evaluation.runs.computing import analysis_of
from jiceng.kernel.audit import Event, record_now
from jiceng.kernel.crypto.hidden import shown
from jiceng.kernel.files.handing_out import handed_out
from jiceng.roster.queries import organizations

AnyRequest = Request[Any, Any, Any]
COMPARING = [needs(Permission.OPEN_RUN)]
DEEPEST_FILTER = 1


@get("/runs/{run_id:uuid}/compare", guards=COMPARING)
async def compare_page(
    run_id: FromPath[UUID],
    other: FromQuery[str] = "",
    change: FromQuery[str] = "",
    organization: FromQuery[str] = "",
    page: FromQuery[int] = 1,
) -> Template:
    """A run beside another of the same scheme: by default the one it supersedes."""
    run = await queries.done(run_id)
    choices = [
        one
        for one in await queries.runs()
        if one.scheme_id == run.scheme_id and one.id != run.id and one.state == "done"
    ]
    chosen = uuid_or_none(other) or run.supersedes or (choices[0].id if choices else None)
    place = uuid_or_none(organization)
    found = None
    if chosen is not None:
        before = await queries.done(chosen)
        found = await comparing.compare(before, run, change=change, organization=place, page=page)
        await record_now(Event.RESULTS_READ, ("run", run.id))
    return Template(
        "evaluation/compare.html",
        context={
            "run": run,
            "choices": choices,
            "compared": found,
            "changes": comparing.CHANGES,
            "change": change,
            "organization": place,
            "places": shown_places(await analysis_of(run.rulebook)),
            "offered": [one for one in await organizations(run.roster_at) if one.depth <= DEEPEST_FILTER],
        },
    )


@get("/runs/{run_id:uuid}/results.xlsx", guards=[needs(Permission.VIEW_RESULTS)])
async def export(
    run_id: FromPath[UUID],
    organization: FromQuery[str] = "",
    grade: FromQuery[str] = "",
    status: FromQuery[str] = "",
    name: FromQuery[str] = "",
    validity: FromQuery[str] = "",
) -> Response[bytes]:
    """The results that the same filters leave on the page, as a spreadsheet."""
    run = await queries.done(run_id)
    content = await workbook(
        run, Filters(uuid_or_none(organization), grade, status, await shown(name), validity)
    )
    return handed_out(content, f"{run.period}{run.title}-第{run.number}次.xlsx")


@post("/runs/{run_id:uuid}/cancel", guards=[needs(Permission.OPEN_RUN)])
async def cancel(request: AnyRequest, run_id: FromPath[UUID]) -> Redirect:
    """Stop a run that is waiting or being computed; nothing of it is kept."""
    await service.cancel_run(run_id)
    return Redirect(f"/t/{request.state.tenant.slug}/runs/{run_id}", status_code=303)


def uuid_or_none(text: str) -> UUID | None:
    """The id in a field of an address; None for what is no id."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


router = Router("/t/{tenant:str}", route_handlers=[compare_page, export, cancel])
