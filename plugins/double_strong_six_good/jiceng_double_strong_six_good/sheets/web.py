"""Workbooks on the pages: each ledger as it is handed in, and its rows read in again."""

from __future__ import annotations

import msgspec
from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath, FromQuery, MultipartBody
from litestar.response import Template

from jiceng.api import Invalid, NotFound, today
from jiceng.api.files import LARGEST, handed_out
from jiceng.api.pages import Event, Permission, needs, record_now
from jiceng_double_strong_six_good.declarations.queries import declarations
from jiceng_double_strong_six_good.doors import TEMPLATES, VIEWING
from jiceng_double_strong_six_good.firms.queries import firms
from jiceng_double_strong_six_good.forms import year_in
from jiceng_double_strong_six_good.help import queries as help_queries
from jiceng_double_strong_six_good.instructors import queries as instructor_queries
from jiceng_double_strong_six_good.sheets.bringing_in import (
    bring_declarations,
    bring_help,
    bring_instructors,
)
from jiceng_double_strong_six_good.sheets.writing import declarations_book, help_book, instructors_book
from jiceng_double_strong_six_good.vocabulary import PLUGIN

LARGEST_BODY = LARGEST + 1024 * 1024
TITLES = {"declarations": "企业申报", "help": "后进帮扶", "instructors": "指导员"}
BRINGING = {"declarations": bring_declarations, "help": bring_help, "instructors": bring_instructors}


class BookForm(msgspec.Struct, frozen=True):
    """A workbook."""

    file: UploadFile | None = None


@get("/sheets/{ledger:str}", guards=VIEWING)
async def ledger_file(ledger: FromPath[str], year: FromQuery[int] = 0) -> Response[bytes]:
    """A ledger as a workbook: declarations and help of a year, all instructors."""
    chosen, seen = year_in(year), await firms(today())
    if ledger == "declarations":
        data = declarations_book(seen, (await declarations(chosen, seen)).values())
    elif ledger == "help":
        plans = (await help_queries.plans(chosen, seen)).values()
        data = help_book(seen, {one: await help_queries.progress(one.id) for one in plans})
    elif ledger == "instructors":
        sent = await instructor_queries.instructors(seen)
        data = instructors_book(seen, {one: await instructor_queries.visits(one.id) for one in sent})
    else:
        raise NotFound("没有这个台账")
    await record_now(Event.EXPORTED, plugin=PLUGIN, kind=ledger)
    return handed_out(data, f"{TITLES[ledger]}-{chosen}.xlsx")


@get("/sheets", guards=[needs(Permission.IMPORT_ROSTER)])
async def sheets_page() -> Template:
    """Where workbooks are read in."""
    return Template(f"{TEMPLATES}/sheets.html", context={"titles": TITLES, "brought": None, "title": ""})


@post(
    "/sheets/{ledger:str}",
    guards=[needs(Permission.IMPORT_ROSTER)],
    request_max_body_size=LARGEST_BODY,
    status_code=200,
)
async def bring_in(ledger: FromPath[str], data: MultipartBody[BookForm]) -> Template:
    """Read a workbook in, all of it or nothing; tells how many rows are new."""
    if ledger not in BRINGING:
        raise NotFound("没有这个台账")
    if data.file is None or not data.file.filename:
        raise Invalid(["请选一个文件"], "没有导入", where=TITLES[ledger])
    brought = await BRINGING[ledger](await data.file.read(), data.file.filename)
    context = {"titles": TITLES, "brought": brought, "title": TITLES[ledger]}
    return Template(f"{TEMPLATES}/sheets.html", context=context)


PAGES = (ledger_file, sheets_page, bring_in)
