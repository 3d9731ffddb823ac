"""Pages of one draft: the whole of it, the form of each part, publishing, discarding, files."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery, MultipartBody, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.accounts.access import Permission, needs
from jiceng.kernel.clock import today
from jiceng.kernel.errors import Conflict, Invalid, NotFound, Refusal
from jiceng.kernel.files.handing_out import handed_out
from jiceng.kernel.forms import known_fields
from jiceng.schemes.editing import drafts, publishing, showing
from jiceng.schemes.editing.boxes import boxes, in_use, kept, offers
from jiceng.schemes.editing.checking import check
from jiceng.schemes.editing.drafts import Change, Crossed, DraftInfo
from jiceng.schemes.editing.fields import SECTIONS, specs_of
from jiceng.schemes.editing.fields.decisions import LOOKS
from jiceng.schemes.editing.flat import sheet_of
from jiceng.schemes.editing.forms import BallotForm, MoveForm, RevisionForm, Typed, UploadForm, revision_in
from jiceng.schemes.editing.naming import CELLS, part_fields
from jiceng.schemes.editing.parts import add_ballot, keep_part, set_cells
from jiceng.schemes.editing.publishing import LARGEST_FILE, Order, Unpublishable
from jiceng.schemes.editing.spec import Options
from jiceng.schemes.editing.starting import DECIDE, started
from jiceng.schemes.queries import schemes

AnyRequest = Request[Any, Any, Any]
WRITING = [needs(Permission.MANAGE_SCHEMES)]
SAVED = {"HX-Trigger": "draft-saved"}
AT = "/schemes/{key:str}/drafts/{draft:uuid}"
NEW = "new"
TABLES, PART = known_fields("revision", CELLS), known_fields(asking=part_fields)


@get(AT, guards=WRITING)
async def draft_page(request: AnyRequest, key: FromPath[str], draft: FromPath[UUID]) -> Template:
    """The draft: its parts in words, what is wrong, what changed, the trial, publishing."""
    return await _page(request, await _draft(key, draft))


@post(f"{AT}/cells", guards=WRITING, opt=TABLES, status_code=200)
async def save_cells(
    request: AnyRequest, key: FromPath[str], draft: FromPath[UUID], data: URLEncodedBody[Typed]
) -> Template | Redirect:
    """Save numbers that were changed in the tables; htmx gets the tables anew, a plain form the page."""
    await _draft(key, draft)
    saved, others = await set_cells(draft, data, by=request.user.id)
    if not request.headers.get("hx-request"):
        return _to(request, saved)
    return await _page(request, saved, "schemes/book.html", headers=SAVED, others=others)


@get(f"{AT}/parts/{{section:str}}/{{part:str}}", guards=WRITING)
async def part_page(
    key: FromPath[str],
    draft: FromPath[UUID],
    section: FromPath[str],
    part: FromPath[str],
    kind: FromQuery[str] = "",
) -> Template:
    """The form of one part; `new` starts one of the kind."""
    found = await _draft(key, draft)
    _known(section)
    if part == NEW:
        return await _part(found, section, started(section, kind, found.sheets), checked=False)
    return await _part(found, section, found.part(section, "" if section == "header" else part))


@post(f"{AT}/parts/{{section:str}}/{{part:str}}", guards=WRITING, opt=PART)
async def save_part(
    request: AnyRequest,
    key: FromPath[str],
    draft: FromPath[UUID],
    section: FromPath[str],
    part: FromPath[str],
    data: URLEncodedBody[Typed],
) -> Template | Redirect:
    """Save one part as typed; faults in its fields keep the form open, with them at the fields."""
    found = await _draft(key, draft)
    sheet = in_use(section, _typed(section, part, data))
    try:
        saved = await keep_part(
            found, section, sheet, revision_in(data), data.get("_into", ""), request.user.id
        )
    except Crossed as crossed:
        if crossed.theirs is None:  # taken out meanwhile: saved again, it is a part anew
            sheet.pop("id", None)
        return await _part(crossed.draft, section, sheet, crossed=crossed)
    kept = saved.draft.part(section, saved.part)
    if any(w.bad and w.spot.field for w in check(saved.draft.sheets).of(section, saved.part)):
        return await _part(saved.draft, section, kept, others=saved.others)
    if data.get("again"):
        return Redirect(f"{_address(request, found)}/parts/{section}/{NEW}", status_code=303)
    return _to(request, saved.draft, f"#{section}")


@post(f"{AT}/redraw/{{section:str}}/{{part:str}}", guards=WRITING, opt=PART, status_code=200)
async def redraw_part(
    request: AnyRequest,
    key: FromPath[str],
    draft: FromPath[UUID],
    section: FromPath[str],
    part: FromPath[str],
    data: URLEncodedBody[Typed],
) -> Template:
    """The form again with a row more or less, or other fields; nothing is saved."""
    found = await _draft(key, draft)
    sheet = _typed(section, part, data)
    if (gone := data.get("drop_row", "")).count("-") == 1:
        table, n = gone.split("-")
        sheet[table] = [row for place, row in enumerate(sheet.get(table, [])) if str(place) != n]
    name = "schemes/part_form.html" if request.headers.get("hx-request") else "schemes/part.html"
    return await _part(
        found, section, sheet, name, extra=data.get("add_row", ""), into=data.get("_into"), checked=False,
        revision=revision_in(data),
    )  # fmt: skip


@post(f"{AT}/remove/{{section:str}}/{{part:str}}", guards=WRITING, opt=PART)
async def remove_part(
    request: AnyRequest,
    key: FromPath[str],
    draft: FromPath[UUID],
    section: FromPath[str],
    part: FromPath[str],
    data: URLEncodedBody[RevisionForm],
) -> Redirect:
    """Take a part out."""
    await _draft(key, draft)
    _known(section)
    saved = await drafts.remove_part(draft, section, part, data.revision, request.user.id)
    return _to(request, saved.draft, f"#{section}")


@post(f"{AT}/move/{{section:str}}/{{part:str}}", guards=WRITING, opt=TABLES, status_code=200)
async def move_part(
    request: AnyRequest,
    key: FromPath[str],
    draft: FromPath[UUID],
    section: FromPath[str],
    part: FromPath[str],
    data: URLEncodedBody[MoveForm],
) -> Template | Redirect:
    """Move a part up or down; in `decide` the order is content."""
    await _draft(key, draft)
    _known(section)
    saved = await drafts.move_part(draft, section, part, -1 if data.step < 0 else 1, request.user.id)
    if not request.headers.get("hx-request"):
        return _to(request, saved.draft, f"#{section}")
    return await _page(request, saved.draft, "schemes/book.html", headers=SAVED)


@get(f"{AT}/ballot", guards=WRITING)
async def ballot_page(key: FromPath[str], draft: FromPath[UUID]) -> Template:
    """The pattern of a vote of several parties."""
    return Template("schemes/ballot.html", context={"draft": await _draft(key, draft), "form": BallotForm()})


@post(f"{AT}/ballot", guards=WRITING)
async def save_ballot(
    request: AnyRequest, key: FromPath[str], draft: FromPath[UUID], data: URLEncodedBody[BallotForm]
) -> Redirect:
    """Write the parts of a vote: ballots, an item for each party, the weighted group."""
    return _to(request, await add_ballot(await _draft(key, draft), data, request.user.id), "#groups")


@post(f"{AT}/publish", guards=WRITING, status_code=200)
async def publish(
    request: AnyRequest, key: FromPath[str], draft: FromPath[UUID], data: URLEncodedBody[Order]
) -> Template | Redirect:
    """Publish, or show every fault that forbids it on the page of the draft."""
    await _draft(key, draft)
    try:
        version = await publishing.publish(draft, data, request.user.id)
    except (Unpublishable, Invalid, Conflict) as refused:
        # Read anew: the refusal may be that somebody saved it meanwhile, and then the page says what.
        found = await _draft(key, draft)
        others = await drafts.changes(draft, data.revision) if data.revision else []
        return await _page(request, found, refused=refused, order=data, others=others)
    address = f"/t/{request.state.tenant.slug}/schemes/{key}/history?published={version.number}"
    return Redirect(address, status_code=303)


@post(f"{AT}/discard", guards=WRITING)
async def discard(request: AnyRequest, key: FromPath[str], draft: FromPath[UUID]) -> Redirect:
    """Give the draft up."""
    await _draft(key, draft)
    await drafts.discard(draft, request.user.id)
    return Redirect(f"/t/{request.state.tenant.slug}/schemes", status_code=303)


@get(f"{AT}/toml", guards=WRITING)
async def draft_file(key: FromPath[str], draft: FromPath[UUID]) -> Response[bytes]:
    """The draft as a file; refused while it has errors."""
    found = await _draft(key, draft)
    return handed_out((await publishing.draft_as_toml(draft)).encode(), f"{found.title}-草稿.toml")


@post(f"{AT}/import", guards=WRITING, request_max_body_size=LARGEST_FILE + 65536, status_code=200)
async def read_file_in(
    request: AnyRequest, key: FromPath[str], draft: FromPath[UUID], data: MultipartBody[UploadForm]
) -> Template | Redirect:
    """Replace the draft by a file; every fault of the file is told by its line."""
    found = await _draft(key, draft)
    try:
        await publishing.read_in(
            key, await data.file.read(), data.file.filename or "规则.toml", request.user.id
        )
    except Invalid as refused:
        return await _page(request, found, refused=refused)
    return _to(request, found)


async def _draft(key: str, draft: UUID) -> DraftInfo:
    found = await drafts.draft(draft)
    if found.key != key:
        raise NotFound("没有这份草稿")
    return found


def _known(section: str) -> None:
    if section != "header" and section not in SECTIONS:
        raise NotFound("没有这一类内容")


def _typed(section: str, part: str, data: Typed) -> dict[str, Any]:
    _known(section)
    do = data.get("do", "")
    if section == "decide" and do not in LOOKS:
        raise NotFound("没有这一种决定")
    sheet = sheet_of(data, specs_of(section, do), ("do",))
    return sheet if section == "header" or part == NEW else {"id": part, **sheet}


async def _referable(draft: DraftInfo) -> Options:
    """The schemes whose results this one may read: key and title."""
    return tuple((one.key, one.title) for one in await schemes() if one.available and one.key != draft.key)


async def _part(
    draft: DraftInfo,
    section: str,
    sheet: dict[str, Any],
    name: str = "schemes/part.html",
    *,
    extra: str = "",
    into: str | None = None,
    checked: bool = True,
    crossed: Crossed | None = None,
    others: list[Change] | None = None,
    revision: int = 0,
) -> Template:
    part = str(sheet.get("id", ""))
    wrongs = check(draft.sheets).of(section, part) if checked and crossed is None else ()
    groups = [(one.get("name", ""), one.get("title", "")) for one in draft.sheets.get("groups", [])]
    return Template(
        name,
        context={
            "draft": draft,
            "section": section,
            "title": "基本情况" if section == "header" else SECTIONS[section].part,
            "help": "" if section == "header" else SECTIONS[section].help,
            "part": part or ("" if section == "header" else NEW),
            "sheet": sheet,
            "boxes": boxes(
                section,
                sheet,
                wrongs,
                extra=extra,
                theirs=crossed.theirs if crossed else None,
                schemes=await _referable(draft) if section == "facts" else (),
            ),
            "kept": kept(section, sheet),
            "general": [wrong for wrong in wrongs if not wrong.spot.field],
            "offers": offers(draft.sheets, section, sheet),
            "groups": groups if section == "items" and not part else [],
            "into": "score" if into is None else into,
            "crossed": crossed,
            "others": others or [],
            "revision": revision or draft.revision,
        },
        status_code=409 if crossed else 200,
    )


async def _page(
    request: AnyRequest,
    draft: DraftInfo,
    name: str = "schemes/draft.html",
    *,
    headers: dict[str, str] | None = None,
    refused: Refusal | None = None,
    order: Order | None = None,
    others: list[Change] | None = None,
) -> Template:
    return Template(
        name,
        context={
            "draft": draft,
            "header": draft.sheets["header"][0],
            "shown": await showing.show(draft),
            "sections": SECTIONS,
            "starts": DECIDE,
            "log": await drafts.changes(draft.id),
            "trial": _has_trial(request),
            "refused": refused,
            "order": order or Order(from_day=today().isoformat()),
            "others": others or [],
        },
        headers=headers or {},
        status_code=refused.status if refused else 200,
    )


def _has_trial(request: AnyRequest) -> bool:
    """Whether the what-if panel is part of this application."""
    return any(route.path.endswith("/drafts/{draft:uuid}/trial") for route in request.app.routes)


def _address(request: AnyRequest, draft: DraftInfo) -> str:
    return f"/t/{request.state.tenant.slug}/schemes/{draft.key}/drafts/{draft.id}"


def _to(request: AnyRequest, draft: DraftInfo, anchor: str = "") -> Redirect:
    return Redirect(_address(request, draft) + anchor, status_code=303)


DRAFT_PAGES = (
    draft_page, save_cells, part_page, save_part, redraw_part, remove_part, move_part, ballot_page,
    save_ballot,
    publish, discard, draft_file, read_file_in,
)  # fmt: skip
