"""Pages of the library: the list of projects."""

from __future__ import annotations

from litestar import get
from litestar.response import Template

from jiceng.api.pages import Permission, needs
from jiceng_project_ledger.library import queries
from jiceng_project_ledger.library.vocabulary import KIND_WORDS
from jiceng_project_ledger.states import STATE_WORDS


@get("/", guards=[needs(Permission.VIEW_FACTS)])
async def library_page() -> Template:
    """Every project that may be seen."""
    return Template(
        "project_ledger/library.html",
        context={"projects": await queries.projects(), "kinds": KIND_WORDS, "words": STATE_WORDS},
    )


PAGES = (library_page,)
