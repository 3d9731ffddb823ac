"""`jiceng cases PATH… [--mutate]`: run worked cases; with mutation, show what no case would notice."""

from collections.abc import Callable, Sequence
from pathlib import Path

from jiceng_sdk.cases.mutating import survivors
from jiceng_sdk.cases.reporting import report_lines, survivor_lines
from jiceng_sdk.cases.running import run_cases
from jiceng_sdk.cases.sources import case_files, read_source
from jiceng_sdk.faults import Faults

FAILED = 1


def main(paths: Sequence[Path], mutate: bool, console: Callable[[str], object]) -> int:
    """Print the report line by line; 0 when every case passed (and no mutant survived), else 1."""
    try:
        files = list(case_files(paths))
    except Faults as error:
        console(str(error))
        return FAILED
    report = run_cases(files)
    for line in report_lines(report):
        console(line)
    if not report.fine:
        return FAILED
    if not mutate:
        return 0
    found = [survivors(read_source(path)) for path in files]
    for line in survivor_lines(found):
        console(line)
    return FAILED if any(one.survived for one in found) else 0
