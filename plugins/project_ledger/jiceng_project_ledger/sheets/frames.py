"""The workbook's rows as rows of the tables of library, planning and follow-up. Pure."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

from jiceng.api.database import new_id
from jiceng_project_ledger.library.vocabulary import KIND_WORDS
from jiceng_project_ledger.sheets import columns
from jiceng_project_ledger.sheets.checking import STATES
from jiceng_project_ledger.sheets.rows import Row, fen, phases_of, way_of
from jiceng_project_ledger.states import LED, LIFE, State

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CHINA = ZoneInfo("Asia/Shanghai")
KINDS = {words: kind for kind, words in KIND_WORDS.items()}
OVER = frozenset({State.CLOSED, State.TERMINATED, State.REJECTED, State.DISCARDED})
_STEP = ("project", "phase", "seq", "name", "starts", "ends", "weight", "done")
_TEXTS = ("proposer", "goal", "content", "measures", "benchmark", "benchmark_measure", "benchmark_unit")


class Brought(msgspec.Struct, frozen=True):
    """What of a workbook is new: the rows of every sheet, and the ids of projects, members, organizations."""

    rows: Mapping[str, list[Row]]
    ids: Mapping[str, str]
    members: Mapping[str, str]
    organizations: Mapping[str, str]

    def of(self, sheet: str) -> list[Row]:
        """The rows of a sheet that belong to a new project, `project` being its id."""
        return [
            row | {"project": self.ids[row["number"]]}
            for row in self.rows.get(sheet, [])
            if row["number"] in self.ids
        ]

    def by_project(self, sheet: str) -> dict[str, list[Row]]:
        """The same by project."""
        found: dict[str, list[Row]] = {}
        for row in self.of(sheet):
            found.setdefault(row["project"], []).append(row)
        return found


def moment(day: date) -> datetime:
    """Nine in the morning of a day, in China."""
    return datetime.combine(day, time(9), CHINA)


def new_ids(numbers: list[str]) -> dict[str, str]:
    """An id for every number."""
    return {number: str(new_id()) for number in numbers}


def subjects(brought: Brought) -> list[Row]:
    """Projects that stand on the roster: approved ones, from the day of their approval on."""
    return [
        {
            "id": str(new_id()),
            "number": row["number"],
            "name": row["title"],
            "kind": row["kind"],
            "organization": brought.organizations[row["organization"]],
            "since": row["approved"],
        }
        for row in brought.of(columns.PROJECTS)
        if STATES[row["state"]] in LED
    ]


def projects(brought: Brought, on_roster: Mapping[str, str]) -> list[Row]:
    """Rows of ledger_project; `on_roster` has the subject's id by number."""
    return [
        {
            "id": row["project"],
            **{name: row[name] for name in ("number", "year", "title", "starts", "deadline", "began")},
            **{name: row[name] or "" for name in _TEXTS},
            "kind": KINDS[row["kind"]].value,
            "organization": brought.organizations[row["organization"]],
            "responsible": brought.members.get(row["responsible"]),
            "benchmark_figure": row["benchmark_figure"],
            "start_figure": row["start_figure"],
            "budget": fen(row["budget"]),
            "state": STATES[row["state"]].value,
            "round": int(len(way_of(STATES[row["state"]])) > 1),
            "subject": on_roster.get(row["number"]),
            "made_at": moment(row["submitted"]),
            "ended": row["ended"] if STATES[row["state"]] in OVER else None,
        }
        for row in brought.of(columns.PROJECTS)
    ]


def moves(brought: Brought) -> list[Row]:
    """Rows of ledger_move: the straight way to each project's state."""
    found = []
    for row in brought.of(columns.PROJECTS):
        state = State.DRAFT
        for seq, (act, day) in enumerate(way_of(STATES[row["state"]]), start=1):
            after = LIFE.after(state, act)
            found.append(
                {
                    "project": row["project"],
                    "seq": seq,
                    "act": act.value,
                    "before": state.value,
                    "after": after.value,
                    "reason": row["reason"] or "",
                    "deadline": row["deadline"] if after is State.EXTENDED else None,
                    "decided_by": row["decided_by"] or "",
                    "at": moment(row[day]),
                }
            )
            state = after
    return found


def plans(brought: Brought) -> tuple[list[Row], list[Row]]:
    """Rows of ledger_phase and ledger_step."""
    phases: list[Row] = []
    steps: list[Row] = []
    for project, rows in brought.by_project(columns.STEPS).items():
        some, numbered = phases_of(rows)
        phases += [{"project": project, **one} for one in some]
        steps += [
            {
                name: one[name]
                for name in ("project", "phase", "seq", "name", "starts", "ends", "weight", "done")
            }
            | {name: one[name] or "" for name in ("deliverable", "proof")}
            for one in numbered
        ]
    return phases, steps


def reports(brought: Brought, due: Callable[[date], date]) -> list[Row]:
    """Rows of ledger_report; `due` tells the day on which a month's report was due."""
    return [
        {
            "project": row["project"],
            "month": row["month"].replace(day=1),
            "state": columns.REPORTED[row["state"]],
            "percent": row["percent"],
            **{name: row[name] or "" for name in ("work", "trouble", "ahead")},
            "figure": row["figure"],
            "handed_in_on": row["handed_in_on"],
            "due": due(row["month"].replace(day=1)),
            "words": "",
        }
        for row in brought.of(columns.REPORTS)
    ]


def ratings(brought: Brought) -> list[Row]:
    """Rows of ledger_rating; a rater is told apart by name, no account is known."""
    raters: dict[str, str] = {}
    return [
        {
            "project": row["project"],
            "year": row["year"],
            "kind": columns.RATED[row["kind"]],
            "rater": raters.setdefault(row["rater"], str(new_id())),
            "rater_name": row["rater"],
            "score": row["score"],
            "comment": row["comment"] or "",
            "at": _rated(row),
        }
        for row in brought.of(columns.RATINGS)
    ]


def verdicts(brought: Brought, given: list[Row]) -> list[Row]:
    """Rows of ledger_verdict: the mean of `given` (rows of ledger_rating); one without raters is left out."""
    found = []
    for row in brought.of(columns.VERDICTS):
        kind = columns.RATED[row["kind"]]
        scores = [
            one["score"]
            for one in given
            if (one["project"], one["year"], one["kind"]) == (row["project"], row["year"], kind)
        ]
        if scores:
            found.append(
                {
                    "project": row["project"],
                    "year": row["year"],
                    "kind": kind,
                    "score": (sum(scores) / len(scores)).quantize(Decimal("0.01"), ROUND_HALF_UP),
                    "raters": len(scores),
                    "reason": row["reason"],
                    "confirmed_name": row["confirmed_by"],
                    "at": moment(row["day"]),
                }
            )
    return found


def dispatches(brought: Brought) -> list[Row]:
    """Rows of ledger_dispatch."""
    return [
        {
            "project": row["project"],
            "quarter": row["quarter"],
            "colour": "red" if row["colour"] == "红灯" else "yellow",
            **{name: row[name] for name in ("why", "made_on", "answer_due", "answered_on")},
            "instruction": row["instruction"] or "",
            "instructed_name": row["instructed_by"] or "",
            "answer": row["answer"] or "",
        }
        for row in brought.of(columns.DISPATCHES)
    ]


def _rated(row: Row) -> datetime:
    month = 7 if columns.RATED[row["kind"]] == "half" else 12
    return moment(date(row["year"], month, 10))
