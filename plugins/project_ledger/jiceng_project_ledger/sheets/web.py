"""Pages on which a workbook of projects is examined and brought in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath, MultipartBody
from litestar.response import Redirect, Template

from jiceng.api import Invalid, today
from jiceng.api.files import LARGEST, SheetOut, handed_out, write_workbook
from jiceng.api.pages import Permission, needs
from jiceng_project_ledger.sheets import columns, uploading
from jiceng_project_ledger.uploads import uploaded

AnyRequest = Request[Any, Any, Any]
IMPORTING = [needs(Permission.IMPORT_ROSTER)]
LARGEST_BODY = LARGEST + 1024 * 1024
SHOWN = 200
AT = "/import/{ledger_upload:uuid}"


class BookForm(msgspec.Struct, frozen=True):
    """A workbook."""

    file: UploadFile | None = None


@get("/import", guards=IMPORTING)
async def import_page() -> Template:
    """Where a workbook is chosen, and what its sheets hold."""
    return Template("project_ledger/import.html", context={"sheets": columns.SHEETS})


@get("/import/template", guards=IMPORTING)
async def template() -> Response[bytes]:
    """An empty workbook with drop-downs."""
    sheets = [SheetOut(name, fields) for name, fields in columns.SHEETS.items()]
    return handed_out(write_workbook(sheets, made=today()), "项目台账模板.xlsx")


@post("/import", guards=IMPORTING, request_max_body_size=LARGEST_BODY)
async def upload(request: AnyRequest, data: MultipartBody[BookForm]) -> Redirect:
    """Keep a workbook and go on to what it would do."""
    name, pieces = uploaded(data.file)
    if pieces is None:
        raise Invalid(["请选一个文件"], "没有上传", where="项目台账")
    kept = await uploading.keep(pieces, name, request.user.id)
    return _to(request, f"import/{kept}")


@get(AT, guards=IMPORTING)
async def preview_page(ledger_upload: FromPath[UUID]) -> Template:
    """What the workbook would do; nothing has changed yet."""
    found = await uploading.examine(ledger_upload)
    return Template("project_ledger/import_preview.html", context={"found": found, "most": SHOWN})


@get(f"{AT}/marked", guards=IMPORTING)
async def marked_file(ledger_upload: FromPath[UUID]) -> Response[bytes]:
    """The same workbook with every fault marked."""
    name, data = await uploading.marked(ledger_upload)
    return handed_out(data, f"{name.rpartition('.')[0]}-错误.xlsx")


@post(AT, guards=IMPORTING)
async def bring_in(request: AnyRequest, ledger_upload: FromPath[UUID]) -> Redirect:
    """Bring the workbook in, all of it or nothing."""
    await uploading.bring(ledger_upload)
    return _to(request, "")


def _to(request: AnyRequest, path: str) -> Redirect:
    return Redirect(f"/t/{request.state.tenant.slug}/project-ledger/{path}", status_code=303)


PAGES = (import_page, template, upload, preview_page, marked_file, bring_in)
