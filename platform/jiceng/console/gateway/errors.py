"""What a person sees when something is refused or breaks: plain Chinese, a reference, never a traceback.

A foreign tenant's id and an absent one give the same 404 page, byte for byte.
"""

from __future__ import annotations

import secrets
import traceback
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import asyncpg
import structlog
from litestar import Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.response import Redirect, Template

from jiceng.accounts.access import Confined
from jiceng.accounts.second_person import Awaiting
from jiceng.console.frame.wording import language_of
from jiceng.console.gateway.around import page_around
from jiceng.console.gateway.problems import (
    fault_told,
    in_one_line,
    problem,
    unfit_request,
    wants_json,
    what_is_wrong,
    where_and_what_to_do,
)
from jiceng.kernel.errors import Invalid, Refusal
from jiceng.kernel.limits import TooMany

if TYPE_CHECKING:
    from litestar import Request
    from litestar.types import ExceptionHandlersMap

log = structlog.get_logger(__name__)

DEEPEST = 12
WORDS: dict[int, tuple[str, str]] = {
    400: ("请求的内容有误", "请返回上一页检查后再试"),
    401: ("请先登录", "登录后会回到这一页"),
    403: ("您的账号没有这项权限，或者页面已过期", "请刷新页面再试；仍然不行，请联系本单位管理员"),
    404: ("没有找到这个页面", "地址可能写错了，或者内容已经不在这里"),
    405: ("这里不支持这种操作", "请从页面上的按钮进入"),
    409: ("刚才的操作没有完成，内容已被别人改动", "请刷新页面再试"),
    413: ("文件太大", "请分成几个较小的文件再上传"),
    422: ("提交的内容有误", "请按提示改正后再提交"),
    429: ("操作太频繁", "请等几秒再试"),
    500: ("程序出错了，您的内容没有保存", "请再试一次；仍然不行，请把编号告诉管理员"),
    503: ("系统正忙或者正在维护", "请过一会儿再试"),
}

_LOST_READING = Refusal(
    "与数据库的连接中断了",
    "",
    "请过几秒再试",
    503,
    what_en="The connection to the database was lost",
    todo_en="Try again in a few seconds",
)
_LOST_WRITING = Refusal(
    "与数据库的连接中断了，不能确定刚才的操作是否已经保存",
    "",
    "请刷新页面看一看，没有保存再做一次",
    503,
    what_en="The connection to the database was lost; it is not known whether this was saved",
    todo_en="Look again before you repeat it; a program sends the same request with the same Idempotency-Key",
)
_DISK_FULL = Refusal(
    "数据库的磁盘已满，刚才的操作没有保存",
    "",
    "请告诉管理员腾出空间，过一会儿再做一次",
    503,
    what_en="The database's disk is full; nothing was saved",
    todo_en="Tell the administrator, and try again later",
)


def on_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """Litestar's own refusals, in our words (its texts are English and may quote the input)."""
    tenant = request.scope["state"].get("tenant")
    if isinstance(error, Confined) and tenant is not None and not wants_json(request):
        return _onto(request, f"/t/{tenant.slug}/{error.page}")
    status = error.status_code if error.status_code in WORDS else 400
    if status == HTTPStatus.UNAUTHORIZED:
        return _sign_in_first(request)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return on_fault(request, error)
    if status == HTTPStatus.METHOD_NOT_ALLOWED and request.method == "GET" and not wants_json(request):
        around = page_around(request.app, request.url.path)
        if around is not None:
            return Redirect(around, status_code=303)
    what, todo = WORDS[status]
    refused = Refusal(what, "", todo, status)
    if isinstance(error, ValidationException) and wants_json(request):
        refused = unfit_request(error, refused)
    return _answer(request, refused, headers=dict(error.headers or {}))


def on_refusal(request: Request[Any, Any, Any], refused: Refusal) -> Response[Any]:
    """A refusal raised by a service: its own words."""
    headers = {"retry-after": "5"} if refused.status == HTTPStatus.SERVICE_UNAVAILABLE else None
    if isinstance(refused, TooMany):
        headers = {"retry-after": str(refused.retry_after)}
    return _answer(request, refused, headers=headers)


def on_unfit_data(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """PostgreSQL cannot take a value (a NUL character, a number beyond bigint): the request is wrong, not we.

    Logged all the same, in case the value was ours.
    """
    log.warning("the database refused a value", error=type(error).__qualname__, at=_frames(error))
    what, todo = WORDS[400]
    return _answer(request, Refusal(what, "", todo, 400))


def on_too_deep(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Brackets in brackets without end exhaust the reader's stack: the request is wrong, not we.

    Logged all the same, in case the recursion was ours.
    """
    log.warning("nested too deeply", error=type(error).__qualname__, at=_frames(error))
    what, todo = WORDS[400]
    return _answer(request, Refusal(what, "", todo, 400))


def on_meeting(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Two requests did the same thing at once, or one used what the other removed: the second is told so.

    Logged all the same, in case no other was there.
    """
    log.warning("two requests met", error=type(error).__qualname__, at=_frames(error))
    what, todo = WORDS[409]
    return _answer(request, Refusal(what, "", todo, 409))


def on_busy(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """The database takes or waits too long, or takes no more connections: 503, try again later."""
    log.warning("the database is busy", error=type(error).__qualname__, at=_frames(error))
    what, todo = WORDS[503]
    return _answer(request, Refusal(what, "", todo, 503), headers={"retry-after": "5"})


def on_full_disk(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """The database has no room: 503; it works again by itself once there is some."""
    log.error("the database's disk is full", error=type(error).__qualname__, at=_frames(error))
    return _answer(request, _DISK_FULL, headers={"retry-after": "60"})


def on_lost_connection(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """The wire to the database broke: nobody knows whether a write was saved, and that is said."""
    log.error("the database's connection was lost", error=type(error).__qualname__, at=_frames(error))
    reading = request.method in {"GET", "HEAD"}
    lost = _LOST_READING if reading else _LOST_WRITING
    return _answer(request, lost, headers={"retry-after": "5"})


def on_fault(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """A mistake of the program: logged under a reference, without the error's text, which may hold data."""
    reference = secrets.token_hex(4).upper()
    log.error("request failed", reference=reference, error=type(error).__qualname__, at=_frames(error))
    what, todo = WORDS[500]
    return _answer(request, Refusal(what, "", todo, 500), reference=reference)


def _frames(error: Exception) -> list[str]:
    """Where it happened, innermost last; never with values."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename}:{frame.lineno}" for frame in frames][-DEEPEST:]


def _answer(
    request: Request[Any, Any, Any],
    refused: Refusal,
    *,
    reference: str = "",
    headers: dict[str, str] | None = None,
) -> Response[Any]:
    usual = WORDS.get(refused.status, WORDS[400])
    if wants_json(request):
        return problem(request, refused, usual, headers)
    language = language_of(request)
    faults = refused.faults if isinstance(refused, Invalid) else ()
    told = {
        "what": what_is_wrong(refused, usual, language),
        "said": in_one_line(refused, usual, language),
        "further": where_and_what_to_do(refused, usual, language),
        "faults": [str(f) if language == "zh" else fault_told(f, language).detail for f in faults],
        "reference": reference,
        "awaiting": isinstance(refused, Awaiting),
    }
    return Template(
        "console/error.html",
        context=told,
        status_code=refused.status,
        headers=headers,
    )


def _sign_in_first(request: Request[Any, Any, Any]) -> Response[Any]:
    tenant = request.scope["state"].get("tenant")
    if wants_json(request) or tenant is None:
        what, todo = WORDS[401]
        return _answer(request, Refusal(what, "", todo, 401), headers={"www-authenticate": "Bearer"})
    login = f"/t/{tenant.slug}/login"
    if request.headers.get("hx-request"):
        return _onto(request, login, status=401)
    if request.method in {"GET", "HEAD"}:
        wanted = request.scope["state"]["address"] + (f"?{request.url.query}" if request.url.query else "")
        return Redirect(f"{login}?next={quote(wanted)}", status_code=303)
    return Redirect(login, status_code=303)


def _onto(request: Request[Any, Any, Any], page: str, status: int = 403) -> Response[Any]:
    """Send the browser to the page, also when only a part of a page was asked for."""
    if request.headers.get("hx-request"):
        return Response(b"", status_code=status, headers={"hx-redirect": page})
    return Redirect(page, status_code=303)


HANDLERS: ExceptionHandlersMap = {
    HTTPException: on_http,
    Refusal: on_refusal,
    asyncpg.DataError: on_unfit_data,
    RecursionError: on_too_deep,
    asyncpg.QueryCanceledError: on_busy,
    asyncpg.InsufficientResourcesError: on_busy,
    asyncpg.TransactionRollbackError: on_busy,
    asyncpg.LockNotAvailableError: on_busy,
    asyncpg.UniqueViolationError: on_meeting,
    asyncpg.ForeignKeyViolationError: on_meeting,
    asyncpg.ExclusionViolationError: on_meeting,
    asyncpg.DiskFullError: on_full_disk,
    asyncpg.PostgresConnectionError: on_lost_connection,
    asyncpg.OperatorInterventionError: on_lost_connection,
    asyncpg.InterfaceError: on_lost_connection,
    asyncpg.InternalClientError: on_lost_connection,
    ConnectionError: on_lost_connection,
    TimeoutError: on_lost_connection,
    Exception: on_fault,
}
