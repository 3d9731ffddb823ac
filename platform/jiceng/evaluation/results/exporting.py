"""Results as a spreadsheet that can be handed in: grades, never places; text stays text, no formula."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from jiceng.evaluation import queries
from jiceng.evaluation.results import listing
from jiceng.evaluation.results.areas import area_figures
from jiceng.evaluation.runs.computing import analysis_of
from jiceng.evaluation.schemas import Validity
from jiceng.kernel.audit import Event, record_now
from jiceng.kernel.clock import today
from jiceng.kernel.database import current_tenant
from jiceng.kernel.spreadsheets import Column, SheetOut, write_workbook
from jiceng.kernel.spreadsheets.writing import MOST_ROWS
from jiceng.tenancy.queries import by_id

if TYPE_CHECKING:
    from jiceng.evaluation.results.listing import Filters
    from jiceng.evaluation.schemas import RunInfo

EVERYBODY = MOST_ROWS
"""More rows than a sheet can hold: an export is never cut into pages, and writing so many is refused."""


async def workbook(run: RunInfo, filters: Filters) -> bytes:
    """The results that the filters leave, in the order of the page, with a cover that says what they are."""
    book = (await analysis_of(run.rulebook)).book
    found = await listing.results(run, filters, size=EVERYBODY)
    columns = [
        Column("place", "序号", "integer"),
        Column("organization", "组织"),
        Column("number", "编号"),
        Column("name", "姓名" if run.subject == "member" else "名称"),
        Column("score", "得分", "decimal"),
        Column("grade", "等次" if run.final_at else "拟定等次"),
        Column("status", "状态"),
        Column("validity", "效力"),
        *(Column(name, output.title or name) for name, output in book.outputs.items()),
        Column("note", "备注"),
    ]
    rows = [
        [
            place,
            row.organization,
            row.number,
            row.name,
            row.score,
            row.grade,
            row.status_in_words,
            row.validity.in_words,
            *(row.answer(name) for name in book.outputs),
            None,
        ]
        for place, row in enumerate(found.rows, 1)
    ]
    cover = [
        ("方案", f"{run.title}（第 {run.version} 版规则）"),
        ("期间", run.period),
        ("性质", await _nature(run)),
        ("评定", f"第 {run.number} 次，名册 {run.roster_at}，输入指纹 {run.inputs_digest[:16]}"),
        ("范围", f"{found.total} 个对象，按组织和编号排列，不排名次"),
    ]
    await record_now(Event.EXPORTED, ("run", run.id), rows=len(rows), format="xlsx")
    sheets = [SheetOut("评定结果", columns, rows), *await _area(run)]
    return await asyncio.to_thread(write_workbook, sheets, made=today(), cover=cover)


async def _area(run: RunInfo) -> list[SheetOut]:
    """A sheet of the values over the whole area, where the rulebook has some and the reader may see them."""
    found = (await area_figures(run)).values
    columns = [
        Column("title", "指标"),
        Column("group", "范围"),
        Column("value", "数值", "decimal"),
        Column("met", "目标"),
    ]
    met = {True: "达标", False: "未达标", None: "—"}
    rows = [[one.title, one.group or "全部", one.value, met[one.met]] for one in found]
    tenant = await by_id(current_tenant())
    whole = tenant.whole if tenant is not None else "总体"
    return [SheetOut(f"{whole}指标", columns, rows)] if rows else []


async def _nature(run: RunInfo) -> str:
    """Whether the results took effect, in one sentence."""
    match run.validity:
        case Validity.PROPOSED:
            return "拟定，须由具名的人确认后生效"
        case Validity.REPLACED:
            return f"已被第 {run.replaced_by} 次评定取代"
    held = await queries.held_count(run)
    return f"已生效，其中 {held} 个未生效" if held else "已生效"
