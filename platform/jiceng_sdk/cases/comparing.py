"""What a case expects against what the engine found; every difference names the rule that made the value."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
import polars as pl

from jiceng_sdk.cases.blaming import rule_of_grade, rule_of_issue, rule_of_score
from jiceng_sdk.cases.numbers import same, shown
from jiceng_sdk.cases.shape import Case, Failure, Wanted, Written
from jiceng_sdk.engine import Outcome
from jiceng_sdk.rulebook import Analysis
from jiceng_sdk.rulebook.parts import Rounding

ASKING = "needs_ruling"
Row = Mapping[str, Any]
_SECTIONS = {"outputs": "产出", "nodes": "项目或分组（按月、按季计算的写汇总后的）"}


class Found:
    """An outcome by subject, for quick look-up."""

    def __init__(self, outcome: Outcome) -> None:
        self.results = _by_subject(outcome.results)
        self.nodes = _by_subject(outcome.nodes)
        self.issues: dict[str, list[Row]] = {}
        for row in outcome.issues.iter_rows(named=True):
            self.issues.setdefault(row["subject"], []).append(row)
        self.trail: dict[str, list[Row]] = {}
        for row in outcome.trail.iter_rows(named=True):
            self.trail.setdefault(row["subject"], []).append(row)
        self.cohort = outcome.cohort.rows(named=True)
        self.area = outcome.area.rows(named=True)


def _by_subject(frame: pl.DataFrame) -> dict[str, Row]:
    return {row["subject"]: row for row in frame.iter_rows(named=True)}


def _list(words: Sequence[str]) -> str | None:
    return "、".join(words) or None


def _says(issue: Row, reason: str) -> bool:
    """Whether an issue is of that kind, at that place, or says those words."""
    return reason in (issue["kind"], issue["where"]) or reason in issue["reason"]


def failures_of(analysis: Analysis, cases: Sequence[Case], outcome: Outcome) -> Iterator[Failure]:
    """Every expectation of the cases that is not met."""
    found = Found(outcome)
    for number, case in enumerate(cases):
        yield from _Compared(analysis, case, str(number), found).failures()


class _Compared:
    """One case against the outcome of its batch, in which its subjects are called `number/name`."""

    def __init__(self, analysis: Analysis, case: Case, number: str, found: Found) -> None:
        self.book, self.case, self.number, self.found = analysis.book, case, number, found

    def failures(self) -> Iterator[Failure]:
        for name, wanted in self.case.wanted.items():
            yield from self._subject(name, wanted)
        yield from self._grades()
        yield from self._asked()
        yield from self._places()
        yield from self._area()

    def _failure(
        self, subject: str, what: str, wanted: Written, got: Written, rule: str, because: str = ""
    ) -> Failure:
        return Failure(
            case=self.case.name, file=self.case.file, line=self.case.line, subject=subject, what=what,
            wanted=shown(wanted), got=shown(got), rule=rule, because=because,
        )  # fmt: skip

    def _subject(self, name: str, wanted: Wanted) -> Iterator[Failure]:
        key = f"{self.number}/{name}"
        if key not in self.found.results:
            yield self._failure(name, "对象", name, None, "")
            return
        result, nodes = self.found.results[key], self.found.nodes.get(key, {})
        issues, trail = self.found.issues.get(key, []), self.found.trail.get(key, [])
        because = "；".join(f"{row['where']}：{row['reason']}" for row in issues)
        for what, rule in (
            ("status", rule_of_issue(self.book, issues, trail)),
            ("score", rule_of_score(self.book, trail)),
            ("grade", rule_of_grade(self.book, issues, trail)),
        ):
            value = getattr(wanted, what)
            if value is not msgspec.UNSET and not same(value, result[what], self._rounding(what)):
                yield self._failure(name, what, value, result[what], rule, because)
        yield from self._named(name, wanted, result, nodes, because)
        reason = wanted.reason
        if reason is not msgspec.UNSET and not any(_says(row, reason) for row in issues):
            yield self._failure(
                name, "reason", reason, because or None, rule_of_issue(self.book, issues, trail)
            )
        yield from self._over(name, wanted, issues)

    def _named(self, name: str, wanted: Wanted, result: Row, nodes: Row, because: str) -> Iterator[Failure]:
        for section, values, row in (("outputs", wanted.outputs, result), ("nodes", wanted.nodes, nodes)):
            for word, value in values.items():
                if word not in row:
                    yield self._failure(
                        name, word, value, None, "", f"没有叫 {word!r} 的{_SECTIONS[section]}"
                    )
                elif not same(value, row[word], self._rounding(word)):
                    yield self._failure(name, word, value, row[word], self._path(word), because)

    def _over(self, name: str, wanted: Wanted, issues: Sequence[Row]) -> Iterator[Failure]:
        """Grades beyond whose guide share a subject stands, when the case speaks of them."""
        if not wanted.over and not self.case.places:
            return
        beyond = [row for row in issues if row["kind"] == "over_quota"]
        got = sorted(grade for grade in self.book.grades if any(grade in row["reason"] for row in beyond))
        if got != sorted(wanted.over):
            rule = rule_of_issue(self.book, beyond, [])
            yield self._failure(name, "over", _list(wanted.over), _list(got), rule)

    def _rounding(self, word: str) -> Rounding | None:
        book = self.book
        name = book.score if word == "score" else word
        part = book.items.get(name) or book.groups.get(name) or book.outputs.get(name)
        return None if part is None else part.round

    def _path(self, word: str) -> str:
        sections = ("items", "groups", "outputs")
        return next((f"{section}.{word}" for section in sections if word in getattr(self.book, section)), "")

    def _own(self) -> Iterator[tuple[str, Row]]:
        for person in self.case.people:
            yield person.name, self.found.results[f"{self.number}/{person.name}"]

    def _grades(self) -> Iterator[Failure]:
        for grade, names in self.case.grades.items():
            got = [name for name, row in self._own() if row["grade"] == grade]
            if sorted(got) != sorted(names):
                lost = "；".join(self._stands(name) for name in names if name not in got)
                yield self._failure("", grade, "、".join(names), _list(got), self._quota(), lost)

    def _stands(self, name: str) -> str:
        """How a subject stands that is missing where the case expects it: its grade or what is open."""
        key = f"{self.number}/{name}"
        row = self.found.results.get(key)
        if row is None:
            return f"样例里没有“{name}”"
        why = "；".join(issue["reason"] for issue in self.found.issues.get(key, []))
        return f"{name} 是{row['grade'] or row['status']}" + (f"（{why}）" if why else "")

    def _asked(self) -> Iterator[Failure]:
        if self.case.asked is None:
            return
        got = [name for name, row in self._own() if row["status"] == ASKING]
        if sorted(got) != sorted(self.case.asked):
            yield self._failure("", "asked", _list(self.case.asked), _list(got), self._quota())

    def _places(self) -> Iterator[Failure]:
        for grade, places in self.case.places.items():
            rows = [row for row in self.found.cohort if row["grade"] == grade and self._mine(row)]
            got = sum(row["low"] for row in rows) if rows else None
            high = sum(row["high"] for row in rows) if rows else None
            if got != high:
                yield self._failure("", f"{grade}名额", places, f"{got}–{high}", self._quota())
            elif got != places:
                yield self._failure("", f"{grade}名额", places, got, self._quota())

    def _mine(self, row: Row) -> bool:
        """Whether a cohort statement is of this case (its number is the last word of a split cohort)."""
        alone = len({key.partition("/")[0] for key in self.found.results}) == 1
        return alone or str(row["cohort"]).rpartition("/")[2] == self.number

    def _area(self) -> Iterator[Failure]:
        for name, wanted in self.case.area.items():
            rows = [row for row in self.found.area if row["name"] == name]
            rows = [row for row in rows if str(row["group"] or "") == str(wanted.get("group", ""))]
            for what in ("value", "met"):
                got = rows[0][what] if rows else None
                if what in wanted and not same(wanted[what], got):
                    yield self._failure("", f"{name}.{what}", wanted[what], got, f"area.{name}")

    def _quota(self) -> str:
        """The last quota, which a difference in a ranked group mostly comes from."""
        paths = [f"decide[{n}]" for n, rule in enumerate(self.book.decide) if type(rule).__name__ == "Quota"]
        return paths[-1] if paths else "decide"
