"""What must be met before certain moves: every condition of every part, in one list.

A gate looks at a project and answers None, or what is missing and where it is mended. All gates of an act are
asked, so that everything missing is told at once. A gate reads only; it never imports `library.moving`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import msgspec

from jiceng.api import Conflict
from jiceng_project_ledger.states import ACT_WORDS, Act

if TYPE_CHECKING:
    from jiceng_project_ledger.library.schemas import Project


class Missing(msgspec.Struct, frozen=True):
    """What is not met (zh, en) and where it is mended, both whole sentences without a full stop."""

    zh: str
    mend: str
    en: str


Gate = Callable[["Project"], Awaitable[Missing | None]]

GATES: tuple[tuple[Gate, frozenset[Act]], ...] = ()
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
