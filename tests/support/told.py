"""What each request tells the audit log, as docs/events.md says, and what it told in a test (control 21)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from jiceng.kernel.database import fetch, fetch_value, tenant_scope

if TYPE_CHECKING:
    from collections.abc import Mapping

DOCUMENT = Path(__file__).parents[2] / "docs" / "events.md"
NOTHING = "nothing: "
_ROW = re.compile(r"^\| ((?:GET|POST) /[^|]*) \| ([^|]+) \|$", re.MULTILINE)
_NEWEST = "select coalesce(max(seq), 0) from audit_entry where tenant_id = $1"
_BY_REQUEST = "select request, event from audit_entry where tenant_id = $1 and request is not null"
_SINCE = "select distinct event from audit_entry where tenant_id = $1 and seq > $2"


def request_named(method: str, path: str) -> str:
    """A request as the document names it: `POST /t/{tenant}/runs`."""
    return f"{method} {re.sub(r':[a-z]+}', '}', path)}"


def documented() -> dict[str, str]:
    """By request: its events in their order, or `nothing: ` and why."""
    return dict(_ROW.findall(DOCUMENT.read_text()))


def differences(told: Mapping[str, set[str]]) -> list[str]:
    """Lines of the document that should read otherwise, of what was sent; reads may be silent."""
    said = documented()
    wrong = []
    for request, events in sorted(told.items()):
        now, then = ", ".join(sorted(events)), said.get(request, "")
        silent = then.startswith(NOTHING) or (request.startswith("GET ") and not then)
        if now != then and not (silent and not now):
            wrong.append(f"| {request} | {now or NOTHING + '?'} |")
    return wrong


async def newest_entry(tenant: int) -> int:
    """The number of the last entry in the tenant's audit log."""
    with tenant_scope(tenant):
        number: int = await fetch_value(_NEWEST, tenant)
        return number


async def told_since(tenant: int, newest: int) -> set[str]:
    """The events told after the entry of that number."""
    with tenant_scope(tenant):
        return {row["event"] for row in await fetch(_SINCE, tenant, newest)}


async def told_by_request(tenant: int) -> dict[str, set[str]]:
    """By the id of a request (its answer's `x-request-id`): the events it told, whenever that was."""
    told: dict[str, set[str]] = {}
    with tenant_scope(tenant):
        for row in await fetch(_BY_REQUEST, tenant):
            told.setdefault(str(row["request"]), set()).add(row["event"])
    return told
