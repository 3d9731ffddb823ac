"""Open questions of a run: who waits, at which part of the rules, why, and what may be chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import polars as pl

from jiceng.evaluation import queries
from jiceng.evaluation.results import listing
from jiceng.evaluation.runs.computing import analysis_of
from jiceng.evaluation.runs.frames import SUBJECT
from jiceng.evaluation.stored.rulings import RulingInfo, all_rulings, in_force
from jiceng.kernel.database import current_tenant, fetch_value
from jiceng.kernel.errors import NotFound
from jiceng_sdk.rulebook import Quota, Rulebook

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal
    from uuid import UUID

    from jiceng.evaluation.schemas import RunInfo
    from jiceng_sdk.engine import Outcome

PAGE = 50
KINDS = {
    "tie": "并列",
    "rounding": "名额取整",
    "gap": "没有档次",
    "asked": "规则要求裁定",
    "unknown": "判断不了",
    "missing": "缺资料",
}
"""Kinds of questions that wait for somebody; hints of the engine are not among them."""


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """One answer: `key` names it in the form; exactly one of the others says what is ruled.

    `places` goes with `grade` and `within` and is for the whole cohort, the others for the subject.
    """

    key: str
    words: str
    grade: str | None = None
    rank: int | None = None
    places: int | None = None
    within: str = ""
    points: Decimal | None = None


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What one subject waits for; `ruling` is what was decided and waits for the next run."""

    subject: UUID
    number: str
    name: str
    organization: str
    score: Decimal | None
    part: str
    title: str
    clause: str
    kind: str
    reason: str
    ruling: RulingInfo | None

    @property
    def kind_in_words(self) -> str:
        """The kind as a page says it."""
        return KINDS[self.kind]

    @property
    def rulable(self) -> bool:
        """Whether a person may decide it; what is missing is handed in instead."""
        return self.kind != "missing" and not self.part.startswith("outputs.")


class QuestionPage(msgspec.Struct, frozen=True):
    """One page of questions: by part of the rules, then in the order of lists."""

    rows: list[Question]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PAGE))


async def open_questions(run: RunInfo) -> int:
    """How many subjects of a run wait for a ruling."""
    found: int = await fetch_value(
        "select count(*) from result where tenant_id = $1 and run = $2 and status = 'needs_ruling'",
        current_tenant(),
        run.id,
    )
    return found


async def questions(run: RunInfo, page: int = 1) -> QuestionPage:
    """One page of a run's open questions."""
    outcome = await queries.outcome(run.id)
    issues = _issues(outcome)
    page = min(max(1, page), max(1, -(-issues.height // PAGE)))
    rows = issues.slice((page - 1) * PAGE, PAGE)
    return QuestionPage(await _shown(run, outcome, rows), issues.height, page)


async def question(run: RunInfo, subject: UUID, part: str) -> Question:
    """What a subject waits for at a part; raises NotFound when nothing is open there."""
    found = await question_or_none(run, subject, part)
    if found is None:
        raise NotFound("这里没有待裁定的问题", where=part)
    return found


async def question_or_none(run: RunInfo, subject: UUID, part: str) -> Question | None:
    """What a subject waits for at a part (empty: the first one), or None when nothing is open there."""
    outcome = await queries.outcome(run.id)
    mine = pl.col(SUBJECT) == str(subject)
    rows = _issues(outcome).filter(mine & (pl.col("where") == part) if part else mine)
    return None if rows.is_empty() else (await _shown(run, outcome, rows.head(1)))[0]


async def rulings_now(run: RunInfo) -> list[RulingInfo]:
    """The rulings in force for a run's scheme, period and rulebook: applied ones and those still to come."""
    subjects = set((await queries.frame(run.id, "subjects"))[SUBJECT].to_list())
    return in_force(await all_rulings(run.scheme_id, run.period_id), run.rulebook, subjects)


def choices(book: Rulebook, outcome: Outcome, asked: Question, ruled: Sequence[RulingInfo]) -> list[Choice]:
    """What may be chosen; empty where a number of points is to be entered, or a fact is missing."""
    if not asked.rulable or not asked.part.startswith("decide["):
        return []
    decision = book.decide[int(asked.part.removeprefix("decide[").removesuffix("]"))]
    if asked.kind == "tie":
        taken = [one.rank for one in ruled if one.part == asked.part and one.rank is not None]
        first = max(taken, default=0) + 1
        return [Choice(key="first", words="在并列的对象中排在其余各个之前", rank=first)]
    if asked.kind == "rounding" and isinstance(decision, Quota):
        return _places(outcome, asked)
    listed = outcome.issues.filter((pl.col(SUBJECT) == str(asked.subject)) & (pl.col("where") == asked.part))[
        "candidates"
    ]
    named = [grade for grade in "、".join(listed).split("、") if grade in book.grades]
    return [
        Choice(key=f"grade:{grade}", words=f"定为“{grade}”", grade=grade) for grade in named or book.grades
    ]


def tentative(run: RunInfo, asked: Question, choice: Choice) -> RulingInfo:
    """A choice as the ruling it would become; it is nobody's yet."""
    whole = choice.places is not None
    return RulingInfo(
        id=run.id,
        number=0,
        rulebook=run.rulebook,
        run=run.id,
        subject=None if whole else asked.subject,
        part=asked.part,
        kind=asked.kind,
        within=choice.within,
        grade=choice.grade,
        points=choice.points,
        rank=choice.rank,
        places=choice.places,
        withdrawn=False,
        by=run.id,
        at=run.opened_at,
        reason="",
        person="",
    )


def _places(outcome: Outcome, asked: Question) -> list[Choice]:
    """Every reading of the places that are not settled, in the cohorts where somebody waits."""
    rows = outcome.cohort.filter(
        (pl.col("where") == asked.part) & (pl.col("low") != pl.col("high")) & (pl.col("open") > 0)
    )
    return [
        Choice(
            key=f"places:{row['cohort']}:{row['grade']}:{number}",
            words=f"“{row['grade']}”{number} 个名额" + (f"（{row['cohort']}）" if row["cohort"] else ""),
            grade=row["grade"],
            places=number,
            within=row["cohort"] or "",
        )
        for row in rows.iter_rows(named=True)
        for number in range(row["low"], row["high"] + 1)
    ]


def _issues(outcome: Outcome) -> pl.DataFrame:
    """The questions that wait, one row for each subject and part, in the order of lists.

    What a person can decide comes first, then what is missing.
    """
    place = outcome.results.select(SUBJECT).with_row_index("place")
    return (
        outcome.issues.filter(pl.col("kind").is_in(list(KINDS)))
        .unique(subset=[SUBJECT, "where"], keep="first", maintain_order=True)
        .join(place, on=SUBJECT, how="left")
        .sort(pl.col("kind") == "missing", "where", "place")
    )


async def _shown(run: RunInfo, outcome: Outcome, rows: pl.DataFrame) -> list[Question]:
    book = (await analysis_of(run.rulebook)).book
    ids = rows[SUBJECT].to_list()
    known = await listing.named_subjects(run, ids)
    ruled = await rulings_now(run)
    scores = dict(outcome.results.filter(pl.col(SUBJECT).is_in(ids)).select(SUBJECT, "score").iter_rows())
    shown = []
    for row in rows.iter_rows(named=True):
        id_, number, name, organization = known[row[SUBJECT]]
        title, clause = part_said(book, row["where"])
        shown.append(
            Question(
                subject=id_,
                number=number,
                name=name,
                organization=organization,
                score=scores.get(row[SUBJECT]),
                part=row["where"],
                title=title,
                clause=clause,
                kind=row["kind"],
                reason=row["reason"],
                ruling=next((one for one in ruled if one.subject == id_ and one.part == row["where"]), None),
            )
        )
    return shown


def part_said(book: Rulebook, part: str) -> tuple[str, str]:
    """Title and clause of a part of the rules: an item, a group, a fact, an output or `decide[n]`."""
    if part.startswith("decide["):
        number = int(part.removeprefix("decide[").removesuffix("]"))
        decision = book.decide[number]
        return decision.title or f"第 {number + 1} 步决定", decision.clause
    name = part.removeprefix("outputs.")
    for parts in (book.items, book.groups, book.facts, book.outputs):
        if name in parts:
            found = parts[name]
            return found.title or name, getattr(found, "clause", "")
    return part, ""
