"""Whom a rulebook rates: the words for screens, and whether the roster keeps such subjects."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jiceng.roster.queries import SubjectKind
    from jiceng_sdk.rulebook import Rulebook

SUBJECTS = {"member": "党员", "organization": "组织", "enterprise": "企业", "project": "项目"}


def on_the_roster(book: Rulebook) -> SubjectKind:
    """The kind of subject the rulebook rates, as the roster knows it."""
    return book.subject
