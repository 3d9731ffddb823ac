"""Who acts, from where, under which request: set by the gate and the job runner, read by every entry."""

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal
from uuid import UUID

import msgspec


class Actor(msgspec.Struct, frozen=True):
    """`person` is an account's id; `request` the id of the web request or of the job."""

    door: Literal["web", "job", "command"] = "command"
    person: UUID | None = None
    address: str = ""
    request: UUID | None = None


_AT_THE_MACHINE = Actor()
_actor: ContextVar[Actor] = ContextVar("audit_actor", default=_AT_THE_MACHINE)


def actor_here() -> Actor:
    """Who acts in this context; a command at the machine itself unless a door said otherwise."""
    return _actor.get()


@contextmanager
def acting(actor: Actor) -> Iterator[Actor]:
    """Act as `actor` inside the block."""
    token = _actor.set(actor)
    try:
        yield actor
    finally:
        _actor.reset(token)


def source_address(host: str | None) -> str:
    """The peer's address as the log stores it: a canonical IP address, or "" for whatever is none."""
    try:
        return str(ipaddress.ip_address((host or "").split("%")[0]))
    except ValueError:
        return ""
