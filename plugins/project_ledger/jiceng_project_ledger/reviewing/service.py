"""Review 论证: several reviewers score a project by criteria; the mean is shown with its spread."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

import msgspec

from jiceng.api import Conflict, Invalid, now
from jiceng.api.database import current_tenant, execute, fetch, joined, new_id
from jiceng.api.pages import Event, record
from jiceng_project_ledger.library.powers import refuse_owner
from jiceng_project_ledger.library.service import locked
from jiceng_project_ledger.library.vocabulary import LONGEST_TEXT, PLUGIN
from jiceng_project_ledger.reviewing.rules import rules
from jiceng_project_ledger.states import STATE_WORDS, State

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from jiceng.api.pages import SignedIn
    from jiceng_project_ledger.reviewing.rules import Criterion

_PUT = """
insert into ledger_review (tenant_id, id, project, round, reviewer, name, scores, total, opinion, at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
on conflict (tenant_id, project, round, reviewer) do update
set name = excluded.name, scores = excluded.scores, total = excluded.total, opinion = excluded.opinion,
    at = excluded.at
"""
_READ = """
select id, round, reviewer, name, scores::text as scores, total, opinion, at from ledger_review
where tenant_id = $1 and project = $2 and ($3 = 0 or round = $3) order by round desc, at
"""


class Review(msgspec.Struct, frozen=True):
    """One reviewer's scores, by title of the criterion."""

    id: UUID
    round: int
    reviewer: UUID
    name: str
    scores: dict[str, int]
    total: int
    opinion: str
    at: datetime


class Summary(msgspec.Struct, frozen=True):
    """The reviews of a round together: mean and standard deviation (two places), lowest and highest total."""

    count: int
    mean: Decimal
    spread: Decimal
    low: int
    high: int
    by_criterion: dict[str, Decimal]


async def reviews(project_id: UUID, round_: int = 0) -> list[Review]:
    """Reviews of a round (0: of all, the latest round first). The project must have been read before."""
    rows = await fetch(_READ, current_tenant(), project_id, round_)
    return [Review(**dict(row) | {"scores": msgspec.json.decode(row["scores"])}) for row in rows]


async def review(project_id: UUID, scores: Mapping[str, int], opinion: str, by: SignedIn) -> None:
    """Keep somebody's scores in the running round.

    Raises NotFound, Conflict (not under review), Forbidden (the proposer, anyone of the owner organization),
    Invalid with every fault.
    """
    async with joined():
        project = await locked(project_id)
        if project.state is not State.UNDER_REVIEW:
            raise Conflict(
                f"项目{STATE_WORDS[project.state]}，不在论证中，不能评分", todo_zh="论证开始后再评分"
            )
        await refuse_owner(project, by.id, "评审本单位的项目")
        kept = _checked(scores, opinion, (await rules()).criteria)
        await execute(
            _PUT,
            *(current_tenant(), new_id(), project_id, project.round, by.id, by.name),
            *(msgspec.json.encode(kept).decode(), sum(kept.values()), opinion.strip(), now()),
        )
        record(Event.WORK_MOVED, ("ledger_project", project_id), plugin=PLUGIN, state="reviewed")


def summary(given: Sequence[Review]) -> Summary | None:
    """Reviews of one round together; None without any."""
    if not given:
        return None
    totals = [Decimal(one.total) for one in given]
    mean = sum(totals, Decimal(0)) / len(totals)
    variance = sum(((total - mean) ** 2 for total in totals), Decimal(0)) / len(totals)
    titles = list(dict.fromkeys(title for one in given for title in one.scores))
    return Summary(
        len(given),
        _two_places(mean),
        _two_places(variance.sqrt()),
        min(one.total for one in given),
        max(one.total for one in given),
        {title: _mean([one.scores[title] for one in given if title in one.scores]) for title in titles},
    )


def _checked(scores: Mapping[str, int], opinion: str, criteria: Sequence[Criterion]) -> dict[str, int]:
    faults = [f"“{one.title}”还没有评分" for one in criteria if one.title not in scores]
    faults += [
        f"“{one.title}”应在 0 到 {one.most} 之间"
        for one in criteria
        if not 0 <= scores.get(one.title, 0) <= one.most
    ]
    if len(opinion.strip()) > LONGEST_TEXT:
        faults.append(f"意见最多 {LONGEST_TEXT} 字")
    if faults:
        raise Invalid(faults, "评分没有保存", where="论证评分")
    return {one.title: scores[one.title] for one in criteria}


def _mean(values: Sequence[int]) -> Decimal:
    return _two_places(Decimal(sum(values)) / len(values))


def _two_places(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)
