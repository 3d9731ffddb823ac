"""Pages of stars: all organizations over the years, one of them, the lists with their workbooks."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath, FromQuery
from litestar.response import Template

from jiceng.api import NotFound, today
from jiceng.api.files import Column, SheetOut, handed_out, write_workbook
from jiceng.api.pages import Event, Permission, needs, record_now
from jiceng_star_rating.history import STARS, UNSTARRED, change, spread
from jiceng_star_rating.lists import NOTES, TITLES, listed
from jiceng_star_rating.reading import SCHEME, of_organization, stars

VIEWING = [needs(Permission.VIEW_RESULTS)]
ROWS = 100
COLUMNS = (
    Column("place", "序号", "integer", width=6),
    Column("number", "组织编号"),
    Column("name", "组织", width=32),
    Column("town", "所在", width=18),
    Column("grade", "星级"),
    Column("before", "上年星级"),
    Column("score", "得分", "decimal"),
    Column("todo", "办理", width=16),
    Column("note", "备注", width=20),
)


@get("/", guards=VIEWING)
async def stars_page(
    grade: FromQuery[str] = "", town: FromQuery[str] = "", name: FromQuery[str] = "", page: FromQuery[int] = 1
) -> Template:
    """Every organization's stars, year beside year, with what changed since last year."""
    found = await stars()
    newest = found.periods[0] if found.periods else ""
    chosen = [
        line
        for line in found.lines
        if (not town or line.place.town == town)
        and name.strip() in f"{line.place.number} {line.place.name}"
        and (not grade or (newest in line.results and line.results[newest].grade == grade))
    ]
    pages = max(1, -(-len(chosen) // ROWS))
    page = min(max(1, page), pages)
    context = {
        "found": found,
        "rows": chosen[(page - 1) * ROWS : page * ROWS],
        "total": len(chosen),
        "page": page,
        "pages": pages,
        "spreads": {title: spread(found.lines, title, found.grades) for title in found.periods},
        "changes": {line.place.id: change(line, found.periods, found.grades) for line in found.lines},
        "towns": list(dict.fromkeys(line.place.town for line in found.lines if line.place.town)),
        "chosen": {"grade": grade, "town": town, "name": name},
        "drawn": STARS,
        "words": UNSTARRED,
        "lists": TITLES,
    }
    return Template("star_rating/stars.html", context=context)


@get("/organizations/{starred:uuid}", guards=VIEWING)
async def organization_page(starred: FromPath[UUID]) -> Template:
    """One organization's stars, year by year, each with its explanation."""
    line = await of_organization(starred)
    await record_now(Event.RESULT_READ, ("subject", starred), scheme=SCHEME)
    results = sorted(line.results.values(), key=lambda one: one.first_day, reverse=True)
    context = {"place": line.place, "results": results, "drawn": STARS, "words": UNSTARRED}
    return Template("star_rating/organization.html", context=context)


@get("/lists/{which:str}", guards=VIEWING)
async def list_page(which: FromPath[str], page: FromQuery[int] = 1) -> Template:
    """A list of the newest year in effect; the workbook holds all of it."""
    found = await _list(which)
    every = found["rows"]
    pages = max(1, -(-len(every) // ROWS))
    page = min(max(1, page), pages)
    first = (page - 1) * ROWS
    shown = {"rows": every[first : first + ROWS], "first": first, "total": len(every)}
    return Template("star_rating/list.html", context={**found, **shown, "page": page, "pages": pages})


@get("/lists/{which:str}/workbook", guards=VIEWING)
async def list_workbook(which: FromPath[str]) -> Response[bytes]:
    """The list as a workbook that can be handed in as it is."""
    found = await _list(which)
    rows = [
        (
            place,
            one.place.number,
            one.place.name,
            one.place.town,
            one.grade,
            one.before,
            Decimal(one.score) if one.score else None,
            one.todo,
            "",
        )
        for place, one in enumerate(found["rows"], 1)
    ]
    title, period = found["title"], found["period"]
    cover = [("名单", title), ("期间", period or "—"), ("个数", str(len(rows))), ("说明", found["note"])]
    content = write_workbook([SheetOut(title, COLUMNS, rows)], made=today(), cover=cover)
    await record_now(Event.EXPORTED, kind=which, format="xlsx", rows=len(rows))
    return handed_out(content, f"{period}{title}.xlsx")


async def _list(which: str) -> dict[str, Any]:
    if which not in TITLES:
        raise NotFound("没有这个名单")
    found = await stars(in_effect=True)
    return {
        "which": which,
        "title": TITLES[which],
        "note": NOTES[which],
        "lists": TITLES,
        "period": found.periods[0] if found.periods else "",
        "rows": listed(which, found.lines, found.periods),
        "drawn": STARS,
    }


PAGES = (stars_page, organization_page, list_page, list_workbook)
