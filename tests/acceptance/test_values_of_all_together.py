"""Story: values over all subjects are called by what the tenant is, on the page and in the workbook."""

import io

import openpyxl
import pytest
from litestar import Litestar
from tests.support.appraisal import DAY, claimed, small_town, with_points
from tests.support.web import signed_in_browser

from jiceng.evaluation import jobs
from jiceng.evaluation.service import open_run
from jiceng.kernel.database import tenant_scope
from jiceng.kernel.jobs import run_due_jobs
from jiceng.tenancy.service import create_tenant


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("name", "kind", "called"),
    [
        ("青石镇", "town", "全镇指标"),
        ("恒远集团", "enterprise", "全企业指标"),
        ("东山县", "district", "全县指标"),
    ],
)
async def test_the_page_and_the_workbook_say_whose_values_they_are(
    app: Litestar, name: str, kind: str, called: str
) -> None:
    tenant = await create_tenant("here", name, kind)
    with tenant_scope(tenant.id):
        people = await small_town(2)
        await with_points()
        await claimed(people["D001"], 5, [10, 20])
        run = await open_run("points", DAY)
        await run_due_jobs(jobs.JOBS)
    clerk = await signed_in_browser(app, tenant.id, "clerk")
    page = (await clerk.get(f"/t/here/runs/{run.id}")).text
    assert called in page
    sheet = await clerk.get(f"/t/here/runs/{run.id}/results.xlsx")
    assert openpyxl.load_workbook(io.BytesIO(sheet.content)).sheetnames == ["封面", "评定结果", called]
