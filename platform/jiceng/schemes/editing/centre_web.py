"""Pages around drafts: enabling and disabling schemes, versions and their differences, clauses, files."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery, MultipartBody, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.accounts.access import Permission, needs, permits
from jiceng.kernel.clock import today
from jiceng.kernel.errors import Invalid, Refusal
from jiceng.kernel.files.handing_out import handed_out
from jiceng.kernel.forms import known_fields
from jiceng.schemes import queries
from jiceng.schemes.editing import centre, clauses, drafts, publishing
from jiceng.schemes.editing.centre import NewForm
from jiceng.schemes.editing.clauses import ClauseRow
from jiceng.schemes.editing.forms import EnableForm, Typed, UploadForm
from jiceng.schemes.editing.web import WRITING
from jiceng_sdk.rulebook import Rulebook

AnyRequest = Request[Any, Any, Any]
VIEWING = [needs(Permission.VIEW_SCHEMES)]
EMPTY_ROWS = 3
CLAUSES = known_fields("seen", r"(document|article|words)-[0-9]{1,5}")


@post("/schemes/enable", guards=WRITING)
async def enable(request: AnyRequest, data: URLEncodedBody[EnableForm]) -> Redirect:
    """Use a scheme with a preset: its first draft is opened; one used before is switched on again."""
    draft = await centre.enable(data.key, data.preset, request.user.id)
    return _to(request, f"{data.key}/drafts/{draft}" if draft else data.key)


@post("/schemes/new", guards=WRITING)
async def start(request: AnyRequest, data: URLEncodedBody[NewForm]) -> Redirect:
    """A scheme of one's own, with an empty draft."""
    key, draft = await centre.start(data, request.user.id)
    return _to(request, f"{key}/drafts/{draft}")


@post("/schemes/{key:str}/disable", guards=WRITING)
async def disable(request: AnyRequest, key: FromPath[str]) -> Redirect:
    """Stop using a scheme."""
    await centre.disable(key, request.user.id)
    return _to(request, "")


@post("/schemes/{key:str}/drafts", guards=WRITING)
async def revise(request: AnyRequest, key: FromPath[str]) -> Redirect:
    """Open the scheme's draft, or a new one of the version in force."""
    return _to(request, f"{key}/drafts/{await publishing.revise(key, request.user.id)}")


@get("/schemes/{key:str}/history", guards=VIEWING)
async def history(
    request: AnyRequest,
    key: FromPath[str],
    older: FromQuery[int] = 0,
    newer: FromQuery[int] = 0,
    published: FromQuery[int] = 0,
) -> Template:
    """Every version, and what changed between any two of them, in words."""
    scheme = await queries.scheme(key)
    versions = await queries.versions(key)
    if not newer and len(versions) > 1:
        older, newer = versions[1].number, versions[0].number
    current = await queries.in_force(key, today())
    return Template(
        "schemes/history.html",
        context={
            "scheme": scheme,
            "versions": versions,
            "current": current.number if current else 0,
            "compared": await publishing.compared(key, older, newer) if older and newer else None,
            "published": published if any(one.number == published for one in versions) else 0,
            "draft": await drafts.open_draft_of(key),
            "may_write": permits(request.user.role, Permission.MANAGE_SCHEMES),
        },
    )


@post("/schemes/{key:str}/versions/{number:int}/restore", guards=WRITING)
async def restore(request: AnyRequest, key: FromPath[str], number: FromPath[int]) -> Redirect:
    """A new draft that holds an old version."""
    return _to(request, f"{key}/drafts/{await publishing.restore(key, number, request.user.id)}")


@get("/schemes/{key:str}/versions/{number:int}/toml", guards=VIEWING)
async def version_file(key: FromPath[str], number: FromPath[int]) -> Response[bytes]:
    """A version as a file."""
    scheme = await queries.scheme(key)
    content = await publishing.version_as_toml(key, number)
    return handed_out(content.encode(), f"{scheme.title}-第{number}版.toml")


@get("/schemes/{key:str}/clauses", guards=VIEWING)
async def clauses_page(request: AnyRequest, key: FromPath[str]) -> Template:
    """Which rules stand for which clause."""
    return await _clauses(request, key)


@post("/schemes/{key:str}/clauses", guards=WRITING, opt=CLAUSES)
async def keep_clauses(request: AnyRequest, key: FromPath[str], data: URLEncodedBody[Typed]) -> Redirect:
    """Save the table of clauses."""
    await clauses.keep(key, _rows(data), data.get("seen", ""))
    return _to(request, f"{key}/clauses")


@post("/schemes/{key:str}/import", guards=WRITING, request_max_body_size=1024 * 1024 + 65536, status_code=200)
async def read_file_in(
    request: AnyRequest, key: FromPath[str], data: MultipartBody[UploadForm]
) -> Template | Redirect:
    """Read a rulebook file into the scheme's draft; every fault of the file is told by its line."""
    name = data.file.filename or "规则.toml"
    try:
        draft = await publishing.read_in(key, await data.file.read(), name, request.user.id)
    except Invalid as refused:
        return await _clauses(request, key, refused)
    return _to(request, f"{key}/drafts/{draft}")


async def _clauses(request: AnyRequest, key: str, refused: Refusal | None = None) -> Template:
    scheme = await queries.scheme(key)
    rows = await clauses.clauses(key)
    book = await _book(key)
    return Template(
        "schemes/clauses.html",
        context={
            "scheme": scheme,
            "rows": rows,
            "empty": range(len(rows), len(rows) + EMPTY_ROWS),
            "seen": clauses.digest(rows),
            "map": clauses.mapped(rows, book) if book else None,
            "may_write": permits(request.user.role, Permission.MANAGE_SCHEMES),
            "refused": refused,
        },
        status_code=refused.status if refused else 200,
    )


async def _book(key: str) -> Rulebook | None:
    """The rules to map: those in force, else the newest version; None when there is none."""
    version = await queries.in_force(key, today()) or next(iter(await queries.versions(key)), None)
    return None if version is None else await queries.book_of(version.id)


def _rows(form: Typed) -> list[ClauseRow]:
    numbers = sorted(
        int(name[8:])
        for name in form
        if name.startswith("article-") and name[8:].isdigit() and len(name) < 14  # noqa: PLR2004
    )
    rows = [
        ClauseRow(
            form.get(f"document-{n}", "").strip(),
            form.get(f"article-{n}", "").strip(),
            form.get(f"words-{n}", "").strip(),
        )
        for n in numbers
    ]
    return [row for row in rows if any(row)]


def _to(request: AnyRequest, path: str) -> Redirect:
    return Redirect(f"/t/{request.state.tenant.slug}/schemes/{path}".rstrip("/"), status_code=303)


CENTRE_PAGES = (
    enable, start, disable, revise, history, restore, version_file, clauses_page, keep_clauses, read_file_in,
)  # fmt: skip
