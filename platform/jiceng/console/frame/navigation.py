"""The main navigation and the addresses below a tenant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.accounts.access import Permission, may
from jiceng.api.mounting import PLUGINS, address
from jiceng.api.workflows import workflows

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from litestar.connection import ASGIConnection


class Place(msgspec.Struct, frozen=True):
    """One entry of the navigation: where it leads, who sees it, which first path segments it covers."""

    title: str
    path: str
    permission: Permission
    covers: tuple[str, ...]


class Entry(msgspec.Struct, frozen=True):
    """One entry as a page shows it."""

    title: str
    href: str
    current: bool


PLACES: tuple[Place, ...] = (
    Place("工作台", "", Permission.VIEW_HOME, ("",)),
    Place("组织", "organizations", Permission.VIEW_ROSTER, ("organizations",)),
    Place("人员", "members", Permission.VIEW_ROSTER, ("members",)),
    Place("导入", "import", Permission.IMPORT_ROSTER, ("import", "imports")),
    Place("方案", "schemes", Permission.VIEW_SCHEMES, ("schemes", "facts", "periods", "calendar")),
    Place("评定活动", "campaigns", Permission.VIEW_FACTS, ("campaigns",)),
    Place("票决", "ballots", Permission.VIEW_SCHEMES, ("ballots",)),
    Place("评定结果", "runs", Permission.VIEW_RUNS, ("runs",)),
    Place("公示", "notices", Permission.VIEW_RUNS, ("notices",)),
    Place("待批事项", "approvals", Permission.SECOND_SIGN, ("approvals",)),
    Place("账号", "accounts", Permission.VIEW_ACCOUNTS, ("accounts", "security")),
    Place("审计", "audit", Permission.VIEW_AUDIT, ("audit",)),
    Place("任务", "jobs", Permission.MANAGE_JOBS, ("jobs",)),
    Place("各单位", "operator/jobs", Permission.OVERSEE_TENANTS, ("operator",)),
    Place("记录", "admin/", Permission.VIEW_RECORDS, ("admin",)),
)


def tenant_path(slug: str, path: str = "") -> str:
    """The address of `path` below the tenant: `tenant_path("chengxi", "members")` is /t/chengxi/members."""
    return f"/t/{slug}/{path.lstrip('/')}"


def navigation_for(connection: ASGIConnection) -> list[Entry]:  # type: ignore[type-arg]
    """What the person signed in may open, in the order of the work; empty before that and while confined."""
    tenant = connection.scope["state"].get("tenant")
    user = connection.scope.get("user")
    if tenant is None or user is None or user.confined:
        return []
    places = _with_plugins(connection.scope["state"].get(PLUGINS, ()))
    here = connection.scope["path"].removeprefix(f"/t/{tenant.slug}").strip("/")
    shown = [place for place in places if may(user, place.permission)]
    current = _standing_at(here, shown)
    return [Entry(each.title, tenant_path(tenant.slug, each.path), each is current) for each in shown]


def _with_plugins(plugins: Container[str]) -> list[Place]:
    """The core's places, those of the plugins that are on after the schemes."""
    after = 1 + next(index for index, place in enumerate(PLACES) if place.path == "schemes")
    added = [
        Place(entry.title, path, entry.permission, (path,))
        for workflow in workflows().values()
        if workflow.plugin in plugins
        for entry in workflow.menu
        for path in [f"{address(workflow.plugin)}/{entry.path}".strip("/")]
    ]
    return [*PLACES[:after], *added, *PLACES[after:]]


def _standing_at(here: str, places: Iterable[Place]) -> Place | None:
    """The place whose address covers most of `here`: plugins have several below one segment."""
    covering = [
        (len(covered), place)
        for place in places
        for covered in place.covers
        if here == covered or (covered and here.startswith(f"{covered}/"))
    ]
    return max(covering, key=lambda pair: pair[0])[1] if covering else None
