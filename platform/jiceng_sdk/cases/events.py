"""Rows of facts as a case writes them: `meeting = 20`, `{ times = 3 }`, `{ until = … }`, tallies, months."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from jiceng_sdk.cases.shape import Span, Written
from jiceng_sdk.rulebook import Fact

Row = dict[str, Any]


class Misread(Exception):  # noqa: N818 - says what is written wrongly, in plain words
    """What a case writes about a fact is not understood."""


def rows_of(fact: Fact, raw: Written, span: Span) -> list[Row]:
    """All rows of one fact of one subject. Raises Misread for a form not understood.

    - a number: so many rows on the first day; a list of tables: one row each (without `date`: first day)
    - `times = 3` repeats a row (on its day), `until = 2024-01-20` repeats it on every day up to that one
    - a table of option → votes: the tallies of a ballot with one field of options
    """
    dated = fact.kind in ("event", "ballot")
    if isinstance(raw, int) and not isinstance(raw, bool):
        return [{"date": span.start} if dated else {} for _ in range(raw)]
    if isinstance(raw, Mapping):
        return _tallies(fact, raw, span)
    if not isinstance(raw, list):
        raise Misread(f"{raw!r} 应是次数、一列表，或票数")
    if fact.many:
        return [{"value": word} for word in raw]
    found: list[Row] = []
    for one in raw:
        if not isinstance(one, Mapping):
            raise Misread(f"{one!r} 应是一张表 {{ … }}")
        found.extend(_repeated(fact, one, span, dated))
    return found


def _tallies(fact: Fact, raw: Mapping[str, Any], span: Span) -> list[Row]:
    choices = [name for name, field in fact.fields.items() if field.kind == "choice"]
    if fact.kind != "ballot" or len(choices) != 1:
        raise Misread("只有一个选项栏的评议票才能写成 选项 = 票数")
    return [{"date": span.start, choices[0]: word, "votes": votes} for word, votes in raw.items() if votes]


def _repeated(fact: Fact, raw: Mapping[str, Any], span: Span, dated: bool) -> Iterator[Row]:
    row = {key: value for key, value in raw.items() if key in fact.fields or key not in ("times", "until")}
    times = 1 if "times" in fact.fields else raw.get("times", 1)
    if not isinstance(times, int) or isinstance(times, bool) or times < 0:
        raise Misread(f"{dict(raw)!r}：times 是次数")
    if not dated:
        if "until" in raw:
            raise Misread(f"{dict(raw)!r}：没有日期的事实不能写 until")
        yield from ({**row} for _ in range(times))
        return
    first = row.setdefault("date", span.start)
    until = first if "until" in fact.fields else raw.get("until", first)
    if not isinstance(first, date) or not isinstance(until, date):
        raise Misread(f"{dict(raw)!r}：date、until 是日期")
    for day in range((until - first).days + 1):
        for _ in range(times):
            yield {**row, "date": first + timedelta(days=day)}


def cells_of(raw: Written) -> dict[int, Any]:
    """Values per month or quarter: `{ 1 = 2, 3 = 4 }` or `[2, 2]`, numbered from 1; the result from 0."""
    if isinstance(raw, list):
        return dict(enumerate(raw))
    if isinstance(raw, Mapping) and all(str(key).isdigit() and int(key) > 0 for key in raw):
        return {int(key) - 1: value for key, value in raw.items()}
    raise Misread(f"{raw!r} 应写成 {{ 1 = …, 2 = … }}，从第 1 个月（季）数起")
