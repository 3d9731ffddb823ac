"""Pages of schemes: what the tenant rates by, and one scheme's rules in plain words."""

from typing import Any

from litestar import Request, Router, get
from litestar.params import FromPath
from litestar.response import Template

from jiceng.accounts.access import Permission, needs, permits
from jiceng.kernel.clock import today
from jiceng.kernel.errors import NotFound
from jiceng.schemes import host, queries
from jiceng.schemes.editing import centre, drafts
from jiceng.schemes.editing.centre_web import CENTRE_PAGES
from jiceng.schemes.editing.roster_words import strangers
from jiceng.schemes.editing.web import DRAFT_PAGES
from jiceng.schemes.wording import words
from jiceng.schemes.wording.subjects import SUBJECTS

AnyRequest = Request[Any, Any, Any]
VIEWING = [needs(Permission.VIEW_SCHEMES)]


@get("/schemes", guards=VIEWING)
async def schemes_page(request: AnyRequest) -> Template:
    """Every scheme with the version in force today; for who may: what can be enabled, written, ended."""
    may_write = permits(request.user.role, Permission.MANAGE_SCHEMES)
    rows = [
        (scheme, await queries.in_force(scheme.key, today()), await drafts.open_draft_of(scheme.key))
        for scheme in await queries.schemes()
    ]
    return Template(
        "schemes/schemes.html",
        context={
            "schemes": rows,
            "subjects": SUBJECTS,
            "may_write": may_write,
            "choices": await centre.choices() if may_write else [],
            "off": await centre.switched_off() if may_write else [],
        },
    )


@get("/schemes/{key:str}", guards=VIEWING)
async def scheme_page(request: AnyRequest, key: FromPath[str]) -> Template:
    """One scheme in words: items, groups, decisions, outputs; its versions. 404 while its plugin is off."""
    scheme = await queries.scheme(key)
    versions = await queries.versions(key)
    if not versions:
        raise NotFound("这个方案还没有规则", where=key)
    current = await queries.in_force(key, today())
    version = current or versions[0]
    book = await queries.book_of(version.id)
    offered = host.offer(key)
    may_write = permits(request.user.role, Permission.MANAGE_SCHEMES)
    return Template(
        "schemes/scheme.html",
        context={
            "scheme": scheme,
            "may_write": may_write,
            "draft": await drafts.open_draft_of(key),
            "may_enter": permits(request.user.role, Permission.ENTER_FACTS),
            "book": book,
            "version": version,
            "in_force": current is not None,
            "versions": versions,
            "subject": SUBJECTS[book.subject],
            "items": words.items_said(book),
            "groups": words.groups_said(book),
            "decisions": words.decisions_said(book),
            "outputs": words.outputs_said(book),
            "areas": words.areas_said(book),
            "presets": tuple(offered.scheme.presets.values()) if offered else (),
            "strange": await strangers(book, today()) if may_write else [],
        },
    )


router = Router("/t/{tenant:str}", route_handlers=[schemes_page, scheme_page, *CENTRE_PAGES, *DRAFT_PAGES])
