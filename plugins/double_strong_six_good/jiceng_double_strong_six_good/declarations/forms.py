"""What the pages of declarations send."""

from __future__ import annotations

import msgspec

from jiceng_double_strong_six_good.declarations.states import Act
from jiceng_double_strong_six_good.forms import act_in


class DecisionForm(msgspec.Struct, frozen=True):
    """An act with its reason."""

    act: str = ""
    reason: str = ""

    def wanted(self) -> Act:
        """What is to be done; raises Invalid for none."""
        return act_in(Act, self.act)
