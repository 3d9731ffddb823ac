"""Who may do what: every permission, the one table role → permissions, and the guards that routes declare.

A route declares `guards=[needs(Permission.X)]` or `guards=[anyone]`; `check_routes` refuses to start the
application when one declares neither (security control 13, threat T27).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from litestar.exceptions import NotAuthorizedException, PermissionDeniedException

if TYPE_CHECKING:
    from collections.abc import Iterator

    from litestar import Litestar
    from litestar.connection import ASGIConnection
    from litestar.handlers.base import BaseRouteHandler
    from litestar.routes import BaseRoute


class Permission(StrEnum):
    """One thing a person may do; the value is the name used in tests and documents."""

    OWN_SESSION = "own_session"
    VIEW_HOME = "view_home"
    VIEW_ROSTER = "view_roster"
    IMPORT_ROSTER = "import_roster"
    VIEW_SCHEMES = "view_schemes"
    MANAGE_SCHEMES = "manage_schemes"
    VIEW_FACTS = "view_facts"
    ENTER_FACTS = "enter_facts"
    VIEW_RUNS = "view_runs"
    OPEN_RUN = "open_run"
    VIEW_RESULTS = "view_results"
    MANAGE_PERIODS = "manage_periods"
    DECIDE_RULINGS = "decide_rulings"
    PUBLISH_RESULTS = "publish_results"
    VIEW_RECORDS = "view_records"
    MANAGE_ACCOUNTS = "manage_accounts"
    OVERSEE_TENANTS = "oversee_tenants"


class Role(StrEnum):
    """What an account is; exactly one for each account."""

    OPERATOR = "operator"
    TENANT_ADMIN = "tenant_admin"
    VIEWER = "viewer"


_VIEWING = frozenset(
    {
        Permission.OWN_SESSION,
        Permission.VIEW_HOME,
        Permission.VIEW_ROSTER,
        Permission.VIEW_SCHEMES,
        Permission.VIEW_FACTS,
        Permission.VIEW_RUNS,
        Permission.VIEW_RESULTS,
    }
)
_ADMINISTERING = _VIEWING | {
    Permission.IMPORT_ROSTER,
    Permission.MANAGE_SCHEMES,
    Permission.ENTER_FACTS,
    Permission.OPEN_RUN,
    Permission.MANAGE_PERIODS,
    Permission.DECIDE_RULINGS,
    Permission.PUBLISH_RESULTS,
    Permission.VIEW_RECORDS,
    Permission.MANAGE_ACCOUNTS,
}

ROLES: dict[Role, frozenset[Permission]] = {
    Role.OPERATOR: _ADMINISTERING | {Permission.OVERSEE_TENANTS},
    Role.TENANT_ADMIN: _ADMINISTERING,
    Role.VIEWER: _VIEWING,
}

ROLE_NAMES: dict[Role, str] = {
    Role.OPERATOR: "平台运营员",
    Role.TENANT_ADMIN: "管理员",
    Role.VIEWER: "查看员",
}


def permits(role: str, permission: Permission) -> bool:
    """Whether the role has the permission; an unknown role has none."""
    return role in ROLES and permission in ROLES[Role(role)]


class Needs:
    """A guard: 401 for nobody signed in, 403 for a role without `permission`."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission

    async def __call__(self, connection: ASGIConnection, _: BaseRouteHandler) -> None:  # type: ignore[type-arg]
        """Refuse the request unless the person signed in has the permission."""
        user = connection.scope.get("user")
        if user is None:
            raise NotAuthorizedException("请先登录")
        if not permits(user.role, self.permission):
            raise PermissionDeniedException("您的账号没有这项权限，请联系本单位管理员")

    def __repr__(self) -> str:
        return f"needs({self.permission.value})"


def needs(permission: Permission) -> Needs:
    """The guard a route declares for the permission it asks for."""
    return Needs(permission)


async def anyone(connection: ASGIConnection, handler: BaseRouteHandler) -> None:  # type: ignore[type-arg]
    """The guard of a public route: lets everybody pass and says that this is meant."""


class UnguardedRoute(Exception):  # noqa: N818 - named after what is wrong, as every refusal here
    """A route declares neither a permission nor `anyone`: the application does not start."""


def route_handlers(app: Litestar) -> Iterator[tuple[BaseRoute, BaseRouteHandler]]:
    """Every (route, handler) of the application, mounted ones and static files included.

    Litestar adds an OPTIONS handler to each route; the gate answers OPTIONS itself, so those never run.
    """
    for route in app.routes:
        handlers = _handlers(route)
        yield from ((route, each) for each in handlers if getattr(each, "http_methods", ()) != {"OPTIONS"})


def _handlers(route: BaseRoute) -> list[BaseRouteHandler]:
    one = getattr(route, "route_handler", None)
    return [one] if one is not None else list(getattr(route, "route_handlers", ()))


def declared(handler: BaseRouteHandler) -> Permission | bool | None:
    """The permission a handler declares, None for `anyone`, False when it declares nothing."""
    guards = tuple(handler.resolve_guards())
    wanted = [guard for guard in guards if isinstance(guard, Needs)]
    if wanted:
        return wanted[-1].permission
    return None if any(guard is anyone for guard in guards) else False


def check_routes(app: Litestar) -> None:
    """Refuse to start while a route declares no permission; names all such routes at once."""
    bare = sorted({route.path for route, handler in route_handlers(app) if declared(handler) is False})
    if bare:
        raise UnguardedRoute("these routes declare neither needs(Permission) nor anyone: " + ", ".join(bare))
