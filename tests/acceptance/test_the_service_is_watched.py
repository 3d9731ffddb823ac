"""Story: an operator sees that the service is alive, ready and how busy; nothing of it names anybody."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import asyncpg
import httpx
import msgspec
import pytest
from litestar import Litestar
from tests.support.other_settings import with_settings
from tests.support.programs import Program, program
from tests.support.web import Browser, browser, signed_in_browser

from jiceng.app import create_app
from jiceng.kernel import clock
from jiceng.kernel.database import execute, fetch_value, transaction
from jiceng.kernel.database.engine import engine
from jiceng.kernel.settings import Settings
from jiceng.kernel.watching import readiness as looking
from jiceng.kernel.watching.readiness import readiness


def from_address(app: Litestar, address: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=app, client=(address, 5000))  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url="http://jiceng.test")


def changed(app: Litestar, settings: Settings, **fields: object) -> Litestar:
    """The application with other settings: its limits count for themselves, as another process' do."""
    return with_settings(app, msgspec.structs.replace(settings, **fields))


async def test_ready_names_every_check(app: Litestar, database: Settings) -> None:
    del database
    answer = await browser(app).get("/ready")
    assert answer.status_code == 200
    checks = {check["name"]: check["state"] for check in answer.json()["checks"]}
    assert checks.pop("disk") in {"ok", "warning"}
    assert checks == {"database": "ok", "tables": "ok", "redis": "ok", "clock": "ok"}


async def test_without_its_tables_it_is_not_ready(own_settings: Settings) -> None:
    app = create_app(own_settings)
    async with app.lifespan():
        connection = await asyncpg.connect(own_settings.migrate_url)
        await connection.execute("set role jiceng_owner; alter table rate_limit drop column caller")
        await connection.close()
        answer = await browser(app).get("/ready")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert {"name": "tables", "state": "failed", "detail": "run jiceng migrate"} in answer.json()["checks"]


async def test_without_the_database_it_is_alive_and_not_ready(app: Litestar, settings: Settings) -> None:
    assert (await browser(app).get("/health")).json() == {"status": "ok"}
    found = await readiness(msgspec.structs.replace(settings, redis_url="redis://127.0.0.1:1"))
    states = {check.name: check.state for check in found.checks}
    assert (found.status, states["database"], states["redis"]) == ("failed", "failed", "warning")


async def test_a_full_disk_takes_it_out_of_service(
    database: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(looking, "LEAST_FREE_BYTES", 2**62)
    found = await readiness(msgspec.structs.replace(database, data_dir=tmp_path / "not" / "yet"))
    assert {check.name for check in found.checks if check.state == "failed"} == {"disk"}


async def test_a_disk_that_is_nearly_full_raises_an_alarm(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for part, state in ((0.0, "ok"), (1.0, "warning")):
        monkeypatch.setattr(looking, "LEAST_FREE_PART", part)
        found = await readiness(msgspec.structs.replace(database))
        assert [check.state for check in found.checks if check.name == "disk"] == [state]


@pytest.mark.parametrize(("seconds", "state"), [(1, "ok"), (-1, "ok"), (3, "warning"), (-3, "warning")])
async def test_a_clock_that_is_wrong_by_more_than_two_seconds_raises_an_alarm(
    database: Settings, seconds: int, state: str
) -> None:
    fresh = msgspec.structs.replace(database)
    with clock.showing(clock.now() + timedelta(seconds=seconds)):
        found = await readiness(fresh)
    (check,) = [check for check in found.checks if check.name == "clock"]
    assert check.state == state
    assert found.status != "failed"


async def test_metrics_are_for_this_machine_and_the_networks_named(
    app: Litestar, settings: Settings, two_tenants: tuple[int, int]
) -> None:
    app = changed(app, settings, metrics_from=("192.0.2.0/24",))
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    await admin.get("/t/donghu/members?name=林若溪")
    for address in ("127.0.0.1", "::1", "192.0.2.7"):
        answer = await from_address(app, address).get("/metrics")
        assert answer.status_code == 200
        assert (
            'jiceng_http_requests_total{method="GET",route="/t/{tenant}/members",status="200"}' in answer.text
        )
        assert 'jiceng_jobs{state="queued"} 0.0' in answer.text
        assert "donghu" not in answer.text
        assert "林若溪" not in answer.text
    assert (await from_address(app, "198.51.100.4").get("/metrics")).status_code == 404
    passed_on = {"x-forwarded-for": "198.51.100.4"}
    assert (await from_address(app, "127.0.0.1").get("/metrics", headers=passed_on)).status_code == 404
    trusting = changed(app, settings, trusted_proxies=("127.0.0.1",), metrics_from=("198.51.100.0/24",))
    assert (await from_address(trusting, "127.0.0.1").get("/metrics", headers=passed_on)).status_code == 200


async def test_managing_is_for_the_networks_named(
    app: Litestar, settings: Settings, two_tenants: tuple[int, int]
) -> None:
    app = changed(app, settings, management_from=("192.0.2.0/24", "2001:db8::/32"))
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    pages = ("accounts", "tokens", "admin/", "audit", "jobs")
    for address, status in (("192.0.2.7", 200), ("2001:db8::7", 200), ("198.51.100.4", 403)):
        there = from_address(app, address)
        there.cookies = admin.client.cookies
        for page in pages:
            answer = await there.get(f"/t/donghu/{page}", headers={"accept": "text/html"})
            assert (page, answer.status_code) == (page, status)
        assert (await there.get("/t/donghu/")).status_code == 200
    assert "管理功能只能从规定的网络进入" in answer.text
    spoofed = {"accept": "text/html", "x-forwarded-for": "192.0.2.7"}
    assert (await there.get("/t/donghu/accounts", headers=spoofed)).status_code == 403


async def test_every_answer_carries_an_id_of_its_own(app: Litestar, database: Settings) -> None:
    del database
    who = browser(app)
    answers = [await who.get(path) for path in ("/", "/", "/nothing", "/t/nobody/")]
    answers.append(await who.client.request("TRACE", "/"))
    ids = {UUID(answer.headers["x-request-id"]) for answer in answers}
    assert len(ids) == 5
    forged = await who.get("/", headers={"x-request-id": "forged"})
    assert forged.headers["x-request-id"] != "forged"


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("pingjia.example.cn", 200),
        ("PINGJIA.example.cn:443", 200),
        ("pingjia.example.cn.evil.test", 400),
        ("evil.test", 400),
        ("pingjiaXexample.cn", 400),
        ("", 400),
    ],
)
async def test_only_the_hosts_named_are_answered(
    app: Litestar, database: Settings, host: str, status: int
) -> None:
    app = changed(app, database, hosts=("pingjia.example.cn",))
    answer = await browser(app).get("/", headers={"host": host})
    assert answer.status_code == status
    assert answer.headers["x-content-type-options"] == "nosniff"


async def slow(*_: object) -> list[object]:
    async with transaction():
        await execute("set local statement_timeout = '50ms'")
        await fetch_value("select pg_sleep(10)")
    return []


async def test_a_statement_that_takes_too_long_is_told_and_leaves_the_pool_whole(
    app: Litestar, two_tenants: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    admin, caller = (
        await signed_in_browser(app, two_tenants[0], "tenant_admin"),
        await program(app, two_tenants[0]),
    )
    monkeypatch.setattr("jiceng.schemes.queries.schemes", slow)
    for _ in range(12):  # more often than there are connections
        page = await admin.get("/t/donghu/schemes")
        assert page.status_code == 503
        assert page.headers["retry-after"] == "5"
    assert "系统正忙或者正在维护" in page.text
    answer = await caller.get("schemes")
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
    monkeypatch.undo()
    assert (await admin.get("/t/donghu/schemes")).status_code == 200
    idle, opened = engine.pools.idle("app")
    assert idle == opened


async def test_a_database_without_room_and_one_without_free_connections_say_when_to_come_again(
    app: Litestar, two_tenants: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")

    async def no_room() -> list[object]:
        await execute("do $$ begin raise exception using errcode = '53100'; end $$")
        return []

    monkeypatch.setattr("jiceng.schemes.queries.schemes", no_room)
    page = await admin.get("/t/donghu/schemes")
    assert (page.status_code, page.headers["retry-after"]) == (503, "60")
    assert "数据库的磁盘已满，刚才的操作没有保存" in page.text
    monkeypatch.undo()
    held = [await engine.pools.take("app") for _ in range(10)]  # to open one takes its time
    monkeypatch.setattr(engine.pools, "acquire_timeout", 0.05)
    page = await admin.get("/t/donghu/schemes")
    for each in held:
        await engine.pools.give_back("app", each)
    assert (page.status_code, page.headers["retry-after"]) == (503, "5")
    assert (await admin.get("/t/donghu/schemes")).status_code == 200


async def test_a_request_may_not_keep_the_database_busy(
    app: Litestar, two_tenants: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    async def limits() -> list[object]:
        async with transaction():
            seen.append(await fetch_value("show statement_timeout"))
        seen.append(await fetch_value("show statement_timeout"))
        return []

    monkeypatch.setattr("jiceng.schemes.queries.schemes", limits)
    await (await program(app, two_tenants[0])).get("schemes")
    assert seen == ["20s", "20s"]


async def several(who: Browser, number: int, headers: dict[str, str]) -> list[httpx.Response]:
    form = {"login": "nobody-here", "password": "x"}
    headers = {"accept": "text/html", "sec-fetch-site": "same-origin", **headers}
    return [
        await who.post("/t/donghu/login", {**form, "login": f"nobody-{number}"}, headers=headers)
        for number in range(number)
    ]


async def test_too_many_sign_ins_from_one_address_must_wait(
    app: Litestar, settings: Settings, two_tenants: tuple[int, int]
) -> None:
    del two_tenants
    one = changed(app, settings, sign_ins_per_minute=3, trusted_proxies=("127.0.0.1",))
    other = changed(app, settings, sign_ins_per_minute=3, trusted_proxies=("127.0.0.1",))
    visitor, process = browser(one), browser(other)
    await visitor.get("/t/donghu/login")
    await process.get("/t/donghu/login")
    here, there = {"x-forwarded-for": "198.51.100.1"}, {"x-forwarded-for": "198.51.100.2"}
    answers = await several(visitor, 4, here)
    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 20
    assert "操作太频繁" in answers[-1].text
    assert (await several(process, 1, here))[0].status_code == 429  # another process counts with it
    assert (await several(process, 1, there))[0].status_code == 401
    spoofed = {"x-forwarded-for": "203.0.113.77, 198.51.100.1"}
    assert (await several(visitor, 1, spoofed))[0].status_code == 429


async def test_too_many_requests_of_a_token_must_wait_and_others_need_not(
    app: Litestar, settings: Settings, two_tenants: tuple[int, int]
) -> None:
    app = changed(app, settings, api_per_minute=3)
    caller = await program(app, two_tenants[0])
    neighbour = await program(app, two_tenants[1])
    answers = [await caller.get("schemes") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 20
    assert answers[-1].headers["content-type"] == "application/problem+json"
    again = Program(changed(app, settings, api_per_minute=3), "donghu")
    again.client.headers["authorization"] = caller.client.headers["authorization"]
    assert (await again.get("schemes")).status_code == 429
    assert (await neighbour.get("schemes")).status_code == 200
    with clock.showing(clock.now() + timedelta(seconds=21)):
        assert (await caller.get("schemes")).status_code == 200
