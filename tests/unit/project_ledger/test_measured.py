"""Unit: what the ledger hands in about a project, with its reason, and what it makes a ground of."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from jiceng.api.facts import FactShown
from jiceng_project_ledger.assessment.grounds import grounds
from jiceng_project_ledger.assessment.handing_in import CHANGED, SOURCE, compared
from jiceng_project_ledger.assessment.measured import Ledger, Measured, measured
from jiceng_project_ledger.certification.life import State as Settling
from jiceng_project_ledger.certification.life import Verdict
from jiceng_project_ledger.certification.schemas import Acceptance, Condition, Finding
from jiceng_project_ledger.library.schemas import Project
from jiceng_project_ledger.library.vocabulary import Kind
from jiceng_project_ledger.planning.schemas import Phase, Plan, Step
from jiceng_project_ledger.states import State

ONE = UUID(int=1)
NOV = date(2026, 11, 20)


def project(state: State = State.IN_PROGRESS, **said: Any) -> Project:
    whole: dict[str, Any] = {
        "title": "议事厅",
        "kind": Kind.MAIN,
        "organization": ONE,
        "year": 2026,
        "deadline": date(2026, 12, 31),
        "id": ONE,
        "number": "2026-001",
        "state": state,
        "round": 1,
        "subject": ONE,
        "made_by": None,
        "handed_in_by": None,
        "began": date(2026, 1, 5),
        "ended": None,
        "organization_name": "",
        "town": "",
        "responsible_name": "",
        "responsible_number": "",
    }
    return Project(**whole | said)


def plan(*done: date | None) -> Plan:
    ends = (date(2026, 3, 31), date(2026, 6, 30), date(2026, 12, 31))
    phases = tuple(Phase(name, date(2026, 1, 1), end) for name, end in zip("甲乙丙", ends, strict=True))
    steps = tuple(
        Step(number, "步骤", date(2026, 1, 1), end, 30, done=day)
        for number, (end, day) in enumerate(zip(ends, done, strict=True), 1)
    )
    return Plan(phases, steps)


def facts(ledger: Ledger, kind: str, day: date = NOV, year: int = 2026) -> list[Measured]:
    return [one for one in measured(ledger, year, day) if one.kind == kind]


def ledger(*done: date | None, **more: Any) -> Ledger:
    return Ledger(**{"project": project(), "plan": plan(*done)} | more)


def test_phases_that_are_due_say_how_late_they_are() -> None:
    first, second = facts(ledger(date(2026, 4, 5), None, None), "phase")
    assert first.values == {
        "name": "1 甲",
        "weight": 30,
        "done": True,
        "days_late": 5,
        "excused": False,
    }
    assert (first.day, first.because) == (
        date(2026, 3, 31),
        "应在 2026-03-31 完成，2026-04-05 完成，逾期 5 天",
    )
    assert (second.values["done"], second.values["days_late"]) == (False, 143)
    assert second.because == "应在 2026-06-30 完成，还没有完成，逾期 143 天"


def test_what_was_extended_before_it_was_due_is_not_counted_until_the_new_deadline() -> None:
    in_time = [(date(2026, 6, 20), date(2026, 12, 1))]
    (_, second) = facts(ledger(date(2026, 3, 1), None, None, extended=in_time), "phase")
    assert (second.values["excused"], second.because[-12:]) == (True, "；到期前已批准延期，不计")
    too_late = [(date(2026, 7, 1), date(2026, 12, 1))]
    assert not facts(ledger(None, None, None, extended=too_late), "phase")[1].values["excused"]
    over = [(date(2026, 6, 20), date(2026, 9, 1))]
    assert not facts(ledger(None, None, None, extended=over), "phase")[1].values["excused"]


def test_a_quarter_is_black_with_something_open_and_met_with_all_done() -> None:
    known = ledger(date(2026, 4, 5), date(2026, 6, 30), None)
    (black,) = facts(known, "black")
    assert (black.day, black.because) == (
        date(2026, 3, 31),
        "2026-03-31 应完成 1 个阶段，没有完成：1 甲",
    )
    assert [one.day for one in facts(known, "met")] == [date(2026, 6, 30), date(2026, 9, 30)]
    extended = ledger(None, None, None, extended=[(date(2026, 3, 1), date(2026, 7, 31))])
    assert [one.day for one in facts(extended, "black")] == [date(2026, 9, 30)]
    assert facts(extended, "met") == []


def test_the_year_is_met_when_it_is_over_or_the_project_closed() -> None:
    on_time = (date(2026, 3, 1), date(2026, 6, 1), date(2026, 12, 1))
    assert facts(ledger(*on_time), "year_met") == []
    (met,) = facts(ledger(*on_time), "year_met", date(2027, 1, 5))
    assert (met.day, met.because) == (date(2026, 12, 31), "本年应完成的 3 个阶段都已完成")
    assert facts(ledger(on_time[0], on_time[1], None), "year_met", date(2027, 1, 5)) == []
    closed = ledger(*on_time, project=project(State.CLOSED, ended=date(2026, 11, 1)))
    assert facts(closed, "year_met")[0].values == {"value": True}


def test_states_reports_and_costs_are_told_with_their_reasons() -> None:
    known = ledger(None, None, None, reported=(10, 8), deviation=Decimal("-3.50"))
    assert facts(known, "standing")[0].values == {"value": "在办"}
    assert facts(known, "reports_due")[0].because == "应报 10 个月，按时报 8 个月"
    assert facts(known, "reports_made")[0].values == {"value": 8}
    assert facts(known, "deviation")[0].because == "实际支出比预算少 3.50 %"
    ended = ledger(None, None, None, project=project(State.TERMINATED))
    assert facts(ended, "standing")[0].values == {"value": "终止"}
    assert facts(ended, "deviation") == []


def finding(seq: int, state: Settling, *, sort: str = "quality", late: bool = False) -> Finding:
    return Finding(
        id=ONE,
        seq=seq,
        supervisor="",
        sort=sort,
        found=date(2026, 5, 1),
        matter="门没装",
        deadline=date(2026, 6, 1),
        state=state,
        answered=None,
        late=late,
    )


def test_findings_count_and_open_ones_about_costs_are_a_breach() -> None:
    known = [finding(1, Settling.SETTLED), finding(2, Settling.OPEN, sort="costs")]
    first, second = facts(ledger(None, None, None, findings=known), "finding")
    assert first.values == {"matter": "1 门没装", "settled": True, "late": False}
    assert second.values == {"matter": "2 门没装", "settled": False, "late": True}
    (breach,) = facts(ledger(None, None, None, findings=known), "breach")
    assert breach.because == "监督问题第 2 号：费用程序还没有整改"
    mended = [finding(2, Settling.SETTLED, sort="costs")]
    assert facts(ledger(None, None, None, findings=mended), "breach") == []


def accepted(number: int, verdict: Verdict, *confirmed: date | None) -> Acceptance:
    conditions = tuple(
        Condition(
            id=ONE,
            acceptance=ONE,
            seq=1,
            matter="补台账",
            deadline=NOV,
            met=day,
            proof="",
            met_by=None,
            confirmed=day,
            confirmed_by="",
        )
        for day in confirmed
    )
    return Acceptance(
        id=ONE,
        round=number,
        held=date(2026, 10, number),
        verdict=verdict,
        opinion="",
        recorded_by="",
        at=datetime(2026, 10, 1, tzinfo=UTC),
        conditions=conditions,
    )


def test_acceptance_says_whether_it_was_passed_at_once() -> None:
    rounds: list[tuple[tuple[Acceptance, ...], str]] = [
        ((), "未到验收"),
        ((accepted(1, Verdict.PASSED),), "一次通过"),
        ((accepted(1, Verdict.FAILED),), "未通过"),
        ((accepted(1, Verdict.FAILED), accepted(2, Verdict.PASSED)), "整改后通过"),
        ((accepted(1, Verdict.CONDITIONAL, None),), "未到验收"),
        ((accepted(1, Verdict.CONDITIONAL, NOV),), "整改后通过"),
    ]
    for held, word in rounds:
        (fact,) = facts(ledger(None, None, None, acceptances=held), "acceptance")
        assert fact.values == {"value": word}


def test_what_happened_after_the_year_is_not_of_the_year() -> None:
    january = date(2027, 1, 20)
    for state in (State.CLOSED, State.TERMINATED):
        over = ledger(None, None, None, project=project(state, ended=date(2027, 1, 8)))
        assert facts(over, "standing", january)[0].values == {"value": "在办"}
    mended = [accepted(1, Verdict.CONDITIONAL, date(2027, 1, 8))]
    (fact,) = facts(ledger(None, None, None, acceptances=mended), "acceptance", january)
    assert fact.values == {"value": "未到验收"}
    later = msgspec.structs.replace(finding(1, Settling.OPEN, sort="costs"), found=date(2027, 1, 8))
    assert facts(ledger(None, None, None, findings=[later]), "breach", january) == []


def test_grounds_are_lateness_and_two_black_quarters() -> None:
    known = ledger(None, None, None)
    late = measured(known, 2026, NOV)
    assert grounds(known.project, late, None, NOV) == (
        "阶段“1 甲”应在 2026-03-31 完成，还没有完成，逾期 234 天",
        "阶段“2 乙”应在 2026-06-30 完成，还没有完成，逾期 143 天",
        "连续两个季度黑榜",
    )
    over = project(deadline=date(2026, 11, 1))
    assert grounds(over, [], None, NOV) == ("完成期限 2026-11-01，已超过 19 天",)
    done = ledger(date(2026, 3, 1), date(2026, 6, 1), None)
    assert grounds(done.project, measured(done, 2026, NOV), None, NOV) == ()


def shown(seq: int, kind: str, value: Any, source: str = SOURCE) -> FactShown:
    return FactShown(
        seq=seq,
        scheme="project_ledger",
        kind=kind,
        title="",
        occurred=NOV,
        values={"value": value},
        fields={},
        evidence="",
        entered_by="",
        accepted_by="",
        source=source,
        state="",
        corrects=None,
    )


def test_only_what_changed_is_handed_in_and_nothing_of_a_person_is_overwritten() -> None:
    now = [
        Measured("standing", NOV, {"value": "在办"}, ""),
        Measured("acceptance", NOV, {"value": "一次通过"}, ""),
        Measured("reports_due", NOV, {"value": Decimal(3)}, ""),
        Measured("reports_made", NOV, {"value": Decimal(2)}, ""),
    ]
    there = [
        shown(1, "standing", "在办"),
        shown(2, "acceptance", "未到验收", f"更正：{CHANGED}"),
        shown(3, "reports_due", Decimal(12), "考核表"),
        shown(4, "breach", True),
        shown(5, "year_met", True, "考核表"),
        shown(6, "satisfaction", Decimal(90)),
    ]
    added, changed, gone = compared(now, there)
    assert [one.kind for one in added] == ["reports_made"]
    assert [(seq, one.kind) for seq, one in changed] == [(2, "acceptance")]
    assert gone == [4]
