"""Rating campaigns for programs: where each stands, its sheets, filling in and handing in. A door only."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response
from litestar.params import FromPath, JSONBody

from jiceng.accounts.access import Permission, needs
from jiceng.facts.campaigns import campaigns, handing_in, progress, sheets
from jiceng.facts.campaigns.rubric import LONGEST_WORDS
from jiceng.facts.campaigns.schemas import CampaignInfo, Typed
from jiceng.facts.campaigns.showing import Row, by_way, shown
from jiceng.kernel.audit import Event, record_now
from jiceng.kernel.clock import today
from jiceng.kernel.errors import Conflict, Invalid
from jiceng.kernel.rest import Key, Page, PageNumber, PageSize, once, operations, read, write

AnyRequest = Request[Any, Any, Any]
VIEWING = [needs(Permission.VIEW_FACTS)]
SHEET = "/campaigns/{campaign:uuid}/sheets/{subject:uuid}"
Words = Annotated[str, msgspec.Meta(max_length=LONGEST_WORDS)]


class CampaignOut(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign; `stage` is waiting, self, superior, department, done or withdrawn; `lines` are facts."""

    id: UUID
    scheme: str
    title: str
    first_day: dt.date
    last_day: dt.date
    stage: str
    self_from: dt.date
    self_until: dt.date
    superior_until: dt.date | None
    department_until: dt.date
    lines: list[str]


class StandingOut(msgspec.Struct, frozen=True, kw_only=True):
    """A subject and by stage the state of its sheet: handed, late, draft, overdue or nothing."""

    subject: UUID
    number: str
    name: str
    states: dict[str, str]


class GivenOut(msgspec.Struct, frozen=True):
    """What somebody typed on a line."""

    value: str
    proof: str
    comment: str


class LineOut(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a sheet: what it takes, what the stages that handed in gave, what stands in the field.

    `revision` is sent back with a change, so that nobody's is written over unseen.
    """

    line: str
    title: str
    kind: str
    must: bool
    given: dict[str, GivenOut]
    differs: bool
    mine: GivenOut
    revision: int
    fault: str


class SheetOut(msgspec.Struct, frozen=True, kw_only=True):
    """A subject's sheet; `way` says how it may be written now: own, review, paper, or "" for not at all."""

    subject: UUID
    name: str
    stage: str
    way: str
    why: str
    handed_in: list[str]
    lines: list[LineOut]


class LineIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line to keep, as typed; what is left out stays as it is."""

    line: Annotated[str, msgspec.Meta(max_length=60)]
    value: Annotated[str, msgspec.Meta(max_length=sheets.LONGEST_VALUE)] | None = None
    proof: Words | None = None
    comment: Words | None = None
    revision: Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)] | None = None


class SheetIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Lines of one sheet; `hand_in` closes it with them, or refuses with every fault and keeps nothing."""

    lines: Annotated[list[LineIn], msgspec.Meta(max_length=200)]
    hand_in: bool = False


class SheetKept(msgspec.Struct, frozen=True):
    """How many lines are kept, whether the sheet is handed in, by line what is wrong with its value."""

    kept: int
    handed_in: bool
    faults: dict[str, str]


@read("/campaigns", VIEWING)
async def list_campaigns(page: PageNumber = 1, size: PageSize = 50) -> Page[CampaignOut]:
    """Rating campaigns, the latest first."""
    return Page.of([_campaign(one) for one in await campaigns.campaigns()], page, size)


@read("/campaigns/{campaign:uuid}/sheets", VIEWING)
async def list_sheets(
    campaign: FromPath[UUID], page: PageNumber = 1, size: PageSize = 50
) -> Page[StandingOut]:
    """Every subject of a campaign that the token sees, and how far its sheets are."""
    info = await campaigns.campaign(campaign)
    found, _ = await progress.overview(info, own=False, review=False)
    standings = [
        StandingOut(
            subject=UUID(one.place.subject), number=one.place.number, name=one.place.name, states=one.states
        )
        for one in found
    ]
    return Page.of(standings, page, size)


@read(SHEET, VIEWING)
async def read_sheet(request: AnyRequest, campaign: FromPath[UUID], subject: FromPath[UUID]) -> SheetOut:
    """One sheet: its lines, what every stage gave, what may be typed in now."""
    found = await shown(campaign, subject, request.user, [], {})
    await record_now(Event.FACTS_READ, ("subject", subject), count=len(found.rows))
    return SheetOut(
        subject=subject,
        name=found.place.name,
        stage=found.stage,
        way=found.way,
        why=found.why,
        handed_in=list(found.handed),
        lines=[_line(row) for row in found.rows],
    )


@write(f"{SHEET}/own", [needs(Permission.TAKE_PART)], 200)
async def write_own(
    request: AnyRequest,
    campaign: FromPath[UUID],
    subject: FromPath[UUID],
    data: JSONBody[SheetIn],
    key: Key,
) -> Response[SheetKept]:
    """Fill in one's own sheet, or hand it in."""
    return await _written(request, (campaign, subject), data, key, way="own")


@write(f"{SHEET}/review", [needs(Permission.CHECK_WORK)], 200)
async def write_review(
    request: AnyRequest,
    campaign: FromPath[UUID],
    subject: FromPath[UUID],
    data: JSONBody[SheetIn],
    key: Key,
) -> Response[SheetKept]:
    """Fill in the review of a sheet, or hand it in."""
    return await _written(request, (campaign, subject), data, key, way="review")


async def _written(
    request: AnyRequest, which: tuple[UUID, UUID], data: SheetIn, key: str, *, way: str
) -> Response[SheetKept]:
    async def work() -> tuple[int, SheetKept]:
        opened = await by_way(way, *which)
        saved = await sheets.save(opened, _typed(data.lines), by=request.user.id)
        if crossed := [one.line for one in saved if one.crossed]:
            raise Conflict(f"另一人刚改过：{'、'.join(crossed)}", todo_zh="请读回这张表，核对后再提交")
        if data.hand_in:
            await handing_in.hand_in(opened, by=request.user.id)
        faults = {one.line: one.fault for one in saved if one.fault}
        return 200, SheetKept(len(saved), data.hand_in, faults)

    return await once(request, key, work)


def _typed(lines: Sequence[LineIn]) -> dict[str, Typed]:
    """What is sent, by line; Invalid when a line is sent twice: which of them is meant nobody knows."""
    twice = [name for name, count in Counter(one.line for one in lines).items() if count > 1]
    if twice:
        raise Invalid([f"{name}：同一对象同一项目填了两行" for name in twice], "没有保存", where="lines")
    return {one.line: Typed(one.value, one.proof, one.comment, one.revision) for one in lines}


def _campaign(info: CampaignInfo) -> CampaignOut:
    return CampaignOut(
        id=info.id,
        scheme=info.scheme,
        title=info.title,
        first_day=info.period.first_day,
        last_day=info.period.last_day,
        stage=info.stage(today()),
        self_from=info.dates.self_from,
        self_until=info.dates.self_until,
        superior_until=info.dates.superior_until,
        department_until=info.dates.department_until,
        lines=list(info.lines),
    )


def _line(row: Row) -> LineOut:
    return LineOut(
        line=row.line.name,
        title=row.line.title,
        kind=row.line.kind,
        must=row.line.must,
        given={stage: GivenOut(one.value, one.proof, one.comment) for stage, one in row.given.items()},
        differs=row.differs,
        mine=GivenOut(row.mine.value, row.mine.proof, row.mine.comment),
        revision=row.mine.revision,
        fault=row.fault,
    )


rest_router = operations([list_campaigns, list_sheets, read_sheet, write_own, write_review], "campaigns")
