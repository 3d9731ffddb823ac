"""From paths to rulebooks with their cases: a rulebook finds its cases, a case file its rulebook."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct, structs

from jiceng_sdk.cases.reading import SUFFIX, read_toml_cases, rulebook_of
from jiceng_sdk.cases.shape import CaseFile, Failure
from jiceng_sdk.cases.workbook import SHEET_SUFFIX, read_sheet_cases
from jiceng_sdk.faults import Fault, Faults, errors
from jiceng_sdk.rulebook import Analysis
from jiceng_sdk.rulebook.positions import line_of, positions
from jiceng_sdk.rulebook.reading import Raw, Reading, examine_raw, text_of, toml
from jiceng_sdk.rulebook.schemes import overlaid, scheme_of

CARD = "plugin"


class Source(Struct, frozen=True, kw_only=True):
    """A rulebook with its cases; `raw`: TOML data, `lines`: the line of every path, `overlays`: by preset."""

    analysis: Analysis
    file: CaseFile
    raw: Raw
    overlays: Mapping[str, Raw]
    lines: Mapping[str, int]

    def variant(self, raw: Raw, preset: str) -> Reading:
        """The rulebook in `raw` as a preset changes it."""
        return examine_raw(overlaid(raw, self.overlays[preset]) if preset else raw, {})

    def placed(self, failure: Failure) -> Failure:
        """The failure with file and line of its rule in the rulebook."""
        return structs.replace(
            failure,
            rule_file=self.file.rulebook,
            rule_line=line_of(failure.rule, self.lines) if failure.rule else 0,
        )


def case_files(paths: Sequence[Path]) -> Iterator[Path]:
    """Case files of the paths, each once, in order. Raises Faults for a path that holds none."""
    seen: set[Path] = set()
    for path in paths:
        found = list(_below(path))
        if not found:
            raise Faults(
                [
                    Fault(
                        zh=f"没有找到案例：应有 <名称>{SUFFIX} 或 <名称>{SHEET_SUFFIX}",
                        en="no cases",
                        file=str(path),
                    )
                ]
            )
        for one in found:
            if one not in seen:
                seen.add(one)
                yield one


def _below(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(one for suffix in (SUFFIX, SHEET_SUFFIX) for one in path.rglob(f"*{suffix}"))
    elif path.name.endswith((SUFFIX, SHEET_SUFFIX)):
        if path.is_file():
            yield path
    else:
        yield from (
            one
            for suffix in (SUFFIX, SHEET_SUFFIX)
            if (one := path.with_name(f"{path.stem}{suffix}")).is_file()
        )


def read_source(path: Path) -> Source:
    """A case file and the rulebook it belongs to. Raises Faults with everything wrong in either."""
    book_path = rulebook_of(path)
    if not book_path.is_file():
        raise Faults(
            [Fault(zh=f"没有找到办法 {book_path.name}", en=f"no rulebook {book_path.name}", file=str(path))]
        )
    raw, overlays, lines, analysis = _read_book(book_path)
    if path.name.endswith(SUFFIX):
        file = read_toml_cases(path, analysis.book.period)
    else:
        file = read_sheet_cases(path, analysis.book)
    unknown = [case for case in file.cases if case.preset and case.preset not in overlays]
    if unknown:
        raise Faults(
            Fault(
                zh=f"没有预设 {case.preset!r}",
                en=f"no preset {case.preset!r}",
                file=case.file,
                line=case.line,
            )
            for case in unknown
        )
    return Source(analysis=analysis, file=file, raw=raw, overlays=overlays, lines=lines)


def _read_book(path: Path) -> tuple[Raw, Mapping[str, Raw], Mapping[str, int], Analysis]:
    """The rulebook of a rulebook or scheme file: data, overlays of presets, lines, meaning. Raises Faults."""
    text = text_of(path)
    raw = toml(text)
    if CARD in raw:
        scheme = scheme_of(text, str(path))
        overlays = {name: dict(preset.overlay) for name, preset in scheme.presets.items()}
        return dict(scheme.raw), overlays, positions(text), scheme.analysis
    lines = positions(text)
    reading = examine_raw(raw, lines, str(path))
    if reading.analysis is None or errors(reading.faults):
        raise Faults(reading.faults)
    return raw, {}, lines, reading.analysis
