"""From verified claims to facts of the scheme: handed in once, withdrawn with their verification."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jiceng.api import Conflict, Invalid
from jiceng.api.database import current_tenant, execute, fetch, joined
from jiceng.api.facts import correct_fact, facts_of, schemes, submit_facts
from jiceng.api.roster import looking_as_job
from jiceng_points.claims.sealing import in_clear
from jiceng_points.claims.tables import PROOF
from jiceng_points.rhythm.tables import GROUND

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any
    from uuid import UUID

    from jiceng.api.jobs import Job

SCHEMES = {"member": "points", "organization": "points_organizations"}
"""Which scheme takes the facts of members' claims, which those of organizations'."""
KIND = "claim"
_DUE = """
select c.id, c.number, coalesce(c.member, c.organization)::text as subject, c.member is not null as of_member,
  c.done_on as date, i.number || ' ' || i.title as item, i.kind, c.worth, c.state, c.proof, c.times, c.posted,
  coalesce(e.id, me.id)::text as entered_by, coalesce(v.id, mv.id)::text as accepted_by
from points_claim c
join points_item i on i.tenant_id = $1 and i.id = c.item
left join account ae on ae.tenant_id = $1 and ae.id = c.done_by
left join member e on e.tenant_id = $1 and e.number = ae.person
left join member me on me.tenant_id = $1 and me.id = c.done_by
left join account av on av.tenant_id = $1 and av.id = c.verified_by
left join member v on v.tenant_id = $1 and v.number = av.person
left join member mv on mv.tenant_id = $1 and mv.id = c.verified_by
where c.tenant_id = $1 and (c.member is not null or $2)
  and c.posted <> case when c.state = 'verified' then c.times else 0 end
order by c.number for update of c
"""
_POSTED = """
update points_claim set posted = case when state = 'verified' and id <> all($3::uuid[]) then times else 0 end
where tenant_id = $1 and id = any($2::uuid[])
"""
_FILED = """
select id, member::text as subject, least(filed_on, make_date(year, 12, 31)) as date from points_own_list
where tenant_id = $1 and state = 'filed' and not posted for update
"""
_FILED_POSTED = "update points_own_list set posted = true where tenant_id = $1 and id = any($2::uuid[])"
_CONFIRMED = """
select id, member::text as subject, day as date, kind, worth, reason from points_adjustment
where tenant_id = $1 and state = 'confirmed' and not posted for update
"""
_CONFIRMED_POSTED = "update points_adjustment set posted = true where tenant_id = $1 and id = any($2::uuid[])"


async def post_claims() -> tuple[int, int]:
    """Hand in what was verified since, withdraw what is verified no more; returns (handed in, withdrawn).

    What cannot be handed in or withdrawn now (its period is closed) waits and holds nothing else up.
    """
    async with joined():
        takes_organizations = SCHEMES["organization"] in {one.key for one in await schemes()}
        rows = await in_clear(await fetch(_DUE, current_tenant(), takes_organizations), PROOF)
        gone = [row["id"] for row in rows if row["posted"] and await _withdraw(row)]
        rows = [row for row in rows if not row["posted"] or row["id"] in gone]
        verified = [row for row in rows if row["state"] == "verified"]
        refused: list[UUID] = []
        for of_member, scheme in ((True, SCHEMES["member"]), (False, SCHEMES["organization"])):
            mine = [row for row in verified if row["of_member"] is of_member]
            taken = await _hand_in(scheme, KIND, mine, frame_of, "核验通过的认领")
            refused += [row["id"] for row in mine if row["id"] not in taken]
        await execute(_POSTED, current_tenant(), [row["id"] for row in rows], refused)
    return len(verified) - len(refused), len(gone)


async def post_all() -> set[UUID]:
    """Everything that is due: claims, own lists on file, confirmed rewards and penalties.

    Returns the own lists, rewards and penalties that cannot be handed in now, as `post_claims`.
    """
    members = SCHEMES["member"]
    with looking_as_job():  # of whoever presses the button: labelled members' claims count as all others
        async with joined():
            await post_claims()
            filed = await fetch(_FILED, current_tenant())
            exempted = await _hand_in(members, "exempted", filed, _single, "一事一议备案")
            await execute(_FILED_POSTED, current_tenant(), list(exempted))
            confirmed = await in_clear(await fetch(_CONFIRMED, current_tenant()), GROUND)
            adjusted = await _hand_in(members, "adjustment", confirmed, _adjusted, "奖惩")
            await execute(_CONFIRMED_POSTED, current_tenant(), list(adjusted))
    return {row["id"] for row in (*filed, *confirmed)} - exempted - adjusted


async def carry_out(job: Job) -> None:
    """The job: everything that is due, with its end in the same transaction."""
    async with job.finish():
        await post_all()


def frame_of(rows: Sequence[Any]) -> pl.DataFrame:
    """Claims as facts of the scheme: one row each, told apart by the claim's number."""
    return pl.DataFrame(
        {
            "subject": [row["subject"] for row in rows],
            "date": [row["date"] for row in rows],
            "item": [row["item"] for row in rows],
            "kind": [row["kind"] for row in rows],
            "worth": [row["worth"] for row in rows],
            "stage": ["已核验"] * len(rows),
            "number": [_named(row["number"], row["times"]) for row in rows],
            "evidence": [row["proof"] or None for row in rows],
            "entered_by": [row["entered_by"] for row in rows],
            "accepted_by": [
                None if row["accepted_by"] == row["entered_by"] else row["accepted_by"] for row in rows
            ],
        },
        schema_overrides={
            "worth": pl.Decimal(38, 12),
            "evidence": pl.String,
            "entered_by": pl.String,
            "accepted_by": pl.String,
        },
    )


def _single(rows: Sequence[Any]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "subject": [row["subject"] for row in rows],
            "date": [row["date"] for row in rows],
            "value": [True] * len(rows),
            "evidence": ["支部研究、委员会备案"] * len(rows),
        }
    )


def _adjusted(rows: Sequence[Any]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "subject": [row["subject"] for row in rows],
            "date": [row["date"] for row in rows],
            "kind": [row["kind"] for row in rows],
            "worth": [row["worth"] for row in rows],
            "evidence": [row["reason"] or None for row in rows],
        },
        schema_overrides={"worth": pl.Decimal(38, 12), "evidence": pl.String},
    )


def _named(number: int, times: int) -> str:
    """What a fact calls the claim; each verification is a fact of its own, the first with the bare number."""
    return str(number) if times == 1 else f"{number}/{times}"


async def _hand_in(
    scheme: str, kind: str, rows: Sequence[Any], frame: Callable[[Sequence[Any]], pl.DataFrame], what: str
) -> set[UUID]:
    """Hand the rows in as facts, without those that are refused; returns the ids of the others."""
    while rows:
        try:
            await submit_facts(scheme, kind, frame(rows), source=f"党建超市：{what}")
        except Invalid as refused:
            wrong = {getattr(fault, "row", None) for fault in refused.faults}
            left = [row for place, row in enumerate(rows) if place not in wrong]
            if len(left) == len(rows):
                raise
            rows = left
        else:
            break
    return {row["id"] for row in rows}


async def _withdraw(row: Any) -> bool:  # noqa: ANN401 - a database row
    """Withdraw the fact of a claim; False when that cannot be done now."""
    scheme = SCHEMES["member" if row["of_member"] else "organization"]
    for fact in await facts_of(row["subject"]):
        ours = fact.scheme == scheme and fact.kind == KIND and fact.state == ""
        if ours and fact.values.get("number") == _named(row["number"], row["posted"]):
            try:
                await correct_fact(fact.seq, None, reason="核验撤销")
            except Conflict:
                return False
    return True
