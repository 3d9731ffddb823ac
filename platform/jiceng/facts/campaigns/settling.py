"""What a campaign ends in: the department's ratings become facts, once, with who rated and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from jiceng.facts.campaigns.campaigns import locked
from jiceng.facts.campaigns.rubric import read, written
from jiceng.facts.campaigns.sheets import book_of, rubric
from jiceng.facts.campaigns.stages import DEPARTMENT, DONE, SELF, STAGE_NAMES, SUPERIOR
from jiceng.facts.campaigns.standing import places
from jiceng.facts.campaigns.tables import COMMENT, PROOF
from jiceng.facts.correcting import correct_fact
from jiceng.facts.queries import kind as kind_info
from jiceng.facts.rows.checking import ACCEPTED, DATE, ENTERED, EVIDENCE, LONGEST_EVIDENCE, SUBJECT, VALUE
from jiceng.facts.rows.shown import value_of
from jiceng.facts.service import import_facts
from jiceng.kernel.audit import Event, record
from jiceng.kernel.clock import now, today
from jiceng.kernel.crypto.keyring import keyring
from jiceng.kernel.database import current_tenant, execute, fetch, joined
from jiceng.kernel.errors import Conflict, Invalid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from jiceng.facts.campaigns.schemas import CampaignInfo
    from jiceng.facts.schemas import KindInfo, Value
    from jiceng_sdk.rulebook import Fact

_RATED = """
select s.subject::text as subject, s.stage, s.on_paper, e.line, e.value, e.proof, e.comment, e.id,
  (select m.id::text from account a join member m on m.tenant_id = a.tenant_id and m.number = a.person
   where a.tenant_id = s.tenant_id and a.id = s.handed_by) as person
from rating_sheet s join rating_entry e on e.tenant_id = s.tenant_id and e.sheet = s.id
where s.tenant_id = $1 and s.campaign = $2 and s.handed_at is not null
  and ($3::uuid[] is null or s.subject = any($3))
order by s.subject, e.line
"""
_RECORDED = """
select f.seq, f.subject::text as subject, f.numbers, f.words, b.source from fact f
join fact_batch b on b.tenant_id = f.tenant_id and b.id = f.batch
where f.tenant_id = $1 and f.kind = $2 and f.occurred between $3 and $4 and not f.withdrawn
  and f.subject = any($5::uuid[]) and not exists (
    select 1 from fact c where c.tenant_id = f.tenant_id and c.corrects = f.seq)
"""
_DONE = "update campaign set stage = 'done', closed_at = $3 where tenant_id = $1 and id = $2"
Rated = dict[str, dict[str, Any]]
"""Stage → the row of one line of one subject."""


async def close(campaign_id: UUID, *, by: UUID | None = None) -> int:
    """End a campaign: every sheet the department handed in becomes facts, all of them or none; how many.

    Raises Conflict before the department's stage, and before the period begins: no fact is of a day to come.
    Invalid when a subject has another value already or a value is refused. Then the campaign stays open.
    """
    async with joined():
        info = await locked(campaign_id)
        stage = info.stage(today())
        if stage != DEPARTMENT:
            raise Conflict(f"评定活动现在是{STAGE_NAMES[stage]}，不能办结", where=info.title)
        if today() < info.period.first_day:
            raise Conflict(
                f"{info.period.title}还没有开始，不能办结",
                where=info.title,
                todo_zh="选错了期间时请撤回这次评定活动",
            )
        count = await _settle(info, None, corrected=False, by=by)
        await execute(_DONE, current_tenant(), info.id, now())
        record(Event.CAMPAIGN_CHANGED, ("campaign", info.id), state=DONE, rows=count)
    return count


async def settle_late(info: CampaignInfo, subjects: Sequence[str], *, by: UUID | None) -> int:
    """Record what was handed in after the end; a fact that says otherwise is corrected. How many changed.

    A fact of the campaign whose line is empty now is withdrawn.
    """
    return await _settle(info, list(subjects), corrected=True, by=by) if info.moved_to == DONE else 0


async def _settle(info: CampaignInfo, subjects: list[str] | None, *, corrected: bool, by: UUID | None) -> int:
    rated: dict[tuple[str, str], Rated] = {}
    keys = await keyring()
    for row in await fetch(_RATED, current_tenant(), info.id, subjects):
        words = {
            "proof": keys.open(PROOF, row["id"], row["proof"]) or "",
            "comment": keys.open(COMMENT, row["id"], row["comment"]) or "",
        }
        rated.setdefault((row["line"], row["subject"]), {})[row["stage"]] = {**row, **words}
    book, count, faults = await book_of(info.rulebook), 0, list[str]()
    named = await places(info.subject, today())
    for line in await rubric(info):
        rows = {
            subject: stages
            for (name, subject), stages in rated.items()
            if name == line.name and stages.get(DEPARTMENT, {}).get("value", "").strip()
        }
        fact = book.facts[line.name]
        values = {subject: read(line, fact, rows[subject][DEPARTMENT]["value"]) for subject in rows}
        there = await _there(info, line.name, sorted(values))
        differ = {
            subject: there[subject]
            for subject in values
            if there.get(subject, (0, values[subject]))[1] != values[subject]
        }
        if differ and not corrected:
            faults += [
                f"{named[subject].name}「{line.title}」已有 {written(was)}，评定为 {written(values[subject])}"
                if subject in named
                else f"您看不到的一个对象：「{line.title}」本期已有不同的值"
                for subject, (_, was) in differ.items()
            ]
            continue
        for subject, (seq, _) in differ.items():
            await correct_fact(seq, {VALUE: values[subject]}, reason=_again(info), by=by)
        if corrected:
            emptied = sorted({subject for _, subject in rated} - values.keys())
            count += await _take_back(info, line.name, emptied, by)
        fresh = [subject for subject in values if subject not in there]
        if fresh:
            frame = _frame(fact, _day(info), {subject: (values[subject], rows[subject]) for subject in fresh})
            await import_facts(
                info.scheme, line.name, frame, source=_first(info), by=by, anew=True, everybody=True
            )
        count += len(fresh) + len(differ)
    if faults:
        raise Invalid(faults, "有对象本期已经有不同的值，没有办结", where=info.title)
    return count


def source_of(info: CampaignInfo) -> tuple[str, str]:
    """What the facts of a campaign name as their source: as closed, and as rated again later."""
    return _first(info), f"更正：{_again(info)}"


def _first(info: CampaignInfo) -> str:
    return f"评定活动：{info.title}"


def _again(info: CampaignInfo) -> str:
    return f"评定活动补评：{info.title}"


async def _take_back(info: CampaignInfo, name: str, subjects: list[str], by: UUID | None) -> int:
    """Withdraw what the campaign itself recorded of these subjects; how many facts."""
    known = await kind_info(info.scheme, name)
    rows = await _recorded(info, known, subjects) if known and subjects else []
    own = [row["seq"] for row in rows if row["source"] in source_of(info)]
    for seq in own:
        await correct_fact(seq, None, reason=_again(info), by=by)
    return len(own)


async def _recorded(info: CampaignInfo, known: KindInfo, subjects: list[str]) -> list[Any]:
    days = info.period.first_day, info.period.last_day
    return await fetch(_RECORDED, current_tenant(), known.id, *days, subjects)


async def _there(info: CampaignInfo, name: str, subjects: list[str]) -> dict[str, tuple[int, Value]]:
    """Number and value of the fact that each subject has for the period already."""
    known = await kind_info(info.scheme, name)
    if known is None:
        return {}
    column = next(one for one in known.layout.columns if one.name == VALUE)
    rows = await _recorded(info, known, subjects)
    return {row["subject"]: (row["seq"], value_of(column, row["numbers"], row["words"])) for row in rows}


def _day(info: CampaignInfo) -> date:
    return min(info.period.last_day, today())


def _frame(fact: Fact, day: date, rated: Mapping[str, tuple[Value, Rated]]) -> pl.DataFrame:
    """Rows as `import_facts` takes them: entered by whoever rated himself, accepted by the department."""
    types: dict[str, Any] = {
        "number": pl.Decimal(38, 12),
        "flag": pl.Boolean(),
        "date": pl.Date(),
        "choice": pl.String(),
    }
    rows = [
        (subject, day, value, _evidence(stages), entered_by(stages), stages[DEPARTMENT]["person"])
        for subject, (value, stages) in rated.items()
    ]
    schema = {
        SUBJECT: pl.String(),
        DATE: pl.Date(),
        VALUE: types[fact.kind],
        EVIDENCE: pl.String(),
        ENTERED: pl.String(),
        ACCEPTED: pl.String(),
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def entered_by(stages: Rated) -> str | None:
    """Who rated himself, else his superior; the rows come in no order of stages."""
    asked = (stages[stage]["person"] for stage in (SELF, SUPERIOR) if stage in stages)
    return next((person for person in asked if person), None)


def _evidence(stages: Rated) -> str:
    """Every stage's value, proof and comment, as the fact's free text."""
    told = []
    for stage, name in STAGE_NAMES.items():
        one = stages.get(stage)
        if one is not None:
            words = "，".join(text for text in (one["proof"].strip(), one["comment"].strip()) if text)
            paper = "（纸质，代录）" if one["on_paper"] else ""
            told.append(f"{name}{paper} {one['value'].strip()}" + (f"（{words}）" if words else ""))
    return "；".join(told)[:LONGEST_EVIDENCE]
