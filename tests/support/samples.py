"""What the tests of every route send: each slice and each plugin brings its own, in a module of its own.

A module of samples may have any of these names, each as described in `Samples`:
FORMS, FILES, ANSWERED, NO_ID, FIXED, `async values(tenant)`, `async prepared(tenant, path)`,
`async prepared_for(tenant, path, login)`.
The core's modules are listed in CORE; a plugin's are tests/plugins/<plugin>/world*.py, found by themselves.
"""

from __future__ import annotations

import importlib
from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from tests.support import (
    approving,
    ballot_pages,
    drafting,
    entering,
    erasing,
    points_exchange,
    publishing,
    rating_pages,
    ruling_pages,
    signing_in,
)

if TYPE_CHECKING:
    from types import ModuleType

    from jiceng.tenancy.schemas import TenantInfo

CORE: tuple[ModuleType, ...] = (
    approving,
    ballot_pages,
    entering,
    erasing,
    drafting,
    publishing,
    rating_pages,
    ruling_pages,
    signing_in,
    points_exchange,
)
PLUGINS = Path(__file__).parents[1] / "plugins"
Values = Mapping[str, str]


class Samples(msgspec.Struct, frozen=True):
    """What one module brings; paths are the router's, as "/t/{tenant:str}/points/shelf/{item:uuid}"."""

    forms: Mapping[str, Values]
    """By path: the fields a form must carry to succeed; a POST that is not here sends none."""
    files: Mapping[str, str | Callable[[], bytes]]
    """By path: the workbook uploaded there: one of a tenant's folder ("roster.xlsx"), or what makes it."""
    answered: Mapping[str, set[int]]
    """By path: how a POST of somebody allowed may be refused, because the one before used the thing up.

    By "GET " and the path: how a page may be refused to him, because of what this machine lacks.
    """
    no_id: frozenset[str]
    """Path parameters that name no one thing of a tenant (a page's section, a year)."""
    fixed: Values
    """Values of parameters, the same in every tenant."""
    values: Callable[[TenantInfo], Awaitable[Values]] | None
    """Makes what the tenant needs, once, and returns a value for each path parameter that names one of it."""
    prepared: Callable[[TenantInfo, str], Awaitable[Values]] | None
    """Called before each POST to `path` of somebody allowed, and once before its page is read: makes what the
    request uses up; returns values that replace the others. A value named "=year" is the form's field "year".
    """
    prepared_for: Callable[[TenantInfo, str, str], Awaitable[Values]] | None
    """The same for a path where it matters who asks (a member, a branch's own person): by his login."""

    @classmethod
    def of(cls, module: ModuleType) -> Samples:
        """Read a module's."""
        return cls(
            forms=getattr(module, "FORMS", {}),
            files=getattr(module, "FILES", {}),
            answered=getattr(module, "ANSWERED", {}),
            no_id=frozenset(getattr(module, "NO_ID", ())),
            fixed=getattr(module, "FIXED", {}),
            values=getattr(module, "values", None),
            prepared=getattr(module, "prepared", None),
            prepared_for=getattr(module, "prepared_for", None),
        )


@cache
def samples() -> tuple[Samples, ...]:
    """Every module's, the core's first."""
    brought = sorted((path.parent.name, path.stem) for path in PLUGINS.glob("*/world*.py"))
    plugins = [importlib.import_module(f"tests.plugins.{plugin}.{name}") for plugin, name in brought]
    return tuple(Samples.of(module) for module in (*CORE, *plugins))


def form(path: str) -> Values:
    """The fields to send to a path."""
    return next((each.forms[path] for each in samples() if path in each.forms), {})


def file(path: str) -> str | Callable[[], bytes]:
    """The workbook to send to a path; empty for none."""
    return next((each.files[path] for each in samples() if path in each.files), "")


def answered(path: str) -> set[int]:
    """How a request may be refused there although the person may do it."""
    return {status for each in samples() for status in each.answered.get(path, ())}


def no_id() -> frozenset[str]:
    """Every parameter that names no one thing."""
    return frozenset().union(*(each.no_id for each in samples()))


async def values(tenant: TenantInfo) -> dict[str, str]:
    """Every module's fixed values and the values it makes in the tenant."""
    found: dict[str, str] = {}
    for each in samples():
        found |= each.fixed
        if each.values is not None:
            found |= await each.values(tenant)
    return found


async def prepared(tenant: TenantInfo, path: str) -> dict[str, str]:
    """What every module makes for one request, whoever asks."""
    found: dict[str, str] = {}
    for each in samples():
        if each.prepared is not None:
            found |= await each.prepared(tenant, path)
    return found


async def prepared_for(tenant: TenantInfo, path: str, login: str) -> dict[str, str]:
    """What they make for the request of the person with this login."""
    found: dict[str, str] = {}
    for each in samples():
        if each.prepared_for is not None:
            found |= await each.prepared_for(tenant, path, login)
    return found
