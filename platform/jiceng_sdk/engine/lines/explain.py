"""lines(): the whole explanation of one subject out of what an evaluation stored."""

from decimal import Decimal
from fractions import Fraction

from jiceng_sdk.engine.lines.fold import ONE, ZERO, Fold
from jiceng_sdk.engine.lines.line import Draft, Line, LineKind, finished, nearest, said
from jiceng_sdk.engine.lines.record import Record, fraction
from jiceng_sdk.engine.outcome.outcome import Outcome
from jiceng_sdk.rulebook import Analysis, Bands, Override, Quota, Step

GUARD = Fraction(1, 10**9)
"""Less than this is left over by quotients at 24 places, not by a decision."""
WORDS = {Bands: "定等", Override: "直接认定或否决", Quota: "名额", Step: "逐级晋升"}


def lines(analysis: Analysis, outcome: Outcome, subject: str | int) -> tuple[Line, ...]:
    """Every line of a subject; their points add up to its score exactly. Raises KeyError for a stranger.

    A subject without a score has no point lines, only decisions, outputs and what is still asked.
    """
    record = Record(outcome, subject)
    fold = Fold(analysis, record)
    score = fraction(record.result["score"])
    if score is not None and record.value(analysis.book.score) is not None:
        fold.node(analysis.book.score, ONE, 0)
    drafts = fold.drafts + _decisions(analysis, record, scored=score is not None)
    drafts += _alike(analysis, drafts, score)
    drafts += _outputs(analysis, record) + _questions(record)
    return finished(drafts, ZERO if score is None else score)


def _decisions(analysis: Analysis, record: Record, *, scored: bool) -> list[Draft]:
    """What each decision changed: the score, the grade."""
    found: list[Draft] = []
    for row in record.outcome.trail.rows(named=True):
        n = int(row["where"].removeprefix("decide[").removesuffix("]"))
        rule = analysis.book.decide[n]
        title = rule.title or WORDS[type(rule)]
        before, after = row["score_before"], row["score_after"]
        change = ZERO
        if scored and after is not None and before != after:
            change = Fraction(after) - Fraction(before or 0)
            words = f"{title}：得分由 {said(Fraction(before or 0))} 改为 {said(Fraction(after))}"
            found.append(_line(row["where"], title, rule.clause, "veto", change, words, Fraction(after)))
        if row["before"] != row["after"]:
            words = f"{title}：{row['before'] or '未定'} → {row['after'] or '待裁定'}{_why(rule, row)}"
            found.append(_line(row["where"], title, rule.clause, "decision", ZERO, words, None))
    return found


def _alike(analysis: Analysis, drafts: list[Draft], score: Fraction | None) -> list[Draft]:
    """What several possible courses of the decisions made of the score, all of them the same."""
    so_far = sum((draft.points for draft in drafts), ZERO)
    if score is None or (
        abs(score - so_far) < GUARD and (score == so_far or any(nearest(draft.points) for draft in drafts))
    ):
        return []
    setting = [n for n, rule in enumerate(analysis.book.decide) if isinstance(rule, Override) and rule.score]
    n = setting[-1] if setting else 0
    rule = analysis.book.decide[n] if setting else None
    title, clause = (rule.title or WORDS[type(rule)], rule.clause) if rule else ("得分", "")
    words = f"{title}：得分由 {said(so_far)} 改为 {said(score)}（有条件无法判断，各种可能结果相同）"
    path = f"decide[{n}]" if setting else f"groups.{analysis.book.score}"
    return [_line(path, title, clause, "veto", score - so_far, words, score)]


def _line(
    path: str, title: str, clause: str, kind: LineKind, points: Fraction, because: str, raw: Fraction | None
) -> Draft:
    return Draft(
        path=path,
        title=title,
        clause=clause,
        kind=kind,
        points=points,
        because=because,
        raw=raw,
    )


def _why(rule: Bands | Override | Quota | Step, row: dict[str, object]) -> str:
    """The row of the bands, the rank and the places."""
    if isinstance(rule, Bands):
        hit = next((band for band in rule.rows if band.grade == row["after"]), None)
        return "" if hit is None else f"（{hit.when.text}）"
    if isinstance(rule, Quota) and row["place"] is not None:
        places = "" if row["places"] is None else f"，名额 {row['places']}"
        return f"（第 {row['place']} 名{places}）"
    if isinstance(rule, Override):
        return f"（{rule.when.text}）"
    return ""


def _outputs(analysis: Analysis, record: Record) -> list[Draft]:
    """Pay, plaques, warnings: what the result leads to."""
    found = []
    for name, output in analysis.book.outputs.items():
        value = record.result.get(name)
        title = output.title or name
        amount = fraction(value)
        if value is None:
            words = f"{title}：暂无"
        elif isinstance(value, bool):
            words = f"{title}：{'是' if value else '否'}"
        elif isinstance(value, Decimal):
            words = f"{title}：{said(Fraction(value))}{output.unit}"
        else:
            words = f"{title}：{value or '无'}"
        found.append(_line(f"outputs.{name}", title, output.clause, "output", ZERO, words, amount))
    return found


def _questions(record: Record) -> list[Draft]:
    """What still waits for a ruling or a fact, and hints."""
    found = []
    for row in record.issues:
        between = f"（{row['candidates']}）" if row["candidates"] else ""
        word = "提示" if row["kind"] in ("provisional", "over_quota") else "待裁定"
        words = f"{word}：{row['reason']}{between}"
        found.append(_line(row["where"], row["where"], "", "ruling", ZERO, words, None))
    return found
