"""Rows of the workbook as rows of the tables: which moves led to a state, phases of steps, versions. Pure."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from jiceng_project_ledger.states import Act, State

if TYPE_CHECKING:
    from collections.abc import Iterator

Row = dict[str, Any]
FEN = 100
_SUBMITTED = ((Act.SUBMIT, "submitted"),)
_REVIEWED = (*_SUBMITTED, (Act.REVIEW, "submitted"))
_APPROVED = (*_REVIEWED, (Act.APPROVE, "approved"))
_BEGUN = (*_APPROVED, (Act.START, "began"))
_ASKED = (*_BEGUN, (Act.HAND_IN, "asked"))
_WAYS: dict[State, tuple[tuple[Act, str], ...]] = {
    State.DRAFT: (),
    State.SUBMITTED: _SUBMITTED,
    State.UNDER_REVIEW: _REVIEWED,
    State.POSTPONED: (*_REVIEWED, (Act.POSTPONE, "ended")),
    State.REJECTED: (*_REVIEWED, (Act.REJECT, "ended")),
    State.APPROVED: _APPROVED,
    State.IN_PROGRESS: _BEGUN,
    State.EXTENDED: (*_BEGUN, (Act.EXTEND, "asked")),
    State.ACCEPTANCE: _ASKED,
    State.CLOSED: (*_ASKED, (Act.CLOSE, "ended")),
    State.TERMINATED: (*_BEGUN, (Act.TERMINATE, "ended")),
    State.DISCARDED: ((Act.DISCARD, "submitted"),),
}


def way_of(state: State) -> tuple[tuple[Act, str], ...]:
    """The acts that lead straight to a state, each with the column that holds its day.

    For an extended project the day it was extended on stands in 申请验收日期; for a postponed one the day of
    the decision in 办结日期.
    """
    return _WAYS[state]


def order_faults(row: Row) -> Iterator[tuple[str, str]]:
    """Days of a project that are not in order, each with its column and what is wrong."""
    if row["deadline"] < row["starts"]:
        yield "deadline", "完成期限早于开始"
    days = [(field, row[field]) for field in ("submitted", "approved", "began", "asked", "ended")]
    told = [(field, day) for field, day in days if day is not None]
    for (_, before), (field, day) in pairwise(told):
        if day < before:
            yield field, "早于前一步的日期"


def phases_of(steps: list[Row]) -> tuple[list[Row], list[Row]]:
    """A project's phases (seq, name, starts, ends) and its steps, each with its phase's seq and its own."""
    phases: list[Row] = []
    numbered: list[Row] = []
    for seq, step in enumerate(steps, start=1):
        found = next((one for one in phases if one["name"] == step["phase"]), None)
        if found is None:
            found = {"name": step["phase"], "starts": step["starts"], "ends": step["ends"]}
            phases.append(found)
        found["starts"] = min(found["starts"], step["starts"])
        found["ends"] = max(found["ends"], step["ends"])
        numbered.append(step | {"phase": phases.index(found) + 1, "seq": seq})
    return [{"seq": seq, **one} for seq, one in enumerate(phases, start=1)], numbered


def fen(yuan: Any) -> int:  # noqa: ANN401 - a number of the workbook, or None
    """An amount of the workbook in fen."""
    return int((yuan or 0) * FEN)


def group_of(text: str) -> tuple[str, ...]:
    """The numbers in a cell, separated by 、 or a comma."""
    return tuple(part.strip() for part in re.split("[、，,；;]", text or "") if part.strip())
