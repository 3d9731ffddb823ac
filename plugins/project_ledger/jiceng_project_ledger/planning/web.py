"""Pages of the plan: writing it, marking steps done, changes, templates, the Gantt chart."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery, MultipartBody, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.api import Conflict, Invalid, organizations, today
from jiceng.api.files import LARGEST
from jiceng.api.pages import Permission, may, needs
from jiceng_project_ledger.downloads import download
from jiceng_project_ledger.library import queries as library
from jiceng_project_ledger.library.forms import read_id, year_typed
from jiceng_project_ledger.library.powers import stands_above, with_all_below
from jiceng_project_ledger.library.queries import Wanted
from jiceng_project_ledger.library.schemas import Project
from jiceng_project_ledger.library.web import WORDS, to_project
from jiceng_project_ledger.planning import changing, queries, service, templates
from jiceng_project_ledger.planning.forms import (
    SPARE_PHASES,
    SPARE_STEPS,
    ChangeForm,
    PlanForm,
    StepDoneForm,
    TemplateForm,
    typed,
)
from jiceng_project_ledger.planning.gantt import of_plan, of_projects
from jiceng_project_ledger.states import LED

LINES = 40
"""Projects on one chart: what an A3 sheet holds."""
AnyRequest = Request[Any, Any, Any]
VIEWING = [needs(Permission.VIEW_FACTS)]
TAKING_PART = [needs(Permission.TAKE_PART)]
DECIDING = [needs(Permission.CHECK_WORK)]


@get("/projects/{project:uuid}/plan", guards=TAKING_PART)
async def plan_page(project: FromPath[UUID], template: FromQuery[str] = "") -> Template:
    """The plan as a form, as it holds or as a template proposes it; of a running project, a request."""
    found = await library.project(project)
    plan = await queries.plan(project)
    if template and found.starts and found.deadline:
        plan = templates.applied(await templates.template(template), found.starts, found.deadline)
    return await _form(found, typed(plan), template=template)


@post("/projects/{project:uuid}/plan", guards=TAKING_PART)
async def write_plan(
    request: AnyRequest, project: FromPath[UUID], data: URLEncodedBody[PlanForm]
) -> Redirect | Template:
    """Keep the plan, or ask for the change; a form with faults comes back as it was typed."""
    found = await library.project(project)
    try:
        if found.running:
            await changing.ask(project, data.plan(), data.reason, request.user.id)
        else:
            await service.write(project, data.plan(), request.user.id)
    except Invalid as refused:
        return await _form(found, data, refused)
    return to_project(request, project, "plan")


@post("/projects/{project:uuid}/templates", guards=TAKING_PART)
async def keep_template(
    request: AnyRequest, project: FromPath[UUID], data: URLEncodedBody[TemplateForm]
) -> Redirect:
    """Keep the project's plan as a template of the tenant's own."""
    found = await library.project(project)
    if not found.starts or not found.deadline:
        raise Conflict("项目还没有起止日期", todo_zh="请先填申报表")
    plan = await queries.plan(project)
    await templates.keep(data.name, templates.taken_from(plan, found.starts, found.deadline), request.user.id)
    return to_project(request, project, "plan")


@post(
    "/projects/{project:uuid}/steps/{number:int}/done",
    guards=TAKING_PART,
    request_max_body_size=LARGEST + 1024 * 1024,
)
async def complete_step(
    request: AnyRequest, project: FromPath[UUID], number: FromPath[int], data: MultipartBody[StepDoneForm]
) -> Redirect:
    """Mark a step as done, with words and, if chosen, a file."""
    await service.complete(project, number, data.day(), data.proof, request.user.id, data.evidence())
    return to_project(request, project, "plan")


@get("/projects/{project:uuid}/steps/{number:int}/file", guards=VIEWING)
async def step_file(project: FromPath[UUID], number: FromPath[int]) -> Response[bytes]:
    """The file that shows a step is done, always to be saved."""
    await library.project(project)
    steps = (await queries.plan(project)).steps
    return await download(steps[number - 1].file if 1 <= number <= len(steps) else None)


@get("/projects/{project:uuid}/changes/{change:uuid}", guards=VIEWING)
async def change_page(request: AnyRequest, project: FromPath[UUID], change: FromPath[UUID]) -> Template:
    """A change asked for: old and new side by side."""
    found = await library.project(project)
    asked = await changing.one(project, change)
    deciding = asked.state == "asked" and may(request.user, Permission.CHECK_WORK)
    return Template(
        "project_ledger/change.html",
        context=WORDS
        | {
            "project": found,
            "change": asked,
            "rows": changing.side_by_side(asked),
            "may_decide": deciding and await stands_above(found, request.user.id),
        },
    )


@post("/projects/{project:uuid}/changes/{change:uuid}", guards=DECIDING)
async def decide_change(
    request: AnyRequest, project: FromPath[UUID], change: FromPath[UUID], data: URLEncodedBody[ChangeForm]
) -> Redirect:
    """Grant or refuse a change, with a reason."""
    await changing.decide(project, change, data.reason, request.user, grant=data.granted())
    return to_project(request, project, "plan")


@get("/projects/{project:uuid}/gantt", guards=VIEWING)
async def gantt_page(project: FromPath[UUID], paper: FromQuery[str] = "a4") -> Template:
    """The plan as a chart, planned and actual, with today's line; the same as a table beside it."""
    found = await library.project(project)
    plan = await queries.plan(project)
    return Template(
        "project_ledger/gantt.html",
        context=WORDS
        | {
            "project": found,
            "plan": plan,
            "chart": of_plan(found, plan, today()),
            "day": today(),
            "paper_chosen": paper,
        },
    )


@get("/gantt", guards=VIEWING)
async def gantt_all_page(
    year: FromQuery[int] = 0,
    unit: FromQuery[str] = "",
    paper: FromQuery[str] = "a4",
    page: FromQuery[int] = 1,
) -> Template:
    """Every approved project of a year, a line each, with what is done of it."""
    years = await library.years()
    chosen = year_typed(str(year or (years[0] if years else today().year)))
    wanted = Wanted(
        year=chosen,
        states=tuple(LED),
        organizations=tuple(await with_all_below(read_id(unit))) if unit else (),
    )
    found = await library.projects(wanted)
    pages = max(1, -(-len(found) // LINES))
    page = min(max(1, page), pages)
    shown = found[(page - 1) * LINES : page * LINES]
    plans = await queries.plans([one.id for one in shown])
    rows = [(one, plans[one.id].done if one.id in plans else 0) for one in shown]
    return Template(
        "project_ledger/gantt_all.html",
        context=WORDS
        | {
            "rows": rows,
            "chart": of_projects(rows, today()),
            "total": len(found),
            "year": chosen,
            "years": years or [chosen],
            "unit": unit,
            "units": await organizations(today()),
            "page": page,
            "pages": pages,
            "day": today(),
            "paper_chosen": paper,
        },
    )


async def _form(
    project: Project, form: PlanForm, refused: Invalid | None = None, template: str = ""
) -> Template:
    return Template(
        "project_ledger/plan.html",
        status_code=200 if refused is None else refused.status,
        context={
            "project": project,
            "form": form,
            "refused": refused,
            "templates": list(await templates.templates()),
            "template": template,
            "spare_phases": SPARE_PHASES,
            "spare_steps": SPARE_STEPS,
            "changing": project.running,
        },
    )


PAGES = (
    plan_page,
    write_plan,
    keep_template,
    complete_step,
    step_file,
    change_page,
    decide_change,
    gantt_page,
    gantt_all_page,
)
