"""Pages of publication: what is where, one run's review, notice, confirmations and objections."""

from typing import Any
from uuid import UUID

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.accounts.access import Permission, may, needs
from jiceng.evaluation import queries as evaluation
from jiceng.evaluation.runs.computing import analysis_of
from jiceng.evaluation.schemas import RunInfo
from jiceng.kernel.clock import today
from jiceng.kernel.errors import Invalid
from jiceng.kernel.paging import Page
from jiceng.kernel.typed import needed_day, plain, read_numbers, single
from jiceng.publication import queries, service
from jiceng.publication.acts.confirming import confirm, confirm_one
from jiceng.publication.acts.forms import (
    AnswerForm,
    ConfirmForm,
    HistoryForm,
    MoveForm,
    NoticeForm,
    ObjectionForm,
)
from jiceng.publication.acts.objecting import answer, note
from jiceng.publication.flow.states import ACT_WORDS, Act, State
from jiceng.publication.notice import web as notice
from jiceng.publication.own_objection.web import own_objection_page, send_objection
from jiceng.publication.schemas import PublicationInfo, Standing
from jiceng.roster.queries import organizations
from jiceng.schemes.periods.keeping import calendar
from jiceng.schemes.queries import scheme, schemes

AnyRequest = Request[Any, Any, Any]
VIEWING = [needs(Permission.VIEW_RUNS)]
PUBLISHING = [needs(Permission.PUBLISH_RESULTS)]
USUAL_DAYS = 5


@get("/notices", guards=VIEWING)
async def notices_page(request: AnyRequest, page: FromQuery[int] = 1) -> Template:
    """Every computed run and where its results stand; which results each scheme reads as its history."""
    known = await queries.by_run()
    found = Page.of([run for run in await evaluation.runs() if run.state == "done"], page)
    return Template(
        "publication/notices.html",
        context={
            "found": found,
            "rows": [(run, known.get(run.id, _untouched(run))) for run in found.rows],
            "histories": [
                (one, await evaluation.history_setting(one.key) == evaluation.FINAL)
                for one in await schemes()
            ],
            "may_publish": may(request.user, Permission.PUBLISH_RESULTS),
            "today": today(),
        },
    )


@post("/notices/history", guards=PUBLISHING)
async def set_history(request: AnyRequest, data: URLEncodedBody[HistoryForm]) -> Redirect:
    """Say which results of earlier periods a scheme reads."""
    await scheme(data.scheme)
    await service.set_history(data.scheme, only_final=data.history == evaluation.FINAL)
    return Redirect(f"/t/{request.state.tenant.slug}/notices", status_code=303)


@get("/runs/{run_id:uuid}/publication", guards=PUBLISHING)
async def publication_page(run_id: FromPath[UUID]) -> Template:
    """Where a run's results stand and what may be done next, by whom it was done before and why."""
    run = await evaluation.done(run_id)
    info = await queries.publication(run.id)
    touched = info.id is not None
    newer = await evaluation.superseded_by(run.id)
    offered = service.offered(info, superseded=newer is not None)
    return Template(
        "publication/publication.html",
        context={
            "run": run,
            "info": info,
            "book": (await analysis_of(run.rulebook)).book,
            "standing": await queries.standing(info) if touched else Standing(0, 0, 0, 0),
            "moves": await queries.moves(info.id) if info.id else [],
            "confirmations": await queries.confirmations(run, info.id) if info.id else [],
            "objections": await queries.objections(info.id) if info.id else [],
            "acts": [(act.value, ACT_WORDS[act]) for act in offered if act is not Act.OPEN_NOTICE],
            "may_open_notice": Act.OPEN_NOTICE in offered,
            "confirming": info.state in (State.REVIEWED, State.NOTICE),
            "flow": [(state, state is info.state) for state in State if state is not State.STOPPED],
            "newer": newer,
            "places": await organizations(run.roster_at),
            "today": today(),
            "usual_days": USUAL_DAYS,
            "one_by_one": run.subject in service.CONFIRMED_ONE_BY_ONE,
            "passed": await _passed(info),
        },
    )


@post("/runs/{run_id:uuid}/publication", guards=PUBLISHING)
async def move(request: AnyRequest, run_id: FromPath[UUID], data: URLEncodedBody[MoveForm]) -> Redirect:
    """Review, return, withdraw, let take effect, stop."""
    await service.move(run_id, data.wanted(), data.reason, by=request.user.id)
    return _back(request, run_id)


@post("/runs/{run_id:uuid}/publication/notice", guards=PUBLISHING)
async def open_notice(
    request: AnyRequest, run_id: FromPath[UUID], data: URLEncodedBody[NoticeForm]
) -> Redirect:
    """Open the notice."""
    run = await evaluation.run(run_id)
    grades = (await analysis_of(run.rulebook)).book.grades
    await service.open_notice(run_id, data.notice(grades), by=request.user.id)
    return _back(request, run_id)


@post("/runs/{run_id:uuid}/publication/confirm", guards=PUBLISHING)
async def confirm_verdicts(
    request: AnyRequest, run_id: FromPath[UUID], data: URLEncodedBody[ConfirmForm]
) -> Redirect:
    """Confirm an organization's verdicts with the exceptions listed, or one subject's."""
    await evaluation.done(run_id)
    if data.number.strip():
        await confirm_one(run_id, plain(data.number), data.reason, by=request.user.id)
        return _back(request, run_id)
    try:
        organization = UUID(data.organization)
    except ValueError as error:
        raise Invalid(["请从列表里选择组织"], "没有确认", where="组织") from error
    await confirm(run_id, organization, data.reason, read_numbers(data.exceptions), by=request.user.id)
    return _back(request, run_id)


@post("/runs/{run_id:uuid}/publication/objections", guards=PUBLISHING)
async def note_objection(
    request: AnyRequest, run_id: FromPath[UUID], data: URLEncodedBody[ObjectionForm]
) -> Redirect:
    """Note an objection."""
    received = single(needed_day, data.received, "收到日期")
    await note(run_id, plain(data.number), data.text, received, by=request.user.id)
    return _back(request, run_id)


@post("/runs/{run_id:uuid}/publication/objections/{objection:uuid}", guards=PUBLISHING)
async def answer_objection(
    request: AnyRequest, run_id: FromPath[UUID], objection: FromPath[UUID], data: URLEncodedBody[AnswerForm]
) -> Redirect:
    """Answer an objection."""
    await answer(run_id, objection, data.answer, by=request.user.id)
    return _back(request, run_id)


async def _passed(info: PublicationInfo) -> int:
    """How many working days of the notice have gone by."""
    if info.first_day is None or info.last_day is None:
        return 0
    return (await calendar()).between(info.first_day, min(today(), info.last_day))


def _untouched(run: RunInfo) -> PublicationInfo:
    return PublicationInfo(id=None, run=run.id, state=State.COMPUTED)


def _back(request: AnyRequest, run_id: UUID) -> Redirect:
    return Redirect(f"/t/{request.state.tenant.slug}/runs/{run_id}/publication", status_code=303)


router = Router(
    "/t/{tenant:str}",
    route_handlers=[
        notices_page,
        set_history,
        publication_page,
        move,
        open_notice,
        confirm_verdicts,
        note_objection,
        own_objection_page,
        send_objection,
        answer_objection,
        *notice.ROUTES,
    ],
)
