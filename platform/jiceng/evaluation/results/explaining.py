"""One score explained: the stored node values turned into lines, beside the facts they come from."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from jiceng.evaluation import queries
from jiceng.evaluation.results import listing
from jiceng.evaluation.results.tracing import Traced, traced
from jiceng.evaluation.results.withholding import (
    comparing_nothing_hidden,
    resting_on,
    together,
    withheld_kinds,
)
from jiceng.evaluation.runs.computing import analysis_of, history_of
from jiceng.evaluation.runs.elsewhere import SeenResult, seen_by, these
from jiceng.evaluation.runs.frames import for_engine
from jiceng.evaluation.schemas import ResultRow, RunInfo, in_words
from jiceng.facts import queries as facts
from jiceng.facts.rows.checking import handed_in
from jiceng.roster.queries import names
from jiceng.schemes.wording.phrases import say
from jiceng.schemes.wording.subjects import SUBJECTS
from jiceng.schemes.wording.titles import FieldTitles, titles_in
from jiceng.schemes.wording.words import titles_of
from jiceng_sdk.engine import Line, Outcome, lines
from jiceng_sdk.expressions.tree import names as read_names
from jiceng_sdk.rulebook import Bands, Override
from jiceng_sdk.rulebook.history import depth

if TYPE_CHECKING:
    from uuid import UUID

    import polars as pl

    from jiceng.facts.schemas import FactShown
    from jiceng_sdk.rulebook import Analysis, Rulebook

MOST_PLACES, QUOTIENT_PLACES = 4, 2
UNSCORED = ("decision", "output", "ruling")
"""Kinds of lines that carry no points."""


class FactGroup(msgspec.Struct, frozen=True):
    """The facts of one kind that the run saw, as the page lists them."""

    name: str
    title: str
    facts: list[FactShown]


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a page needs to explain one result.

    `scoring` lines add up to the score; `deciding` lines say what each decision did; `questions` are what
    waits for a ruling or is missing; `outputs` are (title, clause, value). `behind` tells for an item's line
    which facts it rests on. `elsewhere`: results of other schemes that were read, by the title of their fact;
    `projects`: names of the projects some of them are of.
    """

    run: RunInfo
    row: ResultRow
    subject_word: str
    basis: str
    places: int
    scoring: list[Line]
    deciding: list[Line]
    questions: list[str]
    outputs: list[tuple[str, str, str]]
    behind: Traced
    groups: list[FactGroup]
    elsewhere: dict[str, list[SeenResult]]
    projects: dict[UUID, str]
    titles: dict[str, FieldTitles]

    def evidence(self, line: Line) -> FactGroup | None:
        """The facts an item's line rests on; None for other lines and where there is no such fact."""
        wanted = self.behind.get(line.path.removeprefix("items."), frozenset()) if line.kind == "item" else ()
        for group in self.groups:
            found = [fact for fact in group.facts if fact.seq in wanted]
            if found:
                return FactGroup(group.name, group.title, found)
        return None

    def counted_in(self, fact: FactShown) -> list[str]:
        """Titles of the items a fact counts for."""
        titles = {
            line.path.removeprefix("items."): line.title for line in self.scoring if line.kind == "item"
        }
        return [titles[name] for name, seqs in self.behind.items() if fact.seq in seqs and name in titles]


async def explanation(run: RunInfo, subject: UUID) -> Explanation:
    """Explain one result from what was stored with the run; facts are listed, never evaluated again.

    Raises NotFound when the run has no result for the subject.
    """
    row = await listing.result(run, subject)
    analysis = await analysis_of(run.rulebook)
    outcome, went_in = await queries.kept_of(run.id, subject)
    groups = await _facts(run, analysis, subject)
    book = analysis.book
    hidden = resting_on(analysis, withheld_kinds(group.facts for group in groups))
    told = comparing_nothing_hidden(lines(analysis, outcome, str(subject)), analysis, hidden)
    read = await seen_by(book, subject, run.first_day, run.last_day, await these(run.sources))
    return Explanation(
        run=run,
        row=row,
        subject_word=SUBJECTS[run.subject],
        basis=book.basis,
        places=shown_places(analysis),
        scoring=[
            _with_condition(line, book, outcome, hidden) if line.kind == "gate" else line
            for line in together([line for line in told if line.kind not in UNSCORED], hidden)
        ],
        deciding=[
            *_taken_out(book, row.status, set(outcome.trail["where"])),
            *(_in_plain_words(line, book) for line in told if line.kind == "decision"),
        ],
        questions=[line.because for line in told if line.kind == "ruling"],
        outputs=[
            (output.title or name, output.clause, in_words(row.outputs.get(name)))
            for name, output in book.outputs.items()
        ],
        behind=await _behind(run, analysis, outcome, went_in, groups),
        groups=groups,
        elsewhere={book.facts[name].title or name: some for name, some in read.items()},
        projects=await names({one.project for some in read.values() for one in some if one.project}),
        titles={run.scheme: titles_in(book)},
    )


def shown_places(analysis: Analysis) -> int:
    """Decimals of scores on pages: those of the rulebook, at most four; two for a quotient not rounded."""
    places = analysis.places.get(analysis.book.score)
    return QUOTIENT_PLACES if places is None else min(places, MOST_PLACES)


def _with_condition(line: Line, book: Rulebook, outcome: Outcome, hidden: frozenset[str]) -> Line:
    """A gate's line with its condition in words and the subject's own figures it was held against.

    Figures of `hidden` items stay untold.
    """
    group = book.groups.get(line.path.removeprefix("groups."))
    if group is None or group.gate is None:
        return line
    titles = titles_of(book)
    figures = [
        f"{titles.get(name, name)}为 {outcome.nodes[name][0].normalize():f}"
        for name in sorted(read_names(group.gate.tree) - hidden)
        if name in outcome.nodes.columns and outcome.nodes[name][0] is not None
    ]
    held = "，".join([f"条件是{say(group.gate, titles)}", *figures])
    return msgspec.structs.replace(line, because=f"{line.because}（{held}）")


def _taken_out(book: Rulebook, status: str, changed: set[str]) -> list[Line]:
    """The decision that took the subject out of the appraisal, where the status says there was one.

    `changed`: the decisions that changed something; they tell which of several with the same status it was.
    """
    titles = titles_of(book)
    found = [
        Line(
            path=f"decide[{number}]",
            title=decision.title or "不参加评定",
            clause=decision.clause,
            kind="decision",
            points=Decimal(0),
            because=f"{say(decision.when, titles)}，不参加评定",
        )
        for number, decision in enumerate(book.decide)
        if isinstance(decision, Override) and decision.out == status
    ]
    return found if len(found) <= 1 else [line for line in found if line.path in changed]


def _in_plain_words(line: Line, book: Rulebook) -> Line:
    """A decision's line with its condition said in Chinese instead of quoted as a formula."""
    decision = book.decide[int(line.path.removeprefix("decide[").removesuffix("]"))]
    conditions = [row.when for row in decision.rows] if isinstance(decision, Bands) else []
    if isinstance(decision, Override):
        conditions = [decision.when]
    titles = titles_of(book)
    for condition in conditions:
        quoted = f"（{condition.text}）"
        if line.because.endswith(quoted):
            words = f"{line.because.removesuffix(quoted)}（{say(condition, titles)}）"
            return msgspec.structs.replace(line, because=words)
    return line


async def _behind(
    run: RunInfo, analysis: Analysis, outcome: Outcome, went_in: pl.DataFrame, groups: list[FactGroup]
) -> Traced:
    seen = [fact for group in groups for fact in group.facts if not fact.withheld]
    back = any(depth(name) for item in analysis.items_read for name in analysis.items_read[item])
    previous = await history_of(run, analysis.book, went_in["subject"][0]) if back and seen else None
    return await asyncio.to_thread(
        traced, analysis, outcome, for_engine(analysis.book, went_in), seen, previous
    )


async def _facts(run: RunInfo, analysis: Analysis, subject: UUID) -> list[FactGroup]:
    found = await facts.of_subject(subject, run.watermark)
    groups = []
    for name, fact in handed_in(analysis.book).items():
        since = None if fact.since == "always" else run.first_day
        seen = [
            one
            for one in found
            if one.scheme == run.scheme
            and one.kind == name
            and one.occurred <= run.last_day
            and (since is None or one.occurred >= since)
        ]
        if seen:
            groups.append(FactGroup(name, fact.title or name, seen))
    return groups
