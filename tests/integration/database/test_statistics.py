"""The planner is told of many rows at once: pages of a district that has just imported stay quick."""

import asyncpg
import polars as pl
import pytest

from jiceng.kernel.database import bulk_insert, fetch_value, renew_statistics, tenant_scope, transaction
from jiceng.roster.tables import Organization

_BELIEVED = "select reltuples::int from pg_class where relname = 'organization'"


async def entered(count: int) -> int:
    """What the planner believes of the table after so many organizations were written in one transaction."""
    async with transaction():
        await bulk_insert(Organization, pl.DataFrame({"number": [f"Z{n:05d}" for n in range(count)]}))
        await renew_statistics(count, Organization)
    believed: int = await fetch_value(_BELIEVED)
    return believed


async def test_a_thousand_rows_are_known_when_their_transaction_ends(two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]):
        assert await entered(1000) == 1000


async def test_for_a_few_rows_nobody_looks(two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]):
        before = await fetch_value(_BELIEVED)
        assert await entered(999) == before


async def test_statistics_are_renewed_within_a_transaction_only(two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]), pytest.raises(RuntimeError):
        await renew_statistics(1000, Organization)


async def test_a_name_is_never_taken_for_a_statement(two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]), pytest.raises(asyncpg.UndefinedTableError):
        async with transaction():
            await fetch_value("select statistics_renew(array['member; drop table member'])")
