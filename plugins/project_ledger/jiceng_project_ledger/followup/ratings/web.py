"""Pages of the ratings: a year's list, one project's raters, the confirmation."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.api import Forbidden, today
from jiceng.api.pages import Permission, may, needs
from jiceng_project_ledger.followup import queries
from jiceng_project_ledger.followup.due import KIND_WORDS, Kind
from jiceng_project_ledger.followup.forms import ConfirmForm, RatingForm, kind_of, score_typed
from jiceng_project_ledger.followup.ratings import service
from jiceng_project_ledger.followup.standing import carried_out, standing
from jiceng_project_ledger.library.forms import year_typed
from jiceng_project_ledger.library.powers import refuse_from_below, refuse_owner
from jiceng_project_ledger.library.queries import Wanted, projects
from jiceng_project_ledger.library.queries import project as read_project
from jiceng_project_ledger.states import LED, STATE_WORDS

AnyRequest = Request[Any, Any, Any]
CHECKING = [needs(Permission.CHECK_WORK)]


@get("/ratings", guards=[needs(Permission.VIEW_FACTS)])
async def ratings_page(year: FromQuery[int] = 0, kind: FromQuery[str] = "half") -> Template:
    """A year's first or final rating of every project: raters, mean, what was confirmed."""
    chosen, wanted = year_typed(str(year or today().year)), kind_of(kind)
    led = await projects(Wanted(states=tuple(sorted(LED))))
    rated = [one for one in led if carried_out(one, chosen, wanted)]
    ids = [one.id for one in rated]
    return Template(
        "project_ledger/follow_ratings.html",
        context={
            "year": chosen,
            "kind": wanted.value,
            "title": KIND_WORDS[wanted],
            "kinds": {kind.value: KIND_WORDS[kind] for kind in service.RATED},
            "projects": rated,
            "ratings": await queries.ratings(ids, chosen, wanted.value),
            "verdicts": await queries.verdicts(ids),
            "mean": service.mean,
            "fewest": service.FEWEST,
            "state_words": STATE_WORDS,
        },
    )


@get("/projects/{project:uuid}/ratings/{rated:str}", guards=[needs(Permission.VIEW_FACTS)])
async def rating_page(
    request: AnyRequest, project: FromPath[UUID], rated: FromPath[str], year: FromQuery[int] = 0
) -> Template:
    """One project's rating: what is known of it, who gave what, one's own score, the confirmation."""
    kind, chosen = kind_of(rated), year_typed(str(year or today().year))
    found = await read_project(project)
    given = (await queries.ratings([project], chosen, kind.value)).get(project, [])
    verdict = (await queries.verdicts([project])).get(project, {}).get((chosen, kind.value))
    checks = may(request.user, Permission.CHECK_WORK)
    is_open = verdict is None and carried_out(found, chosen, kind) and service.begun(chosen, kind)
    return Template(
        "project_ledger/follow_rating.html",
        context={
            "project": found,
            "stands": await standing(found),
            "year": chosen,
            "kind": kind.value,
            "title": KIND_WORDS[kind],
            "given": given,
            "own": next((one for one in given if one.rater == request.user.id), None),
            "mean": service.mean(given) if given else None,
            "verdict": verdict,
            "fewest": service.FEWEST,
            "rates": is_open and checks and not await _refused(refuse_owner(found, request.user.id, "评分")),
            "confirms": is_open
            and checks
            and len(given) >= service.FEWEST
            and not await _refused(refuse_from_below(found, request.user.id)),
        },
    )


@post("/projects/{project:uuid}/ratings/{rated:str}", guards=CHECKING)
async def rate(
    request: AnyRequest, project: FromPath[UUID], rated: FromPath[str], data: URLEncodedBody[RatingForm]
) -> Redirect:
    """Give one's score."""
    kind, year = kind_of(rated), year_typed(data.year)
    await service.rate(project, year, kind, score_typed(data.score), data.comment, request.user)
    return _to(request, project, kind, year)


@post("/projects/{project:uuid}/ratings/{rated:str}/confirmation", guards=CHECKING)
async def confirm(
    request: AnyRequest, project: FromPath[UUID], rated: FromPath[str], data: URLEncodedBody[ConfirmForm]
) -> Redirect:
    """Confirm the mean, by name."""
    kind, year = kind_of(rated), year_typed(data.year)
    await service.confirm(project, year, kind, data.reason, request.user)
    return _to(request, project, kind, year)


async def _refused(asked: Awaitable[None]) -> bool:
    try:
        await asked
    except Forbidden:
        return True
    return False


def _to(request: AnyRequest, project: UUID, kind: Kind, year: int) -> Redirect:
    at = f"/t/{request.state.tenant.slug}/project-ledger/projects/{project}/ratings/{kind}"
    return Redirect(f"{at}?year={year}", status_code=303)


PAGES = (ratings_page, rating_page, rate, confirm)
