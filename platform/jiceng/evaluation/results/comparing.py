"""Two runs side by side: who moved, from what to what, and which line of the score or decision changed."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING

import msgspec
import polars as pl

from jiceng.evaluation import queries
from jiceng.evaluation.results import listing
from jiceng.evaluation.runs.computing import analysis_of
from jiceng.evaluation.runs.frames import ORGANIZATION, SUBJECT
from jiceng.evaluation.schemas import STATUSES, RunInfo
from jiceng.kernel.errors import Conflict
from jiceng.roster.queries import descendants
from jiceng.schemes.wording.words import titles_of

if TYPE_CHECKING:
    from decimal import Decimal
    from uuid import UUID

    from jiceng_sdk.engine import Outcome
    from jiceng_sdk.rulebook import Rulebook

PAGE = 50
NOT_THERE = "不在其中"
CHANGES = {"": "全部变动", "grade": "等次或状态变了", "score": "只有得分变了"}
"""What the list may be narrowed to."""


class Side(msgspec.Struct, frozen=True):
    """One subject in one of the two runs: `label` is its grade, or its status in words."""

    label: str
    score: Decimal | None


class Moved(msgspec.Struct, frozen=True):
    """A subject that is not the same in both; `lines` are (title, before, after) of what changed."""

    subject: UUID
    number: str
    name: str
    organization: str
    before: Side
    after: Side
    lines: list[tuple[str, str, str]]
    there: bool


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Two runs compared: the table old × new of everybody, and one page of those who moved."""

    before: RunInfo
    after: RunInfo
    rows: list[str]
    columns: list[str]
    table: dict[tuple[str, str], int]
    same: int
    moved: int
    found: int
    page: int
    shown: list[Moved]

    @property
    def pages(self) -> int:
        """How many pages of moved subjects there are, at least one."""
        return max(1, -(-self.found // PAGE))


async def compare(
    before: RunInfo, after: RunInfo, *, change: str = "", organization: UUID | None = None, page: int = 1
) -> Comparison:
    """Compare two computed runs of one scheme; raises Conflict for runs that have nothing in common."""
    if before.scheme_id != after.scheme_id:
        raise Conflict("两次评定不是同一个方案，不能比较", where=f"第 {before.number}、{after.number} 次")
    old, new = await queries.outcome(before.id), await queries.outcome(after.id)
    both = await asyncio.to_thread(_joined, old, new)
    moved = both.filter(pl.col("regraded") | pl.col("rescored"))
    found = moved
    if change == "grade":
        found = moved.filter("regraded")
    elif change == "score":
        found = moved.filter(~pl.col("regraded"))
    if organization is not None:
        found = found.filter(pl.col(SUBJECT).is_in(await _below(before, after, organization)))
    page = min(max(1, page), max(1, -(-found.height // PAGE)))
    books = (await analysis_of(before.rulebook)).book, (await analysis_of(after.rulebook)).book
    counted = both.group_by("old", "new").len().rows()
    labels = _labels(*books)
    return Comparison(
        before=before,
        after=after,
        rows=[label for label in labels if any(old == label for old, _, _ in counted)],
        columns=[label for label in labels if any(new == label for _, new, _ in counted)],
        table={(old, new): number for old, new, number in counted},
        same=both.height - moved.height,
        moved=moved.height,
        found=found.height,
        page=page,
        shown=await _shown(after, found.slice((page - 1) * PAGE, PAGE), (old, new), books),
    )


def _joined(old: Outcome, new: Outcome) -> pl.DataFrame:
    """subject, old, new (labels), score_old, score_new, regraded, rescored; in the order of the newer run."""

    def side(outcome: Outcome, label: str, score: str) -> pl.DataFrame:
        words = pl.col("status").replace(STATUSES)
        return outcome.results.select(
            SUBJECT,
            pl.coalesce("grade", words).alias(label),
            pl.col("score").cast(pl.Decimal(38, 12)).alias(score),
        )

    after = side(new, "new", "score_new").with_row_index("place")
    both = after.join(side(old, "old", "score_old"), on=SUBJECT, how="full", coalesce=True)
    return both.sort("place", SUBJECT, nulls_last=True).with_columns(
        pl.col("old", "new").fill_null(NOT_THERE),
        pl.col("old").ne_missing(pl.col("new")).alias("regraded"),
        pl.col("score_old").ne_missing(pl.col("score_new")).alias("rescored"),
    )


def _labels(old: Rulebook, new: Rulebook) -> list[str]:
    """Every label in the order of a table: grades best first, then statuses, then nobody."""
    return list(dict.fromkeys([*new.grades, *old.grades, *STATUSES.values(), NOT_THERE]))


async def _below(before: RunInfo, after: RunInfo, organization: UUID) -> list[str]:
    """Subjects of an organization and of those below it, in either run."""
    places = [str(place) for place in await descendants(organization, after.roster_at)]
    found: set[str] = set()
    for run in (before, after):
        subjects = await queries.frame(run.id, "subjects")
        mine = pl.col(ORGANIZATION).is_in(places) | pl.col(SUBJECT).is_in(places)
        found |= set(subjects.filter(mine)[SUBJECT])
    return sorted(found)


async def _shown(
    run: RunInfo, found: pl.DataFrame, outcomes: tuple[Outcome, Outcome], books: tuple[Rulebook, Rulebook]
) -> list[Moved]:
    ids = found[SUBJECT].to_list()
    changed = changed_lines(ids, outcomes, books)
    known = await listing.named_subjects(run, ids)
    return [
        Moved(
            *known[row[SUBJECT]],
            Side(row["old"], row["score_old"]),
            Side(row["new"], row["score_new"]),
            changed[row[SUBJECT]],
            row["new"] != NOT_THERE,
        )
        for row in found.iter_rows(named=True)
    ]


def changed_lines(
    ids: list[str], outcomes: tuple[Outcome, Outcome], books: tuple[Rulebook, Rulebook]
) -> dict[str, list[tuple[str, str, str]]]:
    """For each subject the items, groups and decisions that came out differently: title, before, after."""
    old, new = outcomes
    titles = titles_of(books[0]) | titles_of(books[1])
    names = [name for name in new.nodes.columns if name != SUBJECT and name in old.nodes.columns]
    values = [
        {row[SUBJECT]: row for row in one.nodes.filter(pl.col(SUBJECT).is_in(ids)).iter_rows(named=True)}
        for one in outcomes
    ]
    steps = [_decided(one, ids, book) for one, book in zip(outcomes, books, strict=True)]
    found: dict[str, list[tuple[str, str, str]]] = {}
    for subject in ids:
        before, after = (side.get(subject, {}) for side in values)
        lines = [
            (titles.get(name, name), _figure(before.get(name)), _figure(after.get(name)))
            for name in names
            if before and after and before.get(name) != after.get(name)
        ]
        first, second = (side.get(subject, {}) for side in steps)
        lines += [
            (title, first[title], second[title])
            for title in second
            if title in first and first[title] != second[title]
        ]
        found[subject] = lines
    return found


def _decided(outcome: Outcome, ids: list[str], book: Rulebook) -> dict[str, dict[str, str]]:
    """For each subject the grade after each decision, by the decision's title; of one title, by its turn."""
    paths: dict[str, str] = {}
    seen: Counter[str] = Counter()
    for n, decision in enumerate(book.decide):
        title = decision.title or f"第 {n + 1} 步决定"
        seen[title] += 1
        if (path := f"decide[{n}]:grade") in outcome.details.columns:
            paths[path] = title if seen[title] == 1 else f"{title}（之{seen[title]}）"
    rows = outcome.details.filter(pl.col(SUBJECT).is_in(ids)).iter_rows(named=True)
    grades = outcome.grades or book.grades
    return {row[SUBJECT]: {title: _grade(row[path], grades) for path, title in paths.items()} for row in rows}


def _grade(level: int | None, grades: tuple[str, ...]) -> str:
    """A stored level as its grade: 1 is the last of `grades`."""
    return "未定" if level is None else grades[len(grades) - level]


def _figure(value: Decimal | None) -> str:
    return "—" if value is None else f"{value.normalize():f}"
