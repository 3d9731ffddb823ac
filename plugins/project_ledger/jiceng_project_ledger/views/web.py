"""Pages of the views: ledger, calendar, district; the ledger as xlsx, a project's file as Word and PDF."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from litestar import Request, Response, get
from litestar.params import FromPath, FromQuery
from litestar.response import Template

from jiceng.api import Invalid, now, today
from jiceng.api.documents import pdf, word
from jiceng.api.files import handed_out
from jiceng.api.pages import Event, Permission, needs, record_now
from jiceng_project_ledger.followup.due import add_months
from jiceng_project_ledger.followup.forms import month_of
from jiceng_project_ledger.followup.lights import WORDS as LIGHT_WORDS
from jiceng_project_ledger.followup.lights import Colour
from jiceng_project_ledger.library.forms import year_typed
from jiceng_project_ledger.library.queries import project as read_project
from jiceng_project_ledger.library.queries import years
from jiceng_project_ledger.library.vocabulary import KIND_WORDS, PLUGIN
from jiceng_project_ledger.money import yuan
from jiceng_project_ledger.states import STATE_WORDS
from jiceng_project_ledger.views import charts, queries
from jiceng_project_ledger.views.calendar import weeks
from jiceng_project_ledger.views.dossier import dossier, file_name
from jiceng_project_ledger.views.ledger import entries
from jiceng_project_ledger.views.rows import GROUPINGS, NO_LIGHT, Entry, grouped
from jiceng_project_ledger.views.sheet import ledger_sheet

VIEWING = [needs(Permission.VIEW_FACTS)]
PAPERS = Path(__file__).parent / "papers"
LIGHTS = (Colour.GREEN, Colour.YELLOW, Colour.RED)


@get("/ledger", guards=VIEWING)
async def ledger_page(year: FromQuery[int] = 0, by: FromQuery[str] = "unit") -> Template:
    """The year's ledger, grouped by unit, state, phase, light, lateness or kind."""
    chosen = year_typed(str(year or today().year))
    if by not in GROUPINGS:
        raise Invalid([f"没有“{by[:20]}”这种分组"], "没有这样的台账", where="分组")
    found = await entries(chosen)
    return Template(
        "project_ledger/view_ledger.html",
        context={
            "year": chosen,
            "years": sorted({*await years(), today().year}, reverse=True),
            "by": by,
            "groupings": GROUPINGS,
            "groups": grouped(found, GROUPINGS[by]),
            "entries": found,
            "lights": {light.value: word for light, word in LIGHT_WORDS.items()},
            "kinds": KIND_WORDS,
            "words": STATE_WORDS,
            "yuan": yuan,
        },
    )


@get("/ledger.xlsx", guards=VIEWING)
async def ledger_file(request: Request[Any, Any, Any], year: FromQuery[int] = 0) -> Response[bytes]:
    """The same in the standard layout."""
    chosen = year_typed(str(year or today().year))
    found = await entries(chosen)
    await record_now(Event.EXPORTED, plugin=PLUGIN, kind="ledger", rows=len(found))
    cover = f"填报单位：{request.state.tenant.name}　　制表日期：{today():%Y-%m-%d}"
    made = ledger_sheet(f"{chosen} 年党建项目化管理台账", cover, found, today())
    return handed_out(made, f"党建项目台账-{chosen}.xlsx")


@get("/calendar", guards=VIEWING)
async def calendar_page(month: FromQuery[str] = "") -> Template:
    """A month: what is due on which day."""
    chosen = month_of(month) if month else today().replace(day=1)
    running = sum(one.standing.project.running for one in await entries(chosen.year))
    return Template(
        "project_ledger/view_calendar.html",
        context={
            "month": chosen,
            "before": add_months(chosen, -1),
            "after": add_months(chosen, 1),
            "weeks": weeks(chosen, await queries.marks(chosen, running), await queries.working(chosen)),
            "day": today(),
        },
    )


@get("/district", guards=VIEWING)
async def district_page(year: FromQuery[int] = 0) -> Template:
    """The whole at a glance: lights by unit, states by kind, reporting by month, money by kind."""
    chosen = year_typed(str(year or today().year))
    found = await entries(chosen)
    lights = Counter(_light(one) for one in found)
    units = grouped([one for one in found if one.standing.light], GROUPINGS["unit"])
    by_unit = [(name, [_lit(some, colour) for colour in LIGHTS]) for name, some in units]
    by_state = [
        (
            name,
            [
                sum(KIND_WORDS[one.standing.project.kind] == kind for one in some)
                for kind in KIND_WORDS.values()
            ],
        )
        for name, some in grouped(found, GROUPINGS["state"])
    ]
    months = await queries.reporting(found, chosen)
    return Template(
        "project_ledger/view_district.html",
        context={
            "year": chosen,
            "years": sorted({*await years(), today().year}, reverse=True),
            "entries": found,
            "lights": [(LIGHT_WORDS[one], lights[LIGHT_WORDS[one]]) for one in LIGHTS],
            "unlit": lights[NO_LIGHT],
            "by_unit": by_unit,
            "unit_bars": charts.lying_bars(by_unit),
            "by_state": by_state,
            "state_bars": charts.lying_bars(by_state),
            "kinds": list(KIND_WORDS.values()),
            "months": months,
            "columns": charts.month_columns(months),
            "bottom": charts.TOP + charts.HEIGHT,
            "money": _money(found),
        },
    )


@get("/projects/{project:uuid}/file.docx", guards=VIEWING)
async def word_file(project: FromPath[UUID]) -> Response[bytes]:
    """One project's file as Word."""
    found = await read_project(project)
    made = await word(PAPERS / "project.docx", await dossier(found))
    await record_now(Event.EXPORTED, ("ledger_project", project), plugin=PLUGIN, kind="docx")
    return handed_out(made, file_name(found, "docx"))


@get("/projects/{project:uuid}/file.pdf", guards=VIEWING)
async def pdf_file(project: FromPath[UUID]) -> Response[bytes]:
    """One project's file as PDF; refused, with the package to install, where there is no Chinese font."""
    found = await read_project(project)
    made = await pdf(PAPERS / "project.typ", await dossier(found), now())
    await record_now(Event.EXPORTED, ("ledger_project", project), plugin=PLUGIN, kind="pdf")
    return handed_out(made, file_name(found, "pdf"))


def _light(entry: Entry) -> str:
    return GROUPINGS["light"].of(entry)


def _lit(some: list[Entry], colour: Colour) -> int:
    return sum(_light(one) == LIGHT_WORDS[colour] for one in some)


def _money(found: list[Entry]) -> list[tuple[str, int, Decimal, Decimal, int]]:
    """By kind: its name, how many, budget and actual cost in yuan, how many cost more than planned."""
    return [
        (
            name,
            len(some),
            yuan(sum(one.standing.project.budget for one in some)),
            yuan(sum(one.standing.spent for one in some)),
            sum(one.overspent for one in some),
        )
        for name, some in grouped(found, GROUPINGS["kind"])
    ]


PAGES = (ledger_page, ledger_file, calendar_page, district_page, word_file, pdf_file)
