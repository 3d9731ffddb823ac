"""What a node was compared with, in words: 同镇“得分”平均为 83.2，本对象为 90."""

from collections.abc import Iterator

from jiceng_sdk.engine.formulas.compared import compared_by, kept_as, named
from jiceng_sdk.engine.lines.line import said
from jiceng_sdk.engine.lines.record import Record, fraction
from jiceng_sdk.expressions.tree import Call
from jiceng_sdk.rulebook import Analysis, Rulebook

WORDS = {
    "cohort_max": "最高",
    "cohort_min": "最低",
    "cohort_mean": "平均",
    "cohort_median": "中位数",
    "cohort_sum": "合计",
    "cohort_deviation": "标准差",
}
PLACES = {"cohort_rank": "", "cohort_dense": "（并列不占名次）"}
"""What is said beside a place."""


def compared_with(analysis: Analysis, record: Record, name: str) -> Iterator[str]:
    """A sentence for every comparison of a node that was kept with the run, each once."""
    yield from dict.fromkeys(_sentences(analysis, record, name))


def _sentences(analysis: Analysis, record: Record, name: str) -> Iterator[str]:
    for call in compared_by(analysis, name):
        kept = kept_as(analysis)[call]
        value = fraction(record.detail(kept.among))
        if value is None:
            continue
        mine = fraction(record.detail(kept.own)) if kept.own else record.value(named(call))
        here = "" if mine is None else f"，本对象为 {said(mine)}"
        what, where = _what(analysis.book, call), _among_whom(analysis.book, call)
        if call.function in PLACES:
            yield f"{what}在{where}中排第 {said(value)} 名{PLACES[call.function]}{here}"
        elif call.function == "cohort_count":
            yield f"{where}符合条件的有 {said(value)} 个"
        else:
            yield f"{where}{what}{WORDS[call.function]}为 {said(value)}{here}"


def _what(book: Rulebook, call: Call) -> str:
    """What is compared, by its title."""
    name = named(call)
    part = book.items.get(name) or book.groups.get(name) or book.facts.get(name)
    return f"“{part.title or name}”" if part is not None else "所比的数"


def _among_whom(book: Rulebook, call: Call) -> str:
    """Everybody, or those alike in what splits them."""
    by = book.cohort if call.over is None else [word.value for word in call.over]
    titles = [book.facts[name].title or name if name in book.facts else name for name in by]
    return f"同{'、'.join(titles)}" if titles else "全体"
