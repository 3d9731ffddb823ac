"""The one table role → permissions, and the refusal to start with an unguarded route."""

from typing import Any
from uuid import UUID

import pytest
from litestar import Litestar, get

from jiceng.accounts.access import (
    ROLES,
    SEPARATED,
    SEPARATED_ROLES,
    WHOLE,
    Permission,
    Role,
    UnguardedRoute,
    anyone,
    check_routes,
    declared,
    may,
    needs,
    permits,
    route_handlers,
)
from jiceng.accounts.schemas import SignedIn
from jiceng.accounts.scope import Reach


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
        ("clerk", Permission.OPEN_RUN, True),
        ("clerk", Permission.PUBLISH_RESULTS, False),
        ("reviewer", Permission.PUBLISH_RESULTS, True),
        ("reviewer", Permission.ENTER_FACTS, False),
        ("secretary", Permission.ENTER_FACTS, True),
        ("member", Permission.VIEW_RESULTS, True),
        ("member", Permission.VIEW_ROSTER, False),
        ("rater", Permission.VIEW_RESULTS, False),
        ("supervisor", Permission.VIEW_RECORDS, True),
        ("auditor", Permission.VIEW_AUDIT, True),
        ("auditor", Permission.VIEW_RESULTS, False),
        ("system_admin", Permission.GRANT_ROLES, False),
        ("security_admin", Permission.MANAGE_ACCOUNTS, False),
        ("unassigned", Permission.VIEW_HOME, False),
        ("owner", Permission.VIEW_HOME, False),
        ("", Permission.OWN_SESSION, False),
    ],
)
def test_a_role_has_exactly_the_permissions_of_its_row(
    role: str, permission: Permission, expected: bool
) -> None:
    assert permits(role, permission) is expected


SCORES = (Permission.VIEW_RESULTS, Permission.VIEW_FACTS, Permission.VIEW_RECORDS, Permission.VIEW_ROSTER)


def test_none_of_the_three_administrators_sees_scores_or_has_a_right_of_another() -> None:
    three = [ROLES[Role(role)] for role in SEPARATED_ROLES]
    assert len(three) == 3
    for mine in three:
        assert not mine & set(SCORES)
        assert not mine & {Permission.OPEN_RUN, Permission.PUBLISH_RESULTS, Permission.OVERSEE_TENANTS}
    shared = {Permission.OWN_SESSION, Permission.VIEW_HOME, Permission.VIEW_ACCOUNTS}
    shared |= {Permission.SECOND_SIGN}  # an act of its own kind: approving what another asked for
    for mine in three:
        for other in three:
            assert mine is other or mine & other <= shared


def person(role: str, **different: Any) -> SignedIn:
    return SignedIn(**{**PERSON, "role": role, **different})


PERSON: dict[str, Any] = {
    "id": UUID(int=1),
    "login": "zhou",
    "name": "周砚秋",
    "role": "viewer",
    "tenant": 1,
    "session": UUID(int=2),
}


def test_where_there_are_three_administrators_the_tenants_own_has_their_rights_no_more() -> None:
    for permission in SEPARATED:
        assert may(person("tenant_admin"), permission)
        assert not may(person("tenant_admin", separated=True), permission)
        assert not may(person("operator", separated=True), permission)
    assert may(person("tenant_admin", separated=True), Permission.OPEN_RUN)
    assert may(person("system_admin", separated=True), Permission.MANAGE_ACCOUNTS)
    assert may(person("security_admin", separated=True), Permission.GRANT_ROLES)
    assert may(person("audit_admin", separated=True), Permission.VIEW_AUDIT)


def test_who_sees_a_part_of_the_roster_does_nothing_that_concerns_all_of_it() -> None:
    part = Reach("subtree", UUID(int=3))
    for permission in WHOLE:
        assert not may(person("operator", reach=part), permission)
    assert may(person("secretary", reach=part), Permission.ENTER_FACTS)
    assert may(person("clerk"), Permission.IMPORT_ROSTER)
    assert not may(person("clerk", reach=part), Permission.IMPORT_ROSTER)


def test_a_token_does_no_more_than_its_scopes() -> None:
    assert may(person("clerk", scopes=frozenset({"view_runs"})), Permission.VIEW_RUNS)
    assert not may(person("clerk", scopes=frozenset({"view_runs"})), Permission.OPEN_RUN)
    assert not may(person("viewer", scopes=frozenset({"open_run"})), Permission.OPEN_RUN)


def test_an_application_with_an_undeclared_route_does_not_start_and_names_it() -> None:
    @get("/bare", sync_to_thread=False)
    def bare() -> str:
        return ""

    @get("/open", guards=[anyone], sync_to_thread=False)
    def open_to_all() -> str:
        return ""

    with pytest.raises(UnguardedRoute, match=r"anyone: /bare$"):
        check_routes(Litestar([bare, open_to_all], openapi_config=None, logging_config=None))


def test_what_a_route_declares_can_be_read_back_for_the_matrix() -> None:
    @get("/members", guards=[needs(Permission.VIEW_ROSTER)], sync_to_thread=False)
    def members() -> str:
        return ""

    app = Litestar([members], openapi_config=None, logging_config=None)
    found = {route.path: declared(handler) for route, handler in route_handlers(app)}
    assert found == {"/members": Permission.VIEW_ROSTER}
    check_routes(app)
