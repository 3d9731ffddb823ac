"""TenantKey is a foreign key for Piccolo: joins, related rows, pickers."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from piccolo.table import Table
from piccolo.utils.pydantic import create_pydantic_model

from jiceng.kernel import database as db
from jiceng.kernel.database.driver import Connection
from jiceng.kernel.database.migrate import registered_tables
from jiceng.kernel.database.tables import TenantTable
from jiceng.kernel.settings import Settings
from jiceng.roster.tables import Membership

LINKED = [
    table
    for table in registered_tables()
    if issubclass(table, TenantTable) and table._meta.foreign_key_columns
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def connected(settings: Settings) -> AsyncIterator[None]:
    """One connection for all links: nothing is written."""
    await db.connect(settings)
    yield
    await db.close()


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.usefixtures("connected")
@pytest.mark.parametrize("table", LINKED, ids=lambda table: table._meta.tablename)
async def test_every_link_can_be_joined(table: type[Table]) -> None:
    for column in table._meta.foreign_key_columns:
        with db.tenant_scope(1):
            assert await table.select(table._meta.primary_key, *column.all_columns()) == []


def test_the_admin_sees_a_link_with_its_target() -> None:
    schema = create_pydantic_model(Membership).model_json_schema()
    links = {
        name: field["extra"]["foreign_key"]["to"]
        for name, field in schema["properties"].items()
        if "foreign_key" in field.get("extra", {})
    }
    assert links == {
        column._meta.name: column._foreign_key_meta.resolved_references._meta.tablename
        for column in Membership._meta.foreign_key_columns
    }
    assert "member" in links


async def test_a_lookup_by_id_alone_still_uses_the_key(superuser: Connection) -> None:
    async with superuser.transaction():
        await superuser.execute(
            "set local role jiceng_app; set local app.tenant_id = '1'; set local enable_seqscan = off"
        )
        plan = await superuser.fetch(
            "explain select * from organization where id = '01a20397-441b-71e5-a8f7-c0c64938b816'"
        )
    text = "\n".join(row[0] for row in plan)
    assert "organization_pkey" in text
    assert "tenant_id =" in text
