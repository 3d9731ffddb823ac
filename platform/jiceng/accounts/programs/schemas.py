"""What pages see of API tokens, and what their form sends."""

from datetime import datetime
from uuid import UUID

import msgspec

from jiceng.kernel.clock import now


class TokenInfo(msgspec.Struct, frozen=True):
    """One token in the list; `account` is the name of the person it acts for. Never the secret."""

    id: UUID
    name: str
    account: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    ended_at: datetime | None

    @property
    def open(self) -> bool:
        """Whether a program can still use it."""
        return self.ended_at is None and self.expires_at > now()


class TokenForm(msgspec.Struct, frozen=True):
    """The form that makes a token; `scopes` are the boxes ticked: one comes as a text, several as a list."""

    name: str = ""
    scopes: list[str] | str = ""
    days: str = ""

    def chosen_scopes(self) -> list[str]:
        """The boxes ticked."""
        return self.scopes if isinstance(self.scopes, list) else [self.scopes] if self.scopes else []

    def chosen_days(self) -> int:
        """The days as a number; 0, which the service refuses, for whatever is none."""
        return int(self.days) if self.days.isascii() and self.days.isdigit() and len(self.days) < 5 else 0  # noqa: PLR2004 - no number of days has five figures
