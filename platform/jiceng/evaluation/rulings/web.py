"""Pages of rulings: the open questions of a run, what each choice would do, the decision."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.accounts.access import Permission, needs
from jiceng.evaluation import queries
from jiceng.evaluation.results import listing
from jiceng.evaluation.results.explaining import shown_places
from jiceng.evaluation.rulings import deciding
from jiceng.evaluation.rulings.effects import effect_of, effects
from jiceng.evaluation.rulings.questions import part_said, question_or_none, questions, rulings_now
from jiceng.evaluation.runs.computing import analysis_of
from jiceng.evaluation.schemas import RunInfo
from jiceng.evaluation.stored.rulings import all_rulings
from jiceng.roster.queries import labelled_above, names

AnyRequest = Request[Any, Any, Any]
DECIDING = [needs(Permission.DECIDE_RULINGS)]


class RulingForm(msgspec.Struct, frozen=True):
    """What is decided: the part of the rules, the key of a choice or a number of points, why."""

    part: str = ""
    choice: str = ""
    points: str = ""
    reason: str = ""


class WithdrawForm(msgspec.Struct, frozen=True):
    """Why a ruling is taken back."""

    reason: str = ""


@get("/runs/{run_id:uuid}/questions", guards=DECIDING)
async def questions_page(run_id: FromPath[UUID], page: FromQuery[int] = 1) -> Template:
    """Everything a run leaves open, and every ruling made so far."""
    run = await queries.done(run_id)
    analysis = await analysis_of(run.rulebook)
    made = await all_rulings(run.scheme_id, run.period_id)
    now_in_force = {one.id for one in await rulings_now(run)}
    subjects = {one.subject for one in made if one.subject}
    people = await names(subjects) | dict.fromkeys(await labelled_above(subjects), listing.WITHHELD)
    return Template(
        "evaluation/questions.html",
        context={
            "run": run,
            "places": shown_places(analysis),
            "questions": await questions(run, page),
            "newer": await queries.superseded_by(run.id),
            "made": [
                (
                    one,
                    people.get(one.subject, "") if one.subject else "",
                    part_said(analysis.book, one.part)[0] if one.rulebook == run.rulebook else one.part,
                    one.id in now_in_force,
                    one.number in run.rulings,
                )
                for one in reversed(made)
            ],
            "waiting": len([one for one in made if one.id in now_in_force and one.number not in run.rulings]),
        },
    )


@get("/runs/{run_id:uuid}/questions/{subject:uuid}", guards=DECIDING)
async def question_page(
    run_id: FromPath[UUID], subject: FromPath[UUID], part: FromQuery[str] = "", points: FromQuery[str] = ""
) -> Template:
    """One open question: what each choice would do to the subject and to everybody else.

    404 for somebody the run has no result of; a page that says so when nothing is open (any more).
    """
    run = await queries.done(run_id)
    row = await listing.result(run, subject)
    asked = await question_or_none(run, subject, part)
    found = await effects(run, asked) if asked else []
    by_points = asked is not None and asked.rulable and not asked.part.startswith("decide[")
    if asked and by_points and points:
        found = [await effect_of(run, asked, await deciding.chosen_of(run, asked, "", points))]
    return Template(
        "evaluation/question.html",
        context={
            "run": run,
            "name": row.name,
            "subject": subject,
            "asked": asked,
            "effects": found,
            "by_points": by_points,
            "points": points,
            "places": shown_places(await analysis_of(run.rulebook)),
        },
    )


@post("/runs/{run_id:uuid}/questions/{subject:uuid}", guards=DECIDING)
async def decide(
    request: AnyRequest, run_id: FromPath[UUID], subject: FromPath[UUID], data: URLEncodedBody[RulingForm]
) -> Redirect:
    """Keep a ruling; it takes effect with the next run."""
    run = await queries.done(run_id)
    await deciding.decide(
        run, subject, data.part, data.choice, data.reason, by=request.user.id, points=data.points
    )
    return _back(request, run)


@post("/runs/{run_id:uuid}/rulings/{ruling:uuid}/withdraw", guards=DECIDING)
async def withdraw(
    request: AnyRequest, run_id: FromPath[UUID], ruling: FromPath[UUID], data: URLEncodedBody[WithdrawForm]
) -> Redirect:
    """Take a ruling back; the next run asks again."""
    run = await queries.done(run_id)
    await deciding.withdraw(run, ruling, data.reason, by=request.user.id)
    return _back(request, run)


def _back(request: AnyRequest, run: RunInfo) -> Redirect:
    return Redirect(f"/t/{request.state.tenant.slug}/runs/{run.id}/questions", status_code=303)


router = Router("/t/{tenant:str}", route_handlers=[questions_page, question_page, decide, withdraw])
