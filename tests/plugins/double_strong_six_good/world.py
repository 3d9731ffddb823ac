"""What the tests of every route send to the pages of 「双强六好」: enterprises, a thing for every act."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

import polars as pl
from tests.support.enterprises import POOR, TYPED, firm, rated
from tests.support.sample_files import pieces, png

from jiceng.kernel.clock import today
from jiceng.kernel.database import bulk_insert, fetch_value, tenant_scope, transaction
from jiceng.kernel.ids import new_id
from jiceng.kernel.spreadsheets import SheetOut, write_workbook
from jiceng.schemes.service import adopt
from jiceng_double_strong_six_good.declarations import evidence, queries
from jiceng_double_strong_six_good.declarations import service as declarations
from jiceng_double_strong_six_good.help import service as help_service
from jiceng_double_strong_six_good.help.schemas import Draft
from jiceng_double_strong_six_good.help.states import STATE_WORDS, Act, State
from jiceng_double_strong_six_good.help.tables import SixGoodHelp
from jiceng_double_strong_six_good.instructors import service as instructors
from jiceng_double_strong_six_good.instructors.schemas import Sent
from jiceng_double_strong_six_good.sheets import columns
from jiceng_double_strong_six_good.vocabulary import CRITERIA, SCHEME

if TYPE_CHECKING:
    from jiceng.tenancy.schemas import TenantInfo

_P = "/t/{tenant:str}/double-strong-six-good"
_FIRM = f"{_P}/enterprises/{{firm_id:uuid}}"
_DECLARATION = f"{_P}/declarations/{{declaration:uuid}}"
_HELP = f"{_P}/help/{{help_plan:uuid}}"
_INSTRUCTOR = f"{_P}/instructors/{{instructor:uuid}}"
_YEAR = str(today().year)
_LATER = today().replace(year=today().year + 1, day=1)
_PLAN = {"problems": "欠薪", "measures": "每月一查", "helper": "张某", "deadline": _LATER.isoformat()}
_SENT = {"name": "李某", "since": f"{_YEAR}-01-01", "until": _LATER.isoformat(), "task": "找党员"}
FORMS = {
    f"{_P}/limits": {
        "own_branch_from": "3",
        "employees_from": "30",
        "aim": "100",
        "sites_low": "2",
        "sites_high": "3",
        "visit_days": "92",
        "declare_until": "12-31",
    },
    f"{_FIRM}/verdict": {"year": _YEAR, "tier": "后进", "reason": "核对过"},
    f"{_FIRM}/marks": {
        "year": _YEAR,
        "party": "镇街",
        "reason": "会议研究",
        **dict.fromkeys(CRITERIA, "2"),
    },
    f"{_FIRM}/declaration": {"year": _YEAR},
    f"{_FIRM}/help": _PLAN | {"year": _YEAR},
    f"{_FIRM}/instructor": _SENT,
    _DECLARATION: TYPED,
    f"{_DECLARATION}/decision": {"act": "return", "reason": "补充材料"},
    f"{_DECLARATION}/evidence": {"criterion": "production"},
    f"{_HELP}/edit": _PLAN,
    f"{_HELP}/progress": {"month": f"{today():%Y-%m}", "percent": "100", "progress": "做完了"},
    f"{_HELP}/decision": {"act": "stop", "reason": "测试"},
    f"{_INSTRUCTOR}/visits": {"day": today().isoformat(), "done": "走访一次"},
    f"{_INSTRUCTOR}/end": {"reason": "已发展党员"},
}
ANSWERED = {
    f"{_FIRM}/verdict": {409},  # confirmed once
    f"{_FIRM}/help": {409},  # one plan a year
}
NO_ID = {"ledger"}
FIXED = {"ledger": "help"}
_PLACE = "select id from organization where tenant_id = $1 order by number limit 1"
_UNIT = "select id from unit where tenant_id = $1 and number = $2"
_WEAK, _UNPLANNED = "ROUTE-1", "ROUTE-2"
"""Enterprises of the last tier: with a plan of help, and without one."""


@cache
def help_book() -> bytes:
    """A workbook with one plan of help, of last year."""
    said: dict[str, Any] = {"number": _WEAK, "year": today().year - 1, "state": STATE_WORDS[State.DRAFT]}
    rows = [[said.get(column.field) for column in columns.HELP]]
    return write_workbook([SheetOut(columns.HELPED, columns.HELP, rows)], made=today())


FILES = {f"{_DECLARATION}/evidence": "roster.xlsx", f"{_P}/sheets/{{ledger:str}}": help_book}


async def values(tenant: TenantInfo) -> dict[str, str]:
    """An enterprise of the last tier with a declaration, a file, a plan of help; an instructor elsewhere."""
    with tenant_scope(tenant.id):
        await adopt(SCHEME, in_force_from=today().replace(year=2020, day=1), reason="测试")
        place = await fetch_value(_PLACE, tenant.id)
        firms = {number: await firm(number, "单独组建", place) for number in (_WEAK, _UNPLANNED)}
        await rated(firms, today().year, dict.fromkeys(firms, POOR))
        weak = firms[_WEAK]
        plan = await help_service.write(weak, today().year, Draft(), None)
        made = await _declaration(weak)
        return {
            "firm_id": str(weak),
            "help_plan": str(plan),
            "instructor": str(await _sent(place)),
            **made,
            **await _file(made["declaration"]),
        }


async def prepared(tenant: TenantInfo, path: str) -> dict[str, str]:
    """What the act at `path` uses up, in the state it begins in."""
    if not path.startswith(_P):
        return {}
    with tenant_scope(tenant.id):
        place = await fetch_value(_PLACE, tenant.id)
        if path.startswith((f"{_FIRM}/instructor", f"{_FIRM}/help")):
            return {"firm_id": str(await _firm_for(tenant.id, path, place))}
        if path.startswith(_INSTRUCTOR):
            return {"instructor": str(await _sent(place))}
        if path.startswith(_DECLARATION):
            return await _ready(path, await firm(str(new_id())[:30], "单独组建", place))
        if path.startswith(_HELP):
            return {"help_plan": str(await _plan(path, place))}
    return {}


async def _firm_for(tenant: int, path: str, place: UUID) -> UUID:
    """One without members for an instructor; for a plan of help one that has none before the first asks."""
    if path.endswith("/help"):
        found: UUID = await fetch_value(_UNIT, tenant, _UNPLANNED)
        return found
    return await firm(str(new_id())[:30], "无党员", place)


async def _ready(path: str, unit: UUID) -> dict[str, str]:
    made = await _declaration(unit)
    if path.endswith(("/take-back", "/decision")):
        await declarations.hand_in(UUID(made["declaration"]), new_id())
    if "evidence_id" in path:
        made |= await _file(made["declaration"])
    return made


async def _declaration(unit: UUID) -> dict[str, str]:
    made = await declarations.begin(unit, today().year, None)
    await declarations.write(made, TYPED)
    return {"declaration": str(made)}


async def _file(declaration: str) -> dict[str, str]:
    await evidence.add(UUID(declaration), "culture", "照片.png", pieces(png()), None)
    (found,) = (await queries.evidence(UUID(declaration)))["culture"]
    return {"evidence_id": str(found.id)}


async def _sent(place: UUID) -> UUID:
    unit = await firm(str(new_id())[:30], "无党员", place)
    sent = Sent(name="王某", since=today().replace(month=1, day=1), until=_LATER, task="找党员")
    return await instructors.send(unit, sent, None)


async def _plan(path: str, place: UUID) -> UUID:
    """A plan as the act begins: complete; running for what follows the start, done for its end."""
    made, unit = new_id(), await firm(str(new_id())[:30], "单独组建", place)
    words = {"problems": "欠薪", "measures": "每月一查", "helper": "张某", "deadline": _LATER}
    row = {"id": str(made), "unit": str(unit), "year": today().year, **words}
    async with transaction():
        await bulk_insert(SixGoodHelp, pl.DataFrame([row]))
    if not path.endswith(("/edit", "/start")) and path != _HELP:
        await help_service.act(made, Act.START, "", None)
    if path.endswith("/hand-in"):
        await help_service.report(made, today().replace(day=1), 100, "做完了", None)
    return made
