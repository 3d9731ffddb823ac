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

    from jiceng.accounts.schemas import SignedIn


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
    TAKE_PART = "take_part"
    CHECK_WORK = "check_work"
    MANAGE_BALLOTS = "manage_ballots"
    TYPE_BALLOTS = "type_ballots"
    VIEW_RUNS = "view_runs"
    OPEN_RUN = "open_run"
    VIEW_RESULTS = "view_results"
    MANAGE_PERIODS = "manage_periods"
    DECIDE_RULINGS = "decide_rulings"
    PUBLISH_RESULTS = "publish_results"
    SECOND_SIGN = "second_sign"
    VIEW_RECORDS = "view_records"
    VIEW_ACCOUNTS = "view_accounts"
    MANAGE_ACCOUNTS = "manage_accounts"
    GRANT_ROLES = "grant_roles"
    SECURE_ACCOUNTS = "secure_accounts"
    MANAGE_TOKENS = "manage_tokens"
    VIEW_AUDIT = "view_audit"
    MANAGE_JOBS = "manage_jobs"
    OVERSEE_TENANTS = "oversee_tenants"


class Role(StrEnum):
    """What an account is; exactly one for each account."""

    OPERATOR = "operator"
    TENANT_ADMIN = "tenant_admin"
    CLERK = "clerk"
    REVIEWER = "reviewer"
    SECRETARY = "secretary"
    MEMBER = "member"
    DECLARER = "declarer"
    RATER = "rater"
    SUPERVISOR = "supervisor"
    VIEWER = "viewer"
    AUDITOR = "auditor"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"
    UNASSIGNED = "unassigned"


_P = Permission
_OWN = frozenset({_P.OWN_SESSION, _P.VIEW_HOME})
_TAKING_PART = _OWN | {_P.VIEW_SCHEMES, _P.VIEW_FACTS, _P.VIEW_RUNS, _P.VIEW_RESULTS}
_VIEWING = _TAKING_PART | {_P.VIEW_ROSTER}
_SECURING = frozenset({_P.VIEW_ACCOUNTS, _P.GRANT_ROLES, _P.SECURE_ACCOUNTS, _P.MANAGE_TOKENS})
_SCOPED = frozenset({_P.ENTER_FACTS, _P.TAKE_PART, _P.CHECK_WORK, _P.TYPE_BALLOTS})
_WORKING = _SCOPED | {
    *(_P.IMPORT_ROSTER, _P.MANAGE_SCHEMES, _P.OPEN_RUN, _P.MANAGE_PERIODS),
    _P.MANAGE_BALLOTS,
}
_DECIDING = frozenset({_P.DECIDE_RULINGS, _P.PUBLISH_RESULTS, _P.SECOND_SIGN})
_RUNNING = frozenset({_P.MANAGE_ACCOUNTS, _P.MANAGE_JOBS})
_READING = frozenset({_P.VIEW_RECORDS, _P.VIEW_AUDIT})
_ADMINISTERING = _VIEWING | _WORKING | _DECIDING | _SECURING | _RUNNING | _READING

ROLES: dict[Role, frozenset[Permission]] = {
    Role.OPERATOR: _ADMINISTERING | {_P.OVERSEE_TENANTS},
    Role.TENANT_ADMIN: _ADMINISTERING,
    Role.CLERK: _VIEWING | _WORKING | {_P.SECOND_SIGN},
    Role.REVIEWER: _VIEWING | _DECIDING | {_P.CHECK_WORK},
    Role.SECRETARY: _VIEWING | {_P.ENTER_FACTS, _P.TAKE_PART, _P.CHECK_WORK},
    Role.MEMBER: _TAKING_PART | {_P.TAKE_PART},
    Role.DECLARER: _TAKING_PART | {_P.ENTER_FACTS, _P.TAKE_PART},
    Role.RATER: _OWN | {_P.VIEW_SCHEMES, _P.TYPE_BALLOTS},
    Role.SUPERVISOR: _VIEWING | {_P.VIEW_RECORDS, _P.SECOND_SIGN},
    Role.VIEWER: _VIEWING,
    Role.AUDITOR: _OWN | {_P.VIEW_SCHEMES, _P.VIEW_AUDIT},
    Role.SYSTEM_ADMIN: _OWN | {_P.VIEW_ACCOUNTS, _P.MANAGE_ACCOUNTS, _P.MANAGE_JOBS, _P.SECOND_SIGN},
    Role.SECURITY_ADMIN: _OWN | _SECURING | {_P.SECOND_SIGN},
    Role.AUDIT_ADMIN: _OWN | {_P.VIEW_AUDIT},
    Role.UNASSIGNED: frozenset({_P.OWN_SESSION}),
}
"""The one table: role → permissions. docs/roles.md, the pages and the matrix test are made from it."""

SEPARATED_ROLES = (Role.SYSTEM_ADMIN.value, Role.SECURITY_ADMIN.value, Role.AUDIT_ADMIN.value)
"""三员: three people, none of whom holds another's rights (control 10)."""
SEPARATED = frozenset({*_SECURING, _P.MANAGE_ACCOUNTS, _P.VIEW_AUDIT}) - {_P.MANAGE_TOKENS}
"""What only the three may do where a tenant has them. A token passes on its maker's rights, never others'."""
WHOLE = (_WORKING | _DECIDING | _SECURING | _RUNNING | _READING | {_P.OVERSEE_TENANTS}) - _SCOPED
"""What makes no sense for a part of the roster: only accounts that see all of it may do it."""
MANAGEMENT = _SECURING | _RUNNING | _READING | {_P.OVERSEE_TENANTS}
"""What is managed with: where JICENG_MANAGEMENT_FROM names networks, only from there (control 20)."""

ROLE_NAMES: dict[Role, str] = {
    Role.OPERATOR: "平台运营员",
    Role.TENANT_ADMIN: "管理员",
    Role.CLERK: "部门经办人",
    Role.REVIEWER: "审核人",
    Role.SECRETARY: "支部书记",
    Role.MEMBER: "党员",
    Role.DECLARER: "企业申报员",
    Role.RATER: "测评人",
    Role.SUPERVISOR: "督查员",
    Role.VIEWER: "查看员",
    Role.AUDITOR: "审计员",
    Role.SYSTEM_ADMIN: "系统管理员",
    Role.SECURITY_ADMIN: "安全管理员",
    Role.AUDIT_ADMIN: "审计管理员",
    Role.UNASSIGNED: "未授权",
}


def permits(role: str, permission: Permission) -> bool:
    """Whether the role's row has the permission; an unknown role has none. For a person ask `may`."""
    return role in ROLES and permission in ROLES[Role(role)]


def may(user: SignedIn, permission: Permission) -> bool:
    """Whether this person, here, may: by role, by the token's scopes, by how much he sees, by 三员."""
    return (
        permits(user.role, permission)
        and (user.scopes is None or permission in user.scopes)
        and (permission not in WHOLE or user.reach.everything)
        and not (user.separated and permission in SEPARATED and user.role not in SEPARATED_ROLES)
    )


class Confined(PermissionDeniedException):
    """Signed in, but something must be done first; `page` is where."""

    def __init__(self, page: str) -> None:
        super().__init__("请先完成这一步")
        self.page = page


class Needs:
    """A guard: 401 for nobody signed in, 403 for a role without `permission`."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission

    async def __call__(self, connection: ASGIConnection, _: BaseRouteHandler) -> None:  # type: ignore[type-arg]
        """Refuse the request unless the person signed in has the permission."""
        user = connection.scope.get("user")
        if user is None:
            raise NotAuthorizedException("请先登录")
        if user.confined and self.permission is not Permission.OWN_SESSION:
            raise Confined(user.confined)
        if not may(user, self.permission):
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
