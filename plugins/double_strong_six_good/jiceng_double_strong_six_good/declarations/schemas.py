"""A declaration as pages see it, and a file behind it."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec reads the annotations
from uuid import UUID  # noqa: TC003 - msgspec reads the annotations

import msgspec

from jiceng_double_strong_six_good.declarations.states import OPEN, State


class Declaration(msgspec.Struct, frozen=True, kw_only=True):
    """One declaration; `typed` is what the enterprise wrote, by field of the form."""

    id: UUID
    unit: UUID
    year: int
    typed: dict[str, str]
    state: State
    handed_in_at: datetime | None
    handed_in_by: UUID | None
    files: int

    @property
    def writable(self) -> bool:
        """Whether the enterprise may write now."""
        return self.state in OPEN


class Evidence(msgspec.Struct, frozen=True):
    """A file behind a criterion."""

    id: UUID
    criterion: str
    file: UUID
    name: str
    at: datetime
