"""Pages of declarations: the form that is kept as typed, its files, handing in, deciding."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath, FromQuery, MultipartBody, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.api import Invalid, today
from jiceng.api.files import LARGEST, handed_out
from jiceng.api.pages import Page, Permission, known_fields, may
from jiceng_double_strong_six_good.declarations import evidence, queries, service
from jiceng_double_strong_six_good.declarations.content import FIELDS, QUESTIONS
from jiceng_double_strong_six_good.declarations.forms import DecisionForm
from jiceng_double_strong_six_good.declarations.states import (
    ACT_WORDS,
    DECIDED_ABOVE,
    LIFE,
    STATE_WORDS,
    Act,
    State,
)
from jiceng_double_strong_six_good.doors import (
    CHECKING,
    TAKING_PART,
    TEMPLATES,
    VIEWING,
    AnyRequest,
    back,
)
from jiceng_double_strong_six_good.firms.queries import firm, firms
from jiceng_double_strong_six_good.forms import YearForm, year_in, year_of
from jiceng_double_strong_six_good.history.queries import moves
from jiceng_double_strong_six_good.limits import limits
from jiceng_double_strong_six_good.vocabulary import CRITERIA

LARGEST_BODY = LARGEST + 1024 * 1024
PIECE = 256 * 1024
DECLARED = known_fields(*map(re.escape, FIELDS))
FURTHER_WORDS = {
    "begin": "开始填写",
    "add_file": "上传佐证",
    "drop_file": "去掉佐证",
    "brought": "由表格导入",
}


class FileForm(msgspec.Struct, frozen=True):
    """A file behind a criterion."""

    criterion: str = ""
    file: UploadFile | None = None


@get("/declarations", guards=VIEWING)
async def declarations_page(
    year: FromQuery[int] = 0, standing: FromQuery[str] = "", page: FromQuery[int] = 1
) -> Template:
    """Who takes part and how far the declaration is; `standing` narrows to a state or to none."""
    chosen, seen = year_in(year), await firms(today())
    written = await queries.declarations(chosen, seen)
    rows = [(one, written.get(one.id)) for one in seen.values() if one.takes_part]
    counts = {state: sum(one.state == state for one in written.values()) for state in State}
    if standing == "none":
        rows = [(one, found) for one, found in rows if found is None]
    elif standing:
        rows = [(one, found) for one, found in rows if found is not None and found.state == standing]
    return Template(
        f"{TEMPLATES}/declarations.html",
        context={
            "year": chosen,
            "found": Page.of(rows, page),
            "counts": counts,
            "standing": standing,
            "words": STATE_WORDS,
            "last_day": (await limits()).last_day(chosen),
            "somebody": any(one.takes_part for one in seen.values()),
        },
    )


@post("/enterprises/{firm_id:uuid}/declaration", guards=TAKING_PART)
async def begin_declaration(
    request: AnyRequest, firm_id: FromPath[UUID], data: URLEncodedBody[YearForm]
) -> Redirect:
    """Begin the declaration of a year, or go on with the one there is."""
    found = await service.begin(firm_id, year_of(data.year), request.user.id)
    return back(request, f"declarations/{found}")


@get("/declarations/{declaration:uuid}", guards=VIEWING)
async def declaration_page(request: AnyRequest, declaration: FromPath[UUID]) -> Template:
    """One declaration: the form while it is written, else what it says; files, steps, what may be done."""
    found = await queries.declaration(declaration)
    offered, last = LIFE.allowed(found.state), (await limits()).last_day(found.year)
    return Template(
        f"{TEMPLATES}/declaration.html",
        context={
            "declaration": found,
            "firm": await firm(found.unit),
            "questions": QUESTIONS,
            "criteria": CRITERIA,
            "files": await queries.evidence(declaration),
            "missing": service.missing(found.typed) if found.writable else [],
            "moves": await moves(declaration),
            "words": STATE_WORDS,
            "act_words": FURTHER_WORDS | {act.value: words for act, words in ACT_WORDS.items()},
            "above": [act for act in offered if act in DECIDED_ABOVE],
            "may_take_back": Act.TAKE_BACK in offered and today() <= last,
            "last_day": last,
            "may_write": may(request.user, Permission.TAKE_PART),
            "may_check": may(request.user, Permission.CHECK_WORK),
        },
    )


@post("/declarations/{declaration:uuid}", guards=TAKING_PART, opt=DECLARED)
async def write_declaration(
    request: AnyRequest, declaration: FromPath[UUID], data: URLEncodedBody[dict[str, str]]
) -> Redirect | Template:
    """Keep what was typed; from the page's own saving, answers with what is still missing."""
    missing = await service.write(declaration, data)
    if request.headers.get("hx-request"):
        return Template(f"{TEMPLATES}/missing.html", context={"missing": missing, "saved": True})
    return back(request, f"declarations/{declaration}")


@post("/declarations/{declaration:uuid}/hand-in", guards=TAKING_PART, opt=DECLARED)
async def hand_in_declaration(
    request: AnyRequest, declaration: FromPath[UUID], data: URLEncodedBody[dict[str, str]]
) -> Redirect:
    """Keep what was typed and hand it in."""
    if data.keys() & FIELDS:
        await service.write(declaration, data)
    await service.hand_in(declaration, request.user.id)
    return back(request, f"declarations/{declaration}")


@post("/declarations/{declaration:uuid}/take-back", guards=TAKING_PART)
async def take_back_declaration(request: AnyRequest, declaration: FromPath[UUID]) -> Redirect:
    """Take it back before anybody decided."""
    await service.take_back(declaration, request.user.id)
    return back(request, f"declarations/{declaration}")


@post("/declarations/{declaration:uuid}/decision", guards=CHECKING)
async def decide_declaration(
    request: AnyRequest, declaration: FromPath[UUID], data: URLEncodedBody[DecisionForm]
) -> Redirect:
    """Accept, return, reopen: somebody above, with a reason."""
    await service.decide(declaration, data.wanted(), data.reason, request.user.id)
    return back(request, f"declarations/{declaration}")


@post("/declarations/{declaration:uuid}/evidence", guards=TAKING_PART, request_max_body_size=LARGEST_BODY)
async def add_evidence(
    request: AnyRequest, declaration: FromPath[UUID], data: MultipartBody[FileForm]
) -> Redirect:
    """Keep a file behind a criterion."""
    if data.file is None or not data.file.filename:
        raise Invalid(["请选一个文件"], "没有保存", where="佐证")
    pieces = _pieces(data.file)
    await evidence.add(declaration, data.criterion, data.file.filename, pieces, request.user.id)
    return back(request, f"declarations/{declaration}")


@get("/declarations/{declaration:uuid}/evidence/{evidence_id:uuid}", guards=VIEWING)
async def evidence_file(declaration: FromPath[UUID], evidence_id: FromPath[UUID]) -> Response[Any]:
    """Hand a file out."""
    info, data = await evidence.evidence_file(declaration, evidence_id)
    return handed_out(data, info.name)


@post("/declarations/{declaration:uuid}/evidence/{evidence_id:uuid}/remove", guards=TAKING_PART)
async def remove_evidence(
    request: AnyRequest, declaration: FromPath[UUID], evidence_id: FromPath[UUID]
) -> Redirect:
    """Take a file away while the declaration is written."""
    await evidence.take_away(declaration, evidence_id, request.user.id)
    return back(request, f"declarations/{declaration}")


async def _pieces(file: UploadFile) -> AsyncIterator[bytes]:
    while piece := await file.read(PIECE):
        yield piece


PAGES = (
    declarations_page,
    begin_declaration,
    declaration_page,
    write_declaration,
    hand_in_declaration,
    take_back_declaration,
    decide_declaration,
    add_evidence,
    evidence_file,
    remove_evidence,
)
