"""Story: somebody who has left is erased by two people; scores and the log stay provable (T57)."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from litestar import Litestar
from tests.support.appraisal import claimed, small_town, with_points
from tests.support.sample_files import pieces, png
from tests.support.web import Browser, signed_in_browser

from jiceng.evaluation.jobs import JOBS
from jiceng.evaluation.service import open_run, verify
from jiceng.kernel.audit import verify_chain
from jiceng.kernel.crypto.keyring import keyring
from jiceng.kernel.database import current_tenant, execute, fetch, fetch_value, tenant_scope, transaction
from jiceng.kernel.files import keep_files_in, store, stored_about
from jiceng.kernel.ids import new_id
from jiceng.kernel.jobs import enqueue
from jiceng.kernel.jobs.work import run_due_jobs
from jiceng.kernel.settings import Settings
from jiceng.operations import jobs as operations
from jiceng.roster.erasing.registry import unreadable
from jiceng.roster.erasing.service import erase_again
from jiceng.roster.sealing import ID_NUMBER, PHONE

HERE = "/t/donghu"
CANARY = "欧阳金丝雀"
ORDER = {"ground": "request", "document": "东组申〔2026〕7号"}
_ALL_TABLES = "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"


@pytest.fixture
async def somebody(two_tenants: tuple[int, int], settings: Settings, tmp_path: Path) -> UUID:
    """A member with everything the core keeps of one, rated, then gone on 2026-06-01."""
    keep_files_in(msgspec.structs.replace(settings, data_dir=tmp_path))
    with tenant_scope(two_tenants[0]):
        people = await small_town(2)
        await with_points()
        await claimed(people["D001"], 5, (10,))
        async with transaction():
            await open_run("points", date(2026, 12, 31))
    await run_due_jobs(JOBS)
    member = UUID(people["D001"])
    with tenant_scope(two_tenants[0]):
        await _write_everything(member)
    return member


async def _write_everything(member: UUID) -> None:
    keys, tenant = await keyring(), current_tenant()
    await execute(
        "update member set name = $3::text, birth_year = 1961, sensitivity_reason = $3::text, phone = $4,"
        " phone_index = $5, id_number = $6 where tenant_id = $1 and id = $2",
        *(tenant, member, CANARY, keys.seal(PHONE, member, "13800138000")),
        *(keys.blind(PHONE, "13800138000"), keys.seal(ID_NUMBER, member, "33040219610704101X")),
    )
    await execute(
        "insert into account (tenant_id, id, login, name, role, state, person, created_at)"
        " values ($1, $2, 'canary', $3, 'member', 'active', 'D001', now())",
        *(tenant, new_id(), CANARY),
    )
    seq = await fetch_value("select min(seq) from fact where tenant_id = $1 and subject = $2", tenant, member)
    await execute("delete from fact_note where tenant_id = $1 and seq = $2", tenant, seq)
    await execute(
        "insert into fact_note (tenant_id, id, seq, text) values ($1, $2, $3, $4)",
        *(tenant, new_id(), seq, f"{CANARY}清扫楼道"),
    )
    await store(pieces(png()), f"{CANARY}.png", about=("subject", member), by=None)


async def leave(member: UUID) -> None:
    await execute(
        "update membership set until = '2026-06-01', left_by = '转出' where tenant_id = $1 and member = $2",
        *(current_tenant(), member),
    )


async def found_in(superuser: Any, words: str) -> list[str]:
    """The tables in which any column of any row holds the words, also as bytes."""
    named = []
    for row in await superuser.fetch(_ALL_TABLES):
        table = row["relname"]
        hit = await superuser.fetchval(
            f"select count(*) from {table} t where t::text like $1 or t::text like $2",  # noqa: S608 - a catalog's name
            *(f"%{words}%", f"%{words.encode().hex()}%"),
        )
        named += [table] if hit else []
    return named


async def approved(who: Browser) -> int:
    page = (await who.get(f"{HERE}/approvals")).text
    assert f"{CANARY}（D001）" in page, "who decides sees whom it is about"
    found = re.search(r'action="[^"]*(/approvals/[0-9a-f-]{36})"', page)
    assert found is not None
    form = {"decision": "approve", "reason": "已核对申请"}
    return (await who.post(f"{HERE}{found[1]}", form)).status_code


async def test_two_people_erase_somebody_who_has_left(
    app: Litestar, somebody: UUID, two_tenants: tuple[int, int], superuser: Any
) -> None:
    clerk = await signed_in_browser(app, two_tenants[0], "clerk")
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    assert {"member", "account", "fact_note", "stored_file"} <= set(await found_in(superuser, CANARY))
    assert (await clerk.get(f"{HERE}/members/{somebody}/erase")).status_code == 404, "still in the roster"
    with tenant_scope(two_tenants[0]):
        await leave(somebody)
        score = await _score(somebody)
    assert CANARY in (await clerk.get(f"{HERE}/members/erased")).text
    page = await clerk.get(f"{HERE}/members/{somebody}/erase")
    assert "清除以后不能恢复" in page.text
    asked = await clerk.post(f"{HERE}/members/{somebody}/erase", ORDER)
    assert (asked.status_code, f'href="{HERE}/approvals">看待批事项' in asked.text) == (202, True)
    assert "返回改正" not in asked.text
    assert "member" in await found_in(superuser, CANARY), "nothing happens before the second person"
    assert await approved(admin) == 303
    assert await found_in(superuser, CANARY) == []
    assert await found_in(superuser, "D001") == []
    register = (await admin.get(f"{HERE}/members/erased")).text
    assert "东组申〔2026〕7号" in register
    assert str(somebody) in register
    with tenant_scope(two_tenants[0]):
        assert await stored_about(somebody) == []
        assert await _score(somebody) == score
        assert (await verify(1)).equal
        assert (await verify_chain())[1] == []
        told = await fetch(
            "select details from audit_entry where tenant_id = $1 and event = 'person_erased'", two_tenants[0]
        )
        assert [json.loads(row["details"])["kind"] for row in told] == ["request"]


async def _score(member: UUID) -> Any:
    rows = await fetch(
        "select score, grade from result where tenant_id = $1 and subject = $2", current_tenant(), member
    )
    return [tuple(row) for row in rows]


async def test_who_is_in_the_roster_is_not_erased_nor_without_a_ground(
    app: Litestar, somebody: UUID, two_tenants: tuple[int, int]
) -> None:
    clerk = await signed_in_browser(app, two_tenants[0], "clerk")
    await clerk.get(f"{HERE}/members/erased")
    assert (await clerk.post(f"{HERE}/members/{somebody}/erase", ORDER)).status_code == 409
    assert (await clerk.post(f"{HERE}/members/{new_id()}/erase", ORDER)).status_code == 404
    for wrong in ({"ground": "", "document": "7"}, {"ground": "request", "document": " "}):
        assert (await clerk.post(f"{HERE}/members/{somebody}/erase", wrong)).status_code == 422


async def test_a_backup_from_before_is_erased_again(
    app: Litestar, somebody: UUID, two_tenants: tuple[int, int], superuser: Any
) -> None:
    """The rows of before are put back, as restoring an old dump does; the list beside the database stays."""
    with tenant_scope(two_tenants[0]):
        await leave(somebody)
    clerk = await signed_in_browser(app, two_tenants[0], "clerk")
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    await clerk.get(f"{HERE}/members/{somebody}/erase")
    await clerk.post(f"{HERE}/members/{somebody}/erase", ORDER)
    assert await approved(admin) == 303
    with tenant_scope(two_tenants[0]):
        assert await erase_again() == 0
    await superuser.execute("delete from erasure")
    await superuser.execute("update member set name = $1, number = 'D001' where id = $2", CANARY, somebody)
    await superuser.execute("update membership set until = null, left_by = null")
    with tenant_scope(two_tenants[1]):
        assert await erase_again() == 0
    with tenant_scope(two_tenants[0]):
        assert await erase_again() == 1
    assert await found_in(superuser, CANARY) == []
    with tenant_scope(two_tenants[0]):
        assert await erase_again() == 0


async def test_a_database_put_back_by_other_means_is_erased_again_the_night_after(
    app: Litestar, somebody: UUID, two_tenants: tuple[int, int], superuser: Any
) -> None:
    """By a base backup, or by a restore that was cut right after the rows: nobody runs the end of it."""
    with tenant_scope(two_tenants[0]):
        await leave(somebody)
    clerk = await signed_in_browser(app, two_tenants[0], "clerk")
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    await clerk.get(f"{HERE}/members/{somebody}/erase")
    await clerk.post(f"{HERE}/members/{somebody}/erase", ORDER)
    assert await approved(admin) == 303
    await superuser.execute("delete from erasure")
    await superuser.execute("update member set name = $1, number = 'D001' where id = $2", CANARY, somebody)
    with tenant_scope(two_tenants[0]):
        async with transaction():
            await enqueue(operations.FILES, {})
    await run_due_jobs(operations.JOBS)
    assert await found_in(superuser, CANARY) == []


async def test_who_is_labelled_above_the_own_clearance_is_not_among_those_who_left(
    app: Litestar, two_tenants: tuple[int, int], somebody: UUID
) -> None:
    with tenant_scope(two_tenants[0]):
        await leave(somebody)
    clerk = await signed_in_browser(app, two_tenants[0], "clerk")
    assert CANARY in (await clerk.get(f"{HERE}/members/erased")).text
    with tenant_scope(two_tenants[0]):
        await execute("update member set sensitivity = 2 where id = $1", somebody)
    assert CANARY not in (await clerk.get(f"{HERE}/members/erased")).text
    assert (await clerk.get(f"{HERE}/members/{somebody}/erase")).status_code == 404


async def test_who_is_labelled_above_the_own_clearance_is_not_erased_by_a_request_made_by_hand(
    app: Litestar, two_tenants: tuple[int, int], somebody: UUID
) -> None:
    with tenant_scope(two_tenants[0]):
        await leave(somebody)
        await execute("update member set sensitivity = 2 where id = $1", somebody)
    clerk = await signed_in_browser(app, two_tenants[0], "clerk")
    answer = await clerk.post(f"{HERE}/members/{somebody}/erase", ORDER)
    absent = await clerk.post(f"{HERE}/members/{new_id()}/erase", ORDER)
    assert (answer.status_code, absent.status_code) == (404, 404)
    with tenant_scope(two_tenants[0]):
        assert (
            await fetch_value("select count(*) from approval_request where tenant_id = $1", current_tenant())
            == 0
        )
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    await admin.post(f"{HERE}/members/{somebody}/erase", ORDER)
    waiting = (await clerk.get(f"{HERE}/approvals")).text
    assert CANARY not in waiting


async def test_a_line_cut_by_a_crash_stops_neither_the_restore_nor_the_next_lines(
    app: Litestar, two_tenants: tuple[int, int], somebody: UUID, superuser: Any, tmp_path: Path
) -> None:
    with tenant_scope(two_tenants[0]):
        await leave(somebody)
    there = tmp_path / "erased.jsonl"
    there.write_text('{"tenant":1,"member":"019')
    clerk = await signed_in_browser(app, two_tenants[0], "clerk")
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    await clerk.get(f"{HERE}/members/{somebody}/erase")
    await clerk.post(f"{HERE}/members/{somebody}/erase", ORDER)
    assert await approved(admin) == 303
    assert unreadable() == [(1, '{"tenant":1,"member":"019')]
    whole = there.read_text().splitlines()[1]
    there.write_text(f"{whole}\n{whole[:70]}")
    assert unreadable() == []  # whose number is whole stands in the list
    await superuser.execute("delete from erasure")
    await superuser.execute("update member set name = $1, number = 'D001' where id = $2", CANARY, somebody)
    with tenant_scope(two_tenants[0]):
        assert await erase_again() == 1
    assert await found_in(superuser, CANARY) == []
