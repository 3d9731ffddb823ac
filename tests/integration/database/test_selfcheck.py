"""The service refuses to start with a role for which row security does not hold."""

import asyncio
from collections.abc import AsyncIterator

import msgspec
import pytest

from jiceng.app import create_app, refuse_unready
from jiceng.kernel import database as db
from jiceng.kernel.database import server_version
from jiceng.kernel.database.driver import Connection
from jiceng.kernel.database.roles import database_of, with_database
from jiceng.kernel.database.selfcheck import refuse_bad_roles
from jiceng.kernel.errors import Refusal
from jiceng.kernel.jobs.serving import serve
from jiceng.kernel.settings import Settings


@pytest.fixture
async def bad_role(settings: Settings, superuser: Connection) -> AsyncIterator[str]:
    """A role of this test alone; its URL."""
    name = f"jt_role_{database_of(settings.database_url)}"
    await superuser.execute(f"create role {name} login password 'x'")
    user, rest = settings.database_url.split("@", 1)
    del user
    yield f"postgresql://{name}:x@{rest}"
    await superuser.execute(f"drop owned by {name}; drop role {name}")


async def _start(settings: Settings, **urls: str) -> None:
    await db.connect(msgspec.structs.replace(settings, **urls))
    try:
        await refuse_bad_roles()
    finally:
        await db.close()


TABLE_OF_ITS_OWN = """
create table mine (x int);
grant create on schema public to {role};
alter table mine owner to {role}
"""


async def test_the_right_roles_start(settings: Settings) -> None:
    await _start(settings)


async def test_neither_the_service_nor_a_worker_starts_with_a_role_that_sees_every_tenant(
    settings: Settings,
) -> None:
    bad = msgspec.structs.replace(settings, database_url=settings.backfill_url)
    with pytest.raises(Refusal, match="BYPASSRLS"):
        await refuse_unready(bad)
    application = create_app(bad)
    with pytest.RaisesGroup(pytest.RaisesExc(Refusal, match="BYPASSRLS"), flatten_subgroups=True):
        async with application.lifespan():
            pass
    with pytest.raises(Refusal, match="BYPASSRLS"):
        async with asyncio.timeout(20):
            await serve(bad, {})


async def test_in_production_a_server_without_its_security_release_is_refused(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_version, "SECURITY_RELEASES", dict.fromkeys(range(16, 30), 99))
    await _start(settings)
    with pytest.raises(Refusal, match="PostgreSQL 版本过旧"):
        await refuse_unready(msgspec.structs.replace(settings, mode="production"))


async def test_in_production_a_server_with_exactly_its_security_release_is_taken(
    superuser: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    major, minor = divmod(int(await superuser.fetchval("show server_version_num")), 10000)
    monkeypatch.setattr(server_version, "SECURITY_RELEASES", {major: minor})
    server_version.refuse_old_server(superuser.get_server_version(), production=True)


async def test_the_superuser_is_refused(settings: Settings) -> None:
    url = with_database(settings.superuser_url, database_of(settings.database_url))
    with pytest.raises(Refusal, match=r"超级用户.*JICENG_DATABASE_URL"):
        await _start(settings, database_url=url)


@pytest.mark.parametrize("setting", ["relay_url", "operator_url"])
async def test_every_pool_is_looked_at(setting: str, settings: Settings) -> None:
    with pytest.raises(Refusal, match=f"BYPASSRLS.*JICENG_{setting.upper()}"):
        await _start(settings, **{setting: settings.backfill_url})


async def test_a_member_of_the_owner_is_refused(settings: Settings) -> None:
    with pytest.raises(Refusal, match="属于数据表的所有者"):
        await _start(settings, database_url=settings.migrate_url)


@pytest.mark.parametrize(
    ("make_bad", "words"),
    [
        ("alter role {role} superuser", "超级用户"),
        ("alter role {role} bypassrls", "BYPASSRLS"),
        ("alter role {role} createrole", "CREATEROLE"),
        (
            TABLE_OF_ITS_OWN,
            "拥有数据表",
        ),
        ("grant jiceng_owner to {role}", "属于数据表的所有者"),
    ],
)
async def test_each_bad_attribute_is_refused(
    make_bad: str, words: str, bad_role: str, settings: Settings, superuser: Connection
) -> None:
    role = bad_role.split("//")[1].split(":", maxsplit=1)[0]
    await superuser.execute(f"grant connect on database {database_of(bad_role)} to {role}")
    await superuser.execute(make_bad.format(role=role))
    with pytest.raises(Refusal, match=words):
        await _start(settings, database_url=bad_role)
