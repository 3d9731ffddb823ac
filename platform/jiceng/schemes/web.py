"""Pages of schemes: what the tenant rates by, and one scheme's rules in plain words."""

from typing import Any

from litestar import Request, Router, get
from litestar.params import FromPath
from litestar.response import Template

from jiceng.accounts.access import Permission, needs, permits
from jiceng.kernel.clock import today
from jiceng.kernel.errors import NotFound
from jiceng.schemes import host, queries
from jiceng.schemes.wording import words
from jiceng.schemes.wording.subjects import SUBJECTS

AnyRequest = Request[Any, Any, Any]
VIEWING = [needs(Permission.VIEW_SCHEMES)]


@get("/schemes", guards=VIEWING)
async def schemes_page() -> Template:
    """Every scheme with the version in force today."""
    schemes = await queries.schemes()
    return Template(
        "schemes/schemes.html",
        context={
            "schemes": [(scheme, await queries.in_force(scheme.key, today())) for scheme in schemes],
            "subjects": SUBJECTS,
        },
    )


@get("/schemes/{key:str}", guards=VIEWING)
async def scheme_page(request: AnyRequest, key: FromPath[str]) -> Template:
    """One scheme in words: items, groups, decisions, outputs; its versions. 404 while its plugin is off."""
    scheme = await queries.scheme(key)
    versions = await queries.versions(key)
    if not versions:
        raise NotFound("这个方案还没有规则", where=key)
    version = await queries.in_force(key, today()) or versions[0]
    book = await queries.book_of(version.id)
    offered = host.offer(key)
    return Template(
        "schemes/scheme.html",
        context={
            "scheme": scheme,
            "may_enter": permits(request.user.role, Permission.ENTER_FACTS),
            "book": book,
            "version": version,
            "versions": versions,
            "subject": SUBJECTS[book.subject],
            "items": words.items_said(book),
            "groups": words.groups_said(book),
            "decisions": words.decisions_said(book),
            "outputs": words.outputs_said(book),
            "presets": tuple(offered.scheme.presets.values()) if offered else (),
        },
    )


router = Router("/t/{tenant:str}", route_handlers=[schemes_page, scheme_page])
