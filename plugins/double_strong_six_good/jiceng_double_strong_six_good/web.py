"""The first pages: the year's board, the list behind every number of it, the limits."""

from __future__ import annotations

from litestar import get, post
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.api import today
from jiceng.api.pages import Page, Permission, known_fields, needs
from jiceng_double_strong_six_good.charts.bars import bars
from jiceng_double_strong_six_good.coverage.queries import coverage
from jiceng_double_strong_six_good.declarations.queries import declarations
from jiceng_double_strong_six_good.declarations.states import STATE_WORDS
from jiceng_double_strong_six_good.doors import TEMPLATES, VIEWING, AnyRequest, back
from jiceng_double_strong_six_good.firms.queries import firms, towns_in_sight
from jiceng_double_strong_six_good.forms import year_in
from jiceng_double_strong_six_good.help.queries import plans
from jiceng_double_strong_six_good.limits import NUMBERS, UNTIL, limits, set_limits
from jiceng_double_strong_six_good.standing import queries as standing
from jiceng_double_strong_six_good.vocabulary import TIERS


@get("/", guards=VIEWING)
async def board_page(year: FromQuery[int] = 0) -> Template:
    """Tiers of the year, by town with the sites, coverage in short, what waits."""
    years = await standing.years()
    chosen = year if year in years else (years[0] if years else today().year)
    seen, rules = await firms(today()), await limits()
    found = await standing.board(chosen, seen)
    towns = found.towns(rules) if found else []
    written = await declarations(chosen, seen)
    helped = await plans(chosen, seen)
    return Template(
        f"{TEMPLATES}/board.html",
        context={
            "years": years,
            "year": chosen,
            "board": found,
            "towns": towns,
            "whole": await towns_in_sight(),
            "bars": bars({town.name: town.tiers for town in towns}, tuple(TIERS)),
            "tiers": TIERS,
            "limits": rules,
            "coverage": await coverage(seen),
            "waiting": sum(one.state == "handed_in" for one in written.values()),
            "declared": len(written),
            "helped": len(helped),
            "late": sum(one.late(today()) for one in helped.values()),
        },
    )


@get("/enterprises", guards=VIEWING)
async def enterprises_page(
    year: FromQuery[int] = 0,
    town: FromQuery[str] = "",
    tier: FromQuery[str] = "",
    page: FromQuery[int] = 1,
) -> Template:
    """The enterprises behind a number of the board: of a town, of a tier; `tier` open means not settled."""
    chosen, seen = year_in(year), await firms(today())
    found = await standing.board(chosen, seen)
    rows = [row for row in (found.rows if found else ()) if not town or row.firm.town == town]
    if tier == "open":
        rows = [row for row in rows if row.tier and not row.settled]
    elif tier:
        rows = [row for row in rows if row.tier == tier]
    names = sorted({row.firm.town for row in found.rows}) if found else []
    return Template(
        f"{TEMPLATES}/enterprises.html",
        context={
            "year": chosen,
            "found": Page.of(rows, page),
            "towns": names,
            "town": town,
            "tier": tier,
            "tiers": TIERS,
            "written": await declarations(chosen, seen),
            "states": STATE_WORDS,
        },
    )


@get("/limits", guards=[needs(Permission.MANAGE_SCHEMES)])
async def limits_page() -> Template:
    """The settings of the plugin."""
    return Template(
        f"{TEMPLATES}/limits.html",
        context={"limits": await limits(), "numbers": NUMBERS, "until": UNTIL, "day": today()},
    )


@post("/limits", guards=[needs(Permission.MANAGE_SCHEMES)], opt=known_fields("declare_until", *NUMBERS))
async def change_limits(request: AnyRequest, data: URLEncodedBody[dict[str, str]]) -> Redirect:
    """Let other limits be in force from today on."""
    await set_limits(data)
    return back(request, "coverage")


PAGES = (board_page, enterprises_page, limits_page, change_limits)
