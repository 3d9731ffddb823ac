"""The page of coverage: how far organizations reach, last year, the target, who should found one."""

from __future__ import annotations

from litestar import Response, get
from litestar.params import FromQuery
from litestar.response import Template

from jiceng.api import today
from jiceng.api.files import handed_out
from jiceng.api.pages import Event, Permission, may, record_now
from jiceng_double_strong_six_good.charts.trend import trend
from jiceng_double_strong_six_good.coverage.counting import ADVICE, what_is_missing
from jiceng_double_strong_six_good.coverage.founding_list import founding_list
from jiceng_double_strong_six_good.coverage.queries import coverage
from jiceng_double_strong_six_good.doors import TEMPLATES, VIEWING, AnyRequest
from jiceng_double_strong_six_good.firms.queries import firms
from jiceng_double_strong_six_good.instructors.queries import instructors
from jiceng_double_strong_six_good.vocabulary import COVERAGE, PLUGIN


@get("/coverage", guards=VIEWING)
async def coverage_page(
    request: AnyRequest, town: FromQuery[str] = "", kind: FromQuery[str] = ""
) -> Template:
    """Coverage today and over the years; the list can be narrowed to a town and to one advice."""
    seen = await firms(today())
    found = await coverage(seen)
    points = [
        (f"{point.day.year} 年末" if point.day != found.day else "现在", point.all.rate)
        for point in found.points
    ]
    rows = [
        (firm, advised)
        for firm, advised in found.to_found
        if (not town or firm.town == town) and (not kind or advised.kind == kind)
    ]
    return Template(
        f"{TEMPLATES}/coverage.html",
        context={
            "coverage": found,
            "ways": COVERAGE,
            "trend": trend([(title, rate) for title, rate in points if rate is not None]),
            "missing": what_is_missing(
                [pair for pair in found.to_found if pair[0].large(found.limits.employees_from)]
            ),
            "advice": ADVICE,
            "rows": rows,
            "town": town,
            "kind": kind,
            "sent": {one.unit for one in await instructors(seen) if one.ended is None},
            "may_set": may(request.user, Permission.MANAGE_SCHEMES),
            "may_check": may(request.user, Permission.CHECK_WORK),
        },
    )


@get("/coverage.xlsx", guards=VIEWING)
async def coverage_file() -> Response[bytes]:
    """Who should found an organization, as a workbook."""
    found = await coverage(await firms(today()))
    await record_now(Event.EXPORTED, plugin=PLUGIN, kind="coverage", rows=len(found.to_found))
    return handed_out(founding_list(found.to_found), f"应建未建-{today()}.xlsx")


PAGES = (coverage_page, coverage_file)
