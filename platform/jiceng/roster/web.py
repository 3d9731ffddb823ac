"""Pages of the roster: organizations, members, import with preview. Doors only: rules are in the service."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.params import FromPath, FromQuery, MultipartBody, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.accounts.access import Permission, needs
from jiceng.accounts.fields import readable_here
from jiceng.kernel import clock
from jiceng.kernel.audit import Event, record_now
from jiceng.kernel.crypto.hidden import hide, shown
from jiceng.kernel.errors import Conflict, Invalid, Refusal
from jiceng.kernel.files.handing_out import handed_out
from jiceng.kernel.paging import Page
from jiceng.kernel.spreadsheets import LIMITS
from jiceng.kernel.typed import needed_choice, read_choice, read_day, single
from jiceng.roster import listing, queries, service, vocabulary
from jiceng.roster.erasing.web import PAGES as ERASING_PAGES
from jiceng.roster.forms import ApplyForm, TitlesForm, UndoForm, UploadForm
from jiceng.roster.importing import history
from jiceng.roster.importing.sheets import SHEETS
from jiceng.roster.importing.telling import told_once
from jiceng.roster.listing import MemberFilters
from jiceng.roster.one_member.optional import switched_on
from jiceng.roster.one_member.web import PAGES as MEMBER_PAGES
from jiceng.roster.schemas import Preview

AnyRequest = Request[Any, Any, Any]
VIEWING = [needs(Permission.VIEW_ROSTER)]
IMPORTING = [needs(Permission.IMPORT_ROSTER)]
FAULTS_SHOWN = 200
RETURNING_SHOWN = 200
ORGANIZATIONS_SHOWN = 100
LARGEST_UPLOAD = LIMITS.file_bytes + 1024 * 1024


@get("/organizations", guards=VIEWING)
async def organizations_page(
    kind: FromQuery[str] = "",
    field: FromQuery[str] = "",
    name: FromQuery[str] = "",
    at: FromQuery[str] = "",
    page: FromQuery[int] = 1,
) -> Template:
    """The tree of organizations as of a day, with the members of each and of all below it."""
    day = single(read_day, at, "日期", "日期看不懂") or clock.today()
    tree = await queries.organizations(day)
    shown = [
        row
        for row in tree
        if kind in {"", row.kind} and field in {"", row.field} and name.strip() in (row.name + row.number)
    ]
    held = await listing.members_of_organizations(day)
    context = {
        "found": Page.of(shown, page, ORGANIZATIONS_SHOWN),
        "all": len(tree),
        "held": held,
        "totals": listing.with_all_below(tree, held),
        "counts": await queries.counts(day),
        "filters": {"kind": kind, "field": field, "name": name.strip(), "at": day},
        "kinds": vocabulary.ORGANIZATION_KINDS,
        "fields": vocabulary.FIELDS,
        "today": clock.today(),
    }
    return Template("roster/organizations.html", context=context)


@get("/members", guards=VIEWING)
async def members_page(
    organization: FromQuery[str] = "",
    category: FromQuery[str] = "",
    standing: FromQuery[str] = "",
    name: FromQuery[str] = "",
    at: FromQuery[str] = "",
    page: FromQuery[int] = 1,
) -> Template:
    """Members as of a day, by organization and number; nobody is ranked. `name` is hidden words."""
    day = single(read_day, at, "日期", "日期看不懂") or clock.today()
    place = single(read_choice, organization, "组织", "没有这个组织")
    filters = MemberFilters(place, category, standing, await shown(name))
    found = await listing.find_members(filters, day, page)
    await record_now(Event.MEMBERS_READ, ("organization", filters.organization), count=len(found.rows))
    places = {place.id: place for place in await queries.organizations(day)}
    context = {
        "found": found,
        "places": places,
        "filters": filters,
        "hidden": await hide(filters.name),
        "at_day": day,
        "fields": readable_here(),
        "may_find": bool(readable_here() & await switched_on()),
        "today": clock.today(),
        "offered": listing.offered(places.values()),
        "categories": vocabulary.CATEGORIES,
        "states": vocabulary.STATES,
    }
    return Template("roster/members.html", context=context)


@get("/import", guards=IMPORTING)
async def import_page() -> Template:
    """Where a roster file is chosen."""
    return await _import_page()


async def _import_page(refused: Refusal | None = None) -> Template:
    context = {"refused": refused, "imports": await history.imports()}
    return Template("roster/import.html", context=context, status_code=refused.status if refused else 200)


@get("/import/template", guards=IMPORTING)
async def import_template(request: AnyRequest) -> Response[bytes]:
    """An empty roster workbook with drop-downs."""
    slug = request.state.tenant.slug
    return handed_out(await service.template(slug, clock.today()), f"名册模板-{slug}.xlsx")


@post("/import", guards=IMPORTING, request_max_body_size=LARGEST_UPLOAD, status_code=200)
async def upload(request: AnyRequest, data: MultipartBody[UploadForm]) -> Response[Any]:
    """Keep the file and show what it would do; a file that cannot be read is refused on the same page."""
    name = data.file.filename or "名册"
    try:
        kept = await service.keep_upload(await data.file.read(), name, request.user.id)
    except Refusal as refused:
        return await _import_page(refused)
    return Redirect(f"/t/{request.state.tenant.slug}/import/{kept}", status_code=303)


@get("/import/{upload_id:uuid}", guards=IMPORTING)
async def preview_page(upload_id: FromPath[UUID]) -> Template:
    """Everything the file would do, and everything that is wrong with it."""
    preview = await service.preview_upload(upload_id)
    return _preview(upload_id, preview)


def _preview(
    upload: UUID, preview: Preview, refused: Refusal | None = None, rows: Sequence[tuple[str, str, str]] = ()
) -> Template:
    """The preview; `rows`: what was chosen for columns and refused, so that nobody chooses it twice."""
    context = {
        "preview": preview,
        "upload": upload,
        "told": told_once(preview.faults),
        "most": FAULTS_SHOWN,
        "most_returning": RETURNING_SHOWN,
        "refused": refused,
        "choices": {(table, title): field for table, title, field in rows},
        "columns": {(sheet.table, each.field): each.title for sheet in SHEETS for each in sheet.columns},
    }
    return Template("roster/preview.html", context=context, status_code=refused.status if refused else 200)


@post("/import/{upload_id:uuid}/titles", guards=IMPORTING)
async def tell_titles(
    request: AnyRequest, upload_id: FromPath[UUID], data: URLEncodedBody[TitlesForm]
) -> Response[Any]:
    """Keep which column is which, and show the preview anew."""
    try:
        await service.tell_titles(upload_id, data.rows())
    except Invalid as refused:
        return _preview(upload_id, await service.preview_upload(upload_id), refused, data.rows())
    return Redirect(f"/t/{request.state.tenant.slug}/import/{upload_id}", status_code=303)


@post("/import/{upload_id:uuid}", guards=IMPORTING)
async def import_file(
    request: AnyRequest, upload_id: FromPath[UUID], data: URLEncodedBody[ApplyForm]
) -> Redirect:
    """Import what was previewed, all of it or nothing."""
    back = {single(needed_choice, each, "要恢复的", "没有导入") for each in data.chosen()}
    change = await service.apply_upload(
        upload_id, data.version, by=request.user.id, back=back, all_back=data.all_returned == "yes"
    )
    place = f"imports/{change}" if change else "organizations"
    return Redirect(f"/t/{request.state.tenant.slug}/{place}", status_code=303)


@get("/imports/{brought:uuid}", guards=IMPORTING)
async def imported_page(brought: FromPath[UUID]) -> Template:
    """What an import did; where it can be taken back."""
    context = {"told": await history.one_import(brought), "refused": None, "reason": ""}
    return Template("roster/imported.html", context=context)


@post("/imports/{brought:uuid}/undo", guards=IMPORTING)
async def undo_import(
    request: AnyRequest, brought: FromPath[UUID], data: URLEncodedBody[UndoForm]
) -> Response[Any]:
    """Take an import back; refused on the same page, with what stands on it."""
    try:
        await service.undo_import(brought, data.reason, by=request.user.id)
    except (Invalid, Conflict) as refused:
        context = {"told": await history.one_import(brought), "refused": refused, "reason": data.reason}
        return Template("roster/imported.html", context=context, status_code=refused.status)
    return Redirect(f"/t/{request.state.tenant.slug}/imports/{brought}", status_code=303)


@get("/import/{upload_id:uuid}/marked", guards=IMPORTING)
async def marked(upload_id: FromPath[UUID]) -> Response[bytes]:
    """The user's own file with its faults marked in it."""
    name, content = await service.marked_upload(upload_id)
    return handed_out(content, name)


router = Router(
    "/t/{tenant:str}",
    route_handlers=[
        organizations_page,
        members_page,
        *MEMBER_PAGES,
        *ERASING_PAGES,
        import_page,
        import_template,
        upload,
        preview_page,
        tell_titles,
        import_file,
        imported_page,
        undo_import,
        marked,
    ],
)
