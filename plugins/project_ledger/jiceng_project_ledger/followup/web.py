"""Pages of follow-up: the month's reports, one report, reminders, the numbers the lights go by."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.api import Forbidden, now, today
from jiceng.api.database import joined
from jiceng.api.pages import PRINTED, Page, Permission, may, needs
from jiceng.api.people import names_of
from jiceng_project_ledger.certification.closing import Closing, closing, demand
from jiceng_project_ledger.followup import queries, reporting, settings
from jiceng_project_ledger.followup.distance import benchmark_of, distance
from jiceng_project_ledger.followup.due import KIND_WORDS, Kind, add_months
from jiceng_project_ledger.followup.forms import (
    DecisionForm,
    ReopenForm,
    ReportForm,
    SettingsForm,
    month_of,
)
from jiceng_project_ledger.followup.schemas import Report, Said
from jiceng_project_ledger.followup.standing import month_rows, owes, standing, standings
from jiceng_project_ledger.followup.states import ACT_WORDS, LIFE, STATE_WORDS, Act, State
from jiceng_project_ledger.library.powers import owns, refuse_from_below
from jiceng_project_ledger.library.queries import Wanted, projects
from jiceng_project_ledger.library.queries import project as read_project
from jiceng_project_ledger.library.schemas import Project
from jiceng_project_ledger.states import LED

AnyRequest = Request[Any, Any, Any]
VIEWING = [needs(Permission.VIEW_FACTS)]
TAKING_PART = [needs(Permission.TAKE_PART)]
CHECKING = [needs(Permission.CHECK_WORK)]


@get("/reports", guards=VIEWING)
async def reports_page(month: FromQuery[str] = "", page: FromQuery[int] = 1) -> Template:
    """A month: who has reported, who has not, when it is due; the latest month that is due by default."""
    chosen = month_of(month) if month else add_months(today(), -1)
    led = await projects(Wanted(states=tuple(sorted(LED))))
    rows = await month_rows(await standings(led), chosen)
    return Template(
        "project_ledger/follow_month.html",
        context={
            "month": chosen,
            "before": add_months(chosen, -1),
            "after": add_months(chosen, 1) if chosen < today().replace(day=1) else None,
            "rows": rows,
            "found": Page.of(rows, page, PRINTED),
            "due": await reporting.due_of(chosen),
            "reminded": len(await queries.reminders()),
            "words": STATE_WORDS,
        },
    )


@get("/projects/{project:uuid}/reports/{of_month:str}", guards=VIEWING)
async def report_page(request: AnyRequest, project: FromPath[UUID], of_month: FromPath[str]) -> Template:
    """One month of one project: the report to fill in, or as it was handed in."""
    month, found = month_of(of_month), await read_project(project)
    stands = await standing(found)
    report = next((one for one in stands.reports if one.month == month), None)
    is_open = await reporting.still_open(found, month, report)
    own = await owns(found, request.user.id)
    editable = report is None or Act.SAVE in LIFE.allowed(report.state)
    writes = own and editable and is_open and owes(found, month, today())
    said: Said = report or await reporting.filled_in(found, month, stands.progress.done)
    moves = await queries.moves(report.id) if report else []
    benchmark = benchmark_of(found)
    return Template(
        "project_ledger/follow_report.html",
        context={
            "project": found,
            "month": month,
            "report": report,
            "said": said,
            "stands": stands,
            "due": await reporting.due_of(month),
            "closed": not is_open,
            "writes": writes and may(request.user, Permission.TAKE_PART),
            "decides": await _decides(request, report),
            "reopens": not is_open and await _above(request, found),
            "moves": moves,
            "people": await names_of({one.by for one in moves if one.by}),
            "words": STATE_WORDS,
            "act_words": {act.value: word for act, word in ACT_WORDS.items()},
            "benchmark": benchmark,
            "distance": distance(benchmark, month, said.figure)
            if benchmark and said.figure is not None
            else None,
            "day": today(),
        },
    )


@post("/projects/{project:uuid}/reports/{of_month:str}/draft", guards=TAKING_PART)
async def save_report(
    request: AnyRequest, project: FromPath[UUID], of_month: FromPath[str], data: URLEncodedBody[ReportForm]
) -> Template | Redirect:
    """Keep what was typed so far; the page does so by itself while somebody types."""
    await reporting.save(project, month_of(of_month), data.said(), request.user.id)
    if request.headers.get("hx-request"):
        return Template("project_ledger/follow_saved.html", context={"at": now()})
    return _to(request, f"projects/{project}/reports/{of_month}")


@post("/projects/{project:uuid}/reports/{of_month:str}", guards=TAKING_PART)
async def hand_in_report(
    request: AnyRequest, project: FromPath[UUID], of_month: FromPath[str], data: URLEncodedBody[ReportForm]
) -> Redirect:
    """Hand the report in."""
    await reporting.hand_in(project, month_of(of_month), data.said(), request.user.id)
    return _to(request, f"projects/{project}/reports/{of_month}")


@post("/projects/{project:uuid}/reports/{of_month:str}/acceptance", guards=CHECKING)
async def accept_report(
    request: AnyRequest,
    project: FromPath[UUID],
    of_month: FromPath[str],
    data: URLEncodedBody[DecisionForm],
) -> Redirect:
    """Accept the report."""
    await reporting.decide(project, month_of(of_month), Act.ACCEPT, data.words, request.user.id)
    return _to(request, f"projects/{project}/reports/{of_month}")


@post("/projects/{project:uuid}/reports/{of_month:str}/return", guards=CHECKING)
async def return_report(
    request: AnyRequest,
    project: FromPath[UUID],
    of_month: FromPath[str],
    data: URLEncodedBody[DecisionForm],
) -> Redirect:
    """Give the report back, with a reason."""
    await reporting.decide(project, month_of(of_month), Act.RETURN, data.words, request.user.id)
    return _to(request, f"projects/{project}/reports/{of_month}")


@post("/projects/{project:uuid}/reports/{of_month:str}/reopening", guards=CHECKING)
async def reopen_month(
    request: AnyRequest, project: FromPath[UUID], of_month: FromPath[str], data: URLEncodedBody[ReopenForm]
) -> Redirect:
    """Open a closed month again for this project."""
    await reporting.reopen(project, month_of(of_month), data.last(), data.reason, request.user.id)
    return _to(request, f"projects/{project}/reports/{of_month}")


@get("/reminders", guards=VIEWING)
async def reminders_page(page: FromQuery[int] = 1) -> Template:
    """What somebody was reminded of and is still awaited."""
    return Template(
        "project_ledger/follow_reminders.html",
        context={
            "found": Page.of(await queries.reminders(), page, PRINTED),
            "day": today(),
            "kinds": KIND_WORDS,
        },
    )


@get("/follow-settings", guards=[needs(Permission.MANAGE_SCHEMES)])
async def settings_page() -> Template:
    """From which value on a light changes, and when papers are due."""
    return Template(
        "project_ledger/follow_settings.html",
        context={
            "limits": msgspec.structs.asdict(await settings.limits()),
            "rhythm": msgspec.structs.asdict(await settings.rhythm()),
            "kinds": {f"{kind}_day": KIND_WORDS[kind] for kind in Kind},
            "closing": await closing(),
        },
    )


@post("/follow-settings", guards=[needs(Permission.MANAGE_SCHEMES)])
async def keep_settings(request: AnyRequest, data: URLEncodedBody[SettingsForm]) -> Redirect:
    """Keep them, from today on."""
    async with joined():
        await settings.keep(msgspec.structs.asdict(data))
        await demand(Closing(survey=bool(data.survey)))
    return _to(request, "follow-settings")


async def _decides(request: AnyRequest, report: Report | None) -> bool:
    """Whether the person may accept or return the report."""
    return (
        report is not None
        and report.state is State.HANDED_IN
        and report.handed_in_by != request.user.id
        and await _above(request, await read_project(report.project))
    )


async def _above(request: AnyRequest, found: Project) -> bool:
    """Whether the person stands above the owner organization."""
    if not may(request.user, Permission.CHECK_WORK):
        return False
    try:
        await refuse_from_below(found, request.user.id)
    except Forbidden:
        return False
    return True


def _to(request: AnyRequest, path: str) -> Redirect:
    return Redirect(f"/t/{request.state.tenant.slug}/project-ledger/{path}", status_code=303)


PAGES = (
    reports_page,
    report_page,
    save_report,
    hand_in_report,
    accept_report,
    return_report,
    reopen_month,
    reminders_page,
    settings_page,
    keep_settings,
)
