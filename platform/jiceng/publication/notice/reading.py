"""The notice of one run: its rows read, its words put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.evaluation.results.explaining import shown_places
from jiceng.evaluation.runs.computing import analysis_of
from jiceng.publication import queries
from jiceng.publication.notice.wording import worded

if TYPE_CHECKING:
    from jiceng.evaluation.schemas import RunInfo
    from jiceng.publication.notice.wording import NoticeText
    from jiceng.publication.schemas import PublicationInfo


async def notice_of(run: RunInfo, info: PublicationInfo, by: str) -> NoticeText | None:
    """The notice, signed `by` the tenant's name; None before it is opened and once it was withdrawn."""
    if not info.shown:
        return None
    analysis = await analysis_of(run.rulebook)
    return worded(
        run,
        info,
        await queries.notice_rows(run, info),
        whole=await queries.notice_length(run, info),
        basis=analysis.book.basis or "",
        places=shown_places(analysis),
        by=by,
    )
