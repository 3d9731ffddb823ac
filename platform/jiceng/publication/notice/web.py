"""The notice as a page, as a Word file and as a PDF."""

from pathlib import Path
from typing import Any
from uuid import UUID

from litestar import Request, Response, get
from litestar.params import FromPath
from litestar.response import Template

from jiceng.accounts.access import Permission, may, needs
from jiceng.evaluation import queries as evaluation
from jiceng.evaluation.schemas import RunInfo
from jiceng.kernel.audit import Event, record_now
from jiceng.kernel.clock import now, today
from jiceng.kernel.documents import font_here, pdf, word
from jiceng.kernel.errors import NotFound
from jiceng.kernel.files.handing_out import handed_out
from jiceng.publication import queries
from jiceng.publication.notice.reading import notice_of
from jiceng.publication.notice.wording import NoticeText

AnyRequest = Request[Any, Any, Any]
READING = [needs(Permission.VIEW_RESULTS)]
PAPERS = Path(__file__).parents[1] / "templates" / "publication"
PDF = "application/pdf"


@get("/runs/{run_id:uuid}/notice", guards=READING)
async def notice_page(request: AnyRequest, run_id: FromPath[UUID]) -> Template:
    """The notice as it is printed; names of persons masked, no places, in the order of organizations."""
    run = await evaluation.done(run_id)
    info = await queries.publication(run.id)
    return Template(
        "publication/notice.html",
        context={
            "run": run,
            "info": info,
            "notice": await notice_of(run, info, request.state.tenant.name),
            "today": today(),
            "has_font": bool(font_here()),
            "may_publish": may(request.user, Permission.PUBLISH_RESULTS),
        },
    )


@get("/runs/{run_id:uuid}/notice.docx", guards=READING)
async def notice_word(request: AnyRequest, run_id: FromPath[UUID]) -> Response[bytes]:
    """The notice as a Word file, to be given a number and a seal."""
    run, notice = await _notice(request, run_id)
    data = await word(PAPERS / "notice.docx", notice.on_paper(), [notice.widths()])
    return await _file(run, data, "docx")


@get("/runs/{run_id:uuid}/notice.pdf", guards=READING)
async def notice_pdf(request: AnyRequest, run_id: FromPath[UUID]) -> Response[bytes]:
    """The notice as a PDF, to be put up. Raises NoFont where the server has no Chinese font."""
    run, notice = await _notice(request, run_id)
    data = await pdf(PAPERS / "notice.typ", notice.on_paper(), now())
    return await _file(run, data, "pdf")


async def _notice(request: AnyRequest, run_id: UUID) -> tuple[RunInfo, NoticeText]:
    run = await evaluation.done(run_id)
    notice = await notice_of(run, await queries.publication(run.id), request.state.tenant.name)
    if notice is None:
        raise NotFound("还没有开始公示", todo_zh="复核以后填写公示内容，开始公示后才有公示文件")
    return run, notice


async def _file(run: RunInfo, data: bytes, kind: str) -> Response[bytes]:
    await record_now(Event.EXPORTED, ("run", run.id), kind="notice", format=kind)
    return handed_out(data, f"{run.period}{run.title}公示.{kind}".replace(" ", ""))


ROUTES = (notice_page, notice_word, notice_pdf)
