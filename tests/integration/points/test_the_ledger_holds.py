"""What PostgreSQL refuses in the ledger, whoever asks: unbalanced, negative, edited, emptied, foreign."""

from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest
from tests.support.ledger import earn, enrol

from jiceng.kernel.database import current_tenant, execute, fetch_value, tenant_scope, transaction
from jiceng.kernel.database.driver import Connection
from jiceng.kernel.ids import new_id

ACCOUNT = "insert into points_account (tenant_id, id, kind, balance) values ($1, $2, $3, $4)"
TRANSFER = """
insert into points_transfer (tenant_id, id, seq, at, because, key, algorithm, digest, reverses)
values ($1, $2, 1000, now(), 'service', 'by hand', 'sha256', '', $3)
"""
ENTRY = "insert into points_entry (tenant_id, id, transfer, account, amount) values ($1, $2, $3, $4, $5)"


@pytest.fixture
async def account(two_tenants: tuple[int, int]) -> AsyncIterator[UUID]:
    """The account of a member of the first tenant with 10 points; the tests run in that tenant."""
    with tenant_scope(two_tenants[0]):
        (member,) = await enrol("D001")
        await earn(member, "10", "claim/1")
        await execute(ACCOUNT, current_tenant(), new_id(), "held", 0)
        yield await _one("select id from points_account where tenant_id = $1 and kind = 'member'")


async def _one(sql: str) -> UUID:
    found: UUID = await fetch_value(sql, current_tenant())
    return found


async def own(kind: str) -> UUID:
    """The tenant's own account of a kind."""
    found: UUID = await fetch_value(
        "select id from points_account where tenant_id = $1 and kind = $2", current_tenant(), kind
    )
    return found


async def post(*amounts: tuple[UUID, int], reverses: UUID | None = None, into: UUID | None = None) -> None:
    """Write a transfer with these entries past the service; `into` an older transfer instead."""
    async with transaction():
        transfer = into or new_id()
        if into is None:
            await execute(TRANSFER, current_tenant(), transfer, reverses)
        for to, amount in amounts:
            await execute(ENTRY, current_tenant(), new_id(), transfer, to, amount)


async def balance(account: UUID) -> int:
    return int(
        await fetch_value(
            "select balance from points_account where tenant_id = $1 and id = $2", current_tenant(), account
        )
    )


async def test_a_transfer_that_does_not_sum_to_zero_does_not_commit(account: UUID) -> None:
    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="2 entries that sum to 100"):
        await post((account, 300), (await own("issued"), -200))
    assert await balance(account) == 1000


async def test_a_transfer_with_one_entry_or_none_does_not_commit(account: UUID) -> None:
    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="1 entries"):
        await post((account, 300))
    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="0 entries"):
        await post()


async def test_an_old_transfer_takes_no_further_entry(account: UUID) -> None:
    old = await _one("select id from points_transfer where tenant_id = $1")
    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="3 entries"):
        await post((await own("held"), 5), into=old)
    assert await balance(account) == 1000


async def test_a_reversal_that_is_no_mirror_does_not_commit(account: UUID) -> None:
    old = await _one("select id from points_transfer where tenant_id = $1")
    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="does not undo"):
        await post((account, -900), (await own("issued"), 900), reverses=old)
    await post((account, -1000), (await own("issued"), 1000), reverses=old)
    assert await balance(account) == 0


async def test_no_balance_falls_below_zero_and_nothing_moves_nothing(account: UUID) -> None:
    with pytest.raises(asyncpg.CheckViolationError, match="never_below_zero"):
        await post((account, -1001), (await own("held"), 1001))
    with pytest.raises(asyncpg.CheckViolationError, match="something_moves"):
        await post((account, 0), (await own("held"), 0))


@pytest.mark.usefixtures("account")
async def test_a_balance_is_not_written_by_hand() -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="by entries only"):
        await execute("update points_account set balance = 9 where tenant_id = $1", current_tenant())
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="by entries only"):
        await execute(ACCOUNT, current_tenant(), new_id(), "spent", 9)


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize("role", ["jiceng_app", "jiceng_backfill", "jiceng_owner", "postgres"])
@pytest.mark.parametrize(
    "statement",
    [
        "update points_entry set amount = 1",
        "delete from points_entry",
        "truncate points_entry",
        "update points_transfer set key = 'x'",
        "delete from points_transfer",
        "truncate points_transfer cascade",
        "delete from points_account",
        "truncate points_account cascade",
        "update points_book set seq = 0",
        "delete from points_book",
        "truncate points_book",
    ],
)
async def test_nobody_edits_or_empties_the_ledger(
    statement: str, role: str, superuser: Connection, two_tenants: tuple[int, int]
) -> None:
    await superuser.execute(f"set app.tenant_id = '{two_tenants[0]}'")
    await superuser.execute(f"set role {role}")
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await superuser.execute(statement)
    finally:
        await superuser.execute("reset role; reset app.tenant_id")


async def test_another_tenant_neither_sees_nor_touches_the_account(
    account: UUID, two_tenants: tuple[int, int]
) -> None:
    with tenant_scope(two_tenants[1]):
        assert await fetch_value("select count(*) from points_account") == 0
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await post((account, -5))
