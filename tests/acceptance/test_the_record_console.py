"""Story: an administrator looks at raw records in piccolo-admin; each mend of console.md has its test."""

import io
from typing import Any
from uuid import uuid4

import pytest
from litestar import Litestar
from openpyxl import load_workbook
from tests.support.web import browser, signed_in_browser

from jiceng.console.records.record_app import LONGEST_LIST
from jiceng.console.records.record_tables import SHOWN, shown_tables, titles
from jiceng.kernel.ids import new_id

ADMIN = "/t/donghu/admin/"
LISTED = sorted(table._meta.tablename for tables in SHOWN.values() for table in tables)
JSON = {"accept": "application/json"}


async def organizations(superuser: Any, tenant_id: int, numbers: list[str]) -> list[str]:
    ids = []
    for number in numbers:
        ids.append(str(new_id()))
        await superuser.execute(
            "INSERT INTO organization (tenant_id, id, number) VALUES ($1, $2, $3)", tenant_id, ids[-1], number
        )
    return ids


async def test_one_login_serves_both_and_the_page_is_ours(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    nobody = await browser(app).get(ADMIN)
    assert nobody.headers["location"] == f"/t/donghu/login?next={ADMIN}"
    assert (await browser(app).get(f"{ADMIN}api/tables/", headers=JSON)).status_code == 401
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    assert (await admin.get("/t/donghu/admin")).headers["location"] == ADMIN
    page = await admin.get(ADMIN)
    assert page.status_code == 200
    assert "records.js" in page.text
    assert "set-cookie" not in page.headers
    assert "script-src 'self';" in page.headers["content-security-policy"]
    assert (await admin.get(f"{ADMIN}api/user/", headers=JSON)).json()["username"] == "周砚秋"
    viewer = await signed_in_browser(app, two_tenants[0], "viewer")
    assert (await viewer.get(ADMIN)).status_code == 403


async def test_only_the_listed_tables_exist(app: Litestar, two_tenants: tuple[int, int]) -> None:
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    assert (await admin.get(f"{ADMIN}api/tables/", headers=JSON)).json() == LISTED
    for table in LISTED:
        answer = await admin.get(f"{ADMIN}api/tables/{table}/", headers=JSON)
        assert (answer.status_code, answer.json()) == (200, {"rows": []})
    for table in ("account", "account_session", "invitation", "login_attempt", "tenant", "piccolo_user"):
        assert (await admin.get(f"{ADMIN}api/tables/{table}/", headers=JSON)).status_code == 404


async def test_rows_are_the_own_tenants_and_a_foreign_id_is_like_an_absent_one(
    app: Litestar, two_tenants: tuple[int, int], superuser: Any
) -> None:
    own = await organizations(superuser, two_tenants[0], ["A1", "A2"])
    foreign = await organizations(superuser, two_tenants[1], ["B1"])
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    rows = (await admin.get(f"{ADMIN}api/tables/organization/", headers=JSON)).json()["rows"]
    assert sorted(row["number"] for row in rows) == ["A1", "A2"]
    assert all("tenant_id" not in row for row in rows)
    assert (await admin.get(f"{ADMIN}api/tables/organization/count/", headers=JSON)).json()["count"] == 2
    assert (await admin.get(f"{ADMIN}api/tables/organization/{own[0]}/", headers=JSON)).status_code == 200
    there = await admin.get(f"{ADMIN}api/tables/organization/{foreign[0]}/", headers=JSON)
    absent = await admin.get(f"{ADMIN}api/tables/organization/{uuid4()}/", headers=JSON)
    assert there.status_code == absent.status_code == 404
    assert there.content == absent.content


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "POST"])
async def test_nothing_can_be_changed(
    app: Litestar, two_tenants: tuple[int, int], superuser: Any, method: str
) -> None:
    (own,) = await organizations(superuser, two_tenants[0], ["A1"])
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    headers = {**JSON, "x-csrf-token": admin.token}
    for path in ("", f"{own}/"):
        answer = await admin.client.request(
            method, f"{ADMIN}api/tables/organization/{path}", json={"number": "evil"}, headers=headers
        )
        assert answer.status_code == 405
    assert [row["number"] for row in await superuser.fetch("SELECT number FROM organization")] == ["A1"]


@pytest.mark.parametrize(
    "path",
    [
        "public/login/",
        "public/docs/",
        "public/openapi.json",
        "api/docs/",
        "api/openapi.json",
        "openapi.json",
        "docs",
        "api/change-password/",
        "api/media/",
        "api/media-files/member/photo/",
        "api/tables/member/new/",
    ],
)
async def test_what_is_not_needed_is_not_there(
    app: Litestar, two_tenants: tuple[int, int], path: str
) -> None:
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    assert (await admin.get(ADMIN + path, headers=JSON)).status_code == 404


async def test_lists_of_ids_are_capped(app: Litestar, two_tenants: tuple[int, int], superuser: Any) -> None:
    await organizations(superuser, two_tenants[0], [f"A{number}" for number in range(LONGEST_LIST + 5)])
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    for query in ("", "?limit=1000000000", "?limit=-1", "?limit=x"):
        answer = await admin.get(f"{ADMIN}api/tables/organization/ids/{query}", headers=JSON)
        assert len(answer.json()) == LONGEST_LIST
    page = await admin.get(f"{ADMIN}api/tables/organization/?__page_size=1000000000", headers=JSON)
    assert page.status_code == 403


async def test_a_refusal_of_the_database_is_not_a_crash(
    app: Litestar, two_tenants: tuple[int, int], superuser: Any
) -> None:
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    await superuser.execute("REVOKE SELECT ON organization FROM jiceng_app")
    try:
        answer = await admin.get(f"{ADMIN}api/tables/organization/", headers=JSON)
    finally:
        await superuser.execute("GRANT SELECT ON organization TO jiceng_app")
    assert answer.status_code == 404


async def test_visiting_it_does_not_break_our_forms_and_its_sign_out_ends_our_session(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    await admin.get(ADMIN)
    await admin.get(f"{ADMIN}public/meta/", headers=JSON)
    form = {"login": "gao", "name": "高文渊", "role": "viewer"}
    assert (await admin.post("/t/donghu/accounts", form)).status_code == 200
    out = f"{ADMIN}public/logout/"
    assert (await admin.client.post(out, headers={"sec-fetch-site": "cross-site"})).status_code == 403
    assert (await admin.client.post(out)).status_code == 403
    assert (await admin.client.post(out, headers={"sec-fetch-site": "same-origin"})).status_code == 200
    assert (await admin.get("/t/donghu/accounts")).status_code == 303


async def test_a_table_is_exported_as_a_workbook_without_formulas_and_told_to_the_audit_log(
    app: Litestar, two_tenants: tuple[int, int], superuser: Any
) -> None:
    await organizations(superuser, two_tenants[0], ["A1", "=1+1"])
    await organizations(superuser, two_tenants[1], ["B1"])
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    answer = await admin.get(f"{ADMIN}export/organization.xlsx")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''organization.xlsx"
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[1]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert "tenant_id" not in rows[0]
    assert {rows[1][rows[0].index("编号")], rows[2][rows[0].index("编号")]} == {"A1", "=1+1"}
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}, "no formula"
    assert len(rows) == 3
    told = await superuser.fetchrow("SELECT object_kind, details FROM audit_entry WHERE event = 'exported'")
    assert tuple(told) == ("organization", '{"format":"xlsx","rows":2}')


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("account", "role"),
        ("account", "scope"),
        ("account", "state"),
        ("job", "state"),
        ("tick", "state"),
        ("period", "kind"),
        ("period", "state"),
        ("period_change", "act"),
        ("rulebook_version", "state"),
        ("rulebook_draft", "state"),
        ("run", "state"),
        ("run", "history"),
        ("ruling", "kind"),
        ("tenant", "kind"),
        ("tenant", "state"),
    ],
)
async def test_a_closed_list_of_words_is_kept_by_the_database(
    superuser: Any, database: object, table: str, column: str
) -> None:
    """What piccolo offers as choices and never enforces: the column's constraint takes no other word."""
    del database
    checks = (
        "select pg_get_constraintdef(oid) as test from pg_constraint"
        " where contype = 'c' and conrelid = $1::regclass"
    )
    rows = await superuser.fetch(checks, table)
    tests = [row["test"].removeprefix("CHECK ") for row in rows if f"({column})::text = ANY" in row["test"]]
    assert len(tests) >= 1
    question = f"select {tests[0]} from (select 'nonsense'::varchar as {column}) r"  # noqa: S608 - from the catalog
    assert await superuser.fetchval(question) is False


def test_no_hook_of_piccolo_decides_anything() -> None:
    configs = shown_tables()
    assert len(configs) == len(LISTED)
    assert [config.table_class for config in configs if config.hooks] == []


@pytest.mark.parametrize("table", ["account", "account_session", "tenant", "second_factor", "audit_entry"])
async def test_no_other_table_can_be_exported(
    app: Litestar, two_tenants: tuple[int, int], table: str
) -> None:
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    assert (await admin.get(f"{ADMIN}export/{table}.xlsx")).status_code == 404


def test_every_table_and_column_shown_has_a_chinese_name() -> None:
    said = titles()
    names = {
        column._meta.name.replace("_", " ")
        for tables in SHOWN.values()
        for table in tables
        for column in table._meta.columns
        if column._meta.name != "tenant_id"
    } | {name.replace("_", " ") for name in LISTED}
    assert sorted(names - {name for name, words in said.items() if not words.isascii()}) == []
