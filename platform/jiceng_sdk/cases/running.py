"""Running cases: read, evaluate in as few evaluations as is exact, compare."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl
from msgspec import Struct, structs

from jiceng_sdk.cases.batches import batches, compares_subjects, split_by_case
from jiceng_sdk.cases.comparing import failures_of
from jiceng_sdk.cases.frames import CASE, Inputs
from jiceng_sdk.cases.refusing import not_refused
from jiceng_sdk.cases.shape import Case, Failure
from jiceng_sdk.cases.sources import Source, case_files, read_source
from jiceng_sdk.engine import Outcome, Period, evaluate
from jiceng_sdk.faults import Faults
from jiceng_sdk.rulebook import Analysis
from jiceng_sdk.rulebook.analysis import analyse


class Report(Struct, frozen=True, kw_only=True):
    """How many cases passed, every failure of the others; `broken`: files that could not be run."""

    passed: int = 0
    failed: int = 0
    failures: tuple[Failure, ...] = ()
    broken: tuple[str, ...] = ()

    @property
    def fine(self) -> bool:
        """Whether nothing failed."""
        return not self.failed and not self.broken

    def plus(self, other: "Report") -> "Report":
        """Both reports as one."""
        return Report(
            passed=self.passed + other.passed,
            failed=self.failed + other.failed,
            failures=self.failures + other.failures,
            broken=self.broken + other.broken,
        )


def run_cases(paths: Sequence[Path]) -> Report:
    """Run all cases found at the paths (case files, rulebooks, folders). Never raises for what they hold."""
    report = Report()
    for path in case_files(paths):
        try:
            report = report.plus(run_source(read_source(path)))
        except Faults as error:
            report = report.plus(Report(broken=(str(error),)))
    return report


def run_source(source: Source) -> Report:
    """Run the cases of one file."""
    failures: list[Failure] = []
    for batch in batches(source.file.cases):
        analysis = (
            source.variant(source.raw, batch[0].preset).analysis if batch[0].preset else source.analysis
        )
        assert analysis is not None  # noqa: S101 - presets were checked on reading
        failures += _run(analysis, batch)
    failures += not_refused(source.analysis, source.file.refusals)
    placed = tuple(source.placed(failure) for failure in failures)
    failed = len({(failure.file, failure.line, failure.case) for failure in placed})
    total = len(source.file.cases) + len(source.file.refusals)
    return Report(passed=total - failed, failed=failed, failures=placed)


def _run(analysis: Analysis, batch: Sequence[Case]) -> list[Failure]:
    """Failures of one batch; when facts are refused, each case stands for its own."""
    used = used_for(analysis, batch)
    try:
        inputs = Inputs(used.book, batch, split=CASE in used.book.facts)
        return list(failures_of(used, batch, outcome_of(used, inputs, batch[0])))
    except Faults as error:
        if len(batch) > 1:
            return [failure for case in batch for failure in _run(analysis, [case])]
        return [_refused(batch[0], error)]


def _refused(case: Case, error: Faults) -> Failure:
    return Failure(
        case=case.name, file=case.file, line=case.line, subject="", what="facts", wanted="收下",
        got="拒收", rule=error.faults[0].path, because=str(error),
    )  # fmt: skip


def used_for(analysis: Analysis, batch: Sequence[Case]) -> Analysis:
    """The rulebook as it stands for a single case; for several, with their cohorts kept apart."""
    if len(batch) == 1:
        return analysis
    if compares_subjects(analysis):
        return analyse(split_by_case(analysis.book))
    return analyse(structs.replace(analysis.book, area={})) if analysis.book.area else analysis


def outcome_of(analysis: Analysis, inputs: Inputs, case: Case) -> Outcome:
    """One evaluation for the period of a case."""
    period = Period(case.period.kind, case.period.start, case.period.end)  # type: ignore[arg-type] # checked by the reader
    return evaluate(
        analysis,
        inputs.subjects,
        inputs.facts,
        period=period,
        previous=inputs.previous,
        rulings=_frame(inputs.rulings),
    )


def _frame(rulings: pl.DataFrame | None) -> pl.DataFrame | tuple[()]:
    return () if rulings is None else rulings
