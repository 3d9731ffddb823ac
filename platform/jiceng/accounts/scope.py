"""Which part of the roster the person at work may see, and in which role: set by the gate, asked by reads.

Jobs and commands work for the tenant and see everything; a request sees nothing until the gate says whose it
is. What lies outside is treated like what does not exist (control 14).
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

Kind = Literal["all", "subtree", "own", "self", "none"]

KIND_NAMES: dict[str, str] = {
    "all": "全单位",
    "subtree": "一个组织及其下级",
    "own": "一个组织自己",
    "self": "只看本人",
}


class Reach(msgspec.Struct, frozen=True):
    """All, an organization with those below it, an organization alone, one person (by number), or nothing."""

    kind: Kind = "all"
    organization: UUID | None = None
    person: str | None = None

    @property
    def everything(self) -> bool:
        """Whether nothing is left out."""
        return self.kind == "all"


EVERYTHING = Reach()
NOTHING = Reach("none")
_reach: ContextVar[Reach] = ContextVar("reach", default=EVERYTHING)
_role: ContextVar[str | None] = ContextVar("role", default=None)


def reach_here() -> Reach:
    """What may be seen in this context."""
    return _reach.get()


def role_here() -> str | None:
    """The role of the person at work: None for jobs and commands, "" for nobody signed in."""
    return _role.get()


@contextmanager
def looking(reach: Reach, role: str | None = None) -> Iterator[None]:
    """See only `reach` inside the block, and of a record only what `role` may (None: all of it)."""
    token, as_role = _reach.set(reach), _role.set(role)
    try:
        yield
    finally:
        _role.reset(as_role)
        _reach.reset(token)
