"""Two tenants with everything in them, and the ids that fill the path parameters of every route."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.roster_books import roster_book
from tests.support.sample_files import pieces, png

from jiceng.accounts.managing.invitations import invite
from jiceng.api.workflows import workflows
from jiceng.evaluation.jobs import JOBS
from jiceng.evaluation.service import open_run
from jiceng.kernel.clock import today
from jiceng.kernel.database import fetch_value, tenant_scope, transaction
from jiceng.kernel.files import store
from jiceng.kernel.ids import new_id
from jiceng.kernel.jobs.work import run_due_jobs
from jiceng.operations.service import onboard
from jiceng.roster.service import keep_upload, preview_upload
from jiceng.tenancy.queries import by_slug
from jiceng.tenancy.service import set_plugin

if TYPE_CHECKING:
    from jiceng.tenancy.schemas import TenantInfo

TENANTS = Path(__file__).parents[2] / "tenants"
OWN, FOREIGN = "qingshi", "linjiang"
_ROOT = """
select o.number from organization o join organization_state s on s.tenant_id = o.tenant_id
  and s.organization = o.id where o.tenant_id = $1 and s.parent is null limit 1
"""
APPRAISED = date(2026, 12, 31)


async def two_complete_tenants(folder: Path) -> tuple[TenantInfo, TenantInfo]:
    """Onboard a town and a province side by side, each with one finished run."""
    for slug in (OWN, FOREIGN):
        shutil.copytree(TENANTS / slug, folder / slug)
        card = folder / slug / "tenant.toml"
        card.write_text(re.sub(r"(?m)^parent .*\n", "", card.read_text(encoding="utf-8")), encoding="utf-8")
    await onboard(folder)
    found = []
    for slug in (OWN, FOREIGN):
        tenant = await by_slug(slug)
        assert tenant is not None
        with tenant_scope(tenant.id):
            for plugin in workflows():
                await set_plugin(plugin, on=True)
            async with transaction():
                await open_run("points", APPRAISED)
        found.append(tenant)
    await run_due_jobs(JOBS)
    return found[0], found[1]


async def path_values(tenant: TenantInfo) -> dict[str, str]:
    """A value of this tenant for every path parameter that names one of its things."""
    with tenant_scope(tenant.id):
        values = {
            "organization": await _one("SELECT id FROM organization", tenant),
            "member": await _one("SELECT id FROM member", tenant),
            "brought": await _one("SELECT id FROM roster_change", tenant),
            "subject": await _one("SELECT subject FROM result", tenant),
            "job_id": await _one("SELECT id FROM job", tenant),
            "run_id": await _one("SELECT id FROM run", tenant),
            "period": await _one("SELECT id FROM period", tenant),
            "ruling": str(new_id()),
            "objection": str(new_id()),
            "key": "points",
            "account": await _account(tenant),
        }
        link = await invite(tenant, "guest", "客人", "viewer")
    return {**values, **await attachment(tenant), "token": link.rsplit("/", 1)[1]}


async def _one(sql: str, tenant: TenantInfo) -> str:
    found = await fetch_value(f"{sql} WHERE tenant_id = $1 LIMIT 1", tenant.id)
    assert found is not None, sql
    return str(found)


async def _account(tenant: TenantInfo) -> str:
    await invite(tenant, "colleague", "同事", "viewer")
    sql = "SELECT id FROM account WHERE tenant_id = $1 AND login = 'colleague'"
    return str(await fetch_value(sql, tenant.id))


def workbook(name: str = "roster.xlsx", slug: str = OWN) -> bytes:
    """A tenant's roster or facts, as somebody would upload them again."""
    return (TENANTS / slug / name).read_bytes()


async def upload(tenant: TenantInfo) -> dict[str, str]:
    """A roster with one more member waiting to be imported, and the version it was previewed for."""
    with tenant_scope(tenant.id):
        kept = await keep_upload(await one_more_member(tenant), "roster.xlsx", None)
        preview = await preview_upload(kept)
    return {"upload_id": str(kept), "version": str(preview.version)}


async def one_more_member(tenant: TenantInfo) -> bytes:
    """A roster that brings the tenant at work one more member."""
    root = await fetch_value(_ROOT, tenant.id)
    row = (f"U-{new_id().hex[-12:]}", "沈听舟", "农村", "正式", root, "20100701")
    return roster_book(None, [row], cover=(("租户", tenant.slug), ("名册日期", today().isoformat())))


async def attachment(tenant: TenantInfo) -> dict[str, str]:
    """A file kept with somebody of the tenant."""
    with tenant_scope(tenant.id):
        subject = await fetch_value("SELECT subject FROM result WHERE tenant_id = $1 LIMIT 1", tenant.id)
        info = await store(pieces(png()), "照片.png", about=("subject", subject), by=None)
    return {"file_id": str(info.id)}
