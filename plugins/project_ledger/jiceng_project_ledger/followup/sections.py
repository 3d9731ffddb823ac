"""The part of a project's page about follow-up: light, reports, ratings, distance to the benchmark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jiceng.api import today
from jiceng.api.documents import font_here
from jiceng_project_ledger.followup import queries
from jiceng_project_ledger.followup.distance import benchmark_of, distances
from jiceng_project_ledger.followup.due import KIND_WORDS, Kind, add_months
from jiceng_project_ledger.followup.standing import standing

if TYPE_CHECKING:
    from jiceng.api.pages import SignedIn
    from jiceng_project_ledger.library.schemas import Project

LATEST = 4
_BY = (Kind.MONTH, Kind.QUARTER, Kind.YEAR)


async def follow_section(project: Project, _: SignedIn) -> dict[str, Any] | None:
    """What the part shows; nothing before the project was started."""
    if project.began is None:
        return None
    stands = await standing(project)
    benchmark = benchmark_of(project)
    told = stands.figures if benchmark else {}
    return {
        "stands": stands,
        "verdicts": list((await queries.verdicts([project.id])).get(project.id, {}).values()),
        "kinds": {kind.value: word for kind, word in KIND_WORDS.items()},
        "benchmark": benchmark if told else None,
        "distances": [(kind.value, distances(benchmark, told, kind)[-LATEST:]) for kind in _BY if benchmark],
        "month": add_months(today(), -1),
        "font": font_here(),
    }
