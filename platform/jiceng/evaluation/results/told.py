"""What the API tells of runs and results: structs that stay as they are, numbers as exact text."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from jiceng.evaluation.results.areas import AreaFigures
from jiceng.evaluation.results.explaining import UNSCORED, Explanation
from jiceng.evaluation.schemas import ResultRow, RunInfo, Validity
from jiceng_sdk.engine import Line


class RunOut(msgspec.Struct, frozen=True, kw_only=True):
    """A run; `state` is queued, running, done or failed, and `reason` says in Chinese why it failed."""

    id: UUID
    number: int
    scheme: str
    version: int
    subject: str
    first_day: dt.date
    last_day: dt.date
    roster_at: dt.date
    facts_up_to: int
    engine: str
    inputs_digest: str
    state: str
    ended: bool
    reason: str
    subjects: int
    validity: Validity
    opened_at: dt.datetime
    finished_at: dt.datetime | None


class ResultOut(msgspec.Struct, frozen=True, kw_only=True):
    """A result; `score` is exact, as text, and null without one; only an effective one counts."""

    subject: UUID
    number: str
    name: str
    organization: str
    status: str
    score: str | None
    grade: str | None
    outputs: dict[str, Any]
    validity: Validity


class LineOut(msgspec.Struct, frozen=True, kw_only=True):
    """One line of an explanation; `facts` are the numbers of the facts it rests on."""

    path: str
    title: str
    clause: str
    kind: str
    points: str
    raw: str | None
    because: str
    depth: int
    facts: list[int]


class ExplanationOut(msgspec.Struct, frozen=True, kw_only=True):
    """One result explained: `scoring` adds up to the score, `deciding` says what each decision did."""

    run: UUID
    result: ResultOut
    basis: str
    scoring: list[LineOut]
    deciding: list[LineOut]
    questions: list[str]


class AreaValueOut(msgspec.Struct, frozen=True, kw_only=True):
    """A value over many subjects as exact text; null while questions leave it between `low` and `high`.

    `group` names the town or category it is of, "" for the whole area; `met`: whether the aim is met.
    """

    name: str
    title: str
    clause: str
    group: str
    value: str | None
    low: str | None
    high: str | None
    met: bool | None


class PlacesOut(msgspec.Struct, frozen=True, kw_only=True):
    """The places for a grade in one cohort; `over` candidates have none, `open` are in question."""

    title: str
    grade: str
    cohort: str
    base: int
    low: int
    high: int
    candidates: int
    over: int
    open: int


class AreaOut(msgspec.Struct, frozen=True):
    """What a run says of many subjects at once."""

    values: list[AreaValueOut]
    places: list[PlacesOut]


def run_out(run: RunInfo) -> RunOut:
    """A run as the API tells it."""
    return RunOut(
        id=run.id,
        number=run.number,
        scheme=run.scheme,
        version=run.version,
        subject=run.subject,
        first_day=run.first_day,
        last_day=run.last_day,
        roster_at=run.roster_at,
        facts_up_to=run.watermark,
        engine=run.engine,
        inputs_digest=run.inputs_digest,
        state=run.state,
        ended=run.ended,
        reason=run.reason,
        subjects=run.subjects,
        validity=run.validity,
        opened_at=run.opened_at,
        finished_at=run.finished_at,
    )


def result_out(row: ResultRow) -> ResultOut:
    """A result as the API tells it."""
    return ResultOut(
        subject=row.subject,
        number=row.number,
        name=row.name,
        organization=row.organization,
        status=row.status,
        score=exact(row.score),
        grade=row.grade,
        outputs=row.outputs,
        validity=row.validity,
    )


def explanation_out(explained: Explanation) -> ExplanationOut:
    """An explanation as the API tells it."""
    return ExplanationOut(
        run=explained.run.id,
        result=result_out(explained.row),
        basis=explained.basis,
        scoring=[_line(line, explained) for line in explained.scoring],
        deciding=[_line(line, explained) for line in explained.deciding],
        questions=explained.questions,
    )


def area_out(found: AreaFigures) -> AreaOut:
    """Values and places as the API tells them."""
    return AreaOut(
        values=[
            AreaValueOut(
                name=one.name,
                title=one.title,
                clause=one.clause,
                group=one.group,
                value=exact(one.value),
                low=exact(one.low),
                high=exact(one.high),
                met=one.met,
            )
            for one in found.values
        ],
        places=[PlacesOut(**msgspec.structs.asdict(one)) for one in found.places],
    )


def exact(number: Decimal | None) -> str | None:
    """A number as text without an exponent and without zeros at the end."""
    return None if number is None else f"{number.normalize():f}"


def _line(line: Line, explained: Explanation) -> LineOut:
    found = None if line.kind in UNSCORED else explained.evidence(line)
    return LineOut(
        path=line.path,
        title=line.title,
        clause=line.clause,
        kind=line.kind,
        points=exact(line.points) or "0",
        raw=exact(line.raw),
        because=line.because,
        depth=line.depth,
        facts=[fact.seq for fact in found.facts] if found else [],
    )
