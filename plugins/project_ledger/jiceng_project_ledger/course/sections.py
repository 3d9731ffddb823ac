"""The parts of a project's page, in their order: each part of the plugin hangs its own in here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from jiceng_project_ledger.assessment.sections import assessment_section
from jiceng_project_ledger.certification.sections import certification_section
from jiceng_project_ledger.costs.sections import costs_section
from jiceng_project_ledger.followup.sections import follow_section
from jiceng_project_ledger.library.sections import responsible_section
from jiceng_project_ledger.planning.sections import plan_section
from jiceng_project_ledger.reviewing.sections import reviews_section

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from jiceng.api.pages import SignedIn
    from jiceng_project_ledger.library.schemas import Project


class Section(msgspec.Struct, frozen=True):
    """A part of the page: `template` reads `section` that `read` made, besides `project` and `day`.

    `read` answers None to be left out. The template has one element <section id="{key}" class="sheet">.
    """

    key: str
    template: str
    read: Callable[[Project, SignedIn], Awaitable[dict[str, Any] | None]]


SECTIONS: tuple[Section, ...] = (
    Section("plan", "project_ledger/plan_section.html", plan_section),
    Section("responsible", "project_ledger/responsible_section.html", responsible_section),
    Section("follow", "project_ledger/follow_section.html", follow_section),
    Section("reviews", "project_ledger/reviews_section.html", reviews_section),
    Section("costs", "project_ledger/costs_section.html", costs_section),
    Section("certification", "project_ledger/certification_section.html", certification_section),
    Section("assessment", "project_ledger/assessment_section.html", assessment_section),
)
"""In the order of the page."""


async def sections(project: Project, user: SignedIn) -> list[tuple[str, dict[str, Any]]]:
    """Template and what it reads, for every part that has something to show this person."""
    found = [(one.template, await one.read(project, user)) for one in SECTIONS]
    return [(template, read) for template, read in found if read is not None]
