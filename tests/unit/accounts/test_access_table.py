"""The one table role → permissions, and the refusal to start with an unguarded route."""

import pytest
from litestar import Litestar, get

from jiceng.accounts.access import (
    ROLES,
    Permission,
    Role,
    UnguardedRoute,
    anyone,
    check_routes,
    declared,
    needs,
    permits,
    route_handlers,
)


def test_every_role_has_a_row_and_every_permission_a_holder() -> None:
    assert set(ROLES) == set(Role)
    assert set().union(*ROLES.values()) == set(Permission)


@pytest.mark.parametrize(
    ("role", "permission", "expected"),
    [
        ("viewer", Permission.VIEW_RESULTS, True),
        ("viewer", Permission.OPEN_RUN, False),
        ("viewer", Permission.IMPORT_ROSTER, False),
        ("viewer", Permission.VIEW_RECORDS, False),
        ("tenant_admin", Permission.OPEN_RUN, True),
        ("tenant_admin", Permission.VIEW_RECORDS, True),
        ("tenant_admin", Permission.OVERSEE_TENANTS, False),
        ("operator", Permission.OVERSEE_TENANTS, True),
        ("owner", Permission.VIEW_HOME, False),
        ("", Permission.OWN_SESSION, False),
    ],
)
def test_a_role_has_exactly_the_permissions_of_its_row(
    role: str, permission: Permission, expected: bool
) -> None:
    assert permits(role, permission) is expected


def test_an_application_with_an_undeclared_route_does_not_start_and_names_it() -> None:
    @get("/bare", sync_to_thread=False)
    def bare() -> str:
        return ""

    @get("/open", guards=[anyone], sync_to_thread=False)
    def open_to_all() -> str:
        return ""

    with pytest.raises(UnguardedRoute, match=r"anyone: /bare$"):
        check_routes(Litestar([bare, open_to_all], openapi_config=None))


def test_what_a_route_declares_can_be_read_back_for_the_matrix() -> None:
    @get("/members", guards=[needs(Permission.VIEW_ROSTER)], sync_to_thread=False)
    def members() -> str:
        return ""

    app = Litestar([members], openapi_config=None)
    found = {route.path: declared(handler) for route, handler in route_handlers(app)}
    assert found == {"/members": Permission.VIEW_ROSTER}
    check_routes(app)
