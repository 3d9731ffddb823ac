"""What the ledger knows of a project in a year, as facts of the scheme, each with the reason. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from jiceng_project_ledger.certification.life import State as Settling
from jiceng_project_ledger.certification.life import Verdict
from jiceng_project_ledger.certification.vocabulary import COSTS
from jiceng_project_ledger.states import State

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jiceng_project_ledger.certification.schemas import Acceptance, Finding
    from jiceng_project_ledger.library.schemas import Project
    from jiceng_project_ledger.planning.schemas import Plan

STANDING: dict[State, str] = {State.CLOSED: "已销号", State.TERMINATED: "终止"}
GOING = "在办"
LONGEST_MATTER = 200


class Ledger(msgspec.Struct, frozen=True, kw_only=True):
    """All that is asked of a project for a year's facts.

    `extended`: (day decided, new deadline); `reported`: months due, months handed in on time.
    """

    project: Project
    plan: Plan
    findings: Sequence[Finding] = ()
    acceptances: Sequence[Acceptance] = ()
    extended: Sequence[tuple[date, date]] = ()
    reported: tuple[int, int] = (0, 0)
    deviation: Decimal | None = None


class Measured(msgspec.Struct, frozen=True):
    """One fact: its kind, the day it is of, its fields, and in plain Chinese how it came about."""

    kind: str
    day: date
    values: Mapping[str, Any]
    because: str


class _Phase(msgspec.Struct, frozen=True):
    name: str
    ends: date
    weight: int
    done: date | None


def measured(ledger: Ledger, year: int, day: date) -> list[Measured]:
    """Every fact of the year as far as it is known on a day; satisfaction comes from its ballot."""
    first, last = date(year, 1, 1), min(day, date(year, 12, 31))
    phases = _phases(ledger.plan)
    due = [one for one in phases if first <= one.ends <= last]
    found = [_standing(ledger.project, last), *(_phase(one, ledger, last) for one in due)]
    found += _quarters(due, ledger, year, last)
    found += _whole_year(due, ledger.project, year, last)
    found += [_finding(one, last) for one in ledger.findings if first <= one.found <= last]
    found += _costs(ledger, last)
    months, in_time = ledger.reported
    words = f"应报 {months} 个月，按时报 {in_time} 个月"
    found.append(Measured("reports_due", last, {"value": Decimal(months)}, words))
    found.append(Measured("reports_made", last, {"value": Decimal(in_time)}, words))
    found.append(_acceptance(ledger.acceptances, last))
    return found


def _phases(plan: Plan) -> list[_Phase]:
    found = []
    for number, phase in enumerate(plan.phases, 1):
        steps = [step for _, step in plan.of(number)]
        days = [step.done for step in steps]
        done = max((one for one in days if one is not None), default=None) if all(days) else None
        found.append(_Phase(f"{number} {phase.name}", phase.ends, plan.weight(number), done))
    return found


def _standing(project: Project, last: date) -> Measured:
    """What ended after the year was still under way when the year ended."""
    over = project.ended is None or project.ended <= last
    word = STANDING.get(project.state, GOING) if over else GOING
    return Measured("standing", last, {"value": word}, f"台账里的状态：{word}")


def _phase(one: _Phase, ledger: Ledger, last: date) -> Measured:
    done = one.done is not None and one.done <= last
    until = one.done if one.done is not None and one.done <= last else last
    late = max(0, (until - one.ends).days)
    excused = _excused(one, ledger, until)
    ended = f"{until} 完成" if done else "还没有完成"
    words = f"应在 {one.ends} 完成，{ended}" + (f"，逾期 {late} 天" if late else "")
    if excused and late:
        words += "；到期前已批准延期，不计"
    values = {
        "name": one.name,
        "weight": Decimal(one.weight),
        "done": done,
        "days_late": Decimal(late),
        "excused": excused and late > 0,
    }
    return Measured("phase", one.ends, values, words)


def _excused(one: _Phase, ledger: Ledger, until: date) -> bool:
    """Whether it was extended before it was due, to `until` or later."""
    return any(decided <= one.ends and until <= later for decided, later in ledger.extended)


def _quarters(due: Sequence[_Phase], ledger: Ledger, year: int, last: date) -> list[Measured]:
    """Quarters that are over: black with a phase due and not done by their end, met with all done."""
    found = []
    for quarter in range(1, 5):
        end = _end_of_quarter(year, quarter)
        until = [
            one
            for one in due
            if one.ends <= end
            and ((one.done is not None and one.done <= end) or not _excused(one, ledger, end))
        ]
        if end > last or not until:
            continue
        open_ = [one.name for one in until if one.done is None or one.done > end]
        if open_:
            words = f"{end} 应完成 {len(until)} 个阶段，没有完成：{'、'.join(open_)}"
            found.append(Measured("black", end, {"value": True}, words))
        else:
            words = f"{end} 应完成的 {len(until)} 个阶段都已完成"
            found.append(Measured("met", end, {"value": True}, words))
    return found


def _whole_year(due: Sequence[_Phase], project: Project, year: int, last: date) -> list[Measured]:
    """The year is met once it is over, or the project closed, with everything that was due done."""
    over = last == date(year, 12, 31) or project.state is State.CLOSED
    if not over or not due or any(one.done is None or one.done > last for one in due):
        return []
    return [Measured("year_met", last, {"value": True}, f"本年应完成的 {len(due)} 个阶段都已完成")]


def _finding(one: Finding, last: date) -> Measured:
    settled = one.state is Settling.SETTLED
    late = one.late or one.overdue(last)
    words = "已整改并复查通过" if settled else f"还没有复查通过，期限 {one.deadline}"
    values = {"matter": f"{one.seq} {one.matter}"[:LONGEST_MATTER], "settled": settled, "late": late}
    return Measured("finding", one.found, values, words + ("，逾期整改" if late else ""))


def _costs(ledger: Ledger, last: date) -> list[Measured]:
    found = []
    if ledger.deviation is not None:
        words = f"实际支出比预算{_more(ledger.deviation)}"
        found.append(Measured("deviation", last, {"value": ledger.deviation}, words))
    known = [one for one in ledger.findings if one.sort == COSTS and one.found <= last]
    broken = [one for one in known if one.state is not Settling.SETTLED]
    if broken:
        words = f"监督问题第 {'、'.join(str(one.seq) for one in broken)} 号：费用程序还没有整改"
        found.append(Measured("breach", last, {"value": True}, words))
    return found


def _acceptance(rounds: Sequence[Acceptance], last: date) -> Measured:
    held = [one for one in rounds if one.held <= last]
    newest = held[-1] if held else None
    if newest is None or (newest.verdict is Verdict.CONDITIONAL and not newest.stood(last)):
        word, words = "未到验收", "还没有验收" if newest is None else "有条件通过，整改条件还没有复验"
    elif newest.verdict is Verdict.FAILED:
        word, words = "未通过", f"第 {newest.round} 轮验收不通过"
    elif newest.verdict is Verdict.PASSED and len(held) == 1:
        word, words = "一次通过", f"{newest.held} 一次验收通过"
    else:
        word, words = "整改后通过", f"第 {newest.round} 轮验收，整改后通过"
    return Measured("acceptance", last, {"value": word}, words)


def _end_of_quarter(year: int, quarter: int) -> date:
    after = date(year + quarter // 4, quarter % 4 * 3 + 1, 1)
    return after - timedelta(days=1)


def _more(percent: Decimal) -> str:
    if percent == 0:
        return "不多不少"
    return f"多 {percent} %" if percent > 0 else f"少 {-percent} %"
