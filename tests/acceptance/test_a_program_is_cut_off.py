"""Story: the database's wire is cut while a program's write is saved; sent again, it counts once."""

import msgspec
from litestar import Litestar
from tests.support.appraisal import small_town, with_points
from tests.support.programs import Program, program
from tests.support.proxies import wire

from jiceng.kernel import database as db
from jiceng.kernel.database import fetch_value, tenant_scope
from jiceng.kernel.settings import Settings

UNKNOWN = "与数据库的连接中断了，不能确定刚才的操作是否已经保存。请刷新页面看一看，没有保存再做一次"
CLAIM = {"kind": "必选", "worth": "10", "stage": "已核验"}


def claim(number: int) -> dict[str, object]:
    values = {**CLAIM, "item": f"BX{number:03}"}
    return {"facts": [{"number": "D001", "date": "2026-05-01", "values": values}]}


async def sent_until_answered(caller: Program, number: int) -> int:
    """Send one write under one key until it is known to be saved; how often."""
    for tried in range(1, 50):
        answer = await caller.post("schemes/points/facts/claim", claim(number), key=f"write-{number:03}")
        if answer.status_code == 201:
            assert answer.json() == {"new": 1, "same": 0}, "the first answer, though it was lost on the way"
            return tried
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "5"
        assert answer.json()["detail"] == UNKNOWN
    raise AssertionError("never answered")


async def test_every_write_has_one_effect_and_one_answer(
    app: Litestar, two_tenants: tuple[int, int], database: Settings
) -> None:
    with tenant_scope(two_tenants[0]):
        await small_town(1)
        await with_points()
    caller = await program(app, two_tenants[0])
    async with wire(database.database_url) as made:
        await db.close()
        await db.connect(msgspec.structs.replace(database, database_url=made.url))
        made.cut_one_in = 0.3
        tries = [await sent_until_answered(caller, number) for number in range(10)]
        made.cut_one_in = 0
        with tenant_scope(two_tenants[0]):
            assert await fetch_value("select count(*) from fact where tenant_id = $1", two_tenants[0]) == 10
            written = "select count(*) from audit_entry where tenant_id = $1 and event = 'facts_imported'"
            assert await fetch_value(written, two_tenants[0]) == 10
        assert min(made.cuts.values()) > 0
        assert sum(tries) > 10
