"""Decisions: grades that exist, one clear effect, quotas that add up."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from jiceng_sdk.faults import Fault, meant, nearest
from jiceng_sdk.rulebook.history import STATUSES
from jiceng_sdk.rulebook.meaning import Analysis
from jiceng_sdk.rulebook.parts import Bands, Decision, Override, Quota, Rulebook, Step
from jiceng_sdk.rulebook.sources import with_absent

_EFFECTS = ("score", "grade", "at_most", "at_least", "lower", "higher", "out")


def decisions(found: Analysis) -> Iterator[Fault]:
    """Faults of decisions."""
    book = found.book
    if duplicates := sorted({grade for grade in book.grades if book.grades.count(grade) > 1}):
        zh, en = f"等次重复：{'、'.join(duplicates)}", f"grades written twice: {', '.join(duplicates)}"
        yield Fault(zh=zh, en=en, path="grades", code="duplicate")
    for n, rule in enumerate(book.decide):
        path = f"decide[{n}]"
        for key, grade in _grades(rule):
            yield from _known_grade(book, grade, f"{path}.{key}")
        match rule:
            case Bands():
                yield from _bands(book, rule, path)
            case Override():
                yield from _override(book, rule, path)
            case Quota():
                yield from _quota(found, rule, path)
            case Step():
                yield from _step(book, rule, path)


def _shape(path: str, zh: str, en: str) -> Fault:
    return Fault(zh=zh, en=en, path=path, code="shape")


def _grades(rule: Decision) -> Iterator[tuple[str, str]]:
    match rule:
        case Bands(rows=rows, below=below):
            yield from ((f"rows[{n}].grade", row.grade) for n, row in enumerate(rows))
            if below is not None:
                yield "below", below
        case Override():
            for key in ("grade", "at_most", "at_least"):
                grade = getattr(rule, key)
                if grade is not None and not (key != "grade" and grade == "previous"):
                    yield key, grade
        case Quota():
            for key in ("share", "places", "ratio"):
                yield from ((f"{key}.{grade}", grade) for grade in getattr(rule, key))
        case Step(first=first):
            if first is not None:
                yield "first", first


def _known_grade(book: Rulebook, grade: str, path: str) -> Iterator[Fault]:
    if grade in book.grades:
        return
    if not book.grades:
        zh = f"等次“{grade}”没有来历：文件开头要写 grades = […]，由好到差"
        en = f"{grade!r}: the grades are missing, write grades = […], best first"
        yield Fault(zh=zh, en=en, path=path, code="reference")
        return
    near = nearest(grade, book.grades)
    zh, en = meant(near)
    yield Fault(
        zh=f"grades 里没有“{grade}”{zh}",
        en=f"{grade!r} is not among the grades{en}",
        path=path,
        nearest=near,
        code="reference",
    )


def _bands(book: Rulebook, rule: Bands, path: str) -> Iterator[Fault]:
    if bool(rule.rows) == bool(rule.from_):
        yield _shape(path, "等次表要且只要写 rows 或 from 之一", "bands need either rows or from")
    if rule.from_ is None:
        return
    fact = book.facts.get(rule.from_)
    if fact is None or fact.kind != "choice" or fact.rows or fact.each:
        zh = f"from 要写一个给出等次的选项事实，“{rule.from_}”不是"
        en = f"`from` names a choice fact that holds the grade; {rule.from_!r} is none"
        yield Fault(zh=zh, en=en, path=f"{path}.from", code="reference")
        return
    lost = [option for option in with_absent(fact) if option not in book.grades]
    if (lost or not fact.options) and rule.gaps == "refuse":
        words = "、".join(lost) or "没有写 options"
        zh = f'事实“{rule.from_}”的选项不都是等次（{words}）；要留待裁定请写 gaps = "ask"'
        en = f'not every option of {rule.from_!r} is a grade; declare gaps = "ask" to leave it to a ruling'
        yield Fault(zh=zh, en=en, path=f"{path}.from", code="gap")


def _override(book: Rulebook, rule: Override, path: str) -> Iterator[Fault]:
    effects = [key for key in _EFFECTS if getattr(rule, key) not in (None, 0)]
    if not effects and not rule.ask and not rule.final:
        zh = "这条决定什么也没有改：请写 grade、score、out、ask 等之一"
        yield _shape(path, zh, "this override changes nothing")
    if rule.ask and effects:
        zh = f"ask（留待裁定）不能与 {'、'.join(effects)} 同写"
        yield _shape(f"{path}.ask", zh, f"`ask` cannot stand with {', '.join(effects)}")
    if rule.out in STATUSES:
        yield _shape(
            f"{path}.out", f"“{rule.out}”是系统的状态，请换一个词", f"{rule.out!r} is a word of the system"
        )
    if rule.out == "":
        yield _shape(f"{path}.out", "out 不能为空", "`out` cannot be empty")
    yield from _levels(book, rule, path)
    if rule.grade and (rule.lower or rule.higher or rule.at_most or rule.at_least):
        zh, en = (
            "写了 grade 就不要再写 lower、higher、at_most、at_least",
            "`grade` makes lower, higher, at_most, at_least idle",
        )
        yield _shape(f"{path}.grade", zh, en)


def _levels(book: Rulebook, rule: Override, path: str) -> Iterator[Fault]:
    for key in ("lower", "higher"):
        if getattr(rule, key) < 0:
            yield _shape(f"{path}.{key}", f"{key} 不能为负", f"`{key}` cannot be negative")
        elif getattr(rule, key) > len(book.grades):
            zh, en = f"{key} 比等次还多", f"`{key}` is more than there are grades"
            yield _shape(f"{path}.{key}", zh, en)
    if rule.lower and rule.higher:
        yield _shape(f"{path}.higher", "lower 和 higher 只能写一个", "write `lower` or `higher`, not both")


def _quota(found: Analysis, rule: Quota, path: str) -> Iterator[Fault]:
    book = found.book
    kinds = [key for key in ("share", "places", "ratio") if getattr(rule, key)]
    if len(kinds) != 1:
        zh = "名额要且只要一种：share（占比）、places（个数）、ratio（比例）"
        yield _shape(
            path, zh, f"exactly one of share, places, ratio is needed, has {', '.join(kinds) or 'none'}"
        )
    total = sum(rule.share.values(), Decimal(0))
    if total > 1:
        zh, en = (
            f"占比合计 {total}，超过 1；10% 写成 0.1",
            f"the shares add up to {total}, more than 1: 10% is 0.1",
        )
        yield Fault(zh=zh, en=en, path=f"{path}.share", code="quota")
    wanted: Mapping[str, Decimal | int] = {**rule.share, **rule.places, **rule.ratio}
    for grade, amount in wanted.items():
        if amount < 0 or (rule.ratio and amount == 0):
            zh, en = f"“{grade}”的名额 {amount} 不合适", f"the quota {amount} of {grade!r} makes no sense"
            yield Fault(zh=zh, en=en, path=f"{path}.{kinds[0]}.{grade}", code="quota")
    if rule.ratio and (lost := [grade for grade in book.grades if grade not in rule.ratio]):
        zh = f"ratio 是全部划分，还缺 {'、'.join(lost)}"
        yield Fault(
            zh=zh,
            en=f"a ratio divides all grades, {', '.join(lost)} missing",
            path=f"{path}.ratio",
            code="quota",
        )
    yield from _least(rule, path)
    if rule.bottom and rule.ratio:
        yield _shape(f"{path}.bottom", "bottom 不能与 ratio 同用", "`bottom` cannot stand with `ratio`")
    if rule.places and rule.rounding != "ask":
        yield _shape(f"{path}.rounding", "places 是个数，不需要 rounding", "`places` needs no rounding")
    if not rule.rank and book.score not in {**book.items, **book.groups}:
        yield _shape(path, "没有总分可排名，请写 rank", "there is no total to rank by: write `rank`")


def _least(rule: Quota, path: str) -> Iterator[Fault]:
    if rule.least < 0:
        yield _shape(f"{path}.least", "least 不能为负", "`least` cannot be negative")
    if rule.least and (not rule.share or rule.rounding == "largest_remainder"):
        zh = "least（至少几名）只用于 share，且不能与 largest_remainder 同用"
        yield _shape(f"{path}.least", zh, "`least` belongs to `share`, without largest_remainder")


def _step(book: Rulebook, rule: Step, path: str) -> Iterator[Fault]:
    if not book.grades:
        yield _shape(path, "逐级晋升需要 grades", "a step needs grades")
    if rule.up < 0 or (rule.down is not None and rule.down < 0):
        yield _shape(path, "up、down 不能为负", "`up` and `down` cannot be negative")
