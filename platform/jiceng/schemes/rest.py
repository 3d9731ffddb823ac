"""Schemes for programs: what the tenant rates by, and the rulebook in force. A door only."""

import datetime as dt
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response
from litestar.params import FromPath

from jiceng.accounts.access import Permission, needs
from jiceng.kernel.clock import today
from jiceng.kernel.errors import NotFound
from jiceng.kernel.rest import Day, Page, PageNumber, PageSize, operations, read
from jiceng.schemes import queries

VIEWING = [needs(Permission.VIEW_SCHEMES)]


class SchemeOut(msgspec.Struct, frozen=True, kw_only=True):
    """A scheme of members, organizations, enterprises or projects; `version` is the one in force."""

    id: UUID
    key: str
    title: str
    subject: str
    plugin: str
    preset: str
    available: bool
    version: int | None
    in_force_from: dt.date | None


class RulebookOut(msgspec.Struct, frozen=True, kw_only=True):
    """The rulebook in force; `digest` is the SHA-256 of `rulebook` as it is stored."""

    scheme: str
    version: int
    digest: str
    in_force_from: dt.date
    rulebook: dict[str, Any]


class _Stored(msgspec.Struct, frozen=True, kw_only=True):
    """As RulebookOut, with the rulebook as it is stored: no number of it is read as a float."""

    scheme: str
    version: int
    digest: str
    in_force_from: dt.date
    rulebook: msgspec.Raw


@read("/schemes", VIEWING)
async def list_schemes(page: PageNumber = 1, size: PageSize = 50) -> Page[SchemeOut]:
    """Every scheme with the version in force today."""
    found = Page.of(await queries.schemes(), page, size)
    items = []
    for scheme in found.items:
        version = await queries.in_force(scheme.key, today())
        items.append(
            SchemeOut(
                id=scheme.id,
                key=scheme.key,
                title=scheme.title,
                subject=scheme.subject,
                plugin=scheme.plugin,
                preset=scheme.preset,
                available=scheme.available,
                version=version.number if version else None,
                in_force_from=version.in_force_from if version else None,
            )
        )
    return Page(items, found.page, found.size, found.total)


@read("/schemes/{key:str}/rulebook", VIEWING)
async def read_rulebook(key: FromPath[str], on: Day = None) -> Response[RulebookOut]:
    """The rulebook of a scheme in force on a day, numbers exactly as written."""
    await queries.scheme(key)
    version = await queries.in_force(key, on or today())
    if version is None:
        raise NotFound("这一天没有生效的规则")
    stored = _Stored(
        scheme=key,
        version=version.number,
        digest=version.digest,
        in_force_from=version.in_force_from,
        rulebook=msgspec.Raw((await queries.book_text(version.id)).encode()),
    )
    return Response(msgspec.json.encode(stored), media_type="application/json")  # type: ignore[arg-type]  # encoded already


rest_router = operations([list_schemes, read_rulebook], "schemes")
