"""What `jiceng cases` prints: every failure with the rule that fired, its file and line, expected and got."""

from collections.abc import Iterator, Sequence

from jiceng_sdk.cases.mutating import Mutation
from jiceng_sdk.cases.running import Report
from jiceng_sdk.cases.shape import Failure

_WORDS = {
    "status": "状态",
    "score": "得分",
    "grade": "等次",
    "reason": "原因",
    "asked": "待裁定",
    "facts": "事实",
    "over": "超出指导比例",
}


def report_lines(report: Report) -> Iterator[str]:
    """Failures by case (a reason they share said once), broken files, and the line `N passed, M failed`."""
    before, said = "", ""
    for failure in report.failures:
        heading = f"{failure.file}:{failure.line}  {failure.case}"
        if heading != before:
            yield heading
            before, said = heading, ""
        yield from _one(failure)
        if failure.because not in ("", said):
            yield f"    {failure.because}"
        said = failure.because
    yield from report.broken
    yield f"{report.passed} passed, {report.failed + len(report.broken)} failed"


def _one(failure: Failure) -> Iterator[str]:
    who = f"{failure.subject} 的" if failure.subject else ""
    what = _WORDS.get(failure.what, failure.what)
    yield f"    {who}{what}：应为 {failure.wanted}，实得 {failure.got}"
    if failure.rule:
        line = f":{failure.rule_line}" if failure.rule_line else ""
        yield f"    规则 {failure.rule}（{failure.rule_file}{line}）"


def survivor_lines(found: Sequence[Mutation]) -> Iterator[str]:
    """Changes no case noticed, with file and line, and a last line of counts."""
    for one in found:
        for survivor in one.survived:
            change = f"{survivor.before} → {survivor.after}"
            yield f"{one.rulebook}:{survivor.line}  {survivor.path}：改成 {change}，没有案例不通过"
    tried = sum(one.killed + len(one.survived) for one in found)
    refused, same = sum(one.refused for one in found), sum(one.same for one in found)
    survived = sum(len(one.survived) for one in found)
    yield f"{tried} changed, {survived} survived ({refused} refused on reading, {same} mean the same)"
