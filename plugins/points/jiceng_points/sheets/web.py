"""Pages of the workbooks: bring in the shelf or claims, templates, claims as a workbook."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath, FromQuery, MultipartBody
from litestar.response import Template

from jiceng.api import Invalid, NotFound, Refusal, today
from jiceng.api.files import handed_out
from jiceng.api.pages import Event, Permission, needs, record_now
from jiceng_points.claims import queries
from jiceng_points.claims.schemas import ClaimFilter
from jiceng_points.forms import year_of
from jiceng_points.sheets import columns
from jiceng_points.sheets.bringing_in import bring_claims, bring_shelf
from jiceng_points.sheets.writing import claims_workbook, template

AnyRequest = Request[Any, Any, Any]
IMPORTING = [needs(Permission.IMPORT_ROSTER)]
LARGEST_UPLOAD = 21 * 1024 * 1024
FAULTS_SHOWN = 200
MOST_ROWS = 100_000
BOOKS = {
    "shelf": ("货架", {columns.SHELF: columns.ITEM}),
    "claims": (
        "认领",
        {
            columns.CLAIMS: columns.CLAIM,
            columns.OWN_LISTS: columns.OWN_LIST,
            columns.ADJUSTED: columns.ADJUSTMENT,
        },
    ),
}
"""Workbooks that can be brought in: what pages call them, their sheets by name and the columns of each."""


class UploadForm(msgspec.Struct, frozen=True):
    """A workbook."""

    file: UploadFile


@get("/import/{book:str}", guards=IMPORTING)
async def import_page(book: FromPath[str]) -> Template:
    """Where a workbook is chosen, and what its sheets should hold."""
    return _page(book)


@post("/import/{book:str}", guards=IMPORTING, request_max_body_size=LARGEST_UPLOAD, status_code=200)
async def bring_in(request: AnyRequest, book: FromPath[str], data: MultipartBody[UploadForm]) -> Template:
    """Bring a workbook in: all of it or nothing; every fault is told at its cell on the same page."""
    if book not in BOOKS:
        raise NotFound("没有这种表格")
    name = data.file.filename or BOOKS[book][0]
    content = await data.file.read()
    try:
        if book == "shelf":
            kept = await bring_shelf(content, name, state="draft", by=str(request.user.id))
        else:
            kept = await bring_claims(content, name)
    except Refusal as refused:
        return _page(book, refused=refused)
    return _page(book, kept=kept)


@get("/import/{book:str}/template", guards=IMPORTING)
async def import_template(book: FromPath[str]) -> Response[bytes]:
    """An empty workbook with drop-downs."""
    if book not in BOOKS:
        raise NotFound("没有这种表格")
    return handed_out(template(book, today()), f"{BOOKS[book][0]}模板.xlsx")


@get("/claims.xlsx", guards=[needs(Permission.VIEW_FACTS)])
async def claims_sheet(
    organization: FromQuery[UUID | None] = None, year: FromQuery[int] = 0
) -> Response[bytes]:
    """A year's claims that may be seen, as a workbook; refused when they are more than one should hold."""
    wanted = ClaimFilter(year=year_of(year, today()), organization=organization)
    rows = await queries.claims(wanted, size=MOST_ROWS + 1)
    if len(rows) > MOST_ROWS:
        raise Refusal(
            f"认领超过 {MOST_ROWS} 条，一份表放不下，没有导出",
            where="认领",
            todo_zh="请在“认领”页先选一个组织，按组织分几份导出",
            status=413,
        )
    people = await queries.named({row.verified_by for row in rows if row.verified_by})
    await record_now(Event.EXPORTED, kind="points_claims", rows=len(rows))
    return handed_out(claims_workbook(rows, people, today()), f"认领-{today()}.xlsx")


def _page(book: str, refused: Refusal | None = None, kept: int | None = None) -> Template:
    if book not in BOOKS:
        raise NotFound("没有这种表格")
    faults = refused.faults if isinstance(refused, Invalid) else ()
    title, sheets = BOOKS[book]
    return Template(
        "points/import.html",
        context={
            "book": book,
            "title": title,
            "books": {key: words for key, (words, _) in BOOKS.items()},
            "sheets": sheets,
            "refused": refused,
            "faults": [str(fault) for fault in faults[:FAULTS_SHOWN]],
            "more": max(0, len(faults) - FAULTS_SHOWN),
            "kept": kept,
        },
        status_code=refused.status if refused else 200,
    )


PAGES = (import_page, bring_in, import_template, claims_sheet)
