"""Story: what people did stands in the audit log; the auditor reads, narrows and exports it, nobody else."""

import io
import re
from datetime import timedelta

import openpyxl
from litestar import Litestar
from tests.support.appraisal import claimed, small_town, with_points
from tests.support.web import browser, signed_in_browser

from jiceng.accounts.managing.invitations import invite
from jiceng.kernel import clock
from jiceng.kernel.audit import Entry, Event, entries, record, verify_chain
from jiceng.kernel.database import tenant_scope, transaction
from jiceng.kernel.database.driver import Connection
from jiceng.kernel.ids import new_id
from jiceng.tenancy.queries import by_id


async def told(tenant: int) -> list[Entry]:
    with tenant_scope(tenant):
        return [entry async for block in entries() for entry in block]


async def test_signing_in_and_out_and_guessing_stand_in_the_log(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    tenant = await by_id(two_tenants[0])
    assert tenant is not None
    with tenant_scope(tenant.id):
        link = await invite(tenant, "zhou", "周砚秋", "viewer")
    person = browser(app)
    await person.get(link)
    await person.post(
        link, {"password": "后浪推前浪，一浪高过一浪 42", "again": "后浪推前浪，一浪高过一浪 42"}
    )
    await person.get("/t/donghu/sessions")
    await person.post("/t/donghu/logout")
    guesser = browser(app)
    await guesser.get("/t/donghu/login")
    for _ in range(6):
        await guesser.post("/t/donghu/login", {"login": "zhou", "password": "wrong"})
    await guesser.post("/t/donghu/login", {"login": "nobody 13800138000", "password": "wrong"})
    registered, *log = await told(tenant.id)
    assert registered.event == "tenant_created"
    assert [(entry.event, entry.success) for entry in log] == [
        ("invited", True),
        ("authentication_kept", True),
        ("invitation_accepted", True),
        ("signed_out", True),
        *[("sign_in_failed", False)] * 5,
        ("sign_in_locked", False),
        ("sign_in_failed", False),
    ]
    account = log[0].object_id
    assert log.pop(1).object_id == account, "what he signs in with now"
    assert log[1].person is not None
    assert str(log[1].person) == str(log[2].person) == account
    assert {entry.object_id for entry in log[3:-1]} == {account}
    assert log[-1].object_id == "", "an unknown login is not written down"
    assert {entry.door for entry in log} == {"command", "web"}
    assert all(entry.request is not None and entry.address for entry in log[1:])
    whole = "".join(map(repr, log))
    assert "周砚秋" not in whole
    assert "13800138000" not in whole
    with tenant_scope(tenant.id):
        assert (await verify_chain())[1] == []


async def test_a_refused_page_is_told_with_its_route_and_the_person(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    viewer = await signed_in_browser(app, two_tenants[0], "viewer")
    assert (await viewer.get("/t/donghu/audit")).status_code == 403
    assert (await viewer.get("/t/donghu/accounts")).status_code == 403
    refused = [entry for entry in await told(two_tenants[0]) if entry.event == "permission_refused"]
    assert [entry.details for entry in refused] == [
        '{"kind":"GET","route":"/t/{tenant}/audit"}',
        '{"kind":"GET","route":"/t/{tenant}/accounts"}',
    ]
    assert all(entry.person is not None and not entry.success for entry in refused)


async def test_reading_personal_data_is_told_with_ids_and_counts_only(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    await admin.get("/t/donghu/members")
    await admin.get("/t/donghu/admin/api/tables/member/")
    log = [entry for entry in await told(two_tenants[0]) if entry.event.endswith("_read")]
    assert [(entry.event, entry.object_kind, entry.details) for entry in log] == [
        ("members_read", "organization", '{"count":0}'),
        ("records_read", "member", "{}"),
    ]


async def test_the_auditor_narrows_pages_and_exports_and_that_is_told_too(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    auditor = await signed_in_browser(app, two_tenants[0], "auditor")
    viewer = await signed_in_browser(app, two_tenants[0], "viewer")
    for _ in range(3):
        await viewer.get("/t/donghu/accounts")
    page = await auditor.get("/t/donghu/audit?event=permission_refused")
    assert page.text.count("<td>viewer-1</td>") == 3
    assert "符合条件的有 3 条" in page.text
    today = clock.today()
    assert (
        "符合条件的有 3 条"
        in (await auditor.get(f"/t/donghu/audit?event=permission_refused&login=VIEWER-1&day={today}")).text
    )
    for narrowed in (f"day={today - timedelta(days=1)}", "login=nobody", "about=nothing"):
        assert "没有符合条件的日志" in (await auditor.get(f"/t/donghu/audit?{narrowed}")).text
    assert (await auditor.get("/t/donghu/audit?day=yesterday")).status_code == 422
    export = await auditor.get("/t/donghu/audit/export?event=permission_refused")
    assert export.headers["content-disposition"].startswith("attachment")
    sheet = openpyxl.load_workbook(io.BytesIO(export.content))["审计日志"]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert [row[2:4] for row in rows] == [("越权被拒绝", "viewer-1")] * 3
    invited = await auditor.get("/t/donghu/audit?event=invited")
    assert "角色 审计员" in invited.text
    assert re.search(r'<td class="nowrap">\d{4}-\d\d-\d\d \d\d:\d\d:\d\d</td>', invited.text)
    own = [entry for entry in await told(two_tenants[0]) if entry.event.startswith("audit_")]
    assert [entry.event for entry in own] == ["audit_read"] * 5 + ["audit_exported", "audit_read"]


async def test_another_tenants_log_is_not_seen(app: Litestar, two_tenants: tuple[int, int]) -> None:
    own, foreign = two_tenants
    await (await signed_in_browser(app, foreign, "viewer")).get("/t/xishan/accounts")
    auditor = await signed_in_browser(app, own, "auditor")
    assert "没有符合条件的日志" in (await auditor.get("/t/donghu/audit?event=permission_refused")).text


async def test_a_long_log_is_paged_and_counted_no_further_than_ten_thousand(
    app: Litestar, two_tenants: tuple[int, int], superuser: Connection
) -> None:
    auditor = await signed_in_browser(app, two_tenants[0], "auditor")
    await auditor.get("/t/donghu/audit")
    await superuser.execute(
        "insert into audit_entry select e.tenant_id, gen_random_uuid(), 1000 + n, e.at, e.door, e.person,"
        " e.address, e.request, 'run_opened', e.object_kind, e.object_id, e.success, e.details, e.algorithm,"
        " e.hash from audit_entry e, generate_series(1, 10001) n where e.event = 'audit_read'"
    )
    page = await auditor.get("/t/donghu/audit?event=run_opened")
    assert "符合条件的超过 10,000 条" in page.text
    assert page.text.count('<td class="num">') == 100
    assert "upto=10901" in page.text
    assert "最新的" not in page.text
    older = await auditor.get("/t/donghu/audit?event=run_opened&upto=1004")
    assert "最新的" in older.text
    assert "更早的" not in older.text
    assert older.text.count('<td class="num">') == 4


async def test_schemes_facts_and_plugins_are_called_by_their_titles(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    with tenant_scope(two_tenants[0]):
        people = await small_town(1)
        await with_points()
        await claimed(people["D001"], 1, [10])
        async with transaction():
            record(Event.WORK_MOVED, ("ledger_project", new_id()), plugin="points", kind="shelf")
    auditor = await signed_in_browser(app, two_tenants[0], "auditor")
    facts = (await auditor.get("/t/donghu/audit?event=facts_imported")).text
    assert "方案 党员积分年度评定" in facts
    assert "种类 认领" in facts
    moved = (await auditor.get("/t/donghu/audit?event=work_moved")).text
    assert "插件 积分" in moved
    assert "ledger_project" not in moved
