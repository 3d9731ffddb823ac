"""Encrypted columns: bound to tenant, column and row; keys outside the database; renewed while in use."""

import asyncio
from collections.abc import Iterator
from threading import Thread
from uuid import UUID

import asyncpg
import msgspec
import pytest

from jiceng.kernel.ciphers.columns import Column
from jiceng.kernel.ciphers.devices import KeyFiles, device, use_device
from jiceng.kernel.ciphers.suites import Undecipherable
from jiceng.kernel.crypto import keyring as keys
from jiceng.kernel.crypto.converting import convert, waiting
from jiceng.kernel.crypto.keyring import Keyring, keyring, renew, rewrap
from jiceng.kernel.database import current_tenant, execute, fetch, fetch_value, tenant_scope, transaction
from jiceng.kernel.database.roles import database_of, with_database
from jiceng.kernel.errors import Refusal
from jiceng.kernel.ids import new_id
from jiceng.kernel.settings import Settings

PHONE = Column("member", "phone", index="phone_index")
ADD = (
    "insert into member (tenant_id, id, number, name, phone, phone_index) values ($1, $2, $3, '某人', $4, $5)"
)


@pytest.fixture
def here(two_tenants: tuple[int, int], database: Settings) -> Iterator[Settings]:
    with tenant_scope(two_tenants[0]):
        yield database
    use_device(database)


def under(settings: Settings, **changes: object) -> None:
    use_device(msgspec.structs.replace(settings, **changes))


async def entered(phones: list[str]) -> list[UUID]:
    keys, ids = await keyring(), [new_id() for _ in phones]
    for number, (key, phone) in enumerate(zip(ids, phones, strict=True)):
        sealed, blind = keys.seal(PHONE, key, phone), keys.blind(PHONE, phone)
        await execute(ADD, current_tenant(), key, f"M{number}", sealed, blind)
    return ids


def change_elsewhere(settings: Settings, key: UUID, value: str | None) -> None:
    """Another process commits a new value now."""

    async def change() -> None:
        connection = await asyncpg.connect(superuser_of(settings))
        await connection.execute("update member set phone = $2 where id = $1", key, value)
        await connection.close()

    thread = Thread(target=asyncio.run, args=(change(),))
    thread.start()
    thread.join()


def superuser_of(settings: Settings) -> str:
    return with_database(settings.superuser_url, database_of(settings.database_url))


async def stored(key: UUID) -> str:
    value: str = await fetch_value(
        "select phone from member where tenant_id = $1 and id = $2", current_tenant(), key
    )
    return value


async def test_what_lies_in_the_database_is_sealed_and_says_algorithm_and_key(here: Settings) -> None:
    (key,) = await entered(["13800138000"])
    kept = await stored(key)
    assert kept.startswith("aes-256-gcm:1:")
    assert "13800138000" not in kept
    assert (await keyring()).open(PHONE, key, kept) == "13800138000"
    row = (await fetch("select * from data_key where tenant_id = $1 and number = 1", current_tenant()))[0]
    assert keys.unwrapped(row) not in bytes(row["wrapped"])
    assert row["wrapped_by"] == device().wrapping_key
    del here


async def test_a_value_moved_to_another_row_column_or_tenant_does_not_open(
    here: Settings, two_tenants: tuple[int, int]
) -> None:
    (key,) = await entered(["13800138000"])
    kept, keys = await stored(key), await keyring()
    for place, row in ((PHONE, new_id()), (Column("member", "id_number"), key)):
        with pytest.raises(Undecipherable):
            keys.open(place, row, kept)
    with tenant_scope(two_tenants[1]), pytest.raises(Undecipherable):
        (await keyring()).open(PHONE, key, kept)
    del here


async def test_plain_text_cannot_be_stored_in_a_sealed_column(here: Settings) -> None:
    with pytest.raises(Exception, match="member_phone_sealed"):
        await execute(ADD, current_tenant(), new_id(), "M1", "13800138000", None)
    del here


async def test_equal_values_are_found_and_look_different(
    here: Settings, two_tenants: tuple[int, int]
) -> None:
    one, other = await entered(["13800138000", "13800138000"])
    assert await stored(one) != await stored(other)
    blinds = (await keyring()).blinds(PHONE, "13800138000")
    found = await fetch(
        "select id from member where tenant_id = $1 and phone_index = any($2)", current_tenant(), blinds
    )
    assert {row["id"] for row in found} == {one, other}
    with tenant_scope(two_tenants[1]):
        assert (await keyring()).blinds(PHONE, "13800138000") != blinds
    del here


async def test_another_suite_reads_what_is_there_and_the_conversion_moves_it(here: Settings) -> None:
    ids = await entered([f"1380013{n:04}" for n in range(7)])
    under(here, crypto="gm")
    keys = await keyring()
    assert [keys.open(PHONE, key, await stored(key)) for key in ids] == [f"1380013{n:04}" for n in range(7)]
    assert await waiting([PHONE]) == 7
    blinds = keys.blinds(PHONE, "13800130003")  # found before, during and after
    assert await convert([PHONE], step=3) == 7
    assert {(await stored(key)).split(":")[0] for key in ids} == {"sm4-gcm"}
    assert (await convert([PHONE]), await waiting([PHONE])) == (0, 0)
    row = await fetch(
        "select id from member where tenant_id = $1 and phone_index = any($2)", current_tenant(), blinds
    )
    assert [each["id"] for each in row] == [ids[3]]
    under(here, crypto="intl")
    assert await convert([PHONE]) == 7


async def test_keys_are_renewed_while_others_write(here: Settings) -> None:
    before = await keyring()
    ids = await entered(["13800138000", "13900139000"])
    assert await renew() == 3  # 1 and 2 are the first keys of columns and of indexes
    late = new_id()  # by a process that still holds the former key
    await execute(ADD, current_tenant(), late, "M9", before.seal(PHONE, late, "13700137000"), None)
    assert await convert([PHONE]) == 3
    keys = await keyring()
    assert [keys.open(PHONE, key, await stored(key)) for key in (*ids, late)] == [
        *("13800138000", "13900139000", "13700137000")
    ]
    kept = [await stored(key) for key in (*ids, late)]
    assert all(value.startswith("aes-256-gcm:3:") for value in kept)
    assert (await keyring()).current == "aes-256-gcm:3:"
    del here


async def test_a_value_changed_during_the_conversion_is_not_lost(
    here: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    (key,) = await entered(["13800138000"])
    await renew()
    newer = (await keyring()).seal(PHONE, key, "13600136000")
    sealing = Keyring.seal

    def sealed_too_late(keys: Keyring, place: Column, row: UUID | int, text: str | None) -> str | None:
        old = sealing(keys, place, row, text)
        change_elsewhere(here, key, newer)
        return old

    monkeypatch.setattr(Keyring, "seal", sealed_too_late)
    assert await convert([PHONE]) == 0
    assert (await keyring()).open(PHONE, key, await stored(key)) == "13600136000"


async def test_a_new_wrapping_key_closes_nothing(here: Settings) -> None:
    (key,) = await entered(["13800138000"])
    files = device()
    assert isinstance(files, KeyFiles)
    fresh = files.renew()
    assert await rewrap() == 2
    assert await rewrap() == 0
    rows = await fetch("select wrapped_by from data_key where tenant_id = $1", current_tenant())
    assert {row["wrapped_by"] for row in rows} == {fresh}
    keys._known.clear()
    assert (await keyring()).open(PHONE, key, await stored(key)) == "13800138000"
    del here


async def test_without_the_folder_of_keys_the_database_alone_opens_nothing(
    here: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (key,) = await entered(["13800138000"])
    keys._known.clear()
    under(here, keys=tmp_path_factory.mktemp("other"))
    with pytest.raises((Refusal, Undecipherable)):
        (await keyring()).open(PHONE, key, await stored(key))


async def test_two_processes_that_need_a_first_key_make_one(here: Settings) -> None:
    async def first() -> None:
        async with transaction():
            await keyring()

    await asyncio.gather(*(asyncio.create_task(first()) for _ in range(4)))
    rows = await fetch("select purpose from data_key where tenant_id = $1 order by purpose", current_tenant())
    assert [row["purpose"] for row in rows] == ["column", "index"]
    del here
