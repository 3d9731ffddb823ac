"""One unit on a day, with the town it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng_double_strong_six_good.vocabulary import COVERED, NONE, RATED_KINDS

if TYPE_CHECKING:
    from uuid import UUID


class Firm(msgspec.Struct, frozen=True, kw_only=True):
    """A unit: `organization` is its own, or, while it has none, the one that looks after it."""

    id: UUID
    number: str
    name: str
    kind: str
    employees: int | None
    should_have: bool
    coverage: str
    organization: UUID | None
    town: str

    @property
    def covered(self) -> bool:
        """Whether it has an organization, of its own or joint."""
        return self.coverage in COVERED

    @property
    def takes_part(self) -> bool:
        """Whether it is an enterprise or society that can be rated."""
        return self.covered and self.kind in RATED_KINDS

    @property
    def without_members(self) -> bool:
        """Whether it should have an organization and has no member: instructors are sent to these."""
        return self.should_have and self.coverage == NONE

    def large(self, employees_from: int) -> bool:
        """Whether it has at least so many employees."""
        return self.employees is not None and self.employees >= employees_from
