"""Story: a name, a number and a password in every field of requests reach no log, no Redis key, no job."""

import io
import json
import logging
import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
import structlog
from litestar import Litestar
from redis.asyncio import Redis
from tests.support.appraisal import small_town, with_points
from tests.support.costs import Shares
from tests.support.programs import program
from tests.support.routes import LATER
from tests.support.web import browser, signed_in_browser

from jiceng.accounts.access import route_handlers
from jiceng.evaluation.jobs import JOBS
from jiceng.kernel.database import fetch, tenant_scope
from jiceng.kernel.ids import new_id
from jiceng.kernel.jobs.bell import close_bell, open_bell
from jiceng.kernel.jobs.work import run_due_jobs
from jiceng.kernel.rest import is_api
from jiceng.kernel.settings import Settings
from jiceng.kernel.watching.logs import OURS, configure_logs

NAME, NUMBER, PASSWORD = "欧阳金丝雀", "110101199003078888", "canary-Passw0rd-77"
CANARIES = (NAME, NUMBER, PASSWORD, NAME.encode("unicode_escape").decode(), quote(NAME))
EVERYTHING = f"{NAME} {NUMBER} {PASSWORD}"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    root, usual = logging.getLogger(), structlog.get_config()
    before, level = list(root.handlers), root.level
    stream = io.StringIO()
    configure_logs(production=True, level=logging.DEBUG, stream=stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.NOTSET)
    structlog.configure(**usual)


def filled(path: str) -> str:
    """An address with the canaries wherever text is taken, and an unknown id elsewhere."""
    path = path.replace("{tenant:str}", "donghu")
    path = re.sub(r"{\w+:uuid}", str(new_id()), path)
    path = re.sub(r"{\w+:int}", "1", path)
    return re.sub(r"{\w+:(str|path)}", quote(EVERYTHING, safe=""), path)


async def send_everywhere(app: Litestar, admin: object, caller: object, shares: Shares) -> int:
    """Every method of every route, with the canaries in address, query, headers, cookies and body."""
    query = {"name": EVERYTHING, "next": EVERYTHING, "at": EVERYTHING, "q": EVERYTHING}
    headers = {"user-agent": PASSWORD, "referer": f"http://x/{NUMBER}", "x-request-id": NUMBER}
    fields = ("login", "password", "again", "old", "name", "role", "scheme", "day", "code", "reason", "title")
    form = dict.fromkeys(fields, EVERYTHING)
    sent = 0
    for route, handler in route_handlers(app):
        later = handler.fn.__module__.startswith(LATER)
        for method in sorted(handler.http_methods - {"HEAD"}):  # type: ignore[attr-defined]
            known = route.path.endswith(("/logout", "/language")) or "/static" in route.path
            if known or not shares.wanted(later=later):
                continue
            client = caller.client if is_api(route.path) else admin.client  # type: ignore[attr-defined]
            own = {**headers, "accept": "text/html", "sec-fetch-site": "same-origin"}
            own |= {"idempotency-key": f"key-{sent}"} if is_api(route.path) else {}
            body = {"json": form} if is_api(route.path) else {"data": {**form, "_csrf_token": admin.token}}  # type: ignore[attr-defined]
            extra = body if method != "GET" else {}
            with shares.spending(later=later):
                answer = await client.request(method, filled(route.path), params=query, headers=own, **extra)
            assert answer.status_code < 500, f"{method} {route.path}: {answer.status_code}"
            sent += 1
    return sent


async def test_canaries_are_found_nowhere(
    app: Litestar,
    settings: Settings,
    two_tenants: tuple[int, int],
    written: io.StringIO,
    monkeypatch: pytest.MonkeyPatch,
    shares: Shares,
) -> None:
    open_bell(settings.redis_url)
    with tenant_scope(two_tenants[0]):
        await small_town(2)
        await with_points()
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    caller = await program(app, two_tenants[0])
    assert await send_everywhere(app, admin, caller, shares) > 50
    stranger = browser(app)
    await stranger.get("/t/donghu/login")
    await stranger.post("/t/donghu/login", {"login": NUMBER, "password": PASSWORD})
    await caller.post("runs", {"scheme": "points", "day": "2026-11-22"})

    async def crash(*_: object) -> None:
        raise RuntimeError(EVERYTHING)

    with monkeypatch.context() as patched:
        patched.setattr("jiceng.schemes.queries.schemes", crash)
        assert (await admin.get("/t/donghu/schemes")).status_code == 500
        patched.setattr("jiceng.evaluation.service.compute", crash)
        await run_due_jobs(JOBS)
    await close_bell()
    text = written.getvalue()
    lines = [json.loads(line) for line in text.splitlines()]
    assert sum(line["event"] == "request" for line in lines) > 50
    assert any(line.get("error") == "RuntimeError" for line in lines)
    with tenant_scope(two_tenants[0]):
        rows = await fetch("select * from job where tenant_id = $1", two_tenants[0])
    jobs = str([dict(row) for row in rows])
    redis = await everything_in(settings.redis_url)
    for canary in CANARIES:
        assert canary not in text
        assert canary not in jobs
        assert canary.encode() not in redis


async def everything_in(url: str) -> bytes:
    """Every key of Redis with its value."""
    client = Redis.from_url(url)
    found = b""
    async for key in client.scan_iter():
        found += key + b"\n" + (await client.dump(key) or b"")
    await client.aclose()
    return found
