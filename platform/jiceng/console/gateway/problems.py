"""What a program is told when something is refused: Problem Details, in the language it asked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec
from litestar import Response

from jiceng.console.frame.wording import english, in_english, language_of, say
from jiceng.kernel.errors import Invalid, Refusal
from jiceng.kernel.rest import KEY_HEADER, Problem, is_api
from jiceng.kernel.rest.languages import language_asked
from jiceng.kernel.rest.problems import MEDIA_TYPE, FaultTold, ProblemFault
from jiceng_sdk.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from litestar import Request
    from litestar.exceptions import ValidationException

    from jiceng.kernel.rest.languages import Language

NOT_FOUND = 404
_TRANSLATED = (
    (re.compile(r"^Expected `(.+?)`, got `(.+?)`"), r"应为 \1，实际是 \2"),
    (re.compile(r"^Object missing required field `(.+?)`"), r"缺少字段 \1"),
    (re.compile(r"^Object contains unknown field `(.+?)`"), r"没有字段 \1"),
    (re.compile(r"^Missing required (?:query|header|path|cookie)? ?parameter (.+)$"), r"缺少参数 \1"),
    (re.compile(r"^Expected `(.+?)` (>=|<=|>|<) (.+)$"), r"应为 \1，且 \2 \3"),
    (re.compile(r"^Expected `(.+?)` of length (>=|<=) (.+)$"), r"应为 \1，长度 \2 \3"),
    (re.compile(r"^Expected `(.+?)` matching regex"), r"\1 的写法不对"),
    (re.compile(r"^Invalid (.+)$"), r"不是有效的 \1"),
    (re.compile(r"^Malformed JSON"), r"JSON 有语法错误"),
)
"""What msgspec says, in Chinese; the names of types stay as they are in the OpenAPI document."""
_LEFT_OUT = re.compile(r"^Missing required (?:query|header|path|cookie) parameter '([^']+)'")
"""What Litestar says of a parameter that was not sent; it says so in its text only."""


def wants_json(request: Request[Any, Any, Any]) -> bool:
    """Whether the answer goes to a program: the API, or a client that accepts JSON and not pages."""
    accept = request.headers.get("accept", "")
    return is_api(request.scope["path"]) or ("json" in accept and "html" not in accept)


def problem(
    request: Request[Any, Any, Any],
    refused: Refusal,
    usual: tuple[str, str],
    headers: Mapping[str, str] | None,
) -> Response[bytes]:
    """The answer; `usual` are the words (what, what to do) of the status, where English lacks its own."""
    path = request.scope["path"]
    language = language_asked(request) if is_api(path) else language_of(request)
    faults = refused.faults if isinstance(refused, Invalid) else ()
    told = Problem(
        title=say(usual[0], language),
        status=refused.status,
        detail=in_one_line(refused, usual, language),
        instance=f"urn:uuid:{request.scope['state']['request_id']}",
        faults=tuple(fault_told(fault, language) for fault in faults),
    )
    return Response(
        msgspec.json.encode(told), status_code=refused.status, media_type=MEDIA_TYPE, headers=headers
    )


def unfit_request(error: ValidationException, refused: Refusal) -> Refusal:
    """A request that is not what the OpenAPI document asks for: every fault with its place."""
    told = error.extra if isinstance(error.extra, list) else []
    if left_out := _LEFT_OUT.search(error.detail):
        told = [*told, {"message": f"Missing required parameter {left_out[1]}", "key": left_out[1]}]
    faults = [
        ProblemFault(_place(one), _translated(words), words)
        for one in told
        if isinstance(one, dict)
        for words in (str(one.get("message", "")),)
    ]
    unfit = Invalid(faults, refused.what_zh)
    unfit.status = refused.status
    return unfit


def _place(one: Mapping[str, Any]) -> str:
    key, source = str(one.get("key", "")), str(getattr(one.get("source"), "value", one.get("source", "")))
    if source == "header":  # told by its name in our code; the API has this one
        return KEY_HEADER
    return "/" + key.replace(".", "/") if source == "body" else key


def what_is_wrong(refused: Refusal, usual: tuple[str, str], language: Language) -> str:
    """What is wrong, in a language; `usual` are the Chinese words (what, what to do) of the status.

    In English the catalog's words come first, then the refusal's own, then the usual ones: never Chinese.
    """
    if language == "zh":
        return refused.what_zh
    return in_english(refused.what_zh, refused.what_en) or english()[usual[0]]


def in_one_line(refused: Refusal, usual: tuple[str, str], language: Language) -> str:
    """What is wrong, where, what to do; an absent thing's place is not told, as a foreign one's is not."""
    what = what_is_wrong(refused, usual, language)
    place, todo = _place_of(refused, language), what_to_do(refused, usual, language)
    if language == "zh":
        return what + (f"（{place}）" if place else "") + (f"。{todo}" if todo else "")
    return f"{what}{f' ({place})' if place else ''}. {todo}"


def where_and_what_to_do(refused: Refusal, usual: tuple[str, str], language: Language) -> str:
    """The same line for a page whose heading says what is wrong."""
    place, todo = _place_of(refused, language), what_to_do(refused, usual, language)
    if language == "zh":
        return "：".join(part for part in (place, todo) if part)
    return f"{place[:1].upper()}{place[1:]}. {todo}" if place else todo


def what_to_do(refused: Refusal, usual: tuple[str, str], language: Language) -> str:
    """What to do, in a language."""
    if language == "zh":
        return refused.todo_zh
    return in_english(refused.todo_zh, refused.todo_en) or english()[usual[1]]


def _place_of(refused: Refusal, language: Language) -> str:
    """Where it is; in English only what has its English or needs none, for a name alone may mislead."""
    where = refused.where if refused.status != NOT_FOUND else ""
    return where if language == "zh" or where.isascii() else in_english(where, "")


def fault_told(fault: object, language: Language) -> FaultTold:
    """One fault with its place."""
    if isinstance(fault, Fault):
        return FaultTold(fault.path, fault.en if language == "en" else fault.zh)
    if isinstance(fault, ProblemFault):
        return FaultTold(fault.where, fault.en if language == "en" else fault.zh)
    return FaultTold("", say(str(fault), language))


def _translated(words: str) -> str:
    for pattern, chinese in _TRANSLATED:
        if pattern.search(words):
            return pattern.sub(chinese, words)
    return words
