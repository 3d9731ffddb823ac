"""Pages of evaluation: runs, one run with its progress, its results, one score explained."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.accounts.access import Permission, may, needs
from jiceng.evaluation import queries
from jiceng.evaluation.forms import Startable, StartForm, startable
from jiceng.evaluation.results import listing
from jiceng.evaluation.results.areas import AreaFigures, area_figures
from jiceng.evaluation.results.explaining import explanation, shown_places
from jiceng.evaluation.results.listing import Filters
from jiceng.evaluation.rulings.questions import open_questions
from jiceng.evaluation.runs.computing import analysis_of
from jiceng.evaluation.schemas import HELD_OR_NOT, STATUSES, RunInfo
from jiceng.evaluation.service import open_run
from jiceng.kernel.audit import Event, record_now
from jiceng.kernel.crypto.hidden import hide, shown
from jiceng.kernel.errors import NotFound
from jiceng.kernel.jobs import job_status
from jiceng.kernel.paging import Page
from jiceng.roster.listing import offered as offered_places
from jiceng.roster.queries import organizations
from jiceng.schemes.queries import book_of
from jiceng.schemes.wording.subjects import SUBJECTS

AnyRequest = Request[Any, Any, Any]
VIEWING_RUNS = [needs(Permission.VIEW_RUNS)]
VIEWING_RESULTS = [needs(Permission.VIEW_RESULTS)]


@get("/runs", guards=VIEWING_RUNS)
async def runs_page(request: AnyRequest, page: FromQuery[int] = 1) -> Template:
    """Every run, newest first, and what can be started."""
    offers: list[Startable] = []
    if may(request.user, Permission.OPEN_RUN):
        offers = await startable()
    found = Page.of(await queries.runs(), page)
    return Template("evaluation/runs.html", context={"found": found, "offers": offers, "subjects": SUBJECTS})


@post("/runs", guards=[needs(Permission.OPEN_RUN)])
async def start(request: AnyRequest, data: URLEncodedBody[StartForm]) -> Redirect:
    """Start an evaluation; pressed twice with nothing changed, the same run is shown."""
    run = await open_run(data.scheme, data.chosen_day(), by=request.user.id)
    return Redirect(_address(request, run), status_code=303)


@get("/runs/{run_id:uuid}", guards=VIEWING_RUNS)
async def run_page(request: AnyRequest, run_id: FromPath[UUID]) -> Template:
    """One run: its frozen inputs, its progress, how many results of each grade."""
    run = await queries.run(run_id)
    done = run.state == "done"
    counts = await queries.counts(run.id) if done else {}
    book = await book_of(run.rulebook)
    return Template(
        "evaluation/run.html",
        context={
            "run": run,
            "subject": SUBJECTS[run.subject],
            "counts": counts,
            "narrowed": _narrowed(counts, book.grades),
            "status": await job_status(run.job) if run.job and not run.ended else None,
            "newer": await queries.superseded_by(run.id) if done else None,
            "figures": await area_figures(run) if done else AreaFigures(),
            "questions": await open_questions(run) if done else 0,
            "reads": any(fact.kind == "result" for fact in book.facts.values()),
            "sources": [await queries.run(source) for source in run.sources],
            "may_open": may(request.user, Permission.OPEN_RUN),
            "may_rule": may(request.user, Permission.DECIDE_RULINGS),
            "may_publish": may(request.user, Permission.PUBLISH_RESULTS),
        },
    )


@get("/runs/{run_id:uuid}/progress", guards=VIEWING_RUNS)
async def progress(run_id: FromPath[UUID]) -> Template:
    """The bar that the page asks for every second; when the run has ended the browser reloads the page."""
    run = await queries.run(run_id)
    return Template(
        "evaluation/progress.html",
        context={"run": run, "status": await job_status(run.job) if run.job else None},
        headers={"HX-Refresh": "true"} if run.ended else {},
    )


@get("/runs/{run_id:uuid}/results", guards=VIEWING_RESULTS)
async def results_page(
    run_id: FromPath[UUID],
    organization: FromQuery[str] = "",
    grade: FromQuery[str] = "",
    status: FromQuery[str] = "",
    name: FromQuery[str] = "",
    validity: FromQuery[str] = "",
    page: FromQuery[int] = 1,
) -> Template:
    """Results with filters, in the order of organizations; never ranked."""
    run = await _computed(run_id)
    analysis = await analysis_of(run.rulebook)
    offered = offered_places(await organizations(run.roster_at))
    filters = Filters(_organization(organization), grade, status, await shown(name), validity)
    counts = await queries.counts(run.id)
    found = await listing.results(run, filters, page)
    await record_now(Event.RESULTS_READ, ("run", run.id), count=len(found.rows))
    return Template(
        "evaluation/results.html",
        context={
            "run": run,
            "book": analysis.book,
            "places": shown_places(analysis),
            "subject": SUBJECTS[run.subject],
            "results": found,
            "figures": await area_figures(run),
            "filters": filters,
            "hidden": await hide(filters.name),
            "counts": counts,
            "largest": max(counts.values(), default=0),
            "narrowed": _narrowed(counts, analysis.book.grades),
            "offered": offered,
            "statuses": STATUSES,
            "validities": HELD_OR_NOT,
            "held": await queries.held_count(run) if run.final_at else 0,
        },
    )


@get("/runs/{run_id:uuid}/results/{subject:uuid}", guards=VIEWING_RESULTS)
async def result_page(request: AnyRequest, run_id: FromPath[UUID], subject: FromPath[UUID]) -> Template:
    """One score, line by line, with the facts behind it."""
    run = await _computed(run_id)
    explained = await explanation(run, subject)
    await record_now(Event.RESULT_READ, ("subject", subject), run=run.id)
    context = {"explained": explained, "may_object": may(request.user, Permission.TAKE_PART)}
    return Template("evaluation/result.html", context=context)


async def _computed(run_id: UUID) -> RunInfo:
    run = await queries.run(run_id)
    if run.state != "done":
        raise NotFound("这次评定还没有结果", where=f"第 {run.number} 次", todo_zh="请等计算完成")
    return run


def _narrowed(counts: Iterable[str], grades: Iterable[str]) -> dict[str, str]:
    """What narrows the list to those behind each number of the distribution, as the query of an address."""
    status = {words: one for one, words in STATUSES.items()}
    known = set(grades)
    return {
        label: urlencode({"grade": label} if label in known else {"status": status.get(label, label)})
        for label in counts
    }


def _organization(text: str) -> UUID | None:
    """The organization chosen; whatever is no id at all narrows nothing."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _address(request: AnyRequest, run: RunInfo) -> str:
    return f"/t/{request.state.tenant.slug}/runs/{run.id}"


router = Router(
    "/t/{tenant:str}", route_handlers=[runs_page, start, run_page, progress, results_page, result_page]
)
