"""Tenants, their plugins and their dated settings."""

from jiceng.kernel.settings import Settings
from jiceng.tenancy import queries, service


async def test_a_tenant_is_found_by_its_slug_without_any_tenant_being_set(database: Settings) -> None:
    province = await service.create_tenant("yunling", "云岭省", "province")
    district = await service.create_tenant("donghu", "东湖区", "district", parent="yunling")
    assert district.parent == province.id
    assert await queries.by_slug("donghu") == district
    assert await queries.by_slug("nowhere") is None
