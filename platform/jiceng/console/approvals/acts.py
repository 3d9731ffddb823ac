"""Which function does an act once a second person has approved it; None: granted to the one who asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jiceng.accounts.second_person.choosing import choose_approved
from jiceng.accounts.second_person.kinds import Act
from jiceng.publication.service import publish_approved as publish_results
from jiceng.roster.erasing.service import erase_approved
from jiceng.schemes.editing.publishing import publish_approved as publish_rules
from jiceng.schemes.periods.closing import reopen_approved

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from uuid import UUID

ACTS: dict[Act, Callable[[Mapping[str, Any], UUID], Awaitable[object]] | None] = {
    Act.PUBLISH_RESULTS: publish_results,
    Act.PUBLISH_RULES: publish_rules,
    Act.REOPEN_PERIOD: reopen_approved,
    Act.EXPORT_RECORDS: None,
    Act.CHANGE_SECOND_PERSON: choose_approved,
    Act.ERASE_PERSON: erase_approved,
}
