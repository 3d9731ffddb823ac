"""`jiceng scheme check PATH…`: every fault of rulebooks and schemes, with file and line."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

from jiceng_sdk.faults import Fault, Faults, errors
from jiceng_sdk.rulebook.burden import Finding, burden, refused
from jiceng_sdk.rulebook.positions import line_of, positions
from jiceng_sdk.rulebook.reading import examine, text_of
from jiceng_sdk.rulebook.schemes import examine_scheme

CASES = ".cases.toml"


class Console(Protocol):
    """Where lines are printed; rich's Console is one."""

    def print(self, line: str, /, *, markup: bool, highlight: bool, soft_wrap: bool) -> None:
        """Print one line as it is; `soft_wrap`: never broken at the width of a terminal."""


def check(paths: Iterable[Path], console: Console) -> int:
    """Check files, or all rulebooks in folders. 0: no error · 1: errors · 2: nothing to check."""
    files = [file for path in paths for file in _files(path)]
    if not files:
        _say(console, "没有找到规则书（含 subject 或 [plugin] 的 .toml 文件）")
        return 2
    wrong = 0
    for file in files:
        faults, findings, lines = _examined(file)
        for fault in faults:
            _say(console, str(fault))
        for one in () if errors(faults) else findings:
            _say(console, _burden_line(one, file, line_of(one.path, lines)))
        _say(console, f"{file}：{_verdict(faults, findings)}")
        wrong += bool(errors(faults))
    _say(console, f"检查了 {len(files)} 份规则书，{wrong} 份有错误")
    return 1 if wrong else 0


def _verdict(faults: tuple[Fault, ...], findings: tuple[Finding, ...]) -> str:
    bad = len(errors(faults))
    if bad:
        return f"{bad} 处错误"
    usable = "可以计算，但减负自检不通过，不能发布" if refused(findings) else "可以使用"
    doubts = len(faults) + sum(one.severity == "warn" for one in findings)
    return usable + (f"，{doubts} 处提醒" if doubts else "")


def _say(console: Console, line: str) -> None:
    console.print(line, markup=False, highlight=False, soft_wrap=True)


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        found = sorted(path.rglob("*.toml"))
        yield from (file for file in found if not file.name.endswith(CASES) and _is_rulebook(file))
    else:
        yield path


def _is_rulebook(file: Path) -> bool:
    """Whether a file found in a folder is meant as a rulebook; one that is no TOML is worth a fault."""
    try:
        raw = tomllib.loads(text_of(file))
    except (Faults, ValueError, RecursionError):
        return True
    return "plugin" in raw or ("subject" in raw and not isinstance(raw["subject"], (dict, list)))


def _examined(file: Path) -> tuple[tuple[Fault, ...], tuple[Finding, ...], Mapping[str, int]]:
    try:
        text = text_of(file)
    except Faults as error:
        return error.faults, (), {}
    if _has_card(text):
        scheme, faults = examine_scheme(text, str(file))
        return faults, burden(scheme.analysis) if scheme else (), positions(text)
    reading = examine(text, str(file))
    return reading.faults, burden(reading.analysis) if reading.analysis else (), reading.lines


def _has_card(text: str) -> bool:
    return any(line.strip().startswith("[plugin]") for line in text.splitlines())


def _burden_line(one: Finding, file: Path, line: int) -> str:
    word = "减负自检不通过" if one.severity == "refuse" else "减负自检提醒"
    return f"{file}:{line} {one.path}：{word}：{one.zh}"
