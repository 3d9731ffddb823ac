"""Story: two requests meet in the database; the second is told what to do, not that the program failed."""

import asyncpg
import pytest
from litestar import Litestar
from tests.support.web import signed_in_browser

from jiceng.accounts import queries

OTHERS_WERE_QUICKER = "刚才的操作没有完成，内容已被别人改动"
BUSY = "系统正忙或者正在维护"


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (asyncpg.UniqueViolationError, 409, OTHERS_WERE_QUICKER),
        (asyncpg.ForeignKeyViolationError, 409, OTHERS_WERE_QUICKER),
        (asyncpg.ExclusionViolationError, 409, OTHERS_WERE_QUICKER),
        (asyncpg.DeadlockDetectedError, 503, BUSY),
        (asyncpg.SerializationError, 503, BUSY),
        (asyncpg.LockNotAvailableError, 503, BUSY),
    ],
)
async def test_it_is_told_in_words(
    app: Litestar,
    two_tenants: tuple[int, int],
    monkeypatch: pytest.MonkeyPatch,
    error: type[Exception],
    status: int,
    words: str,
) -> None:
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")

    async def met() -> None:
        raise error("duplicate key: 林若溪")

    monkeypatch.setattr(queries, "accounts", met)
    answer = await admin.get("/t/donghu/accounts")
    assert answer.status_code == status
    assert words in answer.text
    assert "林若溪" not in answer.text
    assert ("retry-after" in answer.headers) == (status == 503)
