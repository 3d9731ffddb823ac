"""Whom a rulebook rates: the words for screens, and whether the roster keeps such subjects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.kernel.errors import Refusal

if TYPE_CHECKING:
    from jiceng.roster.queries import SubjectKind
    from jiceng_sdk.rulebook import Rulebook

SUBJECTS = {"member": "党员", "organization": "组织", "enterprise": "企业", "project": "项目"}


def on_the_roster(book: Rulebook) -> SubjectKind:
    """The kind of subject the rulebook rates, when the roster keeps it.

    Raises Refusal for projects: they are kept by a plugin's ledger.
    """
    if book.subject == "project":
        raise Refusal("名册里没有项目", where=book.title, todo_zh="项目由项目台账插件提供，请先启用")
    return book.subject
