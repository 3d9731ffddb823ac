"""Pages of a trial: the panel beside the form of a draft, and the same as a page to print."""

from typing import Any
from uuid import UUID

from litestar import Request, Router, get
from litestar.params import FromPath, FromQuery
from litestar.response import Template

from jiceng.accounts.access import Permission, needs
from jiceng.evaluation.trial.asking import Answer, Refused, Waiting, ask, last_good
from jiceng.evaluation.trial.movers import movers
from jiceng.evaluation.trial.schemas import Trial
from jiceng.kernel.clock import today
from jiceng.kernel.errors import NotFound
from jiceng.schemes import queries as schemes
from jiceng.schemes.editing import drafts
from jiceng.schemes.editing.checking import check
from jiceng.schemes.editing.objecting import objections
from jiceng.schemes.editing.roster_words import strangers
from jiceng.schemes.editing.showing import titled
from jiceng.schemes.wording.subjects import SUBJECTS

AnyRequest = Request[Any, Any, Any]
GUARDS = [needs(Permission.MANAGE_SCHEMES)]
PRINTED = 500
"""Movers on the page to print; the panel shows them page by page."""


@get("/schemes/{key:str}/drafts/{draft:uuid}/trial", guards=GUARDS)
async def panel(
    key: FromPath[str], draft: FromPath[UUID], cause: FromQuery[str] = "", page: FromQuery[int] = 1
) -> Template:
    """The panel: a fragment that the page of the draft loads, and loads again after every change."""
    return Template("evaluation/trial.html", context=await _context(key, draft, cause, page))


@get("/schemes/{key:str}/drafts/{draft:uuid}/trial/print", guards=GUARDS)
async def printed(key: FromPath[str], draft: FromPath[UUID]) -> Template:
    """The same as a whole page, with everybody who moves."""
    return Template("evaluation/trial_page.html", context=await _context(key, draft, "", 1, PRINTED))


async def _context(key: str, draft: UUID, cause: str, page: int, size: int = 0) -> dict[str, Any]:
    scheme = await schemes.scheme(key)
    info = await drafts.draft(draft)
    if info.key != key:
        raise NotFound("没有这份草稿", todo_zh="它可能已经发布或放弃，请回到方案查看")
    answer, faults = await _answer(info)
    trial = answer if isinstance(answer, Trial) else None
    old = None if trial else last_good(draft)
    shown = trial or old
    return {
        "scheme": scheme,
        "draft": info,
        "subject": SUBJECTS[scheme.subject],
        "trial": shown,
        "outdated": old is not None,
        "waiting": answer if isinstance(answer, Waiting) else None,
        "faults": faults,
        "movers": await movers(shown, cause, page, size) if shown else None,
        "here": f"schemes/{key}/drafts/{draft}/trial",
    }


async def _answer(info: drafts.DraftInfo) -> tuple[Answer | None, tuple[str, ...]]:
    """The trial or how far it is; or what is missing before the draft can be tried."""
    checked = check(info.sheets)
    if checked.book is None or not checked.computable:
        wrongs = (wrong for wrong in checked.errors if not wrong.burden)
        return None, tuple(f"{titled(info.sheets, wrong)}：{wrong.zh}" for wrong in wrongs)
    book = checked.book
    answer = await ask(info.key, info.id, info.revision, book)
    if not isinstance(answer, Refused):
        return answer, ()
    misfits = (*await strangers(book, today()), *await objections(info.key, book, today()))
    return None, misfits or answer.lines


router = Router("/t/{tenant:str}", route_handlers=[panel, printed])
