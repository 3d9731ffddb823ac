"""Reads of publication."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import polars as pl

from jiceng.accounts.scope import EVERYTHING, looking
from jiceng.evaluation import queries as evaluation
from jiceng.evaluation.results.listing import NOBODY, WITHHELD, named_subjects
from jiceng.kernel.crypto.keyring import keyring
from jiceng.kernel.database import current_tenant, fetch, fetch_row
from jiceng.publication.flow.masking import masked
from jiceng.publication.flow.states import State
from jiceng.publication.schemas import (
    ConfirmationShown,
    Move,
    NoticeRow,
    ObjectionShown,
    PublicationInfo,
    Standing,
)
from jiceng.publication.tables import ANSWERED, CONFIRMED, MOVED, SAID
from jiceng.roster.queries import labelled_above, names
from jiceng.schemes.periods.closing import accounts_named

if TYPE_CHECKING:
    from uuid import UUID

    from jiceng.evaluation.schemas import RunInfo

LONGEST_NOTICE = 5000
"""Lines of a notice on one page; more are told by number only."""
NAMELESS = (NOBODY, WITHHELD)
"""What stands where no name may or can: words, which are not masked."""
WITHOUT_RESULT = ("needs_ruling", "incomplete")
_PUBLICATION = """
select id, run, state, grades, document, first_day, last_day, working_days, office, phone, place, masked
from publication where tenant_id = $1
"""
_LATEST = """
select distinct on (v.subject) v.subject, v.confirmed from verdict v
where v.tenant_id = $1 and v.publication = $2 order by v.subject, v.number desc
"""
_STANDING = f"""
select count(*) filter (where not r.status = any($4)) as rated,
  count(*) filter (where r.status = any($4)) as unrated,
  count(*) filter (where not r.status = any($4) and l.confirmed) as confirmed,
  count(*) filter (where not r.status = any($4) and not l.confirmed) as held
from result r left join ({_LATEST}) l on l.subject = r.subject
where r.tenant_id = $1 and r.run = $3
"""  # noqa: S608 - constants
_HELD = f"""
select r.subject::text as subject from result r left join ({_LATEST}) l on l.subject = r.subject
where r.tenant_id = $1 and r.run = $3
  and (r.status = any($4) or ($5 and l.confirmed is distinct from true) or l.confirmed = false)
"""  # noqa: S608 - constants
_CONFIRMATIONS = """
select c.id, c.number, c.organization, c.reason, c.by, c.at,
  (select count(*) from verdict v
   where v.tenant_id = $1 and v.confirmation = c.id and v.confirmed) as confirmed
from confirmation c where c.tenant_id = $1 and c.publication = $2 order by c.number desc
"""
_EXCEPTIONS = """
select number, subject, confirmed from verdict
where tenant_id = $1 and publication = $2
  and (not confirmed
       or number in (select number from confirmation where tenant_id = $1 and organization is null))
"""
_OBJECTIONS = """
select id, number, subject, text, received, by, answer, answered_by, answered_at from objection
where tenant_id = $1 and publication = $2
  and ($3::uuid is null or subject = $3) and ($4::uuid is null or by = $4) order by number
"""
_NOTICE = """
select r.subject, r.score, r.grade, r.organization from result r
where r.tenant_id = $1 and r.run = $2 and r.grade = any($3) and not r.status = any($4)
order by r.place limit $5
"""


async def publication(run: UUID) -> PublicationInfo:
    """Where a run's results stand; a run nobody touched is only computed."""
    row = await fetch_row(_PUBLICATION + " and run = $2", current_tenant(), run)
    return PublicationInfo(id=None, run=run, state=State.COMPUTED) if row is None else _info(row)


async def by_run() -> dict[UUID, PublicationInfo]:
    """Every publication of the tenant by its run."""
    return {row["run"]: _info(row) for row in await fetch(_PUBLICATION, current_tenant())}


async def moves(publication_id: UUID) -> list[Move]:
    """Every move of a publication, oldest first."""
    rows = await fetch(
        "select id, act, before, after, reason, by, at from publication_move "
        "where tenant_id = $1 and publication = $2 order by at, id",
        current_tenant(),
        publication_id,
    )
    people, keys = await accounts_named({row["by"] for row in rows}), await keyring()
    return [
        Move(
            *(row["act"], row["before"], row["after"], keys.open(MOVED, row["id"], row["reason"]) or ""),
            *(people.get(row["by"], ""), row["at"]),
        )
        for row in rows
    ]


async def standing(info: PublicationInfo) -> Standing:
    """How many of a run's results are confirmed, held, still waiting."""
    row = await fetch_row(_STANDING, current_tenant(), info.id, info.run, list(WITHOUT_RESULT))
    return Standing(**dict(row))


async def held(info: PublicationInfo, *, confirming: bool) -> pl.DataFrame:
    """Subjects (column subject) whose result does not take effect.

    Those without a result, exceptions, and, where verdicts are confirmed one by one, whom nobody confirmed.
    """
    rows = await fetch(_HELD, current_tenant(), info.id, info.run, list(WITHOUT_RESULT), confirming)
    return pl.DataFrame({"subject": [row["subject"] for row in rows]}, schema={"subject": pl.String})


async def confirmations(run: RunInfo, publication_id: UUID) -> list[ConfirmationShown]:
    """Every confirmation, newest first, with its exceptions by name."""
    rows = await fetch(_CONFIRMATIONS, current_tenant(), publication_id)
    single = await fetch(_EXCEPTIONS, current_tenant(), publication_id)
    known = await named_subjects(run, [str(row["subject"]) for row in single])
    places = await names({row["organization"] for row in rows if row["organization"]})
    people, keys = await accounts_named({row["by"] for row in rows}), await keyring()
    shown = []
    for row in rows:
        mine = [one for one in single if one["number"] == row["number"]]
        alone = "、".join(known[str(one["subject"])][2] for one in mine)
        shown.append(
            ConfirmationShown(
                places.get(row["organization"], "") or alone,
                keys.open(CONFIRMED, row["id"], row["reason"]) or "",
                people.get(row["by"], ""),
                row["at"],
                row["confirmed"],
                tuple(known[str(one["subject"])][2] for one in mine if not one["confirmed"]),
            )
        )
    return shown


async def objections(publication_id: UUID) -> list[ObjectionShown]:
    """Every objection in the order they came."""
    return await _objections(publication_id, None, None)


async def objections_of(publication_id: UUID, subject: UUID, account: UUID) -> list[ObjectionShown]:
    """The objections that an account made itself to the result of one subject."""
    return await _objections(publication_id, subject, account)


async def _objections(
    publication_id: UUID, subject: UUID | None, account: UUID | None
) -> list[ObjectionShown]:
    rows = await fetch(_OBJECTIONS, current_tenant(), publication_id, subject, account)
    people = await accounts_named({row[key] for row in rows for key in ("by", "answered_by") if row[key]})
    subjects = {row["subject"] for row in rows if row["subject"]}
    about = await names(subjects) | dict.fromkeys(await labelled_above(subjects), WITHHELD)
    keys = await keyring()
    return [
        ObjectionShown(
            id=row["id"],
            number=row["number"],
            about=about.get(row["subject"], ""),
            text=keys.open(SAID, row["id"], row["text"]) or "",
            received=row["received"],
            person=people.get(row["by"], ""),
            answer=keys.open(ANSWERED, row["id"], row["answer"]) or "",
            answered_by=people.get(row["answered_by"], ""),
            answered_at=row["answered_at"],
        )
        for row in rows
    ]


async def notice_rows(run: RunInfo, info: PublicationInfo) -> list[NoticeRow]:
    """The lines of a notice in the order of lists, never by score; persons by masked name, without score."""
    rows = await fetch(
        _NOTICE, current_tenant(), run.id, list(info.grades), list(WITHOUT_RESULT), LONGEST_NOTICE
    )
    known = await named_subjects(run, [str(row["subject"]) for row in rows])
    persons = run.subject == "member"
    return [
        NoticeRow(
            known[str(row["subject"])][3],
            masked(name) if persons and info.masked and name not in NAMELESS else name,
            None if persons else row["score"],
            row["grade"],
        )
        for row in rows
        for name in [known[str(row["subject"])][2]]
    ]


async def notice_length(run: RunInfo, info: PublicationInfo) -> int:
    """How many results a notice is about, whoever reads it: a notice is for everybody."""
    with looking(EVERYTHING):
        graded = await evaluation.counts(run.id)
    return sum(graded.get(grade, 0) for grade in info.grades)


def _info(row: Any) -> PublicationInfo:  # noqa: ANN401 - a database row
    values = dict(row)
    values["state"] = State(values["state"])
    values["grades"] = tuple(msgspec.json.decode(values["grades"], type=tuple[str, ...]))
    return PublicationInfo(**values)
