"""Evaluation for programs: runs, their results, one score explained line by line. A door only."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response
from litestar.params import FromPath, JSONBody, QueryParameter

from jiceng.accounts.access import Permission, needs
from jiceng.evaluation import queries, service
from jiceng.evaluation.results import listing
from jiceng.evaluation.results.areas import area_figures
from jiceng.evaluation.results.explaining import explanation
from jiceng.evaluation.results.told import (
    AreaOut,
    ExplanationOut,
    ResultOut,
    RunOut,
    area_out,
    explanation_out,
    result_out,
    run_out,
)
from jiceng.evaluation.schemas import RunInfo
from jiceng.evaluation.service import open_run
from jiceng.kernel.audit import Event, record_now
from jiceng.kernel.errors import NotFound
from jiceng.kernel.rest import (
    Key,
    Looked,
    Page,
    PageNumber,
    PageSize,
    PageWanted,
    SizeWanted,
    once,
    operations,
    read,
    search,
    write,
)

AnyRequest = Request[Any, Any, Any]
VIEWING = [needs(Permission.VIEW_RUNS)]
OPENING = [needs(Permission.OPEN_RUN)]
VIEWING_RESULTS = [needs(Permission.VIEW_RESULTS)]
Words = Annotated[str, QueryParameter(max_length=64)]
Organization = Annotated[UUID | None, QueryParameter(description="It and every organization below it.")]


class RunWanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which scheme to evaluate, for the period that `day` lies in."""

    scheme: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    day: dt.date


class ResultsWanted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Results to look for; everything but `name` as in the list of results."""

    name: Looked
    organization: UUID | None = None
    grade: Annotated[str, msgspec.Meta(max_length=64)] = ""
    status: Annotated[str, msgspec.Meta(max_length=64)] = ""
    page: PageWanted = 1
    size: SizeWanted = 50


@read("/runs", VIEWING)
async def list_runs(scheme: Words = "", page: PageNumber = 1, size: PageSize = 50) -> Page[RunOut]:
    """Runs, newest first."""
    found = [run for run in await queries.runs() if scheme in {"", run.scheme}]
    return Page.of([run_out(run) for run in found], page, size)


@read("/runs/{run_id:uuid}", VIEWING)
async def read_run(run_id: FromPath[UUID]) -> RunOut:
    """One run; ask again until `ended`."""
    return run_out(await queries.run(run_id))


@write("/runs", OPENING, 202)
async def begin_run(request: AnyRequest, data: JSONBody[RunWanted], key: Key) -> Response[RunOut]:
    """Start an evaluation; inputs that were evaluated before give that run, and nothing starts."""

    async def work() -> tuple[int, RunOut]:
        return 202, run_out(await open_run(data.scheme, data.day, by=request.user.id))

    return await once(request, key, work)


@write("/runs/{run_id:uuid}/cancel", OPENING, 202)
async def cancel_run(request: AnyRequest, run_id: FromPath[UUID], key: Key) -> Response[RunOut]:
    """Ask a run that has not ended to stop."""

    async def work() -> tuple[int, RunOut]:
        await service.cancel_run(run_id)
        return 202, run_out(await queries.run(run_id))

    return await once(request, key, work)


@read("/runs/{run_id:uuid}/results", VIEWING_RESULTS)
async def list_results(
    run_id: FromPath[UUID],
    organization: Organization = None,
    grade: Words = "",
    status: Words = "",
    page: PageNumber = 1,
    size: PageSize = 50,
) -> Page[ResultOut]:
    """Results by organization and number, never by score; 404 until the run is computed."""
    return await _results(run_id, listing.Filters(organization, grade, status), page, size)


@search("/runs/{run_id:uuid}/results/search", VIEWING_RESULTS)
async def search_results(run_id: FromPath[UUID], data: JSONBody[ResultsWanted]) -> Page[ResultOut]:
    """Results by a part of the name or the whole number, which so stands in no address; changes nothing."""
    filters = listing.Filters(data.organization, data.grade, data.status, data.name)
    return await _results(run_id, filters, data.page, data.size)


async def _results(run_id: UUID, filters: listing.Filters, page: int, size: int) -> Page[ResultOut]:
    run = await _computed(run_id)
    found = await listing.results(run, filters, page, size)
    await record_now(Event.RESULTS_READ, ("run", run.id), count=len(found.rows))
    items = [result_out(row) for row in found.rows] if page == found.page else []
    return Page(items, page, size, found.total)


@read("/runs/{run_id:uuid}/results/{subject:uuid}", VIEWING_RESULTS)
async def read_result(run_id: FromPath[UUID], subject: FromPath[UUID]) -> ExplanationOut:
    """One result with every line of its explanation; the points of `scoring` add up to the score."""
    run = await _computed(run_id)
    explained = await explanation(run, subject)
    await record_now(Event.RESULT_READ, ("subject", subject), run=run.id)
    return explanation_out(explained)


@read("/runs/{run_id:uuid}/area", VIEWING_RESULTS)
async def read_area(run_id: FromPath[UUID]) -> AreaOut:
    """Values over the whole area, towns, categories with their aims, and the places of every quota.

    Empty for a token that does not see everybody.
    """
    run = await _computed(run_id)
    await record_now(Event.RESULTS_READ, ("run", run.id))
    return area_out(await area_figures(run))


async def _computed(run_id: UUID) -> RunInfo:
    run = await queries.run(run_id)
    if run.state != "done":
        raise NotFound("这次评定还没有结果", todo_zh="请等计算完成")
    return run


HANDLERS = [list_runs, read_run, begin_run, cancel_run, list_results, search_results, read_area, read_result]
rest_router = operations(HANDLERS, "evaluation")
