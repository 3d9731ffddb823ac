"""Worked cases from TOML: every fault of a file at once, with its line."""

import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from jiceng_sdk.cases.people import read_people
from jiceng_sdk.cases.periods import read_span
from jiceng_sdk.cases.shape import Case, CaseFile, Refusal, Span, Wanted, Written
from jiceng_sdk.faults import Fault, Faults, meant, nearest
from jiceng_sdk.rulebook.syntax import syntax_fault

SUFFIX = ".cases.toml"
CASE_KEYS = (
    "name", "example", "preset", "period", "subject", "facts", "previous", "rulings",
    "subjects", "same", "others", "expect",
)  # fmt: skip
GROUP_KEYS = ("subjects", "grades", "asked", "places", "area")
FILE_KEYS = ("period", "cases", "refused", "accepted")


def read_toml_cases(path: Path, period_kind: str) -> CaseFile:
    """Cases of `<stem>.cases.toml`; `period_kind` is the rulebook's period.

    Raises Faults with everything wrong in the file.
    """
    text = path.read_text(encoding="utf-8")
    try:
        raw = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise Faults([syntax_fault(str(error), text).at(file=str(path))]) from error
    reader = _Reader(str(path), period_kind, raw.get("period"))
    reader.keys(raw, FILE_KEYS, "", 1)
    cases = [reader.case(one, line) for one, line in _with_lines(raw.get("cases", []), text, "[[cases]]")]
    refused = [
        one
        for word in ("refused", "accepted")
        for block, line in _with_lines(raw.get(word, []), text, f"[[{word}]]")
        for one in reader.refusals(block, line, accepted=word == "accepted")
    ]
    reader.names(cases)
    if reader.faults:
        raise Faults(reader.faults)
    return CaseFile(
        path=str(path),
        rulebook=str(rulebook_of(path)),
        cases=tuple(case for case in cases if case is not None),
        refusals=tuple(refused),
    )


def rulebook_of(path: Path) -> Path:
    """The rulebook a case file belongs to: the same name without `.cases`."""
    stem = path.name.removesuffix(SUFFIX).removesuffix(".cases.xlsx")
    return path.with_name(f"{stem}.toml")


def _with_lines(blocks: Written, text: str, header: str) -> Iterator[tuple[Any, int]]:
    lines = [n for n, line in enumerate(text.splitlines(), 1) if line.strip().replace(" ", "") == header]
    blocks = blocks if isinstance(blocks, list) else [blocks]
    for number, block in enumerate(blocks):
        yield block, lines[number] if number < len(lines) else 1


class _Reader:
    """Collects faults while the blocks of one file become cases."""

    def __init__(self, file: str, period_kind: str, period: Written) -> None:
        self.file, self.kind, self.period = file, period_kind, period
        self.faults: list[Fault] = []

    def fault(self, zh: str, en: str, line: int) -> None:
        self.faults.append(Fault(zh=zh, en=en, file=self.file, line=line))

    def keys(self, block: Mapping[str, Any], known: tuple[str, ...], where: str, line: int) -> None:
        for key in block:
            if key in known:
                continue
            zh, en = meant(nearest(key, known))
            self.fault(f"{where}不认识的键 {key!r}{zh}", f"unknown key {key!r}{en}", line)

    def names(self, cases: list[Case | None]) -> None:
        seen: dict[str, int] = {}
        for case in cases:
            if case is None:
                continue
            for word in filter(None, {case.name, case.example}):
                if word in seen:
                    self.fault(f"{word!r} 在第 {seen[word]} 行已经用过", f"{word!r} is used twice", case.line)
                seen[word] = case.line

    def span(self, block: Mapping[str, Any], line: int) -> Span | None:
        raw = block.get("period", self.period)
        if raw is None:
            self.fault("没有写期间（period），文件开头或案例里都可以写", "no period", line)
            return None
        try:
            return read_span(raw, self.kind)
        except ValueError as error:
            self.fault(str(error), "unreadable period", line)
            return None

    def case(self, block: Mapping[str, Any], line: int) -> Case | None:
        """One `[[cases]]` block, or None when it is faulty (the faults are kept)."""
        before = len(self.faults)
        self.keys(block, CASE_KEYS, "案例中", line)
        if not block.get("name"):
            self.fault("案例没有名称（name，一句话）", "a case needs a name", line)
        if "subject" not in block and "subjects" not in block:
            self.fault("案例没有对象（subject 或 subjects）", "a case needs subject or subjects", line)
        span = self.span(block, line)
        people = read_people(block, lambda zh, en: self.fault(zh, en, line))
        expect = block.get("expect")
        if not isinstance(expect, dict) or not expect:
            self.fault("案例没有写应得结果（expect）", "a case needs expect", line)
            expect = {}
        wanted, group = self.wanted(expect, "subjects" not in block, line)
        if span is None or len(self.faults) > before:
            return None
        return Case(
            name=str(block["name"]), file=self.file, line=line, period=span, people=people, wanted=wanted,
            example=str(block.get("example", "")), preset=str(block.get("preset", "")),
            grades=group.get("grades", {}), area=group.get("area", {}),
            asked=tuple(group["asked"]) if "asked" in group else None, places=group.get("places", {}),
        )  # fmt: skip

    def wanted(
        self, expect: Mapping[str, Any], single: bool, line: int
    ) -> tuple[dict[str, Wanted], dict[str, Any]]:
        """Expectations by subject, and those of the whole group."""
        group = {key: value for key, value in expect.items() if key in GROUP_KEYS}
        own = {key: value for key, value in expect.items() if key not in GROUP_KEYS}
        if own and not single:
            self.fault(
                f"多个对象时 {', '.join(own)} 应写在 expect.subjects.<名称> 里", "write it per subject", line
            )
        rows = dict(group.get("subjects", {})) | ({"": own} if own else {})
        found: dict[str, Wanted] = {}
        for name, row in rows.items():
            self.keys(row, Wanted.__struct_fields__, "expect 中", line)
            try:
                found[name] = msgspec.convert(row, Wanted)
            except msgspec.ValidationError as error:
                self.fault(f"expect 写法不对：{error}", f"bad expect: {error}", line)
        return found, group

    def refusals(self, block: Mapping[str, Any], line: int, *, accepted: bool) -> list[Refusal]:
        """One `[[refused]]` or `[[accepted]]` block: name, optional period, and fact = [values]."""
        span = self.span(block, line)
        name = str(block.get("name", ""))
        if not name:
            self.fault("拒收（收下）的数没有名称（name）", "values refused or accepted need a name", line)
        if span is None:
            return []
        facts = {key: value for key, value in block.items() if key not in ("name", "period")}
        return [
            Refusal(
                name=name, file=self.file, line=line, period=span, fact=fact, value=value, accepted=accepted
            )
            for fact, values in facts.items()
            for value in (values if isinstance(values, list) else [values])
        ]
