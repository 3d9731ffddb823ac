"""How strong cases are: change one token of the rulebook, and at least one of its cases must fail."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from jiceng_sdk.cases.batches import batches
from jiceng_sdk.cases.comparing import failures_of
from jiceng_sdk.cases.frames import CASE, Inputs
from jiceng_sdk.cases.mutants import Mutant, mutants
from jiceng_sdk.cases.refusing import not_refused
from jiceng_sdk.cases.running import outcome_of, used_for
from jiceng_sdk.cases.sameness import normal_form
from jiceng_sdk.cases.shape import Case
from jiceng_sdk.cases.sources import Source
from jiceng_sdk.faults import Faults, errors
from jiceng_sdk.rulebook.positions import line_of
from jiceng_sdk.rulebook.reading import Reading, examine_raw


class Survivor(Struct, frozen=True, kw_only=True):
    """A change no case noticed."""

    path: str
    line: int
    before: str
    after: str


class Mutation(Struct, frozen=True, kw_only=True):
    """How many changes were tried: found by a case, refused by the reader, meaning the same, unnoticed."""

    rulebook: str
    killed: int = 0
    refused: int = 0
    same: int = 0
    survived: tuple[Survivor, ...] = ()


class _Batch(Struct, frozen=True, kw_only=True):
    cases: tuple[Case, ...]
    inputs: Inputs


def survivors(source: Source, *, every: int = 1, first: int = 0) -> Mutation:
    """Try every change (or each `every`-th from `first`, in file order) on the cases of a rulebook."""
    prepared = [_prepared(source, batch) for batch in batches(source.file.cases)]
    original = normal_form(source.analysis.book)
    counts = {"killed": 0, "refused": 0, "same": 0}
    survived: list[Survivor] = []
    for number, mutant in enumerate(mutants(source.raw)):
        if number % every != first:
            continue
        found = _fate(mutant, source, original, prepared)
        if found != "survived":
            counts[found] += 1
            continue
        line = line_of(mutant.path, source.lines)
        survived.append(Survivor(path=mutant.path, line=line, before=mutant.before, after=mutant.after))
    return Mutation(rulebook=source.file.rulebook, survived=tuple(survived), **counts)


def _prepared(source: Source, batch: Sequence[Case]) -> _Batch:
    analysis = source.variant(source.raw, batch[0].preset).analysis
    assert analysis is not None  # noqa: S101 - presets were checked on reading
    used = used_for(analysis, batch)
    return _Batch(cases=tuple(batch), inputs=Inputs(used.book, batch, split=CASE in used.book.facts))


def _fate(mutant: Mutant, source: Source, original: object, prepared: Sequence[_Batch]) -> str:
    reading = examine_raw(mutant.raw, {})
    if reading.analysis is None or errors(reading.faults):
        return "refused"
    if normal_form(reading.analysis.book) == original:
        return "same"
    if mutant.path.startswith("facts.") and not_refused(reading.analysis, source.file.refusals):
        return "killed"
    return "killed" if any(_notices(source, mutant, reading, prepared)) else "survived"


def _notices(source: Source, mutant: Mutant, plain: Reading, prepared: Sequence[_Batch]) -> Iterator[bool]:
    """Per batch whether a case fails, or its facts or preset are refused, under the changed rulebook."""
    for batch in prepared:
        preset = batch.cases[0].preset
        reading = source.variant(mutant.raw, preset) if preset else plain
        if reading.analysis is None or errors(reading.faults):
            yield True
            continue
        used = used_for(reading.analysis, batch.cases)
        try:
            outcome = outcome_of(used, batch.inputs, batch.cases[0])
        except Faults:
            yield True
        else:
            yield next(failures_of(used, batch.cases, outcome), None) is not None
