"""Pages of facts: handing in a workbook of a scheme, and everything recorded about one subject."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.params import FromPath, MultipartBody, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.accounts.access import Permission, needs
from jiceng.facts import queries, service
from jiceng.facts.attachments.web import ATTACHMENT_PAGES
from jiceng.facts.campaigns.sheet_web import SHEET_PAGES
from jiceng.facts.campaigns.web import CAMPAIGN_PAGES
from jiceng.facts.forms import UndoForm, UploadForm
from jiceng.facts.imports.fitting import objections
from jiceng.facts.imports.listing import by_kind, imports, one_import
from jiceng.facts.imports.titles import Unkept
from jiceng.facts.imports.undoing import undo_import
from jiceng.facts.rows.checking import handed_in
from jiceng.facts.rows.sheets import columns_for
from jiceng.facts.schemas import Brought
from jiceng.kernel.audit import Event, record_now
from jiceng.kernel.clock import today
from jiceng.kernel.errors import Conflict, Invalid, NotFound, Refusal
from jiceng.kernel.files.handing_out import handed_out
from jiceng.kernel.spreadsheets import LIMITS
from jiceng.roster.queries import subject_name
from jiceng.schemes.queries import rulebook_for, scheme, versions
from jiceng.schemes.wording.titles import field_titles

AnyRequest = Request[Any, Any, Any]
ENTERING = [needs(Permission.ENTER_FACTS)]
LARGEST_UPLOAD = LIMITS.file_bytes + 1024 * 1024
FAULTS_SHOWN = 200


@get("/facts/import/{key:str}", guards=ENTERING)
async def import_page(request: AnyRequest, key: FromPath[str]) -> Template:
    """Where a workbook of facts is chosen, and what its sheets should hold."""
    return await _import_page(request, key)


@get("/facts/import/{key:str}/template", guards=ENTERING)
async def import_template(key: FromPath[str]) -> Response[bytes]:
    """An empty workbook with a sheet for every kind of fact, with drop-downs."""
    found = await scheme(key)
    book = (await rulebook_for(key, today())).book
    return handed_out(service.template(book), f"{found.title}-事实模板.xlsx")


@post("/facts/import/{key:str}", guards=ENTERING, request_max_body_size=LARGEST_UPLOAD, status_code=200)
async def upload(request: AnyRequest, key: FromPath[str], data: MultipartBody[UploadForm]) -> Response[Any]:
    """Import a workbook: all of it or nothing; every fault is told at its cell, here or in the file."""
    await scheme(key)
    name, content = data.file.filename or "事实", await data.file.read()
    try:
        if told := data.told():
            await service.tell_titles(key, told)
        brought = await service.bring_in(key, content, name, by=request.user.id)
    except Refusal as refused:
        if data.marked and isinstance(refused, Unkept):
            found = await service.marked(key, content, name, refused.faults)
            return handed_out(found, f"{name.rsplit('.', 1)[0]}-标错.xlsx")
        return await _import_page(request, key, refused=refused)
    return await _import_page(request, key, brought)


@get("/facts/imports/{workbook:uuid}", guards=ENTERING)
async def imported_page(request: AnyRequest, workbook: FromPath[UUID]) -> Template:
    """What a workbook brought; where it can be taken back."""
    return await _imported(request, workbook)


@post("/facts/imports/{workbook:uuid}/undo", guards=ENTERING)
async def undo(
    request: AnyRequest, workbook: FromPath[UUID], data: URLEncodedBody[UndoForm]
) -> Response[Any]:
    """Take a workbook back as a whole; refused on the same page, with the reason."""
    try:
        await undo_import(workbook, data.reason, by=request.user.id)
    except (Invalid, Conflict) as refused:
        return await _imported(request, workbook, refused, data.reason)
    return Redirect(f"/t/{request.state.tenant.slug}/facts/imports/{workbook}", status_code=303)


@get("/facts/{subject:uuid}", guards=[needs(Permission.VIEW_FACTS)])
async def subject_page(subject: FromPath[UUID]) -> Template:
    """Every fact of a subject, corrections included. 404 for somebody the roster does not know."""
    name = await subject_name(subject, today())
    if name is None:
        raise NotFound("名册里没有这个对象", where=str(subject))
    facts = await queries.of_subject(subject)
    await record_now(Event.FACTS_READ, ("subject", subject), count=len(facts))
    titles = {key: await field_titles(key) for key in {fact.scheme for fact in facts}}
    return Template(
        "facts/subject.html", context={"name": name, "facts": facts, "titles": titles, "subject": subject}
    )


async def _imported(
    request: AnyRequest, workbook: UUID, refused: Refusal | None = None, reason: str = ""
) -> Template:
    context = {
        "told": await one_import(workbook, request.user.id),
        "kinds": await by_kind(workbook),
        "refused": refused,
        "reason": reason,
    }
    return Template("facts/imported.html", context=context, status_code=refused.status if refused else 200)


async def _import_page(
    request: AnyRequest, key: str, brought: Brought | None = None, refused: Refusal | None = None
) -> Template:
    found = await scheme(key)
    book = (await rulebook_for(key, today())).book
    called = service.sheet_names(handed_in(book))
    faults = refused.faults if isinstance(refused, Unkept) else ()
    return Template(
        "facts/import.html",
        context={
            "scheme": found,
            "sheets": [
                (called[kind], list(columns_for(fact).values()), await queries.count(key, kind))
                for kind, fact in handed_in(book).items()
            ],
            "imported": brought.kinds if brought else (),
            "unread": brought.unread if brought else [],
            "titles": brought.titles if brought else refused.titles if isinstance(refused, Unkept) else (),
            "imports": await imports(key, request.user.id),
            "refused": refused,
            "misfits": await objections(key, book, today()) if len(await versions(key)) > 1 else [],
            "columns": {
                (kind, column.field): column.title
                for kind, fact in handed_in(book).items()
                for column in columns_for(fact).values()
            },
            "faults": faults[:FAULTS_SHOWN],
            "more": max(0, len(faults) - FAULTS_SHOWN),
        },
        status_code=refused.status if refused else 200,
    )


router = Router(
    "/t/{tenant:str}",
    route_handlers=[
        import_page,
        import_template,
        upload,
        imported_page,
        undo,
        subject_page,
        *ATTACHMENT_PAGES,
        *CAMPAIGN_PAGES,
        *SHEET_PAGES,
    ],
)
