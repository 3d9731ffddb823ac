"""What the pages of assessment send."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.api.typed import read_day, refuse
from jiceng_project_ledger.assessment.life import Act

if TYPE_CHECKING:
    from datetime import date


class DecisionForm(msgspec.Struct, frozen=True):
    """What is decided about a proposal, why, and until when it is deferred."""

    act: str = ""
    reason: str = ""
    until: str = ""

    def said(self) -> tuple[Act, str, date | None]:
        """Act, reason, day; raises Invalid for what cannot be read."""
        faults: list[str] = []
        until = read_day(self.until, "暂缓到哪一天", faults)
        if self.act not in set(Act):
            faults.append("请选决定")
        refuse(faults, "问责建议")
        return Act(self.act), self.reason, until


class ObjectionForm(msgspec.Struct, frozen=True):
    """What the responsible person says."""

    words: str = ""
