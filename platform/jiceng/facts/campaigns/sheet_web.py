"""Pages of one sheet: seen by whoever sees the subject, written by whose turn it is, also by Excel."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, MultipartBody, URLEncodedBody
from litestar.response import Redirect, Template

from jiceng.accounts.access import Permission, needs
from jiceng.facts.campaigns import books, campaigns, handing_in, sheets
from jiceng.facts.campaigns.forms import CELLS, BookForm, Form, typed_in
from jiceng.facts.campaigns.schemas import CampaignInfo, Saved
from jiceng.facts.campaigns.showing import by_way, shown
from jiceng.kernel.audit import Event, record_now
from jiceng.kernel.errors import Invalid, Refusal
from jiceng.kernel.files.handing_out import handed_out
from jiceng.kernel.forms import known_fields
from jiceng.kernel.spreadsheets import LIMITS

AnyRequest = Request[Any, Any, Any]
VIEWING = [needs(Permission.VIEW_FACTS)]
TYPING = [needs(Permission.ENTER_FACTS)]
OWN, REVIEWING = [needs(Permission.TAKE_PART)], [needs(Permission.CHECK_WORK)]
LARGEST_UPLOAD = LIMITS.file_bytes + 1024 * 1024
FAULTS_SHOWN = 200
AT = "/campaigns/{campaign:uuid}"
SHEET = f"{AT}/sheets/{{subject:uuid}}"


@get(SHEET, guards=VIEWING)
async def sheet_page(request: AnyRequest, campaign: FromPath[UUID], subject: FromPath[UUID]) -> Template:
    """A subject's rubric sheet: what each stage gave, and fields for whose turn it is."""
    return await _page(request, campaign, subject)


@post(f"{SHEET}/own", guards=OWN, opt=known_fields(CELLS), status_code=200)
async def save_own(
    request: AnyRequest, campaign: FromPath[UUID], subject: FromPath[UUID], data: URLEncodedBody[Form]
) -> Template | Redirect:
    """Keep what was typed into one's own sheet."""
    return await _save(request, (campaign, subject), data, way="own")


@post(f"{SHEET}/review", guards=REVIEWING, opt=known_fields(CELLS), status_code=200)
async def save_review(
    request: AnyRequest, campaign: FromPath[UUID], subject: FromPath[UUID], data: URLEncodedBody[Form]
) -> Template | Redirect:
    """Keep what was typed into a sheet under review."""
    return await _save(request, (campaign, subject), data, way="review")


@post(f"{SHEET}/paper", guards=TYPING, opt=known_fields(CELLS), status_code=200)
async def save_paper(
    request: AnyRequest, campaign: FromPath[UUID], subject: FromPath[UUID], data: URLEncodedBody[Form]
) -> Template | Redirect:
    """Keep what was typed from the paper of a unit without an account."""
    return await _save(request, (campaign, subject), data, way="paper")


@post(f"{SHEET}/own/hand-in", guards=OWN, opt=known_fields(CELLS))
async def hand_in_own(
    request: AnyRequest, campaign: FromPath[UUID], subject: FromPath[UUID], data: URLEncodedBody[Form]
) -> Template | Redirect:
    """Hand in one's own sheet."""
    return await _hand_in(request, (campaign, subject), data, way="own")


@post(f"{SHEET}/review/hand-in", guards=REVIEWING, opt=known_fields(CELLS))
async def hand_in_review(
    request: AnyRequest, campaign: FromPath[UUID], subject: FromPath[UUID], data: URLEncodedBody[Form]
) -> Template | Redirect:
    """Hand in the review of a sheet."""
    return await _hand_in(request, (campaign, subject), data, way="review")


@post(f"{SHEET}/paper/hand-in", guards=TYPING, opt=known_fields(CELLS))
async def hand_in_paper(
    request: AnyRequest, campaign: FromPath[UUID], subject: FromPath[UUID], data: URLEncodedBody[Form]
) -> Template | Redirect:
    """Hand in a sheet typed from paper, for the unit and marked so."""
    return await _hand_in(request, (campaign, subject), data, way="paper")


@post(f"{SHEET}/review/take-over", guards=REVIEWING)
async def take_over(request: AnyRequest, campaign: FromPath[UUID], subject: FromPath[UUID]) -> Redirect:
    """Fill the empty lines with what the stage before gave."""
    opened = await sheets.writable(campaign, subject, review=True)
    await sheets.take_over(opened, by=request.user.id)
    return _to(request, f"campaigns/{campaign}/sheets/{subject}")


@get(f"{AT}/own/workbook", guards=OWN)
async def own_workbook(campaign: FromPath[UUID]) -> Response[bytes]:
    """One's own sheets as a workbook."""
    return await _workbook(campaign, review=False)


@get(f"{AT}/review/workbook", guards=REVIEWING)
async def review_workbook(campaign: FromPath[UUID]) -> Response[bytes]:
    """The sheets to review as a workbook."""
    return await _workbook(campaign, review=True)


@post(f"{AT}/own/workbook", guards=OWN, request_max_body_size=LARGEST_UPLOAD, status_code=200)
async def own_read_in(
    request: AnyRequest, campaign: FromPath[UUID], data: MultipartBody[BookForm]
) -> Template:
    """Keep the lines of a workbook of one's own sheets."""
    return await _read_in(request, campaign, data, review=False)


@post(f"{AT}/review/workbook", guards=REVIEWING, request_max_body_size=LARGEST_UPLOAD, status_code=200)
async def review_read_in(
    request: AnyRequest, campaign: FromPath[UUID], data: MultipartBody[BookForm]
) -> Template:
    """Keep the lines of a workbook of sheets under review."""
    return await _read_in(request, campaign, data, review=True)


@post(f"{AT}/own/hand-in", guards=OWN, status_code=200)
async def hand_in_all_own(request: AnyRequest, campaign: FromPath[UUID]) -> Template:
    """Hand in every complete sheet of one's own."""
    return await _hand_in_all(request, campaign, review=False)


@post(f"{AT}/review/hand-in", guards=REVIEWING, status_code=200)
async def hand_in_all_review(request: AnyRequest, campaign: FromPath[UUID]) -> Template:
    """Hand in every complete sheet under review."""
    return await _hand_in_all(request, campaign, review=True)


@get(f"{AT}/workbooks/{{way:str}}", guards=VIEWING)
async def book_page(campaign: FromPath[UUID], way: FromPath[str]) -> Template:
    """Where a workbook is downloaded, handed in again, and all complete sheets are handed in."""
    info = await campaigns.campaign(campaign)
    return Template("facts/campaign_book.html", context=_book_context(info, review=way == "review"))


async def _page(
    request: AnyRequest,
    campaign: UUID,
    subject: UUID,
    refused: Refusal | None = None,
    crossed: list[Saved] | None = None,
    form: Form | None = None,
) -> Template:
    found = await shown(campaign, subject, request.user, crossed or [], typed_in(form or {}))
    await record_now(Event.FACTS_READ, ("subject", subject), count=len(found.rows))
    status = refused.status if refused else 409 if crossed else 200
    context = {"sheet": found, "info": found.info, "refused": refused, "crossed": crossed or []}
    return Template("facts/sheet.html", context=context, status_code=status)


async def _save(
    request: AnyRequest, which: tuple[UUID, UUID], data: Form, *, way: str
) -> Template | Redirect:
    opened = await by_way(way, *which)
    saved = await sheets.save(opened, typed_in(data), by=request.user.id)
    if request.headers.get("hx-request"):
        return Template("facts/sheet_kept.html", context={"saved": saved})
    if crossed := [one for one in saved if one.crossed]:
        return await _page(request, *which, crossed=crossed, form=data)
    return _to(request, f"campaigns/{which[0]}/sheets/{which[1]}")


async def _hand_in(
    request: AnyRequest, which: tuple[UUID, UUID], data: Form, *, way: str
) -> Template | Redirect:
    opened = await by_way(way, *which)
    saved = await sheets.save(opened, typed_in(data), by=request.user.id)
    if crossed := [one for one in saved if one.crossed]:
        return await _page(request, *which, crossed=crossed, form=data)
    try:
        await handing_in.hand_in(opened, by=request.user.id)
    except Invalid as refused:
        return await _page(request, *which, refused=refused)
    return _to(request, f"campaigns/{which[0]}/sheets/{which[1]}")


async def _workbook(campaign: UUID, *, review: bool) -> Response[bytes]:
    info = await campaigns.campaign(campaign)
    content = await books.workbook(info, review=review)
    await record_now(Event.EXPORTED, ("campaign", info.id), kind="rating_sheets", format="xlsx")
    return handed_out(content, f"{info.title}-评分表.xlsx")


async def _read_in(request: AnyRequest, campaign: UUID, data: BookForm, *, review: bool) -> Template:
    info = await campaigns.campaign(campaign)
    name = data.file.filename or "评分表"
    try:
        kept = await books.read_in(info, await data.file.read(), name, review=review, by=request.user.id)
    except Refusal as refused:
        context = _book_context(info, review=review, refused=refused)
        return Template("facts/campaign_book.html", context=context, status_code=refused.status)
    return Template("facts/campaign_book.html", context=_book_context(info, review=review, kept=kept))


async def _hand_in_all(request: AnyRequest, campaign: UUID, *, review: bool) -> Template:
    info = await campaigns.campaign(campaign)
    handed = await handing_in.hand_in_all(info, review=review, by=request.user.id)
    return Template("facts/campaign_book.html", context=_book_context(info, review=review, handed=handed))


def _book_context(info: CampaignInfo, *, review: bool, **given: Any) -> dict[str, Any]:  # noqa: ANN401
    refused = given.get("refused")
    faults = refused.faults if isinstance(refused, Invalid) else ()
    return {
        "info": info,
        "way": "review" if review else "own",
        "kept": given.get("kept"),
        "handed": given.get("handed"),
        "refused": refused,
        "faults": faults[:FAULTS_SHOWN],
        "more": max(0, len(faults) - FAULTS_SHOWN),
    }


def _to(request: AnyRequest, path: str) -> Redirect:
    return Redirect(f"/t/{request.state.tenant.slug}/{path}", status_code=303)


SHEET_PAGES = (
    sheet_page,
    save_own,
    save_review,
    save_paper,
    hand_in_own,
    hand_in_review,
    hand_in_paper,
    take_over,
    own_workbook,
    review_workbook,
    own_read_in,
    review_read_in,
    hand_in_all_own,
    hand_in_all_review,
    book_page,
)
