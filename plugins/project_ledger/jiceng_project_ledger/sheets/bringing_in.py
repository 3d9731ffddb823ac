"""Brings the workbook of projects in, in one transaction; a project that is there already stays as it is."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

import polars as pl

from jiceng.api import Invalid, today, working_days
from jiceng.api.database import bulk_insert, current_tenant, fetch, joined, next_block
from jiceng.api.facts import submit_facts
from jiceng.api.hooks import Numbers
from jiceng.api.pages import Event, record
from jiceng.api.projects import enter_all, leave
from jiceng.api.roster import subject_numbers
from jiceng_project_ledger.assessment.accountability import propose
from jiceng_project_ledger.assessment.handing_in import SCHEME, hand_in, offered
from jiceng_project_ledger.certification import tables as certification
from jiceng_project_ledger.costs import rules
from jiceng_project_ledger.costs import tables as costing
from jiceng_project_ledger.followup import settings
from jiceng_project_ledger.followup import tables as follow_up
from jiceng_project_ledger.followup.standing import Calendar
from jiceng_project_ledger.library import tables as library
from jiceng_project_ledger.library.vocabulary import PLUGIN
from jiceng_project_ledger.planning import tables as planning
from jiceng_project_ledger.sheets import columns, costs_and_quality, frames
from jiceng_project_ledger.sheets.checking import STATES
from jiceng_project_ledger.sheets.frames import OVER, Brought
from jiceng_project_ledger.sheets.reading import read_projects

if TYPE_CHECKING:
    from jiceng.api.database import TenantTable
    from jiceng_project_ledger.sheets.rows import Row


async def bring_projects(data: bytes, place: str) -> int:
    """Keep the projects that are not there yet with all that belongs to them; returns how many.

    Then the year's facts are handed in and accountability is proposed, as every night. Raises Invalid with
    every fault at its cell.
    """
    numbers = await numbers_here()
    book = read_projects(data, place, numbers)
    if book.faults:
        raise Invalid(book.faults, where=place)
    async with joined():
        await next_block(f"{PLUGIN}/import")  # two workbooks at once: the second waits and sees the first's
        there = await known()
        fresh = [row["number"] for row in book.rows[columns.PROJECTS] if row["number"] not in there]
        if fresh:
            ids = frames.new_ids(fresh)
            await _keep(Brought(book.rows, ids, numbers.members, numbers.organizations))
            record(Event.WORK_MOVED, plugin=PLUGIN, kind="projects", rows=len(fresh))
    return len(fresh)


async def numbers_here() -> Numbers:
    """Whom a workbook may name: everybody on today's roster."""
    members = await subject_numbers("member", today(), everybody=True)
    organizations = await subject_numbers("organization", today(), everybody=True)
    return Numbers(members=members, organizations=organizations, units={})


async def known() -> set[str]:
    """The numbers of the projects that are there."""
    rows = await fetch("select number from ledger_project where tenant_id = $1", current_tenant())
    return {row["number"] for row in rows}


async def _keep(brought: Brought) -> None:
    entered = frames.subjects(brought)
    if entered:
        await enter_all(pl.DataFrame(entered))
    on_roster = {row["number"]: row["id"] for row in entered}
    await _insert(library.LedgerProject, frames.projects(brought, on_roster))
    await _insert(library.LedgerMove, frames.moves(brought))
    phases, steps = frames.plans(brought)
    await _insert(planning.LedgerPhase, phases)
    await _insert(planning.LedgerStep, steps)
    calendar = Calendar(await settings.rhythm(), await working_days())
    await _insert(follow_up.LedgerReport, frames.reports(brought, lambda month: calendar.of(month).day))
    given = frames.ratings(brought)
    await _insert(follow_up.LedgerRating, given)
    await _insert(follow_up.LedgerVerdict, frames.verdicts(brought, given))
    await _insert(follow_up.LedgerDispatch, frames.dispatches(brought))
    await _costs_and_quality(brought)
    await _left(brought, on_roster)
    await _assessed(brought, on_roster)


async def _costs_and_quality(brought: Brought) -> None:
    money = costs_and_quality.costs(brought, await rules.thresholds())
    await _insert(costing.LedgerCostLine, money["lines"])
    await _insert(costing.LedgerInquiry, money["inquiries"])
    await _insert(costing.LedgerQuote, money["quotes"])
    await _insert(costing.LedgerAward, money["awards"])
    await _insert(costing.LedgerContract, money["contracts"])
    await _insert(costing.LedgerPayment, money["payments"])
    found = costs_and_quality.findings(brought)
    await _insert(certification.LedgerSupervisor, found["supervisors"])
    await _insert(certification.LedgerFinding, found["findings"])
    await _insert(certification.LedgerFindingMove, found["moves"])
    rounds, people = costs_and_quality.acceptances(brought)
    await _insert(certification.LedgerAcceptance, rounds)
    await _insert(certification.LedgerAcceptor, people)


async def _left(brought: Brought, on_roster: dict[str, str]) -> None:
    for row in brought.of(columns.PROJECTS):
        if STATES[row["state"]] in OVER and row["number"] in on_roster:
            await leave(UUID(on_roster[row["number"]]), date(row["ended"].year + 1, 1, 1))


async def _assessed(brought: Brought, on_roster: dict[str, str]) -> None:
    """Hand in this year's facts and propose, as the night would; satisfaction comes from the workbook."""
    year = today().year
    if await offered():
        told = [
            {"subject": on_roster[row["number"]], "date": row["held"], "value": row["satisfaction"]}
            for row in brought.of(columns.ACCEPTANCES)
            if row["satisfaction"] is not None and row["held"].year == year and row["number"] in on_roster
        ]
        if told:
            kept = pl.DataFrame(told, schema_overrides={"value": pl.Decimal(38, 2)})
            await submit_facts(SCHEME, "satisfaction", kept, source="验收表")
        await hand_in(year)
    await propose(year)


async def _insert(table: type[TenantTable], rows: list[Row]) -> None:
    if rows:
        await bulk_insert(table, pl.DataFrame(rows, infer_schema_length=None))
