"""Story: somebody exports table after table: each says who took it, after a dozen it ends (threat T38)."""

from io import BytesIO

from litestar import Litestar
from openpyxl import load_workbook
from tests.support.web import signed_in_browser

from jiceng.console.records.record_export import WHOLE_TABLES
from jiceng.kernel.database import fetch_value, tenant_scope


async def test_an_export_names_its_taker_and_the_thirteenth_is_refused(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    colleague = await signed_in_browser(app, two_tenants[0], "tenant_admin", login="colleague")
    address = "/t/donghu/admin/export/organization.xlsx"
    answers = [await admin.get(address) for _ in range(WHOLE_TABLES.burst + 1)]
    assert [answer.status_code for answer in answers] == [200] * 12 + [429]
    assert int(answers[-1].headers["retry-after"]) <= 300
    with tenant_scope(two_tenants[0]):
        account = await fetch_value(
            "select id from account where tenant_id = $1 and login = 'tenant_admin-1'", two_tenants[0]
        )
    book = load_workbook(BytesIO(answers[0].content))
    cells = [cell for sheet in book.worksheets for row in sheet.values for cell in row]
    assert str(account) in cells
    assert (await colleague.get(address)).status_code == 200
