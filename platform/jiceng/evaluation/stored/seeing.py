"""Which results of a run the person at work may see, as of the run's roster day: a condition for SQL.

A member labelled higher than the person is cleared for is left out (control 18).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jiceng.accounts.labels import cleared
from jiceng.roster.sight import seen_arguments

if TYPE_CHECKING:
    from jiceng.evaluation.schemas import RunInfo


def seen(run: RunInfo, organizations: str, member: str) -> str:
    """The condition on `result r`; the two names are the parameters `arguments` is given as."""
    # An organization's result belongs to itself: whoever sees only its superior does not see it.
    place = "r.subject" if run.subject == "organization" else "r.organization"
    labelled = cleared("m") if run.subject == "member" else ""
    known = (
        f"and exists (select 1 from member m where m.tenant_id = r.tenant_id and m.id = r.subject {labelled})"  # noqa: S608 - constants
    )
    return (known if labelled else "") + (
        f" and ({organizations}::uuid[] is null or {place} = any({organizations}) "
        f"or r.subject = {member}::uuid)"
    )


async def arguments(run: RunInfo) -> tuple[Any, Any]:
    """The values of the two parameters."""
    return await seen_arguments(run.roster_at)
