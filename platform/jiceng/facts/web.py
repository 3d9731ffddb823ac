"""Pages of facts: everything recorded about one subject."""

from typing import Any
from uuid import UUID

from litestar import Request, Router, get
from litestar.params import FromPath
from litestar.response import Template

from jiceng.accounts.access import Permission, needs
from jiceng.facts import queries
from jiceng.kernel.errors import NotFound
from jiceng.roster.queries import names
from jiceng.schemes.titles import field_titles

AnyRequest = Request[Any, Any, Any]


@get("/facts/{subject:uuid}", guards=[needs(Permission.VIEW_FACTS)])
async def subject_page(subject: FromPath[UUID]) -> Template:
    """Every fact of a subject, corrections included. 404 for somebody the roster does not know."""
    name = (await names([subject])).get(subject)
    if name is None:
        raise NotFound("名册里没有这个对象", where=str(subject))
    facts = await queries.of_subject(subject)
    titles = {scheme: await field_titles(scheme) for scheme in {fact.scheme for fact in facts}}
    return Template(
        "facts/subject.html", context={"name": name, "facts": facts, "titles": titles, "subject": subject}
    )


router = Router("/t/{tenant:str}", route_handlers=[subject_page])
