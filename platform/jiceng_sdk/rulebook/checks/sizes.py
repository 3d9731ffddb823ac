"""Numbers: nothing may outgrow 14 digits, and a quotient that is shown or paid should say its rounding."""

from collections.abc import Iterator

from jiceng_sdk.expressions.symbols import LARGEST, Range
from jiceng_sdk.expressions.typedtree import Typed
from jiceng_sdk.faults import Fault
from jiceng_sdk.rulebook.checks.facts import MOST_PLACES
from jiceng_sdk.rulebook.meaning import Analysis
from jiceng_sdk.rulebook.parts import Rulebook


def sizes(found: Analysis) -> Iterator[Fault]:
    """Faults of possible overflow; warnings for quotients without `round`."""
    book = found.book
    seen: set[str] = set()
    for path, typed in found.formulas.items():
        if (worst := _worst(typed)) is not None:
            seen.add(".".join(path.split(".")[:2]))
            yield _overflow(path, worst)
    nodes = dict.fromkeys(book.items, "items") | dict.fromkeys(book.groups, "groups")
    for name, section in nodes.items():
        told = f"{section}.{name}" in seen or _inherited(found, name)
        if name in found.ranges and _beyond(found.ranges[name]) and not told:
            yield _overflow(f"{section}.{name}", found.ranges[name])
    yield from _roundings(book)
    if book.score in nodes and book.score in found.places and found.places[book.score] is None:
        yield _unrounded(f"{nodes[book.score]}.{book.score}", "总分", "the total")
    for name in book.outputs:
        value = found.formulas.get(f"outputs.{name}.value")
        if value is not None and value.kind == "number" and found.places.get(name, 0) is None:
            yield _unrounded(f"outputs.{name}", "产出", "the output")


def _roundings(book: Rulebook) -> Iterator[Fault]:
    for section in ("items", "groups", "outputs"):
        for name, part in getattr(book, section).items():
            if part.round is not None and not 0 <= part.round.places <= MOST_PLACES:
                zh = f"round 要在 0 到 {MOST_PLACES} 位之间"
                en = f"round must be from 0 to {MOST_PLACES} places"
                yield Fault(zh=zh, en=en, path=f"{section}.{name}.round", code="range")


def _beyond(one: Range) -> bool:
    return one.high >= LARGEST or one.low <= -LARGEST


def _inherited(found: Analysis, name: str) -> bool:
    return any(one in found.ranges and _beyond(found.ranges[one]) for one in found.reads[name])


def _worst(typed: Typed) -> Range | None:
    """The first part beyond all bounds that is not a name: what a name holds is reported where it is made."""
    waiting = [typed]
    while waiting:
        part = waiting.pop()
        if part.symbol is None and part.kind == "number" and _beyond(part.range):
            return part.range
        waiting.extend(part.args)
    return None


def _overflow(path: str, one: Range) -> Fault:
    largest = max(abs(one.low), abs(one.high))
    digits = largest.adjusted() + 1
    hint = "请给所读的事实写上 min、max" if one.assumed else "请缩小 max 或权重"
    return Fault(
        zh=f"结果可能有 {digits} 位整数，超过 14 位就算不准；{hint}",
        en=f"the value may have {digits} digits before the point, 14 are exact",
        path=path,
        code="overflow",
        severity="warning" if one.assumed else "error",
    )


def _unrounded(path: str, zh: str, en: str) -> Fault:
    return Fault(
        zh=f"{zh}是除法或平均的结果，可能除不尽；请写 round 说明保留几位",
        en=f"{en} is a quotient and is shown without `round`",
        path=path,
        code="round",
        severity="warning",
    )
