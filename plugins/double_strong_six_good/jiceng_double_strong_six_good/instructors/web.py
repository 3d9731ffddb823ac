"""Pages of instructors: who is where and who is still to be sent, one instructor with his visits."""

from __future__ import annotations

from uuid import UUID

from litestar import get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.api import today
from jiceng.api.pages import PRINTED, Page, Permission, may
from jiceng_double_strong_six_good.doors import CHECKING, TAKING_PART, TEMPLATES, VIEWING, AnyRequest, back
from jiceng_double_strong_six_good.firms.queries import firm, firms
from jiceng_double_strong_six_good.forms import ReasonForm
from jiceng_double_strong_six_good.history.queries import moves
from jiceng_double_strong_six_good.instructors import queries, service
from jiceng_double_strong_six_good.instructors.forms import SentForm, VisitForm
from jiceng_double_strong_six_good.limits import limits
from jiceng_double_strong_six_good.vocabulary import NONE

ACT_WORDS = {"send": "选派", "visit": "走访", "end": "结束", "brought": "由表格导入"}


@get("/instructors", guards=VIEWING)
async def instructors_page(
    request: AnyRequest, only: FromQuery[str] = "", page: FromQuery[int] = 1
) -> Template:
    """Instructors at work, and units without members that have none; `only`: late, needed."""
    seen, day, rules = await firms(today()), today(), await limits()
    sent = await queries.instructors(seen)
    there = {one.unit for one in sent if one.ended is None}
    needed = [one for one in seen.values() if one.without_members and one.id not in there]
    late = [one for one in sent if one.expired(day) or one.visit_late(day, rules.visit_days)]
    return Template(
        f"{TEMPLATES}/instructors.html",
        context={
            "found": Page.of([] if only == "needed" else late if only == "late" else sent, page, PRINTED),
            "needed": Page.of([] if only == "late" else needed, page if only == "needed" else 1, PRINTED),
            "firms": seen,
            "only": only,
            "day": day,
            "limits": rules,
            "counts": {"there": len(there), "needed": len(needed), "late": len(late)},
            "without": NONE,
            "may_check": may(request.user, Permission.CHECK_WORK),
        },
    )


@get("/enterprises/{firm_id:uuid}/instructor", guards=CHECKING)
async def send_page(firm_id: FromPath[UUID]) -> Template:
    """The form that sends an instructor."""
    day = today()
    context = {"firm": await firm(firm_id), "since": day, "until": day.replace(year=day.year + 1, day=1)}
    return Template(f"{TEMPLATES}/instructor_form.html", context=context)


@post("/enterprises/{firm_id:uuid}/instructor", guards=CHECKING)
async def send_instructor(
    request: AnyRequest, firm_id: FromPath[UUID], data: URLEncodedBody[SentForm]
) -> Redirect:
    """Send an instructor."""
    made = await service.send(firm_id, data.sent(), request.user.id)
    return back(request, f"instructors/{made}")


@get("/instructors/{instructor:uuid}", guards=VIEWING)
async def instructor_page(request: AnyRequest, instructor: FromPath[UUID]) -> Template:
    """One instructor: task and time, the visits, what may be done."""
    found, rules, day = await queries.instructor(instructor), await limits(), today()
    return Template(
        f"{TEMPLATES}/instructor.html",
        context={
            "found": found,
            "firm": await firm(found.unit),
            "visits": await queries.visits(instructor),
            "moves": await moves(instructor),
            "act_words": ACT_WORDS,
            "day": day,
            "late": found.visit_late(day, rules.visit_days),
            "limits": rules,
            "without": NONE,
            "may_write": may(request.user, Permission.TAKE_PART),
            "may_check": may(request.user, Permission.CHECK_WORK),
        },
    )


@post("/instructors/{instructor:uuid}/visits", guards=TAKING_PART)
async def add_visit(
    request: AnyRequest, instructor: FromPath[UUID], data: URLEncodedBody[VisitForm]
) -> Redirect:
    """Keep a visit."""
    await service.visit(instructor, data.when(), data.done, data.next, request.user.id)
    return back(request, f"instructors/{instructor}")


@post("/instructors/{instructor:uuid}/end", guards=CHECKING)
async def end_instructor(
    request: AnyRequest, instructor: FromPath[UUID], data: URLEncodedBody[ReasonForm]
) -> Redirect:
    """End an instructor's time, with the reason."""
    await service.end(instructor, data.reason, request.user.id)
    return back(request, f"instructors/{instructor}")


PAGES = (
    instructors_page,
    send_page,
    send_instructor,
    instructor_page,
    add_visit,
    end_instructor,
)
