"""Story: whole tables leave: each says who took it, once an hour, and after a dozen it ends (threat T38)."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from litestar import Litestar
from openpyxl import load_workbook
from tests.support.web import signed_in_browser

from jiceng.console.records.record_export import WHOLE_TABLES
from jiceng.console.records.record_tables import SHOWN
from jiceng.kernel.clock import showing
from jiceng.kernel.database import current_tenant, fetch, fetch_value, tenant_scope

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
TABLES = [table._meta.tablename for tables in SHOWN.values() for table in tables]


def address(table: str) -> str:
    return f"/t/donghu/admin/export/{table}.xlsx"


async def alarms() -> list[str]:
    """The tables that alarms of the audit log name, oldest first."""
    rows = await fetch(
        "select object_kind from audit_entry where tenant_id = $1 and event = 'export_refused'"
        " and not success order by seq",
        current_tenant(),
    )
    return [row["object_kind"] for row in rows]


async def test_an_export_names_its_taker_and_the_thirteenth_is_refused(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    colleague = await signed_in_browser(app, two_tenants[0], "tenant_admin", login="colleague")
    answers = [await admin.get(address(table)) for table in TABLES[: WHOLE_TABLES.burst + 1]]
    assert [answer.status_code for answer in answers] == [200] * 12 + [429]
    assert int(answers[-1].headers["retry-after"]) <= 300
    with tenant_scope(two_tenants[0]):
        assert await alarms() == [TABLES[12]]
        account = await fetch_value(
            "select id from account where tenant_id = $1 and login = 'tenant_admin-1'", two_tenants[0]
        )
    book = load_workbook(BytesIO(answers[0].content))
    cells = [cell for sheet in book.worksheets for row in sheet.values for cell in row]
    assert str(account) in cells
    assert (await colleague.get(address(TABLES[0]))).status_code == 200


async def test_the_same_table_leaves_once_an_hour_and_another_try_is_an_alarm(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    with showing(NOON):
        admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
        assert (await admin.get(address("member"))).status_code == 200
    with showing(NOON + timedelta(minutes=10)):
        again = await admin.get(address("member"))
        assert again.status_code == 429
        assert again.headers["retry-after"] == "3000"
        assert (await admin.get(address("unit"))).status_code == 200, "another table"
    with tenant_scope(two_tenants[0]):
        assert await alarms() == ["member"]
        told = "select count(*) from audit_entry where tenant_id = $1 and event = 'exported'"
        assert await fetch_value(told, two_tenants[0]) == 2
    for minutes in range(15, 60, 5):  # else the session would end, being idle
        with showing(NOON + timedelta(minutes=minutes)):
            await admin.get("/t/donghu/sessions")
    with showing(NOON + timedelta(minutes=60)):
        assert (await admin.get(address("member"))).status_code == 200


async def test_a_table_that_could_not_be_exported_can_be_tried_again(
    app: Litestar, two_tenants: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    monkeypatch.setattr("jiceng.console.records.record_export.MOST_ROWS", -1)
    assert (await admin.get(address("member"))).status_code == 400
    monkeypatch.undo()
    assert (await admin.get(address("member"))).status_code == 200
