"""The page of one enterprise: its radar, what was declared and rated, the tier and its confirmation."""

from __future__ import annotations

from uuid import UUID

from litestar import get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.api import NotFound, today
from jiceng.api.facts import rulebook_for
from jiceng.api.pages import Permission, known_fields, may
from jiceng_double_strong_six_good.charts.radar import radar
from jiceng_double_strong_six_good.declarations.queries import declarations
from jiceng_double_strong_six_good.declarations.states import STATE_WORDS
from jiceng_double_strong_six_good.doors import CHECKING, TEMPLATES, VIEWING, AnyRequest, back
from jiceng_double_strong_six_good.firms.queries import among, firms
from jiceng_double_strong_six_good.forms import year_in, year_of
from jiceng_double_strong_six_good.help.queries import plans
from jiceng_double_strong_six_good.help.states import STATE_WORDS as HELP_WORDS
from jiceng_double_strong_six_good.history.queries import moves
from jiceng_double_strong_six_good.instructors.queries import at_unit
from jiceng_double_strong_six_good.ratings.recording import known, marks_by_party
from jiceng_double_strong_six_good.ratings.service import rate, satisfaction
from jiceng_double_strong_six_good.standing import queries, service
from jiceng_double_strong_six_good.standing.forms import VerdictForm
from jiceng_double_strong_six_good.standing.schemas import Board, Standing
from jiceng_double_strong_six_good.vocabulary import CRITERIA, MOST, PARTIES, SCHEME, TIERS, WEAK
from jiceng_sdk.rulebook import Row

MARKS = known_fields("year", "party", "reason", *CRITERIA)


@get("/enterprises/{firm_id:uuid}", guards=VIEWING)
async def enterprise_page(request: AnyRequest, firm_id: FromPath[UUID], year: FromQuery[int] = 0) -> Template:
    """One enterprise in a year."""
    chosen, seen = year_in(year), await firms(today())
    found, board = among(seen, firm_id), await queries.board(chosen, seen)
    facts = await known(firm_id, chosen)
    row = next((one for one in board.rows if one.firm.id == firm_id), None) if board else None
    return Template(
        f"{TEMPLATES}/enterprise.html",
        context={
            "firm": found,
            "year": chosen,
            "years": sorted({today().year, today().year - 1, chosen}, reverse=True),
            "row": row,
            "chart": _chart(board, row),
            "criteria": CRITERIA,
            "parties": PARTIES,
            "marks": marks_by_party(facts),
            "satisfaction": satisfaction(facts),
            "checks": await _deductions(),
            "declaration": (await declarations(chosen, seen)).get(firm_id),
            "declaration_words": STATE_WORDS,
            "help": (await plans(chosen, seen)).get(firm_id),
            "help_words": HELP_WORDS,
            "instructors": await at_unit(firm_id),
            "moves": await moves(firm_id),
            "tiers": TIERS,
            "weak": WEAK,
            "may_check": may(request.user, Permission.CHECK_WORK),
            "may_write": may(request.user, Permission.TAKE_PART),
        },
    )


@post("/enterprises/{firm_id:uuid}/verdict", guards=CHECKING)
async def confirm_verdict(
    request: AnyRequest, firm_id: FromPath[UUID], data: URLEncodedBody[VerdictForm]
) -> Redirect:
    """Confirm the computed tier, with a reason."""
    year = year_of(data.year)
    await service.confirm(firm_id, year, data.tier, data.reason, request.user.id)
    return back(request, f"enterprises/{firm_id}?year={year}")


@post("/enterprises/{firm_id:uuid}/marks", guards=CHECKING, opt=MARKS)
async def give_marks(
    request: AnyRequest, firm_id: FromPath[UUID], data: URLEncodedBody[dict[str, str]]
) -> Redirect:
    """One party's marks on the six criteria."""
    year = year_of(data.get("year", ""))
    by, party, reason = request.user.id, data.get("party", ""), data.get("reason", "")
    await rate(firm_id, year, party, data, reason, by)
    return back(request, f"enterprises/{firm_id}?year={year}")


async def _deductions() -> tuple[Row, ...]:
    """The deductions of the rulebook in force, in its own words; none before one is in force."""
    try:
        book = (await rulebook_for(SCHEME, today())).book
    except NotFound:
        return ()
    return book.items["organization_work"].checks if "organization_work" in book.items else ()


def _chart(board: Board | None, row: Standing | None) -> dict[str, object] | None:
    """The radar with the numbers it is drawn from; None while a criterion is open."""
    if board is None or row is None or row.six is None:
        return None
    mean, of_town = board.mean(row.firm.town)
    return {
        "radar": radar(tuple(CRITERIA.values()), row.six, mean, MOST),
        "own": row.six,
        "mean": mean,
        "of_town": of_town,
    }


PAGES = (enterprise_page, confirm_verdict, give_marks)
