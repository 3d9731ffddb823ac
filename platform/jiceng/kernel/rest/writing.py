"""Writes that happen once: the effect, the key and the answer commit together, or none of them does."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec
from litestar import Response
from litestar.serialization import default_serializer

from jiceng.kernel.clock import now
from jiceng.kernel.database import current_tenant, execute, fetch_row, fetch_value, transaction
from jiceng.kernel.errors import Refusal
from jiceng.kernel.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime
    from uuid import UUID

    from litestar import Request

KEPT_FOR = timedelta(days=1)
REPLAYED = "idempotency-replayed"
_SWEEP_ONE_IN = 64
# Whoever comes second waits here until the first has committed, and then finds its answer.
_CLAIM = """
insert into idempotency_key as k (tenant_id, id, caller, key, request, status, answer, created_at, expires_at)
values ($1, $2, $3, $4, $5, 0, '', $6, $7)
on conflict (tenant_id, caller, key) do update
set id = excluded.id, request = excluded.request, created_at = $6, expires_at = $7 where k.expires_at <= $6
returning k.id
"""
_KNOWN = """
select request, status, answer from idempotency_key where tenant_id = $1 and caller = $2 and key = $3
"""
_KEEP = "update idempotency_key set status = $3, answer = $4 where tenant_id = $1 and id = $2"
_FORGET = "delete from idempotency_key where tenant_id = $1 and expires_at < $2"
Answer = tuple[int, msgspec.Struct]


class KeyUsed(Refusal):
    """The key came with another request before."""

    status = 422

    def __init__(self) -> None:
        super().__init__(
            "这个 Idempotency-Key 已用于另一个请求",
            "Idempotency-Key",
            "每次写入请换一个新的值；重试时请原样重发",
            what_en="this Idempotency-Key was used for another request",
            todo_en="use a fresh key for each write; send a retry unchanged",
        )


async def once(
    request: Request[Any, Any, Any], key: str, work: Callable[[], Awaitable[Answer]]
) -> Response[Any]:
    """Do `work` in one transaction and answer with its (status, body); sent again, the answer is the same.

    What `work` refuses leaves no trace, so a corrected request may use the key again.
    """
    asked = hashlib.sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode())
    asked.update(await request.body())
    caller, moment = request.user.session, now()
    async with transaction():
        claim = await _claimed(caller, key, asked.digest(), moment)
        if claim is None:
            return await _again(caller, key, asked.digest())
        status, body = await work()
        answer = msgspec.json.encode(body, enc_hook=default_serializer)
        await execute(_KEEP, current_tenant(), claim, status, answer)
        if claim.int % _SWEEP_ONE_IN == 0:
            await execute(_FORGET, current_tenant(), moment)
    return _response(status, answer)


async def _claimed(caller: UUID, key: str, asked: bytes, moment: datetime) -> UUID | None:
    values = (current_tenant(), new_id(), caller, key, asked, moment, moment + KEPT_FOR)
    claim: UUID | None = await fetch_value(_CLAIM, *values)
    return claim


async def _again(caller: UUID, key: str, asked: bytes) -> Response[Any]:
    row = await fetch_row(_KNOWN, current_tenant(), caller, key)
    if row is None or bytes(row["request"]) != asked:
        raise KeyUsed
    return _response(row["status"], bytes(row["answer"]), **{REPLAYED: "true"})


def _response(status: int, answer: bytes, **headers: str) -> Response[Any]:
    return Response(answer, status_code=status, media_type="application/json", headers=headers)
