"""Sheets: which one somebody may write, and its lines, kept as typed; two people at one lose nothing."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from jiceng.accounts.queries import names_of
from jiceng.facts.campaigns import campaigns
from jiceng.facts.campaigns.rubric import LONGEST_WORDS, Line, lines_of, read
from jiceng.facts.campaigns.schemas import CampaignInfo, Entry, Saved, SheetInfo, Typed
from jiceng.facts.campaigns.stages import DONE, SELF, STAGE_NAMES, WAITING, WITHDRAWN, before
from jiceng.facts.campaigns.standing import places, stages_here
from jiceng.facts.campaigns.tables import COMMENT, PROOF
from jiceng.kernel.clock import now, today
from jiceng.kernel.crypto.keyring import keyring
from jiceng.kernel.database import current_tenant, execute, fetch, fetch_row, fetch_value, joined
from jiceng.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from jiceng.kernel.forms import refuse_unknown
from jiceng.kernel.ids import new_id
from jiceng.kernel.spreadsheets.values import UnreadableError
from jiceng.schemes.queries import book_text
from jiceng_sdk.rulebook import from_json

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from jiceng.facts.campaigns.standing import Place
    from jiceng.kernel.crypto.keyring import Keyring
    from jiceng_sdk.rulebook import Rulebook

_ADD_SHEET = """
insert into rating_sheet (tenant_id, id, campaign, subject, stage, handed_by, handed_at, late)
values ($1, $2, $3, $4, $5, null, null, false) on conflict (tenant_id, campaign, subject, stage) do nothing
"""
_LOCK_SHEET = """
select id, handed_at from rating_sheet
where tenant_id = $1 and campaign = $2 and subject = $3 and stage = $4 for update
"""
_SHEETS = """
select id, subject::text as subject, stage, handed_by, handed_at, late, on_paper from rating_sheet
where tenant_id = $1 and campaign = $2 and ($3::uuid[] is null or subject = any($3))
"""
_HANDED = """
select subject::text as subject, stage from rating_sheet
where tenant_id = $1 and campaign = $2 and handed_at is not null and ($3::uuid[] is null or subject = any($3))
"""
_ENTRIES = """
select line, value, proof, comment, revision, by, id from rating_entry where tenant_id = $1 and sheet = $2
"""
_ALL_ENTRIES = """
select s.subject::text as subject, s.stage, e.line, e.value, e.proof, e.comment, e.revision,
  e.by, e.id
from rating_sheet s join rating_entry e on e.tenant_id = s.tenant_id and e.sheet = s.id
where s.tenant_id = $1 and s.campaign = $2
"""
_KEEP = """
insert into rating_entry (tenant_id, id, sheet, line, value, proof, comment, revision, by, at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
on conflict (tenant_id, sheet, line) do update set value = excluded.value, proof = excluded.proof,
  comment = excluded.comment, revision = excluded.revision, by = excluded.by, at = excluded.at
"""
_ELSEWHERE = """
select s.stage from rating_sheet s
where s.tenant_id = $1 and s.campaign = $2 and s.subject = $3 and s.stage <> $4 and (
  s.handed_by = any($5) or exists (select 1 from rating_entry e
    where e.tenant_id = s.tenant_id and e.sheet = s.id and e.by = any($5))) limit 1
"""
_HAS_ACCOUNT = """
select 1 from account a where a.tenant_id = $1 and a.state = 'active' and (
  (a.scope in ('own', 'subtree') and a.organization = $2)
  or (a.scope = 'self' and a.person = (
    select m.number from member m where m.tenant_id = a.tenant_id and m.id = $3))) limit 1
"""
_SAME_PERSON = """
select b.id from account a join account b on b.tenant_id = a.tenant_id
  and (b.id = a.id or (a.person is not null and a.person <> '' and b.person = a.person))
where a.tenant_id = $1 and a.id = $2
"""
LONGEST_VALUE = 100


class Opened(msgspec.Struct, frozen=True):
    """A sheet that may be written: whose, of which campaign, at which stage; `on_paper`: for another."""

    campaign: CampaignInfo
    place: Place
    stage: str
    on_paper: bool = False


async def writable(campaign_id: UUID, subject: UUID, *, review: bool) -> Opened:
    """The sheet the person at work may write of a subject: his own, or (`review`) the one he reviews by.

    Raises NotFound (not seen here), Forbidden (not his to rate), Conflict (no stage of his is on).
    """
    info = await campaigns.campaign(campaign_id)
    place = (await places(info.subject, today())).get(str(subject))
    if place is None:
        raise NotFound("名册里没有这个对象")
    mine = await _mine(info, place, review=review)
    if not mine:
        what = "上级或部门" if review else "本人或本组织"
        raise Forbidden(f"这张表要由{what}来评", where=place.name)
    again = await campaigns.opened_again(info.id, today())
    on = [stage for stage in mine if _is_on(info, place, stage, again)]
    if not on:
        raise Conflict(_why_not(info, mine[-1]), where=place.name, todo_zh="需要补评时请经办人重新开放")
    return Opened(info, place, _due(place, on, await _handed(info.id, [place.subject])))


async def writable_on_paper(campaign_id: UUID, subject: UUID) -> Opened:
    """The self-rating that a clerk types from paper for a subject whose unit has no account of its own.

    Raises NotFound (not seen here), Forbidden (his own, or an account could do it), Conflict (not its time).
    """
    info = await campaigns.campaign(campaign_id)
    place = (await places(info.subject, today())).get(str(subject))
    if place is None:
        raise NotFound("名册里没有这个对象")
    if SELF in await stages_here(place, today()):
        raise Forbidden("这张表由您自评，不用代录", where=place.name)
    if await fetch_value(_HAS_ACCOUNT, current_tenant(), UUID(place.home) if place.home else None, subject):
        raise Forbidden("这个对象有账号，由它自己填写", where=place.name)
    if not _is_on(info, place, SELF, await campaigns.opened_again(info.id, today())):
        raise Conflict(_why_not(info, SELF), where=place.name, todo_zh="需要补评时请经办人重新开放")
    return Opened(info, place, SELF, on_paper=True)


async def all_writable(
    info: CampaignInfo, *, review: bool, seen: Mapping[str, Place] | None = None
) -> list[Opened]:
    """Every sheet the person at work may write now, in the roster's order; handed-in ones are among them.

    `seen`: the subjects he sees, where they have been read already.
    """
    again, handed = await campaigns.opened_again(info.id, today()), await _handed(info.id)
    return [
        Opened(info, place, _due(place, on, handed))
        for place in (await places(info.subject, today()) if seen is None else seen).values()
        if (on := [s for s in await _mine(info, place, review=review) if _is_on(info, place, s, again)])
    ]


async def _mine(info: CampaignInfo, place: Place, *, review: bool) -> list[str]:
    mine = await stages_here(place, today())
    return [stage for stage in mine if (stage != SELF) == review and stage in info.dates.stages()]


async def _handed(campaign: UUID, subjects: list[str] | None = None) -> set[tuple[str, str]]:
    """Subject and stage of the sheets that are handed in, of all subjects or of some."""
    rows = await fetch(_HANDED, current_tenant(), campaign, subjects)
    return {(row["subject"], row["stage"]) for row in rows}


def _due(place: Place, stages: Sequence[str], handed: Collection[tuple[str, str]]) -> str:
    """Of several stages that are on for a subject the first that nobody handed in, else the first.

    A stage opened again stands beside the one of the calendar; handed in, it gives way to it.
    """
    return next((stage for stage in stages if (place.subject, stage) not in handed), stages[0])


async def save(opened: Opened, typed: Mapping[str, Typed], *, by: UUID) -> list[Saved]:
    """Keep lines as typed, also what is wrong with them; each line is told what became of it.

    Raises Conflict once the sheet is handed in, or when `by` (the same person by another account too) rated
    this subject at another stage; Invalid for words that are too long; UnknownFields for other lines.
    """
    _refuse_long(typed)
    known = {line.name: line for line in await rubric(opened.campaign)}
    refuse_unknown(typed, known)
    async with joined():
        sheet = await locked_sheet(opened)
        await refuse_elsewhere(opened, by)
        there, keys = await entries(sheet), await keyring()
        saved = [
            await _keep(sheet, one, there.get(name, Entry(name)), by, keys) for name, one in typed.items()
        ]
    book = await book_of(opened.campaign.rulebook)
    return [
        msgspec.structs.replace(one, fault=fault_of(known[one.line], book, one.entry.value)) for one in saved
    ]


async def take_over(opened: Opened, *, by: UUID) -> int:
    """Fill the lines still empty with the nearest earlier stage's values; returns how many."""
    async with joined():
        sheet = await locked_sheet(opened)
        await refuse_elsewhere(opened, by)
        there, given, keys = await entries(sheet), await given_before(opened), await keyring()
        empty = [name for name in given if not (name in there and there[name].value.strip())]
        for name in empty:
            old = there.get(name, Entry(name))
            await _keep(sheet, Typed(given[name].value, revision=old.revision), old, by, keys)
    return len(empty)


async def given_before(opened: Opened) -> dict[str, Entry]:
    """What the nearest earlier stage that handed in gave, by line; empty when none did."""
    sheets = await sheets_of(opened.campaign.id, [opened.place.subject])
    for stage in before(opened.stage, opened.campaign.dates):
        one = sheets.get((opened.place.subject, stage))
        if one is not None and one.handed_at is not None:
            return {name: entry for name, entry in (await entries(one.id)).items() if entry.value.strip()}
    return {}


def fault_of(line: Line, book: Rulebook, value: str) -> str:
    """What is wrong with a value, in words; "" when nothing is or it is empty."""
    try:
        read(line, book.facts[line.name], value)
    except UnreadableError as wrong:
        return f"{wrong.what}，{wrong.todo}"
    return ""


async def rubric(info: CampaignInfo) -> tuple[Line, ...]:
    """The lines of a campaign's sheets."""
    return _lines(await book_text(info.rulebook), info.lines)


async def book_of(version: UUID) -> Rulebook:
    """The rulebook of a version; the last few are kept."""
    return _book(await book_text(version))


async def sheets_of(campaign: UUID, subjects: list[str] | None = None) -> dict[tuple[str, str], SheetInfo]:
    """The sheets of a campaign by subject and stage, of all subjects or of some."""
    rows = await fetch(_SHEETS, current_tenant(), campaign, subjects)
    people = await names_of({row["handed_by"] for row in rows if row["handed_by"]})
    return {
        (row["subject"], row["stage"]): SheetInfo(
            id=row["id"],
            subject=row["subject"],
            stage=row["stage"],
            handed_by=people.get(row["handed_by"], "—") if row["handed_by"] else "",
            handed_at=row["handed_at"],
            late=row["late"],
            on_paper=row["on_paper"],
        )
        for row in rows
    }


async def all_entries(campaign: UUID) -> dict[tuple[str, str], dict[str, Entry]]:
    """The lines filled in of all sheets of a campaign, by subject and stage."""
    found: dict[tuple[str, str], dict[str, Entry]] = {}
    keys = await keyring()
    for row in await fetch(_ALL_ENTRIES, current_tenant(), campaign):
        found.setdefault((row["subject"], row["stage"]), {})[row["line"]] = _entry(row, keys)
    return found


async def entries(sheet: UUID) -> dict[str, Entry]:
    """The lines of one sheet that somebody filled in."""
    keys = await keyring()
    return {row["line"]: _entry(row, keys) for row in await fetch(_ENTRIES, current_tenant(), sheet)}


def _entry(row: Any, keys: Keyring) -> Entry:  # noqa: ANN401 - a database row
    proof, comment = (
        keys.open(PROOF, row["id"], row["proof"]),
        keys.open(COMMENT, row["id"], row["comment"]),
    )
    return Entry(row["line"], row["value"], proof or "", comment or "", row["revision"], row["by"], row["id"])


def _is_on(info: CampaignInfo, place: Place, stage: str, again: Collection[tuple[str, str]]) -> bool:
    day = today()
    if info.withdrawn_at is not None:
        return False
    in_time = info.stage(day) == stage and info.dates.self_from <= day <= info.dates.last_day(stage)
    return in_time or (place.home or "", stage) in again


async def still_on(opened: Opened) -> CampaignInfo:
    """The campaign, locked until the commit; raises Conflict when the sheet's time ended meanwhile."""
    info = await campaigns.locked(opened.campaign.id)
    if not _is_on(info, opened.place, opened.stage, await campaigns.opened_again(info.id, today())):
        raise Conflict(
            _why_not(info, opened.stage), where=opened.place.name, todo_zh="需要补评时请经办人重新开放"
        )
    return info


def _why_not(info: CampaignInfo, stage: str) -> str:
    on, name = info.stage(today()), STAGE_NAMES[stage]
    if on in (WAITING, DONE, WITHDRAWN):
        return f"评定活动{STAGE_NAMES[on]}"
    if on == stage:
        return f"{name}已于 {info.dates.last_day(stage)} 截止"
    return f"现在是{STAGE_NAMES[on]}阶段，不是{name}阶段"


async def locked_sheet(opened: Opened) -> UUID:
    """The sheet's row, made when there is none, locked; raises Conflict when it is handed in."""
    key = (opened.campaign.id, opened.place.subject, opened.stage)
    await execute(_ADD_SHEET, current_tenant(), new_id(), *key)
    row = await fetch_row(_LOCK_SHEET, current_tenant(), *key)
    if row is None:
        raise RuntimeError("a sheet just made is not there")
    if row["handed_at"] is not None:
        raise Conflict(
            "这张表已经提交，不能再改", where=opened.place.name, todo_zh="确需修改时请经办人重新开放"
        )
    sheet: UUID = row["id"]
    return sheet


async def refuse_elsewhere(opened: Opened, by: UUID) -> None:
    """Raise Conflict when the person (by another account too) rated the subject at another stage."""
    same = [row["id"] for row in await fetch(_SAME_PERSON, current_tenant(), by)]
    other = await fetch_value(
        _ELSEWHERE, current_tenant(), opened.campaign.id, opened.place.subject, opened.stage, same
    )
    if other is not None:
        raise Conflict(
            f"您在{STAGE_NAMES[other]}阶段填过这张表，评的人和被评的人不能是同一人",
            where=opened.place.name,
            todo_zh="请由另一人来评",
        )


async def _keep(sheet: UUID, one: Typed, there: Entry, by: UUID, keys: Keyring) -> Saved:
    name = there.line
    row = there.id or new_id()
    new = Entry(
        name,
        there.value if one.value is None else one.value,
        there.proof if one.proof is None else one.proof,
        there.comment if one.comment is None else one.comment,
        there.revision + 1,
        by,
        row,
    )
    if (new.value, new.proof, new.comment) == (there.value, there.proof, there.comment):
        return Saved(name, there)
    if one.revision is not None and one.revision != there.revision and there.by != by:
        return Saved(name, there, crossed=True)
    proof = keys.seal(PROOF, row, new.proof) if new.proof else ""
    comment = keys.seal(COMMENT, row, new.comment) if new.comment else ""
    words = (name, new.value, proof, comment, new.revision)
    await execute(_KEEP, current_tenant(), row, sheet, *words, by, now())
    return Saved(name, new)


def _refuse_long(typed: Mapping[str, Typed]) -> None:
    faults = [
        f"{name}：最多 {LONGEST_VALUE} 个字"
        for name, one in typed.items()
        if len(one.value or "") > LONGEST_VALUE
    ]
    faults += [
        f"{name}：佐证和说明各最多 {LONGEST_WORDS} 个字"
        for name, one in typed.items()
        if max(len(one.proof or ""), len(one.comment or "")) > LONGEST_WORDS
    ]
    if faults:
        raise Invalid(faults, "没有保存", where="评分表")


@lru_cache(maxsize=16)
def _book(text: str) -> Rulebook:
    return from_json(text.encode())


@lru_cache(maxsize=16)
def _lines(text: str, names: tuple[str, ...]) -> tuple[Line, ...]:
    return lines_of(_book(text), names)
