"""Story: fifty people sign in at the same moment; the service goes on answering everybody else (T35)."""

import asyncio
import statistics
import time

from litestar import Litestar
from tests.support.hashing import full_hashing
from tests.support.web import Browser, browser

AT_ONCE = 50


async def wrong_sign_in(visitor: Browser) -> int:
    return (
        await visitor.post("/t/donghu/login", {"login": "lin", "password": "not her password"})
    ).status_code


async def test_others_are_answered_at_once_while_passwords_are_hashed(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    del two_tenants
    visitors = [browser(app) for _ in range(AT_ONCE)]
    for visitor in visitors:
        await visitor.get("/t/donghu/login")
    somebody = browser(app)
    began = time.monotonic()
    waits = []
    with full_hashing():
        flood = [asyncio.create_task(wrong_sign_in(visitor)) for visitor in visitors]
        while not all(task.done() for task in flood):
            asked = time.monotonic()
            assert (await somebody.get("/health")).status_code == 200
            waits.append(time.monotonic() - asked)
            await asyncio.sleep(0.005)
    lasted = time.monotonic() - began
    answers = [await task for task in flood]
    assert set(answers) == {401, 429}, "as many as the queue of hashes takes, the others are told to wait"
    assert answers.count(401) >= 18
    assert statistics.median(waits) < 0.1
    # Were passwords hashed on the event loop, one of these would have waited for all of them.
    assert max(waits) < lasted / 2
