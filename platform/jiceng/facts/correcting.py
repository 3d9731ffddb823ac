"""Correcting a fact: a further fact that names it, or its withdrawal; nothing recorded is ever changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from jiceng.facts.rows.checking import DATE, ROW, SUBJECT, faults_in, handed_in, window
from jiceng.facts.rows.closed import of_closed_periods
from jiceng.facts.rows.layout import packed
from jiceng.facts.rows.recording import COUNTS, add_batch, insert, recorded
from jiceng.facts.rows.rules import rules_for
from jiceng.facts.rows.veiling import carry_veil
from jiceng.facts.schemas import Came
from jiceng.facts.service import register
from jiceng.kernel.audit import Event, record
from jiceng.kernel.clock import today
from jiceng.kernel.database import current_tenant, fetch_row, joined, next_block
from jiceng.kernel.errors import Conflict, Invalid, NotFound
from jiceng.schemes.periods import span_around

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from uuid import UUID

    from jiceng.facts.schemas import KindInfo
    from jiceng_sdk.rulebook import Fact, Rulebook

_FACT = """
select f.subject::text as subject, f.occurred as date, k.scheme, k.name, f.withdrawn,
  (select c.seq from fact c where c.tenant_id = f.tenant_id and c.corrects = f.seq) as corrected_by
from fact f join fact_kind k on k.tenant_id = f.tenant_id and k.id = f.kind
where f.tenant_id = $1 and f.seq = $2
"""


async def correct_fact(
    seq: int, values: Mapping[str, Any] | None, *, reason: str, by: UUID | None = None
) -> int:
    """Record what fact `seq` should have said, or (None) that it does not count; returns the new number.

    `values` are all its fields by name, and `date` when the day was wrong too. Raises NotFound, Conflict when
    it was corrected before (the latest is the one to correct), its period is closed or the rules no longer
    have such facts, Invalid with every fault of the values.
    """
    async with joined():
        number = await next_block("fact batches")  # stays locked: nobody corrects the same fact meanwhile
        fact = await fetch_row(_FACT, current_tenant(), seq)
        if fact is None:
            raise NotFound("没有这条事实", where=f"第 {seq} 号")
        if fact["corrected_by"] is not None or fact["withdrawn"]:
            later = fact["corrected_by"] or seq
            raise Conflict("这条事实已经更正过", where=f"第 {seq} 号", todo_zh=f"请看第 {later} 号")
        rows = pl.DataFrame([{SUBJECT: fact[SUBJECT], DATE: fact[DATE], **(values or {})}])
        book = await rules_for(fact["scheme"], rows[DATE][0])
        kind = handed_in(book).get(fact["name"])
        if kind is None:
            raise Conflict(
                "现行规则已经没有这种事实，不能更正",
                where=f"第 {seq} 号",
                todo_zh="确需更正时，请先在规则里恢复这种事实",
            )
        days = {fact[DATE], rows[DATE][0]}
        counted = pl.DataFrame([{ROW: 0, SUBJECT: fact[SUBJECT], DATE: day} for day in sorted(days)])
        if closed := await of_closed_periods(book, counted):
            raise Conflict(closed[0].what, where=f"第 {seq} 号的更正", todo_zh=closed[0].todo)
        if values is not None:
            known = {fact[SUBJECT]}
            faults = faults_in(kind, rows, period=book.period, subjects=known, today=today())
            if faults:
                raise Invalid(faults, where=f"第 {seq} 号的更正")
        info = await register(fact["scheme"], fact["name"], kind)
        if values is not None and not kind.rows:
            await _refuse_a_second_value(book, kind, info, rows, fact[DATE])
        batch = await add_batch(info, number, Came(f"更正：{reason}", by), 1)
        new = await next_block("facts")
        await insert(info, batch, new, packed(rows, info.layout), corrects=seq, withdrawn=values is None)
        await carry_veil(seq, batch)
        record(
            Event.FACT_CORRECTED, ("fact", seq), seq=new, state="withdrawn" if values is None else "corrected"
        )
        return new


async def _refuse_a_second_value(
    book: Rulebook, kind: Fact, info: KindInfo, rows: pl.DataFrame, before: date
) -> None:
    """A single value moved to another period must not stand beside one that is there already."""
    span = span_around(book.period, rows[DATE][0])
    there = (await recorded(info, span.first_day, span.last_day)).filter(pl.col(COUNTS))
    same = pl.col(SUBJECT) == rows[SUBJECT][0]
    window_of = window(kind, book.period)
    moved = rows.select(window_of).item()
    was = pl.DataFrame({DATE: [before]}).select(window_of).item()
    beside = there.filter(same & (window_of == moved)).height - (moved == was)
    if beside:
        raise Conflict(
            "这个期间已经有值，不能再更正过去一个",
            where=f"{rows[DATE][0]}",
            todo_zh="请更正那一条，或者先撤回它",
        )
