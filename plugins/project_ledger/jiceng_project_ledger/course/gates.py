"""What must be met before certain moves: every condition of every part, in one list.

A gate looks at a project and answers None, or what is missing and where it is mended. All gates of an act are
asked, so that everything missing is told at once. A gate reads only; it never imports `course.moving`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from jiceng.api import Conflict
from jiceng_project_ledger.certification.gates import accepted, findings_settled, survey_counted
from jiceng_project_ledger.costs.gates import awards_made, budget_by_lines, paid
from jiceng_project_ledger.library.gates import proposal_complete
from jiceng_project_ledger.missing import Missing
from jiceng_project_ledger.planning.gates import no_open_change, plan_stands, steps_done
from jiceng_project_ledger.reviewing.gates import reviewed
from jiceng_project_ledger.states import ACT_WORDS, Act

if TYPE_CHECKING:
    from jiceng_project_ledger.library.schemas import Project


Gate = Callable[["Project"], Awaitable[Missing | None]]

GATES: tuple[tuple[Gate, frozenset[Act]], ...] = (
    (proposal_complete, frozenset({Act.SUBMIT})),
    (reviewed, frozenset({Act.APPROVE})),
    (plan_stands, frozenset({Act.START})),
    (steps_done, frozenset({Act.HAND_IN})),
    (no_open_change, frozenset({Act.HAND_IN})),
    (budget_by_lines, frozenset({Act.START})),
    (awards_made, frozenset({Act.HAND_IN, Act.CLOSE})),
    (paid, frozenset({Act.CLOSE})),
    (findings_settled, frozenset({Act.CLOSE})),
    (survey_counted, frozenset({Act.CLOSE})),
    (accepted, frozenset({Act.CLOSE})),
)
"""Each gate with the acts it stands before, in the order of the work."""


async def missing(project: Project, act: Act) -> list[Missing]:
    """Everything that still stands in the way of an act."""
    found = [await gate(project) for gate, acts in GATES if act in acts]
    return [one for one in found if one is not None]


async def refuse_unmet(project: Project, act: Act) -> None:
    """Raise Conflict with everything that is missing and where each is mended."""
    unmet = await missing(project, act)
    if unmet:
        raise Conflict(
            f"还不能{ACT_WORDS[act]}：" + "；".join(one.zh for one in unmet),
            todo_zh="；".join(dict.fromkeys(one.mend for one in unmet)),
            what_en="not yet: " + "; ".join(one.en for one in unmet),
            todo_en="see the project's page",
        )
