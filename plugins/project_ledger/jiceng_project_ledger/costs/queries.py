"""Reads of costs; the project itself must have been read (and so be seen) before."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from jiceng.api import today
from jiceng.api.database import current_tenant, fetch
from jiceng.api.roster import seen_arguments
from jiceng_project_ledger.costs.rules import shown
from jiceng_project_ledger.costs.schemas import (
    Award,
    Contract,
    Costs,
    Inquiry,
    Line,
    Payment,
    Purchase,
    Quote,
)
from jiceng_project_ledger.costs.splitting import Bought
from jiceng_project_ledger.library.queries import SEEN

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

Versioned = TypeVar("Versioned", Inquiry, Award, Contract)
_LINES = """
select line, version, name, amount, dropped, reason, at from ledger_cost_line
where tenant_id = $1 and project = $2 order by line, version desc
"""
_INQUIRIES = """
select id, line, version, route, notice, opened, closes, reason from ledger_inquiry
where tenant_id = $1 and project = $2 order by line, version
"""
_QUOTES = """
select q.id, q.line, q.inquiry, q.supplier, q.amount, q.received, q.valid_until, q.file, q.replaces,
       q.withdrawn, q.reason, q.by
from ledger_quote q where q.tenant_id = $1 and q.project = $2 order by q.line, q.at
"""
_AWARDS = """
select id, line, version, quote, amount, lowest, day, reason, decided_by from ledger_award
where tenant_id = $1 and project = $2 order by line, version
"""
_CONTRACTS = """
select line, version, award, number, amount, signed, file, reason from ledger_contract
where tenant_id = $1 and project = $2 order by line, version
"""
_BOUGHT = f"""
select p.id as project, p.number, l.line, l.name, l.amount, coalesce(q.supplier, '') as supplier,
       coalesce(a.day, (l.at at time zone 'Asia/Shanghai')::date) as day
from ledger_project p
join lateral (select distinct on (c.line) c.line, c.name, c.amount, c.dropped, c.at from ledger_cost_line c
    where c.tenant_id = $1 and c.project = p.id order by c.line, c.version desc) l on not l.dropped
left join lateral (select w.quote, w.day from ledger_award w where w.tenant_id = $1 and w.project = p.id
    and w.line = l.line order by w.version desc limit 1) a on true
left join ledger_quote q on q.tenant_id = $1 and q.id = a.quote
where p.tenant_id = $1 and {SEEN} and p.organization = $4 and p.state not in ('rejected', 'discarded')
order by day, p.number, l.line
"""  # noqa: S608 - constants
_PAYMENTS = """
select id, seq, line, amount, paid, voucher, reverses, reason from ledger_payment
where tenant_id = $1 and project = $2 order by seq
"""


async def bought_by(organization: UUID) -> list[Bought]:
    """The lines that hold of the owner's projects that may be seen here."""
    rows = await fetch(_BOUGHT, current_tenant(), *await seen_arguments(today()), organization)
    return [Bought(**row) for row in rows]


async def costs(project: UUID) -> Costs:
    """What holds of a project's costs, and every earlier version of its lines.

    What was awarded is looked at by the thresholds of that day.
    """
    here = (current_tenant(), project)
    lines = [Line(**row) for row in await fetch(_LINES, *here)]
    rounds = [Inquiry(**row) for row in await fetch(_INQUIRIES, *here)]
    inquiries = _last(rounds)
    quotes = await all_quotes(project)
    awards = _last(Award(**row) for row in await fetch(_AWARDS, *here))
    contracts = _last(Contract(**row) for row in await fetch(_CONTRACTS, *here))
    payments = [Payment(**row) for row in await fetch(_PAYMENTS, *here)]
    rules = {day: await shown(day) for day in {None, *(one.day for one in awards.values())}}
    gone = {one.replaces for one in quotes}
    holding = [one for one in quotes if one.id not in gone and not one.withdrawn]
    newest = {one.line: one for one in reversed(lines)}
    purchases = tuple(
        Purchase(
            line=line,
            route=rules[awards[number].day if number in awards else None].route(line.amount),
            inquiry=inquiries.get(number),
            earlier=tuple(one for one in rounds if one.line == number and one != inquiries[number]),
            quotes=tuple(one for one in holding if one.line == number),
            award=awards.get(number),
            contract=contracts.get(number),
            payments=tuple(one for one in payments if one.line == number),
        )
        for number, line in sorted(newest.items())
        if not line.dropped
    )
    return Costs(purchases=purchases, earlier=tuple(one for one in lines if newest[one.line] != one))


async def all_quotes(project: UUID) -> list[Quote]:
    """Every quote of a project, those replaced too, in the order they were entered."""
    return [Quote(**row) for row in await fetch(_QUOTES, current_tenant(), project)]


async def awards(project: UUID) -> list[Award]:
    """Every award of a project, those replaced too."""
    return [Award(**row) for row in await fetch(_AWARDS, current_tenant(), project)]


async def contracts(project: UUID) -> list[Contract]:
    """Every contract of a project, those replaced too."""
    return [Contract(**row) for row in await fetch(_CONTRACTS, current_tenant(), project)]


def _last(rows: Iterable[Versioned]) -> dict[int, Versioned]:
    """Of each line the row of the highest version; rows come in the order of versions."""
    return {one.line: one for one in rows}
