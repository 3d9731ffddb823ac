"""Pages of attachments: a subject's files with the form to add one, the guarded download, removing."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath, MultipartBody
from litestar.response import Redirect, Template

from jiceng.accounts.access import Permission, needs
from jiceng.accounts.labels import LABEL_NAMES, offered_labels
from jiceng.facts.attachments import keeping
from jiceng.kernel.errors import NotFound, Refusal
from jiceng.kernel.files import LARGEST, OFFERED, used
from jiceng.kernel.files.handing_out import handed_out

AnyRequest = Request[Any, Any, Any]
VIEWING = [needs(Permission.VIEW_FACTS)]
ENTERING = [needs(Permission.ENTER_FACTS)]
LARGEST_BODY = LARGEST + 1024 * 1024
PIECE = 256 * 1024
ACCEPTED = ".pdf,.png,.jpg,.jpeg,.docx,.xlsx,.txt,.csv"


class UploadForm(msgspec.Struct, frozen=True):
    """A file to keep."""

    file: UploadFile
    sensitivity: int = 0


@get("/attachments/{subject:uuid}", guards=VIEWING)
async def attachments_page(subject: FromPath[UUID]) -> Template:
    """The files about a subject, newest first."""
    return await _page(subject)


@post("/attachments/{subject:uuid}", guards=ENTERING, request_max_body_size=LARGEST_BODY)
async def attach(
    request: AnyRequest, subject: FromPath[UUID], data: MultipartBody[UploadForm]
) -> Response[Any]:
    """Keep a file; what is wrong with it is told on the same page."""
    try:
        await keeping.attach(
            _pieces(data.file),
            data.file.filename or "",
            subject,
            by=request.user.id,
            sensitivity=data.sensitivity,
        )
    except NotFound:
        raise
    except Refusal as refused:
        return await _page(subject, refused)
    return Redirect(f"/t/{request.state.tenant.slug}/attachments/{subject}", status_code=303)


@get("/files/{file_id:uuid}", guards=VIEWING)
async def download(file_id: FromPath[UUID]) -> Response[bytes]:
    """One file, always to be saved and never shown in the page's place."""
    info, content = await keeping.read(file_id)
    return handed_out(content, info.name)


@post("/files/{file_id:uuid}/remove", guards=ENTERING)
async def remove(request: AnyRequest, file_id: FromPath[UUID]) -> Redirect:
    """Remove a file; that it was there stays in the audit log."""
    info = await keeping.remove(file_id)
    return Redirect(f"/t/{request.state.tenant.slug}/attachments/{info.about_id}", status_code=303)


async def _page(subject: UUID, refused: Refusal | None = None) -> Template:
    context = {
        "name": await keeping.name_of(subject),
        "subject": subject,
        "files": await keeping.attachments(subject),
        "used": await used(),
        "quota": await keeping.quota(),
        "labels": offered_labels(),
        "label_names": LABEL_NAMES,
        "largest": LARGEST,
        "offered": OFFERED,
        "accepted": ACCEPTED,
        "refused": refused,
    }
    return Template("facts/attachments.html", context=context, status_code=refused.status if refused else 200)


async def _pieces(file: UploadFile) -> AsyncIterator[bytes]:
    while piece := await file.read(PIECE):
        yield piece


ATTACHMENT_PAGES = (attachments_page, attach, download, remove)
