"""What a database that is not ready is told as: which roles and URLs are missing, what to run."""

import asyncpg
import pytest

from jiceng.kernel.database.refused import OTHER_TABLES, not_migrated
from jiceng.kernel.database.roles import LOGINS, OWNER, refuse_missing_roles
from jiceng.kernel.errors import Refusal


class Answering:
    """A connection that knows these roles."""

    def __init__(self, *roles: str) -> None:
        self.roles = roles

    async def fetch(self, _: str) -> list[dict[str, str]]:
        return [{"rolname": role} for role in self.roles]


async def test_roles_that_are_all_there_are_fine() -> None:
    await refuse_missing_roles(Answering(OWNER, *(role.name for role in LOGINS)))


async def test_every_missing_role_is_named_with_the_url_that_makes_it() -> None:
    present = {OWNER, *(role.name for role in LOGINS)} - {"jiceng_backfill", "jiceng_backup"}
    with pytest.raises(Refusal) as caught:
        await refuse_missing_roles(Answering(*present))
    assert caught.value.what_zh == "数据库缺少角色：jiceng_backfill、jiceng_backup"
    assert caught.value.where == "JICENG_SUPERUSER_URL、JICENG_BACKFILL_URL、JICENG_BACKUP_URL"


def test_a_database_without_our_tables_is_told_to_migrate() -> None:
    error = asyncpg.UndefinedTableError('relation "tenant" does not exist')
    assert isinstance(error, OTHER_TABLES)
    told = not_migrated(error)
    assert told.what_zh == '数据库的表和程序的版本不一致（relation "tenant" does not exist）'
    assert (told.where, told.todo_zh) == ("JICENG_DATABASE_URL", "先运行 jiceng migrate，再重试")
